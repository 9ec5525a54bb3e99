"""Exports against the fastest plain ways to write the same cells.

LimeSurvey 6.3.1 was measured once, beside the same plain ways, on 126 rated questions with 30 % comments: CSV of 10,000
responses took it 6.0 s where `sqlite3` and `csv.writer` took 1.26 s, Excel 13.3 s where XlsxWriter took 8.5 s. What is
said of it under the table is derived from those figures, not measured again.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.data import Chosen, first_round, site_with
from benchmarks.plain import WIDE, Plain
from benchmarks.timing import OURS, Figure, compare, take_turns
from scrqm_forms.domain.presenting import ExportOptions
from scrqm_forms.services.context import context
from scrqm_forms.services.export import Exporting, export_to_file, find_format, make_export

#: Seconds of LimeSurvey and of the plain way beside it.
LIMESURVEY = {"CSV": 6.0 / 1.26, "Excel": 13.3 / 8.5}
CSV, OPENPYXL, XLSXWRITER = "`sqlite3`, `csv.writer`", "openpyxl, write-only", "XlsxWriter, constant memory"


def measure(folder: Path, chosen: Chosen) -> list[Figure]:
    """The table of responses in both formats; and Excel of all tables, of a tenth of the responses."""
    wide, out = f"table of {chosen.responses:,} responses", folder / "out"
    with site_with(folder, chosen, chosen.responses), closing(copy_cells(folder / "wide.db", (WIDE,))) as plain:
        ways = {OURS: export_way("csv", (WIDE,), out), CSV: lambda: plain.write_csv(out)}
        figures = [_beside_limesurvey("CSV", compare(f"CSV, {wide}", take_turns(ways, chosen.rounds), CSV, 1.5))]
        figures += _compare_excel(f"Excel, {wide}", (WIDE,), plain, out, chosen.rounds)
        figures[-1] = _beside_limesurvey("Excel", figures[-1])
    with site_with(folder, chosen, chosen.few), closing(copy_cells(folder / "all.db", ())) as plain:
        return figures + _compare_excel(f"Excel, all tables, {chosen.few:,} responses", (), plain, out, chosen.rounds)


def _compare_excel(what: str, tables: tuple[str, ...], plain: Plain, out: Path, rounds: int) -> list[Figure]:
    ways = {
        OURS: export_way("excel", tables, out),
        OPENPYXL: lambda: plain.write_openpyxl(out),
        XLSXWRITER: lambda: plain.write_xlsxwriter(out),
    }
    times = take_turns(ways, rounds, warm=False)
    return [compare(what, times, OPENPYXL, 0.45), compare(what, times, XLSXWRITER, 0.55)]


def _beside_limesurvey(kind: str, figure: Figure) -> Figure:
    theirs = LIMESURVEY[kind]
    times = f"{theirs / median(figure.each):.1f} times as fast as LimeSurvey 6.3.1"
    return replace(
        figure, note=f"Derived, not measured in this run: {kind} {times}, which once took {theirs:.2f} x this baseline."
    )


def export_way(key: str, tables: tuple[str, ...], out: Path) -> Callable[[], object]:
    return lambda: export_to_file(_exporting(key, tables), out)


def copy_cells(file: Path, tables: tuple[str, ...]) -> Plain:
    """Of the first round; `tables` as an export is asked for them. The sheet `about` and the charts are ours alone."""
    of_export = _exporting("excel", tables).export.tables
    return Plain(file, [table for table in of_export if table.key != "about"])


def _exporting(key: str, tables: tuple[str, ...]) -> Exporting:
    return make_export(first_round(), find_format(context(), key), ExportOptions(tables=tables))

"""CSV, one table a file, in two kinds.

`csv` is for spreadsheets: UTF-8 with a byte order mark, everything quoted. A cell or heading that a spreadsheet could
take for a formula gets an apostrophe in front; one that begins with an apostrophe gets another, so that taking one
away always gives back what was typed. `csv-exact` is for programs: RFC 4180, UTF-8, nothing added.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO

from scrqm_forms.hookspecs import Export, ExportFormat, Table, hookimpl

__version__ = "2"

#: First characters that spreadsheets act on, full-width forms included; and the apostrophe itself.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
#: Stands between the cells of a row while it is made. No stored text holds it, and no spreadsheet can.
_BETWEEN = "\0"
_DANGEROUS_CELL = re.compile(f"{_BETWEEN}(?=[{re.escape(''.join(DANGEROUS))}])")
_SAFE = (
    "Cells and headings that begin with = + - @ (full-width ones too), a tab, a line break or an apostrophe have one "
    "apostrophe more in front: take one away to have what was typed. Commas stand between the cells: a program told "
    "otherwise may take part of a text for a formula. A spreadsheet that opens this file may show 007 as 7 or 1/2 as a "
    "day, and cut a text of more than 32,767 characters; an Excel workbook keeps them."
)
_LINES_AT_ONCE = 100


@hookimpl
def register_export_formats(settings: Mapping[str, Any]) -> list[ExportFormat]:
    kinds = (
        ("csv", "CSV for spreadsheets", write_csv, _SAFE),
        ("csv-exact", "CSV for programs, exact", write_exact, "Exactly as typed: not safe to open in a spreadsheet."),
    )
    return [
        ExportFormat(
            key=key, label=label, media_type="text/csv", suffix=".csv", write=write, single_table=True, safety=safety
        )
        for key, label, write, safety in kinds
    ]


def write_csv(export: Export, stream: BinaryIO) -> None:
    stream.write("\ufeff".encode())
    _write(map(_quoted, _rows(export.tables[0])), stream)


def write_exact(export: Export, stream: BinaryIO) -> None:
    line: list[str] = []
    writer = csv.writer(_Into(line), lineterminator="\r\n")

    def lines() -> Iterator[str]:
        for row in _rows(export.tables[0]):
            writer.writerow(row)
            yield line.pop()

    _write(lines(), stream)


def _rows(table: Table) -> Iterator[Sequence[Any]]:
    """The headings, and then every row."""
    return chain((table.headings(),), table.rows())


def _quoted(row: Sequence[Any]) -> str:
    """A line, its cells guarded and in quotation marks: all at once, since the csv module goes letter by letter."""
    cells = [cell if cell.__class__ is str else "" if cell is None else str(cell) for cell in row]
    line = _BETWEEN.join(("", *cells))
    if line.count(_BETWEEN) != len(cells):
        line = _BETWEEN.join(("", *(cell.replace(_BETWEEN, "\ufffd") for cell in cells)))
    guarded = _DANGEROUS_CELL.sub(f"{_BETWEEN}'", line).replace('"', '""')
    return guarded[1:].replace(_BETWEEN, '","').join('""') + "\r\n"


class _Into:
    """What the csv module writes a line to."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def _write(lines: Iterator[str], stream: BinaryIO) -> None:
    while some := list(islice(lines, _LINES_AT_ONCE)):
        # "replace": half a surrogate pair, which no file can hold, must not stop the export.
        stream.write("".join(some).encode(errors="replace"))

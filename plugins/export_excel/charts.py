"""The sheet `charts`: how each group judged each marker, as bars anybody can change, with the counts beside them."""

from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.title import title_maker
from openpyxl.styles import Alignment
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from scrqm_forms.domain.wording import JUDGEMENT_LABELS
from scrqm_forms.hookspecs import Export, Table

from .about import HEADING, TITLE, put_text

#: Told apart also without colour, by how dark they are.
_COLOURS = ("1D4F73", "6F9FC4", "C8571B", "B1B4B6", "E3E4E5")
_LONGEST_TITLE = 40
#: Where answers are exported in words alone.
_CODES = {label: code for code, label in JUDGEMENT_LABELS.items()}
#: Rows that a chart takes at least, and centimetres for each marker.
_LEAST_ROWS, _EACH = 18, 0.8


def write_charts(workbook: Workbook, export: Export) -> bool:
    """Whether there was anything to draw. Counts are those of the table `results`, titles of markers the codebook's."""
    tables = {table.key: table for table in export.tables}
    counts = _read_counts(tables["results"]) if "results" in tables else {}
    if not counts:
        return False
    titles = _read_titles(tables["codebook"]) if "codebook" in tables else {}
    sheet = workbook.create_sheet("charts")
    sheet.sheet_view.showGridLines = False
    for letter, width in zip("ABCDEFG", (42, 9, 11, 9, 12, 19, 3), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToHeight = 9, "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    put_text(sheet, 1, 1, "How each marker was judged", TITLE)
    row, groups = 3, dict(export.groups)
    for group, said in counts.items():
        if row > 3:
            sheet.row_breaks.append(Break(row - 2))
        title = groups.get(group, group)
        markers = [(titles.get(key, key), by_code) for key, by_code in said.items()]
        row = _write_group(sheet, row, title[:1].upper() + title[1:], markers)
    return True


def _read_counts(results: Table) -> dict[str, dict[str, dict[str, int]]]:
    """Group -> marker -> judgement -> how many, of those that anybody gave; in the order of the table."""
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for row in results.records():
        code = row["code"] if "code" in row else _CODES.get(row["label"], "")
        if row["part"] == "judgement" and code in JUDGEMENT_LABELS:
            of_group = counts.setdefault(row["group"], {})
            if row["count"]:
                of_group.setdefault(row["marker"], {})[code] = row["count"]
    return {group: markers for group, markers in counts.items() if markers}


def _read_titles(codebook: Table) -> dict[str, str]:
    titles = {}
    for row in codebook.records():
        if row["number"] is not None:
            title = f"{row['number']}. {row['marker_title']}"
            titles[row["marker"]] = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"
    return titles


def _write_group(sheet: Any, row: int, title: str, markers: list[tuple[str, dict[str, int]]]) -> int:
    """The counts and chart of one group; gives the row after them. `markers`: title, and judgement -> how many."""
    put_text(sheet, row, 1, title, HEADING)
    for column, label in enumerate(JUDGEMENT_LABELS.values(), 2):
        put_text(sheet, row + 1, column, label, None)
        sheet.cell(row + 1, column).alignment = Alignment(horizontal="right", vertical="bottom", wrap_text=True)
    for number, (marker, counts) in enumerate(markers, row + 2):
        put_text(sheet, number, 1, marker, None)
        for column, code in enumerate(JUDGEMENT_LABELS, 2):
            sheet.cell(number, column, counts.get(code, 0))
    last = row + 1 + len(markers)
    sheet.add_chart(_chart(sheet, title, row + 1, last), f"H{row}")
    return max(last, row + _LEAST_ROWS, row + int(len(markers) * _EACH * 2) + 8) + 2


def _chart(sheet: Any, title: str, first: int, last: int) -> BarChart:
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 40
    heading = title_maker(title)
    # Said plainly: some versions of Excel lay a title that says nothing of it over the bars.
    heading.overlay = chart.legend.overlay = False
    chart.title, chart.legend.position = heading, "b"
    chart.add_data(Reference(sheet, min_col=2, max_col=6, min_row=first, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=first + 1, max_row=last))
    for series, colour in zip(chart.series, _COLOURS, strict=True):
        series.graphicalProperties.solidFill = colour
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.majorGridlines, chart.y_axis.numFmt, chart.y_axis.crosses = None, "0", "max"
    chart.width, chart.height = 24, max(8, 4 + _EACH * (last - first))
    return chart

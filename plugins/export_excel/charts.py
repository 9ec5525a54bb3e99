"""The sheet `charts`: how each group judged each marker, as bars anybody can change, with the counts beside them."""

from collections.abc import Iterator
from typing import Any

import msgspec
from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.title import title_maker
from openpyxl.styles import Alignment
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


class Charts:
    """Counts taken from the table `results`, and titles of markers from the codebook, as they go by."""

    def __init__(self, export: Export) -> None:
        self._groups = dict(export.groups)
        self._counts: dict[tuple[str, str, str], int] = {}
        self._titles: dict[str, str] = {}

    def watch(self, table: Table) -> Table:
        """The table, its rows noted as they are read."""
        note = {"results": self._note_count, "codebook": self._note_title}.get(table.key)
        if note is None:
            return table
        keys = [column.id for column in table.columns]

        def rows() -> Iterator[Any]:
            for row in table.rows():
                note(dict(zip(keys, row, strict=True)))
                yield row

        return msgspec.structs.replace(table, rows=rows)

    def _note_count(self, row: dict[str, Any]) -> None:
        if row["part"] == "judgement":
            code = row["code"] if "code" in row else _CODES.get(row["label"], "")
            self._counts[row["group"], row["marker"], code] = row["count"]

    def _note_title(self, row: dict[str, Any]) -> None:
        if row.get("number") is not None:
            title = f"{row['number']}. {row['marker_title']}"
            self._titles[row["marker"]] = title if len(title) <= _LONGEST_TITLE else f"{title[:_LONGEST_TITLE]}…"

    def write(self, workbook: Workbook) -> bool:
        """Whether there was anything to draw."""
        if not self._counts:
            return False
        sheet = workbook.create_sheet("charts")
        sheet.sheet_view.showGridLines = False
        for letter, width in zip("ABCDEFG", (42, 9, 11, 9, 12, 19, 3), strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.page_setup.paperSize, sheet.page_setup.orientation, sheet.page_setup.fitToHeight = 9, "landscape", 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        put_text(sheet, 1, 1, "How each marker was judged", TITLE)
        row = 3
        judged = [group for (group, _, code), number in self._counts.items() if number and code in JUDGEMENT_LABELS]
        for group in dict.fromkeys(judged):
            row = self._write_group(sheet, row, group)
        return True

    def _write_group(self, sheet: Any, row: int, group: str) -> int:
        """The counts and chart of one group; gives the row after them."""
        title = self._groups.get(group, group)
        title = title[:1].upper() + title[1:]
        said = [(key, code) for (of, key, code), number in self._counts.items() if of == group and number]
        markers = list(dict.fromkeys(key for key, code in said if code in JUDGEMENT_LABELS))
        put_text(sheet, row, 1, title, HEADING)
        for column, label in enumerate(JUDGEMENT_LABELS.values(), 2):
            put_text(sheet, row + 1, column, label, None)
            sheet.cell(row + 1, column).alignment = Alignment(horizontal="right", vertical="bottom", wrap_text=True)
        for number, marker in enumerate(markers, row + 2):
            put_text(sheet, number, 1, self._titles.get(marker, marker), None)
            for column, code in enumerate(JUDGEMENT_LABELS, 2):
                sheet.cell(number, column, self._counts.get((group, marker, code), 0))
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

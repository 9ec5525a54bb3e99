"""Excel: a workbook with every table as a sheet. Text stays text: no cell can become a formula, a date or an error."""

import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, NamedStyle
from openpyxl.utils import get_column_letter

from scrqm_forms.hookspecs import Column, Export, ExportFormat, Table, hookimpl

__version__ = "1"

#: Excel's limits. A text is counted in UTF-16 units; a cell with more line breaks than this is refused by Excel.
MOST_UNITS, MOST_LINE_BREAKS, MOST_ROWS = 32_767, 253, 1_048_576
#: What is cut off a long text's cell to make room for the note of where it goes on.
_NOTE = " […] continued in the sheet long_texts"
_WIDTHS = {"text": 44, "code": 16, "count": 12, "date": 14}


@hookimpl
def register_export_formats(settings: Mapping[str, Any]) -> list[ExportFormat]:
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return [ExportFormat(key="excel", label="Excel workbook", media_type=media_type, suffix=".xlsx", write=write_excel)]


def write_excel(export: Export, stream: BinaryIO) -> None:
    book = _Book()
    book.add_about(export)
    for table in export.tables:
        book.add_table(table)
    book.add_long_texts()
    book.workbook.save(stream)


class _Book:
    def __init__(self) -> None:
        self.workbook = Workbook(write_only=True)
        self.long_texts: list[tuple[str, str]] = []
        for style in (
            NamedStyle("heading", font=Font(bold=True), alignment=Alignment(vertical="top", wrap_text=True)),
            # quotePrefix is what Excel itself sets when somebody types an apostrophe first: the cell stays text.
            NamedStyle("typed", alignment=Alignment(vertical="top", wrap_text=True)),
            NamedStyle("day", number_format="yyyy-mm-dd", alignment=Alignment(vertical="top")),
        ):
            self.workbook.add_named_style(style)

    def add_about(self, export: Export) -> None:
        sheet = self.workbook.create_sheet("about")
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 100
        for key, value in export.about:
            sheet.append([self._cell(sheet, key, "heading"), self._cell(sheet, value, "typed")])

    def add_table(self, table: Table) -> None:
        rows = table.rows()
        for n, part in enumerate(_parts(rows), 1):
            name = table.key if n == 1 else f"{table.key}_{n}"
            self._add_sheet(name, table.columns, part)

    def add_long_texts(self) -> None:
        """The whole of every text that is longer than a cell may be, in pieces that join to exactly what was typed."""
        if not self.long_texts:
            return
        columns = (Column(id="cell", kind="code"), Column(id="piece", kind="count"), Column(id="text"))
        pieces = ((place, n, piece) for place, text in self.long_texts for n, piece in enumerate(_pieces(text), 1))
        self._add_sheet("long_texts", columns, pieces)

    def _add_sheet(self, name: str, columns: tuple[Column, ...], rows: Iterator[tuple[Any, ...]]) -> None:
        sheet = self.workbook.create_sheet(name)
        sheet.freeze_panes = "B2"
        for n, column in enumerate(columns, 1):
            sheet.column_dimensions[get_column_letter(n)].width = _WIDTHS[column.kind]
        sheet.append([self._cell(sheet, column.id, "heading") for column in columns])
        count = 1
        for count, row in enumerate(rows, 2):
            sheet.append([self._value(sheet, name, count, n, cell) for n, cell in enumerate(row, 1)])
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{count}"

    def _value(self, sheet: Any, name: str, row: int, column: int, value: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, int):
            return value
        if not isinstance(value, str):
            cell = WriteOnlyCell(sheet, value)
            cell.style = "day"
            return cell
        if name != "long_texts" and _is_too_long(value):
            self.long_texts.append((f"{name}!{get_column_letter(column)}{row}", value))
            value = next(_pieces(value, len(_NOTE))) + _NOTE
        return self._cell(sheet, value, "typed")

    @staticmethod
    def _cell(sheet: Any, text: str, style: str) -> Any:
        cell = WriteOnlyCell(sheet)
        # Set past the value's setter, which would take "=..." for a formula and "#N/A" for an error.
        cell._value, cell.data_type = _escaped(text), "s"  # type: ignore[attr-defined]
        cell.style = style
        cell.quotePrefix = True
        return cell


def _parts(rows: Iterator[tuple[Any, ...]]) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Rows cut into as many sheets as they need; at least one, even if empty."""
    yield islice(rows, MOST_ROWS - 1)
    for first in rows:
        yield chain((first,), islice(rows, MOST_ROWS - 2))


def _is_too_long(text: str) -> bool:
    if len(text) * 7 <= MOST_UNITS and len(text) <= MOST_LINE_BREAKS:
        return False
    return text.count("\n") > MOST_LINE_BREAKS or len(_escaped(text).encode("utf-16-le")) // 2 > MOST_UNITS


def _pieces(text: str, reserve: int = 0) -> Iterator[str]:
    """Pieces that fit a cell. 16,000 characters are at most 32,000 units, and an escape never gets cut in two."""
    start = 0
    while start < len(text):
        end, breaks = start, 0
        while end < len(text) and breaks < MOST_LINE_BREAKS - 3 and end - start < 4_000 - reserve:
            breaks += text[end] == "\n"
            end += 1
        yield text[start:end]
        start = end


def _escaped(text: str) -> str:
    """Excel reads `_x0041_` in a cell as an escape; written like this it gives back the underscore."""
    return re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text) if "_x" in text else text

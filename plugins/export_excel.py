"""Excel: a workbook with every table as a sheet. Text stays text: no cell can become a formula, a date or an error.

openpyxl makes the workbook (styles, the sheet `about`, names, properties); the rows of the tables are streamed into the
zip as they are read, as inline strings, which no program takes for anything but text.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain, islice
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from scrqm_forms.hookspecs import Column, Export, ExportFormat, Table, hookimpl

__version__ = "1"

#: Excel's limits. A text is counted in UTF-16 units; a cell with more line breaks than this is refused by Excel.
MOST_UNITS, MOST_LINE_BREAKS, MOST_ROWS = 32_767, 253, 1_048_576
LONG_TEXTS = "long_texts"
#: Stands at the end of what fits of a long text.
_NOTE = f" […] continued in the sheet {LONG_TEXTS}"
_WIDTHS = {"text": 44, "code": 16, "count": 12, "date": 14}
#: Days are stored as the number of days since this one.
_FIRST_DAY = date(1899, 12, 30)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
#: Every member of the zip carries this time, so that the same data give the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews>'
    '<sheetView workbookViewId="0">'
    '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
)


@hookimpl
def register_export_formats(settings: Mapping[str, Any]) -> list[ExportFormat]:
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return [ExportFormat(key="excel", label="Excel workbook", media_type=media_type, suffix=".xlsx", write=write_excel)]


def write_excel(export: Export, stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        book = _Book(archive, export)
        for table in export.tables:
            book.add_table(table)
        book.add_long_texts()
        book.finish()


class _Book:
    """The sheets written so far, and the workbook that will name them."""

    def __init__(self, archive: zipfile.ZipFile, export: Export) -> None:
        self._archive = archive
        self._workbook = Workbook()
        self._long_texts: list[tuple[str, str]] = []
        sheet = self._workbook.worksheets[0]
        sheet.title = "about"
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 100
        for n, (key, value) in enumerate(export.about, 1):
            _set_text(sheet.cell(n, 1), key, Font(bold=True))
            _set_text(sheet.cell(n, 2), value, None)
        day = sheet.cell(1, 3)  # empty: it only gives days their style
        day.number_format, day.alignment = "yyyy-mm-dd", Alignment(vertical="top")
        #: Numbers of the styles that streamed cells name.
        self._heading, self._typed, self._day = (str(sheet.cell(1, column).style_id) for column in (1, 2, 3))
        self._known: dict[str, str] = {}

    def add_table(self, table: Table) -> None:
        rows = table.rows()
        for n, part in enumerate(_parts(rows), 1):
            self._add_sheet(table.key if n == 1 else f"{table.key}_{n}", table.columns, part)

    def add_long_texts(self) -> None:
        """The whole of every text that is longer than a cell may be, in pieces that join to exactly what was typed."""
        if not self._long_texts:
            return
        columns = (Column(id="cell", kind="code"), Column(id="piece", kind="count"), Column(id="text"))
        pieces = ((place, n, piece) for place, text in self._long_texts for n, piece in enumerate(_pieces(text), 1))
        self._add_sheet(LONG_TEXTS, columns, pieces)

    def finish(self) -> None:
        """Everything but the streamed sheets, as openpyxl writes it."""
        whole = io.BytesIO()
        self._workbook.save(whole)
        with zipfile.ZipFile(whole) as made:
            for name in made.namelist():
                if name == "xl/worksheets/sheet1.xml" or not name.startswith("xl/worksheets/sheet"):
                    self._archive.writestr(zipfile.ZipInfo(name, _TIME), made.read(name), zipfile.ZIP_DEFLATED)

    def _add_sheet(self, name: str, columns: tuple[Column, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        sheet = self._workbook.create_sheet(name)
        number = len(self._workbook.worksheets)
        letters = [get_column_letter(n) for n in range(1, len(columns) + 1)]
        widths = "".join(
            f'<col min="{n}" max="{n}" width="{_WIDTHS[column.kind]}" customWidth="1"/>'
            for n, column in enumerate(columns, 1)
        )
        info = zipfile.ZipInfo(f"xl/worksheets/sheet{number}.xml", _TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        last = 1
        with self._archive.open(info, "w", force_zip64=True) as member:
            head = "".join(
                self._text(letter, 1, column.id, self._heading) for letter, column in zip(letters, columns, strict=True)
            )
            member.write((_HEAD.format(columns=widths) + f'<row r="1">{head}</row>').encode())
            for last, row in enumerate(rows, 2):
                member.write(self._row(name, last, letters, row).encode())
            reference = f"A1:{letters[-1]}{last}"
            member.write(f'</sheetData><autoFilter ref="{reference}"/></worksheet>'.encode())
        sheet.auto_filter.ref = reference

    def _row(self, name: str, number: int, letters: list[str], row: tuple[Any, ...]) -> str:
        cells = [f'<row r="{number}">']
        for letter, value in zip(letters, row, strict=True):
            if value is None or value == "":
                continue
            if isinstance(value, str):
                if len(value) > MOST_LINE_BREAKS and name != LONG_TEXTS and _is_too_long(value):
                    value = self._keep_long(f"{name}!{letter}{number}", value)  # noqa: PLW2901
                cells.append(self._text(letter, number, value, self._typed))
            elif isinstance(value, date):
                cells.append(f'<c r="{letter}{number}" s="{self._day}"><v>{(value - _FIRST_DAY).days}</v></c>')
            else:
                cells.append(f'<c r="{letter}{number}"><v>{value}</v></c>')
        cells.append("</row>")
        return "".join(cells)

    def _text(self, letter: str, number: int, text: str, style: str) -> str:
        known = self._known.get(text)
        if known is None:
            known = f'" t="inlineStr"><is><t xml:space="preserve">{_escaped(text)}</t></is></c>'
            if len(text) <= 40 and len(self._known) < 10_000:
                self._known[text] = known
        return f'<c r="{letter}{number}" s="{style}{known}'

    def _keep_long(self, place: str, text: str) -> str:
        self._long_texts.append((place, text))
        return next(_pieces(text, len(_NOTE))) + _NOTE


def _set_text(cell: Any, text: str, font: Font | None) -> None:
    # Set past the value's setter, which would take "=..." for a formula and "#N/A" for an error.
    cell._value, cell.data_type = _ESCAPE_LIKE.sub("_x005F_", _NOT_XML.sub("\ufffd", text)), "s"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    # What Excel itself sets when somebody types an apostrophe first: the cell stays text when it is edited.
    cell.quotePrefix = True
    if font is not None:
        cell.font = font


def _parts(rows: Iterator[tuple[Any, ...]]) -> Iterator[Iterable[tuple[Any, ...]]]:
    """Rows cut into as many sheets as they need; at least one, even if empty."""
    yield islice(rows, MOST_ROWS - 1)
    for first in rows:
        yield chain((first,), islice(rows, MOST_ROWS - 2))


def _is_too_long(text: str) -> bool:
    if text.count("\n") > MOST_LINE_BREAKS:
        return True
    if len(text) * 7 <= MOST_UNITS:
        return False
    return len(_ESCAPE_LIKE.sub("_x005F_", text).encode("utf-16-le", "surrogatepass")) // 2 > MOST_UNITS


def _pieces(text: str, reserve: int = 0) -> Iterator[str]:
    """Pieces that fit a cell: 4,000 characters are at most 28,000 units, however many of them need an escape."""
    start = 0
    while start < len(text):
        end, breaks = start, 0
        while end < len(text) and breaks < MOST_LINE_BREAKS - 3 and end - start < 4_000 - reserve:
            breaks += text[end] == "\n"
            end += 1
        yield text[start:end]
        start = end


def _escaped(text: str) -> str:
    """Text as it stands in the XML: `_x0041_`, which Excel would decode, keeps its underscore."""
    if "_x" in text:
        text = _ESCAPE_LIKE.sub("_x005F_", text)
    return escape(_NOT_XML.sub("\ufffd", text))

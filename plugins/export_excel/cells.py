"""Rows of a sheet as XML: a cell that comes again is made once, so that most of a row is put together from memory."""

from collections.abc import Callable, Sequence
from datetime import date
from operator import getitem, itemgetter
from typing import Any, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

from scrqm_forms.hookspecs import Column

from .texts import as_xml, is_too_long

#: Of each column: strings that go into the workbook's common list, and cells kept ready, and the longest of both.
_SHARED, _READY, _LONGEST = 300, 1_000, 250
#: Stands for the number of a row in a cell kept ready; no text can hold it.
_NUMBER = "\0"
#: openpyxl, which many read workbooks with, takes this out of every string of the common list.
_LOST = "x005F_"
#: Days are stored as the number of days since this one; Excel's calendar has a 29 February 1900, so those before stand
#: as text.
_DAY_0, _FIRST_DAY = date(1899, 12, 30), date(1900, 3, 1)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HEAD = (
    f'{XML}<worksheet xmlns="{MAIN}">'
    '<sheetPr><pageSetUpPr fitToPage="{fit}"/></sheetPr><sheetViews><sheetView workbookViewId="0">'
    '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
)
_TAIL = (
    '</sheetData><autoFilter ref="{filter}"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
)


#: In characters, of columns that say by their id how much they hold; of the codebook some stand as text.
_WIDTHS = {"column": 34, "text": 70, "wording": 56, "original_wording": 56, "marker_title": 28, "options": 40}
_WIDTHS |= {"name": 24, "agency": 30, "owner": 24, "reference": 16, "marker": 12, "stage": 22, "item": 26, "part": 13}
_WIDTHS |= {"roles": 26, "favourable": 12, "set": 10, "origin": 30, "source": 40, "wording_status": 16}
_WIDTHS |= {"questionnaire_sha256": 24, "asked_in": 24}


class Styles:
    """Numbers of the styles that cells name."""

    def __init__(self, workbook: Workbook) -> None:
        self._sheet = workbook.worksheets[0]
        white, blue = Font(name="Calibri", size=11, bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1D4F73")
        wrapped, top = Alignment(vertical="top", wrap_text=True), Alignment(vertical="top")
        # quotePrefix is what Excel sets when somebody types an apostrophe first: edited, the cell stays text.
        self.heading = self._style(quotePrefix=True, font=white, fill=blue, alignment=wrapped)
        self.text = self._style(quotePrefix=True, alignment=wrapped)
        self.code = self._style(quotePrefix=True, alignment=top)
        self.day = self._style(number_format="yyyy-mm-dd", alignment=top)
        self.count = self._style(alignment=top)

    def _style(self, **looks: Any) -> int:
        cell = WriteOnlyCell(self._sheet)
        for key, look in looks.items():
            setattr(cell, key, look)
        return int(cell.style_id)


class Book(Protocol):
    """What cells need of the workbook."""

    styles: Styles

    def share(self, text: str) -> int: ...

    def cut(self, letter: str, text: str) -> str: ...


class Cells(dict[Any, str]):
    """The cells of one column by what is in them, the number of the row left open: those of codes are made once."""

    def __init__(self, book: Book, letter: str, column: Column) -> None:
        self._book, self._letter, self._start = book, letter, f'<c r="{letter}{_NUMBER}" s="'
        self._style = book.styles.text if column.kind == "text" else book.styles.code
        self._share, self.wraps = _SHARED, column.kind == "text"
        heading = column.heading or column.id
        usual = {"text": 44, "count": 12, "date": 13}.get(column.kind) or min(30, max(12, len(heading) // 2 + 4))
        #: In characters.
        self.width = _WIDTHS.get(column.id) or usual
        self.heading = self._text(heading, book.styles.heading).replace(_NUMBER, "1")
        self.heading_lines = len(heading) // self.width + 1
        self[None] = self[""] = ""

    def __missing__(self, value: Any) -> str:
        if isinstance(value, str):
            cell = self._text(value, self._style)
        elif isinstance(value, date) and value < _FIRST_DAY:
            cell = self._text(value.isoformat(), self._style)
        elif isinstance(value, date):
            cell = f'{self._start}{self._book.styles.day}"><v>{(value - _DAY_0).days}</v></c>'
        else:
            cell = f'{self._start}{self._book.styles.count}"><v>{value}</v></c>'
        if len(cell) < _LONGEST and len(self) < _READY:
            self[value] = cell
        return cell

    def _text(self, text: str, style: int) -> str:
        if is_too_long(text):
            text = self._book.cut(self._letter, text)
        elif self._share and len(text) < _LONGEST and _LOST not in text:
            self._share -= 1
            return f'{self._start}{style}" t="s"><v>{self._book.share(text)}</v></c>'
        return f'{self._start}{style}" t="inlineStr"><is>{as_xml(text)}</is></c>'


class Rows:
    """The rows of one sheet, as high as their longest text needs."""

    def __init__(self, columns: list[Cells]) -> None:
        self._columns = columns
        #: (width of a column, cells of a row in columns of that width) of columns whose texts are wrapped.
        by_width: dict[int, list[int]] = {}
        for number, column in enumerate(columns):
            if column.wraps:
                by_width.setdefault(column.width, []).append(number)
        self._wrapping = [(width, _picker(numbers)) for width, numbers in by_width.items()]

    def head(self) -> str:
        """The sheet's XML up to its first row of data."""
        columns = enumerate(self._columns, 1)
        cols = [f'<col min="{n}" max="{n}" width="{each.width}" customWidth="1"/>' for n, each in columns]
        start = _HEAD.format(columns="".join(cols), fit=int(len(cols) <= 12))
        lines = max(each.heading_lines for each in self._columns)
        return f'{start}<row r="1"{_height(lines)}>{"".join(each.heading for each in self._columns)}</row>'

    def row(self, row: Sequence[Any], number: int) -> str:
        if len(row) != len(self._columns):
            raise ValueError(f"a row of {len(row)} cells in a table of {len(self._columns)} columns")
        cells = "".join(map(getitem, self._columns, row)).replace(_NUMBER, str(number))
        return f'<row r="{number}"{_height(self._lines(row))}>{cells}</row>'

    def _lines(self, row: Sequence[Any]) -> int:
        lines = 1
        for width, pick in self._wrapping:
            for text in filter(None, pick(row)):
                if isinstance(text, str) and (len(text) >= width or "\n" in text):
                    lines = max(lines, len(text) // width + 1 + text.count("\n"))
        return lines


def _picker(numbers: list[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Of a row, the cells with these numbers."""
    return itemgetter(*numbers) if len(numbers) > 1 else lambda row: (row[numbers[0]],)


def _height(lines: int) -> str:
    """A row no higher than Excel allows; of one line it has the usual height."""
    return f' ht="{min(lines * 15, 405)}"' if lines > 1 else ""


def tail_of(reference: str) -> str:
    return _TAIL.format(filter=reference)

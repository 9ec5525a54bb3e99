"""Rows of a sheet as XML: a cell that comes again is made once, so that most of a row is put together from memory."""

from collections.abc import Sequence
from datetime import date
from math import ceil
from operator import getitem
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from scrqm_forms.domain.table import picker
from scrqm_forms.hookspecs import Column

from .texts import as_xml, cut, is_too_long

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
    '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">'
    '<pane xSplit="1" ySplit="1" topLeftCell="B2" activePane="bottomRight" state="frozen"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
)
_TAIL = (
    '</sheetData><autoFilter ref="{filter}"/>'
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="{pages}" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
)


#: In characters, of columns that say by their id how much they hold.
_WIDTHS = {"column": 34, "text": 60, "wording": 48, "original_wording": 48, "marker_title": 28, "options": 40}
_WIDTHS |= {"name": 22, "agency": 24, "owner": 24, "reference": 16, "marker": 12, "stage": 22, "item": 26, "part": 13}
_WIDTHS |= {"label": 32, "improvement": 15}
_WIDTHS |= {"roles": 26, "favourable": 12, "set": 10, "origin": 30, "source": 40, "wording_status": 16}
_WIDTHS |= {"questionnaire_sha256": 24, "asked_in": 24}
#: Characters that go beside each other on a page: small, but to be read.
_PAGE = 360


class Styles:
    """Numbers of the styles that cells name."""

    def __init__(self, workbook: Workbook) -> None:
        self._sheet = workbook.worksheets[0]
        white, blue = Font(name="Calibri", size=11, bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1D4F73")
        wrapped, top = Alignment(vertical="top", wrap_text=True), Alignment(vertical="top")
        # Room between a number and the text that follows it.
        number = Alignment(vertical="top", horizontal="right", indent=1)
        # quotePrefix is what Excel sets when somebody types an apostrophe first: edited, the cell stays text.
        self.heading = self._style(quotePrefix=True, font=white, fill=blue, alignment=wrapped)
        self.text = self._style(quotePrefix=True, alignment=wrapped)
        self.code = self._style(quotePrefix=True, alignment=top)
        self.day = self._style(number_format="yyyy-mm-dd", alignment=number)
        self.count = self._style(alignment=number)

    def _style(self, **looks: Any) -> int:
        cell = WriteOnlyCell(self._sheet)
        for key, look in looks.items():
            setattr(cell, key, look)
        return int(cell.style_id)


class Cells(dict[Any, str]):
    """The cells of one column by what is in them, the number of the row left open: those of codes are made once."""

    def __init__(
        self, letter: str, column: Column, styles: Styles, strings: dict[str, int], were_cut: list[str]
    ) -> None:
        """`strings`: the workbook's common list; `were_cut` gets the letter whenever a text was too long for a cell."""
        self._letter, self._styles, self._strings, self._cut = letter, styles, strings, were_cut
        self._start, self._to_share = f'<c r="{letter}{_NUMBER}" s="', _SHARED
        self._style = styles.text if column.kind == "text" else styles.code
        self.wraps, heading = column.kind == "text", column.heading or column.id
        #: In characters.
        self.width = _WIDTHS.get(column.id) or _usual_width(column)
        self.heading_lines = len(heading) // self.width + 1
        self.heading = self._text(heading, styles.heading).replace(_NUMBER, "1")
        self[None] = self[""] = ""

    def __missing__(self, value: Any) -> str:
        if isinstance(value, str):
            cell = self._text(value, self._style)
        elif isinstance(value, date) and value < _FIRST_DAY:
            cell = self._text(value.isoformat(), self._style)
        elif isinstance(value, date):
            cell = f'{self._start}{self._styles.day}"><v>{(value - _DAY_0).days}</v></c>'
        else:
            cell = f'{self._start}{self._styles.count}"><v>{value}</v></c>'
        if len(cell) < _LONGEST and len(self) < _READY:
            self[value] = cell
        return cell

    def _text(self, text: str, style: int) -> str:
        if is_too_long(text):
            self._cut.append(self._letter)
            text = cut(text)
        elif self._to_share and len(text) < _LONGEST and _LOST not in text:
            self._to_share -= 1
            return f'{self._start}{style}" t="s"><v>{self._strings.setdefault(text, len(self._strings))}</v></c>'
        return f'{self._start}{style}" t="inlineStr"><is>{as_xml(text)}</is></c>'


class Rows:
    """The rows of one sheet, the first of them the headings; as high as their longest text needs."""

    def __init__(self, columns: Sequence[Column], styles: Styles, strings: dict[str, int]) -> None:
        self._cut: list[str] = []
        letters = map(get_column_letter, range(1, len(columns) + 1))
        self._columns = [Cells(*each, styles, strings, self._cut) for each in zip(letters, columns, strict=True)]
        #: Number of the last row made, and the places ("B7") of texts that were too long for a cell.
        self.last, self.long = 1, [f"{letter}1" for letter in self._cut]
        self._cut.clear()
        #: (width of a column, cells of a row in columns of that width) of columns whose texts are wrapped.
        by_width: dict[int, list[int]] = {}
        for number, cells in enumerate(self._columns):
            if cells.wraps:
                by_width.setdefault(cells.width, []).append(number)
        self._wrapping = [(width, picker(numbers)) for width, numbers in by_width.items()]

    def head(self) -> str:
        """The sheet's XML up to its first row of data."""
        columns = enumerate(self._columns, 1)
        cols = [f'<col min="{n}" max="{n}" width="{each.width}" customWidth="1"/>' for n, each in columns]
        start = _HEAD.format(columns="".join(cols))
        lines = max(each.heading_lines for each in self._columns)
        return f'{start}<row r="1"{_height(lines)}>{"".join(each.heading for each in self._columns)}</row>'

    def row(self, row: Sequence[Any]) -> str:
        if len(row) != len(self._columns):
            raise ValueError(f"a row of {len(row)} cells in a table of {len(self._columns)} columns")
        self.last += 1
        cells = "".join(map(getitem, self._columns, row)).replace(_NUMBER, str(self.last))
        if self._cut:
            self.long += [f"{letter}{self.last}" for letter in self._cut]
            self._cut.clear()
        return f'<row r="{self.last}"{_height(self._lines(row))}>{cells}</row>'

    def _lines(self, row: Sequence[Any]) -> int:
        lines = 1
        for width, pick in self._wrapping:
            for text in filter(None, pick(row)):
                if isinstance(text, str) and (len(text) >= width or "\n" in text):
                    lines = max(lines, len(text) // width + 1 + text.count("\n"))
        return lines

    @property
    def reference(self) -> str:
        return f"A1:{get_column_letter(len(self._columns))}{self.last}"

    def tail(self) -> str:
        """As many pages beside each other as its columns need, and no more."""
        return _TAIL.format(filter=self.reference, pages=ceil(sum(each.width for each in self._columns) / _PAGE))


def _usual_width(column: Column) -> int:
    """Of few words where there are only so many to choose from."""
    if column.kind == "code" or column.labels:
        words = column.labels.values() if column.kind == "text" else column.labels
        return min(24, max(12, len(column.heading or column.id) // 2 + 4, *map(len, words)))
    return {"text": 44, "count": 12, "date": 13}[column.kind]


def _height(lines: int) -> str:
    """A row no higher than Excel allows; of one line it has the usual height."""
    return f' ht="{min(lines * 15, 405)}"' if lines > 1 else ""

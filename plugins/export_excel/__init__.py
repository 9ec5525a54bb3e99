"""Excel: a workbook with every table as a sheet. Text stays text: no cell can become a formula, a date or an error.

openpyxl makes the workbook (styles, the sheet `about`, charts, names); the rows of the tables are streamed into the zip
as they are read. The same data give the same bytes, whether openpyxl finds lxml or not.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from itertools import chain, count, groupby, islice
from operator import itemgetter
from typing import Any, BinaryIO
from xml.etree.ElementTree import canonicalize

from openpyxl import Workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from scrqm_forms.hookspecs import Column, Export, ExportFormat, Table, hookimpl

from .about import APPLICATION, core_properties, write_about
from .cells import MAIN, XML, Cells, Rows, Styles, tail_of
from .charts import Charts
from .texts import as_xml, escaped, pieces

__version__ = "2"

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
#: Of a sheet's XML; what is more goes on in a second sheet. A zip's member of over 2 GiB has to be announced by zip64
#: fields before it is streamed, and Excel opens no workbook that has them.
MOST_BYTES = 1 << 30
LONG_TEXTS = "long_texts"
#: Stands at the end of what fits of a long text.
_NOTE = f" […] continued in the sheet {LONG_TEXTS}"
_SAFE = f"Exactly as typed, as text. What is longer than a cell may be stands whole in the sheet {LONG_TEXTS}."
#: Every member of the zip carries this time.
_TIME = (1980, 1, 1, 0, 0, 0)
_ROWS_AT_ONCE = 100
#: Where the list of strings, which openpyxl does not write, has to be named: before which tag, and as what.
_STRINGS = {
    "[Content_Types].xml": (
        "</Types>",
        '<Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml" '
        'PartName="/xl/sharedStrings.xml"></Override>',
    ),
    "xl/_rels/workbook.xml.rels": (
        "</Relationships>",
        '<Relationship Id="strings" Target="sharedStrings.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"></Relationship>',
    ),
}


@hookimpl
def register_export_formats(settings: Mapping[str, Any]) -> list[ExportFormat]:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    label = "Excel workbook"
    return [ExportFormat(key="excel", label=label, media_type=kind, suffix=".xlsx", write=write_excel, safety=_SAFE)]


def write_excel(export: Export, stream: BinaryIO) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        book, charts = _Book(archive), Charts(export)
        for table in export.tables:
            if table.key != "about":
                book.add_table(charts.watch(table))
        book.add_long_texts()
        book.finish(export, charts)


class _Book:
    """The sheets written so far, and the workbook that will name them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self.workbook = archive, Workbook()
        self._strings: dict[str, int] = {}
        #: (title, what it is for, how many rows) of the sheets streamed.
        self._contents: list[tuple[str, str, str]] = []
        #: (table, number of a row, number of a column, name of the cell) of every text that is too long for one; row 0
        #: are the headings.
        self._long: list[tuple[Table, int, int, str]] = []
        #: Columns of the row being made in which a text was cut.
        self._cut: list[str] = []
        self.workbook.worksheets[0].title = "about"
        self.styles = Styles(self.workbook)

    def share(self, text: str) -> int:
        """The number of a string in the workbook's common list."""
        return self._strings.setdefault(text, len(self._strings))

    def add_table(self, table: Table) -> None:
        """As one sheet, or as many as its rows and columns need; each begins with the first column."""
        for first in range(0, len(table.columns), MOST_COLUMNS - 1):
            numbers = [*([0] if first else []), *range(first, min(first + MOST_COLUMNS - 1, len(table.columns)))]
            for rows in _parts(enumerate(table.rows(), 1)):
                self._add_sheet(table, numbers, rows)

    def _add_sheet(self, table: Table, numbers: list[int], rows: Iterator[tuple[int, Any]]) -> None:
        sheet = self.workbook.create_sheet(_title(table.key, self.workbook.sheetnames))
        columns = [Cells(self, get_column_letter(n), table.columns[of]) for n, of in enumerate(numbers, 1)]
        info = zipfile.ZipInfo(f"xl/worksheets/sheet{len(self.workbook.worksheets)}.xml", _TIME)
        info.compress_type = zipfile.ZIP_DEFLATED
        last, size = 1, 0
        self._note_long(table, sheet.title, 0, last, numbers)
        with self._archive.open(info, "w") as member:
            sheet_rows = Rows(columns)
            member.write(sheet_rows.head().encode())
            while size < MOST_BYTES and (some := list(islice(rows, _ROWS_AT_ONCE))):
                lines = []
                for ordinal, row in some:
                    last += 1
                    chosen = [row[of] for of in numbers] if len(numbers) < len(row) else row
                    lines.append(sheet_rows.row(chosen, last))
                    if self._cut:
                        self._note_long(table, sheet.title, ordinal, last, numbers)
                size += member.write("".join(lines).encode())
            reference = f"A1:{get_column_letter(len(numbers))}{last}"
            member.write(tail_of(reference).encode())
        sheet.auto_filter.ref, sheet.print_title_rows, sheet.print_title_cols = reference, "1:1", "A:A"
        self._contents.append((sheet.title, table.about, "1 row." if last == 2 else f"{last - 1:,} rows."))

    def cut(self, letter: str, text: str) -> str:
        """What fits of a text that is too long; the rest goes on in a sheet of its own."""
        self._cut.append(letter)
        return next(pieces(text, len(_NOTE))) + _NOTE

    def _note_long(self, table: Table, title: str, ordinal: int, row: int, numbers: list[int]) -> None:
        for letter in self._cut:
            column = numbers[column_index_from_string(letter) - 1]
            self._long.append((table, ordinal, column, f"{title}!{letter}{row}"))
        self._cut.clear()

    def add_long_texts(self) -> None:
        """The whole of every text that is longer than a cell may be, in pieces that join to exactly what was typed."""
        if self._long:
            columns = (Column(id="cell", kind="code"), Column(id="piece", kind="count"), Column(id="text"))
            about = "The whole of every text that is longer than a cell may be, in pieces."
            table = Table(key=LONG_TEXTS, title="Long texts", about=about, columns=columns, rows=self._read_long)
            self.add_table(table)

    def _read_long(self) -> Iterator[tuple[str, int, str]]:
        """Read once more, rather than kept in memory."""
        for table, long in groupby(self._long.copy(), key=itemgetter(0)):
            wanted = {ordinal: list(cells) for ordinal, cells in groupby(long, key=itemgetter(1))}
            for ordinal, row in enumerate(chain((_headings(table),), table.rows())):
                for _, _, column, place in wanted.get(ordinal, ()):
                    yield from ((place, n, piece) for n, piece in enumerate(pieces(row[column]), 1))

    def finish(self, export: Export, charts: Charts) -> None:
        """Everything but the streamed sheets, as openpyxl writes it; in the same form with lxml and without."""
        contents = list(self._contents)
        if charts.write(self.workbook):
            contents.insert(0, ("charts", "How each group judged each marker, drawn from the sheet results.", ""))
        write_about(self.workbook, export, contents)
        whole = io.BytesIO()
        self.workbook.save(whole)
        with zipfile.ZipFile(whole) as made:
            parts = {name: canonicalize(made.read(name)) for name in sorted(made.namelist())}
        for name, (end, more) in _STRINGS.items():
            parts[name] = parts[name].replace(end, more + end)
        strings = "".join(f"<si>{as_xml(text)}</si>" for text in self._strings)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
        parts |= {"docProps/core.xml": core_properties(export), "docProps/app.xml": APPLICATION}
        for number in range(2, len(self._contents) + 2):
            del parts[f"xl/worksheets/sheet{number}.xml"]
        for name, text in parts.items():
            self._archive.writestr(zipfile.ZipInfo(name, _TIME), XML + text, zipfile.ZIP_DEFLATED)


def _title(key: str, taken: list[str]) -> str:
    """A sheet's title: Excel takes 31 characters, some not at all, and none twice."""
    plain_key = escaped(re.sub(r"[:\\/?*\[\]\r\n]", "_", key)).strip("'")[:26] or "table"
    titles = chain([plain_key], (f"{plain_key}_{n}" for n in count(2)))
    # Excel keeps "History" for itself.
    return next(title for title in titles if title.lower() not in {"history", *(each.lower() for each in taken)})


def _headings(table: Table) -> tuple[str, ...]:
    return tuple(column.heading or column.id for column in table.columns)


def _parts(rows: Iterator[Any]) -> Iterator[Iterator[Any]]:
    """Rows cut into as many sheets as they need; at least one, even if empty. What a sheet leaves is the next one's."""
    yield islice(rows, MOST_ROWS - 1)
    for first in rows:
        yield chain((first,), islice(rows, MOST_ROWS - 2))

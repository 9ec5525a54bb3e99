"""Excel: a workbook with every table as a sheet. Text stays text: no cell can become a formula, a date or an error.

openpyxl makes the workbook (styles, the sheet `about`, charts, names); the rows of the tables are streamed into the zip
as they are read. The same data give the same bytes, whether openpyxl finds lxml or not.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count, groupby, islice
from operator import itemgetter
from typing import Any, BinaryIO
from xml.etree.ElementTree import canonicalize

from openpyxl import Workbook

from scrqm_forms.hookspecs import Column, Export, ExportFormat, Table, hookimpl

from .about import write_about
from .cells import MAIN, XML, Rows, Styles
from .charts import write_charts
from .texts import LONG_TEXTS, as_xml, escaped, is_too_long, pieces

__version__ = "2"

MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
#: Of a sheet's XML; what is more goes on in a second sheet. A zip's member of over 2 GiB has to be announced by zip64
#: fields before it is streamed, and Excel opens no workbook that has them.
MOST_BYTES = 1 << 30
_SAFE = f"Exactly as typed, as text. What is longer than a cell may be stands whole in the sheet {LONG_TEXTS}."
#: How hard the zip is pressed: an export takes a quarter less time than with the usual 6, for a file a quarter larger.
_LEVEL = 2
_ROWS_AT_ONCE = 100
#: What made the workbook, and when: without times the same data give the same bytes.
_APPLICATION = re.compile("(?<=<Application>)[^<]*")
_TIMES = re.compile(r"<dcterms:(created|modified).*?</dcterms:\1>")
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
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        book = _Book(archive)
        for table in export.tables:
            if table.key != "about":
                book.add_table(table)
        book.add_long_texts()
        book.finish(export)


class _Book:
    """The sheets written so far, and the workbook that will name them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive, self._workbook = archive, Workbook()
        self._workbook.worksheets[0].title = "about"
        self._styles = Styles(self._workbook)
        #: The workbook's common list of strings, and the number of each in it.
        self._strings: dict[str, int] = {}
        #: (title, what it is for, how many rows) of the sheets streamed.
        self._contents: list[tuple[str, str, str]] = []
        #: (table, cells such as "answers!C7") of each sheet in which texts were too long for their cells.
        self._long: list[tuple[Table, list[str]]] = []

    def add_table(self, table: Table) -> None:
        """As one sheet, or as many as its rows and columns need; each begins with the first column."""
        for first in range(0, len(table.columns), MOST_COLUMNS - 1):
            columns = [*range(min(first, 1)), *range(first, min(first + MOST_COLUMNS - 1, len(table.columns)))]
            part = table.pick(columns)
            for rows in _parts(part.rows()):
                self._add_sheet(part, rows)

    def _add_sheet(self, table: Table, rows: Iterator[Any]) -> None:
        sheet = self._workbook.create_sheet(_title(table.key, self._workbook.sheetnames))
        made, size = Rows(table.columns, self._styles, self._strings), 0
        # Opened by its name it carries no time, so that the same data give the same bytes.
        with self._archive.open(f"xl/worksheets/sheet{len(self._workbook.worksheets)}.xml", "w") as member:
            member.write(made.head().encode())
            while size < MOST_BYTES and (some := list(islice(rows, _ROWS_AT_ONCE))):
                size += member.write("".join(map(made.row, some)).encode())
            member.write(made.tail().encode())
        sheet.auto_filter.ref, sheet.print_title_rows, sheet.print_title_cols = made.reference, "1:1", "A:A"
        self._contents.append((sheet.title, table.about, "1 row." if made.last == 2 else f"{made.last - 1:,} rows."))
        if made.long:
            self._long.append((table, [f"{sheet.title}!{place}" for place in made.long]))

    def add_long_texts(self) -> None:
        """The whole of every text that is longer than a cell may be, in pieces that join to exactly what was typed."""
        if self._long:
            columns = (Column(id="cell", kind="code"), Column(id="piece", kind="count"), Column(id="text"))
            about = "The whole of every text that is longer than a cell may be, in pieces."
            table = Table(key=LONG_TEXTS, title="Long texts", about=about, columns=columns, rows=self._read_long)
            self.add_table(table)

    def _read_long(self) -> Iterator[tuple[str, int, str]]:
        """Read once more, rather than kept in memory; they come in the order of their cells."""
        for table, sheets in groupby(self._long.copy(), key=itemgetter(0)):
            in_rows = _long_in(table.rows())
            for _, places in sheets:
                for place, text in zip(places, chain(_long_in([table.headings()]), in_rows), strict=False):
                    yield from ((place, n, piece) for n, piece in enumerate(pieces(text), 1))

    def finish(self, export: Export) -> None:
        """Everything but the streamed sheets, as openpyxl writes it; in the same form with lxml and without."""
        contents, streamed, whole = list(self._contents), self._archive.namelist(), io.BytesIO()
        if write_charts(self._workbook, export):
            contents.insert(0, ("charts", "How each group judged each marker, drawn from the sheet results.", ""))
        write_about(self._workbook, export, contents)
        self._workbook.save(whole)
        with zipfile.ZipFile(whole) as made:
            parts = {name: canonicalize(made.read(name)) for name in sorted({*made.namelist()} - {*streamed})}
        # LibreOffice would trust the heights of rows in a workbook of Excel's.
        parts["docProps/app.xml"] = _APPLICATION.sub("SCRQM Forms", parts["docProps/app.xml"])
        parts["docProps/core.xml"] = _TIMES.sub("", parts["docProps/core.xml"])
        for name, (end, more) in _STRINGS.items():
            parts[name] = parts[name].replace(end, more + end)
        strings = "".join(f"<si>{as_xml(text)}</si>" for text in self._strings)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
        for name, text in parts.items():
            with self._archive.open(name, "w") as member:
                member.write((XML + text).encode())


def _title(key: str, taken: list[str]) -> str:
    """A sheet's title: Excel takes 31 characters, some not at all, and none twice."""
    plain_key = escaped(re.sub(r"[:\\/?*\[\]\r\n]", "_", key)).strip("'")[:26] or "table"
    titles = chain([plain_key], (f"{plain_key}_{n}" for n in count(2)))
    # Excel keeps "History" for itself.
    return next(title for title in titles if title.lower() not in {"history", *(each.lower() for each in taken)})


def _long_in(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    return (cell for row in rows for cell in row if isinstance(cell, str) and is_too_long(cell))


def _parts(rows: Iterator[Any]) -> Iterator[Iterator[Any]]:
    """Rows cut into as many sheets as they need; at least one, even if empty. What a sheet leaves is the next one's."""
    yield islice(rows, MOST_ROWS - 1)
    for first in rows:
        yield chain((first,), islice(rows, MOST_ROWS - 2))

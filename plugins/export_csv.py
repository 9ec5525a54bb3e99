"""CSV, one table a file, in two kinds.

`csv` is for spreadsheets: UTF-8 with a byte order mark, everything quoted. A cell or heading that a spreadsheet could
take for a formula gets an apostrophe in front; one that begins with an apostrophe gets another, so that taking one
away always gives back what was typed. `csv-exact` is for programs: RFC 4180, UTF-8, nothing added.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any, BinaryIO

from scrqm_forms.hookspecs import Export, ExportFormat, Table, hookimpl

__version__ = "2"

#: First characters that spreadsheets act on, full-width forms included; and the apostrophe itself.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
#: A cell's beginning: inside a cell every quotation mark is doubled, so that a single one after a comma opens a cell.
_DANGEROUS_CELL = re.compile(f',"(?=[{re.escape("".join(DANGEROUS))}])')
_SAFE = (
    "Cells and headings that begin with = + - @ (full-width ones too), a tab, a line break or an apostrophe have one "
    "apostrophe more in front: take one away to have what was typed."
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
    _write(map(_guarded, _lines(export.tables[0], csv.QUOTE_ALL)), stream)


def write_exact(export: Export, stream: BinaryIO) -> None:
    _write(_lines(export.tables[0], csv.QUOTE_MINIMAL), stream)


def _lines(table: Table, quoting: Any) -> Iterator[str]:
    """Every row as CSV without its line end."""
    line: list[str] = []
    writer = csv.writer(_Into(line), quoting=quoting, lineterminator="\r\n")
    headings = tuple(column.heading or column.id for column in table.columns)
    for row in chain((headings,), table.rows()):
        writer.writerow(row)
        yield line.pop()[:-2]


class _Into:
    """What the csv module writes a line to."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def _guarded(line: str) -> str:
    line = _DANGEROUS_CELL.sub(",\"'", line)
    return f"\"'{line[1:]}" if line[1:2] in DANGEROUS else line


def _write(lines: Iterator[str], stream: BinaryIO) -> None:
    while some := list(islice(lines, _LINES_AT_ONCE)):
        # "replace": half a surrogate pair, which no file can hold, must not stop the export.
        stream.write(("\r\n".join(some) + "\r\n").encode(errors="replace"))

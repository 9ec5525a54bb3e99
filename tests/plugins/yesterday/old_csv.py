"""CSV: one table a file, as spreadsheets read it: UTF-8 with a byte order mark, everything quoted.

A text cell that a spreadsheet could take for a formula gets an apostrophe in front; one that begins with an apostrophe
gets another, so that taking one away always gives back what was typed.
"""

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any, BinaryIO

from scrqm_forms.domain.table import Cell
from scrqm_forms.hookspecs import Export, ExportFormat, hookimpl

__version__ = "1"

#: First characters that spreadsheets act on, full-width forms included.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


@hookimpl
def register_export_formats(settings: Mapping[str, Any]) -> list[ExportFormat]:
    return [
        ExportFormat(key="old", label="CSV", media_type="text/csv", suffix=".csv", write=write_csv, single_table=True)
    ]


def write_csv(export: Export, stream: BinaryIO) -> None:
    (table,) = export.tables
    # "replace": half a surrogate pair, which no file can hold, must not stop the export.
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="", write_through=True)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_safe(column.id) for column in table.columns])
    for row in table.rows():
        writer.writerow([_safe(cell) for cell in row])
    text.flush()
    text.detach()


def _safe(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(DANGEROUS) else cell
    return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)

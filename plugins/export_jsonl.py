"""JSON Lines: one table a file, a line of JSON for each row; for data teams.

The smallest of the formats, as a pattern to copy.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, BinaryIO

from scrqm_forms.hookspecs import Export, ExportFormat, hookimpl

__version__ = "1"


@hookimpl
def register_export_formats(settings: Mapping[str, Any]) -> list[ExportFormat]:
    return [
        ExportFormat(
            key="jsonl",
            label="JSON Lines",
            media_type="application/jsonl",
            suffix=".jsonl",
            write=write_lines,
            single_table=True,
            safety="Every text stands in quotation marks as JSON has it: no program takes it for a formula.",
        )
    ]


def write_lines(export: Export, stream: BinaryIO) -> None:
    """Keys are the headings, the columns' ids unless asked for otherwise; an empty cell is null, a day "2026-03-02"."""
    (table,) = export.tables
    keys = table.headings()
    for row in table.rows():
        line = json.dumps(dict(zip(keys, row, strict=True)), ensure_ascii=False, default=date.isoformat)
        # "replace": half a surrogate pair, which no file can hold, must not stop the export.
        stream.write(line.encode(errors="replace") + b"\n")

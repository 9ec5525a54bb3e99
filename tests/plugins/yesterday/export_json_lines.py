"""JSON Lines: one line of JSON for each row of one table."""

import json

from scrqm_forms.hookspecs import ExportFormat, hookimpl

__version__ = "1"


@hookimpl
def register_export_formats(settings):
    label = settings.get("label", "JSON Lines")
    return [
        ExportFormat(
            key="json-lines",
            label=label,
            media_type="application/jsonl",
            suffix=".jsonl",
            write=write_json_lines,
            single_table=True,
        )
    ]


def write_json_lines(export, stream):
    (table,) = export.tables
    names = [column.id for column in table.columns]
    for row in table.rows():
        line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=str)
        stream.write(line.encode() + b"\n")

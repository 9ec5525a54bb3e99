"""JSON Lines: a line for each row, its cells by what stands above the columns."""

import io
import json
from datetime import date

from scrqm_forms.hookspecs import Column


def test_each_row_is_an_object_of_its_cells(formats, make_table, make_export):
    columns = (Column(id="day", kind="date"), Column(id="helped", heading="1. What helped?"), Column(id="none"))
    stream = io.BytesIO()
    formats["jsonl"].write(make_export(make_table(columns, (date(2026, 3, 2), "=1\n\ud800", None))), stream)
    (line,) = stream.getvalue().decode().splitlines()
    assert json.loads(line) == {"day": "2026-03-02", "1. What helped?": "=1\n?", "none": None}

"""What a table gives to every export format."""

import pytest

from scrqm_forms.domain.table import Column, Table

TABLE = Table(
    key="answers",
    title="Answers",
    columns=(Column(id="response", heading="Response"), Column(id="code"), Column(id="text")),
    rows=lambda: iter([("R1", "met", None), ("R2", "", "x")]),
)


def test_headings_are_ids_where_no_others_were_asked_for():
    assert TABLE.headings() == ("Response", "code", "text")


def test_records_are_the_rows_by_column_and_can_be_read_again():
    found = [{"response": "R1", "code": "met", "text": None}, {"response": "R2", "code": "", "text": "x"}]
    assert list(TABLE.records()) == list(TABLE.records()) == found


@pytest.mark.parametrize(
    ("numbers", "rows"),
    [
        ([0, 1, 2], [("R1", "met", None), ("R2", "", "x")]),
        ([0, 2], [("R1", None), ("R2", "x")]),
        ([2, 0], [(None, "R1"), ("x", "R2")]),
        ([1], [("met",), ("",)]),
    ],
    ids=str,
)
def test_picked_columns_bring_their_cells(numbers, rows):
    found = TABLE.pick(numbers)
    assert [column.id for column in found.columns] == [TABLE.columns[number].id for number in numbers]
    assert list(found.rows()) == list(found.rows()) == rows

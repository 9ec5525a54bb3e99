"""What stands above the columns, and codes or labels: settled for every table and format at once."""

import pytest

from scrqm_forms.domain.errors import NotOffered, Refused
from scrqm_forms.domain.presenting import ExportOptions, check_options, choose_tables, present_table
from scrqm_forms.domain.table import Column, Table

WIDE = Table(
    key="wide",
    title="Wide",
    columns=(
        Column(id="response", kind="code"),
        Column(id="qm01.judgement", kind="code", wording="1. Judgement: All well", labels={"met": "Met"}),
    ),
    rows=lambda: iter([("R1", "met"), ("R2", ""), ("R3", "gone")]),
)
LONG = Table(
    key="long",
    title="Long",
    columns=(Column(id="code", kind="code"), Column(id="label", label_of="code"), Column(id="text")),
    rows=lambda: iter([("met", "Met", ""), ("", "", "x")]),
)


#: Of two sets: markers of one number ask the same of those who reflect.
ASKED = {"qm01.helped": 1, "exb01.helped": 1, "qm02.helped": 2}


def presented(table, **options):
    found = present_table(table, ExportOptions(**options))
    return [column.id for column in found.columns], list(found.rows())


@pytest.mark.parametrize(
    ("values", "columns", "rows"),
    [
        ("codes", ["response", "qm01.judgement"], [("R1", "met"), ("R2", ""), ("R3", "gone")]),
        ("labels", ["response", "qm01.judgement"], [("R1", "Met"), ("R2", ""), ("R3", "gone")]),
        (
            "both",
            ["response", "qm01.judgement", "qm01.judgement.label"],
            [("R1", "met", "Met"), ("R2", "", ""), ("R3", "gone", "gone")],
        ),
    ],
)
def test_values_of_a_column_with_labels(values, columns, rows):
    assert presented(WIDE, values=values) == (columns, rows)


@pytest.mark.parametrize(
    ("values", "columns", "rows"),
    [
        ("codes", ["code", "text"], [("met", ""), ("", "x")]),
        ("labels", ["label", "text"], [("Met", ""), ("", "x")]),
        ("both", ["code", "label", "text"], [("met", "Met", ""), ("", "", "x")]),
    ],
)
def test_values_of_a_table_with_a_column_of_labels(values, columns, rows):
    assert presented(LONG, values=values) == (columns, rows)


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("ids", ["", ""]),
        ("wording", ["Response", "1. Judgement: All well"]),
        ("both", ["response: Response", "qm01.judgement: 1. Judgement: All well"]),
    ],
)
def test_headings_and_ids_that_stay(headings, expected):
    columns = present_table(WIDE, ExportOptions(headings=headings)).columns
    assert [column.heading for column in columns] == expected
    assert [column.id for column in columns] == ["response", "qm01.judgement"]


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        ("ids", ["", "", ""]),
        ("wording", ["1. What helped? [qm01.helped]", "1. What helped? [exb01.helped]", "2. What helped?"]),
        ("both", [f"{name}: {number}. What helped?" for name, number in ASKED.items()]),
    ],
)
def test_no_heading_stands_twice(headings, expected):
    columns = tuple(Column(id=name, wording=f"{number}. What helped?") for name, number in ASKED.items())
    table = Table(key="wide", title="Wide", columns=columns, rows=lambda: iter([]))
    assert [each.heading for each in present_table(table, ExportOptions(headings=headings)).columns] == expected


def test_tables_come_in_their_own_order():
    assert choose_tables((WIDE, LONG), ("long", "wide")) == (WIDE, LONG)
    assert choose_tables((WIDE, LONG), ("long",)) == (LONG,)
    assert choose_tables((WIDE, LONG), ("all",)) == (WIDE, LONG)


@pytest.mark.parametrize(
    ("options", "mode", "error", "message"),
    [
        ({"headings": "ides"}, "named", NotOffered, '"ides" is not one of ids, wording, both'),
        ({"values": "x"}, "named", NotOffered, '"x" is not one of codes, labels, both'),
        ({"responses": "all"}, "confidential", Refused, "nothing says who has not"),
    ],
)
def test_option_that_there_is_not_is_refused(options, mode, error, message):
    with pytest.raises(error, match=message):
        check_options(ExportOptions(**options), mode)

"""CSV: what was typed comes back exactly, and no cell begins with what a spreadsheet acts on."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrqm_forms.hookspecs import Column

#: What spreadsheets act on at the beginning of a cell, and the apostrophe that keeps them from it.
ACTED_ON = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
KINDS = ("text", "code", "count", "date")
ANY_TEXT = st.text(
    st.sampled_from("=+-@\t\n'\"＝＋－＠,; a") | st.characters(exclude_categories=["Cs"], exclude_characters="\0")
)


@pytest.fixture(scope="session")
def write(formats, make_table, make_export):
    def write(columns, *rows):
        stream = io.BytesIO()
        formats["csv"].write(make_export(make_table(columns, *rows)), stream)
        return stream.getvalue()

    return write


def read(data):
    """The cells as a program reads them that knows nothing of the apostrophe."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def typed(cell):
    """What was typed: the documented apostrophe taken away."""
    return cell.removeprefix("'")


def test_every_text_comes_back_in_cells_and_headings(write, payloads):
    for name, text in payloads.items():
        columns = (Column(id=text), Column(id="code", kind="code"))
        assert [[typed(cell) for cell in row] for row in read(write(columns, (text, text)))] == [
            [text, "code"],
            [text, text],
        ], name


@settings(deadline=None)
@given(text=ANY_TEXT)
def test_any_text_comes_back_and_begins_with_nothing_a_spreadsheet_acts_on(write, text):
    ((heading,), (cell,)) = read(write((Column(id=text),), (text,)))
    assert typed(cell) == typed(heading) == text
    assert not cell.startswith(ACTED_ON[:-1])


@pytest.mark.parametrize("start", ACTED_ON, ids=ascii)
def test_text_that_a_spreadsheet_acts_on_has_an_apostrophe_in_front(write, start):
    assert read(write((Column(id="a"),), (f"{start}1",)))[1] == [f"'{start}1"]


@pytest.mark.parametrize("text", ["plain", "a=1", "1", " =1", ""])
def test_text_that_no_spreadsheet_acts_on_has_no_apostrophe(write, text):
    assert read(write((Column(id="a"),), (text,)))[1] == [text]


def test_dates_counts_and_empty_cells_are_written_plainly(write):
    columns = tuple(Column(id=kind, kind=kind) for kind in KINDS)
    assert read(write(columns, ("t", "yes", 12, date(2026, 3, 2)), ("", None, 0, None))) == [
        list(KINDS),
        ["t", "yes", "12", "2026-03-02"],
        ["", "", "0", ""],
    ]


def test_file_is_utf_8_with_a_byte_order_mark_and_windows_line_ends(write):
    assert write((Column(id="a"),), ("é",)) == b'\xef\xbb\xbf"a"\r\n"\xc3\xa9"\r\n'


def test_empty_table_gives_its_heading(write):
    assert read(write((Column(id="a"), Column(id="b")))) == [["a", "b"]]


def test_character_that_no_file_can_hold_does_not_stop_the_export(write):
    assert read(write((Column(id="a"),), ("a\ud800b",), ("next",)))[1:] == [["a?b"], ["next"]]


def test_character_that_no_spreadsheet_can_hold_shifts_no_cell(write):
    columns = (Column(id="a"), Column(id="b"))
    assert read(write(columns, ("=x\0=y", "b"), ("next", "=")))[1:] == [["'=x\ufffd=y", "b"], ["next", "'="]]


def test_stream_stays_open_and_is_written_forwards_only(formats, make_table, make_export):
    class Forwards(io.RawIOBase):
        def __init__(self):
            self.parts = []

        def writable(self):
            return True

        def write(self, data):
            self.parts.append(bytes(data))
            return len(data)

    stream = Forwards()
    rows = [("x" * 50,)] * 1_000
    formats["csv"].write(make_export(make_table((Column(id="a"),), *rows)), stream)
    assert not stream.closed
    assert len(stream.parts) > 10
    assert len(read(b"".join(stream.parts))) == 1_001


# The exact kind


@pytest.fixture(scope="session")
def write_exact(formats, make_table, make_export):
    def write(columns, *rows):
        stream = io.BytesIO()
        formats["csv-exact"].write(make_export(make_table(columns, *rows)), stream)
        return stream.getvalue()

    return write


def test_exact_kind_changes_nothing_in_cells_and_headings(write_exact, payloads, formula_texts):
    texts = [*payloads.values(), *formula_texts]
    data = write_exact(tuple(Column(id=text) for text in texts), texts)
    assert list(csv.reader(io.StringIO(data.decode(), newline=""))) == [texts, texts]


def test_exact_kind_is_plain_rfc_4180(write_exact):
    columns = (Column(id="a"), Column(id="b"))
    assert write_exact(columns, ("=1", 'x"y'), ("", "a\nb")) == b'a,b\r\n=1,"x""y"\r\n,"a\nb"\r\n'


def test_400_formulas_come_back_and_none_is_left_to_act(write, formula_texts):
    heading, *rows = read(write(tuple(Column(id=text) for text in formula_texts), *[formula_texts] * 2))
    for row in (heading, *rows):
        assert [typed(cell) for cell in row] == formula_texts
        assert not [cell for cell in row if cell.startswith(ACTED_ON[:-1])]


def test_file_says_how_its_cells_were_made_safe(formats):
    assert "take one away" in formats["csv"].safety
    assert "not safe to open in a spreadsheet" in formats["csv-exact"].safety

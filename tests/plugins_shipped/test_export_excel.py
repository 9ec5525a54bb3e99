"""Excel: what was typed comes back exactly, and no cell is a formula, a date or an error that was not one."""

import csv
import hashlib
import io
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from scrqm_forms.domain.wording import normalise_typed
from scrqm_forms.hookspecs import Column

TEXT = Column(id="typed")


@pytest.fixture(scope="session")
def write(formats, make_export):
    def write(*tables, **more):
        stream = io.BytesIO()
        formats["excel"].write(make_export(*tables, **more), stream)
        return stream.getvalue()

    return write


def open_book(data, data_only=False):
    return load_workbook(io.BytesIO(data), data_only=data_only)


def rows_of(book, name):
    return list(book[name].iter_rows(values_only=True))


def about_of(book):
    """The facts, which stand below the list of sheets."""
    rows = [row[:2] for row in rows_of(book, "about")]
    return rows[rows.index(("About this export", None)) + 1 :]


def long_texts(book):
    """Cell -> the whole text, put together from its pieces."""
    found = {}
    for name in book.sheetnames:
        for cell, _, text in rows_of(book, name)[1:] if name.startswith("long_texts") else ():
            found[cell] = found.get(cell, "") + text
    return found


def typed_in(book, name, cell):
    """What was typed in one cell, from the sheet of long texts if it goes on there."""
    return long_texts(book).get(f"{name}!{cell}", book[name][cell].value)


def formulas(book):
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type in ("f", "e")]


# Texts


@pytest.mark.parametrize("data_only", [False, True], ids=["formulas", "values"])
def test_every_text_comes_back_and_none_is_a_formula_or_an_error(write, make_table, payloads, data_only):
    columns = (Column(id="name"), TEXT, Column(id="code", kind="code"))
    rows = [(name, text, text) for name, text in payloads.items()]
    book = open_book(write(make_table(columns, *rows)), data_only)
    for n, (name, text) in enumerate(payloads.items(), 2):
        assert typed_in(book, "responses", f"B{n}") == text, name
        assert typed_in(book, "responses", f"C{n}") == text, name
        assert book["responses"][f"B{n}"].data_type == "s", name
    assert formulas(book) == []


@pytest.mark.parametrize("data_only", [False, True], ids=["formulas", "values"])
def test_every_text_comes_back_in_headings_and_in_what_is_said_about_the_export(write, make_table, payloads, data_only):
    short = [text for text in payloads.values() if len(text) < 1_000 and text.count("\n") < 250]
    table = make_table(tuple(Column(id=text) for text in short))
    book = open_book(write(table, about=tuple((text, text) for text in short)), data_only)
    assert rows_of(book, "responses") == [tuple(short)]
    assert about_of(book) == [(text, text) for text in short]
    assert formulas(book) == []


def test_fact_that_is_longer_than_a_cell_may_be_goes_on_below(write, make_table):
    facts = (("citation", "c" * 70_000), ("lines", "\n" * 254), ("last", "x"))
    found = about_of(open_book(write(make_table((TEXT,)), about=facts)))
    assert all(len(value) <= UNITS and value.count("\n") <= 253 for _, value in found)
    whole = {key: "".join(value for each, value in found if each == key) for key, _ in facts}
    assert tuple(whole.items()) == facts


def test_heading_that_is_longer_than_a_cell_may_be_stands_whole_in_the_long_texts(write, make_table):
    long = "Was it? " * 5_000
    book = open_book(write(make_table((TEXT, Column(id="b", heading=long)), ("x" * 40_000, ""))))
    assert book["responses"]["B1"].value.endswith("continued in the sheet long_texts")
    assert long_texts(book) == {"responses!B1": long, "responses!A2": "x" * 40_000}


def test_days_before_excels_calendar_begins_stand_as_text(write, make_table):
    """Its day 60 is a 29 February 1900, which there never was."""
    days = [date(1, 1, 1), date(1900, 2, 28), date(1900, 3, 1), date(9999, 12, 31)]
    sheet = open_book(write(make_table((Column(id="day", kind="date"),), *((day,) for day in days))))["responses"]
    found = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert found[:2] == ["0001-01-01", "1900-02-28"]
    assert [each.date() for each in found[2:]] == days[2:]


def sheets_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist() if "/worksheets/sheet" in name]


def test_file_itself_holds_no_formula(write, make_table, payloads):
    sheets = sheets_of(write(make_table((TEXT,), *((text,) for text in payloads.values()))))
    assert len(sheets) == 3
    assert not any(re.search(rb"<f[ >/]|t=\"(e|b|str)\"", sheet) for sheet in sheets)


def test_blanks_at_the_ends_of_a_text_are_said_to_matter(write, make_table):
    """Excel would leave them out; openpyxl and LibreOffice keep them either way."""
    with zipfile.ZipFile(io.BytesIO(write(make_table((TEXT,), ("  a  ",))))) as archive:
        assert b'xml:space="preserve">  a  </t>' in archive.read("xl/sharedStrings.xml")


def test_typed_cells_carry_the_apostrophe_that_excel_itself_would_set(write, make_table):
    sheet = open_book(write(make_table((TEXT, Column(id="n", kind="count")), ("=1", 1))))["responses"]
    assert sheet["A2"].quotePrefix
    assert not sheet["B2"].quotePrefix


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.text(min_size=1), min_size=1, max_size=8))
def test_any_text_that_can_be_stored_comes_back(write, make_table, texts):
    stored = [normalise_typed(text)[0] for text in texts]
    book = open_book(write(make_table((TEXT,), *((text,) for text in stored))))
    assert [typed_in(book, "responses", f"A{n}") for n in range(2, len(stored) + 2)] == stored


@pytest.mark.parametrize(
    "character", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"], ids=lambda character: f"U+{ord(character):04X}"
)
def test_character_that_no_workbook_can_hold_does_not_stop_the_export(write, make_table, character):
    table = make_table((Column(id=f"h{character}"),), (f"a{character}b",), (f"{character}" * 40_000,), ("next",))
    book = open_book(write(table, about=((f"k{character}", f"v{character}"),)))
    assert rows_of(book, "responses")[0] == ("h\ufffd",)
    assert typed_in(book, "responses", "A2") == "a\ufffdb"
    assert typed_in(book, "responses", "A3") == "\ufffd" * 40_000
    assert typed_in(book, "responses", "A4") == "next"


# Long texts


UNITS = 32_767


def units(text):
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "is_long"),
    [
        pytest.param("x" * UNITS, False, id="as_long_as_a_cell"),
        pytest.param("x" * (UNITS + 1), True, id="one_too_long"),
        pytest.param("👩" * 16_383, False, id="as_long_in_utf_16"),
        pytest.param("👩" * 16_384, True, id="one_too_long_in_utf_16"),
        pytest.param("x" * 15_993 + "_x0041_", False, id="as_long_in_runs"),
        pytest.param("x" * 15_994 + "_x0041_", True, id="one_too_long_in_runs"),
        pytest.param("\n" * 253, False, id="as_many_line_breaks"),
        pytest.param("\n" * 254, True, id="one_line_break_too_many"),
    ],
)
def test_text_goes_on_in_another_sheet_only_where_a_cell_cannot_hold_it(write, make_table, text, is_long):
    book = open_book(write(make_table((TEXT,), (text,))))
    assert ("long_texts" in book.sheetnames) is is_long
    assert typed_in(book, "responses", "A2") == text
    assert ("continued in the sheet long_texts" in book["responses"]["A2"].value) is is_long


def test_no_cell_is_longer_than_excel_allows(write, make_table, payloads):
    book = open_book(write(make_table((TEXT,), *((text,) for text in payloads.values()))))
    for sheet in book:
        for (value,) in sheet.iter_rows(values_only=True, min_col=sheet.max_column):
            assert units(value or "") <= UNITS
            assert (value or "").count("\n") <= 253


def test_long_texts_of_several_tables_are_told_apart(write, make_table):
    tables = [make_table((TEXT, TEXT), ("a", key * 40_000), key=key) for key in ("one", "two")]
    assert long_texts(open_book(write(*tables))) == {"one!B2": "one" * 40_000, "two!B2": "two" * 40_000}


# Numbers, dates and empty cells


def test_counts_are_numbers_and_dates_are_dates(write, make_table):
    columns = (Column(id="n", kind="count"), Column(id="d", kind="date"))
    sheet = open_book(write(make_table(columns, (12, date(2026, 3, 2)), (0, None))))["responses"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == (12, "n")
    assert (sheet["B2"].value.date(), sheet["B2"].is_date) == (date(2026, 3, 2), True)
    assert sheet["B2"].number_format == "yyyy-mm-dd"
    assert (sheet["A3"].value, sheet["B3"].value) == (0, None)


def test_blank_answer_is_an_empty_cell(write, make_table):
    sheet = open_book(write(make_table((TEXT, TEXT), ("", None), ("x", " "))))["responses"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [[None, None], ["x", " "]]


# Sheets


def test_each_table_is_a_sheet_after_one_about_the_export(write, make_table):
    book = open_book(write(make_table((TEXT,), ("a",)), make_table((TEXT,), ("b",), key="codebook")))
    assert book.sheetnames == ["about", "responses", "codebook"]
    assert about_of(book) == [("review", "QXNTVBRA")]
    assert rows_of(book, "codebook") == [("typed",), ("b",)]


def test_empty_table_gives_its_heading(write, make_table):
    book = open_book(write(make_table((Column(id="a"), Column(id="b")))))
    assert rows_of(book, "responses") == [("a", "b")]


@pytest.mark.parametrize(
    ("number", "sheets"),
    [(0, [0]), (2, [2]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])],
    ids=lambda value: str(value) if isinstance(value, int) else "",
)
def test_table_with_more_rows_than_a_sheet_holds_goes_on_in_another(
    write, make_table, module_of, monkeypatch, number, sheets
):
    monkeypatch.setattr(module_of("excel"), "MOST_ROWS", 4)
    book = open_book(write(make_table((TEXT,), *((f"row {n}",) for n in range(number)))))
    names = ["responses", "responses_2", "responses_3"][: len(sheets)]
    assert book.sheetnames == ["about", *names]
    assert [len(rows_of(book, name)) - 1 for name in names] == sheets
    assert {rows_of(book, name)[0] for name in names} == {("typed",)}
    assert [row for name in names for row in rows_of(book, name)[1:]] == [(f"row {n}",) for n in range(number)]


def test_long_text_of_a_second_sheet_is_named_by_that_sheet(write, make_table, module_of, monkeypatch):
    monkeypatch.setattr(module_of("excel"), "MOST_ROWS", 2)
    book = open_book(write(make_table((TEXT,), ("short",), ("x" * 40_000,))))
    assert long_texts(book)["responses_2!A2"] == "x" * 40_000


def test_long_headings_and_texts_of_every_sheet_of_a_table_are_told_apart(write, make_table, module_of, monkeypatch):
    monkeypatch.setattr(module_of("excel"), "MOST_ROWS", 3)
    monkeypatch.setattr(module_of("excel"), "MOST_COLUMNS", 4)
    headings = ["a", "B" * 40_000, "c", "D" * 40_000]
    rows = [tuple(f"{row}{letter}" * 20_000 if row % 2 else "" for letter in "abcd") for row in range(4)]
    columns = tuple(Column(id=letter, heading=heading) for letter, heading in zip("abcd", headings, strict=True))
    found = long_texts(open_book(write(make_table(columns, *rows))))
    expected = {}
    for row, beside, below in ((rows[1], "responses", "responses_3"), (rows[3], "responses_2", "responses_4")):
        expected |= {f"{beside}!B1": headings[1], f"{below}!B1": headings[3]}
        expected |= {f"{beside}!{letter}3": text for letter, text in zip("ABC", row[:3], strict=True)}
        expected |= {f"{below}!A3": row[0], f"{below}!B3": row[3]}
    assert found == expected


def test_heading_stays_in_view_and_can_be_filtered(write, make_table):
    sheet = open_book(write(make_table((TEXT, TEXT), ("a", "b"))))["responses"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:B2")
    assert sheet["A1"].font.bold


def test_no_member_is_announced_as_zip64_which_excel_takes_for_a_damaged_file(formats, make_table, make_export):
    stream = Forwards()
    formats["excel"].write(make_export(make_table((TEXT,), ("a",))), stream)
    with zipfile.ZipFile(io.BytesIO(stream.data)) as archive:
        for member in archive.infolist():
            version, sizes = struct.unpack_from("<4xH12x8s", stream.data, member.header_offset)
            assert (version, sizes) == (20, bytes(8)), member.filename


class Forwards(io.RawIOBase):
    """As a download: nothing written can be changed any more."""

    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, data):
        self.data += data
        return len(data)


def test_sheet_that_grows_too_large_for_that_goes_on_in_a_second_one(write, make_table, module_of, monkeypatch):
    monkeypatch.setattr(module_of("excel"), "MOST_BYTES", 20_000)
    texts = [f"{number} {'x' * 300}" for number in range(350)]
    book = open_book(write(make_table((TEXT,), *((text,) for text in texts))))
    assert book.sheetnames == ["about", "responses", "responses_2", "responses_3", "responses_4"]
    found = [rows_of(book, name) for name in book.sheetnames[1:]]
    assert {rows[0] for rows in found} == {("typed",)}
    assert [text for rows in found for (text,) in rows[1:]] == texts


# In a real spreadsheet

#: Every sheet as CSV, in UTF-8, cells as they are stored and not as they are shown.
AS_CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1"


def test_libreoffice_opens_the_workbook_and_finds_the_texts_unchanged(write, make_table, payloads, tmp_path):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice (soffice) is not installed; the workbook was read with openpyxl alone")
    columns = (Column(id="=heading"), TEXT, Column(id="day", kind="date"), Column(id="n", kind="count"))
    rows = [(name, text, date(2026, 3, 2), n) for n, (name, text) in enumerate(payloads.items())]
    (tmp_path / "forms.xlsx").write_bytes(write(make_table(columns, *rows)))
    command = [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--norestore"]
    command += ["--convert-to", AS_CSV, "--outdir", str(tmp_path), str(tmp_path / "forms.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    found = {sheet: list(_read_csv(tmp_path / f"forms-{sheet}.csv")) for sheet in ("responses", "long_texts")}
    whole = {}
    for cell, _, text in found["long_texts"][1:]:
        whole[cell] = whole.get(cell, "") + text
    assert found["responses"][0] == ["=heading", "typed", "day", "n"]
    for n, (row, (name, text)) in enumerate(zip(found["responses"][1:], payloads.items(), strict=True)):
        assert whole.get(f"responses!B{n + 2}", row[1]) == text, name
        assert row == [name, row[1], "2026-03-02", str(n)]


def _read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.reader(stream)


# Many texts at once

#: What spreadsheets, XML and CSV treat in ways of their own, for texts made up at random.
SPICE = "=+-@'\"<>&;,\t\n _x0041_\u200b\u202e\ufeff\u0301 éß中🎈👩‍👧"


@pytest.fixture(scope="session")
def generated_texts():
    chance = random.Random(7)
    letters = SPICE + "abc 019"
    return [
        "".join(chance.choice(letters) for _ in range(chance.choice((1, 3, 12, 60))))
        if number % 2
        else "".join(
            chr(chance.choice((chance.randrange(32, 0xD7FF), chance.randrange(0xE000, 0xFFFD)))) for _ in "12345678"
        )
        for number in range(5_000)
    ]


def everywhere(make_table, texts):
    """A workbook's tables with these texts in every kind of cell; headings and names of tables among them."""
    kinds = ("text", "code", "date", "count")
    cells = make_table(tuple(Column(id=kind, kind=kind) for kind in kinds), *((text,) * 4 for text in texts))
    headings = make_table(tuple(Column(id=text, heading=text) for text in texts), key="headings")
    titles = [make_table((TEXT,), (text,), key=text) for text in texts[::10]]
    return (cells, headings, *titles)


def test_no_formula_comes_of_400_in_any_cell_heading_or_title(write, make_table, formula_texts):
    tables = everywhere(make_table, formula_texts)
    book = open_book(write(*tables, about=tuple((text, text) for text in formula_texts)))
    assert len(formula_texts) == 400
    assert formulas(book) == []
    assert {cell.data_type for row in book["responses"].iter_rows() for cell in row} == {"s"}
    assert rows_of(book, "responses")[1:] == [(text,) * 4 for text in formula_texts]
    assert rows_of(book, "headings") == [tuple(formula_texts)]
    assert about_of(book) == [(text, text) for text in formula_texts]
    assert len(book.sheetnames) == 3 + 40


def test_5000_generated_texts_come_back(write, make_table, generated_texts):
    book = open_book(write(make_table((TEXT,), *((text,) for text in generated_texts))))
    assert [row[0] for row in rows_of(book, "responses")[1:]] == generated_texts
    assert formulas(book) == []


def convert(path, to):
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice (soffice) is not installed; the workbook was read with openpyxl alone")
    command = [soffice, f"-env:UserInstallation=file://{path.parent}/profile", "--headless", "--norestore"]
    command += ["--convert-to", to, "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)


def test_libreoffice_finds_no_formula_and_every_text(write, make_table, formula_texts, generated_texts, tmp_path):
    """As what LibreOffice itself would save: a formula there is an attribute of its cell."""
    texts = formula_texts + generated_texts
    cells, headings, *titles = everywhere(make_table, formula_texts)
    many = make_table((TEXT,), *((text,) for text in texts), key="many")
    (tmp_path / "forms.xlsx").write_bytes(write(cells, headings, *titles[::5], many))
    convert(tmp_path / "forms.xlsx", "fods")
    saved = (tmp_path / "forms.fods").read_text()
    assert saved.count("<table:table ") == 12
    assert not re.search(r'table:formula=|calcext:value-type="error"', saved)
    convert(tmp_path / "forms.xlsx", AS_CSV)
    assert [row[0] for row in _read_csv(tmp_path / "forms-many.csv")][1:] == texts


# The same data, the same bytes


def same_tables(make_table):
    columns = (TEXT, Column(id="code", kind="code"), Column(id="day", kind="date"))
    rows = [(f"text {n}", f"code{n % 7}", date(2026, 3, 1 + n % 9)) for n in range(400)]
    keys = ("part", "marker", "group", "code", "count")
    counts = [("judgement", f"qm{n:02}", group, "met", n) for n in range(9) for group in ("chair", "panel")]
    results = make_table(tuple(Column(id=key) for key in keys), *counts, key="results")
    return make_table(columns, *rows, ("x" * 40_000, "", None)), results


ELSEWHERE = """
import hashlib, io, sys
from datetime import date
sys.path.insert(0, {tests!r})
import conftest, test_export_excel
from pathlib import Path
from scrqm_forms.plugin_host import PluginHost
import openpyxl.xml
host = PluginHost({{}}, ())
host.load_all(Path("/nonexistent"))
stream = io.BytesIO()
host.formats["excel"].write(conftest.export_of(*test_export_excel.same_tables(conftest.table_of)), stream)
print(openpyxl.xml.LXML, hashlib.sha256(stream.getvalue()).hexdigest())
"""


def test_bytes_are_the_same_with_lxml_and_without_and_in_whatever_order_sets_come(write, make_table):
    here = hashlib.sha256(write(*same_tables(make_table))).hexdigest()
    code = ELSEWHERE.format(tests=str(Path(__file__).parent))
    for seed, lxml in (("1", "False"), ("2", "True")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "OPENPYXL_LXML": lxml}
        found = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        assert found.stdout.split()[1] == here
    assert (
        "False"
        in subprocess.run(
            [sys.executable, "-c", "import openpyxl.xml; print(openpyxl.xml.LXML)"],
            env=os.environ | {"OPENPYXL_LXML": "False"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    )


# What a person sees


def test_workbook_opens_with_what_it_holds_and_links_to_it(write, make_table):
    sheet = open_book(write(make_table((TEXT,), ("a",)), make_table((TEXT,), ("b",), key="it's")))["about"]
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'responses'!A1", "'it''s'!A1"]
    assert any("1 row." in str(cell.value) for row in sheet.iter_rows() for cell in row)


def test_results_are_drawn_from_cells_of_the_workbook(write, make_table):
    book = open_book(write(*same_tables(make_table)))
    assert len(book["charts"]._charts) == 2
    (series, *_) = book["charts"]._charts[0].series
    assert series.val.numRef.f.startswith("'charts'!")
    values = [row[:2] for row in rows_of(book, "charts") if row[0] in ("qm01", "qm08")]
    assert values == [("qm01", 1), ("qm08", 8)] * 2


def test_markers_of_one_title_are_drawn_apart(write, make_table):
    keys = ("part", "marker", "group", "code", "count")
    counts = [("judgement", marker, "chair", "met", n) for n, marker in enumerate(("qm01", "sar01"), 1)]
    results = make_table(tuple(Column(id=key) for key in keys), *counts, key="results")
    named = [(marker, 1, "Referral") for marker in ("qm01", "sar01")]
    codebook = make_table(tuple(Column(id=key) for key in ("marker", "number", "marker_title")), *named, key="codebook")
    rows = rows_of(open_book(write(results, codebook)), "charts")
    assert [row[:2] for row in rows if row[0] == "1. Referral"] == [("1. Referral", 1), ("1. Referral", 2)]


def test_sheet_is_set_up_to_be_printed(write, make_table):
    sheet = open_book(write(make_table((TEXT,), ("a",))))["responses"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$A")
    assert sheet.oddFooter.left.text == "&A"


@pytest.mark.parametrize(
    ("texts", "codes", "pages"), [(1, 0, 1), (8, 0, 1), (9, 0, 2), (0, 30, 1), (0, 31, 2), (90, 90, 14)]
)
def test_columns_are_printed_on_as_few_pages_as_can_be_read(write, make_table, texts, codes, pages):
    """A wide table printed three columns a page takes a thousand of them."""
    columns = [Column(id=f"text{n}") for n in range(texts)] + [Column(id=f"code{n}", kind="code") for n in range(codes)]
    sheet = open_book(write(make_table(tuple(columns))))["responses"]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (pages, 0)


def test_column_of_few_labels_is_no_wider_than_they_are(write, make_table):
    labels = {"met": "Met", "not_known": "I was not in a position to know"}
    long = Column(id="qm01.supporting_information.rating", kind="code")
    code = Column(id="role", kind="code", labels={"lead_reviewer": "Lead reviewer"})
    columns = (Column(id="a", labels={"yes": "Yes"}), Column(id="b", labels=labels), code, long, TEXT)
    dimensions = open_book(write(make_table(columns)))["responses"].column_dimensions
    assert [dimensions[letter].width for letter in "ABCDE"] == [12, 24, 13, 21, 44]


def test_groups_are_drawn_in_their_order_and_those_who_judged_nothing_are_not(write, make_table):
    counts = [("chair", "qm01", 0), ("nobody", "qm01", 0), ("panel", "qm01", 1), ("chair", "qm02", 2)]
    rows = [("judgement", marker, group, "met", count) for group, marker, count in counts]
    results = make_table(
        tuple(Column(id=key) for key in ("part", "marker", "group", "code", "count")), *rows, key="results"
    )
    charts = open_book(write(results))["charts"]._charts
    assert [chart.title.tx.rich.p[0].r[0].t for chart in charts] == ["Chair", "Panel"]


def test_each_group_is_drawn_on_a_page_of_its_own(write, make_table):
    sheet = open_book(write(*same_tables(make_table)))["charts"]
    (second,) = [cell.row for row in sheet.iter_rows() for cell in row if cell.value == "Panel"]
    assert [page.id for page in sheet.row_breaks.brk] == [second - 2]


def test_workbook_says_what_it_is(write, make_table):
    about = (("board", "North"), ("reference", "R1"), ("round", "reflect"))
    properties = open_book(write(make_table((TEXT,)), about=about)).properties
    assert (properties.title, properties.creator) == ("North · R1 · reflect", "SCRQM Forms")


def test_table_with_more_columns_than_a_sheet_holds_goes_on_beside_its_first(write, make_table, module_of, monkeypatch):
    monkeypatch.setattr(module_of("excel"), "MOST_COLUMNS", 4)
    columns = tuple(Column(id=f"c{n}") for n in range(8))
    rows = [tuple(f"{row}.{n}" for n in range(8)) for row in range(3)]
    book = open_book(write(make_table(columns, *rows)))
    assert book.sheetnames == ["about", "responses", "responses_2", "responses_3"]
    found = [rows_of(book, name) for name in book.sheetnames[1:]]
    assert [len(each[0]) for each in found] == [3, 4, 3]
    assert all([row[0] for row in each] == ["c0", "0.0", "1.0", "2.0"] for each in found)
    whole = [sum((each[n] if m == 0 else each[n][1:] for m, each in enumerate(found)), ()) for n in range(4)]
    assert whole == [tuple(column.id for column in columns), *rows]

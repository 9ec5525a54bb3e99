"""The Word pack: read back with python-docx, and refused kindly where python-docx is missing."""

import io
import sys
import zipfile
from pathlib import Path

import pytest
from docx import Document

from scrqm_forms.hookspecs import Column, Export
from scrqm_forms.plugin_host import PluginHost

ABOUT = (("review", "QXNTVBRA"), ("reference", "2026-07"), ("board", "North"), ("round", "reflect"), ("mode", "named"))
GROUPS = (("chair", "chairs"), ("panel", "panel members"))


def columns(*names):
    return tuple(Column(id=name) for name in names)


@pytest.fixture
def pack(make_table):
    """An export with one marker and the closing entry."""
    book = columns("column", "marker", "number", "marker_title", "item", "part", "wording", "options")
    options = "yes = Yes; no = No; not_known = I was not in a position to know"
    tables = (
        make_table(
            book,
            ("tea01.full.rating", "tea01", 1, "Kettle", "full", "rating", "Was it full?", options),
            ("tea01.full.comment", "tea01", 1, "Kettle", "full", "comment", "Was it full?", ""),
            ("tea01.obstacles.rain", "tea01", 1, "Kettle", "rain", "obstacle", "It rained.", "met = Came up"),
            ("tea01.judgement", "tea01", 1, "Kettle", "", "judgement", "There is a kettle.", "met = Met"),
            ("tea01.helped", "tea01", 1, "Kettle", "helped", "reflection", "What helped?", ""),
            ("closing.well.text", "closing", None, "The review as a whole", "well", "text", "What went well?", ""),
            key="codebook",
        ),
        make_table(
            columns("column", "group", "code", "count"),
            ("tea01.full.rating", "chair", "yes", 2),
            ("tea01.full.rating", "chair", "", 1),
            ("tea01.full.rating", "panel", "not_known", 3),
            ("tea01.obstacles.rain", "chair", "met", 1),
            ("tea01.judgement", "chair", "met", 3),
            key="results",
        ),
        make_table(
            columns("column", "role", "name", "text"),
            ("tea01.helped", "panel", "Pat Secret", "Tea \x01<b>\nand milk."),
            key="reflections",
        ),
        make_table(columns("marker", "agreed", "differed", "will_do"), ("tea01", "All.", "", "Ring."), key="notes"),
    )
    return Export(about=ABOUT, tables=tables, options={"table": "all"}, groups=GROUPS)


@pytest.fixture
def write(formats):
    def run(export):
        stream = io.BytesIO()
        formats["word"].write(export, stream)
        return stream.getvalue()

    return run


def headings(document):
    return [
        (each.style.name, each.text) for each in document.paragraphs if each.style.name.startswith(("Head", "Title"))
    ]


def test_pack_has_a_heading_for_each_thing_in_order(write, pack):
    document = Document(io.BytesIO(write(pack)))
    assert headings(document) == [
        ("Title", "2026-07: what people said, and what we make of it"),
        ("Heading 1", "1. Kettle"),
        ("Heading 2", "How the groups saw it"),
        ("Heading 2", "Obstacles that came up"),
        ("Heading 2", "What people wrote"),
        ("Heading 3", "What helped?"),
        ("Heading 2", "Where we agreed"),
        ("Heading 2", "Where we differed"),
        ("Heading 2", "What we will do"),
        ("Heading 1", "The review as a whole"),
        ("Heading 2", "Where we agreed"),
        ("Heading 2", "Where we differed"),
        ("Heading 2", "What we will do"),
    ]


def test_numbers_texts_and_notes_stand_in_it_and_names_do_not(write, pack):
    document = Document(io.BytesIO(write(pack)))
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert cells == [
        ["Question", "Chairs", "Panel members"],
        ["Was it full?", "Yes 2, no answer 1", "I was not in a position to know 3"],
        ["The marker as a whole", "Met 3", "–"],
    ]
    texts = [each.text for each in document.paragraphs]
    for text in (
        "Tea \ufffd<b>\nand milk.",
        "Panel members",
        "All.",
        "Ring.",
        "Nothing noted yet.",
        "There is a kettle.",
    ):
        assert text in texts, text
    assert "Pat Secret" not in str(texts)


def test_pages_are_numbered_and_say_that_they_are_confidential(write, pack):
    document = Document(io.BytesIO(write(pack)))
    (section,) = document.sections
    assert section.header.paragraphs[0].text.startswith("Confidential to those")
    xml = section.footer._element.xml
    assert 'w:instr="PAGE"' in xml
    assert 'w:instr="NUMPAGES"' in xml
    assert "w:tblHeader" in document.tables[0]._tbl.xml


def test_same_data_give_the_same_bytes_whenever_they_are_written(write, pack):
    made = write(pack)
    assert write(pack) == made
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_register_is_written_row_by_row(write, make_table):
    table = make_table(
        columns("improvement", "state", "change", "owner"), ("kk", "agreed", "Ring first.", None), key="register"
    )
    document = Document(io.BytesIO(write(Export(about=(("board", "North"),), tables=(table,), options={}))))
    assert [text for _, text in headings(document)] == ["North", "Register", "Ring first."]
    assert "State: agreed" in [each.text for each in document.paragraphs]


def test_without_python_docx_it_is_off_and_says_what_to_install(monkeypatch):
    for name in [each for each in sys.modules if each.partition(".")[0] == "docx"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "docx", None)
    host = PluginHost({}, ())
    host.load_all(Path("/nonexistent"))
    plugin = host.plugins["export_word"]
    assert (plugin.state, plugin.errors) == ("off", [])
    assert "pip install 'scrqm-forms[word]'" in plugin.lacks
    assert {"csv", "excel"} <= host.formats.keys()
    assert "word" not in host.formats

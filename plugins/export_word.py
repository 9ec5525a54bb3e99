"""Word: the pack for the conversation, marker by marker: what was asked, how groups saw it, what they wrote, the notes.

Written from the tables `codebook`, `results`, `reflections` and `notes`. python-docx makes the document; the same data
give the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.util import find_spec
from typing import Any, BinaryIO

from scrqm_forms.domain.errors import NotInstalled
from scrqm_forms.hookspecs import Export, ExportFormat, Table, hookimpl

# Imported where a document is written: every start of the program would wait for it.
if find_spec("docx") is None:
    raise NotInstalled("Word documents need python-docx: pip install 'scrqm-forms[word]'")

__version__ = "1"

CONFIDENTIAL = "Confidential to those who take part in the conversation. Do not copy or pass on."
NO_SCORE = "The answers are prompts for a conversation, not marks: no score is made of them."
NOTES = {"agreed": "Where we agreed", "differed": "Where we differed", "will_do": "What we will do"}
#: Reasons for there being no answer, as in the results; "not_asked" is left out.
_APART = {"": "no answer", "not_my_part": "not my part of the review"}
_SCALES = ("rating", "choice", "judgement", "helped")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TIME = (1980, 1, 1, 0, 0, 0)
Rows = list[dict[str, Any]]


@hookimpl
def register_export_formats(settings: Mapping[str, Any]) -> list[ExportFormat]:
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return [
        ExportFormat(
            key="word",
            label="Word document",
            media_type=media_type,
            suffix=".docx",
            write=write_word,
            takes_codes=True,
        )
    ]


def write_word(export: Export, stream: BinaryIO) -> None:
    """The pack of a round; of anything else, such as a board's register, each row as a list of what is in it."""
    document = _new_document(dict(export.about))
    if any(table.key == "codebook" for table in export.tables):
        _write_words(document, dict(export.about))
        _Pack(document, export).write()
    else:
        for table in export.tables:
            _write_rows(document, table)
    _save(document, stream)


class _Pack:
    def __init__(self, document: Any, export: Export) -> None:
        self._document = document
        self._groups = dict(export.groups)
        rows = {table.key: table for table in export.tables}

        def read(key: str) -> Rows:
            return list(rows[key].records()) if key in rows else []

        self._book, self._notes = read("codebook"), {row["marker"]: row for row in read("notes")}
        self._counts: dict[str, dict[str, dict[str, int]]] = {}
        for row in read("results"):
            self._counts.setdefault(row["column"], {}).setdefault(row["group"], {})[row["code"]] = row["count"]
        self._improvements = read("improvements")
        self._texts: dict[str, dict[str, list[str]]] = {}
        for row in read("reflections"):
            group = row.get("group") or row.get("role") or ""
            self._texts.setdefault(row["column"], {}).setdefault(group, []).append(row["text"])

    def write(self) -> None:
        """Every entry that the codebook knows, in its order, each on a page of its own."""
        for key in dict.fromkeys(row["marker"] for row in self._book):
            self._write_entry(key, [row for row in self._book if row["marker"] == key])
        if self._improvements:
            self._document.add_heading("Improvements made from this review", 1)
            names = ("change", "state", "owner", "due_on")
            rows = ([row[name] for name in names] for row in self._improvements)
            _add_table(self._document, ["What should be different", "State", "Owner", "Due"], rows)

    def _write_entry(self, key: str, places: Rows) -> None:
        number, title = places[0]["number"], places[0]["marker_title"]
        heading = self._document.add_heading(_clean(f"{number}. {title}" if number else title), 1)
        heading.paragraph_format.page_break_before = True
        for place in places:
            if place["part"] == "judgement":
                self._document.add_paragraph(_clean(place["wording"]), style="Intense Quote")
        if asked := [place for place in places if place["part"] in _SCALES]:
            self._document.add_heading("How the groups saw it", 2)
            self._write_scales(asked)
        self._write_obstacles([place for place in places if place["part"] == "obstacle"])
        if texts := [place for place in places if place["column"] in self._texts]:
            self._document.add_heading("What people wrote", 2)
            for place in texts:
                self._write_texts(place)
        self._write_notes(self._notes.get(key, {}))

    def _write_scales(self, places: Rows) -> None:
        head = ["Question", *(_first_upper(title) for title in self._groups.values())]
        rows = [
            [self._name_of(place), *(self._in_words(place, group) for group in self._groups)]
            for place in places
            if place["column"] in self._counts
        ]
        if rows:
            _add_table(self._document, head, iter(rows))
        else:
            self._document.add_paragraph("No answers to show.")

    def _name_of(self, place: Mapping[str, Any]) -> str:
        return "The marker as a whole" if place["part"] == "judgement" else str(place["wording"])

    def _in_words(self, place: Mapping[str, Any], group: str) -> str:
        """ "Yes 3, No 1"; a dash where nothing is shown."""
        counts = self._counts.get(place["column"], {}).get(group)
        if counts is None:
            return "–"
        labels = dict(each.split(" = ", 1) for each in str(place["options"]).split("; ") if " = " in each) | _APART
        said = [
            f"{labels.get(code, code)} {number}" for code, number in counts.items() if number and code != "not_asked"
        ]
        return ", ".join(said) or "not asked"

    def _write_obstacles(self, places: Rows) -> None:
        counts = self._counts
        met = [place for place in places if any(each.get("met") for each in counts.get(place["column"], {}).values())]
        if not met:
            return
        self._document.add_heading("Obstacles that came up", 2)
        head = ["Obstacle", *(_first_upper(title) for title in self._groups.values())]
        rows = ([place["wording"], *(self._met(place["column"], group) for group in self._groups)] for place in met)
        _add_table(self._document, head, rows)

    def _met(self, column: str, group: str) -> str:
        counts = self._counts.get(column, {}).get(group)
        return "–" if counts is None else str(counts.get("met", 0))

    def _write_texts(self, place: Mapping[str, Any]) -> None:
        kind = "Comments: " if place["part"] == "comment" else ""
        self._document.add_heading(_clean(f"{kind}{place['wording']}"), 3)
        for group, texts in self._texts[place["column"]].items():
            paragraph = self._document.add_paragraph()
            paragraph.add_run(_clean(_first_upper(self._groups.get(group, group)))).bold = True
            paragraph.paragraph_format.keep_with_next = True
            for text in texts:
                # By its id: looking a style up by name takes longer than all the rest.
                self._document.add_paragraph(_clean(text))._p.style = "ListBullet"

    def _write_notes(self, notes: Mapping[str, Any]) -> None:
        for field, heading in NOTES.items():
            self._document.add_heading(heading, 2)
            self._document.add_paragraph(_clean(notes.get(field) or "Nothing noted yet."))


def _new_document(about: Mapping[str, str]) -> Any:
    from docx import Document
    from docx.shared import Cm, Pt

    document = Document()
    name = about.get("reference") or about.get("board", "")
    title = f"{name}: what people said, and what we make of it" if "round" in about else name
    properties = document.core_properties
    properties.title, properties.author, properties.language = _clean(title), "SCRQM Forms", "en-GB"
    properties.created = properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001  as the library wants it
    properties.last_modified_by, properties.revision = "", 1
    document.styles["Normal"].font.size = Pt(11)
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2)
        section.header.paragraphs[0].text = CONFIDENTIAL if "round" in about else ""
        _number_pages(section.footer.paragraphs[0])
    document.add_heading(_clean(title), 0)
    return document


def _write_words(document: Any, about: Mapping[str, str]) -> None:
    for key in ("board", "reference", "round", "mode"):
        if about.get(key):
            document.add_paragraph(_clean(f"{_first_upper(key)}: {about[key]}"))
    document.add_paragraph().add_run(CONFIDENTIAL).bold = True
    document.add_paragraph(NO_SCORE)
    if about.get("mode") == "confidential":
        document.add_paragraph("Small groups are shown joined; – stands where too few of a group were asked.")
    if about.get("synthetic", "no") != "no":
        document.add_paragraph("Made-up responses for a trial.")


def _write_rows(document: Any, table: Table) -> None:
    document.add_heading(_clean(table.title), 1)
    for row in table.rows():
        cells = {
            column.id: str(value) for column, value in zip(table.columns, row, strict=True) if value not in (None, "")
        }
        title = cells.pop("change", "") or next(iter(cells.values()), "")
        document.add_heading(_clean(title), 2)
        for name, value in cells.items():
            document.add_paragraph(_clean(f"{_first_upper(name.replace('_', ' '))}: {value}"))


def _number_pages(paragraph: Any) -> None:
    """ "Page 3 of 12", as fields that Word works out."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for text, field in (("Page ", "PAGE"), (" of ", "NUMPAGES")):
        paragraph.add_run(text)
        element = OxmlElement("w:fldSimple")
        element.set(qn("w:instr"), field)
        element.append(paragraph.add_run("1")._r)
        paragraph._p.append(element)


def _add_table(document: Any, head: list[str], rows: Iterator[Any]) -> None:
    from docx.oxml import OxmlElement

    table = document.add_table(rows=1, cols=len(head), style="Table Grid")
    mark = OxmlElement("w:tblHeader")  # repeated on every page, and told to screen readers as the head
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    for cell, text in zip(table.rows[0].cells, head, strict=True):
        cell.paragraphs[0].add_run(_clean(text)).bold = True
    for row in rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean("" if value is None else str(value))
    document.add_paragraph()


def _save(document: Any, stream: BinaryIO) -> None:
    """With the same time on every part of the file."""
    made = io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, _TIME), source.read(name), zipfile.ZIP_DEFLATED)


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _clean(text: str) -> str:
    """What no file of this kind can hold stands as �."""
    return _NOT_XML.sub("\ufffd", str(text))

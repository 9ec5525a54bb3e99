"""Word, PDF and saved web pages give the same marker as the plain text. The marker is invented, the files made here."""

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError

from scrqm_forms.documents.reading import read_document_text
from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.domain.published_text import MAX_SIZE, NotAMarker, read_published_text

from .pdf_files import pdf_document, set_lines

STATEMENT = "The kettle is boiled before the guests arrive. It is poured by those who know how to, and never late"
RATIONALE = ("Cold tea disappoints.", "It takes two things:", "All of it matters.")
THINGS = ("water", "who brings the leaves?")
QUESTIONS = (
    "Is there a kettle?",
    "Does somebody fill it, and does that somebody know where the tap is, and when it has to be turned off again?",
    "Are these ready:\n- the spoons\n- the sugar?",
    "How is the tea poured?",
)
KNOWLEDGE = ("Tea drinkers reports that hot water matter (Leaf, 2001).",)
OBSTACLES = ("A spare kettle helps.", "One person who pours is better than three.")
QUESTIONS_HEADING = "How might you know if you are meeting this quality marker?"
CLOSING = "This is one of a set of 18 Quality Markers which aim to support tea."


def assert_read(data):
    draft = read_published_text(read_document_text(data))
    assert (draft.number, draft.title, draft.statement) == (8, "Kettle care", STATEMENT)
    assert draft.questions == QUESTIONS
    assert (draft.knowledge, draft.equality, draft.guidance, draft.obstacles) == (KNOWLEDGE, (), None, OBSTACLES)
    assert [part for part in RATIONALE if part not in draft.rationale] == []
    assert [thing for thing in THINGS if f"• {thing}" not in draft.rationale] == []
    return draft


# Word


def word_document(change=lambda document: None, lists=("List Number", "List Bullet")):
    numbered, bulleted = lists
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Tea House"
    document.add_heading("Quality Marker 8: Kettle care", 1)
    paragraph = document.add_paragraph()
    paragraph.add_run("Quality statement: ").bold = True
    paragraph.add_run(STATEMENT)
    document.add_heading("Rationale", 2)
    document.add_paragraph(RATIONALE[0])
    document.add_paragraph(RATIONALE[1])
    for thing in THINGS:
        document.add_paragraph(thing, style=bulleted)
    document.add_paragraph(RATIONALE[2])
    document.add_heading(QUESTIONS_HEADING, 2)
    for question in QUESTIONS:
        first, *nested = question.split("\n- ")
        document.add_paragraph(first, style=numbered)
        for item in nested:
            document.add_paragraph(item, style="List Bullet 2")
    document.add_heading("Knowledge base", 2)
    document.add_paragraph(KNOWLEDGE[0], style=bulleted)
    document.add_heading("Equality & diversity", 2)
    document.add_heading("Tackling some common obstacles", 2)
    for obstacle in OBSTACLES:
        document.add_paragraph(obstacle, style=bulleted)
    document.add_paragraph(CLOSING)
    change(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("lists", [("List Number", "List Bullet"), ("List Bullet", "List Number")])
def test_word_document_is_read_with_its_lists(lists):
    if lists[1] == "List Bullet":
        assert assert_read(word_document(lists=lists)).warnings == (
            'The heading "Equality and diversity" has no text under it.',
        )
    else:
        draft = read_published_text(read_document_text(word_document(lists=lists)))
        assert (draft.questions, draft.obstacles) == (QUESTIONS, OBSTACLES)


def test_level_of_a_list_outweighs_the_inset_of_its_style():
    """As Word writes bullets: all in "List Paragraph", each level inset by the list."""

    def nest(document):
        key = document.styles["List Bullet"].element.find(f".//{qn('w:numId')}").get(qn("w:val"))
        for paragraph in document.paragraphs:
            if paragraph.style.name.startswith("List Bullet"):
                level = 1 if paragraph.style.name.endswith("2") else 0
                paragraph.style = "List Paragraph"
                numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                numbering.get_or_add_ilvl().val, numbering.get_or_add_numId().val = level, int(key)

    draft = read_published_text(read_document_text(word_document(nest, lists=("List Bullet", "List Number"))))
    assert draft.questions == QUESTIONS


def test_word_document_laid_out_in_a_table_is_read():
    def into_table(document):
        body = document.element.body
        paragraphs = [child for child in body if child.tag.endswith("}p")]
        table = document.add_table(rows=1, cols=2)
        for paragraph in paragraphs[:4]:
            table.cell(0, 0)._element.append(paragraph)
        for paragraph in paragraphs[4:]:
            table.cell(0, 1)._element.append(paragraph)

    assert_read(word_document(into_table))


def test_soft_line_break_of_word_joins_its_item_and_is_named():
    def add_break(document):
        paragraph = next(each for each in document.paragraphs if each.text == QUESTIONS[3])
        paragraph.add_run().add_break()
        paragraph.add_run("For example, slowly.")

    draft = read_published_text(read_document_text(word_document(add_break)))
    assert draft.questions[3] == f"{QUESTIONS[3]} For example, slowly."
    assert "Question 4: the line below was read as part of it" in draft.warnings[0]


def test_what_tracked_changes_have_deleted_is_not_read():
    def delete(document):
        run = next(each for each in document.paragraphs if each.text == CLOSING).runs[0]._element
        deleted = run.makeelement(run.tag.replace("}r", "}del"), {})
        run.addprevious(deleted)
        deleted.append(run)

    assert CLOSING not in read_document_text(word_document(delete))


# PDF


WRAPPED = (
    "Quality Marker 8: Kettle care",
    "Quality statement: The kettle is boiled before the guests arrive. It is\npoured by those who know how to, and "
    "never late",
    "Rationale",
    "Cold tea disap-\npoints.",
    "It takes two things:",
    "  • water\n  • who brings the leaves?",
    "All of it matters.",
    QUESTIONS_HEADING.replace("this quality", "this\nquality"),
    "  1. Is there a kettle?\n  2. Does somebody fill it, and does that somebody know where the tap is,\n"
    "     and when it has to be turned off again?\n  3. Are these ready:\n      • the spoons\n      • the sugar?\n"
    "  4. How is the tea poured?",
)
REST = (
    "Knowledge base",
    "  • Tea drinkers reports that hot water matter (Leaf, 2001).",
    "Equality & diversity",
    "Tackling some common obstacles",
    "  • A spare kettle helps.\n  • One person who pours is better than three.",
    CLOSING,
)


def test_pdf_is_read_with_its_wrapped_lines_put_together():
    assert_read(pdf_document([set_lines(WRAPPED), set_lines(REST)]))


def test_running_heads_and_page_numbers_of_a_pdf_are_no_text():
    pages = [WRAPPED[:4], WRAPPED[4:7], WRAPPED[7:], REST]
    framed = [
        [(60, 810, "Tea House Quality Markers"), *set_lines(page), (300, 30, f"Page {n} of 4")]
        for n, page in enumerate(pages, 1)
    ]
    draft = assert_read(pdf_document(framed))
    assert "Page" not in " ".join(draft.warnings)


def test_sentence_over_two_pages_of_a_pdf_stays_whole():
    first, second = WRAPPED[1].split("\n")
    pages = [set_lines((WRAPPED[0], first)), set_lines((second, *WRAPPED[2:])), set_lines(REST)]
    assert_read(pdf_document([[*page, (300, 30, str(n))] for n, page in enumerate(pages, 1)]))


def test_two_columns_of_a_pdf_are_read_one_after_the_other():
    assert_read(pdf_document([set_lines(WRAPPED, x=40) + set_lines(REST, x=310)]))


def test_compound_at_the_end_of_a_line_keeps_its_hyphen():
    text = read_document_text(
        pdf_document([set_lines(("A multi-\nagency pot, a well-\nscrubbed cup and some infor-\nmation",))])
    )
    assert "A multi-agency pot, a well-scrubbed cup and some information" in text


@pytest.mark.parametrize("lines", [[], [(60, 700, " ")]], ids=["nothing", "blank"])
def test_pdf_of_pictures_is_refused(lines):
    with pytest.raises(NotAMarker, match="holds no text"):
        read_document_text(pdf_document([lines]))


def test_small_pdf_with_far_more_inside_than_any_marker_is_refused():
    page = PdfReader(io.BytesIO(pdf_document([[(60, 700, "tea " * 300_000)]]))).pages[0]
    writer = PdfWriter()
    for _ in range(10):
        writer.add_page(page).compress_content_streams()
    writer.write(small := io.BytesIO())
    assert len(small.getvalue()) < 1_000_000
    with pytest.raises(NotAMarker, match="far larger inside"):
        read_document_text(small.getvalue())


# Web pages


PAGE = f"""<!DOCTYPE html><html><head><title>Kettle care - Tea House</title><meta charset="utf-8"></head><body>
<a href="#c">Skip to content</a><header>Tea House<nav><ul><li><a>Home</a><li>Quality statement</ul></nav></header>
<form action="/"><main id="c"><p><a>Home</a> &gt; <a>Tea</a> &gt; <a>Quality markers</a></p>
<h1>Quality Marker&nbsp;8: Kettle care</h1>
<p><strong>Quality statement:</strong> {STATEMENT.replace(". It", ".<em> It</em>")}
</p><h2>Rationale</h2><p>{RATIONALE[0]}<p>{RATIONALE[1]}<ul><li>water<li>who brings the leaves?
</ul><p>{RATIONALE[2]}</p>
<h2>{QUESTIONS_HEADING}</h2>
<ol><li><p>{QUESTIONS[0]}</p></li><li>{QUESTIONS[1]}
</li><li>Are these ready:<ul><li>the spoons</li><li>the sugar?</li></ul></li><li>{QUESTIONS[3]}</li></ol>
<ul class="accordion"><li><h3><button>Knowledge base</button></h3><div hidden><ul><li>{KNOWLEDGE[0]}</li>
</ul></div></li>
<li><h3><button>Equality &amp; diversity</button></h3></li></ul>
<details><summary>Tackling some common obstacles</summary><div style="display:none"><ul>
  <li>{OBSTACLES[0]}</li>
  <li>{OBSTACLES[1]}</li></ul></div></details>
<p>{CLOSING}</p><script>var tea = "1. Is this a question?";</script></main></form>
<aside><ul><li>Related: Spoons</li></ul></aside><footer><ol><li>Is this one?</li></ol><p>&copy; Tea House</p></footer>
</body></html>"""


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page,
        lambda page: page.replace("<main", "<div").replace("</main>", "</div>"),
        lambda page: page.replace("<!DOCTYPE html>", "\n<!-- saved from url=(0014)tea.example/ -->\n"),
        lambda page: page.replace("</li>", "").replace("</p>", ""),
        lambda page: page.replace("><", ">\n        <"),
    ],
    ids=["as it is", "without a main part", "saved", "without closing tags", "indented"],
)
def test_web_page_is_read_without_menus_and_footers(change):
    draft = assert_read(change(PAGE).encode())
    assert [warning for warning in draft.warnings if "Equality and diversity" not in warning] == []


@pytest.mark.parametrize(
    ("codec", "declared"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("cp1252", "iso-8859-1"), ("utf-16", "utf-8")]
)
def test_web_page_is_decoded_as_it_says(codec, declared):
    page = PAGE.replace('charset="utf-8"', f'charset="{declared}"').replace(STATEMENT[-4:], "“late”")
    assert "“late”" in read_document_text(page.encode(codec))


def test_web_archive_is_read():
    head = 'From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="b"\n\n'
    part = f"--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{PAGE}\n--b--\n"
    assert_read((head + part).encode())


def test_line_break_within_an_item_joins_it():
    page = PAGE.replace(QUESTIONS[3], "How is the tea poured?<br>For example, slowly.")
    assert read_published_text(read_document_text(page.encode())).questions[3].endswith("poured? For example, slowly.")


# What cannot be read


def zip_file(name, content=b"x"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def locked(data, password, algorithm):
    """The PDF locked against changes and, unless the password is empty, against reading."""
    writer, stream = PdfWriter(clone_from=io.BytesIO(data)), io.BytesIO()
    writer.encrypt(user_password=password, owner_password="of the publisher", algorithm=algorithm)
    writer.write(stream)
    return stream.getvalue()


@pytest.mark.parametrize("algorithm", ["AES-256", "AES-256-R5", "AES-128", "RC4-128"])
def test_pdf_that_is_locked_against_changes_alone_is_read(algorithm):
    plain = pdf_document([[(60, 700, "Is there a kettle?")]])
    assert read_document_text(locked(plain, "", algorithm)) == read_document_text(plain)


def test_locked_pdf_without_the_library_for_it_asks_for_the_extra(monkeypatch):
    def decrypt(*_password):
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    monkeypatch.setattr(PdfReader, "decrypt", decrypt)
    with pytest.raises(ScrqmFormsError, match='install the extra "import"'):
        read_document_text(locked(pdf_document([[(60, 700, "Tea")]]), "", "AES-256"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 no more", "no PDF that can be read"),
        (b"PK\x03\x04 no more", "no Word document"),
        (zip_file("tea.txt"), "unpack it first"),
        (zip_file("content.xml"), r"an OpenDocument file \(.odt\)"),
        (zip_file("xl/workbook.xml"), r"a spreadsheet \(.xlsx\)"),
        (b"{\\rtf1 tea}", r"rich text document \(.rtf\); open it, and save it as .docx"),
        (locked(pdf_document([[(60, 700, "Tea")]]), "tea", "AES-256"), "locked with a password; save it without one"),
        (zip_file("word/document.xml", b"<tea/>"), "no Word document"),
        (zip_file("word/document.xml", b" " * 70_000_000), "far larger inside"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not plain text"),
        (b"\xd0\xcf\x11\xe0 old", r"old kind \(.doc\)"),
        (b"<html>" + b" " * MAX_SIZE, "larger than 5 MB"),
        (b"<html><body><nav>Home</nav></body></html>", "empty"),
    ],
    ids=[
        "empty",
        "pdf",
        "zip",
        "other zip",
        "odt",
        "xlsx",
        "rtf",
        "locked pdf",
        "odd docx",
        "bomb",
        "picture",
        "doc",
        "large",
        "menu only",
    ],
)
def test_file_that_cannot_be_read_is_refused(data, reason):
    with pytest.raises(NotAMarker, match=reason):
        read_published_text(read_document_text(data))


# What a document holds and does not show


@pytest.mark.parametrize(
    "piece",
    [
        *("<p hidden>Never.</p>", "<p style='color: red; DISPLAY :none'>Never.</p>", "<p><del>Never.</del></p>"),
        *("<p>It<span hidden> never</span> warms.</p>", "<ul><li hidden>Never.</li></ul>"),
    ],
)
def test_what_a_web_page_hides_or_has_struck_out_is_no_text(piece):
    assert "ever" not in read_document_text(f"<html><body><p>It warms.</p>{piece}<p>So.</p></body></html>".encode())


@pytest.mark.parametrize("folded", ["<div hidden>", "<section hidden='until-found'>", "<div style='display:none'>"])
def test_section_that_is_folded_away_is_text(folded):
    page = f"<html><body><p>It warms.</p>{folded}<p hidden='until-found'>Tea.</p></div></section></body></html>"
    assert "Tea." in read_document_text(page.encode())


@pytest.mark.parametrize(("value", "shown"), [(None, False), ("true", False), ("0", True), ("false", True)])
def test_hidden_text_of_word_is_no_text(value, shown):
    def hide(document):
        run = document.paragraphs[-1].add_run(" Never.")
        run.font.hidden = True
        if value:
            run._element.rPr.find(qn("w:vanish")).set(qn("w:val"), value)

    assert ("Never." in read_document_text(word_document(hide))) == shown

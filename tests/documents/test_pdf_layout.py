"""Where a PDF's letters stand tells its paragraphs, its items and what belongs to the page. All text is invented."""

import pytest

from scrqm_forms.documents.reading import read_document_text
from scrqm_forms.domain.published_text import read_published_text

from .pdf_files import pdf_document, set_lines

ABOVE = (
    "Quality Marker 8: Kettle care",
    "Quality statement: The kettle is boiled.",
    "Rationale",
    "Cold tea disappoints.",
    "How might you know if you are meeting this quality marker?",
)
ASKED = ("Is there a kettle, and does somebody fill it?", "Is it hot?", "Are the cups clean and is the pot warm?")


def read_pages(*pages, dots=()):
    return read_document_text(pdf_document(pages, dots))


def read(*pages, dots=()):
    return read_published_text(read_pages(*pages, dots=dots))


def listed(gap, x=78):
    """The questions, the first and the last on two lines, 14 points apart; `gap` points between two of them."""
    lines, y = [], 600
    rows = ("Is there a kettle, and", "does somebody fill it?", ASKED[1], "Are the cups clean and", "is the pot warm?")
    for row in rows:
        begins = row[0].isupper()
        y -= gap if begins else 14
        lines.append((x, y, row))
    return lines


def test_bullets_that_are_drawn_are_marks():
    lines = listed(gap=14)
    dots = [(x - 12, y + 2) for x, y, row in lines if row[0].isupper()]
    assert read([*set_lines(ABOVE), *lines], dots=dots).questions == ASKED


def test_lines_and_icons_that_are_drawn_elsewhere_are_no_marks():
    assert "•" not in read_pages(set_lines(ABOVE), dots=[(57, 400), (300, 780), (20, 780)])


def test_items_without_marks_are_told_by_the_gaps_between_them():
    assert read([*set_lines(ABOVE), *listed(gap=19)]).questions == ASKED


def test_item_over_two_pages_stays_whole():
    lines = listed(gap=19)
    assert read([*set_lines(ABOVE), *lines[:1]], [(x, y + 150, row) for x, y, row in lines[1:]]).questions == ASKED


def test_new_item_on_the_next_page_is_one_of_its_own():
    lines = listed(gap=19)
    assert read([*set_lines(ABOVE), *lines[:3]], [(x, y + 150, row) for x, y, row in lines[3:]]).questions == ASKED


@pytest.mark.parametrize("pages", [1, 2])
def test_what_a_browser_prints_around_a_page_is_no_text(pages):
    def frame(page, n):
        head = [(24, 815, "11/29/26, 5:14 PM"), (250, 815, "Kettle care - Tea House")]
        return [*page, *head, (24, 15, "https://tea.example/kettle care/"), (540, 15, f"{n}/{pages}")]

    both = [*set_lines(ABOVE), *listed(gap=19)]
    half = len(both) - 2
    parts = [both] if pages == 1 else [both[:half], [(x, y + 150, row) for x, y, row in both[half:]]]
    draft = read(*(frame(part, n) for n, part in enumerate(parts, 1)))
    assert draft.questions == ASKED
    assert not [warning for warning in draft.warnings if "Tea House" in warning or "Left out" in warning]


def test_running_head_of_two_pages_is_no_text():
    first, second = [*set_lines(ABOVE), *listed(gap=19)], set_lines(("Knowledge base", "Tea is hot."))
    draft = read(*([(60, 812, "Tea House papers"), *page] for page in (first, second)))
    assert (draft.questions, draft.knowledge) == (ASKED, ("Tea is hot.",))


@pytest.mark.parametrize("mark", ["- ", ""], ids=["at the foot", "in the middle of the page"])
def test_last_item_of_each_page_is_no_running_foot_though_all_are_the_same(mark):
    foot = 20 if mark else 600
    first = [
        *set_lines(ABOVE),
        *listed(gap=19),
        (60, 500 if mark else 300, "Knowledge base"),
        (60, foot, f"{mark}None."),
    ]
    others = [
        [(60, 700, name), (60, foot, f"{mark}None.")]
        for name in ("Statutory guidance", "Tackling some common obstacles")
    ]
    draft = read(first, *others)
    assert (draft.knowledge, draft.guidance, draft.obstacles) == (("None.",),) * 3


def test_mark_that_stands_apart_from_its_item_is_parted_from_it():
    text = read_pages([(78, 700, "o"), (96, 700, "the spoons"), (78, 680, "1."), (96, 680, "the cups")])
    assert text.split("\n") == ["o the spoons", "1. the cups"]


def test_cells_of_a_table_are_lines_of_their_own():
    rows = [(60, 700, "Rationale"), (220, 700, "Cold tea disappoints those"), (220, 686, "who came for it.")]
    assert [line.strip() for line in read_pages(rows).split("\n") if line] == [
        "Rationale",
        "Cold tea disappoints those",
        "who came for it.",
    ]


def test_title_in_large_letters_on_two_rows_is_one_line():
    rows = [(60, 780, "Quality Marker 8: Care of", 20), (60, 756, "the kettle", 20), *set_lines(ABOVE[1:], top=700)]
    assert read([*rows, *((x, y - 60, row) for x, y, row in listed(gap=19))]).title == "Care of the kettle"


def test_compound_of_two_words_keeps_its_hyphen():
    assert "the working-out of it" in read_pages(set_lines(("We show the working-\nout of it.",)))
    assert "a tea-pot" in read_pages(set_lines(("Tea is in the pot, a tea-\npot. The tea is hot.",)))

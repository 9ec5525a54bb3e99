"""Titles and statements of markers that have no labels. All wording is invented."""

import pytest

from scrqm_forms.domain.published_text import NotAMarker, read_published_texts

from .test_published_variations import STATEMENT, adult_text, marker_text, warnings_with

LONG = "Brewing of the tea, the leaves, the relevant pots and cups"
TITLES = (LONG, "Tea", "Referral of guests", "The Pot and Lid")


def read(text):
    (draft,) = read_published_texts(text, TITLES)
    return draft


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("SAR Quality Marker 7: Brewing of the tea, the leaves, the relevant pots\nand cups", LONG),
        ("SAR Quality Marker 7: Brewing of the tea,\nthe leaves,\nthe relevant pots and cups", LONG),
        ("Brewing of the tea, the leaves, the relevant pots\nand cups\nSAR Quality Marker 7", LONG),
        ("SAR Quality Marker 7: The Pot\nand Lid", "The Pot and Lid"),
        ("SAR Quality Marker 7: The Pot and\nLid", "The Pot and Lid"),
        ("SAR Quality Marker 7: Kettles\nand spoons", "Kettles and spoons"),
    ],
)
def test_title_on_several_lines_is_put_together(title, words, between):
    draft = read(f"{title}\n\n{adult_text('button', '').strip()}".replace("\n\n", between))
    assert (draft.number, draft.title, draft.statement) == (7, words, STATEMENT)


@pytest.mark.parametrize(
    "title",
    [
        *("Quality Marker 06: Tea", "QM06: Tea", "Quality Marker No. 6: Tea", "Marker No. 6: Tea", "QM 6 Tea"),
        *("Quality Marker 6 of 18: Tea", "Quality Marker 6 of 18\nTea", "QM6 Tea", "Quality Marker number 6 Tea"),
    ],
)
def test_number_is_read_however_it_is_written(title):
    draft = read(marker_text(title=title))
    assert (draft.number, draft.title, draft.warnings) == (6, "Tea", ())


def test_label_below_a_title_on_several_lines_is_found():
    draft = read(marker_text(title="Quality Marker 8: Kettle\ncare"))
    assert (draft.title, draft.statement, draft.warnings) == ("Kettle care", "tea is hot.", ())


def test_statement_in_small_letters_below_a_title_is_none_of_it():
    text = marker_text().replace("\n\nQuality statement: tea is hot.", "\ntea is hot and\nso on.")
    assert read(text).title == "Kettle care"


@pytest.mark.parametrize(
    "above",
    [
        "Tea House Quality Markers\n\nTea",
        "Tea",
        "Skip to content\n\nTea",
        "Skip to content\n\nTea\n\nTea House Quality Markers",
        f"Menu\n\n{LONG}\nTea\nReferral of guests\n\nTea",
    ],
    ids=["below the set's name", "alone", "below a menu", "above the set's name", "below a menu of titles"],
)
def test_line_that_is_a_title_of_the_set_is_the_title(above):
    draft = read(f"{above}\n\n{adult_text('button', '').strip()}")
    assert (draft.number, draft.title, draft.statement) == (None, "Tea", STATEMENT)
    assert warnings_with(draft, "No number was found", '"Tea"')


def test_unknown_title_alone_below_the_set_s_name_is_the_title():
    text = adult_text("button", "Tea House Quality Markers\n\nTea and more\n")
    draft = read(text.replace("\nQuestions", "\n\nQuestions"))
    assert (draft.title, draft.statement, draft.rationale) == ("Tea and more", STATEMENT, "")


def test_last_title_of_a_menu_is_not_taken_for_the_marker_s():
    draft = read(f"{LONG}\nTea\nReferral of guests\n\n{adult_text('button', '').strip()}")
    assert (draft.title, draft.statement) == (None, STATEMENT)
    assert warnings_with(draft, "No number and title")


WRAPPED = [
    "The tea is made in such a way that all the members of the\nTea Board can pour it, and all\nCups are full.",
    "The tea is made so that all guests (all of them and\n(as is said) their\nfriends) have it\n“Hot” and in time",
    "The tea is poured by the Chair and by the Tea\nBoard and its Members without any delay and in\nTime",
]


@pytest.mark.parametrize("statement", WRAPPED)
def test_statement_without_label_is_not_cut_at_a_line_in_the_middle_of_a_sentence(statement):
    text = adult_text("button").replace(f"\n{STATEMENT}\n", f"\n\n{statement}\n\n")
    draft = read(text)
    assert (draft.statement, draft.rationale) == (statement.replace("\n", " "), "")


def test_statement_that_ends_with_the_or_a_comma_goes_on_where_no_blank_line_stands_anywhere():
    statement = "The tea is made so that the\nTea Board has it, with\nCups,\nPots and\n(it may be) Spoons."
    draft = read(adult_text("button").replace(STATEMENT, statement))
    assert (draft.statement, draft.rationale, draft.warnings) == (statement.replace("\n", " "), "", ())


def test_refusal_of_what_has_no_statement_stays():
    (draft,) = read_published_texts("Skip to content\n\nTea\n\nReferral of guests", TITLES)
    assert isinstance(draft, NotAMarker)

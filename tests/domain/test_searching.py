"""Words in markers: found whatever their case and accents, and marked without changing the text."""

import msgspec
import pytest

from scrqm_forms.domain.reading import read_marker_as
from scrqm_forms.domain.searching import LONGEST_QUERY, mark_words, search_markers, words_of

WORDS = {"review": "tea party", "board": "tea board", "subject": "guest", "family": "household", "guidance": "The Book"}


@pytest.fixture
def markers(kettle, table):
    return [read_marker_as(each, each.set.roles, WORDS) for each in (kettle, table)]


@pytest.fixture
def search(markers):
    """`search(query)`: [(marker id, [(section, number)])] of what is found."""

    def search(query):
        return [
            (each.marker.asked.id, [(one.passage.section, one.passage.number) for one in each.passages])
            for each in search_markers(markers, words_of(query))
        ]

    return search


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("  Tea  PARTY ", ("tea", "party")),
        ("plan, plan; (Plan)", ("plan",)),
        ("Môn", ("mon",)),
        ("child’s", ("child's",)),
        ("follow-up", ("follow-up",)),
        ("Straße", ("strasse",)),
        ("? ... 🙂", ()),
        ("", ()),
    ],
    ids=["blanks and case", "marks and repeats", "accent", "apostrophe", "hyphen", "sharp s", "no word", "empty"],
)
def test_words_are_folded_and_each_stands_once(query, words):
    assert words_of(query) == words


def test_no_more_is_looked_for_than_anybody_types():
    assert words_of("a" * 5000) == ("a" * LONGEST_QUERY,)
    assert words_of("a " * LONGEST_QUERY + "b") == ("a",)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("HAS kettle", [("tea01", [("statement", 1)])]),
        ("plan", [("tea01", [("question", 2)])]),
        ("was plan", [("tea01", [("reflect", 2)])]),
        ("spar", [("tea01", [("question", 3)])]),
        ("green", [("tea01", [("option", 5)])]),
        ("household", [("tea01", [("knowledge", 1)])]),
        ("book", [("tea01", [("guidance", 1)])]),
        ("GAS", [("tea01", [("obstacle", 2)])]),
        ("care", [("tea01", [])]),
        ("kettle no", [("tea01", [("statement", 1), ("question", 1), ("obstacle", 1), ("obstacle", 2)])]),
        ("there is", [("tea01", [("question", 2), ("question", 3)]), ("tea02", [("statement", 1), ("question", 1)])]),
        ("kettle table", []),
        ("ettle", []),
        ("review", []),
    ],
    ids=[
        "case",
        "question in its first wording",
        "question looking back",
        "beginning of a word",
        "answer offered",
        "knowledge",
        "guidance",
        "obstacle",
        "title only",
        "apart",
        "together",
        "in two markers",
        "middle of a word",
        "placeholder",
    ],
)
def test_marker_is_found_that_has_every_word(search, query, found):
    assert search(query) == found


@pytest.mark.parametrize("query", ["café", "CAFE", "cafe\u0301"], ids=["accented", "plain", "apart"])
@pytest.mark.parametrize(
    "text", ["The café opens", "The cafe\u0301 opens", "The CAFE opens"], ids=["one", "two", "none"]
)
def test_accents_of_query_and_text_make_no_difference(query, text):
    pieces = mark_words(text, words_of(query))
    assert [piece for piece, found in pieces if found] == [text.split()[1]]
    assert "".join(piece for piece, _ in pieces) == text


@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Plans, planning and a plan", "plan planning", ["Plan", "planning", "plan"]),
        ("The child’s wishes", "child's", ["child’s"]),
        ("Straße, Strassen", "strasse", ["Straße", "Strasse"]),
        ("Stra\u00dfe", "stras", ["Stra\u00df"]),
        ("½ a cup", "1 2", ["½"]),
        ("a.b a+b (a*", "a+b", ["a+b"]),
        ("Nothing here", "", []),
        ("", "plan", []),
    ],
    ids=[
        "longest first",
        "apostrophe",
        "two letters for one",
        "half of them",
        "two words in one letter",
        "pattern",
        "no word",
        "no text",
    ],
)
def test_words_are_marked_and_the_text_stays(text, query, marked):
    pieces = mark_words(text, words_of(query))
    assert [piece for piece, found in pieces if found] == marked
    assert "".join(piece for piece, _ in pieces) == text


def test_question_found_in_both_wordings_stands_once(search):
    assert search("leaf") == [("tea01", [("question", 5)])]


def test_title_is_marked(markers):
    (found,) = search_markers(markers, words_of("CARE"))
    assert found.title == (("Kettle ", False), ("care", True))


def test_words_are_found_over_several_markers_in_their_order(kettle, markers):
    other = read_marker_as(
        msgspec.structs.replace(kettle, marker=msgspec.structs.replace(kettle.marker, id="tea09")), (), WORDS
    )
    found = search_markers([other, *markers], words_of("kettle"))
    assert [each.marker.asked.id for each in found] == ["tea09", "tea01"]

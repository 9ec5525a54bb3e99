import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrqm_forms.domain.wording import (
    VOCABULARIES,
    VOCABULARY_TITLES,
    UnknownName,
    escape_braces,
    fill_in,
    normalise_typed,
)

WORDS = {"review": "serious case review", "lead_reviewer": "lead reviewer", "board": "board"}

#: Every character there is, lone surrogates too, and more often than by chance those that matter here.
ANY_TEXT = st.text(st.sampled_from("\r\n\t\x00\x7f\x85{}ab\ud800\ufffe\ufffd") | st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("No names.", "No names.", id="no_name"),
        pytest.param("the {review}", "the serious case review", id="name"),
        pytest.param("{Review}s end.", "Serious case reviews end.", id="capital"),
        pytest.param("{Lead_reviewer}", "Lead reviewer", id="capital_before_underscore"),
        pytest.param("{board}{review}", "boardserious case review", id="names_side_by_side"),
        pytest.param("{review} {review}", "serious case review serious case review", id="name_twice"),
        pytest.param("{{review}}", "{review}", id="doubled_braces"),
        pytest.param("{{{review}}}", "{serious case review}", id="name_in_doubled_braces"),
        pytest.param("{{}}", "{}", id="doubled_braces_side_by_side"),
        pytest.param("a\n{board}\n", "a\nboard\n", id="line_breaks"),
    ],
)
def test_names_and_doubled_braces_are_filled_in(text: str, filled: str) -> None:
    assert fill_in(text, WORDS) == filled


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        pytest.param("the {revew}", "{revew}", id="unknown_name"),
        pytest.param("{REVIEW}", "{REVIEW}", id="all_capitals"),
        pytest.param("{Revew}", "{Revew}", id="unknown_name_with_capital"),
        pytest.param("{}", "{}", id="no_name"),
        pytest.param("{ review }", "{", id="blanks_around_the_name"),
        pytest.param("a { b", "{", id="opening_brace_alone"),
        pytest.param("a } b", "}", id="closing_brace_alone"),
        pytest.param("{{review}", "}", id="closing_brace_not_doubled"),
        pytest.param("{review}}}}", "}", id="closing_brace_left_over"),
        pytest.param("{review.upper}", "{", id="attribute"),
        pytest.param("{review!r}", "{", id="conversion"),
    ],
)
def test_what_cannot_be_filled_in_is_named_with_the_names_there_are(text: str, piece: str) -> None:
    with pytest.raises(UnknownName) as raised:
        fill_in(text, WORDS)
    assert str(raised.value) == (
        f'"{piece}" is not a name of the vocabulary (board, lead_reviewer, review); for a brace itself write "{{{{"'
    )


def test_value_with_braces_is_not_filled_in_again() -> None:
    assert fill_in("{review}", {"review": "{board}", "board": "x"}) == "{board}"


def test_name_without_a_value_is_unknown() -> None:
    with pytest.raises(UnknownName, match=r'^"\{review\}" is not a name'):
        fill_in("{review}", {"review": ""})


@given(st.text())
def test_escaped_braces_come_back_to_the_letter(text: str) -> None:
    assert fill_in(escape_braces(text), WORDS) == text


@pytest.mark.parametrize("key", VOCABULARIES)
def test_vocabularies_have_the_same_names_and_a_title(key: str) -> None:
    assert VOCABULARIES[key].keys() == VOCABULARIES["scr"].keys()
    assert all(value.strip() for value in VOCABULARIES[key].values())
    assert VOCABULARY_TITLES[key]


@pytest.mark.parametrize(
    ("typed", "stored", "count"),
    [
        pytest.param("", "", 0, id="empty"),
        pytest.param("a\r\nb", "a\nb", 0, id="crlf"),
        pytest.param("a\rb", "a\nb", 0, id="cr"),
        pytest.param("a\r\r\nb\n\r", "a\n\nb\n\n", 0, id="mixed_line_ends"),
        pytest.param("\ta\n\tb\n", "\ta\n\tb\n", 0, id="tab_and_lf"),
        pytest.param("a\x00b", "a\ufffdb", 1, id="nul"),
        pytest.param("\x01\x08\x0b\x0c\x0e\x1f", "\ufffd" * 6, 6, id="c0_controls"),
        pytest.param("\x7f\x80\x85\x9f", "\ufffd" * 4, 4, id="delete_and_c1_controls"),
        pytest.param("\ud800a\udfff", "\ufffda\ufffd", 2, id="lone_surrogates"),
        pytest.param("\ufffe\uffff", "\ufffd" * 2, 2, id="noncharacters"),
        pytest.param("\ufffd", "\ufffd", 0, id="replacement_character"),
        pytest.param("  a  \n ", "  a  \n ", 0, id="blanks_at_the_ends"),
        pytest.param("e\u0301\u00e9", "e\u0301\u00e9", 0, id="combining_characters"),
        pytest.param("👩‍👧 Cymraeg ŵ \u2028\ufeff\xa0", "👩‍👧 Cymraeg ŵ \u2028\ufeff\xa0", 0, id="emoji_and_letters"),
    ],
)
def test_typed_text_is_normalised_by_the_one_rule(typed: str, stored: str, count: int) -> None:
    assert normalise_typed(typed) == (stored, count)


@given(ANY_TEXT)
def test_normalising_twice_equals_once(text: str) -> None:
    stored, _ = normalise_typed(text)
    assert normalise_typed(stored) == (stored, 0)


@given(ANY_TEXT)
def test_normalised_text_can_be_stored_as_utf8_without_nul_or_cr(text: str) -> None:
    stored, count = normalise_typed(text)
    assert stored.encode("utf-8").decode("utf-8") == stored
    assert not {"\x00", "\r"} & set(stored)
    assert stored.count("\ufffd") == text.count("\ufffd") + count

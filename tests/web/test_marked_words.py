"""Words that went and came, marked in a text that keeps its paragraphs and lists."""

import re

import pytest

from scrqm_forms.domain.word_difference import Piece, compare_words
from scrqm_forms.web.marked_words import with_marks


def drawn(before: str, after: str) -> str:
    """Without what only screen readers say."""
    return re.sub('<span class="visually-hidden">[^<]*</span>', "", with_marks(compare_words(before, after)))


@pytest.mark.parametrize(
    ("before", "after", "html"),
    [
        ("Hot tea.", "Hot <b>tea</b>.", "<p>Hot <ins>&lt;b&gt;</ins>tea<ins>&lt;/b&gt;</ins>.</p>"),
        ("One.\n\nTwo.", "One.\n\nThree.", "<p>One.</p><p><del>Two</del><ins>Three</ins>.</p>"),
        ("One.\n\nTwo.", "One.", "<p>One.</p><p><del>Two.</del></p>"),
        (
            "So:\n- a\n  - hot tea",
            "So:\n- a\n  - cold tea\n- b",
            "<p>So:</p><ul><li>a<ul><li><del>hot</del><ins>cold</ins> tea</li></ul></li><li><ins>b</ins></li></ul>",
        ),
        ("- one\n- two\n- three", "- one\n- three", "<ul><li>one</li><li><del>two</del></li><li>three</li></ul>"),
        ("- one\n- two\n- three", "- two\n- three", "<ul><li><del>one</del></li><li>two</li><li>three</li></ul>"),
        (
            "- a b c\n- same here",
            "- x y\n- same here",
            "<ul><li><del>a b c</del><ins>x y</ins></li><li>same here</li></ul>",
        ),
        ("It is warm.", "It is:\n- warm.", "<p>It is<ins>:</ins></p><ul><li>warm.</li></ul>"),
        ("- warm.\n- hot.", "- warm.\nhot.", "<ul><li>warm.</li></ul><p><del>- </del>hot.</p>"),
        ("All else.", "Nothing in common", "<p><del>All else.</del><br><ins>Nothing in common</ins></p>"),
        ("", "New:\n- one", "<p><ins>New:</ins></p><ul><li><ins>one</ins></li></ul>"),
        ("A risk, as so", "A risk - like so", "<p>A risk<del>, as</del><ins> - like</ins> so</p>"),
    ],
    ids=[
        "escaped",
        "paragraphs",
        "paragraph_out",
        "nested",
        "item_out",
        "first_item_out",
        "item_for_item",
        "became_an_item",
        "is_no_item_any_more",
        "all_else",
        "all_new",
        "dash",
    ],
)
def test_marks_stand_in_paragraphs_and_lists(before: str, after: str, html: str) -> None:
    assert drawn(before, after) == html


def test_marks_are_said_to_screen_readers() -> None:
    html = with_marks(compare_words("Hot tea.", "Cold tea."))
    assert html.startswith(
        '<p><del><span class="visually-hidden">taken out: </span>Hot<span class="visually-hidden"> (end)'
    )


def test_signs_in_a_text_make_no_tags() -> None:
    assert with_marks([Piece("a\x01b\x04", "same")]) == "<p>ab</p>"

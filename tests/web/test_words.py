"""How texts read on a page."""

import pytest

from scrqm_forms.web.texts import lines, with_lists


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Tea.", "<p>Tea.</p>"),
        ("Tea.\n\nAnd\ncups.", "<p>Tea.</p><p>And<br>cups.</p>"),
        ("Tea:\n\n\u2022 hot\n\n\u2022 <b>\n\nSo.", "<p>Tea:</p><ul><li>hot</li><li>&lt;b&gt;</li></ul><p>So.</p>"),
        ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
        ("    - a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("-5 degrees\n\n1. One", "<p>-5 degrees</p><p>1. One</p>"),
        ("", ""),
    ],
)
def test_lists_in_a_text_are_lists(text: str, html: str) -> None:
    assert with_lists(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Tea & cups", "Tea &amp; cups"),
        ("Two:\n- one\n  - in it\n- other", "Two:<ul><li>one<ul><li>in it</li></ul></li><li>other</li></ul>"),
        ("One\n<two>", "One<br>&lt;two&gt;"),
        ("- one line", "- one line"),
    ],
)
def test_items_within_an_item_are_a_list(text: str, html: str) -> None:
    assert lines(text) == html

"""What a web page has below its text is no item of the last list. All wording is invented."""

import pytest

from .test_published_variations import adult_text, marker_text, read_text, warnings_with

SHARED = "Share this page\n\n• Twitter\n• Facebook\n• LinkedIn"
FOOTER = "• Privacy policy\n• Contact us\n• © Tea House 2016"
FEET = {
    "shared": SHARED,
    "footer": FOOTER,
    "both": f"{SHARED}\n\n{FOOTER}",
    "below the copyright": "© SCIE 2024. All rights reserved.\n\n• Privacy policy\n• Contact us",
    "without marks": "Share\nX\nWhatsApp\nSite map\nTerms and conditions",
    "one below navigation": "Back to top\n\n- Accessibility statement",
    "with an address": f"{SHARED}\n\nTea House, 1 Pot Road",
    "in words": "Share this page\n- Share on Facebook\n- Tweet this\n- Share via email",
    "above the closing words": f"{SHARED}\n\nThis is one of a set of 18 Quality Markers which aim to support tea.",
}


@pytest.mark.parametrize("foot", FEET.values(), ids=FEET)
@pytest.mark.parametrize("mark", ["- ", "• "])
def test_links_at_the_foot_of_a_page_are_no_items_and_named_at_once(foot, mark):
    more = f"Tackling some common obstacles\n\n{mark}A spare kettle helps.\n{mark}Twitter is no help.\n\n{foot}"
    draft = read_text(marker_text(more=more))
    assert draft.obstacles == ("A spare kettle helps.", "Twitter is no help.")
    assert len([warning for warning in draft.warnings if warning.startswith("Left out, as menus")]) == 1
    for link in ("• Twitter", "• Privacy policy", "X", "- Accessibility statement"):
        assert link not in foot.split("\n") or warnings_with(draft, f'"{link}"')


@pytest.mark.parametrize("layout", ["button", "heading", "bullet", "plain"])
def test_links_at_the_foot_are_no_questions_of_the_last_audience(layout):
    draft = read_text(f"{adult_text(layout)}\n\n{SHARED}\n\n{FOOTER}")
    assert (len(draft.questions), len(draft.warnings)) == (9, 1)


def test_single_word_among_items_stays():
    more = "Equality and diversity\n\n- Ways to ask:\n  - Email\n  - Letters\n- Print is small."
    assert read_text(marker_text(more=more)).equality == ("Ways to ask:\n- Email\n- Letters", "Print is small.")


def test_page_number_above_a_short_item_is_no_navigation():
    more = "Equality and diversity\n\n- Ask by\n\n12\n\n- Email"
    assert read_text(marker_text(more=more)).equality == ("Ask by", "Email")

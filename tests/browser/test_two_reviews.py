"""Two reviews: reflect, talk, agree; the next review asks whether it helped, and the register shows the chain."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .hands import Hand, Keys
from .site import Site
from .test_journeys import DESK, PHONE, heading, way

PEOPLE = "Sam Adeyemi,sam@example.org,chair,Health\n"
SUGGESTED = "Tell us the dates before the letters go out."
CHANGE = "Dates are told before letters go out."


#: Both reviews take a browser long: the other ways of going through them are left out of the usual run.
slow = pytest.mark.slow


@pytest.mark.parametrize("hand", [way(Hand, DESK, True), way(Hand, PHONE, False, slow), way(Keys, PHONE, True, slow)])
def test_what_one_review_shows_is_asked_about_in_the_next(page: Page, empty_site: Site, hand: type[Hand]) -> None:
    do = hand(page)
    enter(do, empty_site)
    first = open_round(do, "2026-01")
    answer(do, lambda: do.fill("What, if anything, should be different next time?", SUGGESTED))
    page.goto(first)
    talk_and_agree(do)
    do.follow("Reviews", within="nav[aria-label=Menu]")
    second = open_round(do, "2026-02", returning=CHANGE)
    answer(do, lambda: do.choose(CHANGE, "Partly"))
    page.goto(second)
    do.follow("See results")
    do.follow("8. SCR management")
    do.follow(f"In the register ({CHANGE})")
    heading(page, CHANGE)
    for text in ("A participant’s suggestion", "2026-01", "Proposed → Agreed"):
        expect(page.locator("main")).to_contain_text(text)
    asked = page.get_by_role("table", name=re.compile("2026-02"))
    expect(asked.locator("tr", has_text="chairs").locator("td")).to_have_text(["0", "1", "0", "0", "0"])
    do.follow("Improvements", within="nav[aria-label=Menu]")
    expect(page.locator("tbody tr")).to_contain_text("Partly 1")


def enter(do: Hand, site: Site) -> None:
    do.page.goto(site.welcome())
    do.fill("Your name", "Ann Ojo")
    do.fill("E-mail address", "ann@example.org")
    do.fill("Password", "three words here")
    do.press("Set up and sign in")
    do.follow("Set up a board")
    do.fill("Name", "Northshire Board")
    do.press("Save")


def open_round(do: Hand, reference: str, returning: str = "") -> str:
    """A named round with one person, from the board's page on; its address. Its link is shown."""
    do.follow("Begin another review" if returning else "Begin a review")
    do.fill("Reference", reference)
    do.press("Continue")
    do.choose("How will answers be shown?", "Named:")
    do.press("Continue")
    if returning:
        expect(do.page.get_by_role("group", name="Improvements that come back").get_by_label(returning)).to_be_checked()
    do.press("Save and continue")
    do.fill("Paste a list", PEOPLE)
    do.press("Continue")
    if returning:
        expect(do.page.locator("main")).to_contain_text(returning)
    do.press("Open the round")
    address = do.page.url
    do.press("Make the links")
    return address


def answer(do: Hand, say: Callable[[], None]) -> None:
    """From the page that shows the link: open it, answer one marker, send."""
    link = do.page.locator("tbody tr td").last.inner_text()
    do.page.goto(link.strip())
    do.press("Start")
    do.follow("SCR management")
    say()
    do.press("Save and continue")
    do.press("Save and see all")
    do.follow("Check and send")
    do.press("Send my answers")


def talk_and_agree(do: Hand) -> None:
    """From the round's page: one thing at a time, to the notes; then what was suggested becomes an improvement."""
    do.follow("See results")
    do.follow("8. SCR management")
    do.follow("Talk about it: one thing at a time, with notes")
    do.follow("Next")
    do.follow("Notes")
    do.fill("Where we agreed", "Dates came late.")
    do.fill("What we will do", "Tell them first.")
    do.press("Save the notes")
    expect(do.page.get_by_role("status")).to_contain_text("The notes are saved.")
    do.press("Save, then back")
    expect(do.page.locator("main")).to_contain_text(SUGGESTED)
    do.press("Make an improvement from this")
    expect(do.page.get_by_label("What should be different")).to_have_value(SUGGESTED)
    do.fill("What should be different", CHANGE)
    do.press("Save")
    heading(do.page, CHANGE)
    do.follow("Change it, or move it on")
    do.fill("Owner: a role or agency", "Business unit")
    do.choose("State", "Agreed")
    do.press("Save")
    expect(do.page.get_by_role("status")).to_contain_text("Saved.")

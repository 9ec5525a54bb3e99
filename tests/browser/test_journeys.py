"""Whole journeys in a real browser: with and without scripts, on a phone and on a desk, and with the keyboard alone."""

import csv
import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from .hands import Hand, Keys
from .site import Site

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
RECEIPT = re.compile(r"^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$")
PEOPLE = "Sam Adeyemi,sam@example.org,chair,Health\nIra Novak,ira@example.org,practitioner,Police\n"


def way(hand: type[Hand], window: dict[str, int], scripts: bool, *more: Any) -> Any:
    marks = [pytest.mark.browser_context_args(viewport=window, java_script_enabled=scripts), *more]
    name = f"{hand.__name__.lower()}-{window['width']}-{'scripts' if scripts else 'no_scripts'}"
    return pytest.param(hand, id=name, marks=marks)


#: Left out of the usual run, which goes with and without scripts, on a phone and on a desk, with hand and keys.
slow = pytest.mark.slow
every_way = pytest.mark.parametrize(
    "hand",
    [
        way(Hand, PHONE, True, slow),
        way(Hand, PHONE, False),
        way(Hand, DESK, True, slow),
        way(Hand, DESK, False, slow),
        way(Keys, DESK, True),
    ],
)
both_ends = pytest.mark.parametrize(
    "hand", [way(Hand, PHONE, False, slow), way(Hand, DESK, True, slow), way(Keys, PHONE, True)]
)
#: The same steps are taken by hand on a desk in test_two_reviews.py.
not_twice = pytest.mark.parametrize(
    "hand", [way(Hand, PHONE, False), way(Hand, DESK, True, slow), way(Keys, PHONE, True)]
)


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1, name=text)).to_be_visible()


@every_way
def test_participant_answers_changes_sends_and_keeps_a_copy(page: Page, site: Site, hand: type[Hand]) -> None:
    do = hand(page)
    page.goto(f"{site.url}{site.participant}")
    do.press("Start")
    heading(page, "Your markers")
    title = page.locator(".task a").first.inner_text()
    do.follow(title)
    heading(page, title)
    do.open("Why this matters")
    do.fill("How do you know?", "First line.\nSecond line.")
    do.choose("All in all, was this marker met?", "Partly met")
    do.press("Save and continue")
    do.press("Save and see all")
    expect(page.locator(".task").first).to_contain_text("Answered")
    do.follow("Stop for now")
    heading(page, "What you saved is kept")
    do.follow("Go on after all")
    do.follow("Check and send")
    do.follow(f"Change {title}: How do you know?")
    expect(page.get_by_label("How do you know?")).to_have_value("First line.\nSecond line.")
    do.fill("How do you know?", "\nAnother line.")
    do.press("Save and continue")
    heading(page, "Check your answers before you send them")
    expect(page.get_by_text("Another line.")).to_be_visible()
    do.press("Send my answers")
    heading(page, "Your answers were sent. Thank you.")
    expect(page.locator(".code")).to_have_text(RECEIPT)
    receipt = page.locator(".code").inner_text()
    do.follow("A page to read or print")
    expect(page.locator("main")).to_contain_text(receipt)
    with page.expect_download() as download:
        do.save(page.get_by_role("link", name="keep it as a text file"))
    text = download.value.path().read_text(encoding="utf-8")
    assert receipt in text
    assert "\n\nAnother line.\n" in text
    do.follow("Your markers", within="nav")
    do.press("Take my answers back to change them")
    expect(page.get_by_role("status")).to_contain_text("Your answers are with you again.")


@not_twice
def test_board_review_and_round_are_set_up_answered_closed_and_exported(
    page: Page, empty_site: Site, hand: type[Hand]
) -> None:
    do = hand(page)
    page.goto(empty_site.welcome())
    do.fill("Your name", "Ann Ojo")
    do.fill("E-mail address", "ann@example.org")
    do.fill("Password", "three words here")
    do.press("Set up and sign in")
    heading(page, "Boards")
    do.follow("Set up a board")
    do.fill("Name", "Northshire Safeguarding Children Partnership")
    do.select("What a review is called", "Local child safeguarding practice review (partnership)")
    do.press("Save")
    round_page = set_up_round(do)
    links = make_links(do)
    page.goto(links["Sam Adeyemi"])
    expect(page.locator("main")).to_contain_text("local child safeguarding practice review")
    answer(do)
    page.goto(round_page)
    do.follow("Close the round")
    do.press("Close the round")
    expect(page.locator(".error-summary")).to_be_focused()
    do.tick("I am sure: a closed round cannot be opened again")
    do.press("Close the round")
    do.follow("See results")
    heading(page, "Results")
    do.follow("7. Governance")
    heading(page, "7. Governance")
    do.open("1 comment")
    expect(page.get_by_text("Ours met twice.").first).to_be_visible()
    do.follow("Results", within="nav[aria-label=Back]")
    do.follow("Looking back, 2026-07", within="nav")
    do.follow("Export")
    check_exports(do)


def set_up_round(do: Hand) -> str:
    """The steps, from the board's page on; the address of the open round."""
    do.follow("Begin a review")
    do.fill("Reference", "2026-07")
    do.press("Continue")
    do.choose("How will answers be shown?", "Named:")
    do.press("Continue")
    heading(do.page, "What to ask")
    do.press("Save and continue")
    do.fill("Paste a list", PEOPLE)
    do.press("Continue")
    heading(do.page, "Check and open")
    do.follow("Change Last day of answering")
    do.press("Save and continue")
    do.press("Open the round")
    expect(do.page.get_by_role("status")).to_contain_text("The round is open.")
    return do.page.url


def make_links(do: Hand) -> dict[str, str]:
    """Name -> link, from the file; a letter holds it too."""
    do.press("Make the links")
    expect(do.page.locator("tbody tr")).to_have_count(2)
    with do.page.expect_download() as download:
        do.save(do.page.get_by_role("button", name="A CSV file for mail merge"))
    with download.value.path().open(encoding="utf-8-sig", newline="") as stream:
        links = {row["name"]: row["link"] for row in csv.DictReader(stream)}
    do.open("Message to Sam Adeyemi")
    expect(do.page.get_by_label("Message").locator("visible=true")).to_have_value(re.compile(links["Sam Adeyemi"]))
    return links


def answer(do: Hand) -> None:
    do.press("Start")
    do.follow("Governance")
    do.page.locator(".question").first.get_by_label("Yes", exact=True).wait_for()
    question = do.page.locator(".question").first
    do.choose(question.locator("legend").inner_text(), "Yes")
    do.open("Add a comment", question)
    do.fill("Comment (optional)", "Ours met twice.", question)
    do.press("Save and continue")
    do.press("Save and see all")
    do.follow("Check and send")
    do.press("Send my answers")


def check_exports(do: Hand) -> None:
    """The workbook and the table say the same."""
    with do.page.expect_download() as download:
        do.save(do.page.get_by_role("button", name="Download"))
    assert download.value.suggested_filename.endswith("-reflect.xlsx")
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert {"responses", "answers", "codebook", "participation"} <= {sheet.title for sheet in book}
    responses = list(book["responses"].iter_rows(values_only=True))
    do.choose("Format", "CSV for spreadsheets: a file for each table; several come in a zip")
    for box in do.page.get_by_role("group", name="Tables").get_by_role("checkbox").all():
        box.set_checked(box.get_attribute("value") == "responses")
    with do.page.expect_download() as download:
        do.save(do.page.get_by_role("button", name="Download"))
    with download.value.path().open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == len(responses) == 2
    assert rows[0] == list(responses[0])


@both_ends
def test_administrator_looks_around_the_demonstration(page: Page, site: Site, hand: type[Hand]) -> None:
    do = hand(page)
    page.goto(f"{site.url}{site.administrator}")
    heading(page, "Looking back")
    do.follow("People and links")
    expect(page.locator("tbody tr")).to_have_count(12)
    name = page.locator("tbody tr a").first.inner_text()
    do.follow(name)
    heading(page, name)
    expect(page.get_by_label("E-mail address")).to_have_value(re.compile("@example"))
    do.follow("Reviews", within="nav[aria-label=Menu]")
    heading(page, "Reviews")
    do.follow("Markers", within="nav[aria-label=Menu]")
    do.fill("Search the markers", "family")
    do.press("Search")
    expect(page.locator("mark").first).to_be_visible()
    page.goto(f"{site.url}{site.results}")
    heading(page, "Results")
    do.follow("8. SCR management")
    heading(page, "8. SCR management")
    expect(page.get_by_role("img", name="Judgement").first).to_be_visible()


@pytest.mark.parametrize("hand", [way(Hand, PHONE, False), way(Hand, DESK, True, slow)])
def test_two_administrators_change_one_marker_at_once_and_nothing_is_lost(
    page: Page, site: Site, hand: type[Hand]
) -> None:
    do = hand(page)
    site.enter(page, "/boards/example/markers")
    do.follow("7. Governance")
    other = hand(page.context.new_page())
    other.page.goto(page.url)
    other.fill("Statement", "Somebody knows who decides.")
    look_and_keep(other)
    do.fill("Title", "Who decides")
    do.press("Look at it")
    heading(page, "Choose what to keep")
    expect(page.locator(".error-summary")).to_be_focused()
    do.press("Look at the outcome")
    expect(page.locator(".change")).to_contain_text("Who decides")
    do.press("Keep for this board")
    heading(page, "Who decides")
    expect(page.locator("main")).to_contain_text("Somebody knows who decides.")
    do.follow("As each role sees it")
    do.open("Original wording of the statement")
    expect(page.get_by_text("The serious case review comes to its own conclusions")).to_be_visible()


def look_and_keep(do: Hand) -> None:
    do.press("Look at it")
    do.press("Keep for this board")

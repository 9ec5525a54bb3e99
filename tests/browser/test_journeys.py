"""Whole journeys in a real browser: with and without scripts, on a phone and on a desk."""

import csv
import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from .site import Site

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


def way(window: dict[str, int], scripts: bool) -> Any:
    mark = pytest.mark.browser_context_args(viewport=window, java_script_enabled=scripts)
    return pytest.param(id=f"{window['width']}-{'scripts' if scripts else 'no_scripts'}", marks=mark)


every_way = pytest.mark.parametrize((), [way(window, scripts) for window in (PHONE, DESK) for scripts in (True, False)])
both_ends = pytest.mark.parametrize((), [way(PHONE, False), way(DESK, True)])
RECEIPT = re.compile(r"^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$")
PEOPLE = "Sam Adeyemi,sam@example.org,chair,Health\nIra Novak,ira@example.org,practitioner,Police\n"


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1, name=text)).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


@every_way
def test_participant_answers_changes_sends_and_keeps_a_copy(page: Page, site: Site) -> None:
    page.goto(f"{site.url}{site.participant}")
    press(page, "Start")
    heading(page, "Your markers")
    title = page.locator(".task a").first.inner_text()
    follow(page, title)
    heading(page, title)
    page.get_by_label("How do you know?").fill("First line.\nSecond line.")
    page.get_by_role("group", name="All in all, was this marker met?").get_by_label("Partly met").check()
    press(page, "Save and continue")
    follow(page, "Your markers")
    expect(page.locator(".task").first).to_contain_text("Answered")
    follow(page, "Check and send")
    follow(page, f"Change {title}: How do you know?")
    expect(page.get_by_label("How do you know?")).to_have_value("First line.\nSecond line.")
    page.get_by_label("How do you know?").fill("\nAnother line.")
    press(page, "Save and continue")
    heading(page, "Check your answers before you send them")
    expect(page.get_by_text("Another line.")).to_be_visible()
    press(page, "Send my answers")
    heading(page, "Your answers were sent. Thank you.")
    expect(page.locator(".code")).to_have_text(RECEIPT)
    receipt = page.locator(".code").inner_text()
    follow(page, "A page to read or print")
    expect(page.locator("main")).to_contain_text(receipt)
    with page.expect_download() as download:
        follow(page, "keep it as a text file")
    text = download.value.path().read_text(encoding="utf-8")
    assert receipt in text
    assert "\n\nAnother line.\n" in text


@both_ends
def test_administrator_sees_people_results_and_exports(page: Page, site: Site) -> None:
    page.goto(f"{site.url}{site.administrator}")
    heading(page, "Looking back")
    follow(page, "People and links")
    expect(page.locator("tbody tr")).to_have_count(12)
    page.locator("tbody tr a").first.click()
    expect(page.get_by_label("E-mail address")).to_have_value(re.compile("@example"))
    page.goto(f"{site.url}{site.results}")
    heading(page, "Results")
    page.get_by_text("Questions", exact=True).first.click()
    expect(page.locator("details table").first).to_be_visible()
    page.get_by_role("navigation", name="Back").get_by_role("link").click()
    follow(page, "Export")
    with page.expect_download() as download:
        press(page, "Download: Excel workbook")
    assert download.value.suggested_filename.endswith("-reflect.xlsx")
    book = load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert {"responses", "answers", "codebook", "participation"} <= {sheet.title for sheet in book}
    responses = list(book["responses"].iter_rows(values_only=True))
    with page.expect_download() as download:
        press(page, "Download: CSV")
    with download.value.path().open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert len(rows) == len(responses) > 5
    assert rows[0] == list(responses[0])


@both_ends
def test_board_review_and_round_are_set_up_by_hand_and_answered(page: Page, empty_site: Site) -> None:
    page.goto(empty_site.welcome())
    for label, value in (
        ("Your name", "Ann Ojo"),
        ("E-mail address", "ann@example.org"),
        ("Password", "three words here"),
    ):
        page.get_by_label(label).fill(value)
    press(page, "Set up and sign in")
    follow(page, "Set up a board")
    page.get_by_label("Name").fill("Northshire Safeguarding Children Partnership")
    page.get_by_label("What a review is called").select_option("lcspr")
    press(page, "Save")
    follow(page, "Begin a review")
    page.get_by_label("Reference").fill("2026-07")
    press(page, "Continue")
    page.get_by_role("group", name="How will answers be shown?").get_by_label("Named:").check()
    press(page, "Continue")
    press(page, "Save and continue")
    page.get_by_label("Paste a list").fill(PEOPLE)
    press(page, "Continue")
    press(page, "Open the round")
    expect(page.get_by_role("status")).to_contain_text("The round is open.")
    round_page = page.url
    press(page, "Make the links")
    expect(page.locator("tbody tr")).to_have_count(2)
    with page.expect_download() as download:
        press(page, "Keep as a CSV file for mail merge")
    with download.value.path().open(encoding="utf-8-sig", newline="") as stream:
        links = {row["name"]: row["link"] for row in csv.DictReader(stream)}
    page.goto(links["Sam Adeyemi"])
    expect(page.locator("main")).to_contain_text("local child safeguarding practice review")
    press(page, "Start")
    follow(page, "Governance")
    question = page.locator(".question").first
    question.get_by_label("Yes", exact=True).check()
    question.get_by_text("Add a comment").click()
    question.get_by_label("Comment (optional)").fill("Ours met twice.")
    press(page, "Save and continue")
    follow(page, "Your markers")
    follow(page, "Check and send")
    press(page, "Send my answers")
    page.goto(round_page)
    follow(page, "Close the round")
    page.get_by_label("I am sure").check()
    press(page, "Close the round")
    follow(page, "See results")
    heading(page, "Results")
    section = page.locator("section", has=page.get_by_role("heading", name="7. Governance"))
    section.get_by_text("Questions", exact=True).click()
    expect(section.get_by_text("Ours met twice.")).to_be_visible()


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus, which must show on the way."""
    for _ in range(200):
        page.keyboard.press("Tab")
        assert page.evaluate(
            """() => [document.activeElement, document.activeElement.closest('.options label')].some(
                each => each && getComputedStyle(each).outlineStyle !== 'none')"""
        ), "the focus does not show"
        if target.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"{target} is not reached with the Tab key")


def test_participant_answers_and_sends_with_the_keyboard_alone(page: Page, site: Site) -> None:
    page.goto(f"{site.url}{site.participant}")
    tab_to(page, page.get_by_role("link", name="Skip to the main content"))
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Start"))
    page.keyboard.press("Enter")
    heading(page, "Your markers")
    first = page.locator(".task a").first
    title = first.inner_text()
    tab_to(page, first)
    page.keyboard.press("Enter")
    heading(page, title)
    tab_to(page, page.get_by_text("Why this matters").locator(".."))
    page.keyboard.press("Enter")
    expect(page.locator("details[open]")).to_be_visible()
    tab_to(page, page.get_by_label("How do you know?"))
    page.keyboard.type("Typed by hand.")
    tab_to(page, page.get_by_label("Met", exact=True))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Partly met")).to_be_checked()
    tab_to(page, page.get_by_role("button", name="Save and continue"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name=title)).to_have_count(0)
    tab_to(page, page.get_by_role("link", name="Your markers"))
    page.keyboard.press("Enter")
    heading(page, "Your markers")
    tab_to(page, page.get_by_role("link", name="Check and send"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Typed by hand.")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Send my answers"))
    page.keyboard.press("Enter")
    expect(page.locator(".code")).to_have_text(RECEIPT)


@pytest.fixture
def entry(page: Page, site: Site) -> str:
    """Address of the first entry, which is open."""
    page.goto(f"{site.url}{site.participant}")
    press(page, "Start")
    page.locator(".task a").first.click()
    return page.url


def test_text_typed_over_an_expired_cookie_is_saved_after_opening_the_link_in_another_tab(
    page: Page, site: Site, entry: str
) -> None:
    page.get_by_label("What helped?").fill("\nThe urn.")
    page.context.clear_cookies()
    press(page, "Save and continue")
    heading(page, "Open your link again, then press Save")
    other = page.context.new_page()
    other.goto(f"{site.url}{site.participant}")
    press(other, "Go on")
    heading(other, "Your markers")
    press(page, "Save")
    page.goto(entry)
    expect(page.get_by_label("What helped?")).to_have_value("\nThe urn.")


def test_going_back_changing_and_saving_again_is_no_conflict(page: Page, entry: str) -> None:
    page.get_by_label("What helped?").fill("The urn.")
    press(page, "Save and continue")
    expect(page.get_by_label("What helped?")).to_have_value("")
    page.go_back()
    page.get_by_label("What helped?").fill("The samovar.")
    press(page, "Save and continue")
    expect(page.locator(".error-summary")).to_have_count(0)
    page.goto(entry)
    expect(page.get_by_label("What helped?")).to_have_value("The samovar.")


def test_browser_sends_no_address_of_a_link_elsewhere(page: Page, site: Site) -> None:
    page.goto(f"{site.url}{site.participant}")
    assert page.evaluate("document.referrer") == ""
    press(page, "Start")
    assert site.participant not in page.url


def test_markup_in_an_answer_is_shown_and_not_run(page: Page, entry: str) -> None:
    typed = "<img src=x onerror=alert(1)> <script>document.title='changed'</script> </textarea>"
    page.get_by_label("What helped?").fill(typed)
    press(page, "Save and continue")
    follow(page, "Your markers")
    follow(page, "Check and send")
    expect(page.get_by_text(typed)).to_be_visible()
    assert page.title() != "changed"

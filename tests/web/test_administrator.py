"""Administrators' pages: boards, reviews, rounds; and the whole journey, from the one-time link to the spreadsheet."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.reviews import NewReview, create_review
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage import boards
from scrqm_forms.storage.database import db

from .page import Page, links_on
from .world import CONFIDENTIAL, ENOUGH, WHO, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]

PEOPLE = """name,email,role,agency
Sam Adeyemi,sam@example.org,chair,Health
Ira Novak,ira@example.org,Lead reviewer,Independent
"""


def add(people: Page, text: str = "", status: int = 200, **more: Any) -> Page:
    """Paste a list into the page of people, or upload a file."""
    return people.send({"people": text} if text else {}, button="Add", status=status, **more)


# Boards


def test_board_is_set_up_and_shown(ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page("/boards/").follow("Set up a board").send({"name": "St Mary's Board", "vocabulary": "sar"})
    assert page.path == "/boards/st-marys-board/"
    assert page.follow("Board settings").fields["vocabulary"] == "sar"


@pytest.mark.parametrize("name", ["", "   "], ids=["empty", "blank"])
def test_board_without_a_name_is_refused_at_its_field(ann: FlaskClient, get_page: GetPage, name: str) -> None:
    page = get_page("/boards/new").send({"name": name}, status=422)
    assert list(page.errors) == ["name"]


@pytest.mark.parametrize(
    ("name", "address"),
    [("North Board", "/boards/north-board-2/"), ("理事会", "/boards/board/")],
    ids=["taken", "letters"],
)
def test_board_gets_an_address_whatever_its_name(
    world: World, ann: FlaskClient, get_page: GetPage, name: str, address: str
) -> None:
    world.board("north-board", "North Board")
    page = get_page("/boards/new").send({"name": name})
    assert page.path == address
    assert name in page.root.text


def test_board_settings_are_shown_as_saved(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.board()
    saved = {
        "name": "Northshire Partnership",
        "vocabulary": "lcspr",
        "support": "\nJo: 01632 960 002.\n\nDay and night.",
        "accent": "#7a1f5c",
        "own_words": "Ashdown\nRose Court",
        "plugins": ["example_board"],
        "shows_markers": [],
    }
    page = get_page("/boards/north/settings").send(saved)
    assert "Rounds that are open keep the wording" in page.notices
    assert page.follow("Board settings").fields == saved | {"logo": ""}


def test_board_settings_reach_participants(world: World, ann: FlaskClient, get_page: GetPage, begin: Begin) -> None:
    link = world.open_round().link
    get_page("/boards/north/settings").send({"support": "Ask for Jo.\n\n<b>Any</b> time."})
    assert "Ask for Jo. <b>Any</b> time." in get_page(link).text


def test_board_settings_without_a_name_are_refused(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.board()
    page = get_page("/boards/north/settings").send({"name": " ", "support": "Jo."}, status=422)
    assert list(page.errors) == ["name"]
    assert page.fields["support"] == "Jo."


def test_markers_of_a_plugin_can_be_chosen_once_the_board_names_it(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.round()
    before = get_page(f"{asked.address}markers").data(button="Save and continue").getlist("markers")
    assert "Looking after the people" not in get_page(f"{asked.address}markers").text
    get_page("/boards/north/settings").send({"plugins": ["example_board"]})
    after = get_page(f"{asked.address}markers")
    assert "Looking after the people" in after.text
    assert after.data(button="Save and continue").getlist("markers") == before


def test_plugins_page_lists_what_is_at_work(ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page("/plugins")
    assert "nothing is wrong" in page.text
    (csv,) = page.root.find(id="export_csv")
    for said in ("Working", "export format csv", "Came with the program", "export_csv.py", "register_export_formats"):
        assert said in csv.text
    assert re.search(r"SHA-256 [0-9a-f]{64}", csv.text)


@pytest.fixture
def broken_plugin(instance_path: Path) -> None:
    folder = instance_path / "plugins"
    folder.mkdir(parents=True)
    (folder / "broken.py").write_text("raise RuntimeError('the kettle is empty')")


@pytest.mark.usefixtures("broken_plugin")
def test_plugins_page_says_what_is_wrong(ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page("/plugins")
    assert "something is wrong with broken." in page.text
    first = page.root.find("section")[0]
    assert first["id"] == "broken"
    assert "could not be loaded: RuntimeError: the kettle is empty" in first.text


# Reviews


def test_review_that_is_not_begun_says_what_is_to_come(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.board()
    page = get_page("/boards/north/")
    assert "There is no review yet." in page.text
    assert len(page.main.find("ol")[0].find("li")) == 5


@pytest.fixture
def many_reviews(web_app: Flask, world: World, ann: FlaskClient) -> int:
    """Reviews 001, 002 ... of a board, and one of another board."""
    world.board()
    world.board("south", "Southshire Board")
    with web_app.app_context():
        for key, references in (("north", range(1, 61)), ("south", [999])):
            board = boards.get_board(OPERATOR, key)
            for n in references:
                new = NewReview(reference=f"2026-{n:03}", title=f"Review of 100%, number {n}")
                create_review(OPERATOR, board, new, world.today)
    return 60


def references_on(page: Page) -> list[str]:
    return [task.text.partition("Reference ")[2].split()[0] for task in page.with_class("task")]


def test_reviews_are_listed_newest_first_in_pages(many_reviews: int, get_page: GetPage) -> None:
    pages = [get_page("/boards/north/")]
    while "Older reviews" in pages[-1].links:
        pages.append(pages[-1].follow("Older reviews"))
    listed = [reference for page in pages for reference in references_on(page)]
    assert listed == [f"2026-{n:03}" for n in range(many_reviews, 0, -1)]
    assert [len(references_on(page)) for page in pages] == [25, 25, 10]
    assert pages[2].follow("Newer reviews").address == pages[1].address


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2026-042", ["2026-042"]),
        ("NUMBER 42", ["2026-042"]),
        (" number 42 ", ["2026-042"]),
        ("999", []),
        ("_", []),
        ("x\x00", []),
    ],
    ids=["reference", "title", "blanks", "other_board", "wildcard", "nul"],
)
def test_reviews_are_found_by_what_is_in_them(
    many_reviews: int, get_page: GetPage, words: str, found: list[str]
) -> None:
    page = get_page("/boards/north/?" + urlencode({"q": words}))
    assert references_on(page) == found
    assert f"{len(found)} found" in page.text
    assert len(references_on(page.follow("Show all reviews"))) == 25


def test_review_is_found_by_its_key(many_reviews: int, get_page: GetPage) -> None:
    address = get_page("/boards/north/?q=2026-007").links["Review of 100%, number 7"]
    assert references_on(get_page("/boards/north/?q=" + address.split("/")[-2].lower())) == ["2026-007"]


def test_search_stays_on_the_pages_that_follow(many_reviews: int, get_page: GetPage) -> None:
    page = get_page("/boards/north/?q=2026-0").follow("Older reviews")
    assert page.fields["q"] == "2026-0"
    assert "Page 2 of 3" in page.text


@pytest.mark.parametrize("page", ["0", "-1", "x", "99", "9" * 30])
def test_page_that_there_is_not_is_the_nearest(many_reviews: int, get_page: GetPage, page: str) -> None:
    assert "of 3" in get_page(f"/boards/north/?page={page}").text


def test_few_reviews_need_no_search(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.round()
    assert "q" not in get_page("/boards/north/").fields


def test_list_of_reviews_takes_as_many_queries_for_many_as_for_few(
    web_app: Flask, many_reviews: int, get_page: GetPage
) -> None:
    counts = {}
    with web_app.app_context():
        engine = db.engine
    for address in ("/boards/south/", "/boards/north/"):
        sent: list[str] = []

        def note(conn: Any, cursor: Any, statement: str, *more: Any, sent: list[str] = sent) -> None:
            sent.append(statement)

        sa.event.listen(engine, "before_cursor_execute", note)
        get_page(address)
        sa.event.remove(engine, "before_cursor_execute", note)
        counts[address] = len(sent)
    assert counts["/boards/north/"] == counts["/boards/south/"] > 0


def test_list_of_reviews_shows_where_each_round_stands(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.open_round()
    assert get_page("/boards/north/").statuses == {"The July review": "Looking back: open"}


# An open round


def progress_on(page: Page) -> dict[str, str]:
    """Group -> how far its people have come."""
    return {row.find("dt")[0].text: row.find("dd")[0].text for row in page.with_class("summary-row")}


def test_progress_counts_people_by_group_and_state(
    world: World, ann: FlaskClient, get_page: GetPage, begin: Begin
) -> None:
    asked = world.open_round({"lead_reviewer": 3, "panel": 1})
    begin(asked.links[0])
    world.answer(asked.secrets["lead_reviewer"][1])
    page = get_page(asked.address)
    progress = progress_on(page)
    assert progress["lead reviewers"].startswith("1 of 3 sent")
    assert progress["lead reviewers"].endswith("1 started, 1 not started")
    assert progress["practitioners"] == "0 of 0 sent"
    assert progress["All together"].startswith("1 of 4 sent")
    bars = {bar["aria-label"]: (bar["value"], bar["max"]) for bar in page.main.find("progress")}
    assert bars == {"lead reviewers": ("1", "3"), "panel members": ("0", "1"), "Everyone": ("1", "4")}


def test_progress_of_a_confidential_round_is_by_the_groups_that_people_were_told(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    world.answer(asked.secrets["practitioner"][0])
    progress = progress_on(get_page(asked.address))
    assert [line.split(" sent")[0] for line in progress.values()] == ["1 of 6", "0 of 6", "1 of 12"]


def test_open_round_says_what_to_do_next(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    assert "remind those who have not sent their answers: 1. 7 days are left." in get_page(asked.address).text
    add(get_page(f"{asked.address}people/"), PEOPLE)
    page = get_page(asked.address)
    assert "2 people have no link yet." in page.text
    assert list(links_on(page.send(button="Make the links"))) == ["Sam Adeyemi", "Ira Novak"]


def test_round_that_everyone_answered_can_be_closed_next(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    world.answer(asked.secrets["lead_reviewer"][0])
    assert "Everyone has sent their answers." in get_page(asked.address).text


def test_round_opened_with_nobody_asks_for_people_next(
    web_app: Flask, world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round()
    get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1").send(button="Take out of this round")
    assert get_page(asked.address).follow("Add people").heading == "People"


def test_closing_date_is_moved(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = get_page(asked.address).send({"closes_on": "2026-03-31"}, button="Move")
    assert "last day of answering: 31 March 2026" in page.text
    assert "until 31 March 2026" in get_page(asked.link).text


@pytest.mark.parametrize("day", ["2026-03-01", "2027-03-03", "soon", ""], ids=["past", "after_keeping", "word", "none"])
def test_closing_date_that_cannot_be_is_refused(world: World, ann: FlaskClient, get_page: GetPage, day: str) -> None:
    page = get_page(world.open_round().address).send({"closes_on": day}, button="Move", status=409)
    assert list(page.errors) == ["closes_on"]
    assert "last day of answering: 9 March 2026" in page.text


def test_round_past_its_date_says_so_and_can_be_extended(
    web_app: Flask, world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round()
    web_app.config["NOW"] += timedelta(days=8)
    page = get_page(asked.address)
    assert "The last day of answering is past." in page.notices
    page.send({"closes_on": "2026-03-12"}, button="Move")
    assert get_page(asked.link).buttons == ["Start"]


def test_closing_needs_the_box_ticked(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = get_page(asked.address).follow("Close the round").send(button="Close the round", status=422)
    assert list(page.errors) == ["sure"]
    assert get_page(asked.link).buttons == ["Start"]


def test_closing_says_first_what_it_means(world: World, ann: FlaskClient, get_page: GetPage, begin: Begin) -> None:
    asked = world.open_round({"lead_reviewer": 3})
    begin(asked.links[0])
    world.answer(asked.secrets["lead_reviewer"][1])
    page = get_page(f"{asked.address}close")
    for said in (
        "1 of 3 have sent",
        "One person has started and not sent",
        "One person has not started",
        "earlier than people were told",
    ):
        assert said in page.text
    assert "Nothing of this round could ever be shown." not in page.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (4, "Nothing of this round could ever be shown."),
        (6, "Answers will be shown as: everyone."),
        (12, "practitioners; chairs and board members, panel members,"),
    ],
)
def test_closing_a_confidential_round_says_first_what_will_be_shown(
    world: World, ann: FlaskClient, get_page: GetPage, sent: int, said: str
) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    for secret in [secret for secrets in asked.secrets.values() for secret in secrets][-sent:]:
        world.answer(secret)
    assert said in get_page(f"{asked.address}close").text


def test_closed_round_stays_closed(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    before = get_page(asked.address)
    page = before.follow("Close the round").send({"sure": "yes"}, button="Close the round")
    assert "The round is closed." in page.notices
    assert not {"Move", "Close the round", "Open the round"} & {*page.buttons, *page.links}
    assert get_page(f"{asked.address}close").path == asked.address
    refused = before.send({"closes_on": "2026-03-31"}, button="Move", status=409)
    assert "stays closed" in refused.errors[""]


def test_closed_round_invites_nobody(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    people = get_page(f"{asked.address}people/")
    world.close(asked)
    refused = add(people, PEOPLE, 409)
    assert "closed" in refused.errors[""]
    assert "Add people" not in get_page(f"{asked.address}people/").text


def test_synthetic_round_says_so(web_app: Flask, world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    with web_app.app_context():
        fill_round(world.stored(asked), 5, 1, world.today)
    assert "Made-up responses" in get_page(asked.address).notices
    assert "Add people" not in get_page(f"{asked.address}people/").text


# The whole journey, page by page


def test_whole_journey_from_the_one_time_link_to_the_spreadsheet(
    web_app: Flask, world: World, get_page: GetPage, client: FlaskClient, begin: Begin
) -> None:
    page = get_page(world.welcome()).send(WHO).follow("Set up a board").send({"name": "Northshire Board"})
    page = page.follow("Begin a review").send({"reference": "2026-07", "title": "The July review"})
    page = page.send({"mode": "named"}).send({"markers": ["tea01", "tea02"]}, button="Save and continue")
    page = page.send({"people": PEOPLE}, button="Continue").send(button="Open the round")
    address = page.path
    links = links_on(page.send(button="Make the links"))
    tasks = begin(links["Ira Novak"], web_app.test_client())
    tasks.follow("Kettle").send({"answer-full": "yes", "reflection-helped": "The urn."})
    tasks.follow("Check and send").send(button="Send my answers")
    page = get_page(address)
    assert progress_on(page)["lead reviewers"].startswith("1 of 1 sent")
    page = page.send({"closes_on": "2026-03-31"}, button="Move")
    page = page.follow("Close the round").send({"sure": "yes"}, button="Close the round")
    assert "The urn." in page.follow("See results").follow("1. Kettle").text
    exported = client.get(page.follow("Export").form("Download")["action"] + "?format=csv&table=responses")
    (row,) = csv.DictReader(io.StringIO(exported.data.decode("utf-8-sig")))
    assert (row["name"], row["tea01.full.rating"], row["tea01.helped"]) == ("Ira Novak", "yes", "The urn.")

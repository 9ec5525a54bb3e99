"""Holds, deleting at the end of the time, a person's rights, and the log, as people see them."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.domain.links import handle_of
from scrqm_forms.domain.response import Entry

from .page import Page
from .world import CONFIDENTIAL, Asked, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]
KEPT_DAYS = 365


@pytest.fixture
def days_later(web_app: Flask) -> Callable[[int], None]:
    """`days_later(n)`: the pages think so many days have gone by."""

    def go(days: int) -> None:
        web_app.config["NOW"] += timedelta(days=days)

    return go


def review_page(get_page: GetPage, asked: Asked) -> Page:
    return get_page(f"/boards/{asked.board_key}/reviews/{asked.review_key}/")


def numbers(world: World) -> tuple[int, ...]:
    dump = world.dump()
    return tuple(len(dump[table]) for table in ("response", "entry", "invitation"))


# Holds


def test_round_is_put_on_hold_and_released(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = get_page(asked.address).send(button="Put this round on hold")
    assert "This round is on hold." in page.notices
    assert "Close the round" not in page.links
    assert "Move" not in page.buttons
    assert "On hold" in review_page(get_page, asked).text
    page = page.send(button="End the hold")
    assert "The hold has ended." in page.notices
    assert "Close the round" in page.links


def test_people_of_a_round_on_hold_can_be_read_and_not_changed(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round()
    get_page(asked.address).send(button="Put this round on hold")
    people = get_page(f"{asked.address}people/")
    assert "This round is on hold." in people.notices
    assert not {"Add", "Make the links", "Make new links"} & set(people.buttons)
    person = people.follow("Pat lead_reviewer 1")
    assert not person.buttons
    assert "Erase this person and what they wrote" not in person.links
    assert "lead_reviewer1@example.org" in person.text


@pytest.mark.parametrize("state", ["sent", "begun", "new"])
def test_participant_is_told_kindly_of_a_hold(
    world: World, ann: FlaskClient, get_page: GetPage, begin: Begin, state: str
) -> None:
    asked = world.open_round()
    if state == "sent":
        world.answer(asked.secrets["lead_reviewer"][0])
    elif state == "begun":
        begin(asked.link)
    get_page(asked.address).send(button="Put this round on hold")
    start = get_page(asked.link)
    assert "This round is on hold for now." in start.notices
    assert "There is nothing you need to do." in start.notices
    assert "closed" not in start.notices
    if state == "new":
        assert "Start" not in start.buttons
        return
    tasks = start.send()
    assert "Your answers are kept as they are." in tasks.notices
    assert not {"Withdraw everything I wrote", "Check and send"} & tasks.links.keys()
    assert "See or keep a copy of my answers" in tasks.links


def test_text_typed_before_a_hold_is_given_back(
    world: World, ann: FlaskClient, get_page: GetPage, begin: Begin
) -> None:
    asked = world.open_round()
    entry = begin(asked.link).follow("Kettle")
    get_page(asked.address).send(button="Put this round on hold")
    page = entry.send({"reflection-helped": "Written meanwhile."}, status=409)
    assert "on hold for now" in page.errors[""]
    assert page.fields["reflection-helped"] == "Written meanwhile."


# Deleting at the end of the time


def test_answers_are_deleted_and_certified(
    world: World, ann: FlaskClient, get_page: GetPage, days_later: Callable[[int], None]
) -> None:
    asked = world.closed_round({"lead_reviewer": 2})
    days_later(KEPT_DAYS + 1)
    page = review_page(get_page, asked)
    assert "Answers were kept until 2 March 2027, and are due to be deleted." in page.notices
    ask = page.follow("Delete the answers")
    assert "what people wrote, sent or not: 2; people and their links: 2" in ask.text
    assert "sure" in ask.send(status=422).errors
    assert numbers(world) == (2, 6, 2)
    done = ask.send({"sure": "yes"})
    assert (done.heading, numbers(world)) == ("Certificate of deletion", (0, 0, 0))
    for said in ("3 March 2027", "Ann", "2 March 2027", "SHA-256:"):
        assert said in done.text
    assert "Answers deleted on 3 March 2027." in get_page(asked.address).text
    assert "Certificate of deletion" in review_page(get_page, asked).links


@pytest.mark.parametrize("page", ["results", "export-options"])
def test_results_say_that_answers_were_deleted(
    world: World, ann: FlaskClient, get_page: GetPage, days_later: Callable[[int], None], page: str
) -> None:
    asked = world.closed_round()
    days_later(KEPT_DAYS + 1)
    review_page(get_page, asked).follow("Delete the answers").send({"sure": "yes"})
    assert get_page(asked.address + page).heading == "Answers deleted"
    assert "deleted with their answers" in get_page(f"{asked.address}people/").text


def test_answers_are_not_deleted_before_their_day_is_over(
    world: World, ann: FlaskClient, get_page: GetPage, days_later: Callable[[int], None]
) -> None:
    asked = world.closed_round()
    days_later(KEPT_DAYS)
    page = get_page(f"/boards/north/reviews/{asked.review_key}/delete-answers")
    assert "Answers are kept until 2 March 2027." in page.text
    token = page.root.find("input", name="csrf_token")[0]["value"]
    assert ann.post(page.path, data={"csrf_token": token, "sure": "yes"}).status_code == 409
    assert numbers(world) == (1, 3, 1)


def test_round_on_hold_stays_and_is_named(
    world: World, ann: FlaskClient, get_page: GetPage, days_later: Callable[[int], None]
) -> None:
    asked = world.closed_round()
    get_page(asked.address).send(button="Put this round on hold")
    days_later(KEPT_DAYS + 1)
    page = review_page(get_page, asked).follow("Delete the answers")
    assert "on hold, and stays until the hold ends" in page.text
    assert numbers(world) == (1, 3, 1)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (KEPT_DAYS - 31, ""),
        (KEPT_DAYS - 30, "Answers are to be deleted after 2 March 2027 (in 30 days)."),
        (KEPT_DAYS - 7, "Answers are to be deleted after 2 March 2027 (in 7 days)."),
        (KEPT_DAYS, "Answers are to be deleted after today, 2 March 2027."),
        (KEPT_DAYS + 1, "Answers were kept until 2 March 2027, and are due to be deleted."),
    ],
)
def test_board_review_and_round_warn_before_the_end(
    world: World,
    ann: FlaskClient,
    get_page: GetPage,
    days_later: Callable[[int], None],
    days: int,
    said: str,
) -> None:
    asked = world.closed_round()
    days_later(days)
    for address in ("/boards/north/", f"/boards/north/reviews/{asked.review_key}/", asked.address):
        page = get_page(address)
        assert said in page.notices if said else "deleted" not in page.notices, address
        strong = bool(page.with_class("notice-warning"))
        assert strong == (days >= KEPT_DAYS - 7), address


def test_day_is_moved_earlier_and_participants_are_told_the_new_one(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round()
    form = review_page(get_page, asked).follow("Move the day earlier")
    assert "reference" not in form.fields
    later = form.send({"keep_until": "2027-03-03"}, status=422)
    assert "moved earlier, but not later" in later.errors["keep_until"]
    page = form.send({"keep_until": "2026-12-31"})
    assert "kept until 31 December 2026" in page.text
    assert "keeps your answers until 31 December 2026" in get_page(asked.link).text


# A review begun by mistake


def test_review_begun_by_mistake_is_deleted_when_its_reference_is_typed(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round()
    ask = review_page(get_page, asked).follow("Begun by mistake: delete this review")
    wrong = ask.send({"reference": "2026-08"}, status=422)
    assert (list(wrong.errors), wrong.fields["reference"]) == (["reference"], "2026-08")
    page = ask.send({"reference": "2026-07"})
    assert page.path == "/boards/north/"
    assert world.dump()["review"] == []
    get_page(asked.link, status=404)


def test_review_with_answers_says_why_it_is_not_deleted(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.closed_round()
    assert "Begun by mistake: delete this review" not in review_page(get_page, asked).links
    page = get_page(f"/boards/north/reviews/{asked.review_key}/delete")
    assert "holds answers" in page.text
    assert "reference" not in page.fields


# A person's rights


def person_page(get_page: GetPage, asked: Asked) -> Page:
    return get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")


def test_everything_held_is_shown_to_read_once_the_person_has_asked(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round()
    world.answer(
        asked.secrets["lead_reviewer"][0],
        entries={"tea01": Entry(answers={"full": "no"}, comments={"full": "Half full."})},
    )
    ask = person_page(get_page, asked).follow("Everything held about this person")
    assert "asked" in ask.send(status=422).errors
    page = ask.send({"asked": "yes"})
    assert page.heading == "Everything held about Pat lead_reviewer 1"
    for said in ("lead_reviewer1@example.org", "Agency lead_reviewer", "Sent on 2 March 2026", "No", "Half full."):
        assert said in page.text


def test_everything_held_is_saved_as_a_file(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    world.answer(asked.secrets["lead_reviewer"][0], "In the file.")
    ask = person_page(get_page, asked).follow("Everything held about this person")
    data = ask.data({"asked": "yes"}, "Save it as a file (JSON)")
    response = ann.post(ask.path, data=data)
    assert response.headers["Content-Disposition"].startswith('attachment; filename="person-')
    found: dict[str, Any] = json.loads(response.data)
    assert found["person"]["email"] == "lead_reviewer1@example.org"
    assert "In the file." in response.text


def test_person_is_erased_after_closing_too(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.closed_round({"lead_reviewer": 2})
    ask = person_page(get_page, asked).follow("Erase this person and what they wrote")
    assert "It cannot be undone." in ask.text
    assert "sure" in ask.send(status=422).errors
    assert numbers(world) == (2, 6, 2)
    page = ask.send({"sure": "yes"})
    assert "Pat lead_reviewer 1" not in page.text
    assert numbers(world) == (1, 3, 1)
    assert "1 of 1 sent" in get_page(asked.address).text


def test_nobody_is_erased_from_a_confidential_round_and_the_page_says_why(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.closed_round({"lead_reviewer": 5}, **CONFIDENTIAL)
    page = person_page(get_page, asked)
    assert "nothing joins a person to their answers" in page.text
    assert "Erase this person and what they wrote" not in page.links
    erase = get_page(f"{page.path}/erase")
    assert "nothing joins a person to their answers" in erase.text
    assert "sure" not in erase.fields
    held = page.follow("Everything held about this person").send({"asked": "yes"})
    assert "nothing joins the two" in held.text
    assert "Well said." not in held.text


# Withdrawing


@pytest.mark.parametrize("settings", [{}, CONFIDENTIAL], ids=["named", "confidential"])
def test_participant_withdraws_everything_and_can_begin_again(
    world: World, get_page: GetPage, begin: Begin, settings: dict[str, Any]
) -> None:
    asked = world.open_round({"lead_reviewer": 5}, **settings)
    world.answer(asked.secrets["lead_reviewer"][0])
    ask = begin(asked.link).follow("Withdraw everything I wrote")
    assert numbers(world)[::2] == (1, 5)
    start = ask.send(button="Delete everything I wrote")
    assert "Everything you wrote is deleted." in start.notices
    assert (start.path, numbers(world)) == (asked.link, (0, 0, 5))
    assert start.send(button="Start").statuses["Kettle"] == "Not started"
    assert numbers(world) == (1, 0, 5)


def test_withdrawing_says_before_what_is_possible_afterwards(world: World, begin: Begin) -> None:
    named = world.open_round()
    text = begin(named.link).follow("Withdraw everything I wrote").text
    assert "ask Northshire Board to erase" in text
    confidential = world.open_round({"lead_reviewer": 5}, **CONFIDENTIAL)
    text = begin(confidential.link).follow("Withdraw everything I wrote").text
    assert "Nothing joins you to your answers except your link" in text
    assert "others could work out what these had said" in text


@pytest.mark.parametrize(
    ("settings", "said"),
    [({}, "can still erase it, if you ask"), (CONFIDENTIAL, "can no longer be withdrawn. Nothing joins you to")],
    ids=["named", "confidential"],
)
def test_nothing_is_withdrawn_after_closing_and_the_pages_say_why(
    world: World, get_page: GetPage, begin: Begin, settings: dict[str, Any], said: str
) -> None:
    asked = world.open_round({"lead_reviewer": 5}, **settings)
    for secret in asked.secrets["lead_reviewer"]:
        world.answer(secret)
    ask = begin(asked.link).follow("Withdraw everything I wrote")
    world.close(asked)
    refused = ask.send(button="Delete everything I wrote", status=409)
    assert "This round is closed" in refused.errors[""]
    assert said in refused.text
    tasks = get_page(f"/r/{handle_of(asked.secrets['lead_reviewer'][0])}/")
    assert said in tasks.text
    assert "Withdraw everything I wrote" not in tasks.links
    assert numbers(world)[::2] == (5, 5)


# The log


def test_log_says_in_plain_words_who_did_what(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    get_page(asked.address).send(button="Put this round on hold")
    page = get_page("/boards/north/").follow("Log")
    (row,) = page.rows("Who did what")
    assert row[1:] == ["Ann (ann@example.org)", "put a round on hold", f"{asked.review_key}/reflect", ""]
    assert row[0].startswith("2 March 2026, ")


def test_log_has_older_pages(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.board()
    settings = get_page("/boards/north/settings")
    for _ in range(51):
        settings.send()
    page = get_page("/boards/north/log")
    assert len(page.rows("Who did what")) == 50
    older = get_page(page.links["Older"])
    assert len(older.rows("Who did what")) == 1
    assert "Newer" in older.links


#: What is done on a page of a round with one person -> what is noted of it.
DONE: dict[str, tuple[str, dict[str, str], str, str]] = {
    "people": ("people/", {"people": "Eve,eve@example.org,chair,"}, "Add", "people_invited"),
    "links": ("people/1", {}, "Make a new link", "links_made"),
    "person": ("people/1", {"name": "Eve"}, "Save", "person_corrected"),
    "extend": ("", {"closes_on": "2026-03-20"}, "Move", "round_extended"),
    "close": ("close", {"sure": "yes"}, "Close the round", "round_closed"),
    "hold": ("", {}, "Put this round on hold", "round_held"),
    "remove": ("people/1", {}, "Take out of this round", "person_removed"),
    "data": ("people/1/data", {"asked": "yes"}, "Show it, to read or print", "person_exported"),
    "erase": ("people/1/erase", {"sure": "yes"}, "Erase", "person_erased"),
}


@pytest.mark.parametrize("done", DONE)
def test_what_is_done_on_a_page_is_noted_under_the_administrators_name(
    world: World, ann: FlaskClient, get_page: GetPage, done: str
) -> None:
    asked = world.open_round()
    where, values, button, what = DONE[done]
    get_page(asked.address + where).send(values, button=button)
    ((_id, _board, _at, who, noted, about, details),) = world.dump()["event"]
    assert (who, noted, about) == ("Ann (ann@example.org)", what, f"{asked.review_key}/reflect")
    assert "Eve" not in details
    assert "eve@" not in details


def test_setting_up_a_review_is_noted_step_by_step(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page("/boards/new").send({"name": "East Board"})
    page = page.follow("Begin a review").send({"reference": "2026-09"})
    markers = page.send({"mode": "named"})
    people = markers.send({"markers": ["tea01"]}, button="Save and continue")
    check = people.send({"people": "Eve,eve@example.org,chair,"}, button="Continue")
    check.send(button="Open the round")
    noted = [row[4] for row in sorted(world.dump()["event"])]
    assert noted == ["board_made", "review_made", "round_made", "round_changed", "people_invited", "round_opened"]

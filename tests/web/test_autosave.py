"""What the page's script sends while somebody types, and what it is told."""

import logging
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.domain.response import Entry

from .page import Page
from .page import get_page as get_page_by
from .script import Script
from .world import Asked, World

Begin = Callable[..., Page]


@pytest.fixture
def asked(world: World) -> Asked:
    return world.open_round()


@pytest.fixture
def script(asked: Asked, begin: Begin) -> Script:
    """The first entry, open in the only tab there is."""
    return Script(begin(asked.link).follow("Kettle"))


@pytest.fixture
def saved(world: World, asked: Asked) -> Callable[[], Entry | None]:
    """What is stored, read through another connection than the request's."""
    return lambda: world.entries(asked.link.removeprefix("/i/")).get("tea01")


Saved = Callable[[], Entry | None]


def test_version_is_told_once_the_text_is_stored(script: Script, saved: Saved) -> None:
    assert script.type({"reflection-helped": "\nThe urn.", "judgement": "met"}) == {"version": "1"}
    assert saved() == Entry(judgement="met", reflections={"helped": "\nThe urn."})
    assert script.type({"reflection-helped": "The samovar."}) == {"version": "2"}
    assert saved() == Entry(judgement="met", reflections={"helped": "The samovar."})


def test_what_was_saved_while_typing_is_on_the_page_when_it_is_opened_again(script: Script) -> None:
    script.type({"comment-full": "Half.", "answer-full": "partly", "obstacles": ["no_gas"]})
    fields = script.page.again().fields
    assert [fields[name] for name in ("comment-full", "answer-full", "obstacles")] == ["Half.", "partly", ["no_gas"]]


def test_equal_text_sent_again_is_one_version(script: Script, saved: Saved) -> None:
    script.type({"reflection-helped": "The urn."})
    for version in ("0", "1", "0"):
        assert script.type({"version": version}) == {"version": "1"}
    assert saved() == Entry(reflections={"helped": "The urn."})


def test_button_after_saving_while_typing_is_no_conflict_and_no_new_version(script: Script, saved: Saved) -> None:
    told = script.type({"reflection-helped": "The urn."})
    page = script.page.send({"reflection-helped": "The urn.", "version": told["version"]})
    assert page.heading == "Table"
    assert script.type({"reflection-helped": "More."}) == {"version": "2"}


def test_button_pressed_before_the_script_was_answered_is_no_conflict(script: Script) -> None:
    script.type({"reflection-helped": "The urn."})
    assert script.page.send({"reflection-helped": "The urn.", "version": "0"}).heading == "Table"


def test_looking_at_a_page_in_another_tab_and_saving_it_unchanged_stops_nobody(script: Script) -> None:
    script.type({"reflection-helped": "The urn."})
    script.page.again().send()
    assert script.type({"reflection-helped": "The urn. And more."}) == {"version": "2"}


# Refused


def test_older_version_stores_nothing_and_stops_the_script(script: Script, saved: Saved) -> None:
    script.page.send({"reflection-helped": "Typed there."})
    told = script.type({"reflection-helped": "Typed here."}, status=409)
    assert told["stop"] is True
    assert told["said"].startswith("Not saved: these answers were also changed in another window. Press Save")
    assert saved() == Entry(reflections={"helped": "Typed there."})


def test_save_pressed_after_the_script_stopped_shows_both_texts(script: Script) -> None:
    script.page.send({"reflection-helped": "Typed there."})
    script.type({"reflection-helped": "Typed here."}, status=409)
    page = script.page.send({"reflection-helped": "Typed here."}, status=409)
    assert [each.text for each in page.with_class("kept")] == ["Typed here.", "Typed there."]


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("closed", "This round is closed, so answers can no longer be changed."),
        ("past", "This round is closed, so answers can no longer be changed."),
        ("sent", "Your answers were sent. Take them back first if you want to change them."),
    ],
    ids=["closed", "past", "sent"],
)
def test_closed_or_sent_stores_nothing_and_says_why(
    world: World, asked: Asked, script: Script, saved: Saved, what: str, reason: str
) -> None:
    if what == "closed":
        world.close(asked)
    elif what == "past":
        world.app.config["NOW"] += timedelta(days=8)
    else:
        world.answer(asked.link.removeprefix("/i/"))
    before = saved()
    assert script.type({"reflection-helped": "Late."}, status=409) == {"said": f"Not saved. {reason}", "stop": True}
    assert saved() == before


def test_too_long_text_stores_nothing_says_how_much_and_may_be_tried_again(script: Script, saved: Saved) -> None:
    told = script.type({"reflection-helped": "é" * 100_001}, status=422)
    assert told == {
        "said": "Not saved. This text has 100,001 characters; there is room for 100,000. Please shorten it."
    }
    assert saved() is None
    assert script.type({"reflection-helped": "é" * 100_000}) == {"version": "1"}


def test_link_replaced_meanwhile_is_said(asked: Asked, script: Script, world: World, saved: Saved) -> None:
    with world.app.app_context():
        from scrqm_forms.services.invitations import make_links

        make_links(world.stored(asked), 1)
    assert "Open your link again" in script.type({"reflection-helped": "Late."}, status=400)["said"]


# Token and cookie


@pytest.mark.parametrize("token", ["", "junk", "ImFiYyI.aZZZZZ.forged"], ids=["empty", "junk", "forged"])
def test_token_that_is_lost_is_answered_by_one_that_works(script: Script, saved: Saved, token: str) -> None:
    told = script.type({"reflection-helped": "The urn.", "csrf_token": token}, status=400)
    assert told.keys() == {"token", "said"}
    assert saved() is None
    assert script.type({"csrf_token": told["token"]}) == {"version": "1"}
    assert saved() == Entry(reflections={"helped": "The urn."})
    assert script.page.send({"reflection-helped": "More.", "version": "1", "csrf_token": told["token"]}).heading


def test_cookie_that_is_gone_asks_for_the_link_and_gives_no_token(
    script: Script, client: FlaskClient, saved: Saved
) -> None:
    client.delete_cookie("scrqm_forms")
    told = script.type({"reflection-helped": "The urn."}, status=400)
    assert told.keys() == {"said"}
    assert "Open your link again in another tab, then come back here. What you typed stays" in told["said"]
    assert saved() is None


def test_opening_the_link_again_lets_the_same_tab_save(
    asked: Asked, script: Script, client: FlaskClient, begin: Begin, saved: Saved
) -> None:
    client.delete_cookie("scrqm_forms")
    script.type({"reflection-helped": "\nThe urn."}, status=400)
    begin(asked.link)
    token = script.save(status=400)["token"]
    assert script.type({"csrf_token": token}) == {"version": "1"}
    assert saved() == Entry(reflections={"helped": "\nThe urn."})


def test_token_of_another_browser_saves_nothing(web_app: Flask, script: Script, asked: Asked, saved: Saved) -> None:
    theirs = get_page_by(web_app.test_client(), asked.link)
    (token,) = theirs.main.find("input", name="csrf_token")
    assert "token" in script.type({"reflection-helped": "x", "csrf_token": token["value"]}, status=400)
    assert saved() is None


def test_who_pressed_start_too_late_is_asked_to_open_the_link_once_answers_are_taken_again(
    world: World, client: FlaskClient, begin: Begin, asked: Asked
) -> None:
    start = get_page_by(client, asked.link)
    world.app.config["NOW"] += timedelta(days=8)
    tasks = start.send()
    assert "This round is closed." in tasks.notices
    world.move_closing_date(asked, world.today + timedelta(days=20))
    assert get_page_by(tasks.client, f"{tasks.path}tea01", 403).heading == "Open your link again"
    script = Script(begin(asked.link).follow("Kettle"))
    assert script.type({"reflection-helped": "The urn."}) == {"version": "1"}


# What else must not happen


def test_marker_set_aside_stays_so_until_something_is_typed(script: Script, saved: Saved) -> None:
    script.page.send({"reflection-helped": "The urn."}, button="This was not my part of the review")
    aside = Script(script.page.again())
    assert saved() == Entry(not_my_part=True, reflections={"helped": "The urn."})
    aside.type({"reflection-helped": "After all."})
    assert saved() == Entry(reflections={"helped": "After all."})


def test_nothing_typed_reaches_the_log(
    script: Script, asked: Asked, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = "Unmistakable words"
    script.type({"reflection-helped": text})
    script.type({"reflection-helped": text * 10_000}, status=422)
    script.type({"reflection-helped": text, "version": "0", "judgement": "met"}, status=409)
    script.type({"csrf_token": ""}, status=400)
    client.delete_cookie("scrqm_forms")
    script.save(status=400)
    assert text not in caplog.text
    assert asked.link.removeprefix("/i/") not in caplog.text


def test_entry_that_is_not_asked_is_not_there(script: Script, client: FlaskClient) -> None:
    address = re.sub("tea01", "tea03", script.address)
    assert client.post(address, data=script.sent).status_code == 404


@pytest.mark.parametrize("what", ["sent", "closed"])
def test_page_that_cannot_be_saved_has_no_script(world: World, asked: Asked, begin: Begin, what: str) -> None:
    if what == "sent":
        world.answer(asked.link.removeprefix("/i/"))
    tasks = begin(asked.link)
    if what == "closed":
        world.close(asked)
    page = tasks.follow("Kettle")
    assert page.root.find("script") == []
    assert not any(each["data-autosave"] for each in page.root.find("form"))

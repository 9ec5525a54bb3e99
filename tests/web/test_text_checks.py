"""A participant's texts are looked through before sending: marked for them, stopping nothing, kept nowhere."""

import logging
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from flask.testing import FlaskClient

from .page import Page
from .page import get_page as get_page_by
from .world import World

Begin = Callable[..., Page]
TOLD = "Could any of this tell who somebody is?"


def written(world: World, begin: Begin) -> Page:
    """The check page of somebody whose answers name people."""
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send(
        {
            "answer-full": "partly",
            "comment-full": "Mrs Okafor <b>filled</b> it.",
            "reflection-helped": "Ring 07700 900123 & ask.\nOr a@example.org.",
            "judgement": "met",
        }
    )
    tasks.again().follow("The review as a whole").send({"comment-went_well": "Nothing to mark."})
    return tasks.again().follow("Check and send")


def marks(page: Page) -> list[str]:
    return [mark.text for mark in page.root.find("mark")]


def test_what_may_tell_who_somebody_is_is_marked_with_a_reason(world: World, begin: Begin) -> None:
    page = written(world, begin)
    assert TOLD in page.text
    assert marks(page) == ["Mrs Okafor", "07700 900123", "a@example.org"]
    assert "Partly Mrs Okafor <b>filled</b> it." in page.text
    assert "“Mrs Okafor” looks like somebody's name." in page.text
    assert "“07700 900123” looks like a telephone number." in page.text


def test_each_finding_leads_to_its_field(world: World, begin: Begin) -> None:
    page = written(world, begin)
    links = {text: href for text, href in page.links.items() if text.startswith("Kettle: ")}
    fields = [href.partition("#")[2] for href in links.values()]
    assert fields == ["comment-full", "reflection-helped"]
    for text in links:
        entry = page.follow(text)
        assert entry.root.find(id=links[text].partition("#")[2])


def test_nothing_is_marked_where_nothing_is_found(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"reflection-helped": "Time, and tea."})
    page = tasks.again().follow("Check and send")
    assert TOLD not in page.text
    assert marks(page) == []


def test_what_is_set_aside_is_not_looked_through(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"reflection-helped": "07700 900123"}, button="This was not my part of the review")
    assert TOLD not in tasks.again().follow("Check and send").text


def test_findings_stop_nothing_and_are_stored_nowhere(
    world: World, begin: Begin, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page = written(world, begin)
    before = world.dump()
    assert page.again().heading == page.heading
    assert world.dump() == before
    assert page.send(button="Send my answers").heading == "Your answers were sent. Thank you."
    assert "looks like" not in repr(world.dump())
    assert "07700" not in caplog.text
    assert "Okafor" not in caplog.text


def test_check_that_fails_leaves_the_page_whole_and_is_named_on_the_plugins_page(
    world: World, begin: Begin, instance_path: Path, ann: FlaskClient
) -> None:
    checks = world.app.extensions["scrqm_forms"].plugins.text_checks
    checks["email"] = msgspec.structs.replace(checks["email"], find=lambda text: 1 / 0)
    assert marks(written(world, begin)) == ["Mrs Okafor", "07700 900123"]
    (named,) = get_page_by(ann, "/plugins").root.find(id="identifying_details")
    assert "register_text_checks: text check email: ZeroDivisionError" in named.text
    assert "Okafor" not in named.text

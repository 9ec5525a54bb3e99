"""Two reviews: what was agreed after one comes back in the next, for participants and for those who read results."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scrqm_forms.domain.response import Entry

from .page import Page
from .page import get_page as get_page_by
from .world import Asked, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]
HEADING = "Agreed earlier: did it help?"


@pytest.fixture
def earlier(world: World) -> str:
    """Key of what was agreed after an earlier review, and done."""
    first = world.closed_round({"lead_reviewer": 1})
    return world.improvement(first, "Ring first.", state="agreed", owner="Chair")


@pytest.fixture
def asked(world: World, earlier: str) -> Asked:
    return world.open_round({"lead_reviewer": 1, "practitioner": 1})


def test_participant_is_asked_beside_the_marker_alone(asked: Asked, earlier: str, begin: Begin) -> None:
    for role in ("lead_reviewer", "practitioner"):
        page = begin(f"/i/{asked.secrets[role][0]}").follow("Kettle")
        assert HEADING in page.text
        assert page.group("Ring first.") == [
            "Yes", "Partly", "No", "Too early to say", "I was not in a position to know",
        ]  # fmt: skip
    assert HEADING not in page.follow("Save and see all").text if "Save and see all" in page.links else True


def test_other_markers_say_nothing_of_it(asked: Asked, begin: Begin) -> None:
    assert HEADING not in begin(asked.link).follow("Table").text


def test_answer_is_saved_checked_copied_and_changed(
    world: World, asked: Asked, earlier: str, begin: Begin, get_page: GetPage
) -> None:
    tasks = begin(asked.link)
    page = tasks.follow("Kettle").send({f"helped-{earlier}": "too_early"}, button="Save and continue")
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"] == Entry(helped={earlier: "too_early"})
    for name in ("check", "copy"):
        page = get_page(f"{tasks.path}{name}")
        assert "Did this help? Ring first. Too early to say" in page.text, name
    assert "Did this help? Ring first.\r\nToo early to say" in tasks.client.get(f"{tasks.path}copy.txt").text
    page = get_page(f"{tasks.path}tea01")
    assert page.fields[f"helped-{earlier}"] == "too_early"


def test_answer_that_is_not_offered_is_refused_with_the_rest_given_back(
    asked: Asked, earlier: str, begin: Begin
) -> None:
    page = begin(asked.link).follow("Kettle")
    page = page.send({f"helped-{earlier}": "maybe", "reflection-helped": "Well said."}, status=422)
    assert page.errors == {f"helped-{earlier}": "Choose one of the answers that are offered."}
    assert page.fields["reflection-helped"] == "Well said."


def test_two_windows_are_asked_which_answer_to_keep(world: World, asked: Asked, earlier: str, begin: Begin) -> None:
    page = begin(asked.link).follow("Kettle")
    page.send({f"helped-{earlier}": "no"}, button="Save and continue")
    page = page.send({f"helped-{earlier}": "yes"}, button="Save and continue", status=409)
    assert "Did this help? Ring first." in page.text
    page.send({f"pick-helped-{earlier}": "elsewhere"}, button="Save")
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"].helped == {earlier: "no"}


def test_results_and_register_show_the_chain(
    world: World, asked: Asked, earlier: str, ann: FlaskClient, get_page: GetPage
) -> None:
    for role, code in (("lead_reviewer", "yes"), ("practitioner", "partly")):
        entry = Entry(helped={earlier: code}, judgement="met")
        world.answer(asked.secrets[role][0], entries={"tea01": entry})
    page = get_page(f"{asked.address}results/tea01")
    assert HEADING in page.text
    page = page.follow("In the register (Ring first.)")
    assert page.heading == "Ring first."
    caption = "The July review, Looking back (reflect)"
    assert page.heads(caption)[1:] == ["Yes", "Partly", "No", "Too early to say", "I was not in a position to know"]
    rows = {row[0]: row[1:] for row in page.rows(caption)}
    assert rows["lead reviewers"] == ["1", "0", "0", "0", "0"]
    assert rows["practitioners"] == ["0", "1", "0", "0", "0"]
    assert "Yes 1, Partly 1" in get_page("/boards/north/improvements").text


def test_answers_are_for_those_who_may_read_them(
    world: World, asked: Asked, earlier: str, sign_in_once: Callable[..., FlaskClient]
) -> None:
    world.answer(asked.link.removeprefix("/i/"), entries={"tea01": Entry(helped={earlier: "yes"})})
    manager = sign_in_once(world.app.test_client(), world.administrator("man@example.org", "north", ["manage"]))
    for path in ("", f"/{earlier}"):
        page = get_page_by(manager, f"/boards/north/improvements{path}")
        assert "Did it help?" not in page.text
        assert "Yes 1" not in page.text


def test_administrator_sees_and_unticks_what_comes_back(
    world: World, earlier: str, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.round({"lead_reviewer": 1})
    assert "Ring first." in get_page(f"{asked.address}check").text
    page = get_page(f"{asked.address}markers")
    assert page.group("Improvements that come back") == ["1. Kettle: Ring first. (Agreed)"]
    assert page.fields["returning"] == [earlier]
    page.send({"returning": []}, button="Save and continue")
    assert "Ring first." not in get_page(f"{asked.address}check").text
    page = get_page(f"{asked.address}markers")
    assert page.fields["returning"] == []
    page.send({"returning": [earlier]}, button="Save and continue")
    assert "Ring first." in get_page(f"{asked.address}preview").text


def test_what_is_held_about_a_person_says_what_they_said_of_it(
    world: World, asked: Asked, earlier: str, ann: FlaskClient, get_page: GetPage
) -> None:
    world.answer(asked.link.removeprefix("/i/"), entries={"tea01": Entry(helped={earlier: "no"})})
    page = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    page = page.follow("Everything held about this person").send({"asked": "yes"}, button="Show it, to read or print")
    assert "Did this help? Ring first." in page.text

"""Administrators' pages: boards, reviews, rounds; and the whole journey, from the one-time link to the spreadsheet."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.services.sample import fill_round

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
    before = get_page(f"{asked.address}settings").data().getlist("markers")
    assert "Looking after the people" not in get_page(f"{asked.address}settings").text
    get_page("/boards/north/settings").send({"plugins": ["example_board"]})
    after = get_page(f"{asked.address}settings")
    assert "Looking after the people" in after.text
    assert after.data().getlist("markers") == before


def test_plugins_page_lists_what_is_at_work(ann: FlaskClient, get_page: GetPage) -> None:
    rows = {row[0]: row for row in get_page("/plugins").rows("Plugins of this service")}
    assert {"export_csv", "export_excel", "example_board"} <= rows.keys()
    assert "export format csv" in rows["export_csv"][3]


@pytest.fixture
def broken_plugin(instance_path: Path) -> None:
    folder = instance_path / "plugins"
    folder.mkdir(parents=True)
    (folder / "broken.py").write_text("raise RuntimeError('the kettle is empty')")


@pytest.mark.usefixtures("broken_plugin")
def test_plugins_page_says_what_is_wrong(ann: FlaskClient, get_page: GetPage) -> None:
    rows = {row[0]: row for row in get_page("/plugins").rows("Plugins of this service")}
    assert "RuntimeError: the kettle is empty" in rows["broken"][4]
    assert rows["export_csv"][4] == ""


# A review and its round


def test_review_begins_and_leads_to_its_round(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.board()
    form = get_page("/boards/north/").follow("Begin a review")
    assert form.fields["keep_until"] == "2027-03-02"
    page = form.send({"reference": "2026-07", "title": "The July review"})
    assert page.heading == "What to ask, and how"
    assert "The July review" in page.text


def test_review_without_title_is_called_by_its_reference(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.board()
    page = get_page("/boards/north/reviews/new").send({"reference": "2026-07"})
    assert "Step 2 of 4 · 2026-07" in page.text


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reference": " "}, "reference"),
        ({"reference": "R", "keep_until": "2026-03-02"}, "keep_until"),
        ({"reference": "R", "keep_until": "31/12/2027"}, "keep_until"),
    ],
    ids=["no_reference", "not_future", "no_day"],
)
def test_review_that_lacks_something_is_refused_at_its_field(
    world: World, ann: FlaskClient, get_page: GetPage, values: dict[str, str], field: str
) -> None:
    world.board()
    page = get_page("/boards/north/reviews/new").send(values, status=422)
    assert list(page.errors) == [field]
    assert {name: page.fields[name] for name in values} == values


@pytest.fixture
def round_form(world: World, ann: FlaskClient, get_page: GetPage) -> Page:
    """The form of a new round of a new review."""
    world.board()
    return get_page("/boards/north/reviews/new").send({"reference": "2026-07"})


def test_new_round_proposes_the_usual_but_no_mode(round_form: Page) -> None:
    fields = round_form.fields
    assert fields["mode"] == ""
    assert fields["purpose"] == "reflect"
    assert fields["minimum"] == "5"
    assert fields["closes_on"] == "2026-03-30"
    assert fields["brief"] == ["practitioner"]
    assert fields["markers"] == [f"qm{n:02}" for n in range(1, 19)]


def test_new_round_offers_local_markers_as_such(round_form: Page) -> None:
    labels = round_form.group("Pouring")
    assert [label for label in labels if "Cups" in label] == [
        "3. Cups (local marker) Practitioner or first-line manager"
    ]
    assert any("(published wording)" in label for label in labels)


def test_new_round_leads_to_its_people(round_form: Page) -> None:
    page = round_form.send({"mode": "named"})
    assert page.heading == "People"
    assert "The round is set up. Now invite people." in page.notices


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "mode"),
        ({"mode": "named", "purpose": "gossip"}, "purpose"),
        ({"mode": "named", "minimum": "2"}, "minimum"),
        ({"mode": "named", "minimum": "eleven"}, "minimum"),
        ({"mode": "named", "minimum": "11"}, "minimum"),
        ({"mode": "named", "markers": []}, "markers"),
        ({"mode": "named", "markers": ["qm99"]}, "markers"),
        ({"mode": "named", "roles": []}, "roles"),
        ({"mode": "named", "roles": ["king"]}, "roles"),
        ({"mode": "named", "closes_on": "2026-03-01"}, "closes_on"),
        ({"mode": "named", "closes_on": "2027-03-03"}, "closes_on"),
        ({"mode": "named", "closes_on": "soon"}, "closes_on"),
    ],
    ids=[
        "no_mode",
        "purpose",
        "minimum_2",
        "minimum_word",
        "minimum_11",
        "no_markers",
        "marker",
        "no_roles",
        "role",
        "past",
        "after_keeping",
        "no_day",
    ],
)
def test_round_that_lacks_something_is_refused_at_its_field(
    world: World, round_form: Page, values: dict[str, str | list[str]], field: str
) -> None:
    page = round_form.send(values, status=422)
    assert list(page.errors) == [field]
    shown = {name: value for name, value in values.items() if name in ("minimum", "closes_on")}
    assert {name: page.fields[name] for name in shown} == shown
    assert world.dump()["round"] == []


def test_round_can_be_changed_until_it_opens(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    form = get_page(asked.address).follow("What to ask, and how")
    page = form.send({"mode": "confidential", "minimum": "4", "markers": ["tea01"], "closes_on": "2026-03-20"})
    assert "Confidential, smallest group 4 · 1 markers · last day of answering: 20 March 2026" in page.text


def test_open_round_keeps_its_settings(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    form = get_page(f"{asked.address}settings")
    get_page(asked.address).send(button="Open the round")
    before = world.dump()["round"]
    form.send({"mode": "confidential"}, status=422)
    assert world.dump()["round"] == before
    assert get_page(f"{asked.address}settings").path == asked.address


def test_second_round_of_a_purpose_gets_a_number(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = get_page(f"/boards/north/reviews/{asked.review_key}/").follow("Add a round").send({"mode": "named"})
    assert page.path == asked.address.replace("/reflect/", "/reflect_2/") + "people/"
    assert "Looking back (2)" in get_page(f"/boards/north/reviews/{asked.review_key}/").links


def test_review_without_a_round_leads_to_the_form(world: World, round_form: Page, get_page: GetPage) -> None:
    page = get_page(round_form.path.removesuffix("new-round"))
    assert page.path == round_form.path


# Groups and opening


def test_groups_are_previewed_as_people_are_invited(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round(ENOUGH, **CONFIDENTIAL)
    others = "chairs and board members, panel members, lead reviewers and business unit staff"
    assert f"practitioners (6), {others} (6)" in get_page(f"{asked.address}people/").text
    groups = [row[0] for row in get_page(asked.address).rows("Groups")]
    assert groups == ["practitioners (6)", f"{others} (6)"]


def test_too_few_people_are_shown_as_everyone(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round({"chair": 1, "practitioner": 4}, **CONFIDENTIAL)
    assert [row[0] for row in get_page(asked.address).rows("Groups")] == ["everyone (5)"]


def test_groups_can_be_chosen_and_proposed_again(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round(ENOUGH, **CONFIDENTIAL)
    joined = {f"group-{role}": "chair" for role in ("chair", "panel", "lead_reviewer", "business_unit", "practitioner")}
    page = get_page(asked.address).send(joined, button="Save groups")
    assert [row[0] for row in page.rows("Groups")] == ["everyone (12)"]
    page = page.send(button="As proposed from who is invited")
    assert len(page.rows("Groups")) == 2


def test_small_group_of_a_confidential_round_keeps_it_from_opening(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.round(ENOUGH, **CONFIDENTIAL)
    alone = {f"group-{role}": role for role in ("chair", "panel", "lead_reviewer", "business_unit", "practitioner")}
    page = get_page(asked.address).send(alone, button="Save groups").send(button="Open the round", status=409)
    assert "a confidential round needs 5" in page.errors[""]
    assert get_page(asked.link, 403).buttons == []


def test_opening_freezes_the_questionnaire_and_names_its_digest(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.round()
    page = get_page(asked.address).send(button="Open the round")
    assert "The round is open." in page.notices
    (digest,) = page.with_class("digest")
    (world.marker_folder / "01-kettle.toml").unlink()
    assert get_page(asked.address).with_class("digest")[0].text == digest.text
    assert "The serious case review has a kettle." in get_page(f"{asked.address}preview").text


def test_opening_twice_is_refused(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = get_page(asked.address)
    page.send(button="Open the round")
    assert "open already" in page.send(button="Open the round", status=409).errors[""]


def test_preview_shows_what_each_role_is_asked(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = get_page(f"{asked.address}preview")
    assert "Was there a plan?" in page.text
    page = get_page(f"{asked.address}preview?role=practitioner")
    assert "Was there a plan?" not in page.text
    assert "brief: the questions are shown as an aid" in page.text
    assert page.fields["role"] == "practitioner"


def test_preview_of_an_unknown_role_shows_the_first(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    assert get_page(f"{world.round().address}preview?role=king").fields["role"] == "chair"


# An open round


def test_progress_counts_people_by_role_and_state(
    world: World, ann: FlaskClient, get_page: GetPage, begin: Begin
) -> None:
    asked = world.open_round({"lead_reviewer": 3})
    begin(asked.links[0])
    world.answer(asked.secrets["lead_reviewer"][1])
    rows = get_page(asked.address).rows("Progress by role")
    assert ["Lead reviewer", "1", "1", "1"] in rows


def test_closing_date_is_moved(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = get_page(asked.address).send({"closes_on": "2026-03-31"}, button="Move")
    assert "last day of answering: 31 March 2026" in page.text
    assert "until 31 March 2026" in get_page(asked.link).text


@pytest.mark.parametrize("day", ["2026-03-01", "2027-03-03", "soon", ""], ids=["past", "after_keeping", "word", "none"])
def test_closing_date_that_cannot_be_is_refused(world: World, ann: FlaskClient, get_page: GetPage, day: str) -> None:
    page = get_page(world.open_round().address).send({"closes_on": day}, button="Move", status=409)
    assert page.errors
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
    page = get_page(asked.address).send(button="Close the round", status=422)
    assert list(page.errors) == ["sure"]
    assert get_page(asked.link).buttons == ["Start"]


def test_closed_round_stays_closed(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    before = get_page(asked.address)
    page = before.send({"sure": "yes"}, button="Close the round")
    assert "The round is closed." in page.notices
    assert not {"Move", "Close the round", "Open the round"} & set(page.buttons)
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
    page = page.send({"mode": "named", "markers": ["tea01", "tea02"]})
    page = page.send({"people": PEOPLE}).follow("Continue: check and open").send(button="Open the round")
    address = page.path
    links = links_on(page.follow("People and links").send(button="Make the links"))
    tasks = begin(links["Ira Novak"], web_app.test_client())
    tasks.follow("Kettle").send({"answer-full": "yes", "reflection-helped": "The urn."})
    tasks.follow("Check and send").send(button="Send my answers")
    page = get_page(address)
    assert ["Lead reviewer", "0", "0", "1"] in page.rows("Progress by role")
    page = page.send({"closes_on": "2026-03-31"}, button="Move").send({"sure": "yes"}, button="Close the round")
    assert "The urn." in page.follow("See results").text
    exported = client.get(page.links["Export: CSV"])
    (row,) = csv.DictReader(io.StringIO(exported.data.decode("utf-8-sig")))
    assert (row["name"], row["tea01.full.rating"], row["tea01.helped"]) == ("Ira Novak", "yes", "The urn.")

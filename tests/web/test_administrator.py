"""Administrators' pages, from the one-time link to the export."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from scrqm_forms.domain.response import Entry
from scrqm_forms.services.accounts import make_sign_in_link, note_failure
from scrqm_forms.services.context import context
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage.database import db

from .page import Page
from .world import PASSWORD, Asked, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]

ENOUGH = {"lead_reviewer": 2, "panel": 4, "practitioner": 6}
CONFIDENTIAL = {"mode": "confidential", "minimum": 5}
WRONG = "This e-mail address and password do not belong together."
PEOPLE = """name,email,role,agency
Sam Adeyemi,sam@example.org,chair,Health
Ira Novak,ira@example.org,Lead reviewer,Independent
"""


def rows_of(page: Page, caption: str) -> list[list[str]]:
    """The body of a table, by its caption."""
    (table,) = [each for each in page.main.find("table") if each.find("caption")[0].text == caption]
    return [[cell.text for cell in row.find("th", "td")] for row in table.find("tbody")[0].find("tr")]


def links_on(page: Page) -> dict[str, str]:
    """Name -> path of the link, on a page of links."""
    (table,) = page.main.find("table")
    rows = [row.find("th", "td") for row in table.find("tbody")[0].find("tr")]
    return {cells[0].text: cells[-1].text.removeprefix("http://localhost") for cells in rows}


def add(people: Page, text: str = "", status: int = 200, **more: Any) -> Page:
    """Paste a list into the page of people, or upload a file."""
    return people.send({"people": text} if text else {}, button="Add", status=status, **more)


# Becoming an administrator


@pytest.fixture
def welcome(web_app: Flask) -> Callable[..., str]:
    """`welcome(email=None)`: the path of a one-time link."""

    def make(**for_whom: str) -> str:
        with web_app.app_context():
            return f"/welcome/{make_sign_in_link(web_app.config['NOW'], **for_whom)}"

    return make


WHO = {"name": "Ann Ojo", "email": "Ann@Example.org", "password": PASSWORD}


def test_one_time_link_makes_an_administrator_and_signs_in(welcome: Callable[..., str], get_page: GetPage) -> None:
    page = get_page(welcome()).send(WHO)
    assert page.heading == "Boards"
    assert "There is no board yet." in page.text


def test_opening_a_one_time_link_does_not_use_it_up(
    world: World, welcome: Callable[..., str], get_page: GetPage
) -> None:
    link = welcome()
    before = world.dump()
    get_page(link)
    assert world.dump() == before


def test_one_time_link_works_once(web_app: Flask, welcome: Callable[..., str], get_page: GetPage) -> None:
    link = welcome()
    get_page(link).send(WHO)
    assert get_page(link, 404).heading == "This link does not work"


def test_one_time_link_lasts_two_days(web_app: Flask, welcome: Callable[..., str], get_page: GetPage) -> None:
    link = welcome()
    web_app.config["NOW"] += timedelta(hours=48)
    get_page(link)
    web_app.config["NOW"] += timedelta(seconds=1)
    get_page(link, 404)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"password": "elevenchars"}, "password"),
        ({"name": "  "}, "name"),
        ({"email": "ann"}, "email"),
        ({"email": "@"}, "email"),
    ],
    ids=["short_password", "no_name", "no_address", "at_alone"],
)
def test_account_that_lacks_something_is_not_made(
    world: World, welcome: Callable[..., str], get_page: GetPage, values: dict[str, str], field: str
) -> None:
    page = get_page(welcome()).send(WHO | values, status=422)
    assert list(page.errors) == [field]
    assert page.fields["password"] == ""
    assert world.dump()["administrator"] == []
    assert page.send(WHO).heading == "Boards"


def test_short_password_is_told_how_long_it_must_be(welcome: Callable[..., str], get_page: GetPage) -> None:
    page = get_page(welcome()).send(WHO | {"password": "elevenchars"}, status=422)
    assert "at least 12 characters" in page.errors["password"]


def test_address_of_another_administrator_is_refused(
    world: World, welcome: Callable[..., str], get_page: GetPage
) -> None:
    world.administrator("ann@example.org")
    page = get_page(welcome()).send(WHO, status=422)
    assert "already" in page.errors["email"]


def test_wrong_one_time_link_says_what_to_do(get_page: GetPage) -> None:
    assert get_page("/welcome/nothing", 404).heading == "This link does not work"


@pytest.mark.parametrize("method", ["get", "post"])
def test_guessing_one_time_links_is_turned_away(
    welcome: Callable[..., str], client: FlaskClient, get_page: GetPage, method: str
) -> None:
    link = welcome()
    token = get_page(link).data()
    found = [getattr(client, method)(f"/welcome/{n:043}", data=token).status_code for n in range(51)]
    assert found == [404] * 50 + [429]
    assert get_page(link).send(WHO).heading == "Boards"


def test_link_for_an_administrator_sets_the_password_anew(
    world: World, welcome: Callable[..., str], get_page: GetPage, client: FlaskClient, sign_in: Callable[..., Page]
) -> None:
    email = world.administrator()
    page = get_page(welcome(email=email))
    assert page.heading == "Choose a new password"
    page.send({"password": "four words are here"}).send(button="Sign out")
    assert sign_in(client, email, "four words are here").heading == "Boards"


def test_new_password_ends_every_session_of_before(
    web_app: Flask, ann: FlaskClient, welcome: Callable[..., str], get_page: GetPage
) -> None:
    there = web_app.test_client()
    page = Page(there, there.get(welcome(email="ann@example.org")))
    page.send({"password": "four words are here"})
    assert get_page("/boards/").heading == "Sign in"


def test_link_for_one_board_makes_an_administrator_of_that_board(
    world: World, welcome: Callable[..., str], get_page: GetPage
) -> None:
    world.board("north")
    world.board("south", "Southshire Board")
    page = get_page(welcome(board_key="south")).send(WHO)
    assert page.path == "/boards/south/"
    get_page("/boards/north/", 404)


# Signing in


def test_password_is_stored_as_an_argon2id_hash(web_app: Flask, welcome: Callable[..., str], get_page: GetPage) -> None:
    get_page(welcome()).send(WHO)
    with web_app.app_context():
        (stored,) = db.session.scalars(sa.text("select password from administrator"))
    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


def test_signing_in_leads_to_the_boards(world: World, client: FlaskClient, sign_in: Callable[..., Page]) -> None:
    world.board()
    world.board("south", "Southshire Board")
    world.administrator()
    page = sign_in(client)
    assert page.heading == "Boards"
    assert {"Northshire Board", "Southshire Board"} <= page.links.keys()


def test_address_is_taken_in_any_case(world: World, client: FlaskClient, sign_in: Callable[..., Page]) -> None:
    world.administrator()
    assert sign_in(client, "ANN@example.org").heading == "Boards"


@pytest.mark.parametrize(
    ("email", "password"),
    [("ann@example.org", "wrong words here"), ("nobody@example.org", PASSWORD)],
    ids=["wrong_password", "unknown_address"],
)
def test_failed_sign_in_says_the_same_whatever_was_wrong(
    world: World, get_page: GetPage, email: str, password: str
) -> None:
    world.administrator()
    page = get_page("/sign-in").send({"email": email, "password": password})
    assert page.heading == "Sign in"
    assert page.title.startswith("Error:")
    assert len(page.errors) == 1
    assert page.fields == {"email": email, "password": ""}


def test_failed_sign_ins_say_one_sentence_for_both(world: World, get_page: GetPage) -> None:
    world.administrator()
    known = get_page("/sign-in").send({"email": "ann@example.org", "password": "wrong words here"})
    unknown = get_page("/sign-in").send({"email": "nobody@example.org", "password": "wrong words here"})
    assert known.errors == unknown.errors != {}


@pytest.mark.parametrize("values", [{"email": "ann@example.org"}, {"password": PASSWORD}, {}], ids=str)
def test_sign_in_with_something_missing_says_so(world: World, get_page: GetPage, values: dict[str, str]) -> None:
    world.administrator()
    page = get_page("/sign-in").send(values)
    assert page.heading == "Sign in"
    assert page.errors


@pytest.fixture
def fail(web_app: Flask) -> Callable[..., None]:
    """`fail(times, scope, who)`: so many failures to sign in, by account or by address."""

    def note(times: int, scope: str, who: str) -> None:
        with web_app.app_context():
            for _ in range(times):
                note_failure(context().instance, f"sign-in {scope}", who, web_app.config["NOW"])

    return note


@pytest.mark.parametrize(
    "already", [(9, "account", "ann@example.org"), (49, "address", "127.0.0.1")], ids=["account", "address"]
)
def test_guessing_passwords_is_turned_away_until_the_window_passes(
    web_app: Flask, world: World, get_page: GetPage, fail: Callable[..., None], already: tuple[int, str, str]
) -> None:
    world.administrator()
    fail(*already)
    page = get_page("/sign-in")
    page.send({"email": "Ann@example.org", "password": "wrong words here"})
    refused = page.send({"email": "ann@example.org", "password": PASSWORD}, status=429)
    assert "wait a quarter of an hour" in refused.text
    web_app.config["NOW"] += timedelta(minutes=15)
    assert page.send({"email": "ann@example.org", "password": PASSWORD}).heading == "Boards"


def test_guessing_one_account_leaves_others_free(
    world: World, client: FlaskClient, sign_in: Callable[..., Page], fail: Callable[..., None]
) -> None:
    world.administrator("ben@example.org")
    fail(10, "account", "ann@example.org")
    assert sign_in(client, "ben@example.org").heading == "Boards"


def test_signing_in_forgets_the_failures_before(
    world: World, client: FlaskClient, sign_in: Callable[..., Page], fail: Callable[..., None]
) -> None:
    world.administrator()
    fail(9, "account", "ann@example.org")
    sign_in(client).send(button="Sign out")
    sign_in(client, password="wrong words here")
    assert sign_in(client).heading == "Boards"


@pytest.mark.parametrize("address", ["", "people/", "results", "preview?role=practitioner"])
def test_signed_out_visitor_comes_back_to_the_page_after_signing_in(
    world: World, get_page: GetPage, address: str
) -> None:
    asked = world.open_round()
    world.administrator()
    page = get_page(asked.address + address)
    assert page.heading == "Sign in"
    assert page.send({"email": "ann@example.org", "password": PASSWORD}).address == asked.address + address


def test_coming_back_survives_a_wrong_password(world: World, get_page: GetPage) -> None:
    asked = world.open_round()
    world.administrator()
    page = get_page(asked.address).send({"email": "ann@example.org", "password": "wrong words here"})
    assert page.send({"email": "ann@example.org", "password": PASSWORD}).path == asked.address


def test_signed_out_post_leads_to_a_page_that_is_there(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(world.round().address)
    ann.post("/sign-out", data=page.data(button="Sign out"))
    token = get_page("/sign-in").data().to_dict()["csrf_token"]
    page = page.send({"csrf_token": token}, button="Open the round")
    assert page.heading == "Sign in"
    page.send({"email": "ann@example.org", "password": PASSWORD})


@pytest.mark.parametrize("away", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(
    world: World, client: FlaskClient, get_page: GetPage, away: str
) -> None:
    world.administrator()
    data = get_page("/sign-in").data({"email": "ann@example.org", "password": PASSWORD, "next": away})
    response = client.post("/sign-in", data=data)
    assert urlsplit(response.headers.get("Location", "")).netloc in ("", "localhost")
    assert not response.headers.get("Location", "").startswith(("//", "/\\"))


def test_signing_out_ends_the_session(ann: FlaskClient, get_page: GetPage) -> None:
    assert get_page("/boards/").send(button="Sign out").heading == "Sign in"
    assert get_page("/boards/").heading == "Sign in"


def test_signing_out_ends_sessions_on_other_devices(web_app: Flask, ann: FlaskClient, get_page: GetPage) -> None:
    there = web_app.test_client()
    there.set_cookie("scrqm_forms", ann.get_cookie("scrqm_forms").value)  # type: ignore[union-attr]
    assert there.get("/boards/new").status_code == 200
    get_page("/boards/new").send(button="Sign out")
    assert there.get("/boards/new").status_code == 302


def test_signing_in_leaves_no_second_cookie(world: World, client: FlaskClient, get_page: GetPage) -> None:
    world.administrator()
    data = get_page("/sign-in").data({"email": "ann@example.org", "password": PASSWORD}).to_dict()
    response = client.post("/sign-in", data=data | {"remember": "y"})
    assert {cookie.partition("=")[0] for cookie in response.headers.getlist("Set-Cookie")} == {"scrqm_forms"}


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
        "plugins": ["example_board"],
    }
    page = get_page("/boards/north/settings").send(saved)
    assert "Rounds that are open keep the wording" in page.notices
    assert page.follow("Board settings").fields == saved


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
    rows = {row[0]: row for row in rows_of(get_page("/plugins"), "Plugins of this service")}
    assert {"export_csv", "export_excel", "example_board"} <= rows.keys()
    assert "export format csv" in rows["export_csv"][3]


@pytest.fixture
def broken_plugin(instance_path: Path) -> None:
    folder = instance_path / "plugins"
    folder.mkdir(parents=True)
    (folder / "broken.py").write_text("raise RuntimeError('the kettle is empty')")


@pytest.mark.usefixtures("broken_plugin")
def test_plugins_page_says_what_is_wrong(ann: FlaskClient, get_page: GetPage) -> None:
    rows = {row[0]: row for row in rows_of(get_page("/plugins"), "Plugins of this service")}
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


# People


def test_people_are_added_from_a_pasted_list(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE)
    assert "2 added." in page.notices
    assert ["Ira Novak", "Lead reviewer", "Independent", "ira@example.org", "not made", "Not started"] in rows_of(
        page, "3 people"
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_pasted_list_may_come_from_a_spreadsheet(
    world: World, ann: FlaskClient, get_page: GetPage, separator: str
) -> None:
    asked = world.round()
    line = separator.join(["Sam Adeyemi", "sam@example.org", "chair", "Health"])
    page = add(get_page(f"{asked.address}people/"), line)
    assert "Sam Adeyemi" in page.links


@pytest.mark.parametrize(
    "content",
    [
        PEOPLE.encode(),
        b"\xef\xbb\xbf" + PEOPLE.replace("\n", "\r\n").encode(),
        PEOPLE.replace("Ira", "Zo\xeb").encode("cp1252"),
    ],
    ids=["utf8", "bom", "cp1252"],
)
def test_people_are_added_from_a_file(world: World, ann: FlaskClient, get_page: GetPage, content: bytes) -> None:
    asked = world.round()
    page = add(get_page(f"{asked.address}people/"), file=(io.BytesIO(content), "people.csv"))
    assert "2 added." in page.notices
    assert "Sam Adeyemi" in page.links
    assert {"Ira Novak", "Zo\xeb Novak"} & page.links.keys()


def test_people_who_are_there_are_left_as_they_are(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE)
    assert "1 added." in add(page, PEOPLE + "Kim,kim@example.org,panel,\n").notices


def test_faults_of_a_list_are_named_and_the_text_kept(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    before = world.dump()["invitation"]
    text = "Sam,sam@example.org,chair,Health\nIra,not-an-address,panel,\n\nKim,kim@example.org,king,\n"
    page = add(get_page(f"{asked.address}people/"), text, status=422)
    faults = page.with_class("error-summary")[0].text
    assert 'Line 2: "not-an-address" is not an e-mail address' in faults
    assert 'Line 4: the role "king" is not one of chair' in faults
    assert page.fields["people"] == text
    assert world.dump()["invitation"] == before


def test_faults_of_a_file_put_its_text_into_the_box(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    file = (io.BytesIO(b"Sam,sam@example.org,king,Health\r\n"), "people.csv")
    page = add(get_page(f"{asked.address}people/"), file=file, status=422)
    assert page.fields["people"] == "Sam,sam@example.org,king,Health\n"
    assert "king" in page.errors["people"]


def test_nobody_in_the_list_is_said(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = add(get_page(f"{world.round().address}people/"), " ", status=422)
    assert "There is nobody in this list" in page.errors["people"]


def test_pasted_list_survives_a_bad_token(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(f"{world.round().address}people/")
    refused = page.send({"people": PEOPLE, "csrf_token": "no-token"}, button="Add", status=400)
    assert [box.content.removeprefix("\n") for box in refused.main.find("textarea")] == [PEOPLE]


def test_person_is_corrected(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    new = {"name": "Pat Ngata", "email": "pat@example.org", "role": "panel", "agency": "Police"}
    page = person.send(new, button="Save")
    assert ["Pat Ngata", "Panel or sub-group member", "Police", "pat@example.org", "made", "Not started"] in rows_of(
        page, "1 people"
    )


@pytest.mark.parametrize(
    "values", [{"name": ""}, {"email": "not-an-address"}, {"role": "king"}], ids=["name", "email", "role"]
)
def test_faulty_correction_is_refused_with_the_form_kept(
    world: World, ann: FlaskClient, get_page: GetPage, values: dict[str, str]
) -> None:
    asked = world.open_round()
    before = world.dump()["invitation"]
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    page = person.send(values | {"agency": "Police"}, button="Save", status=422)
    assert page.errors
    assert page.fields["agency"] == "Police"
    assert world.dump()["invitation"] == before


def test_role_is_fixed_once_somebody_has_begun(world: World, ann: FlaskClient, get_page: GetPage, begin: Begin) -> None:
    asked = world.open_round()
    begin(asked.link)
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    assert "has begun" in " ".join(person.send({"role": "panel"}, button="Save", status=422).errors.values())


def test_person_who_has_not_begun_is_taken_out(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1").send(button="Take out of this round")
    assert "Nobody is invited yet." in page.text
    get_page(asked.link, 404)


def test_person_who_has_begun_stays(world: World, ann: FlaskClient, get_page: GetPage, begin: Begin) -> None:
    asked = world.open_round()
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    begin(asked.link)
    page = person.send(button="Take out of this round", status=422)
    assert "has begun answering" in " ".join(page.errors.values())
    assert "Take out of this round" not in page.buttons


def test_nobody_is_taken_out_of_an_open_confidential_round(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    person = get_page(f"{asked.address}people/").follow("Pat panel 1")
    assert "Take out of this round" not in person.buttons
    data = person.data().to_dict() | {"action": "remove"}
    assert ann.post(person.path, data=data).status_code == 422


def test_nobody_changes_groups_in_an_open_confidential_round(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    person = get_page(f"{asked.address}people/").follow("Pat panel 1")
    assert "another group" in " ".join(person.send({"role": "practitioner"}, button="Save", status=422).errors.values())
    assert person.send({"role": "lead_reviewer"}, button="Save").heading == "People"


def test_new_link_takes_the_place_of_the_lost_one(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1").send(button="Make a new link")
    (link,) = links_on(page).values()
    assert get_page(link).buttons == ["Start"]
    get_page(asked.link, 404)


@pytest.mark.parametrize(
    ("mode", "said"),
    [("named", "leads to what was already written"), ("confidential", "begins anew")],
)
def test_person_page_says_what_a_new_link_leads_to(
    world: World, ann: FlaskClient, get_page: GetPage, mode: str, said: str
) -> None:
    asked = world.open_round(mode=mode)
    assert said in get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1").text


def test_new_link_is_refused_after_sending_in_confidence(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round(mode="confidential")
    world.answer(asked.secrets["lead_reviewer"][0])
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    page = person.send(button="Make a new link", status=422)
    assert "answer twice" in " ".join(page.errors.values())


def test_links_are_shown_once(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    people = add(get_page(f"{asked.address}people/"), PEOPLE)
    page = people.send(button="Make the links")
    assert list(links_on(page)) == ["Sam Adeyemi", "Ira Novak"]
    assert "These links are shown this once." in page.notices
    assert people.send(button="Make the links").text == "Links Everyone has a link already."


def test_lost_list_of_links_is_made_anew(world: World, ann: FlaskClient, get_page: GetPage, begin: Begin) -> None:
    asked = world.open_round({"lead_reviewer": 2})
    begin(asked.links[0])
    page = get_page(f"{asked.address}people/").send(button="Make new links")
    assert list(links_on(page)) == ["Pat lead_reviewer 2"]
    get_page(asked.links[0])
    get_page(asked.links[1], 404)


def test_links_shown_lead_to_start_pages(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE).send(button="Make the links")
    for link in links_on(page).values():
        assert get_page(link).buttons == ["Start"]


def test_links_file_holds_the_links_of_the_page(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    people = PEOPLE + '"=1+1",eve@example.org,panel,@home\n'
    page = add(get_page(f"{asked.address}people/"), people).send(button="Make the links")
    response = ann.post(f"{asked.address}people/links.csv", data=page.data())
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="links-{asked.review_key}-reflect.csv"'
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [list(row.values())[:4] for row in rows] == [
        ["Sam Adeyemi", "sam@example.org", "chair", "Health"],
        ["Ira Novak", "ira@example.org", "lead_reviewer", "Independent"],
        ["'=1+1", "eve@example.org", "panel", "'@home"],
    ]
    shown = sorted(links_on(page).values())
    assert sorted(row["link"].removeprefix("http://localhost") for row in rows) == shown


def test_links_file_holds_no_link_of_another_round(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked, other = world.open_round(), world.open_round()
    data = get_page(f"{asked.address}people/").data().to_dict() | {"secret": other.secrets["lead_reviewer"][0]}
    text = ann.post(f"{asked.address}people/links.csv", data=data).text
    assert text.strip() == "\ufeffname,email,role,agency,link"


@pytest.fixture
def base_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRQM_FORMS_BASE_URL", "https://reflect.example.org/")


@pytest.mark.usefixtures("base_url")
def test_links_begin_with_the_address_that_is_set(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    people = add(get_page(f"{world.round().address}people/"), PEOPLE)
    links = links_on(people.send(button="Make the links")).values()
    assert [link.startswith("https://reflect.example.org/i/") for link in links] == [True, True]


def test_more_people_and_links_follow_after_opening(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE)
    assert "2 have no link yet." in page.text


# Groups and opening


def test_groups_are_previewed_as_people_are_invited(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round(ENOUGH, **CONFIDENTIAL)
    others = "chairs and board members, panel members, lead reviewers and business unit staff"
    assert f"practitioners (6), {others} (6)" in get_page(f"{asked.address}people/").text
    groups = [row[0] for row in rows_of(get_page(asked.address), "Groups")]
    assert groups == ["practitioners (6)", f"{others} (6)"]


def test_too_few_people_are_shown_as_everyone(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round({"chair": 1, "practitioner": 4}, **CONFIDENTIAL)
    assert [row[0] for row in rows_of(get_page(asked.address), "Groups")] == ["everyone (5)"]


def test_groups_can_be_chosen_and_proposed_again(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round(ENOUGH, **CONFIDENTIAL)
    joined = {f"group-{role}": "chair" for role in ("chair", "panel", "lead_reviewer", "business_unit", "practitioner")}
    page = get_page(asked.address).send(joined, button="Save groups")
    assert [row[0] for row in rows_of(page, "Groups")] == ["everyone (12)"]
    page = page.send(button="As proposed from who is invited")
    assert len(rows_of(page, "Groups")) == 2


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
    rows = rows_of(get_page(asked.address), "Progress by role")
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


# Results and exports

FULL = Entry(
    answers={"full": "no", "spare": "not_applicable", "leaf": "green"},
    comments={"full": "Half full at best.", "why": "=Thirst"},
    judgement="partly_met",
    obstacles=("no_water",),
    reflections={"helped": "The urn.\n\nAnd <milk>."},
)


@pytest.fixture
def answered(world: World, ann: FlaskClient) -> Asked:
    """An open named round of two lead reviewers and a practitioner, all of whom have answered."""
    asked = world.open_round({"lead_reviewer": 2, "practitioner": 1})
    world.answer(asked.secrets["lead_reviewer"][0], entries={"tea01": FULL, "tea02": Entry(not_my_part=True)})
    world.answer(asked.secrets["lead_reviewer"][1])
    world.answer(asked.secrets["practitioner"][0])
    return asked


def test_results_count_answers_by_question_and_group(answered: Asked, get_page: GetPage) -> None:
    page = get_page(answered.address).follow("See results")
    judged = rows_of(page, "Judgement: Kettle")
    assert ["lead reviewers", "1", "1"] in judged
    heads = [[th.text for th in table.find("thead")[0].find("th")] for table in page.main.find("table")]
    assert ["Group", "Met", "Partly met"] in heads
    assert rows_of(page, "Was the kettle full?")[2][0] == "lead reviewers"


def test_results_keep_every_reason_for_no_answer_apart(answered: Asked, get_page: GetPage) -> None:
    page = get_page(f"{answered.address}results")
    tables = {table.find("caption")[0].text: table for table in page.main.find("table")}
    head = [th.text for th in tables["Was the kettle full?"].find("thead")[0].find("th")]
    assert head == ["Group", "No", "No answer", "Not asked"]
    head = [th.text for th in tables["Judgement: Table"].find("thead")[0].find("th")]
    assert head == ["Group", "Met", "Not asked", "Not my part of the review"]


def test_results_show_texts_as_typed(answered: Asked, get_page: GetPage) -> None:
    page = get_page(f"{answered.address}results")
    assert "Half full at best." in page.text
    assert "The urn. And <milk>." in page.text
    assert "Well said." in page.text


def test_results_of_a_round_nobody_answered_are_a_page(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    assert get_page(f"{world.open_round().address}results").heading == "Results"


def test_excel_export_opens_with_every_table(answered: Asked, ann: FlaskClient, get_page: GetPage) -> None:
    link = get_page(answered.address).links["Export: Excel workbook"]
    response = ann.get(link)
    name = link.split("/")[4]
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}-reflect.xlsx"'
    book = load_workbook(io.BytesIO(response.data))
    assert {"responses", "answers", "codebook", "participation"} <= {sheet.title for sheet in book}


def test_excel_export_keeps_text_as_text(answered: Asked, ann: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(ann.get(f"{answered.address}export?format=excel").data))
    cells = [cell for row in book["responses"].iter_rows() for cell in row if cell.value == "=Thirst"]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize("table", ["responses", "answers", "codebook", "participation"])
def test_csv_export_writes_the_table_that_is_named(answered: Asked, ann: FlaskClient, table: str) -> None:
    response = ann.get(f"{answered.address}export?format=csv&table={table}")
    assert response.content_type.startswith("text/csv")
    assert f'-{table}.csv"' in response.headers["Content-Disposition"]
    assert len(list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))) > 1


def test_csv_export_writes_responses_unless_told_otherwise(answered: Asked, ann: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(ann.get(f"{answered.address}export?format=csv").data.decode("utf-8-sig"))))
    assert sorted(row["name"] for row in rows) == ["Pat lead_reviewer 1", "Pat lead_reviewer 2", "Pat practitioner 1"]
    assert {row["tea01.why.text"] for row in rows} == {"'=Thirst", ""}


@pytest.mark.parametrize("query", ["format=pdf", "format=csv&table=secrets", "format=excel&table=x"])
def test_export_that_there_is_not_is_refused_as_a_page(answered: Asked, get_page: GetPage, query: str) -> None:
    page = get_page(f"{answered.address}export?{query}", 409)
    assert "is not one of" in page.text


@pytest.fixture
def confidential(world: World, ann: FlaskClient) -> Asked:
    """An open confidential round in which everybody has answered."""
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    for n, secret in enumerate(secret for secrets in asked.secrets.values() for secret in secrets):
        world.answer(secret, f"Text {n:02}.")
    return asked


@pytest.mark.parametrize("address", ["results", "export?format=csv", "export?format=excel"])
def test_confidential_round_shows_nothing_while_open(confidential: Asked, get_page: GetPage, address: str) -> None:
    page = get_page(confidential.address + address, 409)
    assert page.heading == "That cannot be done now"
    assert "nothing is shown, or exported, before it is closed" in page.text


def test_confidential_round_offers_no_results_while_open(confidential: Asked, get_page: GetPage) -> None:
    page = get_page(confidential.address)
    assert "This round is confidential: nothing is shown" in page.text
    assert not [link for link in page.links if link.startswith(("See results", "Export"))]


@pytest.mark.parametrize("address", ["results", "export?format=csv", "export?format=excel"])
def test_confidential_round_shows_nothing_of_too_few(
    world: World, ann: FlaskClient, get_page: GetPage, address: str
) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    for secret in asked.secrets["panel"]:
        world.answer(secret)
    world.close(asked)
    page = get_page(asked.address + address, 409)
    assert "fewer than 5 people sent their answers" in page.text


def test_confidential_results_are_shown_by_group_once_closed(
    world: World, confidential: Asked, get_page: GetPage
) -> None:
    world.close(confidential)
    page = get_page(confidential.address).follow("See results")
    assert "practitioners (6)" in page.text
    assert "Pat" not in page.text
    assert "Texts stand in mixed order." in page.text


def test_confidential_results_join_a_group_that_is_too_small(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    for secret in [*asked.secrets["practitioner"], *asked.secrets["panel"]]:
        world.answer(secret)
    world.close(asked)
    assert "everyone (10)" in get_page(f"{asked.address}results").text


def test_confidential_export_parts_texts_from_answers(world: World, confidential: Asked, ann: FlaskClient) -> None:
    world.close(confidential)
    book = load_workbook(io.BytesIO(ann.get(f"{confidential.address}export?format=excel").data))
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    with_text = {name for name, rows in sheets.items() if any("Text 0" in str(cell) for row in rows for cell in row)}
    assert with_text == {"reflections"}
    assert "Pat" not in str(sheets)


def test_confidential_people_page_shows_states_only(confidential: Asked, get_page: GetPage) -> None:
    states = {row[-1] for row in rows_of(get_page(f"{confidential.address}people/"), "12 people")}
    assert states == {"Sent"}


# The whole journey, page by page


def test_whole_journey_from_the_one_time_link_to_the_spreadsheet(
    web_app: Flask, world: World, welcome: Callable[..., str], get_page: GetPage, client: FlaskClient, begin: Begin
) -> None:
    page = get_page(welcome()).send(WHO).follow("Set up a board").send({"name": "Northshire Board"})
    page = page.follow("Begin a review").send({"reference": "2026-07", "title": "The July review"})
    page = page.send({"mode": "named", "markers": ["tea01", "tea02"]})
    page = page.send({"people": PEOPLE}).follow("Continue: check and open").send(button="Open the round")
    address = page.path
    links = links_on(page.follow("People and links").send(button="Make the links"))
    tasks = begin(links["Ira Novak"], web_app.test_client())
    tasks.follow("Kettle").send({"answer-full": "yes", "reflection-helped": "The urn."})
    tasks.follow("Check and send").send(button="Send my answers")
    page = get_page(address)
    assert ["Lead reviewer", "0", "0", "1"] in rows_of(page, "Progress by role")
    page = page.send({"closes_on": "2026-03-31"}, button="Move").send({"sure": "yes"}, button="Close the round")
    assert "The urn." in page.follow("See results").text
    exported = client.get(page.links["Export: CSV"])
    (row,) = csv.DictReader(io.StringIO(exported.data.decode("utf-8-sig")))
    assert (row["name"], row["tea01.full.rating"], row["tea01.helped"]) == ("Ira Novak", "yes", "The urn.")

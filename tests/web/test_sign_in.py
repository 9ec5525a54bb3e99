"""Becoming an administrator, signing in and out."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.services.accounts import note_failure
from scrqm_forms.services.context import context
from scrqm_forms.storage.database import db
from scrqm_forms.web.app import create_app

from .page import Page
from .page import get_page as get_page_by
from .world import PASSWORD, WHO, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]


# Becoming an administrator


def test_one_time_link_makes_an_administrator_and_signs_in(world: World, get_page: GetPage) -> None:
    page = get_page(world.welcome()).send(WHO)
    assert page.heading == "Boards"
    assert "There is no board yet." in page.text


def test_opening_a_one_time_link_does_not_use_it_up(world: World, get_page: GetPage) -> None:
    link = world.welcome()
    before = world.dump()
    get_page(link)
    assert world.dump() == before


def test_one_time_link_works_once(web_app: Flask, world: World, get_page: GetPage) -> None:
    link = world.welcome()
    get_page(link).send(WHO)
    assert get_page(link, 404).heading == "This link does not work"


def test_one_time_link_lasts_two_days(web_app: Flask, world: World, get_page: GetPage) -> None:
    link = world.welcome()
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
    world: World, get_page: GetPage, values: dict[str, str], field: str
) -> None:
    page = get_page(world.welcome()).send(WHO | values, status=422)
    assert list(page.errors) == [field]
    assert page.fields["password"] == ""
    assert world.dump()["administrator"] == []
    assert page.send(WHO).heading == "Boards"


def test_short_password_is_told_how_long_it_must_be(world: World, get_page: GetPage) -> None:
    page = get_page(world.welcome()).send(WHO | {"password": "elevenchars"}, status=422)
    assert "at least 12 characters" in page.errors["password"]


def test_address_of_another_administrator_is_refused(world: World, get_page: GetPage) -> None:
    world.administrator("ann@example.org")
    page = get_page(world.welcome()).send(WHO, status=422)
    assert "already" in page.errors["email"]


def test_wrong_one_time_link_says_what_to_do(get_page: GetPage) -> None:
    assert get_page("/welcome/nothing", 404).heading == "This link does not work"


@pytest.mark.parametrize("method", ["get", "post"])
def test_guessing_one_time_links_is_turned_away(
    world: World, client: FlaskClient, get_page: GetPage, method: str
) -> None:
    link = world.welcome()
    token = get_page(link).data()
    found = [getattr(client, method)(f"/welcome/{n:043}", data=token).status_code for n in range(51)]
    assert found == [404] * 50 + [429]
    assert get_page(link).send(WHO).heading == "Boards"


def test_link_for_an_administrator_sets_the_password_anew(
    world: World, get_page: GetPage, client: FlaskClient, sign_in: Callable[..., Page]
) -> None:
    email = world.administrator()
    page = get_page(world.welcome(email=email))
    assert page.heading == "Choose a new password"
    page.send({"password": "four words are here"}).send(button="Sign out")
    assert sign_in(client, email, "four words are here").heading == "Boards"


def test_new_password_ends_every_session_of_before(
    web_app: Flask, ann: FlaskClient, world: World, get_page: GetPage
) -> None:
    there = web_app.test_client()
    page = Page(there, there.get(world.welcome(email="ann@example.org")))
    page.send({"password": "four words are here"})
    assert get_page("/boards/").heading == "Sign in"


def test_link_for_one_board_makes_an_administrator_of_that_board(world: World, get_page: GetPage) -> None:
    world.board("north")
    world.board("south", "Southshire Board")
    page = get_page(world.welcome(board_key="south")).send(WHO)
    assert page.path == "/boards/south/"
    get_page("/boards/north/", 404)


# Signing in


def test_password_is_stored_as_a_strong_argon2id_hash(world: World) -> None:
    """In earnest: other tests hash quickly."""
    link, app = world.welcome(), create_app(world.app.instance_path)
    app.config["NOW"] = world.app.config["NOW"]
    get_page_by(app.test_client(), link).send(WHO)
    with app.app_context():
        (stored,) = db.session.scalars(sa.text("select password from administrator"))
        db.session.remove()
        db.engine.dispose()
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
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
    page = get_page(f"{world.round().address}check")
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

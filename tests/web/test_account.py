"""One's own account: name, password, and what one may do."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from .page import Page
from .page import get_page as get_page_by
from .world import PASSWORD, World

GetPage = Callable[..., Page]
NEW = "four words are here"
BUTTON = "Change the password"


def test_account_says_what_one_may_do_on_each_board(
    world: World, client: FlaskClient, get_page: GetPage, sign_in_once: Callable[..., FlaskClient]
) -> None:
    world.board("north")
    world.board("south", "Southshire Board")
    world.administrator("bo@example.org", "north", ["manage"])
    sign_in_once(client, world.administrator("bo@example.org", "south", ["read_answers", "service"]))
    page = get_page("/boards/").follow("Your account")
    text = page.text.partition("Your name")[0]
    north, south = text[text.index("Northshire") : text.index("Southshire")], text[text.index("Southshire") :]
    titles = ("Manage reviews", "Read answers", "Settings and accounts")
    assert [title for title in titles if title in north] == ["Manage reviews"]
    assert [title for title in titles if title in south] == ["Read answers", "Settings and accounts"]


def test_name_is_changed(ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page("/account").send({"name": " Ann Adeyemi "}, button="Save the name")
    assert page.fields["name"] == "Ann Adeyemi"
    page = page.send({"name": " "}, button="Save the name", status=422)
    assert "enter your name" in page.errors["name"]


def test_password_is_changed_with_the_present_one(
    web_app: Flask, ann: FlaskClient, get_page: GetPage, sign_in: Callable[..., Page]
) -> None:
    page = get_page("/account").send({"present": PASSWORD, "password": NEW}, button=BUTTON)
    assert "Your password is changed" in page.notices
    assert sign_in(web_app.test_client(), password=PASSWORD).heading == "Sign in"
    assert sign_in(web_app.test_client(), password=NEW).heading == "Boards"


def test_new_password_ends_sessions_elsewhere_and_not_here(web_app: Flask, ann: FlaskClient, get_page: GetPage) -> None:
    there = web_app.test_client()
    there.set_cookie("scrqm_forms", ann.get_cookie("scrqm_forms").value)  # type: ignore[union-attr]
    assert get_page_by(there, "/account").heading == "Your account"
    get_page("/account").send({"present": PASSWORD, "password": NEW}, button=BUTTON)
    assert get_page_by(there, "/account").heading == "Sign in"
    assert get_page("/account").heading == "Your account"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"present": "wrong words here", "password": NEW}, "present"),
        ({"present": "", "password": NEW}, "present"),
        ({"present": PASSWORD, "password": "elevenchars"}, "password"),
    ],
    ids=["wrong", "none", "short"],
)
def test_password_stays_without_the_present_one_or_a_good_new_one(
    world: World, ann: FlaskClient, get_page: GetPage, values: dict[str, str], field: str
) -> None:
    before = world.dump()["administrator"]
    page = get_page("/account").send(values, button=BUTTON, status=422)
    assert list(page.errors) == [field]
    assert (page.fields["present"], page.fields["password"]) == ("", "")
    assert world.dump()["administrator"] == before


def test_guessing_the_present_password_is_turned_away(ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page("/account")
    for _ in range(10):
        page = page.send({"present": "wrong words here", "password": NEW}, button=BUTTON, status=422)
    page.send({"present": PASSWORD, "password": NEW}, button=BUTTON, status=429)

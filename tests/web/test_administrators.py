"""Pages about who looks after a board, from an invitation to the end of somebody's access."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from .page import Page
from .page import get_page as get_page_by
from .world import PASSWORD, World

GetPage = Callable[..., Page]
Enter = Callable[..., FlaskClient]
PAGE = "/boards/north/administrators"
READS, SERVICE = "Read answers", "Settings and accounts"


@pytest.fixture
def enter(web_app: Flask, world: World, sign_in_once: Enter) -> Enter:
    """`enter("bo", *permissions)`: a browser of an administrator of the board North; with all if none is named."""
    world.board()

    def as_administrator(name: str, *permissions: str) -> FlaskClient:
        who = world.administrator(f"{name}@example.org", "north", *([permissions] if permissions else []))
        return sign_in_once(web_app.test_client(), who)

    return as_administrator


@pytest.fixture
def bo(enter: Enter) -> FlaskClient:
    """Looks after the board North, and may do everything there."""
    return enter("bo")


def invite(client: FlaskClient, email: str, *permissions: str) -> str:
    """Path of the link that the page shows."""
    page = get_page_by(client, PAGE).send({"email": email, "permissions": permissions})
    return link_on(page)


def link_on(page: Page) -> str:
    (link,) = page.with_class("code")
    assert "shown this once" in page.notices
    return link.text.removeprefix("http://localhost")


def listed(client: FlaskClient) -> dict[str, str]:
    return get_page_by(client, PAGE).statuses


def page_of(client: FlaskClient, world: World, email: str) -> Page:
    return get_page_by(client, f"{PAGE}/{world.id_of(email)}")


# Inviting


def test_invited_administrator_comes_through_the_link_to_what_was_chosen(
    bo: FlaskClient, client: FlaskClient, get_page: GetPage
) -> None:
    link = invite(bo, "Cy@example.org", "manage")
    assert listed(bo) == {"Bo": "Active", "cy@example.org": "Invited"}
    page = get_page(link)
    assert "Manage reviews" in page.text
    assert READS not in page.text
    page = page.send({"name": "Cy Reid", "password": PASSWORD})
    assert (page.path, "Administrators" in page.links) == ("/boards/north/", False)
    assert listed(bo) == {"Bo": "Active", "Cy Reid": "Active"}
    get_page(link, 404)


def test_link_is_on_no_page_a_second_time(bo: FlaskClient, world: World) -> None:
    secret = invite(bo, "cy@example.org", "manage").rpartition("/")[2]
    page = get_page_by(bo, PAGE)
    assert secret not in page.html
    assert secret not in page.follow("cy@example.org").html
    assert secret not in repr(world.dump())


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"email": "cy", "permissions": ["manage"]}, "email", "enter an address"),
        ({"email": "cy@example.org", "permissions": []}, "permissions", "choose at least one"),
        ({"email": "BO@example.org", "permissions": ["manage"]}, "email", "administrators of this board already"),
    ],
    ids=["address", "permissions", "there_already"],
)
def test_invitation_that_lacks_something_comes_back_as_typed(
    bo: FlaskClient, values: dict[str, str | list[str]], field: str, sentence: str
) -> None:
    page = get_page_by(bo, PAGE).send(values, status=422)
    assert sentence in page.errors[field]
    assert page.fields == values


def test_lost_link_is_made_anew_and_the_one_of_before_stops(web_app: Flask, bo: FlaskClient, get_page: GetPage) -> None:
    first = invite(bo, "cy@example.org", "manage")
    web_app.config["NOW"] += timedelta(hours=49)
    assert listed(bo)["cy@example.org"] == "Link ran out"
    second = link_on(get_page_by(bo, PAGE).follow("cy@example.org").send(button="Make a new link"))
    get_page(first, 404)
    assert get_page(second).heading == "Set up your account"


def test_invitation_taken_back_leads_nowhere(bo: FlaskClient, get_page: GetPage) -> None:
    link = invite(bo, "cy@example.org", "manage")
    page = get_page_by(bo, PAGE).follow("cy@example.org").send(button="Take the invitation back")
    assert "no longer works" in page.notices
    assert "cy@example.org" not in page.statuses
    get_page(link, 404)


def test_nobody_is_offered_to_give_what_they_have_not(enter: Enter, world: World) -> None:
    cy = enter("cy", "manage", "service")
    page = get_page_by(cy, PAGE)
    assert not any(READS in label for label in page.group("What may they do?"))
    data = page.data({"email": "di@example.org", "permissions": ["manage"]})
    data.add("permissions", "read_answers")
    response = cy.post(PAGE, data=data)
    assert response.status_code == 422
    assert "you cannot give “Read answers”" in response.text
    assert world.dump()["sign_in_link"] == []


# Somebody who has an account already


@pytest.fixture
def joining(bo: FlaskClient, world: World) -> str:
    """Link that invites somebody who looks after another board."""
    world.board("south", "Southshire Board")
    world.administrator("cy@example.org", "south")
    return invite(bo, "cy@example.org", "manage")


def test_account_there_is_already_joins_with_its_password(joining: str, get_page: GetPage, world: World) -> None:
    page = get_page(joining)
    assert (page.heading, "name" in page.fields) == ("Look after one more board", False)
    page = page.send({"password": PASSWORD})
    assert {"Northshire Board", "Southshire Board"} <= page.links.keys()
    get_page(joining, 404)


def test_link_alone_does_not_open_an_account_there_is_already(joining: str, get_page: GetPage, world: World) -> None:
    before = world.dump()
    page = get_page(joining).send({"password": "another set of words"}, status=422)
    assert "not the password of your account" in page.errors["password"]
    assert get_page("/boards/").heading == "Sign in"
    assert world.dump() | {"throttle": []} == before | {"throttle": []}


def test_guessing_the_password_at_such_a_link_is_turned_away(joining: str, get_page: GetPage) -> None:
    page = get_page(joining)
    for _ in range(10):
        page = page.send({"password": "another set of words"}, status=422)
    page.send({"password": PASSWORD}, status=429)
    assert get_page("/sign-in").send({"email": "cy@example.org", "password": PASSWORD}, status=429)


# Changing, helping, ending


def test_changed_permissions_hold_from_the_next_page_on(bo: FlaskClient, enter: Enter, world: World) -> None:
    address = world.open_round().address
    cy = enter("cy", "manage")
    assert "People and links" in get_page_by(cy, address).links
    page = page_of(bo, world, "cy@example.org").send({"permissions": ["read_answers"]}, button="Save")
    assert READS in page.text
    assert "People and links" not in get_page_by(cy, address).links
    get_page_by(cy, f"{address}results")


def test_page_of_somebody_who_may_do_more_shows_that_and_lets_it_be_taken_away(enter: Enter, world: World) -> None:
    enter("bo")
    cy = enter("cy", "service")
    page = page_of(cy, world, "bo@example.org")
    assert page.fields["permissions"] == ["manage", "read_answers", "service"]
    page = page.send({"permissions": ["read_answers"]}, button="Save")
    assert page_of(cy, world, "bo@example.org").fields["permissions"] == ["read_answers"]


def test_last_one_who_looks_after_accounts_is_told_so(bo: FlaskClient, enter: Enter, world: World) -> None:
    enter("cy", "manage", "read_answers")
    page = page_of(bo, world, "bo@example.org").send({"permissions": ["manage"]}, button="Save", status=422)
    assert f"nobody else on this board has “{SERVICE}”" in page.errors["permissions"]
    assert page.fields["permissions"] == ["manage"]
    page = page.send(button="Take off this board", status=422)
    assert "nobody else" in " ".join(page.errors.values())
    assert page.fields["permissions"] == ["manage", "read_answers", "service"]


def test_giving_ones_own_permission_away_leads_to_a_page_that_may_be_seen(
    bo: FlaskClient, enter: Enter, world: World
) -> None:
    enter("cy")
    page = page_of(bo, world, "bo@example.org").send({"permissions": ["manage"]}, button="Save")
    assert (page.path, page.status) == ("/boards/north/", 200)


def test_somebody_taken_off_is_signed_out_at_once(bo: FlaskClient, enter: Enter, world: World) -> None:
    cy = enter("cy", "manage")
    get_page_by(cy, "/boards/north/")
    page = page_of(bo, world, "cy@example.org").send(button="Take off this board")
    assert page.statuses == {"Bo": "Active"}
    assert get_page_by(cy, "/boards/north/").heading == "Sign in"


def test_somebody_taken_off_signs_in_and_finds_no_board(
    bo: FlaskClient, enter: Enter, client: FlaskClient, world: World, sign_in: Callable[..., Page]
) -> None:
    enter("cy")
    page_of(bo, world, "cy@example.org").send(button="Take off this board")
    page = sign_in(client, "cy@example.org")
    assert "no board at the moment" in page.text
    assert page.buttons == []
    get_page_by(client, "/boards/north/", 404)
    get_page_by(client, "/boards/new", 403)


def test_somebody_locked_out_gets_a_link_for_a_new_password(
    bo: FlaskClient, enter: Enter, world: World, get_page: GetPage
) -> None:
    cy = enter("cy", "manage")
    link = link_on(page_of(bo, world, "cy@example.org").send(button="Make a new link"))
    page = get_page(link)
    assert page.heading == "Choose a new password"
    assert page.send({"password": "four words are here"}).path == "/boards/north/"
    assert get_page_by(cy, "/boards/north/").heading == "Sign in"


def test_no_link_is_offered_to_an_account_that_may_do_more(enter: Enter, world: World) -> None:
    enter("bo")
    cy = enter("cy", "service")
    page = page_of(cy, world, "bo@example.org")
    assert "Make a new link" not in page.buttons
    data = page.data(button="Save").to_dict() | {"action": "link"}
    assert "may do more than you may" in cy.post(page.path, data=data).text
    assert world.dump()["sign_in_link"] == []


def test_those_who_look_after_every_board_are_listed_and_not_changed(bo: FlaskClient, world: World) -> None:
    world.administrator()
    assert "Everything, on every board" in get_page_by(bo, PAGE).text
    page = page_of(bo, world, "ann@example.org")
    assert page.buttons == []
    assert "may do everything" in page.text


def test_account_is_disabled_and_enabled_by_those_who_look_after_every_board(
    ann: FlaskClient, enter: Enter, client: FlaskClient, world: World, sign_in: Callable[..., Page]
) -> None:
    bo, cy = enter("bo"), enter("cy")
    assert "Disable the account" not in page_of(bo, world, "cy@example.org").buttons
    page = page_of(ann, world, "cy@example.org").send(button="Disable the account")
    assert page.statuses["Cy"] == "Disabled"
    assert get_page_by(cy, "/boards/north/").heading == "Sign in"
    assert sign_in(cy, "cy@example.org").heading == "Sign in"
    page_of(ann, world, "cy@example.org").send(button="Enable the account")
    assert sign_in(cy, "cy@example.org").path == "/boards/north/"


def test_disabling_is_refused_to_others_and_of_oneself(ann: FlaskClient, enter: Enter, world: World) -> None:
    bo = enter("bo")
    enter("cy")
    for client, email in ((bo, "cy@example.org"), (ann, "ann@example.org")):
        address = f"{PAGE}/{world.id_of(email)}"
        token = get_page_by(client, "/account").root.find("input", name="csrf_token")[0]["value"]
        response = client.post(address, data={"csrf_token": token, "action": "disable"})
        assert response.status_code == 422
    assert {row[4] for row in world.dump()["administrator"]} == {1}


def test_administrators_of_another_board_are_not_shown(bo: FlaskClient, world: World) -> None:
    world.board("south", "Southshire Board")
    world.administrator("di@example.org", "south")
    assert "di@example.org" not in get_page_by(bo, PAGE).html
    get_page_by(bo, f"{PAGE}/{world.id_of('di@example.org')}", 404)

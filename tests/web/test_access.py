"""Who may do what: every address of the program, held against one table."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scrqm_forms.domain.links import handle_of
from scrqm_forms.services.context import context
from scrqm_forms.services.demo import fill_demo
from scrqm_forms.web.demo import add_demo_links

from .page import Page
from .page import get_page as get_page_by
from .world import ACCENT, LOGO, Asked, World

ANYONE, LINK = "anyone", "whoever holds the link"
ADMINISTRATOR, BOARD, EVERY = "an administrator", "an administrator of the board", "an administrator of every board"
NOBODY = "nobody: the sign-in library brings it along"
ROUND = "/boards/<board_key>/reviews/<review_key>/<round_key>"

#: Whatever is not in here must not be there.
ACCESS = {
    "GET /": ANYONE,  # leads to the boards
    "GET /static/<path:filename>": ANYONE,
    "GET /assets/<digest>/<name>": ANYONE,
    "GET /left": ANYONE,
    "GET /sign-in": ANYONE,
    "POST /sign-in": ANYONE,
    "POST /sign-out": ANYONE,
    "GET /markers/": ANYONE,  # as far as a board shows them: test_markers.py
    "GET /markers/<board_key>/": ANYONE,
    "GET /markers/<board_key>/all": ANYONE,
    "GET /markers/<board_key>/<marker_id>": ANYONE,
    "GET /welcome/<secret>": LINK,
    "POST /welcome/<secret>": LINK,
    "GET /i/<secret>": LINK,
    "POST /i/<secret>": LINK,
    "GET /r/<handle>/": LINK,
    "GET /r/<handle>/<key>": LINK,
    "POST /r/<handle>/<key>": LINK,
    "POST /r/<handle>/<key>/autosave": LINK,
    "GET /r/<handle>/check": LINK,
    "POST /r/<handle>/check": LINK,
    "GET /r/<handle>/done": LINK,
    "POST /r/<handle>/take-back": LINK,
    "GET /r/<handle>/withdraw": LINK,
    "POST /r/<handle>/withdraw": LINK,
    "GET /r/<handle>/later": LINK,
    "POST /r/<handle>/leave": LINK,
    "GET /r/<handle>/copy": LINK,
    "GET /r/<handle>/copy.txt": LINK,
    "GET /boards/<board_key>/look-<code>.css": ANYONE,  # its colour
    "GET /boards/<board_key>/logo-<sha256>": ANYONE,
    "GET /boards/": ADMINISTRATOR,
    "GET /boards/new": ADMINISTRATOR,
    "POST /boards/new": ADMINISTRATOR,
    "GET /plugins": EVERY,
    "GET /boards/<board_key>/": BOARD,
    "GET /boards/<board_key>/settings": BOARD,
    "POST /boards/<board_key>/settings": BOARD,
    "GET /boards/<board_key>/reviews/new": BOARD,
    "POST /boards/<board_key>/reviews/new": BOARD,
    "GET /boards/<board_key>/reviews/<review_key>/": BOARD,
    "GET /boards/<board_key>/reviews/<review_key>/details": BOARD,
    "POST /boards/<board_key>/reviews/<review_key>/details": BOARD,
    "GET /boards/<board_key>/reviews/<review_key>/new-round": BOARD,
    "POST /boards/<board_key>/reviews/<review_key>/new-round": BOARD,
    "GET /boards/<board_key>/reviews/<review_key>/delete-answers": BOARD,
    "POST /boards/<board_key>/reviews/<review_key>/delete-answers": BOARD,
    "GET /boards/<board_key>/reviews/<review_key>/certificate": BOARD,
    "GET /boards/<board_key>/reviews/<review_key>/delete": BOARD,
    "POST /boards/<board_key>/reviews/<review_key>/delete": BOARD,
    "GET /boards/<board_key>/log": BOARD,
    f"POST {ROUND}/hold": BOARD,
    f"POST {ROUND}/release": BOARD,
    f"GET {ROUND}/": BOARD,
    f"GET {ROUND}/settings": BOARD,
    f"POST {ROUND}/settings": BOARD,
    f"GET {ROUND}/markers": BOARD,
    f"POST {ROUND}/markers": BOARD,
    f"GET {ROUND}/groups": BOARD,
    f"POST {ROUND}/groups": BOARD,
    f"GET {ROUND}/check": BOARD,
    f"POST {ROUND}/open": BOARD,
    f"POST {ROUND}/extend": BOARD,
    f"GET {ROUND}/close": BOARD,
    f"POST {ROUND}/close": BOARD,
    f"GET {ROUND}/preview": BOARD,
    f"GET {ROUND}/people/": BOARD,
    f"POST {ROUND}/people/": BOARD,
    f"GET {ROUND}/people/<int:invitation_id>": BOARD,
    f"POST {ROUND}/people/<int:invitation_id>": BOARD,
    f"GET {ROUND}/people/<int:invitation_id>/data": BOARD,
    f"POST {ROUND}/people/<int:invitation_id>/data": BOARD,
    f"GET {ROUND}/people/<int:invitation_id>/erase": BOARD,
    f"POST {ROUND}/people/<int:invitation_id>/erase": BOARD,
    f"POST {ROUND}/people/links": BOARD,
    f"POST {ROUND}/people/links.csv": BOARD,
    f"GET {ROUND}/results": BOARD,
    f"GET {ROUND}/export-options": BOARD,
    f"GET {ROUND}/export": BOARD,
    "GET /fs-static/<path:filename>": NOBODY,
    "GET /verify": NOBODY,
    "POST /verify": NOBODY,
}
ADMINISTRATORS = [row for row, who in ACCESS.items() if who in (ADMINISTRATOR, BOARD, EVERY)]
BOARDS = [row for row, who in ACCESS.items() if who == BOARD]
HIDDEN = [row for row, who in ACCESS.items() if who == NOBODY]
POSTS = [row for row in ACCESS if row.startswith("POST") and row not in HIDDEN]
GETS = [row for row in ACCESS if row.startswith("GET") and row not in HIDDEN]

#: As much as makes each of them do something if it is let through.
FORM = {
    "name": "Changed",
    "vocabulary": "sar",
    "reference": "2026-99",
    "purpose": "plan",
    "mode": "named",
    "minimum": "5",
    "markers": "tea01",
    "length-chair": "full",
    "closes_on": "2026-03-20",
    "sure": "yes",
    "people": "Eve,eve@example.org,chair,",
    "role": "chair",
    "email": "eve@example.org",
    "password": "words of the intruder",
    "judgement": "met",
}


def rows_of(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield f"{method} {rule.rule}"


class Doors:
    """Real keys for every address: an open round, one link that was begun, a one-time link."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        self.asked: Asked = world.open_round({"lead_reviewer": 2})
        world.change_board(accent=ACCENT, logo=LOGO)
        self.secret = self.asked.secrets["lead_reviewer"][0]
        self.welcome = world.welcome().removeprefix("/welcome/")
        with app.test_request_context():
            self.asset = app.jinja_env.globals["asset"]("style.css")  # type: ignore[operator]

    def address(self, row: str, **other: Any) -> str:
        path = row.partition(" ")[2]
        values = {
            "board_key": self.asked.board_key,
            "review_key": self.asked.review_key,
            "round_key": "reflect",
            "int:invitation_id": 1,
            "secret": self.welcome if "welcome" in path else self.secret,
            "handle": handle_of(self.secret),
            "key": "tea01",
            "marker_id": "tea01",
            "path:filename": "style.css",
            "digest": self.asset.split("/")[2],
            "name": self.asset.split("/")[3],
            "code": ACCENT[1:],
            "sha256": sha256(LOGO).hexdigest(),
        }
        for name, value in (values | other).items():
            path = path.replace(f"<{name}>", str(value))
        return path

    def knock(self, client: FlaskClient, row: str, token: str = "", **other: Any) -> TestResponse:
        method = row.partition(" ")[0]
        data = FORM | {"csrf_token": token} if method == "POST" else None
        return client.open(self.address(row, **other), method=method, data=data, buffered=True)

    def strangers(self) -> Iterator[dict[str, Any]]:
        """Keys that lead nowhere, one wrong at a time."""
        yield from (
            {"board_key": "nowhere"},
            {"review_key": "ZZZZZZZZ"},
            {"round_key": "plan"},
            {"int:invitation_id": 99},
        )


@pytest.fixture
def doors(web_app: Flask, world: World) -> Doors:
    return Doors(web_app, world)


def token_of(client: FlaskClient, path: str = "/sign-in") -> str:
    return get_page_by(client, path).root.find("input", name="csrf_token")[0]["value"]


def test_every_rule_has_its_row(web_app: Flask) -> None:
    assert set(rows_of(web_app)) == ACCESS.keys()


def test_signed_out_visitors_are_sent_to_sign_in(doors: Doors, client: FlaskClient) -> None:
    token = token_of(client)
    before = doors.world.dump()
    for row in ADMINISTRATORS:
        response = doors.knock(client, row, token)
        assert response.status_code == 302, row
        assert response.location.partition("?")[0] == "/sign-in", row
    assert doors.world.dump() == before


def test_signed_out_visitors_learn_nothing_of_what_there_is(doors: Doors, client: FlaskClient) -> None:
    token = token_of(client)
    for row in BOARDS:
        for wrong in doors.strangers():
            response = doors.knock(client, row, token, **wrong)
            assert response.location.partition("?")[0] == "/sign-in", row


@pytest.fixture
def ben(web_app: Flask, doors: Doors, sign_in_once: Callable[..., FlaskClient]) -> FlaskClient:
    """A browser in which an administrator of another board is signed in."""
    doors.world.board("south", "Southshire Board")
    return sign_in_once(web_app.test_client(), doors.world.administrator("ben@example.org", "south"))


def test_another_board_is_not_there(doors: Doors, ben: FlaskClient) -> None:
    token = token_of(ben, "/boards/south/")
    before = doors.world.dump()
    for row in BOARDS:
        response = doors.knock(ben, row, token)
        missing = doors.knock(ben, row, token, board_key="nowhere", review_key="ZZZZZZZZ")
        assert (response.status_code, response.data) == (404, missing.data), row
    assert doors.world.dump() == before


def test_another_board_is_not_there_under_the_address_of_ones_own(doors: Doors, ben: FlaskClient) -> None:
    token = token_of(ben, "/boards/south/")
    before = doors.world.dump()
    for row in [row for row in BOARDS if "<review_key>" in row]:
        assert doors.knock(ben, row, token, board_key="south").status_code == 404, row
    assert doors.world.dump() == before


def test_plugins_are_for_those_who_look_after_every_board(doors: Doors, ben: FlaskClient) -> None:
    assert ben.get("/plugins").status_code == 404
    assert "/plugins" not in get_page_by(ben, "/boards/south/").links.values()


def test_what_the_sign_in_library_brings_along_is_not_there(
    doors: Doors, everybody: FlaskClient, web_app: Flask
) -> None:
    for visitor, page in ((everybody, "/boards/new"), (web_app.test_client(), "/sign-in")):
        for row in HIDDEN:
            response = doors.knock(visitor, row, token_of(visitor, page), **{"path:filename": "js/base64.js"})
            assert response.status_code == 404, row


def test_another_board_is_in_no_list(doors: Doors, ben: FlaskClient) -> None:
    page = get_page_by(ben, "/boards/")
    assert page.path == "/boards/south/"
    assert "Northshire" not in page.html


def test_wrong_key_in_an_address_leads_nowhere(doors: Doors, ann: FlaskClient) -> None:
    token = token_of(ann, "/boards/new")
    before = doors.world.dump()
    for row in BOARDS:
        for wrong in doors.strangers():
            (name,) = wrong
            if f"<{name}>" in row:
                assert doors.knock(ann, row, token, **wrong).status_code == 404, (row, wrong)
    assert doors.world.dump() == before


def test_address_must_name_the_board_of_its_review(doors: Doors, ann: FlaskClient) -> None:
    doors.world.board("south", "Southshire Board")
    token = token_of(ann, "/boards/new")
    for row in [row for row in BOARDS if "<review_key>" in row]:
        assert doors.knock(ann, row, token, board_key="south").status_code == 404, row


def test_person_of_another_round_is_not_there(doors: Doors, ann: FlaskClient) -> None:
    doors.world.open_round({"panel": 1})
    token = token_of(ann, "/boards/new")
    before = doors.world.dump()
    for method in ("GET", "POST"):
        row = f"{method} {ROUND}/people/<int:invitation_id>"
        assert doors.knock(ann, row, token, **{"int:invitation_id": 3}).status_code == 404
    assert doors.world.dump() == before


def test_administrator_is_let_in_everywhere(doors: Doors, ann: FlaskClient) -> None:
    for row in [row for row in ADMINISTRATORS if row.startswith("GET")]:
        assert doors.knock(ann, row).status_code in (200, 302), row


def test_handle_without_its_cookie_leads_nowhere(doors: Doors, client: FlaskClient, ben: FlaskClient) -> None:
    before = doors.world.dump()
    for visitor, token in ((client, token_of(client)), (ben, token_of(ben, "/boards/south/"))):
        for row in [row for row in ACCESS if "<handle>" in row]:
            response = doors.knock(visitor, row, token)
            assert response.status_code == (400 if row.startswith("POST") else 403), row
            assert "Open your link again" in response.text
    assert doors.world.dump() == before


def test_secret_must_be_right(doors: Doors, client: FlaskClient) -> None:
    token = token_of(client)
    for row in [row for row in ACCESS if "<secret>" in row]:
        for wrong in (doors.secret[:-1], doors.secret.swapcase(), doors.welcome[1:]):
            assert doors.knock(client, row, token, secret=wrong).status_code == 404, row


def test_one_kind_of_secret_does_not_open_the_other(doors: Doors, client: FlaskClient) -> None:
    assert client.get(f"/i/{doors.welcome}").status_code == 404
    assert client.get(f"/welcome/{doors.secret}").status_code == 404


@pytest.fixture
def everybody(doors: Doors, ann: FlaskClient, begin: Callable[..., Page]) -> FlaskClient:
    """A browser that may do everything: an administrator's, in which the link was opened too."""
    begin(f"/i/{doors.secret}")
    return ann


@pytest.mark.parametrize("token", ["", "no-token-at-all"], ids=["none", "wrong"])
def test_every_post_is_refused_without_its_token(doors: Doors, everybody: FlaskClient, token: str) -> None:
    before = doors.world.dump()
    for row in POSTS:
        assert doors.knock(everybody, row, token).status_code == 400, row
    assert doors.world.dump() == before


def test_every_post_is_refused_with_the_token_of_another_visitor(
    web_app: Flask, doors: Doors, everybody: FlaskClient
) -> None:
    token = token_of(web_app.test_client())
    before = doors.world.dump()
    for row in POSTS:
        assert doors.knock(everybody, row, token).status_code == 400, row
    assert doors.world.dump() == before


def test_the_same_posts_do_something_with_their_token(doors: Doors, everybody: FlaskClient) -> None:
    token = token_of(everybody, "/boards/new")
    for row in sorted(POSTS, key=lambda row: row == "POST /sign-out"):
        assert doors.knock(everybody, row, token).status_code in (200, 302, 303, 409, 422), row


#: What is read here is noted in the log.
NOTED = {f"GET {ROUND}/results", f"GET {ROUND}/export"}


def test_no_get_changes_anything(doors: Doors, everybody: FlaskClient) -> None:
    before = doors.world.dump()
    for row in GETS:
        assert doors.knock(everybody, row).status_code in (200, 302), row
        after = doors.world.dump()
        assert (len(after.pop("event")) == len(before["event"]) + 1) == (row in NOTED), row
        before["event"] = doors.world.dump()["event"]
        assert after | {"event": before["event"]} == before, row


def test_no_get_changes_a_round_being_set_up(doors: Doors, everybody: FlaskClient) -> None:
    draft = doors.world.round({"lead_reviewer": 2})
    before = doors.world.dump()
    for row in [row for row in GETS if "<round_key>" in row]:
        doors.knock(everybody, row, review_key=draft.review_key)
        assert doors.world.dump() == before, row


def test_usual_program_has_no_demonstration(client: FlaskClient) -> None:
    assert client.get("/demo/x/round").status_code == 404


@pytest.mark.usefixtures("instance_path")
def test_demonstration_is_entered_by_its_secret_only(web_app: Flask, client: FlaskClient) -> None:
    with web_app.app_context():
        demo = fill_demo(context(), web_app.config["NOW"].date())
    administrator, results = add_demo_links(web_app, demo)
    assert client.get("/demo/guess/round").status_code == 404
    assert client.get("/boards/").status_code == 302
    assert get_page_by(client, results).heading == "Results"
    assert get_page_by(web_app.test_client(), administrator).heading == "Looking back"


def test_demonstration_has_no_password(web_app: Flask, client: FlaskClient, sign_in: Callable[..., Page]) -> None:
    with web_app.app_context():
        fill_demo(context(), web_app.config["NOW"].date())
    for password in ("!", "", "*"):
        assert sign_in(client, "demo@example.org", password).heading == "Sign in"

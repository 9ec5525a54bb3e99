"""Who may do what: every address of the program, held against one table."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scrqm_forms.domain.links import handle_of, link_hash
from scrqm_forms.services.context import context
from scrqm_forms.services.demo import fill_demo
from scrqm_forms.web.demo import add_demo_links

from .page import Page
from .page import get_page as get_page_by
from .world import ACCENT, CONFIDENTIAL, ENOUGH, LOGO, Asked, World

ANYONE, LINK = "anyone", "whoever holds the link"
ADMINISTRATOR, EVERY = "an administrator", "an administrator of every board"
SEE = "any administrator of the board"
MANAGE, READ, SERVICE = "manage", "read_answers", "service"  # an administrator of the board with this permission
ADDS = "an administrator of every board, or with the permission service on one"
NOBODY = "nobody: the sign-in library brings it along"
ADMINISTRATORS_PAGES = "/boards/<board_key>/administrators"
IMPROVEMENTS = "/boards/<board_key>/improvements"
ROUND = "/boards/<board_key>/reviews/<review_key>/<round_key>"

#: Whatever is not in here must not be there.
ACCESS = {
    "GET /": ANYONE,  # leads to the boards
    "GET /static/<path:filename>": ANYONE,
    "GET /assets/<digest>/<name>": ANYONE,
    "GET /healthz": ANYONE,  # for whatever watches the program
    "GET /readyz": ANYONE,
    "GET /left": ANYONE,
    "GET /sign-in": ANYONE,
    "POST /sign-in": ANYONE,
    "POST /sign-out": ANYONE,
    "GET /markers/": ANYONE,  # as far as a board shows them: test_markers.py
    "GET /markers/<board_key>/": ANYONE,
    "GET /markers/<board_key>/all": ANYONE,
    "GET /markers/<board_key>/compare": ANYONE,
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
    "GET /boards/new": ADDS,
    "POST /boards/new": ADDS,
    "GET /account": ADMINISTRATOR,  # one's own
    "POST /account/name": ADMINISTRATOR,
    "POST /account/password": ADMINISTRATOR,
    "GET /plugins": EVERY,
    "GET /boards/<board_key>/": SEE,
    "GET /boards/<board_key>/markers": MANAGE,
    "GET /boards/<board_key>/markers/import": MANAGE,
    "POST /boards/<board_key>/markers/import": MANAGE,
    "GET /boards/<board_key>/markers/new": MANAGE,
    "POST /boards/<board_key>/markers/new": MANAGE,
    "GET /boards/<board_key>/markers/<marker_id>/edit": MANAGE,
    "POST /boards/<board_key>/markers/<marker_id>/edit": MANAGE,
    "GET /boards/<board_key>/markers/<marker_id>/preview": MANAGE,
    "GET /boards/<board_key>/markers/<marker_id>": MANAGE,
    "POST /boards/<board_key>/markers/<marker_id>": MANAGE,
    "GET /boards/<board_key>/markers/<marker_id>/toml": MANAGE,
    "GET /boards/<board_key>/markers/<marker_id>/change": MANAGE,
    "POST /boards/<board_key>/markers/<marker_id>/change": MANAGE,
    "GET /boards/<board_key>/settings": SERVICE,
    "POST /boards/<board_key>/settings": SERVICE,
    f"GET {ADMINISTRATORS_PAGES}": SERVICE,
    f"POST {ADMINISTRATORS_PAGES}": SERVICE,
    f"GET {ADMINISTRATORS_PAGES}/invited/<link_hash>": SERVICE,
    f"POST {ADMINISTRATORS_PAGES}/invited/<link_hash>": SERVICE,
    f"GET {ADMINISTRATORS_PAGES}/<int:administrator_id>": SERVICE,
    f"POST {ADMINISTRATORS_PAGES}/<int:administrator_id>": SERVICE,
    "GET /boards/<board_key>/reviews/new": MANAGE,
    "POST /boards/<board_key>/reviews/new": MANAGE,
    "GET /boards/<board_key>/reviews/<review_key>/": SEE,
    "GET /boards/<board_key>/reviews/<review_key>/details": MANAGE,
    "POST /boards/<board_key>/reviews/<review_key>/details": MANAGE,
    "GET /boards/<board_key>/reviews/<review_key>/new-round": MANAGE,
    "POST /boards/<board_key>/reviews/<review_key>/new-round": MANAGE,
    f"GET {ROUND}/": SEE,
    f"GET {ROUND}/settings": MANAGE,
    f"POST {ROUND}/settings": MANAGE,
    f"GET {ROUND}/wording": SEE,
    f"GET {ROUND}/markers": MANAGE,
    f"POST {ROUND}/markers": MANAGE,
    f"GET {ROUND}/groups": MANAGE,
    f"POST {ROUND}/groups": MANAGE,
    f"GET {ROUND}/check": MANAGE,
    f"POST {ROUND}/open": MANAGE,
    f"POST {ROUND}/extend": MANAGE,
    f"GET {ROUND}/close": MANAGE,
    f"POST {ROUND}/close": MANAGE,
    f"GET {ROUND}/preview": SEE,
    f"GET {ROUND}/people/": MANAGE,
    f"POST {ROUND}/people/": MANAGE,
    f"GET {ROUND}/people/<int:invitation_id>": MANAGE,
    f"POST {ROUND}/people/<int:invitation_id>": MANAGE,
    f"POST {ROUND}/people/links": MANAGE,
    f"POST {ROUND}/people/links/file": MANAGE,
    f"POST {ROUND}/people/send": MANAGE,
    f"GET {ROUND}/people/remind": MANAGE,
    f"POST {ROUND}/people/remind": MANAGE,
    f"GET {ROUND}/results": READ,
    f"GET {ROUND}/results/<entry>": READ,
    "GET /boards/<board_key>/reviews/<review_key>/rounds/": READ,
    "GET /boards/<board_key>/reviews/<review_key>/rounds/<entry>": READ,
    f"GET {ROUND}/export-options": READ,
    f"GET {ROUND}/export": READ,
    "GET /boards/<board_key>/reviews/<review_key>/delete-answers": MANAGE,
    "POST /boards/<board_key>/reviews/<review_key>/delete-answers": MANAGE,
    "GET /boards/<board_key>/reviews/<review_key>/certificate": SEE,
    "GET /boards/<board_key>/reviews/<review_key>/delete": MANAGE,
    "POST /boards/<board_key>/reviews/<review_key>/delete": MANAGE,
    "GET /boards/<board_key>/log": SEE,
    f"POST {ROUND}/hold": MANAGE,
    f"POST {ROUND}/release": MANAGE,
    f"GET {ROUND}/people/<int:invitation_id>/data": READ,
    f"POST {ROUND}/people/<int:invitation_id>/data": READ,
    f"GET {ROUND}/people/<int:invitation_id>/erase": MANAGE,
    f"POST {ROUND}/people/<int:invitation_id>/erase": MANAGE,
    f"GET {ROUND}/pack": READ,
    f"GET {ROUND}/meeting/<entry>": READ,
    f"POST {ROUND}/meeting/<entry>": READ,
    f"GET {IMPROVEMENTS}": SEE,
    f"GET {IMPROVEMENTS}/export": SEE,
    f"GET {IMPROVEMENTS}/year": SEE,
    f"GET {IMPROVEMENTS}/new": MANAGE,
    f"POST {IMPROVEMENTS}/new": MANAGE,
    f"GET {IMPROVEMENTS}/<improvement_key>": SEE,
    f"GET {IMPROVEMENTS}/<improvement_key>/change": MANAGE,
    f"POST {IMPROVEMENTS}/<improvement_key>/change": MANAGE,
    f"GET {IMPROVEMENTS}/<improvement_key>/delete": MANAGE,
    f"POST {IMPROVEMENTS}/<improvement_key>/delete": MANAGE,
    "GET /fs-static/<path:filename>": NOBODY,
    "GET /verify": NOBODY,
    "POST /verify": NOBODY,
}
BOARDS = [row for row, who in ACCESS.items() if who in (SEE, MANAGE, READ, SERVICE)]
ADMINISTRATORS = [row for row, who in ACCESS.items() if who in (ADMINISTRATOR, ADDS, EVERY)] + BOARDS
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
    "permissions": "manage",
    "judgement": "met",
    "by": "mail-merge",
    "groups": "lead_reviewer",
    "set": "tea",
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
        self.colleague = world.id_of(world.administrator("cat@example.org", "north"))
        self.invitation = link_hash(world.invite("dan@example.org").removeprefix("/welcome/"), "sign-in")
        self.improvement = world.improvement(self.asked)
        world.change_marker("tea01", "Is the kettle new?")
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
            "int:administrator_id": self.colleague,
            "link_hash": self.invitation,
            "improvement_key": self.improvement,
            "secret": self.welcome if "welcome" in path else self.secret,
            "handle": handle_of(self.secret),
            "key": "tea01",
            "marker_id": "tea01",
            "entry": "tea01",
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
            {"int:administrator_id": 99},
            {"link_hash": "0" * 64},
            {"improvement_key": "zzzzzzzz"},
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
        assert is_asked_to_sign_in(doors.knock(client, row, token)), row
    assert doors.world.dump() == before


def is_asked_to_sign_in(response: TestResponse) -> bool:
    """Sent to the page; or, so that a text that was typed is not lost, told to, with the text."""
    if response.status_code == 302:
        return (response.location or "").partition("?")[0] == "/sign-in"
    return response.status_code == 401 and "Sign in again in another tab" in response.text


def test_signed_out_visitors_learn_nothing_of_what_there_is(doors: Doors, client: FlaskClient) -> None:
    token = token_of(client)
    for row in BOARDS:
        for wrong in doors.strangers():
            assert is_asked_to_sign_in(doors.knock(client, row, token, **wrong)), row


@pytest.fixture
def signed_in(web_app: Flask, doors: Doors, sign_in_once: Callable[..., FlaskClient]) -> Callable[..., FlaskClient]:
    """`signed_in("manage", ...)`: a browser of an administrator of the board with these permissions alone."""

    def enter(*permissions: str) -> FlaskClient:
        email = f"{'-'.join(permissions)}@example.org"
        return sign_in_once(web_app.test_client(), doors.world.administrator(email, "north", permissions))

    return enter


def told_not_to(response: TestResponse, *words: str) -> bool:
    """The page that says what is missing, and whom to ask."""
    return response.status_code == 403 and all(
        text in response.text for text in ("You may not ", "because you have not been given the permission", *words)
    )


@pytest.mark.parametrize("missing", [MANAGE, READ, SERVICE])
def test_permission_that_is_missing_is_named_and_nothing_changes(
    doors: Doors, signed_in: Callable[..., FlaskClient], missing: str
) -> None:
    """Of an open round, of one being set up, and of one that is closed: a page may look at the state first."""
    asked = [doors.asked, doors.world.round({"panel": 2}), doors.world.closed_round({"lead_reviewer": 1})]
    client = signed_in(*[each for each in (MANAGE, READ, SERVICE) if each != missing])
    token = token_of(client, "/account")
    before = doors.world.dump()
    for row in [row for row, who in ACCESS.items() if who == missing]:
        for each in asked:
            response = doors.knock(client, row, token, review_key=each.review_key)
            assert told_not_to(response, "Northshire Board", "ask one of those who can give it: "), row
            assert "Pat " not in response.text, row
    assert doors.world.dump() == before


@pytest.mark.parametrize("permission", [MANAGE, READ, SERVICE])
def test_one_permission_opens_its_own_pages_and_what_all_may_see(
    doors: Doors, signed_in: Callable[..., FlaskClient], permission: str
) -> None:
    client = signed_in(permission)
    token = token_of(client, "/account")
    for row in [row for row, who in ACCESS.items() if who in (permission, SEE, ADMINISTRATOR)]:
        assert doors.knock(client, row, token).status_code in (200, 302, 303, 409, 422), row


@pytest.mark.parametrize("permission", [MANAGE, READ, SERVICE])
def test_nobody_is_offered_what_would_be_refused(
    doors: Doors, signed_in: Callable[..., FlaskClient], permission: str
) -> None:
    """Every link and form on every page that may be seen leads to a page that may be seen."""
    client = signed_in(permission)
    draft, closed = doors.world.round({"panel": 2}), doors.world.closed_round({"lead_reviewer": 1})
    too_few = doors.world.open_round(ENOUGH, **CONFIDENTIAL)
    doors.world.close(too_few)
    for asked in (doors.asked, draft, closed, too_few):
        for row in [row for row in ADMINISTRATORS if row.startswith("GET")]:
            response = doors.knock(client, row, review_key=asked.review_key)
            if response.status_code != 200 or not response.content_type.startswith("text/html"):
                continue
            page = Page(client, response)
            for method, address in offered_on(page):
                who = ACCESS[f"{method} {rule_of(doors.app, method, address)}"]
                allowed = (permission, SEE, ADMINISTRATOR, ANYONE) + ((ADDS,) if permission == SERVICE else ())
                assert who in allowed, (row, method, address)


def offered_on(page: Page) -> Iterator[tuple[str, str]]:
    for link in page.root.find("a"):
        address = urljoin(page.address, link["href"])
        if not link["href"].startswith("#"):
            yield "GET", address
    for form in page.root.find("form"):
        yield form["method"].upper(), urljoin(page.address, form["action"] or page.address)


def rule_of(app: Flask, method: str, address: str) -> str:
    rule, _values = app.url_map.bind("localhost").match(urlsplit(address).path, method=method, return_rule=True)
    return str(rule.rule)


def test_setting_up_boards_is_for_those_who_look_after_one(doors: Doors, signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in(MANAGE, READ)
    token = token_of(client, "/account")
    before = doors.world.dump()
    for method in ("GET", "POST"):
        assert told_not_to(doors.knock(client, f"{method} /boards/new", token))
    assert doors.world.dump() == before
    assert doors.knock(signed_in(SERVICE), "GET /boards/new").status_code == 200


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
    pages = get_page_by(ben, "/"), get_page_by(ben, "/boards/")
    assert pages[0].path == "/boards/south/"
    assert not any("Northshire" in page.html for page in pages)


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
NOTED = {f"GET {ROUND}/results", f"GET {ROUND}/export", f"GET {IMPROVEMENTS}/export"}


def test_no_get_changes_anything(doors: Doors, everybody: FlaskClient) -> None:
    before = doors.world.dump()
    for row in GETS:
        assert doors.knock(everybody, row).status_code in (200, 302), row
        after = doors.world.dump()
        assert (len(after.pop("event")) > len(before["event"])) == (row in NOTED), row
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

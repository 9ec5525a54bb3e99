"""A board's colour and logo: how they are set, where they show, and that their addresses tell nothing else."""

import io
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from .page import HEADERS, Page
from .world import ACCENT, LOGO, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]

SETTINGS = "/boards/north/settings"
SHEET = f"/boards/north/look-{ACCENT[1:]}.css"
LOGO_ADDRESS = f"/boards/north/logo-{sha256(LOGO).hexdigest()}"


def upload(data: bytes = LOGO, name: str = "logo.png") -> dict[str, Any]:
    return {"logo": (io.BytesIO(data), name)}


def sheets_of(page: Page) -> list[str]:
    """Sheets of boards; the program's own come before them."""
    sheets = [each["href"] for each in page.root.find("link", rel="stylesheet")]
    own = [href for href in sheets if href.startswith("/assets/")]
    assert sheets[: len(own)] == own
    return sheets[len(own) :]


def logos_of(page: Page) -> list[str]:
    """Of the page's head."""
    return [each["src"] for each in page.root.find("header")[0].find("img")]


# Settings


def test_colour_and_logo_are_set_and_shown(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.board()
    page = get_page(SETTINGS).send({"accent": "7A1F5C"}, **upload()).again()
    assert sheets_of(page)[-1] == SHEET
    assert logos_of(page) == [LOGO_ADDRESS]
    form = page.follow("Board settings")
    assert form.fields["accent"] == ACCENT
    assert [each["src"] for each in form.main.find("img", alt="Logo of Northshire Board")] == [LOGO_ADDRESS]


def test_saving_again_keeps_the_logo(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.change_board(accent=ACCENT, logo=LOGO)
    page = get_page(SETTINGS).send({"name": "Northshire Partnership"}).again()
    assert (sheets_of(page)[-1], logos_of(page)) == (SHEET, [LOGO_ADDRESS])


def test_logo_is_replaced_by_another_even_if_it_is_to_be_taken_away(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    world.change_board(logo=LOGO)
    for values in ({}, {"remove_logo": ["yes"]}):
        data = LOGO + repr(values).encode()
        page = get_page(SETTINGS).send(values, **upload(data)).again()
        assert logos_of(page) == [f"/boards/north/logo-{sha256(data).hexdigest()}"]


def test_colour_and_logo_are_taken_away(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.change_board(accent=ACCENT, logo=LOGO)
    page = get_page(SETTINGS).send({"accent": "", "remove_logo": ["yes"]}).again()
    assert (sheets_of(page), logos_of(page)) == ([], [])
    assert "remove_logo" not in get_page(SETTINGS).fields


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.png", "SVG"),
        (b"GIF89a\x01\0\x01\0", "logo.png", "not a PNG, JPEG or WebP picture"),
        (b"", "logo.png", "not a PNG, JPEG or WebP picture"),
        (LOGO.ljust(300_000, b"\0"), "logo.png", "at most 200 KB"),
        (LOGO[:16] + b"\xff" * 8, "logo.png", "at most 2000 x 2000"),
    ],
    ids=["svg", "gif", "empty", "too_many_bytes", "too_many_pixels"],
)
def test_logo_that_cannot_be_is_refused_at_its_field(
    world: World, ann: FlaskClient, get_page: GetPage, data: bytes, name: str, sentence: str
) -> None:
    world.change_board(logo=LOGO)
    typed = {"support": "Ask for Jo.", "accent": "#0E5160", "shows_markers": []}
    page = get_page(SETTINGS).send(typed, status=422, **upload(data, name))
    assert list(page.errors) == ["logo"]
    assert sentence in page.errors["logo"]
    assert {field: page.fields[field] for field in typed} == typed
    assert logos_of(get_page(SETTINGS)) == [LOGO_ADDRESS]


def test_logo_is_taken_whatever_its_name(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.board()
    get_page(SETTINGS).send(**upload(name="logo.svg"))
    assert logos_of(get_page(SETTINGS)) == [LOGO_ADDRESS]


@pytest.mark.parametrize(("typed", "sentence"), [("#b5651d", "#a55c1a would do"), ("teal", 'found "teal"')])
def test_colour_that_cannot_be_is_refused_at_its_field(
    world: World, ann: FlaskClient, get_page: GetPage, typed: str, sentence: str
) -> None:
    world.board()
    page = get_page(SETTINGS).send({"accent": typed}, status=422)
    assert list(page.errors) == ["accent"]
    assert sentence in page.errors["accent"]
    assert page.fields["accent"] == typed


def test_all_faults_are_told_at_once_and_a_good_logo_asked_for_again(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    world.board()
    page = get_page(SETTINGS).send({"name": "", "accent": "red"}, status=422, **upload())
    assert list(page.errors) == ["name", "accent", "logo"]
    assert "choose the file again" in page.errors["logo"]


# Where they show


@pytest.mark.parametrize("path", ["", "tea01", "check", "later", "copy"])
def test_participants_see_colour_and_logo_of_now_and_the_name_of_then(
    world: World, begin: Begin, get_page: GetPage, path: str
) -> None:
    link = world.open_round().link
    tasks = begin(link)
    world.change_board(name="Renamed", accent=ACCENT, logo=LOGO)
    for page in (get_page(link), get_page(tasks.path + path)):
        assert sheets_of(page) == [SHEET]
        assert logos_of(page) == [LOGO_ADDRESS]
        assert "Northshire Board" in page.root.find("header")[0].text
        assert "Renamed" not in page.html


def test_participant_gets_both_without_signing_in(web_app: Flask, world: World, begin: Begin) -> None:
    world.change_board(accent=ACCENT, logo=LOGO)
    page = begin(world.open_round().link, web_app.test_client())
    assert page.client.get(sheets_of(page)[-1]).text == f":root {{ --accent: {ACCENT}; }}\n"
    assert page.client.get(logos_of(page)[0]).data == LOGO


def test_logo_beside_the_name_is_not_read_out(world: World, get_page: GetPage) -> None:
    world.change_board(logo=LOGO)
    (logo,) = get_page(world.open_round().link).root.find("header")[0].find("img")
    assert logo.attrs.get("alt") == ""


def test_administrators_see_the_look_of_the_board_they_are_at(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    world.change_board(accent=ACCENT, logo=LOGO)
    world.board("south", "Southshire Board")
    asked = world.open_round()
    for path in ("/boards/north/", f"{asked.address}", f"{asked.address}people/", f"{asked.address}results"):
        page = get_page(path)
        assert (sheets_of(page), logos_of(page)) == ([SHEET], [LOGO_ADDRESS]), path
    for path in ("/boards/", "/boards/south/", "/plugins"):
        page = get_page(path)
        assert (sheets_of(page), logos_of(page)) == ([], []), path


# Their addresses


@pytest.mark.parametrize(
    ("path", "media_type"), [(SHEET, "text/css; charset=utf-8"), (LOGO_ADDRESS, "image/png")], ids=["sheet", "logo"]
)
def test_look_may_be_kept_by_the_browser(world: World, ann: FlaskClient, path: str, media_type: str) -> None:
    world.change_board(accent=ACCENT, logo=LOGO)
    response = ann.get(path)
    assert response.content_type == media_type
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert {"Set-Cookie", "Vary"} & {name for name, _value in response.headers} == set()


@pytest.mark.parametrize(
    "path",
    [
        SHEET.replace("north", "south"),
        SHEET.replace("north", "nowhere"),
        SHEET.replace("7a1f5c", "0e5160"),
        SHEET.replace("7a1f5c", "7A1F5C"),
        LOGO_ADDRESS.replace("north", "south"),
        LOGO_ADDRESS.replace("north", "nowhere"),
        LOGO_ADDRESS[:-1],
        f"/boards/north/logo-{sha256(b'another').hexdigest()}",
        "/boards/south/look-.css",
        "/boards/south/logo-",
    ],
)
def test_only_the_present_look_of_a_board_is_there(world: World, client: FlaskClient, path: str) -> None:
    world.change_board(accent=ACCENT, logo=LOGO)
    world.board("south", "Southshire Board")
    response = client.get(path)
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"
    assert response.data == client.get("/nowhere").data


def test_old_look_is_gone_once_there_is_another(world: World, client: FlaskClient) -> None:
    world.change_board(accent=ACCENT, logo=LOGO)
    assert [client.get(path).status_code for path in (SHEET, LOGO_ADDRESS)] == [200, 200]
    world.change_board(accent="#0e5160", logo=None)
    assert [client.get(path).status_code for path in (SHEET, LOGO_ADDRESS)] == [404, 404]

"""Under which addresses the pages answer, when links can be made, and what must be right to be served to others."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.web.app import create_app

from .page import Page
from .page import get_page as get_page_by
from .world import World

GetPage = Callable[..., Page]
OURS: Any = {"base_url": "https://reflect.example.org"}
HERE = ["http://localhost", "http://127.0.0.1:8000", "http://[::1]:8000"]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, instance_path: Path) -> None:
    """Settings as on a server."""
    monkeypatch.delenv("SCRQM_FORMS_LOCAL")
    monkeypatch.setenv("SCRQM_FORMS_BASE_URL", "https://reflect.example.org")


# The name


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("port", ["", ":443", ":8443"])
def test_pages_answer_under_the_address_that_is_set(client: FlaskClient, port: str) -> None:
    assert get_page_by(client, "/sign-in", base_url=f"https://Reflect.example.org{port}").heading == "Sign in"


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("address", [*HERE, "https://evil.example", "https://reflect.example.org.evil.example"])
@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/i/secret", "/boards/"])
def test_other_names_are_answered_by_a_page_that_names_the_right_one(
    client: FlaskClient, address: str, path: str
) -> None:
    page = get_page_by(client, path, 400, base_url=address)
    assert page.heading == "This is not the right address"
    assert "https://reflect.example.org" in page.text
    assert "evil" not in page.html


@pytest.mark.usefixtures("served")
def test_nothing_is_saved_under_another_name(world: World, client: FlaskClient) -> None:
    asked = world.open_round()
    page = get_page_by(client, asked.link, **OURS)
    before = world.dump()
    response = client.post(asked.link, data=page.data(), base_url="https://evil.example")
    assert response.status_code == 400
    assert world.dump() == before


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_on_the_machine_itself_and_to_no_other_name(client: FlaskClient, path: str) -> None:
    assert [client.get(path, base_url=address).status_code for address in HERE] == [200, 200, 200]
    assert client.get(path, **OURS).status_code == 200
    assert client.get(path, base_url="http://evil.example").status_code == 400


@pytest.mark.usefixtures("instance_path")
def test_own_machine_answers_itself_whatever_address_is_set(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("SCRQM_FORMS_BASE_URL", "https://reflect.example.org")
    client = request.getfixturevalue("client")
    assert get_page_by(client, "/sign-in").heading == "Sign in"


# Not encrypted


@pytest.mark.parametrize("host", ["reflect.example.org", "192.0.2.7", "127.0.0.1.example.org", "[::2]:8000"])
def test_plain_http_shows_nothing_to_type_into_elsewhere(client: FlaskClient, world: World, host: str) -> None:
    for path in ("/sign-in", world.open_round().link, "/"):
        page = get_page_by(client, path, 403, base_url=f"http://{host}")
        assert page.heading == "This connection may not be safe"
        assert "https://" in page.text
        assert page.root.find("form", "input", "textarea") == []


def test_plain_http_takes_no_answer_elsewhere_and_gives_the_text_back(
    client: FlaskClient, world: World, begin: Callable[..., Page]
) -> None:
    entry = begin(world.open_round().link).follow("Kettle")
    before = world.dump()
    data = entry.data({"reflection-helped": "The teapot leaked."})
    response = client.post(entry.path, data=data, base_url="http://reflect.example.org")
    assert response.status_code == 403
    assert "The teapot leaked." in response.text
    assert world.dump() == before


@pytest.mark.parametrize("address", HERE)
def test_plain_http_is_fine_on_the_machine_itself(client: FlaskClient, address: str) -> None:
    assert get_page_by(client, "/sign-in", base_url=address).heading == "Sign in"


def test_page_that_says_no_has_its_looks(client: FlaskClient) -> None:
    assert client.get("/static/style.css", base_url="http://reflect.example.org", buffered=True).status_code == 200


# Links


@pytest.fixture
def forget_local(instance_path: Path, web_app: Flask) -> Callable[[], None]:
    """To be called: from then on it is nobody's own machine, and no address is set."""

    def forget() -> None:
        found = web_app.extensions["scrqm_forms"]
        settings = msgspec.structs.replace(found.instance.settings, local=False)
        found.instance = msgspec.structs.replace(found.instance, settings=settings)

    return forget


def test_round_is_not_opened_while_nobody_could_reach_it(
    world: World, ann: FlaskClient, get_page: GetPage, forget_local: Callable[[], None]
) -> None:
    asked = world.round()
    forget_local()
    before = world.dump()
    page = get_page(f"{asked.address}check").send(button="Open the round", status=409)
    assert "Nobody else could open the links" in page.text
    assert "--local" in page.text
    assert world.dump() == before


def test_links_are_not_made_while_nobody_could_open_them(
    world: World, ann: FlaskClient, get_page: GetPage, forget_local: Callable[[], None]
) -> None:
    asked = world.open_round()
    forget_local()
    before = world.dump()
    people = get_page(f"{asked.address}people/")
    assert "Nobody else could open the links" in people.send(button="Make new links", status=409).text
    person = people.follow("Pat lead_reviewer 1").send(button="Make a new link", status=422)
    assert "Nobody else could open the links" in " ".join(person.errors.values())
    assert world.dump() == before


# Starting


def weaken(path: Path) -> None:
    (path / "scrqm-forms.db").unlink()
    (path / "secret.key").write_text("ab" * 32)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: (path / "secret.key").chmod(0o640), "can be read by others"),
        (weaken, "weak"),
        (lambda path: (path / "secret.key").unlink(), "is missing"),
        (lambda path: (path / "config.toml").write_text('base_url = "http://x.example"'), "expected https://"),
        (lambda path: None, "debug mode is on"),
    ],
    ids=["key_readable", "key_weak", "key_missing", "plain_http", "debug"],
)
def test_program_that_is_not_safe_is_not_served_to_others(
    prepared_instance: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path], None],
    said: str,
) -> None:
    monkeypatch.delenv("SCRQM_FORMS_LOCAL")
    path = shutil.copytree(prepared_instance, tmp_path / "instance")
    create_app(path)
    spoil(path)
    monkeypatch.setenv("FLASK_DEBUG", "1" if "debug" in said else "0")
    with pytest.raises(ScrqmFormsError, match=said):
        create_app(path)
    if "missing" not in said:
        create_app(path, local=True)

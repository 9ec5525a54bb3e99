"""Headers, cookies, what a fault tells, and what is never written down."""

import csv
import io
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import ChoiceLoader, DictLoader

from scrqm_forms.domain.links import handle_of
from scrqm_forms.services.accounts import make_sign_in_link
from scrqm_forms.storage.database import db, writing
from scrqm_forms.web.app import create_app
from scrqm_forms.web.security import LARGEST_REQUEST

from .page import HEADERS, Page, check_headers
from .page import get_page as get_page_by
from .world import PASSWORD, Asked, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]

NAME, EMAIL, AGENCY = "Pat Quillfeather", "quill.feather@example.org", "Feather Trust"
TEXT = "The teapot of Mistletoe Lane leaked."


# Headers


@pytest.fixture
def address(world: World, ann: FlaskClient, begin: Begin) -> Callable[[str], str]:
    """The whole of a shortened address; the client has a round and has begun as a participant."""
    asked = world.open_round()
    handle = handle_of(asked.secrets["lead_reviewer"][0])
    begin(asked.link)
    return lambda short: short.replace("ROUND/", asked.address).replace("LINK", asked.link).replace("HANDLE", handle)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/plugins", 200),
        ("/", 302),
        ("ROUND/", 200),
        ("LINK", 200),
        ("/r/HANDLE/tea01", 200),
        ("/r/HANDLE/done", 302),
        ("/r/other/", 403),
        ("/nowhere", 404),
        ("/i/nobody", 404),
        ("/boards/nowhere/", 404),
        ("ROUND/open", 405),
        ("ROUND/export?format=pdf", 400),
        ("ROUND/export?format=csv", 200),
        ("ROUND/export?format=excel", 200),
        ("/r/HANDLE/copy.txt", 200),
        ("/static/nothing.css", 404),
    ],
)
def test_every_answer_carries_the_headers(
    client: FlaskClient, address: Callable[[str], str], path: str, status: int
) -> None:
    response = client.get(address(path), buffered=True)
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "path", ["/sign-in", "ROUND/", "/r/HANDLE/tea01", "/r/HANDLE/copy.txt", "ROUND/export?format=csv"]
)
def test_nothing_of_a_person_is_kept_by_the_browser(
    client: FlaskClient, address: Callable[[str], str], path: str
) -> None:
    assert client.get(address(path), buffered=True).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["style.css", "icon.svg"])
def test_static_files_carry_the_headers_and_may_be_kept(client: FlaskClient, name: str) -> None:
    response = client.get(f"/static/{name}", buffered=True)
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
    assert response.headers["Cache-Control"] != "no-store"


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_browsers_are_told_to_stay_with_https_on_https_only(client: FlaskClient, scheme: str) -> None:
    response = client.get("/sign-in", base_url=f"{scheme}://reflect.example.org")
    assert ("Strict-Transport-Security" in response.headers) == (scheme == "https")


def test_no_address_leads_out_of_the_static_folder(client: FlaskClient) -> None:
    for path in ("../app.py", "%2e%2e/app.py", "..%2fapp.py"):
        assert client.get(f"/static/{path}").status_code == 404, path


# Cookies


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_cookie_travels_over_http_on_this_machine(client: FlaskClient, host: str) -> None:
    cookie = client.get("/sign-in", base_url=f"http://{host}").headers["Set-Cookie"]
    assert cookie.endswith("; HttpOnly; Path=/; SameSite=Lax")


@pytest.mark.parametrize(
    "host",
    [
        "reflect.example.org",
        "192.0.2.7",
        "127.0.0.1.example.org",
        "localhost.example.org",
        "[::2]:8000",
    ],
)
def test_cookie_travels_encrypted_elsewhere(client: FlaskClient, host: str) -> None:
    cookie = client.get("/sign-in", base_url=f"https://{host}").headers["Set-Cookie"]
    assert cookie.endswith("; Secure; HttpOnly; Path=/; SameSite=Lax")


def test_participants_work_over_https(web_app: Flask, world: World) -> None:
    client = web_app.test_client()
    there: Any = {"base_url": "https://reflect.example.org"}
    asked = world.open_round()
    page = get_page_by(client, asked.link, **there)
    response = client.post(asked.link, data=page.data(), **there)
    assert "; Secure; HttpOnly;" in response.headers["Set-Cookie"]
    assert get_page_by(client, response.location, **there).heading == "Your markers"


def test_cookie_that_was_changed_is_worth_nothing(world: World, begin: Begin, client: FlaskClient) -> None:
    tasks = begin(world.open_round().link)
    value = client.get_cookie("scrqm_forms").value  # type: ignore[union-attr]
    client.set_cookie("scrqm_forms", value[:-2] + ("AA" if not value.endswith("AA") else "BB"))
    assert client.get(tasks.path).status_code == 403


@pytest.fixture
def another(tmp_path: Path) -> Flask:
    """A second program in this process, over an instance of its own."""
    app = create_app(tmp_path / "another" / "instance")
    app.config["NOW"] = datetime(2026, 3, 2, 12, tzinfo=UTC)
    return app


def test_two_programs_in_one_process_keep_apart(web_app: Flask, world: World, another: Flask) -> None:
    world.board()
    link = world.open_round().link
    assert web_app.test_client().get(link).status_code == 200
    assert another.test_client().get(link).status_code == 404
    assert web_app.secret_key != another.secret_key
    with another.app_context():
        db.engine.dispose()


# Behind a proxy, or not


def test_address_of_a_visitor_cannot_be_made_up(client: FlaskClient) -> None:
    found = [client.get(f"/i/{n:043}", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status_code for n in range(51)]
    assert found[-1] == 429


def test_scheme_cannot_be_made_up(client: FlaskClient) -> None:
    response = client.get("/sign-in", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"})
    assert "Strict-Transport-Security" not in response.headers


@pytest.fixture
def one_proxy(monkeypatch: pytest.MonkeyPatch, instance_path: Path) -> None:
    monkeypatch.setenv("SCRQM_FORMS_TRUSTED_PROXIES", "1")


@pytest.mark.usefixtures("one_proxy")
def test_proxy_that_is_trusted_says_how_it_was_reached(client: FlaskClient) -> None:
    there = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "reflect.example.org", "X-Forwarded-For": "192.0.2.7"}
    response = client.get("/sign-in", headers=there)
    assert "Strict-Transport-Security" in response.headers
    assert "; Secure;" in response.headers["Set-Cookie"]


# When something goes wrong


@pytest.fixture
def broken_template(web_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check page fails, with an answer in the error's message."""
    broken = "{% extends '_layout.html' %}{% block content %}{{ {}[sections[0].rows[-3].value].nothing }}{% endblock %}"
    loaders = [DictLoader({"participant/check.html": broken}), web_app.jinja_env.loader]
    monkeypatch.setattr(web_app.jinja_env, "loader", ChoiceLoader(loaders))  # type: ignore[arg-type]


@pytest.fixture
def broken_database(web_app: Flask, world: World) -> Callable[[], None]:
    """To be called: from then on saving an entry fails, with the entry in the error's message."""

    def break_() -> None:
        trigger = "create trigger broken before insert on entry begin select raise(abort, new.document); end"
        with web_app.app_context(), writing():
            db.session.execute(sa.text(trigger))

    return break_


def test_fault_of_a_template_shows_a_plain_page(
    world: World, begin: Begin, broken_template: None, caplog: pytest.LogCaptureFixture
) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"reflection-helped": TEXT})
    page = get_page_by(tasks.client, f"{tasks.path}check", 500)
    assert page.heading == "Something went wrong"
    assert not {"Traceback", "jinja2", "UndefinedError"} & set(page.html.split())
    assert TEXT not in page.html


def test_fault_of_a_template_is_logged_without_what_was_typed(
    world: World, begin: Begin, broken_template: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"reflection-helped": TEXT})
    get_page_by(tasks.client, f"{tasks.path}check", 500)
    assert "participant.check: UndefinedError at " in caplog.text
    assert "teapot" not in caplog.text


def test_fault_of_the_database_gives_the_text_back(
    world: World, begin: Begin, broken_database: Callable[[], None]
) -> None:
    entry = begin(world.open_round().link).follow("Kettle")
    broken_database()
    page = entry.send({"reflection-helped": f"\n{TEXT}", "comment-full": "Half."}, status=500)
    assert page.heading == "Something went wrong"
    texts = [box.content.removeprefix("\n") for box in page.main.find("textarea")]
    assert texts == ["Half.", f"\n{TEXT}"]


def test_fault_of_the_database_is_logged_without_what_was_typed(
    world: World, begin: Begin, broken_database: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    entry = begin(world.open_round().link).follow("Kettle")
    broken_database()
    entry.send({"reflection-helped": TEXT}, status=500)
    assert "entries.save: " in caplog.text
    assert "Error at " in caplog.text
    assert "teapot" not in caplog.text


def test_work_goes_on_after_a_fault_of_the_database(
    web_app: Flask, world: World, begin: Begin, broken_database: Callable[[], None]
) -> None:
    entry = begin(world.open_round().link).follow("Kettle")
    broken_database()
    entry.send({"reflection-helped": TEXT}, status=500)
    with web_app.app_context(), writing():
        db.session.execute(sa.text("drop trigger broken"))
    assert entry.send({"reflection-helped": TEXT}).heading == "Table"


@pytest.fixture
def broken_format(instance_path: Path) -> None:
    """An export format that fails with an answer in the error's message."""
    folder = instance_path / "plugins"
    folder.mkdir(parents=True)
    (folder / "broken.py").write_text(
        "from scrqm_forms.hookspecs import ExportFormat, hookimpl\n"
        "def write(export, stream):\n"
        "    raise ValueError(str([list(table.rows()) for table in export.tables]))\n"
        "@hookimpl\n"
        "def register_export_formats(settings):\n"
        "    return [ExportFormat(key='broken', label='Broken', media_type='text/x', suffix='.x', write=write)]\n"
    )


@pytest.mark.usefixtures("broken_format")
def test_fault_of_an_export_format_is_logged_without_the_answers(
    world: World, ann: FlaskClient, get_page: GetPage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = world.open_round()
    world.answer(asked.secrets["lead_reviewer"][0], TEXT)
    page = get_page(f"{asked.address}export?format=broken", 409)
    assert 'The export format "broken" failed (ValueError)' in page.text
    assert "ValueError" in caplog.text
    assert "teapot" not in caplog.text
    assert "Pat" not in caplog.text


@pytest.mark.parametrize("path", ["/nowhere", "/i/nobody", "/sign-in", "/boards/new"])
def test_too_large_a_request_is_refused_wherever_it_is_sent(client: FlaskClient, path: str) -> None:
    response = client.post(path, data={"comment-x": "x" * LARGEST_REQUEST})
    check_headers(response)
    assert response.status_code in (404, 413)
    assert "<h1>" in response.text


def test_form_of_too_many_parts_is_refused_by_a_page(client: FlaskClient) -> None:
    data = {f"part{n}": "x" for n in range(1001)}
    response = client.post("/sign-in", data=data, content_type="multipart/form-data")
    check_headers(response)
    assert response.status_code == 413
    assert "<h1>" in response.text


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/boards/"), ("DELETE", "/boards/new"), ("PUT", "/sign-in")], ids=str
)
def test_method_that_there_is_not_is_answered_by_a_page(client: FlaskClient, method: str, path: str) -> None:
    response = client.open(path, method=method)
    check_headers(response)
    assert response.status_code in (400, 405)
    assert "<h1>" in response.text


# What is never written down


@pytest.fixture
def secrets(
    web_app: Flask, world: World, begin: Begin, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> set[str]:
    """What was typed and what opens doors, after a journey through the whole program at the wordiest log level."""
    for name in ("", "scrqm_forms", "waitress", "sqlalchemy", "flask_security", "werkzeug"):
        caplog.set_level(logging.DEBUG, logger=name)
    with web_app.app_context():
        welcome = make_sign_in_link(web_app.config["NOW"])
    page = get_page_by(client, f"/welcome/{welcome}").send({"name": "Ann", "email": EMAIL, "password": PASSWORD})
    page = page.follow("Set up a board").send({"name": "Northshire Board"}).follow("Begin a review")
    page = page.send({"reference": "2026-07"}).send({"mode": "named"})
    page = page.send({"markers": ["tea01"]}, button="Save and continue")
    page = page.send({"people": f"{NAME},{EMAIL},chair,{AGENCY}"}, button="Continue").send(button="Open the round")
    address = page.path
    links = page.send(button="Make the links")
    data = links.data(button="A CSV file for mail merge")
    (row,) = csv.DictReader(io.StringIO(client.post(f"{address}people/links/file", data=data).text.lstrip("\ufeff")))
    link = row["link"].removeprefix("http://localhost")
    visitor = web_app.test_client()
    tasks = begin(link, visitor)
    entry = tasks.follow("Kettle")
    entry.send({"reflection-helped": TEXT})
    entry.send({"reflection-helped": f"{TEXT} Twice."}, status=409)
    entry.send({"reflection-helped": TEXT * 4000}, status=422)
    entry.send({"reflection-helped": TEXT, "csrf_token": ""}, status=400)
    tasks.follow("Check and send").send(button="Send my answers")
    for path in ("copy", "copy.txt"):
        visitor.get(tasks.path + path)
    for path in ("results", "export-options", "export?format=csv", "export?format=excel", "export?format=pdf"):
        client.get(address + path, buffered=True)
    get_page_by(client, address).send(button="Sign out").send({"email": EMAIL, "password": f"{PASSWORD} not"})
    return {TEXT, NAME, EMAIL, AGENCY, PASSWORD, welcome, link.removeprefix("/i/")}


def test_journey_writes_nothing_of_a_person_to_the_log(secrets: set[str], caplog: pytest.LogCaptureFixture) -> None:
    assert {secret for secret in secrets for record in caplog.records if secret in _all_of(record)} == set()


def test_journey_keeps_no_secret_in_the_database(world: World, secrets: set[str]) -> None:
    stored = str(world.dump())
    assert {secret for secret in secrets if secret in stored} == {TEXT, NAME, EMAIL, AGENCY}


def test_journey_leaves_nothing_readable_in_the_files(world: World, secrets: set[str], instance_path: Path) -> None:
    world.fingerprint()
    content = b"".join(file.read_bytes() for file in instance_path.rglob("*") if file.is_file())
    assert {secret for secret in secrets if secret.encode() in content} == set()


def _all_of(record: logging.LogRecord) -> str:
    return f"{record.getMessage()} {record.__dict__} {logging.Formatter().format(record)}"


def test_link_is_kept_as_two_hashes_that_differ(world: World) -> None:
    asked: Asked = world.open_round()
    (secret,) = asked.secrets["lead_reviewer"]
    world.answer(secret)
    stored = world.dump()
    hashes = {
        value for table in ("invitation", "response") for row in stored[table] for value in row if len(str(value)) == 64
    }
    assert len(hashes) == 2
    assert secret not in str(stored)
    assert handle_of(secret) not in str(stored)

"""The pages over an instance of their own, people who visit them, and the one way to fetch a page."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from scrqm_forms.services.context import make_app
from scrqm_forms.storage.database import db
from scrqm_forms.web.app import create_app

from . import page as pages
from .page import Page
from .world import PASSWORD, World, write_markers


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def make_web_app(
    make_quick: Callable[[Flask], Flask], compiled_templates: FileSystemBytecodeCache
) -> Callable[[Path], Flask]:
    """`make_web_app(path)`: as in earnest, but quick. The strength of passwords is asserted in test_sign_in.py."""

    def make(path: Path) -> Flask:
        app = make_quick(create_app(path))
        app.jinja_env.bytecode_cache = compiled_templates
        # Argon2 takes a tenth of a second on purpose: longer than most tests here.
        app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
        return app

    return make


@pytest.fixture(scope="session")
def prepared_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance as it is after its first use, with markers of its own; to be copied."""
    path = tmp_path_factory.mktemp("prepared") / "instance"
    with make_app(path).app_context():
        db.engine.dispose()
    write_markers(path)
    return path


@pytest.fixture(scope="session")
def shared_app(
    prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory, make_web_app: Callable[[Path], Flask]
) -> Flask:
    return make_web_app(shutil.copytree(prepared_instance, tmp_path_factory.mktemp("shared") / "instance"))


@pytest.fixture
def web_app(
    request: pytest.FixtureRequest, today: date, prepared_instance: Path, make_web_app: Callable[[Path], Flask]
) -> Iterator[Flask]:
    """The pages over an instance that nobody has used yet, at noon of `today`.

    Making an app takes as long as a whole test, so most share one; a test that asks for `instance_path` gets its own.
    """
    if "instance_path" in request.fixturenames:
        path = request.getfixturevalue("instance_path")
        app = make_web_app(shutil.copytree(prepared_instance, path, dirs_exist_ok=True))
    else:
        app = request.getfixturevalue("shared_app")
        path = Path(app.instance_path)
        shutil.rmtree(path / "markers")
        shutil.copytree(prepared_instance, path, dirs_exist_ok=True)
    app.config["NOW"] = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def world(web_app: Flask, today: date) -> World:
    return World(web_app, today)


@pytest.fixture
def client(web_app: Flask) -> FlaskClient:
    """One browser, with cookies of its own."""
    return web_app.test_client()


@pytest.fixture
def get_page(client: FlaskClient) -> Callable[..., Page]:
    """`get_page(path, status=200)`: the page, after redirects, checked as every page is (page.faults_of)."""

    def get(path: str, status: int = 200, **more: Any) -> Page:
        return pages.get_page(client, path, status, **more)

    return get


@pytest.fixture
def sign_in() -> Callable[..., Page]:
    """`sign_in(client, email)`: the page that an administrator is shown first."""

    def enter(client: FlaskClient, email: str = "ann@example.org", password: str = PASSWORD) -> Page:
        return pages.get_page(client, "/sign-in").send({"email": email, "password": password})

    return enter


#: (database, who) -> cookie. One sign-in does for many tests.
_cookies: dict[tuple[str, str], str] = {}


@pytest.fixture
def sign_in_once(world: World, sign_in: Callable[..., Page]) -> Callable[..., FlaskClient]:
    """`sign_in_once(client, email)`: the client, signed in."""

    def enter(client: FlaskClient, email: str) -> FlaskClient:
        key = (world.fingerprint(), email)
        if key not in _cookies:
            sign_in(client, email)
            _cookies[key] = client.get_cookie("scrqm_forms").value  # type: ignore[union-attr]
        client.set_cookie("scrqm_forms", _cookies[key])
        return client

    return enter


@pytest.fixture
def ann(world: World, client: FlaskClient, sign_in_once: Callable[..., FlaskClient]) -> FlaskClient:
    """A browser in which an administrator of every board is signed in."""
    return sign_in_once(client, world.administrator())


@pytest.fixture
def begin(client: FlaskClient) -> Callable[..., Page]:
    """`begin(link)`: the task list of whoever holds the link, after pressing Start."""

    def start(link: str, by: FlaskClient = client) -> Page:
        return pages.get_page(by, link).send()

    return start

"""What a program that watches this one is told: that it runs, and that it can work."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.storage.database import db, writing

from .page import HEADERS
from .world import World


@pytest.mark.parametrize(("path", "text"), [("/healthz", "ok\n"), ("/readyz", "ready\n")])
def test_program_that_works_says_so_in_plain_text(client: FlaskClient, path: str, text: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.text) == (200, text)
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    assert {name: response.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nothing_is_told_of_anybody(world: World, client: FlaskClient, ann: FlaskClient, path: str) -> None:
    """The same with a cookie and without, and none is set."""
    world.open_round()
    for visitor in (ann, world.app.test_client()):
        response = visitor.get(path)
        assert "Set-Cookie" not in response.headers
        assert "North" not in response.text
        assert len(response.text) < 10


def spoil_schema(app: Flask) -> None:
    with app.app_context(), writing():
        db.session.execute(sa.text("update alembic_version set version_num = '9999'"))


def spoil_file(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()
    app.extensions["scrqm_forms"].instance.database_file.write_bytes(b"x" * 8192)


@pytest.mark.parametrize("spoil", [spoil_schema, spoil_file])
@pytest.mark.usefixtures("instance_path")
def test_program_without_its_database_runs_and_is_not_ready(
    web_app: Flask, client: FlaskClient, spoil: Callable[[Flask], None]
) -> None:
    spoil(web_app)
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert (response.status_code, response.text) == (503, "the database does not answer\n")

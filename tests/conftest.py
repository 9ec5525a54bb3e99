"""Fixtures that several folders share: an instance of its own for every test, and the app over it."""

import gc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from scrqm_forms.services.context import make_app
from scrqm_forms.storage.database import db

TODAY = date(2026, 3, 2)


@pytest.fixture(scope="session", autouse=True)
def _on_this_machine() -> Iterator[None]:
    """Tests are served to themselves: as `run --local`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCRQM_FORMS_LOCAL", "true")
        yield


@pytest.fixture(scope="session", autouse=True)
def _what_was_imported_is_no_garbage() -> None:
    """Or Python would go through all of it again and again, for a sixth of the time that the tests take."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def instance_path(tmp_path: Path) -> Path:
    return tmp_path / "instance"


@pytest.fixture(scope="session")
def make_quick() -> Callable[[Flask], Flask]:
    """`make_quick(app)`: the same app, which does not wait for the disk, since no test survives a power cut anyway."""

    def do_not_wait(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    def make(app: Flask) -> Flask:
        with app.app_context():
            sa.event.listen(db.engine, "connect", do_not_wait)
            db.engine.dispose()
        return app

    return make


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def app(instance_path: Path) -> Iterator[Flask]:
    """An app without pages: services and storage work in its context, which is pushed for the test."""
    app = make_app(instance_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()

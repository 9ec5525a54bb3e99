"""Fixtures that several folders share: an instance of its own for every test, and the app over it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
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


@pytest.fixture
def instance_path(tmp_path: Path) -> Path:
    return tmp_path / "instance"


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

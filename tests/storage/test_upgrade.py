"""A database of an earlier program, with data, brought up to this one. `first_schema.sql` was dumped from 0001."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from scrqm_forms.domain.errors import Refused, ScrqmFormsError
from scrqm_forms.domain.questionnaire import canonical_json, digest_of, read_questionnaire
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.instance import in_use, open_instance, prepare_instance
from scrqm_forms.services.backup import restore
from scrqm_forms.services.context import make_app
from scrqm_forms.services.upgrade import upgrade_instance
from scrqm_forms.storage import boards, database, responses, reviews
from scrqm_forms.storage.database import connect_encrypted, db, known_revisions

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
FIRST = Path(__file__).with_name("first_schema.sql")
#: A later migration, which makes a table anew as SQLite must for most changes.
ANEW = """
from alembic import op
revision, down_revision = "9999", "{head}"
def upgrade():
    with op.batch_alter_table("board", recreate="always"):
        pass
    {more}
"""


def fill(instance_path):
    instance = prepare_instance(instance_path, {})
    connection = dbapi2.connect(str(instance.database_file))
    connection.execute(f"PRAGMA key = \"x'{instance.key('database').hex()}'\"")
    connection.executescript(FIRST.read_text(encoding="utf-8"))
    connection.close()


def rows_of(connection, columns):
    return {
        table: sorted(tuple(row) for row in connection.execute(sa.text(f"select {', '.join(names)} from {table}")))
        for table, names in columns.items()
    }


@pytest.fixture(scope="module")
def first():
    """Columns and rows of every table as the first program left them."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.connection.driver_connection.executescript(FIRST.read_text(encoding="utf-8"))
        tables = [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
        columns = {name: [each["name"] for each in sa.inspect(connection).get_columns(name)] for name in tables}
        rows = rows_of(connection, columns)
    engine.dispose()
    return columns, rows


@pytest.fixture
def upgraded(instance_path):
    fill(instance_path)
    upgrade_instance(instance_path, NOW)
    app = make_app(instance_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_upgrade_keeps_every_row(upgraded, first):
    columns, rows = first
    assert {len(rows[name]) for name in ("board", "review", "round", "response", "entry")} == {1, 2, 5}
    with db.engine.connect() as connection:
        assert rows_of(connection, columns) == rows


def test_questionnaire_frozen_before_there_were_improvements_is_read_and_keeps_its_canonical_form(upgraded, first):
    rows = db.session.execute(sa.text("select document, sha256 from questionnaire")).all()
    assert rows
    for row in rows:
        read = read_questionnaire(row.document)
        assert (read.format, read.helped) == (1, ())
        assert not any(marker.improvements for marker in read.markers)
        assert digest_of(canonical_json(read)) == row.sha256


def test_what_was_written_before_an_upgrade_is_read_after_it(upgraded):
    board = boards.get_board(OPERATOR, "first")
    assert (board.accent, board.logo_sha256, board.shows_markers) == ("", "", True)
    (review,) = reviews.list_reviews(OPERATOR, "first")
    texts = {
        entry.reflections["helped"]
        for round_ in reviews.list_rounds(review)
        for response in responses.read_submitted(round_)
        for entry in response.entries.values()
    }
    assert texts == {f"{mode} {n}: tea 🫖\nsecond line" for mode in ("named", "confidential") for n in (0, 1, 2)} - {
        "named 2: tea 🫖\nsecond line"
    }


def with_a_later_migration(tmp_path, monkeypatch, more=""):
    folder = shutil.copytree(database.MIGRATIONS, tmp_path / "migrations")
    head = max(path.name[:4] for path in (folder / "versions").glob("0*.py"))
    (folder / "versions" / "9999_anew.py").write_text(ANEW.format(head=head, more=more))
    monkeypatch.setattr(database, "MIGRATIONS", folder)


def test_table_made_anew_takes_nothing_along(instance_path, first, tmp_path, monkeypatch):
    """With foreign keys on, dropping the old table deletes every review, round and answer."""
    with_a_later_migration(tmp_path, monkeypatch)
    fill(instance_path)
    upgrade_instance(instance_path, NOW)
    with make_app(instance_path).app_context():
        with db.engine.connect() as connection:
            assert rows_of(connection, first[0]) == first[1]
            assert connection.execute(sa.text("pragma foreign_keys")).scalar() == 1
        db.engine.dispose()


def test_upgrade_that_loses_what_belongs_together_changes_nothing(instance_path, first, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        with_a_later_migration(tmp_path, patch, 'op.execute("delete from review")')
        fill(instance_path)
        with pytest.raises(ScrqmFormsError, match="nothing was changed"):
            upgrade_instance(instance_path, NOW)
    (copy,) = (instance_path / "backups").iterdir()
    copy.unlink()
    upgrade_instance(instance_path, NOW)
    with make_app(instance_path).app_context():
        with db.engine.connect() as connection:
            assert rows_of(connection, first[0]) == first[1]
        db.engine.dispose()


def revision_of(file, instance_path):
    connection = connect_encrypted(str(file), open_instance(instance_path, {}).key("database"))
    try:
        return connection.execute("select version_num from alembic_version").fetchone()[0]
    finally:
        connection.close()


def test_upgrade_makes_a_copy_first_that_can_be_put_back(instance_path):
    fill(instance_path)
    done = upgrade_instance(instance_path, NOW)
    assert (done.before, done.after) == ("0001", known_revisions()[0])
    assert done.copy == instance_path / "backups" / "before-upgrade-0001-20260302T120000Z.db"
    assert done.copy.stat().st_mode & 0o777 == 0o600
    assert revision_of(done.copy, instance_path) == "0001"
    restore(open_instance(instance_path, {}), done.copy, NOW, over=True)
    assert revision_of(instance_path / "scrqm-forms.db", instance_path) == "0001"


def test_database_that_cannot_be_copied_whole_is_not_upgraded(instance_path):
    fill(instance_path)
    connection = connect_encrypted(
        str(instance_path / "scrqm-forms.db"), open_instance(instance_path, {}).key("database")
    )
    connection.execute("update questionnaire set sha256 = 'x'")
    connection.close()
    with pytest.raises(ScrqmFormsError, match="wording of a questionnaire"):
        upgrade_instance(instance_path, NOW)
    assert revision_of(instance_path / "scrqm-forms.db", instance_path) == "0001"


def test_database_of_an_earlier_program_waits_for_the_upgrade(instance_path):
    fill(instance_path)
    with pytest.raises(ScrqmFormsError, match="scrqm-forms db upgrade"):
        make_app(instance_path)
    assert revision_of(instance_path / "scrqm-forms.db", instance_path) == "0001"


def test_database_is_not_upgraded_under_a_program_that_serves_it(instance_path):
    fill(instance_path)
    with in_use(instance_path), pytest.raises(Refused, match="is in use"):
        upgrade_instance(instance_path, NOW)
    assert revision_of(instance_path / "scrqm-forms.db", instance_path) == "0001"


def test_upgrade_of_what_is_new_or_up_to_date_does_nothing(instance_path):
    assert upgrade_instance(instance_path, NOW) is None
    with make_app(instance_path).app_context():
        db.engine.dispose()
    assert upgrade_instance(instance_path, NOW) is None
    assert not (instance_path / "backups").exists()

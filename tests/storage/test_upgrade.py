"""A database of an earlier program, with data, brought up to this one. `first_schema.sql` was dumped from 0001."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.instance import prepare_instance
from scrqm_forms.services.context import make_app
from scrqm_forms.storage import boards, database, responses, reviews
from scrqm_forms.storage.database import db

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
            make_app(instance_path)
    with make_app(instance_path).app_context():
        with db.engine.connect() as connection:
            assert rows_of(connection, first[0]) == first[1]
        db.engine.dispose()

"""The database: encrypted, migrated, and whole after errors and under several writers."""

import threading
from datetime import date

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from scrqm_forms.domain.errors import CannotStore, ScrqmFormsError
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import Person
from scrqm_forms.services.context import make_app
from scrqm_forms.storage import boards, database, invitations, responses, reviews
from scrqm_forms.storage.database import db, writing
from scrqm_forms.storage.models import BoardRow

TODAY = date(2026, 3, 2)


SETTINGS = RoundSettings(purpose="reflect", mode="named", minimum=5, roles=("chair",), markers=("qm01",), lengths={})


def add_board(key):
    return boards.add_board(key, f"Board {key}", "scr", TODAY)


def board_keys():
    db.session.rollback()
    return sorted(db.session.scalars(sa.select(BoardRow.key)))


def reopen(path):
    """The keys of the boards as another run of the program would read them."""
    app = make_app(path)
    with app.app_context():
        try:
            return board_keys()
        finally:
            db.session.remove()
            db.engine.dispose()


# The schema


def test_migrations_make_exactly_what_the_models_say(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, BoardRow.metadata) == []


def test_migrated_tables_are_laid_out_as_the_models_would_be(app):
    """Alembic does not compare what SQLite calls WITHOUT ROWID, nor what a foreign key does on deletion."""
    plain = sa.create_engine("sqlite://")
    BoardRow.metadata.create_all(plain)

    def layout(engine):
        with engine.connect() as connection:
            names = sorted(BoardRow.metadata.tables)
            without = {
                row.name: row.wr for row in connection.execute(sa.text("pragma table_list")) if row.name in names
            }
            keys = {
                name: sorted(tuple(row)[2:] for row in connection.execute(sa.text(f"pragma foreign_key_list({name})")))
                for name in names
            }
        return without, keys

    assert layout(db.engine) == layout(plain)
    assert layout(plain)[0]["response"] == layout(plain)[0]["entry"] == 1
    plain.dispose()


def test_migrations_stand_in_one_line():
    script = ScriptDirectory(f"{database.__file__.removesuffix('database.py')}migrations")
    assert len(script.get_heads()) == len(script.get_bases()) == 1


def test_database_there_is_is_used_again(app, instance_path):
    with writing():
        add_board("kept")
    assert reopen(instance_path) == ["kept"]


def test_database_of_a_newer_program_is_refused_and_left_alone(app, instance_path):
    with writing():
        add_board("kept")
        db.session.execute(sa.text("update alembic_version set version_num = '9999'"))
    with pytest.raises(ScrqmFormsError, match="written by a newer version of SCRQM Forms"):
        make_app(instance_path)
    assert board_keys() == ["kept"]


# Encryption


def test_nothing_in_the_files_can_be_read(app, instance_path):
    with writing():
        add_board("canary")
    files = [path for path in instance_path.iterdir() if path.name.startswith("scrqm-forms.db")]
    assert len(files) >= 1
    written = b"".join(path.read_bytes() for path in files)
    assert len(written) > 10_000
    for word in (b"SQLite format 3", b"canary", b"CREATE TABLE", b"alembic"):
        assert word not in written


def test_files_are_their_owner_s_alone(app, instance_path):
    with writing():
        add_board("b")
    files = [path for path in instance_path.iterdir() if path.name.startswith("scrqm-forms.db")]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_database_is_refused_with_a_key_that_is_not_its_own(app, instance_path):
    with writing():
        add_board("kept")
    key = instance_path / "secret.key"
    right = key.read_text()
    key.write_text("00" * 32)
    with pytest.raises(ScrqmFormsError, match=r"instance/secret\.key does not belong to it"):
        make_app(instance_path)
    key.write_text(right)
    assert reopen(instance_path) == ["kept"]


def test_file_that_is_no_database_is_refused(instance_path):
    make_app(instance_path)
    for path in instance_path.glob("scrqm-forms.db*"):
        path.unlink()
    (instance_path / "scrqm-forms.db").write_bytes(b"SQLite format 3\0" + b"x" * 8192)
    with pytest.raises(ScrqmFormsError, match="cannot be read with this key"):
        make_app(instance_path)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)],
)
def test_connection_is_set_up_for_answers_that_matter(app, pragma, value):
    assert db.session.scalar(sa.text(f"pragma {pragma}")) == value


def test_parameters_stand_in_no_error(app):
    with writing():
        add_board("taken")
    db.session.add(BoardRow(key="taken", name="canary", vocabulary="scr", created_on=TODAY, support="", plugins=""))
    with pytest.raises(sa.exc.IntegrityError) as raised:
        db.session.flush()
    assert "canary" not in str(raised.value)


# Transactions


class Interrupted(BaseException):
    """What Ctrl+C and the like are to a transaction."""


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, Interrupted])
def test_error_undoes_the_whole_transaction_and_lets_others_write_at_once(app, monkeypatch, error):
    monkeypatch.setattr(database, "_LONGEST_WAIT", 1)

    def fail():
        with writing():
            add_board("first")
            add_board("second")
            raise error

    def write():
        with writing():
            add_board("third")

    with pytest.raises(error):
        fail()
    assert run_at_once(app, write) == []
    assert board_keys() == ["third"]


def test_what_was_changed_outside_a_transaction_is_not_stored(app, instance_path):
    add_board("never")
    with writing():
        add_board("kept")
    assert reopen(instance_path) == ["kept"]


def add_response(board_key):
    """A board with a review, a round, somebody invited and one response."""
    board = add_board(board_key)
    review = reviews.add_review(board, board_key.upper(), "R1", "R1", TODAY, TODAY)
    round_ = reviews.add_round(review, "reflect", SETTINGS, TODAY)
    invitations.add_invitations(round_, [Person(name="Ann", email="", role="chair", agency="")])
    response = responses.add_response(round_, board_key, "chair")
    responses.store_entry(response, "qm01", Entry(judgement="met"), 0)
    return response


def test_deleting_a_board_takes_all_that_belongs_to_it_and_nothing_else(app):
    with writing():
        add_response("kept")
        add_response("gone")
    with writing():
        db.session.execute(sa.text("delete from board where key = 'gone'"))
    for table in ("board", "review", "round", "invitation", "response", "entry"):
        assert db.session.scalar(sa.text(f"select count(*) from {table}")) == 1, table


# Several writers


def run_at_once(app, *tasks):
    """Run every task in a thread of its own, in the app's context; what each raised."""
    start, errors = threading.Barrier(len(tasks)), []

    def run(task):
        with app.app_context():
            start.wait()
            try:
                task()
            except Exception as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def test_two_writers_lose_none_of_their_entries(app):
    with writing():
        both = [add_response("one"), add_response("two")]

    def write(response):
        for n in range(50):
            with writing():
                responses.store_entry(response, f"tea{n}", Entry(judgement="met"), 0)

    assert run_at_once(app, lambda: write(both[0]), lambda: write(both[1])) == []
    for response in both:
        assert len(responses.read_entries(response)) == 51


@pytest.mark.parametrize("programs", ["one", "two"])
def test_two_who_count_up_the_same_number_lose_no_count(app, monkeypatch, programs):
    """Each reads the number and then writes one more: a writer without the lock from the start would lose some, or
    fail. Without the lock of this process the file's own has to do, as between two programs.
    """
    with writing():
        add_board("b")

    def count():
        for _ in range(50):
            with writing():
                row = db.session.scalars(sa.select(BoardRow)).one()
                row.support = str(int(row.support or 0) + 1)

    if programs == "two":
        monkeypatch.setattr(database, "_write_lock", Unlocked())
    assert run_at_once(app, count, count) == []
    db.session.rollback()
    assert db.session.scalar(sa.select(BoardRow.support)) == "100"


class Unlocked:
    """Stands for the lock of another process."""

    def acquire(self, timeout):
        return True

    def release(self):
        pass


def test_reader_sees_the_state_before_while_somebody_writes(app):
    with writing():
        add_board("before")
        read = []

        def look():
            read.extend(board_keys())

        assert run_at_once(app, look) == []
    assert read == []
    assert board_keys() == ["before"]


def test_writer_that_does_not_finish_is_an_error_and_not_a_wait_for_ever(app, monkeypatch):
    monkeypatch.setattr(database, "_LONGEST_WAIT", 0.01)
    with writing():
        add_board("first")

        def write():
            with writing():
                add_board("second")

        (error,) = run_at_once(app, write)
    assert isinstance(error, CannotStore)
    with writing():
        add_board("third")
    assert board_keys() == ["first", "third"]

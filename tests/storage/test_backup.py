"""Copies of a database: made while it is in use, looked through, put back, and refused when they are no good."""

import io
import random
import shutil
import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.presenting import ExportOptions
from scrqm_forms.domain.response import Entry
from scrqm_forms.instance import open_instance, prepare_instance
from scrqm_forms.services import responding
from scrqm_forms.services.backup import back_up, back_up_to_folder, read_last_backup, restore
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.demo import fill_demo
from scrqm_forms.services.export import find_format, make_export, write_export
from scrqm_forms.storage import outbox
from scrqm_forms.storage.backup import BadBackup, check_copy
from scrqm_forms.storage.database import connect_encrypted, db, known_revisions, writing
from scrqm_forms.storage.reviews import round_by_id

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
TABLES = (
    "responses",
    "answers",
    "reflections",
    "results",
    "codebook",
    "participation",
    "notes",
    "improvements",
    "register",
)


def export_of(round_id):
    """Every table of a round, as bytes."""
    fmt = find_format(context(), "csv")
    found = []
    for table in TABLES:
        stream = io.BytesIO()
        write_export(make_export(round_by_id(round_id), fmt, ExportOptions(tables=(table,) if table else ())), stream)
        found.append(stream.getvalue())
    return found


def mode_of(path):
    return path.stat().st_mode & 0o777


@pytest.fixture
def demo(app):
    return fill_demo(context(), TODAY)


@pytest.fixture
def instance(app, instance_path):
    return open_instance(instance_path, {})


@pytest.fixture
def empty(instance, tmp_path):
    """An instance with the same key and nothing else, as on a new machine."""
    (tmp_path / "empty").mkdir()
    shutil.copy(instance.key_file, tmp_path / "empty")
    return open_instance(tmp_path / "empty", {})


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """(key file, a good backup) to be copied: of a demonstration, closed again."""
    folder = tmp_path_factory.mktemp("good")
    app = make_app(folder / "instance")
    with app.app_context():
        fill_demo(context(), TODAY)
        back_up(context().instance, folder / "good.db", NOW)
        db.session.remove()
        db.engine.dispose()
    return folder / "instance" / "secret.key", folder / "good.db"


@pytest.fixture
def target(good, tmp_path):
    """An empty instance with the key of the good backup."""
    (tmp_path / "target").mkdir()
    shutil.copy(good[0], tmp_path / "target")
    return open_instance(tmp_path / "target", {})


def files_in(instance):
    return sorted(path.name for path in instance.path.rglob("*"))


# Made


def test_backup_made_while_somebody_saves_is_of_one_moment_and_exports_the_same(app, demo, instance, empty, tmp_path):
    responding.begin_response(responding.find_participant(demo.participant), TODAY)
    before = export_of(demo.round.id)
    started, enough = threading.Event(), threading.Event()
    saved = []

    def save_again_and_again():
        with app.app_context():
            for n in range(400):
                participant = responding.find_participant(demo.participant)
                responding.save_entry(participant, "qm11", Entry(reflections={"helped": f"Save {n + 1}"}), n, TODAY)
                db.session.remove()
                saved.append(n + 1)
                started.set()
                if enough.is_set():
                    return

    writer = threading.Thread(target=save_again_and_again)
    writer.start()
    assert started.wait(30)
    first = saved[-1]
    back_up(instance, tmp_path / "b.db", NOW)
    enough.set()
    writer.join()
    assert saved[-1] > first

    restore(empty, tmp_path / "b.db", NOW)
    again = make_app(empty.path)
    with again.app_context():
        assert export_of(demo.round.id) == before
        entry, version = responding.read_entries(responding.find_participant(demo.participant))["qm11"]
        assert first <= version <= saved[-1]
        assert entry.reflections["helped"] == f"Save {version}"
        db.session.remove()
        db.engine.dispose()


def test_backup_holds_every_row_and_says_of_which_schema(demo, instance, tmp_path):
    contents = back_up(instance, tmp_path / "b.db", NOW)
    names = sa.inspect(db.engine).get_table_names()
    assert contents.rows == {name: db.session.scalar(sa.text(f"select count(*) from {name}")) for name in names}
    assert contents.revision == known_revisions()[0]


def test_backup_is_encrypted_and_its_owner_s_alone(demo, instance, tmp_path):
    back_up(instance, tmp_path / "b.db", NOW)
    assert mode_of(tmp_path / "b.db") == 0o600
    written = (tmp_path / "b.db").read_bytes()
    assert not any(word in written for word in (b"SQLite format 3", b"Example Safeguarding", b"CREATE TABLE"))


def test_nothing_deleted_comes_along(app, instance, tmp_path):
    with writing():
        db.session.execute(sa.text("create table gone (x text)"))
        db.session.execute(sa.text("insert into gone select hex(randomblob(50000)) from board union all select 'a'"))
        db.session.execute(sa.text("delete from gone"))
    back_up(instance, tmp_path / "b.db", NOW)
    connection = connect_encrypted(str(tmp_path / "b.db"), instance.key("database"))
    assert connection.execute("pragma freelist_count").fetchone() == (0,)
    connection.close()


def test_file_that_is_there_is_left_as_it_is_unless_it_may_be_replaced(app, instance, tmp_path):
    (tmp_path / "b.db").write_text("mine")
    with pytest.raises(Refused, match="is there already"):
        back_up(instance, tmp_path / "b.db", NOW)
    assert (tmp_path / "b.db").read_text() == "mine"
    assert read_last_backup(instance) is None
    back_up(instance, tmp_path / "b.db", NOW, replace=True)
    check_copy(tmp_path / "b.db", instance.key("database"), called=tmp_path / "b.db")


def spoil_questionnaire(connection):
    connection.execute("update questionnaire set document = replace(document, 'review', 'REVIEW')")


def lose_a_board(connection):
    connection.execute("pragma foreign_keys = off")
    connection.execute("delete from board")


@pytest.mark.parametrize(
    ("spoil", "said"), [(spoil_questionnaire, "wording of a questionnaire"), (lose_a_board, "is damaged")]
)
def test_database_that_is_not_right_gives_no_backup(demo, instance, tmp_path, spoil, said):
    connection = connect_encrypted(str(instance.database_file), instance.key("database"))
    spoil(connection)
    connection.close()
    with pytest.raises(BadBackup, match=said):
        back_up(instance, tmp_path / "b.db", NOW)
    assert list(tmp_path.glob("*b.db*")) == []
    assert read_last_backup(instance) is None


def test_backup_is_noted_in_the_instance(app, instance, tmp_path):
    back_up(instance, tmp_path / "b.db", NOW)
    last = read_last_backup(instance)
    assert (last.at, last.file) == (NOW, str(tmp_path / "b.db"))
    assert mode_of(instance.path / "last-backup.json") == 0o600


def test_folder_keeps_as_many_as_asked_for_and_touches_nothing_else(app, instance, tmp_path):
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "scrqm-forms-mine.db").write_text("mine")
    for hour in range(5):
        _, _, gone = back_up_to_folder(instance, folder, NOW + timedelta(hours=hour), keep=3)
    assert [path.name for path in gone] == ["scrqm-forms-20260302T130000Z.db"]
    left = [f"scrqm-forms-20260302T{hour}0000Z.db" for hour in (14, 15, 16)]
    assert sorted(path.name for path in folder.iterdir()) == [*left, "scrqm-forms-mine.db"]


def test_backup_of_postgresql_is_left_to_its_own_tools(tmp_path):
    instance = prepare_instance(tmp_path / "i", {"SCRQM_FORMS_DATABASE_URL": "postgresql+psycopg:///forms"})
    with pytest.raises(Refused, match="pg_dump"):
        back_up(instance, tmp_path / "b.db", NOW)
    with pytest.raises(Refused, match="pg_dump"):
        restore(instance, tmp_path / "b.db", NOW)


# Refused


def refused(instance, file, said, **more):
    """Restoring is refused with that sentence, naming the file, and changes nothing."""
    before = files_in(instance)
    with pytest.raises(BadBackup, match=said) as raised:
        restore(instance, file, NOW, **more)
    assert str(file) in str(raised.value)
    assert files_in(instance) == before


def test_one_flipped_bit_anywhere_is_found(good, target, tmp_path):
    whole = good[1].read_bytes()
    pages = len(whole) // 4096
    pick = random.Random(1)
    places = {0, 15, 16, 99, 100, 4095, 4096, len(whole) - 81, len(whole) - 1}
    places |= {page * 4096 + pick.randrange(4096) for page in range(pages)}
    for place in sorted(places):
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << pick.randrange(8)
        (tmp_path / "spoilt.db").write_bytes(spoilt)
        refused(target, tmp_path / "spoilt.db", "is damaged")


@pytest.mark.parametrize("length", [0, 1, 4096, 8192, -4096, -1], ids=lambda n: f"to_{n}")
def test_file_that_was_cut_off_is_refused(good, target, tmp_path, length):
    (tmp_path / "cut.db").write_bytes(good[1].read_bytes()[:length])
    refused(target, tmp_path / "cut.db", "is damaged|is empty|is not a database")


@pytest.mark.parametrize("more", [b"x", b"x" * 4096], ids=["byte", "page"])
def test_file_with_something_after_its_end_is_refused(good, target, tmp_path, more):
    (tmp_path / "long.db").write_bytes(good[1].read_bytes() + more)
    refused(target, tmp_path / "long.db", "is damaged")


def test_backup_of_another_key_is_refused(good, target, instance):
    refused(instance, good[1], "belongs to another key", over=True)


def write_text(path, _key):
    path.write_text("Dear all,\n" * 1000)


def write_plain_database(path, _key):
    connection = sqlite3.connect(path)
    connection.execute("create table board (id integer)")
    connection.close()


def write_foreign_database(path, key):
    connection = connect_encrypted(str(path), key)
    connection.execute("create table board (id integer)")
    connection.close()


def write_newer_database(path, key):
    shutil.copy(path.with_name("good.db"), path)
    connection = connect_encrypted(str(path), key)
    connection.execute("update alembic_version set version_num = '9999'")
    connection.close()


@pytest.mark.parametrize(
    ("write", "said"),
    [
        (write_text, "is no database of SCRQM Forms"),
        (write_plain_database, "is not encrypted"),
        (write_foreign_database, "is not a database of SCRQM Forms"),
        (write_newer_database, "newer version of SCRQM Forms"),
    ],
)
def test_file_that_is_no_backup_of_ours_is_refused(good, target, tmp_path, write, said):
    shutil.copy(good[1], tmp_path)
    write(tmp_path / "other.db", target.key("database"))
    refused(target, tmp_path / "other.db", said)


# Put back


def board_names(instance):
    app = make_app(instance.path)
    with app.app_context():
        found = list(db.session.scalars(sa.text("select name from board order by name")))
        db.session.remove()
        db.engine.dispose()
    return found


def rename_board(instance, name):
    """As somebody would who goes on working, and then closes; the log is left behind as after a crash."""
    connection = connect_encrypted(str(instance.database_file), instance.key("database"))
    connection.execute("update board set name = ?", (name,))
    connection.close()


def test_restored_database_is_its_owner_s_alone_and_leaves_the_backup_as_it_was(good, target):
    before = good[1].read_bytes()
    contents, aside = restore(target, good[1], NOW)
    assert (contents.rows["board"], aside) == (1, None)
    assert mode_of(target.database_file) == 0o600
    assert good[1].read_bytes() == before
    assert sorted(path.name for path in target.path.iterdir()) == ["scrqm-forms.db", "secret.key"]
    assert board_names(target) == ["Example Safeguarding Children Board"]


def test_database_that_is_there_stays_unless_said(good, target):
    restore(target, good[1], NOW)
    rename_board(target, "Changed")
    with pytest.raises(Refused, match="There is a database already"):
        restore(target, good[1], NOW)
    assert board_names(target) == ["Changed"]


def test_what_was_there_is_kept_and_can_be_put_back(good, target):
    restore(target, good[1], NOW)
    rename_board(target, "Changed")
    _, aside = restore(target, good[1], NOW, over=True)
    assert aside == target.path / "backups" / "before-restore-20260302T120000Z.db"
    assert (mode_of(aside.parent), mode_of(aside)) == (0o700, 0o600)
    assert board_names(target) == ["Example Safeguarding Children Board"]
    restore(target, aside, NOW + timedelta(hours=1), over=True)
    assert board_names(target) == ["Changed"]


def change_board_and_crash(instance, tmp_path):
    """The change stands in the log alone, as after a power cut."""
    with make_app(instance.path).app_context():
        with writing():
            db.session.execute(sa.text("update board set name = 'In the log'"))
        for name in ("scrqm-forms.db", "scrqm-forms.db-wal"):
            shutil.copy(instance.path / name, tmp_path / name)
        db.session.remove()
        db.engine.dispose()
    for name in ("scrqm-forms.db", "scrqm-forms.db-wal"):
        shutil.copy(tmp_path / name, instance.path)


def test_log_of_the_database_that_was_there_is_in_the_copy_kept(good, target, tmp_path):
    restore(target, good[1], NOW)
    change_board_and_crash(target, tmp_path)
    _, aside = restore(target, good[1], NOW, over=True)
    assert board_names(target) == ["Example Safeguarding Children Board"]
    restore(target, aside, NOW + timedelta(hours=1), over=True)
    assert board_names(target) == ["In the log"]


@pytest.mark.parametrize("log_too", [False, True], ids=["log_whole", "log_spoilt"])
def test_database_that_cannot_be_read_is_kept_with_its_log(good, target, tmp_path, log_too):
    restore(target, good[1], NOW)
    change_board_and_crash(target, tmp_path)
    log = target.path / "scrqm-forms.db-wal"
    for file in (target.database_file, log) if log_too else (target.database_file,):
        file.write_bytes(b"x" * 4096 + file.read_bytes()[4096:])
    spoilt = target.database_file.read_bytes(), log.read_bytes()
    _, aside = restore(target, good[1], NOW, over=True)
    assert (aside.read_bytes(), aside.with_name(f"{aside.name}-wal").read_bytes()) == spoilt
    assert [path.name for path in target.path.glob("*.db*")] == ["scrqm-forms.db"]
    assert board_names(target) == ["Example Safeguarding Children Board"]


def test_log_left_behind_by_a_database_that_is_gone_is_not_played_into_the_one_restored(good, target, tmp_path):
    restore(target, good[1], NOW)
    change_board_and_crash(target, tmp_path)
    target.database_file.unlink()
    restore(target, good[1], NOW)
    assert board_names(target) == ["Example Safeguarding Children Board"]


@pytest.mark.parametrize("spoilt", ["x" * 9000, ""], ids=["no_database", "empty"])
def test_spoilt_database_is_kept_as_it_is_and_replaced(good, target, spoilt):
    target.database_file.write_text(spoilt)
    target.database_file.with_name("scrqm-forms.db-wal").write_text("log")
    _, aside = restore(target, good[1], NOW, over=True)
    assert aside.read_text() == spoilt
    assert board_names(target) == ["Example Safeguarding Children Board"]


def test_no_backup_takes_the_place_of_a_database_in_use(app, instance, tmp_path):
    back_up(instance, tmp_path / "b.db", NOW)
    with writing():
        db.session.execute(sa.text("insert into throttle values ('k', 1, 1)"))
    with pytest.raises(Refused, match="is in use"):
        restore(instance, tmp_path / "b.db", NOW, over=True)
    assert list(instance.copy_folder.iterdir()) == []
    db.session.rollback()
    assert db.session.scalar(sa.text("select count(*) from throttle")) == 1


def test_message_that_waits_is_not_in_a_backup_and_not_sent_again_from_it(app, demo, instance, tmp_path):
    with app.app_context():
        person = db.session.execute(sa.text("SELECT id FROM invitation")).scalars().first()
        with writing():
            message = outbox.Queued(
                key="a" * 32, invitation_id=person, round_id=0, kind="invitation", delivery="smtp", tries=0, sealed=b"T"
            )
            outbox.add_message(message, "press", 0)
        db.session.remove()
    copy = tmp_path / "copy.db"
    back_up(instance, copy, NOW)
    connection = connect_encrypted(str(copy), instance.key("database"))
    assert connection.execute("SELECT state, sealed FROM outbox").fetchall() == [("dropped", None)]
    connection.close()

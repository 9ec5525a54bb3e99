"""The database: encrypted SQLite by default, PostgreSQL when a board grows. Transactions begin and end here."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase

from scrqm_forms.domain.errors import CannotStore, ScrqmFormsError

log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    """Plain on purpose: a dataclass base breaks Flask-SQLAlchemy on SQLAlchemy 2.1."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model  # made from Base; type checkers cannot follow how

#: Whether the transaction that begins next may write: it then takes the lock at once instead of failing half-way.
_may_write: ContextVar[bool] = ContextVar("may_write", default=False)
#: One writer per process: SQLite's own waiting sleeps, and keeps writers waiting far longer than needed.
_write_lock = threading.Lock()
#: Seconds; far longer than any transaction here, so that a fault shows as an error and not as a service that hangs.
_LONGEST_WAIT = 30

#: After the database's name: the file by which a cleaning that is to be done is remembered.
TRACES = "-traces"

MIGRATIONS = Path(__file__).parent / "migrations"


def attach_database(app: Flask, url: str, file: Path, key: bytes) -> None:
    """Give `app` its database: the one at `url`, or the encrypted SQLite file."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url or f"sqlite:///{file}"
    # Parameters hold answers and names: they must not stand in an error that reaches a log.
    options = {} if url else _sqlite_options(file, key)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True, **options}
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "begin", _begin)
        sa.event.listen(engine, "checkin", _release_lock)


def migrate_database(app: Flask) -> None:
    """Bring the schema up to this program's. Raises when the database is of a newer program, or not readable."""
    # Imported where a schema changes: it would make up a sixth of every start.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with app.app_context():
        check_revision(find_revision())
        with _without_foreign_keys(), writing(), db.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            _check_foreign_keys(connection)


def find_revision() -> str | None:
    """The schema's revision, or None where there are no tables yet. Raises when the database cannot be read."""
    try:
        with db.engine.connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return None
            found: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
            return found
    except sa.exc.DatabaseError as error:
        if "not a database" in str(error) or "encrypted" in str(error):
            raise ScrqmFormsError(
                "The database cannot be read with this key: instance/secret.key does not belong to it."
            ) from error
        raise


def known_revisions() -> list[str]:
    """Every schema revision that this program can bring up to date; its own is the first."""
    return sorted((path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py")), reverse=True)


def check_revision(found: str | None) -> None:
    """Raises when the schema is not one of ours so far: a newer program made it."""
    if found is not None and found not in known_revisions():
        raise ScrqmFormsError(
            "The database was written by a newer version of SCRQM Forms. Install that version, or restore a backup."
        )


@contextmanager
def _without_foreign_keys() -> Iterator[None]:
    """SQLite changes a table by making it anew, and dropping the old one would delete all that refers to its rows."""
    if db.engine.dialect.name != "sqlite":
        yield
        return

    def switch_off(connection: Any, _record: Any, _proxy: Any) -> None:
        connection.execute("PRAGMA foreign_keys = OFF")

    def switch_on(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    # At checkout and checkin: inside a transaction the pragma does nothing.
    sa.event.listen(db.engine, "checkout", switch_off)
    sa.event.listen(db.engine, "checkin", switch_on)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "checkout", switch_off)
        sa.event.remove(db.engine, "checkin", switch_on)


def _check_foreign_keys(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise ScrqmFormsError("Upgrading the database would lose what belongs together; nothing was changed.")


@contextmanager
def writing() -> Iterator[None]:
    """What begins in here may write. A transaction that has only read is ended first, so that this one is whole.

    Raises CannotStore, having changed nothing, when the database cannot take it.
    """
    db.session.rollback()
    token = _may_write.set(True)
    try:
        yield
        db.session.commit()
    except (sa.exc.OperationalError, TimeoutError) as error:
        db.session.rollback()
        # The first line ("database or disk is full") names no value; what follows it might.
        log.error("nothing can be stored: %s", str(getattr(error, "orig", error)).partition("\n")[0])
        raise CannotStore from error
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _may_write.reset(token)


def in_order(column: Any) -> Any:
    """To order by: letter by letter in every database, so that all write the same files.

    PostgreSQL would go by the language that its database was made for.
    """
    return sa.collate(column, "C") if db.engine.dialect.name == "postgresql" else column


def keeps_rows_apart() -> bool:
    """Whether rows carry no trace of the transaction that wrote them (PostgreSQL's `xmin` is one)."""
    return db.engine.dialect.name == "sqlite"


def wipe_deleted(*, rebuild: bool) -> bool:
    """Leave nothing of deleted rows in the database's files. False when somebody was reading: that is remembered, and
    done at the next deletion or start (`has_traces`).

    `secure_delete` overwrites what is deleted where it lay last, but a page that was split keeps copies of what moved
    (found by looking): `rebuild` writes all pages anew. Emptying the log removes the pages as they were before.
    In PostgreSQL this is the server's matter.
    """
    db.session.rollback()  # or this very program would be who is reading
    if db.engine.dialect.name != "sqlite":
        return True
    wiped = _try_to_wipe(rebuild)
    if not wiped:
        _traces_file().touch(mode=0o600)
    elif rebuild:
        _traces_file().unlink(missing_ok=True)
    return wiped


def has_traces() -> bool:
    """Whether files could not be cleaned since something was deleted."""
    return db.engine.dialect.name == "sqlite" and _traces_file().exists()


def _traces_file() -> Path:
    """It is there, and empty, while there is something to clean."""
    return Path(f"{db.engine.url.database}{TRACES}")


def _try_to_wipe(rebuild: bool) -> bool:
    if not _write_lock.acquire(timeout=_LONGEST_WAIT):
        return False
    connection = db.engine.raw_connection()
    try:
        return _wipe(connection.cursor(), rebuild)
    except db.engine.dialect.loaded_dbapi.OperationalError as error:
        log.warning("what was deleted could not be cleaned from the files: %s", error)
        return False
    finally:
        connection.close()
        _write_lock.release()


def _wipe(cursor: Any, rebuild: bool) -> bool:
    if rebuild:
        cursor.execute("VACUUM")
    busy, *_pages = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    cursor.close()
    return not busy


def _sqlite_options(file: Path, key: bytes) -> dict[str, Any]:
    from sqlcipher3 import dbapi2

    def connect() -> Any:
        if not file.exists():
            file.touch(mode=0o600)
        connection = connect_encrypted(str(file), key, timeout=10)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    # The connection used last knows the newest pages; another has to read and decrypt them again.
    return {"module": dbapi2, "creator": connect, "pool_use_lifo": True}


def connect_encrypted(file: str, key: bytes, **more: Any) -> Any:
    """A connection to an encrypted file, which is read at the first statement that needs it and not before."""
    from sqlcipher3 import dbapi2

    connection = dbapi2.connect(file, isolation_level=None, check_same_thread=False, **more)
    # What goes wrong is raised; the library would write it to stderr as well, a line per page.
    connection.execute("PRAGMA cipher_log_level = NONE").close()
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"").close()
    return connection


def _begin(connection: sa.Connection) -> None:
    if not _may_write.get():
        connection.exec_driver_sql("BEGIN")
        return
    if not _write_lock.acquire(timeout=_LONGEST_WAIT):
        raise TimeoutError("waited too long for another writer of this process")
    connection.connection.record_info["holds_write_lock"] = True  # type: ignore[index]
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        _release_lock(None, connection.connection._connection_record)
        raise


def _release_lock(_connection: Any, record: Any) -> None:
    if record.record_info.pop("holds_write_lock", False):
        _write_lock.release()

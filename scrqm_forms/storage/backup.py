"""Copies of the encrypted database: made while it is in use, checked before they are called good, put back.

A copy is encrypted with the same key. SQLCipher's own export makes it, inside one reading transaction: everybody goes
on writing meanwhile, what is counted and what is copied are of the same moment, and no deleted page comes along.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct

from scrqm_forms.domain.errors import Refused, ScrqmFormsError
from scrqm_forms.domain.questionnaire import digest_of
from scrqm_forms.storage.database import connect_encrypted, known_revisions

#: What SQLite keeps beside a database in use.
SIDE_FILES = ("-wal", "-shm")


class BadBackup(ScrqmFormsError):
    """A file that must not be put in a database's place, or called a backup; says why."""


class Contents(Struct, frozen=True, kw_only=True):
    """What a checked copy holds, without any of it."""

    #: Of the schema.
    revision: str
    #: Table -> number of rows.
    rows: dict[str, int]

    @property
    def all_rows(self) -> int:
        return sum(self.rows.values())


def copy_database(file: Path, key: bytes, target: Path, *, replace: bool = False) -> Contents:
    """A checked copy of a database that may be in use. Raises BadBackup, or Refused when `target` is there already."""
    with _beside(target) as beside:
        _check_free(target, replace)
        counted = _export(file, key, beside)
        contents = check_copy(beside, key, called=file)
        if contents.rows != counted:
            raise BadBackup(f"{target}: the copy did not hold what the database holds, so it was not kept.")
        _check_free(target, replace)
        _put_in_place(beside, target)
    return contents


def restore_database(source: Path, file: Path, key: bytes, *, aside: Path | None = None) -> Contents:
    """Put a checked copy of `source` in the place of `file`; what was there is copied to `aside` first, if it is named.

    Raises BadBackup for what is no good, Refused when `file` is there and no `aside`, or in use; nothing is changed.
    """
    with _beside(file) as beside:
        shutil.copyfile(source, beside)
        contents = check_copy(beside, key, called=source)
        if file.exists():
            if aside is None:
                raise Refused(f"There is a database already: {file}. Nothing was changed.")
            _keep_aside(file, key, aside)
        # A log of the old database would be played into the new one.
        _remove(*(_with_suffix(file, suffix) for suffix in SIDE_FILES))
        _put_in_place(beside, file)
    return contents


def check_copy(file: Path, key: bytes, *, called: Path) -> Contents:
    """Look through every page and row of a closed database. Raises BadBackup with a sentence about `called`."""
    from sqlcipher3.dbapi2 import DatabaseError

    with file.open("rb") as stream:
        begins = stream.read(16)
    if not begins:
        raise BadBackup(f"{called} is empty.")
    if begins.startswith(b"SQLite format 3"):
        raise BadBackup(f"{called} is a database that is not encrypted, so it is not one of SCRQM Forms.")
    # Immutable: neither a lock nor a log is made beside it.
    with contextlib.closing(connect_encrypted(f"{file.as_uri()}?mode=ro&immutable=1", key, uri=True)) as connection:
        try:
            _check_key(connection, called)
            _check_pages(connection, called)
            return _read_contents(connection, called)
        except DatabaseError as error:
            raise BadBackup(f"{called} is damaged and cannot be used.") from error


def _check_key(connection: Any, called: Path) -> None:
    from sqlcipher3.dbapi2 import DatabaseError

    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except DatabaseError as error:
        raise BadBackup(
            f"{called} cannot be read with this key. It belongs to another key, is damaged, or is no database of "
            "SCRQM Forms."
        ) from error


def _check_pages(connection: Any, called: Path) -> None:
    """Every page against its own code, the structure of the whole, and that what belongs together is there."""
    for check in ("cipher_integrity_check", "integrity_check", "foreign_key_check"):
        if [row for row in connection.execute(f"PRAGMA {check}") if row != ("ok",)]:
            raise BadBackup(f"{called} is damaged and cannot be used.")


def _read_contents(connection: Any, called: Path) -> Contents:
    rows = _count_rows(connection)
    if not {"alembic_version", "board", "questionnaire"} <= rows.keys():
        raise BadBackup(f"{called} is not a database of SCRQM Forms.")
    revision = str((connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",))[0])
    if revision not in known_revisions():
        raise BadBackup(f"{called} was written by a newer version of SCRQM Forms. Install that version first.")
    for document, digest in connection.execute("SELECT document, sha256 FROM questionnaire"):
        if digest_of(document) != digest:
            raise BadBackup(f"{called}: the wording of a questionnaire is not what it was when its round was opened.")
    return Contents(revision=revision, rows=rows)


def _count_rows(connection: Any) -> dict[str, int]:
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    names = [name for (name,) in connection.execute(tables).fetchall()]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def _export(file: Path, key: bytes, target: Path) -> dict[str, int]:
    """Copy what the database holds at one moment; the rows counted at that moment."""
    from sqlcipher3.dbapi2 import DatabaseError

    with contextlib.closing(connect_encrypted(f"{file.as_uri()}?mode=rw", key, uri=True, timeout=10)) as connection:
        try:
            connection.execute("ATTACH DATABASE ? AS copy KEY ?", (str(target), f"x'{key.hex()}'"))
            connection.execute("BEGIN")
            counted = _count_rows(connection)
            connection.execute("SELECT sqlcipher_export('copy')").fetchall()
            connection.execute("COMMIT")
            _drop_waiting_messages(connection)
            connection.execute("DETACH copy")
        except DatabaseError as error:
            raise BadBackup(f"{file} could not be copied ({error}), and no copy was kept.") from error
    return counted


def _drop_waiting_messages(connection: Any) -> None:
    """A message that waits holds a person's link, which would join them to their answers; and a restored copy must not
    send it once more.
    """
    if connection.execute("SELECT 1 FROM copy.sqlite_master WHERE name = 'outbox'").fetchone():
        connection.execute("PRAGMA copy.secure_delete = ON").fetchall()
        connection.execute(
            "UPDATE copy.outbox SET state = 'dropped', sealed = NULL, due_at = 0 WHERE state IN ('waiting', 'sending')"
        )


def _keep_aside(file: Path, key: bytes, aside: Path) -> None:
    """Copy the database to `aside`, its log written into it; what cannot be read is copied as it is, with its log.

    Raises Refused while somebody else has it open.
    """
    aside.parent.mkdir(mode=0o700, exist_ok=True)
    _check_free(aside, replace=False)
    copies = {file: aside, _with_suffix(file, "-wal"): _with_suffix(aside, "-wal")}
    _copy_files(copies)  # before it is opened, since SQLite throws away a log that it finds faulty
    try:
        readable = _end_log(file, key)
    except Refused:
        _remove(*copies.values())
        raise
    if readable:
        _remove(*copies.values())
        _copy_files(copies)


def _end_log(file: Path, key: bytes) -> bool:
    """Write the log into the database, for which nobody else may have it open; whether it could be read."""
    from sqlcipher3.dbapi2 import DatabaseError

    with contextlib.closing(connect_encrypted(f"{file.as_uri()}?mode=rw", key, uri=True, timeout=0)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
        except DatabaseError as error:
            if "locked" in str(error):
                raise Refused(f"{file} is in use. Stop the program first; nothing was changed.") from error
            return False
    return True


def _copy_files(copies: dict[Path, Path]) -> None:
    for file, copy in copies.items():
        if file.exists():
            with _beside(copy) as beside:
                shutil.copyfile(file, beside)
                _put_in_place(beside, copy)


def _remove(*files: Path) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _with_suffix(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """An empty file in the same folder, its owner's alone; gone at the end unless it was put in place."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _check_free(target: Path, replace: bool) -> None:
    if target.exists() and not replace:
        raise Refused(f"{target} is there already, and was left as it is.")


def _put_in_place(beside: Path, target: Path) -> None:
    """On the disk first, so that a power cut leaves the whole file or none."""
    with beside.open("rb+") as stream:
        os.fsync(stream.fileno())
    os.replace(beside, target)
    if os.name == "posix":
        folder = os.open(target.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

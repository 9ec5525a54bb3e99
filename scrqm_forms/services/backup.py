"""Back up an instance's database, keep as many copies as asked for, and put one back."""

import os
import re
import tempfile
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from scrqm_forms.domain.errors import Refused, ScrqmFormsError
from scrqm_forms.instance import Instance, in_use
from scrqm_forms.storage.backup import Contents, copy_database, restore_database

#: In the instance folder: when the last good backup was made, and where; nothing of its content.
RECORD = "last-backup.json"
#: Copies that `back_up_to_folder` made, and no other file, are taken away when there are enough newer ones.
_NAMES = re.compile(r"scrqm-forms-\d{8}T\d{6}Z\.db")

POSTGRES = (
    "The database is on a PostgreSQL server, whose own tools back it up and restore it: pg_dump and pg_restore. "
    "docs/running.md says how."
)


class LastBackup(Struct, frozen=True, kw_only=True):
    at: datetime
    file: str


def back_up(instance: Instance, target: Path, now: datetime, *, replace: bool = False) -> Contents:
    """A checked copy of the database, which may be in use. Raises Refused, or BadBackup when it is not whole."""
    _check_kind(instance)
    if not instance.database_file.exists():
        raise Refused(f"There is no database in {instance.path} yet.")
    contents = copy_database(instance.database_file, instance.key("database"), target.resolve(), replace=replace)
    _record(instance, LastBackup(at=now, file=str(target.resolve())))
    return contents


def back_up_to_folder(instance: Instance, folder: Path, now: datetime, keep: int) -> tuple[Path, Contents, list[Path]]:
    """A copy named by the time, and then only the newest `keep` (1 or more) left: (file, contents, those deleted).

    A number and not an age: when backups have stopped, the last good ones stay however old they get.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"scrqm-forms-{stamp(now)}.db"
    contents = back_up(instance, file, now)
    copies = sorted(path for path in folder.iterdir() if _NAMES.fullmatch(path.name))
    for old in copies[:-keep]:
        old.unlink()
    return file, contents, copies[:-keep]


def restore(instance: Instance, source: Path, now: datetime, *, over: bool = False) -> tuple[Contents, Path | None]:
    """Put a backup in the database's place: (contents, where the database that was there is kept).

    Raises Refused while the instance is in use or when there is a database and not `over`; BadBackup for a file that is
    not one of this key, is damaged, or newer than this program. Then nothing is changed.
    """
    _check_kind(instance)
    aside = None
    with in_use(instance.path, alone=True):
        if over and instance.database_file.exists():
            aside = copy_path(instance, "before-restore", now)
        key = instance.key("database")
        contents = restore_database(source.resolve(), instance.database_file, key, aside=aside)
    return contents, aside


def copy_path(instance: Instance, why: str, now: datetime) -> Path:
    """Where a copy goes that is made before something happens to the database."""
    return instance.copy_folder / f"{why}-{stamp(now)}.db"


def stamp(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%S}Z"


def read_last_backup(instance: Instance) -> LastBackup | None:
    try:
        return msgspec.json.decode((instance.path / RECORD).read_bytes(), type=LastBackup)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError as error:
        raise ScrqmFormsError(f"{instance.path / RECORD} cannot be read; the next backup writes it anew.") from error


def _record(instance: Instance, last: LastBackup) -> None:
    handle, beside = tempfile.mkstemp(prefix=f".{RECORD}-", dir=instance.path)
    with os.fdopen(handle, "wb") as stream:
        stream.write(msgspec.json.encode(last))
    os.replace(beside, instance.path / RECORD)


def _check_kind(instance: Instance) -> None:
    if instance.settings.database_url:
        raise Refused(POSTGRES)

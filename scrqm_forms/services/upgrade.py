"""Bring a database of an earlier program up to this one, a checked copy first."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.instance import Instance, in_use, prepare_instance
from scrqm_forms.services.backup import copy_path
from scrqm_forms.services.context import bare_app
from scrqm_forms.storage.backup import copy_database
from scrqm_forms.storage.database import check_revision, db, find_revision, known_revisions, migrate_database


class Upgrade(Struct, frozen=True, kw_only=True):
    """Revisions before and after, and the copy made before; none of a PostgreSQL database."""

    before: str
    after: str
    copy: Path | None


def upgrade_instance(folder: Path, now: datetime, *, dumped: bool = False) -> Upgrade | None:
    """Upgrade the database in `folder` if it is of an earlier program, which must not be serving it any more.

    A new database gets its tables, so that several processes can then be started at once.

    `dumped`: the operator has backed up a PostgreSQL database. Raises Refused, or ScrqmFormsError when it cannot be
    read or is newer; the database is then as it was.
    """
    instance = prepare_instance(folder)
    app = bare_app(instance)
    with app.app_context():
        try:
            before = find_revision()
            check_revision(before)
            if before is None:
                migrate_database(app)
            if before in (None, known_revisions()[0]):
                return None
            db.engine.dispose()
            with in_use(folder, alone=True):
                copy = _copy_first(instance, str(before), now, dumped)
                migrate_database(app)
            return Upgrade(before=str(before), after=str(find_revision()), copy=copy)
        finally:
            db.session.remove()
            db.engine.dispose()


def _copy_first(instance: Instance, revision: str, now: datetime, dumped: bool) -> Path | None:
    if not instance.settings.database_url:
        target = copy_path(instance, f"before-upgrade-{revision}", now)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        copy_database(instance.database_file, instance.key("database"), target)
        return target
    if not dumped:
        raise Refused(
            "The database is of an earlier version, and PostgreSQL's own tools back it up. Make a backup with pg_dump, "
            "and then say: scrqm-forms db upgrade --dumped"
        )
    return None

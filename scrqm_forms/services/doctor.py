"""Look an instance over, changing nothing. A check is one function in CHECKS, and gives findings in words."""

import importlib.metadata
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from flask import Flask
from msgspec import Struct

from scrqm_forms.domain.address import find_address_fault, is_this_machine, name_of
from scrqm_forms.domain.errors import ScrqmFormsError, place_of
from scrqm_forms.instance import Instance, open_instance
from scrqm_forms.services.backup import POSTGRES, read_last_backup
from scrqm_forms.services.context import Context, add_plugins, bare_app
from scrqm_forms.services.plugin_faults import recall_faults
from scrqm_forms.services.starting import find_key_faults, is_open_to_others
from scrqm_forms.storage.backup import SIDE_FILES
from scrqm_forms.storage.database import check_revision, db, find_revision, has_traces, known_revisions

Level = Literal["ok", "warn", "fail"]

LONGEST_WITHOUT_BACKUP = timedelta(days=2)
LONGEST_COPY_KEPT = timedelta(days=30)
LEAST_FREE = 500_000_000

#: Package, first version without the fault, what the fault is. "sqlite" is the one inside sqlcipher3.
FAULTS = (
    ("sqlite", "3.51.3", "two writers at once could damage the database (WAL reset)"),
    ("werkzeug", "3.0.6", "a large upload could use up the memory"),
    ("waitress", "3.0.1", "one visitor's request could be taken for another's"),
    ("gunicorn", "22.0.0", "one visitor's request could be taken for another's"),
)


class Finding(Struct, frozen=True, kw_only=True):
    """One line of the report; what is not ok says what to do."""

    check: str
    level: Level
    message: str


class Examined(Struct, frozen=True, kw_only=True):
    """What the checks look at; they run in the context of `app`."""

    instance: Instance
    app: Flask
    now: datetime

    @property
    def context(self) -> Context:
        found: Context = self.app.extensions["scrqm_forms"]
        return found


#: (level, sentence) each; nothing at all where there is nothing to say.
Findings = Iterable[tuple[Level, str]]


def examine_instance(folder: Path, now: datetime) -> list[Finding]:
    """Every check's findings, in order; when the settings or the key cannot be read, that alone."""
    try:
        instance = open_instance(folder)
        app = bare_app(instance)
    except (ScrqmFormsError, OSError) as error:
        return [Finding(check="instance", level="fail", message=str(error))]
    add_plugins(app, instance)
    examined = Examined(instance=instance, app=app, now=now)
    with app.app_context():
        found = [finding for check in CHECKS for finding in _run(check, examined)]
        db.session.remove()
        db.engine.dispose()
    return found


def _run(check: Callable[[Examined], Findings], examined: Examined) -> list[Finding]:
    name = check.__name__.removeprefix("check_").replace("_", " ")
    try:
        return [Finding(check=name, level=level, message=message) for level, message in check(examined)]
    except ScrqmFormsError as error:
        return [Finding(check=name, level="fail", message=str(error))]
    except Exception as error:
        return [Finding(check=name, level="fail", message=f"This could not be looked at ({place_of(error)}).")]


def is_database_ready() -> bool:
    """Whether the database answers and has this program's schema; in an app's context."""
    try:
        return find_revision() == known_revisions()[0]
    except (ScrqmFormsError, sa.exc.SQLAlchemyError):
        return False


def check_database(examined: Examined) -> Findings:
    if _is_missing(examined.instance):
        yield "warn", "There is no database yet; `scrqm-forms run` makes it."
        return
    found = find_revision()
    check_revision(found)
    if found != known_revisions()[0]:
        yield "fail", f"The database has schema {found}, of an earlier program. Run: scrqm-forms db upgrade"
    else:
        yield "ok", f"The database opens and has this program's schema, {found}."


def check_file_modes(examined: Examined) -> Findings:
    folder, file = examined.instance.path, examined.instance.database_file
    files = [folder, file, *(file.with_name(file.name + suffix) for suffix in SIDE_FILES)]
    if found := [str(path) for path in files if path.exists() and is_open_to_others(path)]:
        yield "fail", f"Others on this machine can reach these. Put it right: chmod go-rwx {' '.join(found)}"
    else:
        yield "ok", "The instance folder and the database are their owner's alone."


def check_key(examined: Examined) -> Findings:
    instance = examined.instance
    faults = find_key_faults(instance)
    yield from (("fail", fault) for fault in faults)
    if faults:
        return
    if instance.key_file.exists():
        yield "ok", f"The key is in {instance.key_file}, its owner's alone. Have you a copy elsewhere?"
    else:
        yield "ok", "The key comes from SCRQM_FORMS_SECRET_KEY. Have you a copy elsewhere?"


def check_base_address(examined: Examined) -> Findings:
    settings = examined.instance.settings
    if fault := find_address_fault(settings.base_url):
        yield "fail", fault
    elif settings.base_url and not is_this_machine(name_of(settings.base_url)):
        yield "ok", f"Links begin with {settings.base_url}."
    elif settings.local:
        yield "warn", "Links lead to this machine alone. For others to answer, set base_url and take out local."
    else:
        yield (
            "fail",
            "No link can be made (but by run --local): set base_url in config.toml to the address people reach.",
        )


def check_local_mode(examined: Examined) -> Findings:
    settings = examined.instance.settings
    if settings.local and not is_this_machine(name_of(settings.base_url) or "localhost"):
        yield "fail", "The setting local is for one's own machine, and this one is served to others: take it out."
    elif settings.local:
        yield "warn", "Local mode: nothing is asked at start. Take the setting local out before others answer."
    else:
        yield "ok", "Local mode is off."


def check_proxy(examined: Examined) -> Findings:
    settings = examined.instance.settings
    if settings.base_url.startswith("https://") and not settings.trusted_proxies:
        yield (
            "fail",
            "No proxy is believed, so no page can tell that its connection is safe: set trusted_proxies = 1.",
        )
    elif settings.trusted_proxies > 1:
        yield "warn", f"{settings.trusted_proxies} proxies are believed. With fewer in front, visitors can pretend."
    else:
        yield "ok", f"trusted_proxies = {settings.trusted_proxies}."


def check_free_space(examined: Examined) -> Findings:
    instance = examined.instance
    size = instance.database_file.stat().st_size if instance.database_file.exists() else 0
    free, needed = shutil.disk_usage(instance.path).free, max(LEAST_FREE, 3 * size)
    told = f"{free // 1_000_000:,} MB are free beside a database of {size / 1_000_000:,.1f} MB"
    if free < needed:
        yield "fail", f"{told}; make room, at least {needed // 1_000_000:,} MB, before answers can no longer be saved."
    else:
        yield "ok", f"{told}."


def check_backup(examined: Examined) -> Findings:
    instance = examined.instance
    if instance.settings.database_url:
        yield "ok", f"{POSTGRES} Whether it is done cannot be seen from here."
        return
    last = read_last_backup(instance)
    if last is None:
        yield "warn", "No backup was ever made with `scrqm-forms backup`. docs/running.md has a timer for it."
        return
    age = examined.now - last.at
    told = f"The last good backup was made {last.at:%Y-%m-%d %H:%M} UTC: {last.file}"
    if age > LONGEST_WITHOUT_BACKUP:
        yield "warn", f"{told}. Find out why there was none since."
    else:
        yield "ok", f"{told}."
    folder = Path(last.file).parent
    if (folder / "secret.key").exists() or folder.is_relative_to(instance.path):
        yield "warn", f"Backups and the key are in one place ({folder}): who takes it can read all. Keep them apart."


def check_old_copies(examined: Examined) -> Findings:
    """Copies made before upgrades and restores hold answers as well, and nothing deletes them."""
    before = (examined.now - LONGEST_COPY_KEPT).timestamp()
    folder = examined.instance.copy_folder
    if old := [path.name for path in sorted(folder.glob("before-*")) if path.stat().st_mtime < before]:
        yield "warn", f"Delete what is no longer needed in {folder}: {', '.join(old)}"


def check_traces(examined: Examined) -> Findings:
    """Of what was deleted while somebody was reading."""
    if not _is_missing(examined.instance) and has_traces():
        yield "warn", "What was deleted may still be in the database's files. Run `scrqm-forms purge --due`."


def check_plugins(examined: Examined) -> Findings:
    examined.context.library()  # markers of plugins are read here
    if not _is_missing(examined.instance) and is_database_ready():
        recall_faults(examined.context)
    plugins = list(examined.context.plugins.plugins.values())
    for plugin in plugins:
        for error in plugin.errors if not plugin.disabled else ():
            yield "fail", f"{plugin.name} ({plugin.path}): {error}. Mend it, or name it in disable_plugins."
    if all(plugin.state != "failed" for plugin in plugins):
        yield "ok", f"{sum(plugin.state == 'working' for plugin in plugins)} plugins work."


def check_markers(examined: Examined) -> Findings:
    library = examined.context.library()
    yield from (("fail", fault) for fault in library.faults)
    if not library.faults:
        yield "ok", f"{len(library.markers)} markers, no faults."


def check_versions(_examined: Examined) -> Findings:
    """Programs underneath with faults that are known and mended in a later version."""
    found = list(_find_faulty(FAULTS))
    for name, version, mended, fault in found:
        yield "fail", f"{name} {version} has a known fault: {fault}. Install {mended} or later."
    if not found:
        yield "ok", f"No known fault in the versions installed (SQLite {_version_of('sqlite')})."


def _find_faulty(faults: Iterable[tuple[str, str, str]]) -> Iterator[tuple[str, str, str, str]]:
    for name, mended, fault in faults:
        version = _version_of(name)
        if version and _parts(version) < _parts(mended):
            yield name, version, mended, fault


def _version_of(name: str) -> str:
    """Empty for what is not installed."""
    if name == "sqlite":
        from sqlcipher3 import dbapi2

        return str(dbapi2.sqlite_version)
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _is_missing(instance: Instance) -> bool:
    return not instance.settings.database_url and not instance.database_file.exists()


#: To add a check, write a function as above and name it here.
CHECKS: tuple[Callable[[Examined], Findings], ...] = (
    check_database,
    check_file_modes,
    check_key,
    check_base_address,
    check_local_mode,
    check_proxy,
    check_free_space,
    check_backup,
    check_old_copies,
    check_traces,
    check_plugins,
    check_markers,
    check_versions,
)

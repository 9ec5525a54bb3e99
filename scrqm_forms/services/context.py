"""What one running program works with: its instance, plugins and markers."""

import logging
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec
from flask import Flask, current_app

from scrqm_forms.domain.address import find_link_fault
from scrqm_forms.domain.errors import Refused, ScrqmFormsError
from scrqm_forms.instance import Instance, find_instance, prepare_instance
from scrqm_forms.marker_library import MarkerLibrary, load_library
from scrqm_forms.plugin_host import PluginHost
from scrqm_forms.services.precedence import Precedence
from scrqm_forms.storage import models  # noqa: F401  the tables must be known before the database is made
from scrqm_forms.storage.database import (
    attach_database,
    check_revision,
    find_revision,
    known_revisions,
    migrate_database,
)

log = logging.getLogger(__name__)


class Context:
    """Made once per app and handed to the services that need it."""

    def __init__(self, instance: Instance, plugins: PluginHost) -> None:
        self.instance = instance
        self.plugins = plugins
        self.precedence = Precedence()

    def library(self) -> MarkerLibrary:
        """The markers as they are in the files now; read anew each time (18 files take a few milliseconds)."""
        library = load_library(self.instance.marker_folder, self.plugins.marker_folders)
        for name, faults in library.plugin_faults.items():
            for fault in (f"register_markers: {fault}" for fault in faults):
                if fault not in self.plugins.plugins[name].errors:
                    self.plugins.fail(name, fault)
        return library

    def check_links(self) -> None:
        """Raises Refused while nobody else could open a link: there is no address that people can reach."""
        settings = self.instance.settings
        if fault := find_link_fault(settings.base_url, settings.local):
            raise Refused(fault)

    def made_with(self) -> dict[str, str]:
        """Name and version of the program and of every plugin at work."""
        at_work = [plugin for plugin in self.plugins.plugins.values() if plugin.gives]
        return {"scrqm-forms": program_version()} | {plugin.name: plugin.version for plugin in at_work}


def program_version() -> str:
    try:
        return version("scrqm-forms")
    except PackageNotFoundError:
        return "unknown"


def make_app(instance_folder: str | Path | None = None, *, local: bool = False) -> Flask:
    """A Flask app with settings, database and plugins, and no pages: what the command line needs.

    Prepares the instance on first use; `local` as the setting. Raises ScrqmFormsError when that cannot be done, and for
    a database of an earlier program: only `run` and `db upgrade` change the schema (services/upgrade.py).
    """
    folder = find_instance(str(instance_folder) if instance_folder else None)
    instance = prepare_instance(folder)
    if local:
        instance = msgspec.structs.replace(instance, settings=msgspec.structs.replace(instance.settings, local=True))
    app = bare_app(instance)
    _check_schema(app)
    add_plugins(app, instance)
    return app


def bare_app(instance: Instance) -> Flask:
    """An app with a database as it was found, and nothing else yet."""
    app = Flask("scrqm_forms", root_path=str(Path(__file__).parents[1] / "web"), instance_path=str(instance.path))
    attach_database(app, instance.settings.database_url, instance.database_file, instance.key("database"))
    return app


def add_plugins(app: Flask, instance: Instance) -> None:
    settings = instance.settings
    plugins = PluginHost(settings.plugins, settings.disable_plugins, settings.allow_plugins)
    plugins.load_all(instance.path / "plugins")
    app.extensions["scrqm_forms"] = Context(instance, plugins)


def _check_schema(app: Flask) -> None:
    """Make the tables of a new database; raise for one of another program."""
    with app.app_context():
        found = find_revision()
        check_revision(found)
    if found is None:
        migrate_database(app)
    elif found != known_revisions()[0]:
        raise ScrqmFormsError(
            "The database is of an earlier version of SCRQM Forms. Stop the program that serves it, and run: "
            "scrqm-forms db upgrade (it makes a backup first)."
        )


def context() -> Context:
    """The current app's context."""
    found: Context = current_app.extensions["scrqm_forms"]
    return found

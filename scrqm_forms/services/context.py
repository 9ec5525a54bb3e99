"""What one running program works with: its instance, plugins and markers."""

import logging
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from flask import Flask, current_app

from scrqm_forms.instance import Instance, find_instance, prepare_instance
from scrqm_forms.marker_library import MarkerLibrary, load_library
from scrqm_forms.plugin_host import PluginHost
from scrqm_forms.storage import models  # noqa: F401  the tables must be known before the database is made
from scrqm_forms.storage.database import attach_database, migrate_database

log = logging.getLogger(__name__)


class Context:
    """Made once per app and handed to the services that need it."""

    def __init__(self, instance: Instance, plugins: PluginHost) -> None:
        self.instance = instance
        self.plugins = plugins

    def library(self) -> MarkerLibrary:
        """The markers as they are in the files now; read anew each time (18 files take a few milliseconds)."""
        library = load_library(self.instance.marker_folder, self.plugins.marker_folders)
        for name, faults in library.plugin_faults.items():
            for fault in faults:
                if fault not in self.plugins.plugins[name].errors:
                    self.plugins.fail(name, fault)
        return library

    def made_with(self) -> dict[str, str]:
        """Name and version of the program and of every plugin at work."""
        working = [plugin for plugin in self.plugins.plugins.values() if plugin.state == "working"]
        return {"scrqm-forms": program_version()} | {plugin.name: plugin.version for plugin in working}


def program_version() -> str:
    try:
        return version("scrqm-forms")
    except PackageNotFoundError:
        return "unknown"


def make_app(instance_folder: str | Path | None = None) -> Flask:
    """A Flask app with settings, database and plugins, and no pages: what the command line needs.

    Prepares the instance on first use. Raises ScrqmFormsError when that cannot be done.
    """
    folder = find_instance(str(instance_folder) if instance_folder else None)
    instance = prepare_instance(folder)
    app = Flask("scrqm_forms", root_path=str(Path(__file__).parents[1] / "web"), instance_path=str(folder))
    attach_database(app, instance.settings.database_url, instance.database_file, instance.key("database"))
    migrate_database(app)
    plugins = PluginHost(instance.settings.plugins, instance.settings.disable_plugins)
    plugins.load_all(folder / "plugins")
    app.extensions["scrqm_forms"] = Context(instance, plugins)
    return app


def context() -> Context:
    """The current app's context."""
    found: Context = current_app.extensions["scrqm_forms"]
    return found

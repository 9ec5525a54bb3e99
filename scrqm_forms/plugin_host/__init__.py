"""Find, load, guard and list plugins. One host per app, none global.

A plugin is trusted code in this process. What it raises costs only itself; what hangs cannot be stopped.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, TypeVar

import pluggy
from msgspec import Struct

from scrqm_forms import hookspecs
from scrqm_forms.domain.errors import NotInstalled, ScrqmFormsError
from scrqm_forms.hookspecs import PROJECT, Delivery, ExportFormat, MarkerFolder, TextCheck
from scrqm_forms.plugin_host import checking
from scrqm_forms.plugin_host.plugin import Found, Plugin, Way, digest_of, reason_of, silent_reason_of
from scrqm_forms.plugin_host.sources import import_plugin, installed_plugins, plugin_at, plugins_in
from scrqm_forms.shipped import shipped_folder

__all__ = ["HOOKS", "SLOW", "Plugin", "PluginHost", "Way", "digest_of"]

log = logging.getLogger(__name__)

S = TypeVar("S", bound=Struct)

HOOKS = ("register_markers", "register_export_formats", "register_text_checks", "register_deliveries")
#: Seconds after which loading a plugin or calling one of its hooks is called slow.
SLOW = 2.0


class PluginHost:
    """The plugins of one app, and what they registered."""

    def __init__(
        self,
        settings: Mapping[str, Mapping[str, Any]],
        disabled: tuple[str, ...] = (),
        allowed: tuple[str, ...] = (),
    ) -> None:
        #: In the order loaded: shipped, then the instance's, then installed ones, each by name.
        self.plugins: dict[str, Plugin] = {}
        #: These three in order of key.
        self.formats: dict[str, ExportFormat] = {}
        self.text_checks: dict[str, TextCheck] = {}
        self.deliveries: dict[str, Delivery] = {}
        #: (plugin name, folder), in the order of `plugins`.
        self.marker_folders: list[tuple[str, MarkerFolder]] = []
        #: "export format csv" -> name of the plugin that gives it.
        self.owners: dict[str, str] = {}
        self._settings = settings
        self._disabled = disabled
        self._allowed = allowed
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)

    def load_all(self, instance_plugins: Path) -> None:
        """Load shipped plugins, those in the instance's folder and installed distributions; then call the hooks."""
        in_folders = (*plugins_in(shipped_folder("plugins"), "shipped"), *plugins_in(instance_plugins, "file"))
        self._load_these((*in_folders, *installed_plugins()))
        for name in sorted({*self._disabled, *self._allowed, *self._settings} - self.plugins.keys()):
            log.warning("config.toml names a plugin %s; there is none of that name", name)

    def load_one(self, path: Path) -> Plugin:
        """Load the plugin in one file or folder, and nothing else: for its author's tests."""
        plugin = plugin_at(path, "file")
        self._load_these([(plugin, path)])
        return plugin

    def fail(self, name: str, reason: str) -> None:
        """Note that a plugin, or a part of it, does not work."""
        log.error("plugin %s (%s): %s", name, self.plugins[name].path, reason)
        self.plugins[name].errors.append(reason)

    def reason_for(self, name: str, error: BaseException) -> str:
        """Why a plugin's code failed while it handled what somebody wrote: the kind and place, none of its words."""
        return silent_reason_of(error, self.plugins[name].module)

    def _load_these(self, found: Iterator[Found] | tuple[Found, ...] | list[Found]) -> None:
        for plugin, source in found:
            self._load(plugin, source)
        for plugin in self.plugins.values():
            self._call_hooks(plugin)
        self.formats = dict(sorted(self.formats.items()))
        self.text_checks = dict(sorted(self.text_checks.items()))
        self.deliveries = dict(sorted(self.deliveries.items()))

    def _load(self, plugin: Plugin, source: Path | EntryPoint) -> None:
        """Import a plugin and register its hooks, unless it is turned off or its name is taken."""
        if first := self.plugins.get(plugin.name):
            self._leave_out(plugin, first)
            return
        self.plugins[plugin.name] = plugin
        plugin.disabled = plugin.name in self._disabled or bool(self._allowed and plugin.name not in self._allowed)
        if plugin.disabled:
            return
        with self._guard(plugin, "could not be loaded"):
            module = import_plugin(plugin, source)
            plugin.version = plugin.version or str(getattr(module, "__version__", ""))
            self._manager.register(module, name=plugin.name)
            plugin.hooks = sorted(caller.name for caller in self._manager.get_hookcallers(module) or ())
            checking.check_hook_names(plugin.hooks, HOOKS)
        if (plugin.errors or plugin.lacks) and self._manager.has_plugin(plugin.name):
            self._manager.unregister(name=plugin.name)

    def _leave_out(self, plugin: Plugin, first: Plugin) -> None:
        """List a plugin whose name is taken as `name#2`: it is not the one that settings and boards mean."""
        number = 2
        while f"{plugin.name}#{number}" in self.plugins:
            number += 1
        plugin.name = f"{plugin.name}#{number}"
        self.plugins[plugin.name] = plugin
        self.fail(plugin.name, f"not loaded: the name {first.name} is taken by {first.path}")

    def _call_hooks(self, plugin: Plugin) -> None:
        for folder in self._results(plugin, "register_markers", MarkerFolder):
            with self._guard(plugin, f"register_markers: markers {folder.path}"):
                checking.check_folder(folder)
                self.marker_folders.append((plugin.name, folder))
                plugin.gives.append(f"markers {folder.path.parent.name}/{folder.path.name}")
        keyed: tuple[tuple[str, str, type[Any], Callable[[Any], None], dict[str, Any]], ...] = (
            ("register_export_formats", "export format", ExportFormat, checking.check_format, self.formats),
            ("register_text_checks", "text check", TextCheck, checking.check_text_check, self.text_checks),
            ("register_deliveries", "delivery", Delivery, checking.check_delivery, self.deliveries),
        )
        for hook, what, kind, check, known in keyed:
            for each in self._results(plugin, hook, kind):
                with self._guard(plugin, f"{hook}: {what} {each.key}"):
                    check(each)
                    self._own(plugin, f"{what} {each.key}")
                    known[each.key] = each

    def _own(self, plugin: Plugin, thing: str) -> None:
        """Whoever comes first keeps a key."""
        if thing in self.owners:
            owner = self.plugins[self.owners[thing]]
            raise ScrqmFormsError(f"the key is taken by plugin {owner.name} ({owner.path})")
        self.owners[thing] = plugin.name
        plugin.gives.append(thing)

    def _results(self, plugin: Plugin, hook: str, kind: type[S]) -> list[S]:
        """What a plugin's implementation of `hook` returns, called alone: pluggy would lose everybody's results."""
        found: list[S] = []
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            if implementation.plugin_name != plugin.name:
                continue
            arguments = {"settings": self._settings.get(plugin.name, {})}
            with self._guard(plugin, hook):
                given = implementation.function(*(arguments[argument] for argument in implementation.argnames))
                found += checking.check_results(given, kind)
        return found

    @contextmanager
    def _guard(self, plugin: Plugin, doing: str) -> Iterator[None]:
        """Run a plugin's code: what it raises costs only itself, and what is slow is named in the log."""
        start = time.monotonic()
        try:
            yield
        except NotInstalled as error:
            plugin.lacks = str(error)
            log.info("plugin %s is off: %s", plugin.name, error)
        except (Exception, SystemExit) as error:
            self.fail(plugin.name, f"{doing}: {reason_of(error, plugin.module)}")
        if (seconds := time.monotonic() - start) > SLOW:
            log.warning("plugin %s (%s) is slow: %.1f seconds at start", plugin.name, plugin.path, seconds)

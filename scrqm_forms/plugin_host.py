"""Find, load, guard and list plugins. One host per app, none global.

A plugin is trusted code in this process. What it raises costs only itself; what hangs cannot be stopped.
"""

import importlib.util
import logging
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pluggy
from msgspec import Struct

from scrqm_forms import hookspecs
from scrqm_forms.hookspecs import PROJECT, ExportFormat, MarkerFolder
from scrqm_forms.shipped import shipped_folder

log = logging.getLogger(__name__)

HOOKS = ("register_markers", "register_export_formats")
#: How a plugin came in.
Way = Literal["shipped", "file", "distribution"]


class Plugin(Struct, kw_only=True):
    """One plugin as found, whether it could be loaded or not."""

    name: str
    way: Way
    path: str
    version: str = ""
    hooks: list[str] = []
    #: Keys of the export formats and folders of markers it gives.
    gives: list[str] = []
    #: Why it, or a part of it, is not working; empty when all is well.
    errors: list[str] = []
    disabled: bool = False

    @property
    def state(self) -> str:
        return "off" if self.disabled else "failed" if self.errors else "working"


class PluginHost:
    """The plugins of one app, and what they registered."""

    def __init__(self, settings: Mapping[str, Mapping[str, Any]], disabled: tuple[str, ...] = ()) -> None:
        self.plugins: dict[str, Plugin] = {}
        self.formats: dict[str, ExportFormat] = {}
        #: (plugin name, folder), sorted by plugin name.
        self.marker_folders: list[tuple[str, MarkerFolder]] = []
        self._settings = settings
        self._disabled = disabled
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)

    def load_all(self, instance_plugins: Path) -> None:
        """Load shipped plugins, those in the instance's folder and installed distributions; then call the hooks."""
        for way, folder in (("shipped", shipped_folder("plugins")), ("file", instance_plugins)):
            for path in _plugin_paths(folder):
                self._load(Plugin(name=path.stem, way=way, path=str(path)), path)  # type: ignore[arg-type]
        for point in sorted(entry_points(group=PROJECT), key=lambda point: point.name):
            version = point.dist.version if point.dist else ""
            self._load(Plugin(name=point.name, way="distribution", path=point.value, version=version), point)
        for name in sorted(self.plugins):
            self._register(name)

    def fail(self, name: str, reason: str) -> None:
        """Note that a plugin, or a part of it, does not work."""
        log.error("plugin %s (%s): %s", name, self.plugins[name].path, reason)
        self.plugins[name].errors.append(reason)

    def _load(self, plugin: Plugin, source: Path | EntryPoint) -> None:
        if other := self.plugins.get(plugin.name):
            log.error("plugin %s (%s): the name is taken by %s", plugin.name, plugin.path, other.path)
            other.errors.append(f"another plugin of this name was left out: {plugin.path}")
            return
        self.plugins[plugin.name] = plugin
        if plugin.name in self._disabled:
            plugin.disabled = True
            return
        try:
            module = source.load() if isinstance(source, EntryPoint) else _import_file(plugin.name, source)
            self._manager.register(module, name=plugin.name)
            plugin.hooks = sorted(caller.name for caller in self._manager.get_hookcallers(module) or ())
            plugin.version = plugin.version or str(getattr(module, "__version__", ""))
            self._check_hook_names(plugin)
        except (Exception, SystemExit) as error:
            self.fail(plugin.name, f"could not be loaded: {type(error).__name__}: {error}")
            self._manager.unregister(name=plugin.name) if self._manager.has_plugin(plugin.name) else None

    def _check_hook_names(self, plugin: Plugin) -> None:
        unknown = sorted(set(plugin.hooks) - set(HOOKS))
        if unknown:
            raise ValueError(f"there is no hook called {', '.join(unknown)}; the hooks are {', '.join(HOOKS)}")

    def _register(self, name: str) -> None:
        for fmt in self._results(name, "register_export_formats", ExportFormat):
            if fmt.key in self.formats:
                self.fail(name, f"export format {fmt.key}: the key is taken")
            else:
                self.formats[fmt.key] = fmt
                self.plugins[name].gives.append(f"export format {fmt.key}")
        for folder in self._results(name, "register_markers", MarkerFolder):
            self.marker_folders.append((name, folder))
            self.plugins[name].gives.append(f"markers {folder.path.name}")

    def _results(self, name: str, hook: str, kind: type) -> Iterator[Any]:
        """What one plugin's implementation of `hook` returns, called alone: pluggy would lose everybody's results."""
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            if implementation.plugin_name != name:
                continue
            arguments = {"settings": self._settings.get(name, {})}
            try:
                found = implementation.function(*(arguments[argument] for argument in implementation.argnames))
                if not isinstance(found, list) or not all(isinstance(each, kind) for each in found):
                    raise TypeError(f"expected a list of {kind.__name__}, got {found!r:.80}")
            except (Exception, SystemExit) as error:
                self.fail(name, f"{hook}: {type(error).__name__}: {error}")
                continue
            yield from found


def _plugin_paths(folder: Path) -> list[Path]:
    """Plugins in a folder: files `name.py` and folders with an `__init__.py`, in order of name."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.name[0] not in "._"]
    return sorted(path for path in found if path.suffix == ".py" or (path / "__init__.py").is_file())


def _import_file(name: str, path: Path) -> ModuleType:
    file = path / "__init__.py" if path.is_dir() else path
    full_name = f"scrqm_forms_plugin_{name}"
    folder = [str(path)] if path.is_dir() else None
    spec = importlib.util.spec_from_file_location(full_name, file, submodule_search_locations=folder)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[full_name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[full_name]
        raise
    return module

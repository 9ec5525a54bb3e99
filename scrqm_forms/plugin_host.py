"""Find, load, guard and list plugins. One host per app, none global.

A plugin is trusted code in this process. What it raises costs only itself; what hangs cannot be stopped.
"""

import importlib.util
import logging
import re
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, TypeVar

import msgspec
import pluggy
from msgspec import Struct

from scrqm_forms import hookspecs
from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.hookspecs import PROJECT, ExportFormat, MarkerFolder
from scrqm_forms.shipped import shipped_folder

log = logging.getLogger(__name__)

S = TypeVar("S", bound=Struct)

HOOKS = ("register_markers", "register_export_formats")
#: Seconds after which loading a plugin or calling one of its hooks is called slow.
SLOW = 2.0
#: How a plugin came in.
Way = Literal["shipped", "file", "distribution"]


class Plugin(Struct, kw_only=True):
    """One plugin as found, whether it could be loaded or not."""

    name: str
    way: Way
    #: Its file or folder; of a distribution's that could not be loaded, what its entry point says.
    path: str
    #: The Python module, or package, that its code is in.
    module: str
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


#: A plugin and where to load it from.
Found = tuple[Plugin, Path | EntryPoint]


class PluginHost:
    """The plugins of one app, and what they registered."""

    def __init__(self, settings: Mapping[str, Mapping[str, Any]], disabled: tuple[str, ...] = ()) -> None:
        #: In the order loaded: shipped, then the instance's, then installed ones, each by name.
        self.plugins: dict[str, Plugin] = {}
        #: In order of key.
        self.formats: dict[str, ExportFormat] = {}
        #: (plugin name, folder), in the order of `plugins`.
        self.marker_folders: list[tuple[str, MarkerFolder]] = []
        self._settings = settings
        self._disabled = disabled
        self._manager = pluggy.PluginManager(PROJECT)
        self._manager.add_hookspecs(hookspecs)

    def load_all(self, instance_plugins: Path) -> None:
        """Load shipped plugins, those in the instance's folder and installed distributions; then call the hooks."""
        in_folders = (*_plugins_in(shipped_folder("plugins"), "shipped"), *_plugins_in(instance_plugins, "file"))
        for plugin, source in (*in_folders, *_installed_plugins()):
            self._load(plugin, source)
        for name in sorted({*self._disabled, *self._settings} - self.plugins.keys()):
            log.warning("config.toml names a plugin %s; there is none of that name", name)
        for plugin in self.plugins.values():
            self._call_hooks(plugin)
        self.formats = dict(sorted(self.formats.items()))

    def fail(self, name: str, reason: str) -> None:
        """Note that a plugin, or a part of it, does not work."""
        log.error("plugin %s (%s): %s", name, self.plugins[name].path, reason)
        self.plugins[name].errors.append(reason)

    def _load(self, plugin: Plugin, source: Path | EntryPoint) -> None:
        """Import a plugin and register its hooks, unless it is turned off or its name is taken."""
        if first := self.plugins.get(plugin.name):
            self._leave_out(plugin, first)
            return
        self.plugins[plugin.name] = plugin
        plugin.disabled = plugin.name in self._disabled
        if plugin.disabled:
            return
        with self._guard(plugin, "could not be loaded"):
            module = _import_file(plugin, source) if isinstance(source, Path) else _import_installed(plugin, source)
            plugin.version = plugin.version or str(getattr(module, "__version__", ""))
            self._manager.register(module, name=plugin.name)
            plugin.hooks = sorted(caller.name for caller in self._manager.get_hookcallers(module) or ())
            _check_hook_names(plugin.hooks)
        if plugin.errors and self._manager.has_plugin(plugin.name):
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
        for fmt in self._results(plugin, "register_export_formats", ExportFormat):
            with self._guard(plugin, f"export format {fmt.key}"):
                self._add_format(plugin, fmt)
        for folder in self._results(plugin, "register_markers", MarkerFolder):
            with self._guard(plugin, f"markers {folder.path}"):
                self._add_folder(plugin, folder)

    def _results(self, plugin: Plugin, hook: str, kind: type[S]) -> list[S]:
        """What a plugin's implementation of `hook` returns, called alone: pluggy would lose everybody's results."""
        found: list[S] = []
        for implementation in getattr(self._manager.hook, hook).get_hookimpls():
            if implementation.plugin_name != plugin.name:
                continue
            arguments = {"settings": self._settings.get(plugin.name, {})}
            with self._guard(plugin, hook):
                given = implementation.function(*(arguments[argument] for argument in implementation.argnames))
                found += _check_results(given, kind)
        return found

    def _add_format(self, plugin: Plugin, fmt: ExportFormat) -> None:
        if not re.fullmatch(r"[a-z0-9-]+", fmt.key):
            raise ScrqmFormsError("key: expected lower-case letters, digits and hyphens")
        if not re.fullmatch(r"\.[A-Za-z0-9.]+", fmt.suffix):
            raise ScrqmFormsError(
                f'suffix: found "{fmt.suffix}"; expected the ending of a file\'s name, such as ".csv"'
            )
        if fmt.key in self.formats:
            owner = next(each for each in self.plugins.values() if f"export format {fmt.key}" in each.gives)
            raise ScrqmFormsError(f"the key is taken by plugin {owner.name} ({owner.path})")
        self.formats[fmt.key] = fmt
        plugin.gives.append(f"export format {fmt.key}")

    def _add_folder(self, plugin: Plugin, folder: MarkerFolder) -> None:
        if not folder.path.is_absolute() or not folder.path.is_dir():
            raise ScrqmFormsError('there is no such folder; expected one such as Path(__file__).parent / "markers"')
        self.marker_folders.append((plugin.name, folder))
        plugin.gives.append(f"markers {folder.path.parent.name}/{folder.path.name}")

    @contextmanager
    def _guard(self, plugin: Plugin, doing: str) -> Iterator[None]:
        """Run a plugin's code: what it raises costs only itself, and what is slow is named in the log."""
        start = time.monotonic()
        try:
            yield
        except (Exception, SystemExit) as error:
            self.fail(plugin.name, f"{doing}: {_reason(error, plugin.module)}")
        if (seconds := time.monotonic() - start) > SLOW:
            log.warning("plugin %s (%s) is slow: %.1f seconds at start", plugin.name, plugin.path, seconds)


def _plugins_in(folder: Path, way: Way) -> Iterator[Found]:
    """The plugins in a folder, by name: files `name.py` and folders with an `__init__.py`."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name[0] not in "._" and (path.suffix == ".py" or (path / "__init__.py").is_file()):
            name = path.name.removesuffix(".py")
            yield Plugin(name=name, way=way, path=str(path), module=f"scrqm_forms_plugin_{name}"), path


def _installed_plugins() -> Iterator[Found]:
    for point in sorted(entry_points(group=PROJECT), key=lambda point: point.name):
        package, version = point.module.partition(".")[0], point.dist.version if point.dist else ""
        yield Plugin(name=point.name, way="distribution", path=point.value, module=package, version=version), point


def _import_installed(plugin: Plugin, point: EntryPoint) -> Any:
    found = point.load()
    plugin.path = getattr(sys.modules[point.module], "__file__", None) or plugin.path
    return found


def _import_file(plugin: Plugin, path: Path) -> ModuleType:
    """Run a plugin's file as a module of its own; parts of it that an earlier app left behind are forgotten."""
    file, folder = (path / "__init__.py", [str(path)]) if path.is_dir() else (path, None)
    spec = importlib.util.spec_from_file_location(plugin.module, file, submodule_search_locations=folder)
    if not re.fullmatch(r"[A-Za-z0-9_-]+", plugin.name) or spec is None or spec.loader is None:
        raise ScrqmFormsError(f'found the name "{plugin.name}"; expected letters, digits, underscores and hyphens')
    _forget_module(plugin.module)
    module = importlib.util.module_from_spec(spec)
    sys.modules[plugin.module] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        _forget_module(plugin.module)
        raise
    return module


def _forget_module(name: str) -> None:
    for known in [each for each in sys.modules if each == name or each.startswith(f"{name}.")]:
        del sys.modules[known]


def _check_hook_names(found: list[str]) -> None:
    """Pluggy itself says nothing of a function marked as a hook that is none."""
    if unknown := [name for name in found if name not in HOOKS]:
        raise ScrqmFormsError(f"there is no hook called {', '.join(unknown)}; the hooks are {', '.join(HOOKS)}")
    if not found:
        raise ScrqmFormsError(f"no function is marked with @hookimpl; the hooks are {', '.join(HOOKS)}")


def _check_results(given: object, kind: type[S]) -> list[S]:
    if not isinstance(given, list) or not all(isinstance(each, kind) for each in given):
        raise ScrqmFormsError(f"expected a list of {kind.__name__}, got {given!r:.80}")
    return [msgspec.convert(msgspec.structs.asdict(each), kind) for each in given]


def _reason(error: BaseException, module: str) -> str:
    """`ValueError: no such file (/path/of/the/plugin.py, line 7)`: the place is the last in the plugin's own code."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if f"{frame.f_globals.get('__name__')}.".startswith(f"{module}."):
            place = f" ({frame.f_code.co_filename}, line {line})"
    kind = "" if isinstance(error, ScrqmFormsError) else f"{type(error).__name__}: "
    told = str(traceback.TracebackException.from_exception(error))  # safe, whatever the error's own str() does
    return f"{kind}{' '.join(told.split())}{place}"

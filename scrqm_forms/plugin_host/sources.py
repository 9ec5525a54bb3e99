"""Where plugins come from, and how their code is run."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.hookspecs import PROJECT
from scrqm_forms.plugin_host.plugin import Found, Plugin, Way, digest_of


def plugins_in(folder: Path, way: Way) -> Iterator[Found]:
    """The plugins in a folder, by name: files `name.py` and folders with an `__init__.py`."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name[0] not in "._" and (path.suffix == ".py" or (path / "__init__.py").is_file()):
            yield plugin_at(path, way), path


def plugin_at(path: Path, way: Way) -> Plugin:
    name = path.name.removesuffix(".py")
    module = f"{PROJECT}_plugin_{name}"
    return Plugin(name=name, way=way, path=str(path), module=module, sha256=digest_of(path))


def installed_plugins() -> Iterator[Found]:
    for point in sorted(entry_points(group=PROJECT), key=lambda point: point.name):
        package, version = point.module.partition(".")[0], point.dist.version if point.dist else ""
        yield Plugin(name=point.name, way="distribution", path=point.value, module=package, version=version), point


def import_plugin(plugin: Plugin, source: Path | EntryPoint) -> Any:
    return _import_file(plugin, source) if isinstance(source, Path) else _import_installed(plugin, source)


def _import_installed(plugin: Plugin, point: EntryPoint) -> Any:
    found = point.load()
    if file := getattr(sys.modules[point.module], "__file__", None):
        plugin.path = file
        plugin.sha256 = digest_of(Path(file).parent if Path(file).name == "__init__.py" else Path(file))
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

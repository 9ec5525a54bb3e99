"""Write the beginning of a plugin: complete, small, and with a test that passes."""

import re
from pathlib import Path
from string import Template

from scrqm_forms.domain.errors import Refused
from scrqm_forms.marker_library import load_library
from scrqm_forms.shipped import shipped_folder

BEGINNINGS = Path(__file__).with_name("beginnings")
KINDS = ("markers", "export", "check", "delivery")
_ENDING = ".txt"


def begin_plugin(name: str, kind: str, folder: Path) -> list[Path]:
    """Write the plugin `name` into a new folder of that name in `folder`; its files. Raises Refused."""
    _check_name(name)
    target = folder / name
    if target.exists():
        raise Refused(f"{target} is there already; nothing was written.")
    values = {
        "name": name,
        "key": name.replace("_", "-"),
        "project": name.replace("_", "-"),
        "title": name.replace("_", " ").capitalize(),
        "prefix": _prefix(name),
    }
    written = []
    for source in _sources(kind):
        file = target / _file_name(source, kind, name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template(source.read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
        written.append(file)
    return written


def _check_name(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", name):
        raise Refused(f'Name: found "{name}"; expected up to 40 lower-case letters, digits and underscores.')
    shipped = [path.name.removesuffix(".py") for path in shipped_folder("plugins").iterdir()]
    if name in shipped:
        raise Refused(f'Name: "{name}" is taken by a plugin that comes with the program; choose another.')


def _prefix(name: str) -> str:
    """What the markers' ids begin with: letters of the name, and no shipped set's."""
    library = load_library(Path("/nowhere"), [])
    taken = {marker_set.prefix for marker_set in library.sets.values()} | {"example", "exb", "closing"}
    prefix = re.sub(r"[^a-z]", "", name)
    return f"{prefix}own" if any(each.startswith(prefix) or prefix.startswith(each) for each in taken) else prefix


def _sources(kind: str) -> list[Path]:
    shared = [path for path in BEGINNINGS.iterdir() if path.is_file()]
    return sorted([*shared, *(path for path in (BEGINNINGS / kind).rglob(f"*{_ENDING}"))])


def _file_name(source: Path, kind: str, name: str) -> str:
    own = BEGINNINGS / kind
    path = source.relative_to(own if source.is_relative_to(own) else BEGINNINGS).as_posix().removesuffix(_ENDING)
    return f"test_{name}.py" if path == "test.py" else path

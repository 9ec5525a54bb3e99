"""Read marker folders: shipped, the plugins', and instance/markers, which alone may stand in for a shipped marker."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct, field

from scrqm_forms.domain.errors import DefinitionError
from scrqm_forms.domain.marker import LibraryMarker, Marker, MarkerSet
from scrqm_forms.domain.marker_file import read_marker, read_marker_set
from scrqm_forms.domain.origin import origin_of_plugin
from scrqm_forms.hookspecs import MarkerFolder
from scrqm_forms.shipped import shipped_folder

SET_FILE = "set.toml"


class MarkerLibrary(Struct, kw_only=True):
    """All markers of a service. `faults` names what could not be read; the rest is usable all the same."""

    sets: dict[str, MarkerSet] = field(default_factory=dict)
    #: Set key -> the file that defines it, as markers' `origin`.
    set_origins: dict[str, str] = field(default_factory=dict)
    #: Marker id -> marker, in order of set and number.
    markers: dict[str, LibraryMarker] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    #: Plugin name -> faults of its folders.
    plugin_faults: dict[str, list[str]] = field(default_factory=dict)
    #: Marker id -> plugin it comes from.
    plugin_of: dict[str, str] = field(default_factory=dict)

    def for_board(self, board: str, plugins: Iterable[str]) -> list[LibraryMarker]:
        """Markers that a board may choose: everybody's, and those of plugins meant for it or named by it."""
        named = set(plugins)
        return [
            marker
            for key, marker in self.markers.items()
            if key not in self.plugin_of
            or board in marker.boards
            or (not marker.boards and self.plugin_of[key] in named)
        ]

    def for_everyone(self) -> list[LibraryMarker]:
        """Markers that every board has: the shipped ones and the operator's."""
        return [marker for key, marker in self.markers.items() if key not in self.plugin_of]


def load_library(instance_markers: Path, plugin_folders: Iterable[tuple[str, MarkerFolder]] = ()) -> MarkerLibrary:
    """Everything there is. A fault costs the marker it is in and is named; it never stops the others."""
    library = MarkerLibrary()
    for folder in _set_folders(shipped_folder("markers")):
        library.faults += _add_folder(library, folder, f"markers/{folder.name}")
    for name, given in plugin_folders:
        before = set(library.markers)
        faults = _add_folder(library, given.path, origin_of_plugin(name), boards=given.boards)
        library.plugin_of |= dict.fromkeys(library.markers.keys() - before, name)
        if faults:
            library.plugin_faults.setdefault(name, []).extend(faults)
    for folder in _set_folders(instance_markers):
        library.faults += _add_folder(library, folder, f"instance/markers/{folder.name}", may_stand_in=True)
    order = {key: n for n, key in enumerate(library.sets)}
    library.markers = dict(
        sorted(library.markers.items(), key=lambda item: (order[item[1].set.key], item[1].marker.number, item[0]))
    )
    return library


def check_path(path: Path, library: MarkerLibrary) -> list[str]:
    """The faults of one marker file, or of a folder with a set.toml or of such folders."""
    if path.is_dir():
        folders = [path] if any(path.glob("*.toml")) else _set_folders(path)
        if not folders:
            return [f"{path}: no marker files here; expected a folder with {SET_FILE} and one TOML file per marker"]
        return [fault for folder in folders for fault in _check_folder(folder, library)]
    if not path.is_file():
        return [f"{path}: no such file or folder"]
    return _check_folder(path.parent, library, only=path)


def read_path(path: Path, library: MarkerLibrary) -> list[LibraryMarker]:
    """The markers of one file or of a folder, wherever it stands. Raises DefinitionError with every fault."""
    folder = path if path.is_dir() else path.parent
    files = _marker_files(path) if path.is_dir() else [path]
    if not files:
        raise DefinitionError([f"{path}: no marker files here"])
    try:
        marker_sets = [_set_of(folder, library, str(folder))]
    except DefinitionError:
        marker_sets = list(library.sets.values())
    return [read_any_set(_text_of(file), marker_sets, str(file)) for file in files]


def read_any_set(text: str, marker_sets: Iterable[MarkerSet], name: str) -> LibraryMarker:
    """The marker that a definition defines, of whichever set it fits; the faults named are those of the nearest."""
    faults: list[list[str]] = []
    for marker_set in marker_sets:
        try:
            marker = read_marker(text, name, marker_set)
            return LibraryMarker(marker=marker, set=marker_set, origin=name)
        except DefinitionError as error:
            faults.append(error.faults)
    raise DefinitionError(min(faults, key=len))


def _check_folder(folder: Path, library: MarkerLibrary, only: Path | None = None) -> list[str]:
    if only is not None and only.name == SET_FILE:
        return _faults_of(lambda: read_marker_set(_text_of(only), str(only)))
    try:
        marker_set = _set_of(folder, library, str(folder))
    except DefinitionError as error:
        return error.faults
    fresh = MarkerLibrary(sets={marker_set.key: marker_set})
    files = [only] if only else _marker_files(folder)
    return _add_files(fresh, files, marker_set, str(folder))


def _faults_of(read: object) -> list[str]:
    try:
        read()  # type: ignore[operator]
    except DefinitionError as error:
        return error.faults
    return []


def _set_folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] not in "._")


def _marker_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.toml") if path.name != SET_FILE)


def _add_folder(
    library: MarkerLibrary, folder: Path, origin: str, *, boards: tuple[str, ...] = (), may_stand_in: bool = False
) -> list[str]:
    """Add one set's folder to the library; the faults found."""
    try:
        marker_set = _set_of(folder, library, origin)
    except DefinitionError as error:
        return error.faults
    library.sets.setdefault(marker_set.key, marker_set)
    library.set_origins.setdefault(marker_set.key, f"{origin}/{SET_FILE}")
    return _add_files(library, _marker_files(folder), marker_set, origin, boards=boards, may_stand_in=may_stand_in)


def _set_of(folder: Path, library: MarkerLibrary, origin: str) -> MarkerSet:
    """The folder's own set, or the one already known by its name."""
    file = folder / SET_FILE
    if file.is_file():
        marker_set = read_marker_set(_text_of(file), f"{origin}/{SET_FILE}")
        known = library.sets.get(marker_set.key)
        if known is not None and known != marker_set:
            raise DefinitionError(
                [f'{origin}/{SET_FILE}: key: the set "{marker_set.key}" is already defined otherwise']
            )
        return marker_set
    if known := library.sets.get(folder.name):
        return known
    raise DefinitionError([f"{origin}: {SET_FILE} is missing, and no set is called {folder.name}"])


def _add_files(
    library: MarkerLibrary,
    files: Iterable[Path],
    marker_set: MarkerSet,
    origin: str,
    *,
    boards: tuple[str, ...] = (),
    may_stand_in: bool = False,
) -> list[str]:
    faults: list[str] = []
    encoded_set = msgspec.json.encode(marker_set)
    for file in files:
        name = f"{origin}/{file.name}"
        try:
            marker = _read_marker(_text_of(file), name, encoded_set)
            other = library.markers.get(marker.id)
            if other is not None and not (may_stand_in and other.stands_in_for is None):
                raise DefinitionError([f'{name}: id: "{marker.id}" is taken by {other.origin}'])
        except DefinitionError as error:
            faults += error.faults
            continue
        library.markers[marker.id] = LibraryMarker(
            marker=marker,
            set=marker_set,
            origin=name,
            boards=boards,
            stands_in_for=other.origin if other else None,
        )
    return faults


def parse_marker(text: str, name: str, marker_set: MarkerSet) -> Marker:
    """The marker that a definition defines, as `read_marker`; remembered."""
    return _read_marker(text, name, msgspec.json.encode(marker_set))


@lru_cache(maxsize=2000)
def _read_marker(text: str, name: str, encoded_set: bytes) -> Marker:
    """Remembered by all that it is made from, so that an edited file counts at once: pages read the markers often."""
    return read_marker(text, name, msgspec.json.decode(encoded_set, type=MarkerSet))


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DefinitionError([f"{file.name}: not UTF-8 text (byte {error.start + 1}); save it as UTF-8"]) from error

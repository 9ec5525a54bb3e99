"""Compare markers or sets: as they are now, as they were, as they are shipped, and as a file or folder has them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.board_marker import BoardMarker
from scrqm_forms.domain.comparing import Comparison, compare_markers
from scrqm_forms.domain.comparing_matches import Sourced
from scrqm_forms.domain.errors import DefinitionError, NotFound, Refused
from scrqm_forms.domain.marker import LibraryMarker, MarkerSet
from scrqm_forms.domain.marker_words import marker_in_words
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.marker_library import MarkerLibrary, load_library, read_path
from scrqm_forms.services.board_markers import marker_of, own_markers, set_of
from scrqm_forms.services.context import Context
from scrqm_forms.services.reviews import markers_of_board
from scrqm_forms.storage import board_markers

#: Before the key of a marker or set: its wording as shipped, where the instance's stands in its place.
SHIPPED = "shipped:"


class Side(Struct, frozen=True, kw_only=True):
    """One of the two sides of a comparison."""

    #: What to call it on the command line and in an address: qm08, shipped:qm08, qm08@2, scr.
    key: str
    title: str
    #: What its set is called.
    set: str
    #: File or plugin of a single marker, or what a set is called.
    origin: str
    markers: tuple[Sourced, ...]
    is_set: bool = False
    #: The version that it is, where it is not the one in force.
    version: BoardMarker | None = None

    @property
    def is_shipped(self) -> bool:
        """Its wording as shipped, where another stands in its place."""
        return self.key.startswith(SHIPPED)


class Compared(Struct, frozen=True, kw_only=True):
    """Two sides and what differs."""

    before: Side
    after: Side
    comparison: Comparison


def compare_sides(before: Side, after: Side) -> Compared:
    return Compared(before=before, after=after, comparison=compare_markers(before.markers, after.markers))


def find_side(context: Context, key: str, board: Board | None = None) -> Side:
    """The marker, set, file or folder that `key` names: of all there are, or of those that the board has.

    Raises NotFound; DefinitionError for a broken file.
    """
    library = context.library()
    now = markers_of_board(context, board) if board else list(library.markers.values())
    sides = _sides(now, library, _shipped())
    sides |= _versions(context, board, None) if board else {}
    if key in sides:
        return sides[key]
    path = Path(key)
    if path.suffix == ".toml" or path.is_dir():
        found = read_path(path, library)
        return Side(key=key, title=path.name, set=found[0].set.title, origin=str(path), markers=_sourced(found))
    raise NotFound(
        f'There is no marker, set, file or folder "{key}". Name a marker (qm08), a set (scr), either as shipped '
        f"({SHIPPED}qm08), an earlier version of a board's (qm08@2, with --board), "
        "a marker file (.toml) or a folder of them."
    )


def board_sides(context: Context, board: Board, *, with_versions: bool) -> dict[str, Side]:
    """What may be compared of a board's, in its words: its markers, their shipped wording, its sets.

    `with_versions`: also earlier versions of its own markers, which are for those who keep them.
    """
    words = VOCABULARIES[board.vocabulary]
    sides = _sides(markers_of_board(context, board), context.library(), _shipped(), words)
    earlier = _versions(context, board, words) if with_versions else {}
    return _in_place(sides, earlier)


def _in_place(sides: Mapping[str, Side], earlier: dict[str, Side]) -> dict[str, Side]:
    """Each version below its marker; those of markers that are retired before the sets."""
    found: dict[str, Side] = {}
    for key, side in sides.items():
        if side.is_set:
            found |= earlier
        found[key] = side
        found |= {name: each for name, each in earlier.items() if name.startswith(f"{key}@")}
    return found | earlier


def _versions(context: Context, board: Board, words: Mapping[str, str] | None) -> dict[str, Side]:
    """Of the board's own markers, the newest first, all but those in force."""
    found = {}
    in_force = {each.marker.id: version.version for each, version in own_markers(context, board) if version}
    for latest in board_markers.list_latest(board):
        for version, marker in _readable_versions(context, board, latest.marker_id):
            if version.version != in_force.get(latest.marker_id):
                side = _side_of(marker, f"{latest.marker_id}@{version.version}", words)
                found[side.key] = replace(side, version=version)
    return found


def _readable_versions(context: Context, board: Board, marker_id: str) -> Iterator[tuple[BoardMarker, LibraryMarker]]:
    """Without those that say only that it was retired, or whose set is gone."""
    for each in board_markers.list_versions(board, marker_id):
        try:
            if not each.is_retired:
                marker = LibraryMarker(marker=marker_of(context, each), set=set_of(context, each), origin=marker_id)
                yield each, marker
        except (Refused, DefinitionError):
            continue


def _shipped() -> dict[str, LibraryMarker]:
    return load_library(Path("/nonexistent")).markers


def _sides(
    now: Sequence[LibraryMarker],
    library: MarkerLibrary,
    shipped: Mapping[str, LibraryMarker],
    words: Mapping[str, str] | None = None,
) -> dict[str, Side]:
    """Key -> side, in the order in which they are offered."""
    sides: dict[str, Side] = {}
    for each in now:
        sides[each.marker.id] = _side_of(each, each.marker.id, words)
        if each.stands_in_for and each.marker.id in shipped:
            key = f"{SHIPPED}{each.marker.id}"
            sides[key] = _side_of(shipped[each.marker.id], key, words)
    for key, marker_set in library.sets.items():
        own = [each for each in now if each.set.key == key]
        if own:
            sides[key] = _side_of_set(marker_set, own, key, words)
        if any(f"{SHIPPED}{each.marker.id}" in sides for each in own):
            old = [each for each in shipped.values() if each.set.key == key]
            sides[f"{SHIPPED}{key}"] = _side_of_set(marker_set, old, f"{SHIPPED}{key}", words)
    return sides


def _side_of_set(
    marker_set: MarkerSet, markers: Sequence[LibraryMarker], key: str, words: Mapping[str, str] | None
) -> Side:
    title = marker_set.title
    return Side(key=key, title=title, set=title, origin=key, markers=_sourced(markers, words), is_set=True)


def _side_of(each: LibraryMarker, key: str, words: Mapping[str, str] | None) -> Side:
    title = f"{each.marker.number}. {each.marker.title}"
    return Side(key=key, title=title, set=each.set.title, origin=each.origin, markers=_sourced([each], words))


def _sourced(markers: Sequence[LibraryMarker], words: Mapping[str, str] | None = None) -> tuple[Sourced, ...]:
    return tuple(Sourced(each.set.key, marker_in_words(each.marker, words)) for each in markers)

"""Compare markers or sets: as they are now, as they are shipped, and as a file or folder has them."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from scrqm_forms.domain.comparing import Comparison, compare_markers
from scrqm_forms.domain.comparing_matches import Sourced
from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.marker import LibraryMarker
from scrqm_forms.domain.marker_words import marker_in_words
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.marker_library import MarkerLibrary, load_library, read_path
from scrqm_forms.services.context import Context
from scrqm_forms.services.reading import board_showing_markers
from scrqm_forms.services.reviews import markers_of_board

#: Before the key of a marker or set: its wording as shipped, where the instance's stands in its place.
SHIPPED = "shipped:"


class Side(Struct, frozen=True, kw_only=True):
    """One of the two sides of a comparison."""

    #: What to call it on the command line and in an address: qm08, shipped:qm08, scr.
    key: str
    title: str
    #: What its set is called.
    set: str
    #: File or plugin of a single marker, or what a set is called.
    origin: str
    markers: tuple[Sourced, ...]

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
    if key in sides:
        return sides[key]
    path = Path(key)
    if path.suffix == ".toml" or path.is_dir():
        found = read_path(path, library)
        return Side(key=key, title=path.name, set=found[0].set.title, origin=str(path), markers=_sourced(found))
    raise NotFound(
        f'There is no marker, set, file or folder "{key}". Name a marker (qm08), a set (scr), either as shipped '
        f"({SHIPPED}qm08), a marker file (.toml) or a folder of them."
    )


def board_sides(context: Context, board_key: str) -> tuple[Board, dict[str, Side]]:
    """What the readers of a board's markers may compare, in its words: its markers, their shipped wording, its sets."""
    board = board_showing_markers(board_key)
    markers = markers_of_board(context, board)
    return board, _sides(markers, context.library(), _shipped(), VOCABULARIES[board.vocabulary])


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
            sides[key] = Side(
                key=key, title=marker_set.title, set=marker_set.title, origin=key, markers=_sourced(own, words)
            )
        if any(f"{SHIPPED}{each.marker.id}" in sides for each in own):
            old = [each for each in shipped.values() if each.set.key == key]
            name = f"{SHIPPED}{key}"
            sides[name] = Side(
                key=name, title=marker_set.title, set=marker_set.title, origin=name, markers=_sourced(old, words)
            )
    return sides


def _side_of(each: LibraryMarker, key: str, words: Mapping[str, str] | None) -> Side:
    title = f"{each.marker.number}. {each.marker.title}"
    return Side(key=key, title=title, set=each.set.title, origin=each.origin, markers=_sourced([each], words))


def _sourced(markers: Sequence[LibraryMarker], words: Mapping[str, str] | None = None) -> tuple[Sourced, ...]:
    return tuple(Sourced(each.set.key, marker_in_words(each.marker, words)) for each in markers)

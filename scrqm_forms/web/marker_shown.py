"""A marker of a board as it would be kept, for the pages on which boards keep their own."""

from collections.abc import Sequence

from msgspec import Struct

from scrqm_forms.domain.comparing import MarkerChange, compare_markers
from scrqm_forms.domain.comparing_matches import Sourced
from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.marker import LibraryMarker, Marker, MarkerSet
from scrqm_forms.domain.marker_words import marker_in_words
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.services import board_markers as own
from scrqm_forms.services.context import context
from scrqm_forms.services.reviews import roles_of


class Shown(Struct, frozen=True, kw_only=True):
    """A marker as it would be kept, beside the one it would stand in the place of."""

    marker: Marker
    set: MarkerSet
    warnings: Sequence[str]
    #: Against what the board has now; None where that is nothing.
    change: MarkerChange | None
    #: Role key -> several of them.
    roles: dict[str, str]


def marker_at(board: Board, marker_id: str) -> LibraryMarker:
    found = next((each for each, _v in own.own_markers(context(), board) if each.marker.id == marker_id), None)
    if found is None:
        raise NotFound(f'There is no marker "{marker_id}".')
    return found


def show_kept(board: Board, kept: own.ToKeep, before: Marker | None) -> Shown:
    words = VOCABULARIES[board.vocabulary]
    return Shown(
        marker=marker_in_words(kept.marker, words),
        set=kept.set,
        warnings=kept.warnings,
        change=change_of(before, kept.marker, board),
        roles={role.key: role.plural for role in roles_of(kept.set)},
    )


def change_of(before: Marker | None, after: Marker, board: Board) -> MarkerChange | None:
    if before is None:
        return None
    words = VOCABULARIES[board.vocabulary]
    one, other = (Sourced("", marker_in_words(each, words)) for each in (before, after))
    return compare_markers([one], [other]).both[0]

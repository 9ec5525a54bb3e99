"""Read a board's markers without signing in: all of them, one of them, or those with some words.

A board that shows no markers and a board that is not there are never told apart.
"""

import logging
from collections.abc import Iterable

from msgspec import Struct

from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.marker import LibraryMarker
from scrqm_forms.domain.reading import ReadMarker, read_marker_as
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.searching import Found, count_each_word, search_markers, words_of
from scrqm_forms.domain.wording import VOCABULARIES, UnknownName
from scrqm_forms.services.context import Context
from scrqm_forms.services.reviews import markers_of_board, roles_of
from scrqm_forms.storage import boards

log = logging.getLogger(__name__)


class OneMarker(Struct, frozen=True, kw_only=True):
    """A marker between those before and after it."""

    board: Board
    marker: ReadMarker
    previous: ReadMarker | None
    next: ReadMarker | None


class Search(Struct, frozen=True, kw_only=True):
    """What a search found."""

    #: As looked for: folded, each once.
    words: tuple[str, ...]
    found: list[Found]
    #: Word -> in how many markers it is; told where no marker has them all.
    each_word: dict[str, int]


def read_markers(context: Context, board_key: str) -> tuple[Board, list[ReadMarker]]:
    """The board and its markers in its words, in order of set and number. Raises NotFound."""
    board = board_showing_markers(board_key)
    return board, _readable(markers_of_board(context, board), board)


def read_one_marker(context: Context, board_key: str, marker_id: str) -> OneMarker:
    """Raises NotFound also where the board has no such marker."""
    board, markers = read_markers(context, board_key)
    place = next((n for n, each in enumerate(markers) if each.asked.id == marker_id), None)
    if place is None:
        raise NotFound(f'There is no marker "{marker_id}".')
    before, after = markers[max(place - 1, 0) : place], markers[place + 1 : place + 2]
    return OneMarker(
        board=board,
        marker=markers[place],
        previous=before[0] if before else None,
        next=after[0] if after else None,
    )


def search_words(markers: list[ReadMarker], query: str) -> Search:
    """The markers that have every word of the query."""
    words = words_of(query)
    found = search_markers(markers, words) if words else []
    several = len(words) > 1 and not found
    each_word = count_each_word(markers, words) if several else {}
    return Search(words=words, found=found, each_word=each_word)


def board_showing_markers(key: str) -> Board:
    """Raises NotFound for a board that is not there and for one that shows none."""
    board = next((each for each in boards.list_boards_showing_markers() if each.key == key), None)
    if board is None:
        raise NotFound(f'There is no board "{key}".')
    return board


def _readable(markers: Iterable[LibraryMarker], board: Board) -> list[ReadMarker]:
    """The markers in the board's words. One that wants a word it has not is left out, and named in the log."""
    found = []
    for each in markers:
        try:
            found.append(read_marker_as(each, roles_of(each.set), VOCABULARIES[board.vocabulary]))
        except UnknownName as error:
            log.warning("%s is not shown to board %s: %s", each.origin, board.key, error)
    return found

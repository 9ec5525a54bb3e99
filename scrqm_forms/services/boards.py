"""Boards: set up, list, change."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from scrqm_forms.domain.colour import check_accent
from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.logo import Logo, read_logo
from scrqm_forms.domain.names import tidy_name
from scrqm_forms.domain.review import Board, Caller, board_key_from
from scrqm_forms.domain.wording import VOCABULARIES, normalise_typed
from scrqm_forms.services.noting import note
from scrqm_forms.storage import boards
from scrqm_forms.storage.database import writing

MIN_WORD, LONGEST_WORD, MOST_WORDS = 2, 100, 500


class BoardFaults(Refused):
    """What a board cannot be given; `faults` maps a field of BoardChanges to a sentence."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults.values()))


class BoardChanges(TypedDict, total=False):
    """What a board is to have from now on. What is not named stays."""

    name: str
    vocabulary: str
    support: str
    plugins: Sequence[str]
    #: A hex code as typed; empty for the usual colour.
    accent: str
    #: A picture's bytes; None takes the logo away.
    logo: bytes | None
    shows_markers: bool
    #: As typed, one a line.
    own_words: str


def create_board(
    caller: Caller, name: str, today: date, *, key: str = "", vocabulary: str = "scr", by: Actor | None = None
) -> Board:
    """A new board, looked after by the caller. Raises Refused naming what is wrong."""
    name = _check({"name": name, "vocabulary": vocabulary})["name"]
    key = key or _free_key(board_key_from(name))
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", key):
        raise Refused(f'Key: found "{key}"; expected up to 40 lower-case letters, digits and hyphens.')
    with writing():
        board = boards.add_board(key, name, vocabulary, today)
        if caller.administrator_id is not None:
            boards.add_board_administrator(board, caller.administrator_id)
        note(by, "board_made", board)
    return board


def _free_key(key: str) -> str:
    """The key, with a number if it is taken: somebody who gave only a name cannot choose another key."""
    n, free = 2, key
    while boards.is_taken(free):
        free, n = f"{key[:36]}-{n}", n + 1
    return free


def change_board(caller: Caller, board: Board, *, by: Actor | None = None, **changes: Unpack[BoardChanges]) -> None:
    """Change a board; open rounds keep the wording they have. Raises BoardFaults, and nothing is changed then."""
    checked = _check(changes)
    with writing():
        boards.change_board(caller, board.key, **checked)
        note(by, "board_changed", board)


def _check(changes: BoardChanges) -> dict[str, Any]:
    """The changes as they are stored. Raises BoardFaults naming everything that is wrong."""
    checked: dict[str, Any] = {**changes}
    faults = {}
    for field, check in CHECKS.items():
        if field in checked:
            try:
                checked[field] = check(checked[field])
            except Refused as error:
                faults[field] = str(error)
    if faults:
        raise BoardFaults(faults)
    return checked


def _check_name(name: str) -> str:
    if not name.strip():
        raise Refused("Name: a board needs a name.")
    return tidy_name(name, "Name")


def _check_vocabulary(vocabulary: str) -> str:
    if vocabulary not in VOCABULARIES:
        raise Refused(f'Vocabulary: found "{vocabulary}"; expected one of {", ".join(VOCABULARIES)}.')
    return vocabulary


def _check_logo(data: bytes | None) -> Logo | None:
    return None if data is None else read_logo(data)


def _check_own_words(text: str) -> list[str]:
    """Each once, however it is blanked; a single letter would mark every sentence."""
    words = list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))
    if short := [word for word in words if len(word) < MIN_WORD]:
        raise Refused(
            f'Words: "{short[0]}" is too short; expected at least {MIN_WORD} letters, or it is found everywhere.'
        )
    if len(words) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in words):
        raise Refused(f"Words: expected at most {MOST_WORDS}, each of at most {LONGEST_WORD} letters.")
    return words


#: Field of BoardChanges -> what makes its value one that is stored, or raises Refused. In the order of the page.
CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": _check_name,
    "vocabulary": _check_vocabulary,
    "support": lambda text: normalise_typed(text)[0],
    "accent": check_accent,
    "logo": _check_logo,
    "own_words": _check_own_words,
}

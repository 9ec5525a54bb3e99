"""Boards: set up, list, change."""

import re
from datetime import date

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.review import Board, Caller, board_key_from
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.storage import boards
from scrqm_forms.storage.database import writing


def create_board(caller: Caller, name: str, today: date, *, key: str = "", vocabulary: str = "scr") -> Board:
    """A new board, looked after by the caller. Raises Refused naming what is wrong."""
    name = name.strip()
    if not name:
        raise Refused("Name: a board needs a name.")
    key = key or _free_key(board_key_from(name))
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", key):
        raise Refused(f'Key: found "{key}"; expected up to 40 lower-case letters, digits and hyphens.')
    _check_vocabulary(vocabulary)
    with writing():
        board = boards.add_board(key, name, vocabulary, today)
        if caller.administrator_id is not None:
            boards.add_board_administrator(board, caller.administrator_id)
    return board


def _free_key(key: str) -> str:
    """The key, with a number if it is taken: somebody who gave only a name cannot choose another key."""
    n, free = 2, key
    while boards.is_taken(free):
        free, n = f"{key[:36]}-{n}", n + 1
    return free


def change_board(caller: Caller, board: Board, *, name: str, vocabulary: str, support: str, plugins: list[str]) -> None:
    """Change what a board is called, its vocabulary, support contacts and plugins. Open rounds keep what they have."""
    if not name.strip():
        raise Refused("Name: a board needs a name.")
    _check_vocabulary(vocabulary)
    with writing():
        boards.change_board(
            caller, board.key, name=name.strip(), vocabulary=vocabulary, support=support, plugins=plugins
        )


def _check_vocabulary(vocabulary: str) -> None:
    if vocabulary not in VOCABULARIES:
        raise Refused(f'Vocabulary: found "{vocabulary}"; expected one of {", ".join(VOCABULARIES)}.')

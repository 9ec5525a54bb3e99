"""The board, review or round that an administrator's address names: not found unless it is theirs and stands there,
and not shown unless they may do what the page is for.
"""

from typing import Any

from flask import g, url_for

from scrqm_forms.domain.errors import NotFound, ScrqmFormsError
from scrqm_forms.domain.permission import Need, NotAllowed, Permissions
from scrqm_forms.domain.review import Board, Review, Round
from scrqm_forms.storage import boards, reviews
from scrqm_forms.web.sign_in import caller


def board_at(board_key: str, need: Need) -> Board:
    """Raises NotFound, or NotAllowed for an administrator of the board who lacks the permission."""
    board = boards.get_board(caller(), board_key)
    require(need, board)
    return board


def review_at(board_key: str, review_key: str, need: Need) -> Review:
    review = reviews.get_review(caller(), review_key)
    if review.board.key != board_key:
        raise NotFound(f'There is no review "{review_key}".')
    require(need, review.board)
    return review


def round_at(board_key: str, review_key: str, round_key: str, need: Need) -> Round:
    review_at(board_key, review_key, need)
    return reviews.get_round(caller(), review_key, round_key)


def require(need: Need, board: Board) -> None:
    """For a page that asks for more than its address says."""
    if need != "see" and not may(need, board):
        raise NotAllowed(need, board)


def may(need: Need, board: Board) -> bool:
    """Whether the caller may do this on the board; templates ask too, so that nobody is offered what is refused."""
    return need in _permissions_on(board)


def require_new_boards() -> None:
    """Setting up a board is for those who look after the settings and accounts of one, or of every board."""
    if not may_add_boards():
        raise NotAllowed("service", None)


def may_add_boards() -> bool:
    return any(may("service", board) for board in boards.list_boards(caller())) or caller().every_board


def _permissions_on(board: Board) -> Permissions:
    """Asked several times on a page, looked up once."""
    known: dict[int, Permissions] = g.setdefault("permissions", {})
    if board.id not in known:
        known[board.id] = boards.permissions_of(caller(), board)
    return known[board.id]


def review_address(endpoint: str, review: Review, **more: Any) -> str:
    """Where a page of this review is."""
    return url_for(endpoint, board_key=review.board.key, review_key=review.key, **more)


def round_address(endpoint: str, round_: Round, **more: Any) -> str:
    """Where a page of this round is."""
    return review_address(endpoint, round_.review, round_key=round_.key, **more)


def placed(error: ScrqmFormsError, fields: dict[str, str], otherwise: str) -> tuple[str, str]:
    """(field, sentence) for the error summary: the sentence begins with the field's label."""
    return fields.get(str(error).partition(":")[0], otherwise), str(error)

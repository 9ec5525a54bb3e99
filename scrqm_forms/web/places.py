"""The board, review or round that an administrator's address names; not found unless it is theirs and stands there."""

from typing import Any

from flask import url_for

from scrqm_forms.domain.errors import NotFound, ScrqmFormsError
from scrqm_forms.domain.review import Board, Review, Round
from scrqm_forms.storage import boards, reviews
from scrqm_forms.web.sign_in import caller


def board_at(board_key: str) -> Board:
    return boards.get_board(caller(), board_key)


def review_at(board_key: str, review_key: str) -> Review:
    review = reviews.get_review(caller(), review_key)
    if review.board.key != board_key:
        raise NotFound(f'There is no review "{review_key}".')
    return review


def round_at(board_key: str, review_key: str, round_key: str) -> Round:
    review_at(board_key, review_key)
    return reviews.get_round(caller(), review_key, round_key)


def review_address(endpoint: str, review: Review, **more: Any) -> str:
    """Where a page of this review is."""
    return url_for(endpoint, board_key=review.board.key, review_key=review.key, **more)


def round_address(endpoint: str, round_: Round, **more: Any) -> str:
    """Where a page of this round is."""
    return review_address(endpoint, round_.review, round_key=round_.key, **more)


def placed(error: ScrqmFormsError, fields: dict[str, str], otherwise: str) -> tuple[str, str]:
    """(field, sentence) for the error summary: the sentence begins with the field's label."""
    return fields.get(str(error).partition(":")[0], otherwise), str(error)

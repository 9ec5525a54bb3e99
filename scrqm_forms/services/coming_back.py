"""Improvements that come back: what was agreed before, asked about beside the same marker in a later round."""

from collections.abc import Sequence

from scrqm_forms.domain.improvement import Improvement
from scrqm_forms.domain.lineage import kin_of
from scrqm_forms.domain.questionnaire import AskedImprovement
from scrqm_forms.domain.register import find_coming_back
from scrqm_forms.domain.review import Board, Round
from scrqm_forms.services.context import Context
from scrqm_forms.services.improvements import all_markers
from scrqm_forms.services.reviews import markers_of_board
from scrqm_forms.storage import improvements


def find_returning(context: Context, board: Board) -> dict[str, list[Improvement]]:
    """Marker id -> improvements that a round could ask about beside it, of every marker that the board can choose."""
    found = improvements.list_improvements(board)
    if not found:
        return {}
    known = all_markers(context)
    returning = {
        each.marker.id: find_coming_back(found, kin_of(each.marker.id, known))
        for each in markers_of_board(context, board)
    }
    return {marker: rows for marker, rows in returning.items() if rows}


def asked_again(context: Context, round_: Round) -> dict[str, list[AskedImprovement]]:
    """Marker id -> those that the round asks about. Not when planning: nobody can say yet whether anything helped."""
    settings = round_.settings
    if settings.purpose == "plan":
        return {}
    returning = find_returning(context, round_.review.board)
    return {marker: _asked(rows, settings.left_out) for marker, rows in returning.items()}


def _asked(rows: Sequence[Improvement], left_out: Sequence[str]) -> list[AskedImprovement]:
    return [AskedImprovement(id=each.key, text=each.aim.change) for each in rows if each.key not in left_out]

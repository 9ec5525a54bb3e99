"""Improvements: put one into a board's register, change it, take it out; and find among them."""

import secrets
from collections.abc import Sequence
from datetime import date

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.improvement import Aim, Change, Improvement, Root, changes_between, check_aim
from scrqm_forms.domain.keeping import OnHold
from scrqm_forms.domain.lineage import kin_of
from scrqm_forms.domain.marker import LibraryMarker
from scrqm_forms.domain.questionnaire import Questionnaire
from scrqm_forms.domain.register import Summary, Year, find_alike, sum_up
from scrqm_forms.domain.review import Board, Caller, Review
from scrqm_forms.services.context import Context
from scrqm_forms.services.noting import note
from scrqm_forms.services.reviews import markers_of_board
from scrqm_forms.storage import events, improvements, reviews
from scrqm_forms.storage.database import wipe_deleted, writing

#: No vowels, so no words, and no digits, so a column id of an export reads as one.
_KEY_LETTERS = "bcdfghjkmnpqrstvwxz"


def make_improvement(board: Board, review: Review | None, root: Root, aim: Aim, *, by: Actor) -> Improvement:
    """Raises InvalidAnswers when it cannot be kept like this."""
    check_aim(None, aim)
    key = "".join(secrets.choice(_KEY_LETTERS) for _ in range(8))
    with writing():
        made = improvements.add_improvement(board, review, key, root, aim, _day_of(by))
        improvements.add_change(made, events.name_of(by.caller), by.now, changes_between(Aim(), aim))
        note(by, "improvement_made", review or board, improvement=key)
    return made


def change_improvement(improvement: Improvement, aim: Aim, version: int, *, by: Actor) -> Improvement:
    """Save over the version it was made from; what is stored already is no change, and no conflict.

    Raises InvalidAnswers or NewerVersion; nothing is stored then.
    """
    with writing():
        before = improvements.get_improvement(by.caller, improvement.key, to_change=True)
        changes = changes_between(before.aim, aim)
        if not changes:
            return before
        if before.version == version:
            check_aim(before.aim, aim)
        improvements.store_aim(before, aim, version, _day_of(by))
        improvements.add_change(before, events.name_of(by.caller), by.now, changes)
        state = {"state": aim.state} if aim.state != before.aim.state else {}
        note(by, "improvement_changed", before.board, improvement=before.key, **state)
    return improvements.get_improvement(by.caller, improvement.key)


def delete_improvement(improvement: Improvement, *, by: Actor) -> bool:
    """With its history, for one that says what it must not. What was frozen into a round's questionnaire stays there.

    False while traces may be left in the database's files (database.wipe_deleted). Raises OnHold while a round of the
    review it comes from is on hold.
    """
    with writing():
        check_deletable(by.caller, improvement)
        improvements.delete_improvement(improvement)
        note(by, "improvement_deleted", improvement.board, improvement=improvement.key)
    return wipe_deleted(rebuild=True)


def check_deletable(caller: Caller, improvement: Improvement) -> None:
    if is_held(caller, improvement):
        raise OnHold(
            f"The review {improvement.review_key} is on hold because of proceedings: nothing that came from it can be "
            "deleted until the hold ends."
        )


def is_held(caller: Caller, improvement: Improvement) -> bool:
    """Whether a round of the review that it comes from is on hold."""
    if not improvement.review_key:
        return False
    review = reviews.get_review(caller, improvement.review_key)
    return any(each.on_hold for each in reviews.list_rounds(review))


def root_in(questionnaire: Questionnaire, marker_id: str, question_id: str = "", made_from: str = "") -> Root:
    """Where something comes from that was made while a round's results were read: as it was asked there."""
    marker = questionnaire.marker(marker_id)
    if marker is None:
        return Root()
    question = next((each.text for each in marker.questions if each.id == question_id), "")
    kind = made_from if made_from in ("suggestion", "note", "question") else "question" if question else "free"
    return Root(
        made_from=kind,  # type: ignore[arg-type]
        marker=marker.id,
        marker_title=f"{marker.number}. {marker.title}",
        question=question,
    )


def root_of_marker(context: Context, board: Board, marker_id: str) -> Root:
    """Written freely, about a marker of the board's library or about none. Raises Refused for an unknown one."""
    if not marker_id:
        return Root()
    found = next((each.marker for each in markers_of_board(context, board) if each.marker.id == marker_id), None)
    if found is None:
        raise Refused("Marker: choose one of the board's markers, or none.")
    return Root(marker=found.id, marker_title=f"{found.number}. {found.title}")


def find_open_alike(context: Context, board: Board, marker_id: str) -> list[Improvement]:
    """ "Does this already exist?": open improvements of the board on the same marker."""
    if not marker_id:
        return []
    return find_alike(improvements.list_improvements(board), kin_of(marker_id, all_markers(context)))


def all_markers(context: Context) -> Sequence[LibraryMarker]:
    """Every marker that the library has, of whatever board: a board may have changed from one set to another."""
    return list(context.library().markers.values())


def sum_up_year(board: Board, year: Year, today: date) -> Summary:
    found = improvements.list_improvements(board)
    histories: dict[int, list[Change]] = improvements.read_histories(found)
    return sum_up([(each, histories[each.id]) for each in found], year, today)


def _day_of(by: Actor) -> date:
    return by.now.astimezone().date()

"""What outlives the answers it rests on, and its own end: notes of the conversation, and improvements."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.improvement import Improvement
from scrqm_forms.domain.keeping import IMPROVEMENT_YEARS, NOTES_YEARS, notes_kept_until, years_later
from scrqm_forms.domain.review import Board, Caller, Review, Round
from scrqm_forms.services.improvements import is_held
from scrqm_forms.services.noting import note
from scrqm_forms.storage import improvements, notes, reviews
from scrqm_forms.storage.database import writing


class KeptNotes(Struct, frozen=True, kw_only=True):
    """A round with notes, and on how many markers."""

    round: Round
    notes: int


class Outlived(Struct, frozen=True, kw_only=True):
    """What is due, or was deleted, at an end of its own."""

    notes: Sequence[KeptNotes] = ()
    #: Board and how many improvements of it.
    improvements: Sequence[tuple[Board, int]] = ()

    def __bool__(self) -> bool:
        return bool(self.notes or self.improvements)


def find_notes(review: Review) -> list[KeptNotes]:
    """The review's rounds of which there are notes."""
    found = [KeptNotes(round=each, notes=notes.count_notes(each)) for each in reviews.list_rounds(review)]
    return [each for each in found if each.notes]


def find_due_notes(review: Review, today: date) -> list[KeptNotes]:
    return find_notes(review) if notes_kept_until(review.keep_until) < today else []


def find_outlived(caller: Caller, today: date) -> Outlived:
    """What is due of all the caller's boards, apart from what a hold keeps."""
    rounds = [
        reviews.round_by_id(each) for each in notes.find_rounds_with_notes(caller, years_later(today, -NOTES_YEARS))
    ]
    due = [each for each in rounds if not each.on_hold and notes_kept_until(each.review.keep_until) < today]
    return Outlived(
        notes=[KeptNotes(round=each, notes=notes.count_notes(each)) for each in due],
        improvements=_by_board(_due_improvements(caller, today)),
    )


def purge_outlived(today: date, *, by: Actor) -> Outlived:
    """Delete what is due. Whoever calls cleans the files."""
    found = find_outlived(by.caller, today)
    for each in found.notes:
        with writing():
            delete_notes(each, by)
    with writing():
        due = _due_improvements(by.caller, today)
        for improvement in due:
            improvements.delete_improvement(improvement)
        for board, number in _by_board(due):
            note(by, "improvements_purged", board, improvements=number)
    return found


def delete_notes(each: KeptNotes, by: Actor) -> None:
    """In the caller's transaction, with the note that certifies it."""
    notes.delete_notes(each.round)
    keep_until = notes_kept_until(each.round.review.keep_until)
    note(by, "notes_purged", each.round, notes=each.notes, keep_until=keep_until.isoformat())


def _due_improvements(caller: Caller, today: date) -> list[Improvement]:
    """Not of a review with a round on hold."""
    found = improvements.find_unchanged(caller, years_later(today, -IMPROVEMENT_YEARS))
    return [each for each in found if not is_held(caller, each)]


def _by_board(found: Sequence[Improvement]) -> list[tuple[Board, int]]:
    numbers: dict[str, tuple[Board, int]] = {}
    for each in found:
        numbers[each.board.key] = (each.board, numbers.get(each.board.key, (each.board, 0))[1] + 1)
    return list(numbers.values())

"""What every service that changes something shares: its transaction, and the note of who did it."""

from collections.abc import Iterator
from contextlib import contextmanager

from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.keeping import check_changeable
from scrqm_forms.domain.review import Board, Review, Round
from scrqm_forms.storage import events, reviews
from scrqm_forms.storage.database import writing


@contextmanager
def changing(round_: Round) -> Iterator[Round]:
    """A transaction that changes something of a round; gives the round as it is now.

    Raises OnHold, or Refused when its answers were deleted: every service but those of participants goes through here.
    """
    with writing():
        now = reviews.round_by_id(round_.id)
        check_changeable(now)
        yield now


def note(by: Actor | None, what: str, about: Board | Review | Round, **details: str | int) -> None:
    """Note what is done, in the transaction in which it is done; without `by` (a trial, a demonstration) nothing.

    `details` are numbers, days and digests: never an answer, a participant's name or address, or a token.
    """
    if by is None:
        return
    name = about.name if isinstance(about, Round) else about.key if isinstance(about, Review) else ""
    minute = by.now.replace(second=0, microsecond=0)
    events.add_event(by.caller, what, minute, board=_board_of(about), about=name, details=details)


def _board_of(about: Board | Review | Round) -> Board:
    if isinstance(about, Round):
        return about.review.board
    return about.board if isinstance(about, Review) else about

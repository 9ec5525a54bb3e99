"""How long answers are kept: when to warn, when to delete, and when nothing of a round may be changed at all."""

from datetime import date
from typing import Literal

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.review import Review, Round

#: Days before the end from which the administrators' pages say so, and say so more strongly.
SOON, CLOSE = 30, 7

Warning = Literal["soon", "close", "due"]

#: To a participant.
HELD = (
    "This round is on hold for now. Your answers are kept as they are: they can be read, and nothing of them can be "
    "changed or deleted until the board ends the hold."
)


class OnHold(Refused):
    """Proceedings: nothing of the round can be answered, changed or deleted."""


def warning_of(keep_until: date, today: date) -> Warning | None:
    """Answers are kept through the day of `keep_until`, and due to be deleted after it."""
    days = (keep_until - today).days
    if days < 0:
        return "due"
    if days <= CLOSE:
        return "close"
    return "soon" if days <= SOON else None


def is_due(review: Review, today: date) -> bool:
    return warning_of(review.keep_until, today) == "due"


def check_changeable(round_: Round) -> None:
    """Raises OnHold, or Refused when the round's answers were deleted at the end of their time."""
    if round_.on_hold:
        raise OnHold(
            f"The round {round_.name} is on hold: nothing of it can be changed or deleted until the hold ends."
        )
    if round_.state == "deleted":
        raise Refused(f"The answers of the round {round_.name} were deleted; nothing of it can be changed any more.")


def check_keep_until(before: date, after: date) -> None:
    """Raises Refused for a later day than participants were told."""
    if after > before:
        raise Refused(
            f"Keep answers until: participants were told {before:%d %B %Y}. "
            "The day can be moved earlier, but not later."
        )

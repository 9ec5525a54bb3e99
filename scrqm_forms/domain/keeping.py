"""How long answers are kept: when to warn, when to delete, and when nothing of a round may be changed at all."""

from datetime import date
from typing import Literal

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.review import Review, Round

#: Days before the end from which the administrators' pages say so, and say so more strongly.
SOON, CLOSE = 30, 7
#: Years that notes are kept after the last day of the answers they rest on, and improvements after their last change:
#: notes until what was said has been followed up; improvements for as long as boards usually keep their own records.
NOTES_YEARS, IMPROVEMENT_YEARS = 2, 6

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


def notes_kept_until(keep_until: date) -> date:
    """The last day of the notes of a review whose answers are kept until `keep_until`."""
    return years_later(keep_until, NOTES_YEARS)


def improvement_kept_until(changed_on: date) -> date:
    return years_later(changed_on, IMPROVEMENT_YEARS)


def years_later(day: date, years: int) -> date:
    """29 February goes to 28 February where there is none; and no day is after the calendar's last."""
    year = min(day.year + years, date.max.year)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


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

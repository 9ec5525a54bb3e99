"""Reviews and their rounds: set up, change, list."""

import logging
import secrets
import string
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from scrqm_forms.domain.board_marker import BoardMarker, overlay
from scrqm_forms.domain.errors import DefinitionError, Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.groups import USUAL_MINIMUM
from scrqm_forms.domain.keeping import check_changeable, check_keep_until, years_later
from scrqm_forms.domain.marker import ROLES, LibraryMarker, Marker, MarkerSet, Role
from scrqm_forms.domain.names import tidy_name
from scrqm_forms.domain.questionnaire import Mode, Purpose, RoundSettings
from scrqm_forms.domain.review import (
    USUAL_KEEPING,
    USUAL_ROUND,
    Board,
    Caller,
    Review,
    Round,
    check_settings,
    next_round_key,
)
from scrqm_forms.domain.wording import normalise_typed
from scrqm_forms.marker_library import MarkerLibrary, parse_marker
from scrqm_forms.services.context import Context
from scrqm_forms.services.noting import changing, note
from scrqm_forms.storage import board_markers, invitations, reviews
from scrqm_forms.storage.database import writing

log = logging.getLogger(__name__)

#: Easy to read out: no vowels (no words), and none of the letters that are mistaken for others.
_KEY_LETTERS = "".join(sorted(set(string.ascii_uppercase) - set("AEIOUL")))

#: Years. Later than any board needs; a year typed wrong is noticed.
LONGEST_KEEPING = 30

#: Reviews on one page of a board's list.
ON_A_PAGE = 25


class MarkersGone(Refused):
    """Markers named for a round that the board has not: never had, or no longer."""


class NewReview(Struct, frozen=True, kw_only=True):
    """What a board says when it begins a review."""

    reference: str
    title: str = ""
    keep_until: date | None = None


class ReviewPage(Struct, frozen=True, kw_only=True):
    """Some of a board's reviews with their rounds, newest first."""

    rows: list[tuple[Review, list[Round]]]
    #: What was looked for; empty: all.
    words: str
    #: Reviews found, on all pages together.
    total: int
    page: int
    pages: int


def create_review(caller: Caller, board: Board, new: NewReview, today: date, *, by: Actor | None = None) -> Review:
    """A review without rounds. Raises Refused when the reference is missing or the date is past."""
    reference, title, keep_until = _details(new, today)
    key = "".join(secrets.choice(_KEY_LETTERS) for _ in range(8))
    with writing():
        review = reviews.add_review(board, key, reference, title, keep_until, today)
        note(by, "review_made", review)
    return review


def change_review(review: Review, new: NewReview, today: date, *, by: Actor | None = None) -> None:
    """Put a review's details right. Once a round of it was opened participants were told them: from then on only the
    day until which answers are kept can change, and only to an earlier one.
    """
    reference, title, keep_until = _details(new, today)
    with writing():
        now, rounds = reviews.review_by_id(review.id), reviews.list_rounds(review)
        for round_ in rounds:
            _check_change(now, round_, (reference, title), keep_until)
        reviews.change_review(review, reference=reference, title=title, keep_until=keep_until)
        if reviews.review_by_id(review.id) != now:
            note(by, "review_changed", review, keep_until=keep_until.isoformat())


def _check_change(review: Review, round_: Round, called: tuple[str, str], keep_until: date) -> None:
    check_changeable(round_)
    if round_.state != "draft":
        if called != (review.reference, review.title):
            raise Refused(
                "A round of this review was opened, and its participants were told its name. It can no longer change."
            )
        check_keep_until(review.keep_until, keep_until)
    if round_.state != "closed" and round_.closes_on > keep_until:
        raise Refused(
            f"Keep answers until: {keep_until:%d %B %Y} is before {round_.closes_on:%d %B %Y}, "
            "the last day of answering of a round."
        )


def _details(new: NewReview, today: date) -> tuple[str, str, date]:
    """(reference, title, day until which answers are kept)"""
    reference, title = tidy_name(new.reference, "Reference"), tidy_name(new.title, "Title")
    if not reference:
        raise Refused("Reference: a review needs a reference: a local code, never a name.")
    keep_until = new.keep_until or today + USUAL_KEEPING
    if keep_until <= today:
        raise Refused(f"Keep answers until: {keep_until:%d %B %Y} is not in the future.")
    if keep_until > years_later(today, LONGEST_KEEPING):
        raise Refused(f"Keep answers until: {keep_until:%d %B %Y} is more than {LONGEST_KEEPING} years from now.")
    return reference, title or reference, keep_until


def find_reviews(caller: Caller, board_key: str, words: str, page: int) -> ReviewPage:
    """A page of a board's reviews, newest first; `words` stand in their reference, title or key."""
    words = normalise_typed(words)[0].strip()
    total = reviews.count_reviews(caller, board_key, words)
    pages = max(1, -(-total // ON_A_PAGE))
    page = min(max(page, 1), pages)
    rows = reviews.find_reviews(caller, board_key, words, (page - 1) * ON_A_PAGE, ON_A_PAGE)
    return ReviewPage(rows=rows, words=words, total=total, page=page, pages=pages)


def create_round(
    context: Context,
    review: Review,
    settings: RoundSettings,
    today: date,
    closes_on: date | None = None,
    *,
    by: Actor | None = None,
) -> Round:
    """A round not yet open. Raises Refused when it could not be held like this."""
    closes_on = closes_on or min(today + USUAL_ROUND, review.keep_until)
    check_closing_date(closes_on, review.keep_until, today)
    check_round(context, review.board, settings)
    with writing():
        taken = [round_.key for round_ in reviews.list_rounds(review)]
        round_ = reviews.add_round(review, next_round_key(settings.purpose, taken), settings, closes_on)
        note(by, "round_made", round_)
    return round_


def change_round(
    context: Context,
    round_: Round,
    settings: RoundSettings,
    closes_on: date,
    today: date,
    *,
    by: Actor | None = None,
) -> None:
    """Change a round before it is opened; afterwards only its closing date can change.

    A closing date that stays as it was may be past by now: opening looks at it again.
    """
    if closes_on != round_.closes_on:
        check_closing_date(closes_on, round_.review.keep_until, today)
    check_round(context, round_.review.board, settings)
    with changing(round_) as now:
        if now.state != "draft":
            raise Refused("This round is open; its questionnaire is frozen.")
        _check_invited(round_, settings)
        others = [each.key for each in reviews.list_rounds(round_.review) if each.id != round_.id]
        same = settings.purpose == round_.settings.purpose
        reviews.change_settings(round_, settings, round_.key if same else next_round_key(settings.purpose, others))
        reviews.change_closing_date(round_, closes_on)
        after = reviews.round_by_id(round_.id)
        if after != now:
            note(by, "round_changed", after)


def _check_invited(round_: Round, settings: RoundSettings) -> None:
    """Somebody who is invited has a role that takes part."""
    for role, number in invitations.count_invited(round_).items():
        if role not in settings.roles:
            raise Refused(
                f'Roles: people invited as "{role}": {number}. Give them another role or take them out, '
                "before this role takes no part."
            )


def usual_settings(context: Context, board: Board, purpose: Purpose, mode: Mode) -> RoundSettings:
    """What most rounds ask: every marker of the first set, of every role, and briefly of practitioners."""
    markers = markers_of_board(context, board)
    roles = [role.key for role in roles_of(base_set(markers))]
    return RoundSettings(
        purpose=purpose,
        mode=mode,
        minimum=USUAL_MINIMUM,
        roles=tuple(roles),
        markers=tuple(each.marker.id for each in markers if each.set.key == markers[0].set.key),
        lengths={role: "brief" if role == "practitioner" else "full" for role in roles},
    )


def check_closing_date(closes_on: date, keep_until: date, today: date) -> None:
    if closes_on < today:
        raise Refused(f"Last day of answering: {closes_on:%d %B %Y} is past.")
    if closes_on > keep_until:
        raise Refused(
            f"Last day of answering: {closes_on:%d %B %Y} is after {keep_until:%d %B %Y}, until when answers are kept."
        )


def check_round(context: Context, board: Board, settings: RoundSettings) -> None:
    """Raises Refused unless the board has every marker and role that the settings name."""
    markers = chosen_markers(context, board, settings.markers)
    check_settings(settings, roles_of(base_set(markers)) if markers else ROLES)


def markers_of_board(context: Context, board: Board) -> list[LibraryMarker]:
    """Markers that the board can choose from, its own in their places, in order of set and number."""
    library = context.library()
    return overlay(library.for_board(board.key, board.plugins), _own_markers(board, library), library.sets)


def _own_markers(board: Board, library: MarkerLibrary) -> Iterator[tuple[BoardMarker, Marker]]:
    """Those the board keeps for itself. One whose set is gone or has other stages now is left out, and logged."""
    for each in board_markers.list_latest(board):
        if each.is_retired:
            continue
        try:
            yield each, parse_marker(each.document, each.marker_id, library.sets[each.set_key])
        except (KeyError, DefinitionError) as error:
            log.warning("%s of board %s is left out: %s", each.marker_id, board.key, error)


def chosen_markers(context: Context, board: Board, ids: Sequence[str]) -> list[LibraryMarker]:
    """The markers called `ids`, in that order. Raises Refused naming those that the board has not, or has twice."""
    available = {each.marker.id: each for each in markers_of_board(context, board)}
    unknown = [key for key in ids if key not in available]
    if unknown:
        raise MarkersGone(f"Markers: {', '.join(unknown)} not found for this board; it has {', '.join(available)}.")
    if len(set(ids)) < len(ids):
        raise Refused("Markers: one is named twice.")
    return [available[key] for key in ids]


def base_set(markers: Sequence[LibraryMarker]) -> MarkerSet:
    """The set whose stages, roles and closing questions a round uses: the first that has closing questions.

    A board's own set usually has none: it adds to another. Where none has any, it is the first marker's set.
    """
    return next((each.set for each in markers if each.set.closing), markers[0].set)


def roles_of(marker_set: MarkerSet) -> tuple[Role, ...]:
    return marker_set.roles or ROLES

"""Holds on a round, and deleting answers when their time is over."""

from datetime import date, timedelta

from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor, Event
from scrqm_forms.domain.keeping import SOON, Warning, check_changeable, is_due, warning_of
from scrqm_forms.domain.notes import Notes
from scrqm_forms.domain.review import Caller, Review, Round
from scrqm_forms.services.noting import changing, note
from scrqm_forms.services.outliving import KeptNotes, Outlived, delete_notes, find_due_notes, purge_outlived
from scrqm_forms.services.overview import forget_overviews
from scrqm_forms.storage import events, keeping, responses, reviews
from scrqm_forms.storage.database import wipe_deleted, writing
from scrqm_forms.storage.keeping import Kept
from scrqm_forms.storage.notes import read_notes


class KeptRound(Struct, frozen=True, kw_only=True):
    """A round of which names or answers are kept, and how many."""

    round: Round
    kept: Kept


class Deleted(Struct, frozen=True, kw_only=True):
    """What was deleted, and whether nothing of it is left in the database's files either."""

    rounds: list[KeptRound]
    outlived: Outlived
    wiped: bool


def hold_round(round_: Round, *, by: Actor) -> None:
    """Because of proceedings: from now on nothing of the round can be answered, changed or deleted."""
    if round_.state == "draft":
        raise Refused("This round is not open yet: nobody has answered, so there is nothing to hold.")
    with changing(round_):
        reviews.change_hold(round_, True)
        note(by, "round_held", round_)


def release_round(round_: Round, *, by: Actor) -> None:
    with writing():
        if not reviews.round_by_id(round_.id).on_hold:
            raise Refused(f"The round {round_.name} is not on hold.")
        reviews.change_hold(round_, False)
        note(by, "round_released", round_)


def find_kept(review: Review) -> list[KeptRound]:
    """The review's rounds of which names or answers are kept."""
    rounds = [KeptRound(round=each, kept=keeping.count_kept(each)) for each in reviews.list_rounds(review)]
    return [each for each in rounds if each.kept]


def find_due(caller: Caller, today: date) -> list[KeptRound]:
    """Of all the caller's reviews whose time is over; those on hold, which stay, too."""
    past = [reviews.review_by_id(review_id) for review_id in keeping.find_ending(caller, today)]
    return [each for review in past for each in find_kept(review)]


def warn_of(review: Review, today: date) -> Warning | None:
    """What the review's pages should warn of; nothing where there is nothing to delete."""
    warning = warning_of(review.keep_until, today)
    return warning if warning and keeping.find_holding([review.id]) else None


def find_endings(caller: Caller, board_key: str, today: date) -> list[tuple[Review, Warning]]:
    """Reviews of a board of which something is to be deleted soon, or now; the first to end first."""
    ending = keeping.find_ending(caller, today + timedelta(days=SOON + 1))
    found = [reviews.review_by_id(review_id) for review_id in keeping.find_holding(ending)]
    mine = sorted((each for each in found if each.board.key == board_key), key=lambda each: (each.keep_until, each.id))
    return [(each, warning) for each in mine if (warning := warning_of(each.keep_until, today))]


def purge_due(today: date, *, by: Actor) -> Deleted:
    """Delete whatever is due of the actor's reviews, each in a transaction of its own; then leave no trace of it.

    The files are cleaned also when nothing is due: participants may have withdrawn answers since the last time.
    """
    found = [reviews.review_by_id(review_id) for review_id in keeping.find_ending(by.caller, today)]
    deleted = [each for review in found for each in _purge(review, today, by)]
    outlived = purge_outlived(today, by=by)
    return Deleted(rounds=deleted, outlived=outlived, wiped=wipe_deleted(rebuild=True))


def purge_review(review: Review, today: date, *, by: Actor) -> Deleted:
    """Delete the answers and people of every round of a review whose time is over, but those on hold; notes too, when
    their own later time is over.
    """
    if not is_due(review, today):
        raise Refused(f"Answers are kept until {review.keep_until:%d %B %Y}; they can be deleted after that day.")
    deleted, notes = _purge(review, today, by), _purge_notes(review, today, by)
    if not deleted and not notes:
        raise Refused("There is nothing to delete: it was deleted already, or its rounds are on hold.")
    return Deleted(rounds=deleted, outlived=Outlived(notes=notes), wiped=wipe_deleted(rebuild=True))


def _purge_notes(review: Review, today: date, by: Actor) -> list[KeptNotes]:
    with writing():
        due = [each for each in find_due_notes(review, today) if not each.round.on_hold]
        for each in due:
            delete_notes(each, by)
    return due


def _purge(review: Review, today: date, by: Actor) -> list[KeptRound]:
    deleted = []
    with writing():
        if not is_due(reviews.review_by_id(review.id), today):
            return []
        for each in find_kept(review):
            if not each.round.on_hold:
                keeping.delete_kept(each.round)
                forget_overviews(each.round)
                _certify(each, by)
                deleted.append(each)
    return deleted


def _certify(deleted: KeptRound, by: Actor) -> None:
    """The note that is the certificate. A round that was never opened has no questionnaire to keep, and stays one."""
    round_, kept = deleted.round, deleted.kept
    if round_.state != "draft":
        reviews.mark_deleted(round_)
    # How much was answered would say something about one person where few answered.
    entries = {"entries": kept.entries} if round_.settings.mode == "named" else {}
    note(
        by,
        "purged",
        round_,
        responses=kept.responses,
        **entries,
        invitations=kept.invitations,
        keep_until=round_.review.keep_until.isoformat(),
        questionnaire_sha256=reviews.questionnaire_digest(round_) or "",
    )


def find_certificates(review: Review) -> list[Event]:
    """What was deleted of a review's rounds at the end of their time, answers before notes."""
    rounds = [round_.name for round_ in reviews.list_rounds(review)]
    return [*events.find_events("purged", rounds), *events.find_events("notes_purged", rounds)]


def check_removable(review: Review) -> None:
    """Raises Refused unless the review can be deleted as begun by mistake: nothing was answered or noted in it."""
    for round_ in reviews.list_rounds(review):
        check_changeable(round_)
        if responses.has_responses(round_):
            raise Refused(
                f"The round {round_.name} holds answers, so the review cannot be deleted as begun by mistake. "
                f"Answers are kept until {review.keep_until:%d %B %Y} and deleted after that day (purge)."
            )
        if any(notes != Notes() for notes, _version in read_notes(round_).values()):
            raise Refused(
                f"Notes were written on the round {round_.name}, so the review cannot be deleted as begun by mistake. "
                "Empty them first if it was."
            )


def is_removable(review: Review) -> bool:
    try:
        check_removable(review)
    except Refused:
        return False
    return True


def remove_review(review: Review, typed: str, *, by: Actor) -> bool:
    """Delete a review begun by mistake, rounds and people too; `typed` is its reference, to be sure.

    False while traces may be left in the database's files (database.wipe_deleted).
    """
    if typed.strip() != review.reference:
        raise Refused(f'Reference: type "{review.reference}" to say that this is the review to delete.')
    with writing():
        check_removable(review)
        note(by, "review_deleted", review, rounds=len(reviews.list_rounds(review)))
        reviews.remove_review(review)
    return wipe_deleted(rebuild=True)

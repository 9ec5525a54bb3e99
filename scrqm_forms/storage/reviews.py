"""Reviews and their rounds, with the questionnaire a round was opened with."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import sqlalchemy as sa

from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.questionnaire import (
    Questionnaire,
    RoundSettings,
    as_document,
    digest_of,
    read_questionnaire,
)
from scrqm_forms.domain.review import Board, Caller, Review, Round
from scrqm_forms.storage.boards import board_ids, board_of
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import BoardRow, QuestionnaireRow, ReviewRow, RoundRow


def add_review(board: Board, key: str, reference: str, title: str, keep_until: date, today: date) -> Review:
    row = ReviewRow(
        board_id=board.id, key=key, reference=reference, title=title, keep_until=keep_until, created_on=today
    )
    db.session.add(row)
    db.session.flush()
    return _review_of(row)


def list_reviews(caller: Caller, board_key: str | None = None) -> list[Review]:
    """Newest first."""
    query = sa.select(ReviewRow).where(ReviewRow.board_id.in_(board_ids(caller))).order_by(ReviewRow.id.desc())
    reviews = [_review_of(row) for row in db.session.scalars(query)]
    return [review for review in reviews if board_key in (None, review.board.key)]


def count_reviews(caller: Caller, board_key: str, words: str) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(_found(caller, board_key, words).subquery())) or 0


def find_reviews(
    caller: Caller, board_key: str, words: str, offset: int, limit: int
) -> list[tuple[Review, list[Round]]]:
    """Reviews whose reference, title or key has `words` in it, newest first, with their rounds: two queries in all."""
    query = _found(caller, board_key, words).order_by(ReviewRow.id.desc()).offset(offset).limit(limit)
    found = {row.id: (_review_of(row), list[Round]()) for row in db.session.scalars(query)}
    rounds = sa.select(RoundRow).where(RoundRow.review_id.in_(found)).order_by(RoundRow.id)
    for row in db.session.scalars(rounds):
        found[row.review_id][1].append(round_of(row))
    return list(found.values())


def _found(caller: Caller, board_key: str, words: str) -> sa.Select[Any]:
    board = sa.select(BoardRow.id).where(BoardRow.key == board_key, BoardRow.id.in_(board_ids(caller)))
    columns = (ReviewRow.reference, ReviewRow.title, ReviewRow.key)
    matches = sa.or_(*(column.icontains(words, autoescape=True) for column in columns))
    return sa.select(ReviewRow).where(ReviewRow.board_id.in_(board), matches)


def get_review(caller: Caller, key: str) -> Review:
    """Raises NotFound, also where the review is another board's."""
    query = sa.select(ReviewRow).where(ReviewRow.key == key, ReviewRow.board_id.in_(board_ids(caller)))
    row = db.session.scalar(query)
    if row is None:
        raise NotFound(f'There is no review "{key}".')
    return _review_of(row)


def review_by_id(review_id: int) -> Review:
    return _review_of(db.session.get_one(ReviewRow, review_id))


def remove_review(review: Review) -> None:
    """With its rounds, their questionnaires and everybody invited to them."""
    db.session.execute(sa.delete(ReviewRow).where(ReviewRow.id == review.id))


def change_review(review: Review, *, reference: str, title: str, keep_until: date) -> None:
    row = db.session.get_one(ReviewRow, review.id)
    row.reference, row.title, row.keep_until = reference, title, keep_until


def add_round(review: Review, key: str, settings: RoundSettings, closes_on: date) -> Round:
    row = RoundRow(review_id=review.id, key=key, settings=as_document(settings), closes_on=closes_on, state="draft")
    row.shuffle_key, row.shown_groups, row.synthetic = "", "", False
    db.session.add(row)
    db.session.flush()
    return round_of(row)


#: Digest -> questionnaire, of those read last: they never change, hold no answers, and every page needs one.
_read: dict[str, Questionnaire] = {}
_MOST_READ = 50


def list_rounds(review: Review) -> list[Round]:
    """In the order they were made."""
    rows = db.session.scalars(sa.select(RoundRow).where(RoundRow.review_id == review.id).order_by(RoundRow.id))
    return [round_of(row) for row in rows]


def get_round(caller: Caller, review_key: str, round_key: str) -> Round:
    review = get_review(caller, review_key)
    query = sa.select(RoundRow).where(RoundRow.review_id == review.id, RoundRow.key == round_key)
    row = db.session.scalar(query)
    if row is None:
        raise NotFound(f'The review "{review_key}" has no round "{round_key}".')
    return round_of(row)


def round_by_id(round_id: int) -> Round:
    return round_of(db.session.get_one(RoundRow, round_id))


def change_settings(round_: Round, settings: RoundSettings, key: str | None = None) -> None:
    row = db.session.get_one(RoundRow, round_.id)
    row.settings, row.key = as_document(settings), key or row.key


def change_closing_date(round_: Round, closes_on: date) -> None:
    db.session.get_one(RoundRow, round_.id).closes_on = closes_on


def change_hold(round_: Round, on_hold: bool) -> None:
    db.session.get_one(RoundRow, round_.id).on_hold = on_hold


def mark_deleted(round_: Round) -> None:
    """Its answers and people are deleted."""
    db.session.get_one(RoundRow, round_.id).state = "deleted"


def mark_synthetic(round_: Round) -> None:
    db.session.get_one(RoundRow, round_.id).synthetic = True


def store_opening(round_: Round, canonical: str, shuffle_key: str, today: date) -> None:
    """The round is open from now on, with the questionnaire in canonical form."""
    row = db.session.get_one(RoundRow, round_.id)
    row.state, row.shuffle_key, row.opened_on = "open", shuffle_key, today
    db.session.add(QuestionnaireRow(round_id=round_.id, sha256=digest_of(canonical), document=canonical))


def store_closing(round_: Round, shown: Sequence[Sequence[str]], today: date) -> None:
    row = db.session.get_one(RoundRow, round_.id)
    row.state, row.shown_groups, row.closed_on = "closed", json.dumps([list(part) for part in shown]), today
    # What participants read says until when answers were taken.
    row.closes_on = min(row.closes_on, today)


def questionnaire_of(round_: Round, digest: str | None = None) -> Questionnaire:
    """`digest`: its own, where it is known already. Raises NotFound for a round that was never opened."""
    digest = digest or questionnaire_digest(round_)
    if digest is None:
        raise NotFound(f"The round {round_.name} is not open yet, so it has no questionnaire.")
    if digest not in _read:
        query = sa.select(QuestionnaireRow.document).where(QuestionnaireRow.round_id == round_.id)
        while len(_read) >= _MOST_READ:
            _read.pop(next(iter(_read)), None)
        _read[digest] = read_questionnaire(db.session.scalars(query).one())
    return _read[digest]


def questionnaire_digest(round_: Round) -> str | None:
    return db.session.scalar(sa.select(QuestionnaireRow.sha256).where(QuestionnaireRow.round_id == round_.id))


def _review_of(row: ReviewRow) -> Review:
    return Review(
        id=row.id,
        key=row.key,
        board=board_of(row.board),
        reference=row.reference,
        title=row.title,
        keep_until=row.keep_until,
    )


def round_of(row: RoundRow) -> Round:
    shown = json.loads(row.shown_groups) if row.shown_groups else None
    return Round(
        id=row.id,
        key=row.key,
        review=_review_of(row.review),
        state=row.state,  # type: ignore[arg-type]
        settings=msgspec.json.decode(row.settings, type=RoundSettings),
        closes_on=row.closes_on,
        shuffle_key=row.shuffle_key,
        shown_groups=None if shown is None else tuple(tuple(part) for part in shown),
        synthetic=row.synthetic,
        on_hold=row.on_hold,
    )

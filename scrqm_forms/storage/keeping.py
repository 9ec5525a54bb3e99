"""What is kept of people and their answers, and deleting it."""

from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from scrqm_forms.domain.review import Caller, Round
from scrqm_forms.storage.boards import board_ids
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import EntryRow, InvitationRow, ResponseRow, ReviewRow, RoundRow
from scrqm_forms.storage.responses import Response


class Kept(Struct, frozen=True, kw_only=True):
    """How many rows there are, or were."""

    responses: int
    entries: int
    invitations: int

    def __bool__(self) -> bool:
        return bool(self.responses or self.entries or self.invitations)


def count_kept(round_: Round) -> Kept:
    return _count(ResponseRow.round_id == round_.id, InvitationRow.round_id == round_.id)


def delete_kept(round_: Round) -> Kept:
    """All responses, entries and invitations of the round; how many there were."""
    return _delete(ResponseRow.round_id == round_.id, InvitationRow.round_id == round_.id)


def delete_person(round_: Round, invitation_id: int) -> Kept:
    """A person of a named round: invitation, response and entries."""
    mine = sa.and_(ResponseRow.round_id == round_.id, ResponseRow.invitation_id == invitation_id)
    return _delete(mine, sa.and_(InvitationRow.round_id == round_.id, InvitationRow.id == invitation_id))


def delete_response(response: Response) -> None:
    """With its entries; nobody's invitation."""
    _delete(ResponseRow.id == response.id, sa.false())


def find_ending(caller: Caller, before: date) -> list[int]:
    """Ids of the caller's reviews whose last day of keeping answers is before that day, oldest first."""
    query = sa.select(ReviewRow.id).where(ReviewRow.board_id.in_(board_ids(caller)), ReviewRow.keep_until < before)
    return list(db.session.scalars(query.order_by(ReviewRow.id)))


def find_holding(review_ids: Collection[int]) -> set[int]:
    """Those of the reviews of which somebody's name or answers are kept."""
    holds = sa.or_(
        sa.exists().where(InvitationRow.round_id == RoundRow.id), sa.exists().where(ResponseRow.round_id == RoundRow.id)
    )
    return set(db.session.scalars(sa.select(RoundRow.review_id).where(RoundRow.review_id.in_(review_ids), holds)))


def _count(responses: sa.ColumnElement[bool], people: sa.ColumnElement[bool]) -> Kept:
    def count(table: Any, where: sa.ColumnElement[bool]) -> int:
        return db.session.scalar(sa.select(sa.func.count()).select_from(table).where(where)) or 0

    return Kept(
        responses=count(ResponseRow, responses),
        entries=count(EntryRow, EntryRow.response_id.in_(sa.select(ResponseRow.id).where(responses))),
        invitations=count(InvitationRow, people),
    )


def _delete(responses: sa.ColumnElement[bool], people: sa.ColumnElement[bool]) -> Kept:
    found = _count(responses, people)
    ids = sa.select(ResponseRow.id).where(responses)
    for statement in (
        sa.delete(EntryRow).where(EntryRow.response_id.in_(ids)),
        sa.delete(ResponseRow).where(responses),
        sa.delete(InvitationRow).where(people),
    ):
        db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.expire_all()
    return found

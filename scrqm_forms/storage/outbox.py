"""Messages on their way to people: each is claimed by one sender, and once it is over nothing of it is kept."""

from typing import Literal

import sqlalchemy as sa
from msgspec import Struct

from scrqm_forms.domain.review import Round
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import InvitationRow, OutboxRow

Kind = Literal["invitation", "reminder"]
OutboxState = Literal["waiting", "sending", "sent", "failed", "unknown", "dropped"]


class Queued(Struct, frozen=True, kw_only=True):
    """A message as it waits."""

    key: str
    invitation_id: int
    round_id: int
    kind: Kind
    delivery: str
    #: How often it was tried so far.
    tries: int
    sealed: bytes


class Sending(Struct, frozen=True, kw_only=True):
    """What became of the latest message to somebody."""

    kind: Kind
    state: OutboxState
    reason: str


def add_message(message: Queued, press: str, due_at: int) -> None:
    row = OutboxRow(key=message.key, invitation_id=message.invitation_id, press=press, sealed=message.sealed)
    row.kind, row.delivery, row.tries = message.kind, message.delivery, message.tries
    row.state, row.due_at, row.reason = "waiting", due_at, ""
    db.session.add(row)


def was_pressed(round_: Round, press: str) -> int:
    """How many messages this press has made already."""
    query = sa.select(sa.func.count()).select_from(OutboxRow).join(InvitationRow)
    return db.session.scalar(query.where(InvitationRow.round_id == round_.id, OutboxRow.press == press)) or 0


def find_due(now: int) -> list[str]:
    """Keys of what is to be tried, in the order it was queued."""
    query = sa.select(OutboxRow.key).where(OutboxRow.state == "waiting", OutboxRow.due_at <= now)
    return list(db.session.scalars(query.order_by(OutboxRow.id)))


def find_waiting(key: str) -> Queued | None:
    """None once somebody else has it, or it is over."""
    query = sa.select(OutboxRow, InvitationRow.round_id).join(InvitationRow)
    found = db.session.execute(query.where(OutboxRow.key == key, OutboxRow.state == "waiting")).first()
    if found is None or found.OutboxRow.sealed is None:
        return None
    row = found.OutboxRow
    return Queued(
        key=row.key,
        invitation_id=row.invitation_id,
        round_id=found.round_id,
        kind=row.kind,
        delivery=row.delivery,
        tries=row.tries,
        sealed=row.sealed,
    )


def put_off(key: str, due_at: int) -> None:
    """What waits is not to go before then."""
    _set(_is(key, "waiting"), due_at=due_at)


def drop(key: str) -> None:
    """What waits is no longer right."""
    _set(_is(key, "waiting"), state="dropped", due_at=0, sealed=None)


def set_waiting(key: str, tries: int, due_at: int, reason: str = "") -> None:
    """It was not sent the so-manieth time, unless it was given up or dropped meanwhile."""
    where = sa.and_(_is(key, "sending"), OutboxRow.tries == tries)
    _set(where, state="waiting", due_at=due_at, reason=reason)


def claim(key: str, until: int) -> bool:
    """Whether it is now the caller's to send; if nothing was heard by `until`, nobody knows what became of it."""
    return _set(_is(key, "waiting"), state="sending", due_at=until, tries=OutboxRow.tries + 1) == 1


def set_over(key: str, state: OutboxState, reason: str = "") -> None:
    """Nothing of what it said is kept, nor when."""
    _set(OutboxRow.key == key, state=state, reason=reason, due_at=0, sealed=None)


def give_up_lost(now: int) -> int:
    """Of what was being sent when its sender ended: nobody knows whether it was. How many there were."""
    where = sa.and_(OutboxRow.state == "sending", OutboxRow.due_at <= now)
    return _set(where, state="unknown", due_at=0, sealed=None, reason="the program ended while it was being sent")


def drop_waiting(invitation_id: int) -> None:
    """What is on its way to this person is no longer right, and not tried again: their link is replaced."""
    where = sa.and_(OutboxRow.invitation_id == invitation_id, OutboxRow.state.in_(("waiting", "sending")))
    _set(where, state="dropped", due_at=0, sealed=None, reason="")


def list_latest(round_: Round) -> dict[int, Sending]:
    """Invitation id -> what became of the latest message."""
    query = sa.select(OutboxRow).join(InvitationRow).where(InvitationRow.round_id == round_.id)
    rows = db.session.scalars(query.order_by(OutboxRow.id))
    return {row.invitation_id: Sending(kind=row.kind, state=row.state, reason=row.reason) for row in rows}  # type: ignore[arg-type]


def count_states() -> dict[tuple[str, str], int]:
    """(delivery, state) -> messages."""
    query = sa.select(OutboxRow.delivery, OutboxRow.state, sa.func.count())
    rows = db.session.execute(query.group_by(OutboxRow.delivery, OutboxRow.state))
    return {(delivery, state): number for delivery, state, number in rows}


def _is(key: str, state: OutboxState) -> sa.ColumnElement[bool]:
    return sa.and_(OutboxRow.key == key, OutboxRow.state == state)


def _set(where: sa.ColumnElement[bool], **values: object) -> int:
    result = db.session.execute(
        sa.update(OutboxRow).where(where).values(**values), execution_options={"synchronize_session": False}
    )
    db.session.expire_all()
    return int(result.rowcount)  # type: ignore[attr-defined]

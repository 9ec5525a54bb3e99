"""The list of who did what."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from scrqm_forms.domain.event import Event
from scrqm_forms.domain.review import Board, Caller
from scrqm_forms.storage.boards import board_ids
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import AdministratorRow, BoardRow, EventRow

#: Who has no account.
OPERATOR_NAME = "command line"


def add_event(
    caller: Caller,
    what: str,
    now: datetime,
    *,
    board: Board | None = None,
    about: str = "",
    details: Mapping[str, str | int] | None = None,
) -> None:
    """Within the transaction of what was done, so that neither is stored without the other."""
    db.session.add(
        EventRow(
            board_id=board.id if board else None,
            at=int(now.timestamp()),
            who=name_of(caller),
            what=what,
            about=about,
            document=json.dumps(dict(details or {}), sort_keys=True),
        )
    )


def list_events(caller: Caller, board_key: str | None = None, limit: int = 200, offset: int = 0) -> list[Event]:
    """The newest first: of the caller's boards, or of one; the whole service's only for who sees every board."""
    query = sa.select(EventRow, BoardRow.key).outerjoin(BoardRow, BoardRow.id == EventRow.board_id)
    if board_key is not None:
        query = query.where(BoardRow.key == board_key)
    if not caller.every_board:
        query = query.where(EventRow.board_id.in_(board_ids(caller)))
    rows = db.session.execute(query.order_by(EventRow.id.desc()).limit(limit).offset(offset))
    return [_event_of(row, key) for row, key in rows]


def find_events(what: str, about: Sequence[str]) -> list[Event]:
    """Of these reviews or rounds, the oldest first."""
    query = sa.select(EventRow, BoardRow.key).outerjoin(BoardRow, BoardRow.id == EventRow.board_id)
    query = query.where(EventRow.what == what, EventRow.about.in_(about))
    return [_event_of(row, key) for row, key in db.session.execute(query.order_by(EventRow.id))]


def was_noted(caller: Caller, what: str, about: str, since: datetime) -> bool:
    """Whether the caller did the same not long ago."""
    query = sa.select(EventRow.id).where(EventRow.what == what, EventRow.about == about)
    query = query.where(EventRow.who == name_of(caller), EventRow.at >= int(since.timestamp()))
    return db.session.scalar(query.limit(1)) is not None


def _event_of(row: EventRow, board_key: str | None) -> Event:
    return Event(
        at=datetime.fromtimestamp(row.at, UTC),
        who=row.who,
        what=row.what,
        about=row.about,
        board=board_key or "",
        details=json.loads(row.document),
    )


def name_of(caller: Caller) -> str:
    """Who it is, for lists of who did what."""
    if caller.administrator_id is None:
        return OPERATOR_NAME
    query = sa.select(AdministratorRow.name, AdministratorRow.email)
    row = db.session.execute(query.where(AdministratorRow.id == caller.administrator_id)).one_or_none()
    # A name is what somebody calls oneself; the address tells who it was.
    return f"{row.name} ({row.email})" if row else "somebody"

"""Boards, and which of them a caller may see."""

import json
from datetime import date
from typing import Any

import sqlalchemy as sa

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.logo import Logo
from scrqm_forms.domain.permission import ALL, NONE, Permissions
from scrqm_forms.domain.review import Board, Caller
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import BoardAdministratorRow, BoardRow


def board_ids(caller: Caller) -> sa.Select[Any]:
    """The ids of the caller's boards; every query for something of a board is limited by this."""
    if caller.every_board:
        return sa.select(BoardRow.id)
    mine = BoardAdministratorRow.administrator_id == caller.administrator_id
    return sa.select(BoardAdministratorRow.board_id).where(mine)


def list_boards(caller: Caller) -> list[Board]:
    """In order of name."""
    rows = db.session.scalars(sa.select(BoardRow).where(BoardRow.id.in_(board_ids(caller))).order_by(BoardRow.name))
    return [board_of(row) for row in rows]


def list_boards_showing_markers() -> list[Board]:
    """Boards whose markers anybody may read, in order of name; whoever asks."""
    rows = db.session.scalars(sa.select(BoardRow).where(BoardRow.shows_markers).order_by(BoardRow.name))
    return [board_of(row) for row in rows]


def get_board(caller: Caller, key: str) -> Board:
    """Raises NotFound when there is none of this key, or it is not the caller's."""
    return board_of(_row(caller, key))


def add_board(key: str, name: str, vocabulary: str, today: date) -> Board:
    """Raises Refused when the key is taken, whoever's it is."""
    if is_taken(key):
        raise Refused(f'Board: the key "{key}" is taken; choose another.')
    row = BoardRow(key=key, name=name, vocabulary=vocabulary, created_on=today, support="", plugins="[]")
    db.session.add(row)
    db.session.flush()
    return board_of(row)


def is_taken(key: str) -> bool:
    """Whether any board has this key, whoever's it is."""
    return db.session.scalar(sa.select(BoardRow.id).where(BoardRow.key == key)) is not None


def change_board(caller: Caller, key: str, **values: Any) -> None:
    """Set these fields of a board. Raises NotFound as `get_board` does."""
    row = _row(caller, key)
    if "plugins" in values:
        values["plugins"] = json.dumps(sorted(values["plugins"]))
    if "own_words" in values:
        values["own_words"] = json.dumps(list(values["own_words"]), ensure_ascii=False)
    if "logo" in values:
        values |= _logo_columns(values["logo"])
    for column, value in values.items():
        setattr(row, column, value)


def _logo_columns(logo: Logo | None) -> dict[str, Any]:
    if logo is None:
        return {"logo": None, "logo_type": "", "logo_sha256": ""}
    return {"logo": logo.data, "logo_type": logo.media_type, "logo_sha256": logo.sha256}


def accent_of(key: str) -> str:
    """A board's own colour, whoever asks; empty when there is none, or no such board."""
    return db.session.scalar(sa.select(BoardRow.accent).where(BoardRow.key == key)) or ""


def find_logo(key: str, sha256: str) -> Logo | None:
    """A board's logo, whoever asks, if it is the one of this digest."""
    wanted = (BoardRow.key == key, BoardRow.logo_sha256 == sha256, BoardRow.logo.is_not(None))
    row = db.session.execute(sa.select(BoardRow.logo, BoardRow.logo_type).where(*wanted)).first()
    return Logo(data=row.logo, media_type=row.logo_type, sha256=sha256) if row else None


def permissions_of(caller: Caller, board: Board) -> Permissions:
    """What the caller may do on the board; nothing on another's."""
    if caller.every_board:
        return ALL
    row = db.session.get(BoardAdministratorRow, (board.id, caller.administrator_id))
    return frozenset(json.loads(row.permissions)) if row is not None else NONE


def add_board_administrator(board: Board, administrator_id: int, permissions: Permissions = ALL) -> None:
    """Or, for somebody who is one already: these permissions from now on."""
    stored = json.dumps(sorted(permissions))
    db.session.merge(BoardAdministratorRow(board_id=board.id, administrator_id=administrator_id, permissions=stored))


def remove_board_administrator(board: Board, administrator_id: int) -> None:
    row = db.session.get(BoardAdministratorRow, (board.id, administrator_id))
    if row is not None:
        db.session.delete(row)


def board_of(row: BoardRow) -> Board:
    return Board(
        id=row.id,
        key=row.key,
        name=row.name,
        vocabulary=row.vocabulary,
        support=row.support,
        plugins=tuple(json.loads(row.plugins)),
        accent=row.accent,
        logo_sha256=row.logo_sha256,
        shows_markers=row.shows_markers,
        own_words=tuple(json.loads(row.own_words)),
    )


def _row(caller: Caller, key: str) -> BoardRow:
    row = db.session.scalar(sa.select(BoardRow).where(BoardRow.key == key, BoardRow.id.in_(board_ids(caller))))
    if row is None:
        raise NotFound(f'There is no board "{key}".')
    return row

"""The versions of the markers that boards keep for themselves."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from scrqm_forms.domain.board_marker import BoardMarker
from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.review import Board
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import BoardMarkerRow


def list_latest(board: Board) -> list[BoardMarker]:
    """The last version of each of the board's markers, retired ones too, in order of id."""
    last = (
        sa.select(BoardMarkerRow.marker_id, sa.func.max(BoardMarkerRow.version).label("version"))
        .where(BoardMarkerRow.board_id == board.id)
        .group_by(BoardMarkerRow.marker_id)
        .subquery()
    )
    query = sa.select(BoardMarkerRow).join(
        last, (last.c.marker_id == BoardMarkerRow.marker_id) & (last.c.version == BoardMarkerRow.version)
    )
    return list(_read(query.where(BoardMarkerRow.board_id == board.id).order_by(BoardMarkerRow.marker_id)))


def list_versions(board: Board, marker_id: str) -> list[BoardMarker]:
    """The newest first. Raises NotFound where the board never had one of its own."""
    query = sa.select(BoardMarkerRow).where(BoardMarkerRow.board_id == board.id, BoardMarkerRow.marker_id == marker_id)
    found = list(_read(query.order_by(BoardMarkerRow.version.desc())))
    if not found:
        raise NotFound(f'The board has no marker "{marker_id}" of its own.')
    return found


def last_version(board: Board, marker_id: str) -> int:
    """0 where there is none."""
    query = sa.select(sa.func.max(BoardMarkerRow.version)).where(
        BoardMarkerRow.board_id == board.id, BoardMarkerRow.marker_id == marker_id
    )
    return db.session.scalar(query) or 0


def add_version(board: Board, version: BoardMarker) -> None:
    db.session.add(
        BoardMarkerRow(
            board_id=board.id,
            marker_id=version.marker_id,
            version=version.version,
            set_key=version.set_key,
            change=version.change,
            document=version.document,
            who=version.who,
            at=int(version.at.timestamp()),
        )
    )


def _read(query: sa.Select[Any]) -> Iterator[BoardMarker]:
    for row in db.session.scalars(query):
        yield BoardMarker(
            marker_id=row.marker_id,
            version=row.version,
            set_key=row.set_key,
            change=row.change,
            document=row.document,
            who=row.who,
            at=datetime.fromtimestamp(row.at, UTC),
        )

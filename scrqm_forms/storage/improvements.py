"""Improvements of boards, and the history of each."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import msgspec
import sqlalchemy as sa

from scrqm_forms.domain.errors import NewerVersion, NotFound
from scrqm_forms.domain.improvement import Aim, Change, FieldChange, Improvement, Root
from scrqm_forms.domain.questionnaire import as_document
from scrqm_forms.domain.review import Board, Caller, Review
from scrqm_forms.storage.boards import board_ids, board_of
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import ImprovementChangeRow, ImprovementRow


def add_improvement(board: Board, review: Review | None, key: str, root: Root, aim: Aim, today: date) -> Improvement:
    row = ImprovementRow(board_id=board.id, review_id=review.id if review else None, key=key, version=1)
    row.root, row.document, row.made_on, row.changed_on = as_document(root), as_document(aim), today, today
    db.session.add(row)
    db.session.flush()
    return _improvement_of(row)


def list_improvements(board: Board) -> list[Improvement]:
    """In the order they were made."""
    query = sa.select(ImprovementRow).where(ImprovementRow.board_id == board.id).order_by(ImprovementRow.id)
    return [_improvement_of(row) for row in db.session.scalars(query)]


def get_improvement(caller: Caller, key: str, *, to_change: bool = False) -> Improvement:
    """Raises NotFound, also where the improvement is another board's."""
    query = sa.select(ImprovementRow).where(ImprovementRow.key == key, ImprovementRow.board_id.in_(board_ids(caller)))
    row = db.session.scalar(query.with_for_update(of=ImprovementRow) if to_change else query)
    if row is None:
        raise NotFound(f'There is no improvement "{key}".')
    return _improvement_of(row)


def store_aim(improvement: Improvement, aim: Aim, version: int, today: date) -> None:
    """Raises NewerVersion, storing nothing, when another save came in between."""
    changed = db.session.execute(
        sa.update(ImprovementRow)
        .where(ImprovementRow.id == improvement.id, ImprovementRow.version == version)
        .values(document=as_document(aim), version=version + 1, changed_on=today)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NewerVersion


def add_change(improvement: Improvement, who: str, now: datetime, fields: Sequence[FieldChange]) -> None:
    row = ImprovementChangeRow(improvement_id=improvement.id, at=int(now.timestamp()), who=who)
    row.document = as_document(fields)
    db.session.add(row)


def list_changes(improvement: Improvement) -> list[Change]:
    """The oldest first."""
    return read_histories([improvement])[improvement.id]


def read_histories(improvements: Sequence[Improvement]) -> dict[int, list[Change]]:
    """Id -> its changes, the oldest first."""
    ids = [each.id for each in improvements]
    query = sa.select(ImprovementChangeRow).where(ImprovementChangeRow.improvement_id.in_(ids))
    found: dict[int, list[Change]] = {each: [] for each in ids}
    for row in db.session.scalars(query.order_by(ImprovementChangeRow.id)):
        found[row.improvement_id].append(_change_of(row))
    return found


def delete_improvement(improvement: Improvement) -> None:
    """With its history."""
    db.session.execute(sa.delete(ImprovementRow).where(ImprovementRow.id == improvement.id))


def find_unchanged(caller: Caller, before: date) -> list[Improvement]:
    """Improvements of the caller's boards that nobody changed since before that day, in the order they were made."""
    query = sa.select(ImprovementRow).where(ImprovementRow.board_id.in_(board_ids(caller)))
    query = query.where(ImprovementRow.changed_on < before).order_by(ImprovementRow.id)
    return [_improvement_of(row) for row in db.session.scalars(query)]


def _improvement_of(row: ImprovementRow) -> Improvement:
    return Improvement(
        id=row.id,
        key=row.key,
        board=board_of(row.board),
        review_key=row.review.key if row.review else "",
        reference=row.review.reference if row.review else "",
        root=msgspec.json.decode(row.root, type=Root),
        aim=msgspec.json.decode(row.document, type=Aim),
        version=row.version,
        made_on=row.made_on,
        changed_on=row.changed_on,
    )


def _change_of(row: ImprovementChangeRow) -> Change:
    fields = msgspec.json.decode(row.document, type=tuple[FieldChange, ...])
    return Change(at=datetime.fromtimestamp(row.at, UTC), who=row.who, fields=fields)

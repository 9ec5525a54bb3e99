"""Notes of the conversation on a round's markers."""

from datetime import date

import msgspec
import sqlalchemy as sa

from scrqm_forms.domain.errors import NewerVersion
from scrqm_forms.domain.notes import Notes
from scrqm_forms.domain.questionnaire import as_document
from scrqm_forms.domain.review import Caller, Round
from scrqm_forms.storage.boards import board_ids
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import NoteRow, ReviewRow, RoundRow


def read_notes(round_: Round) -> dict[str, tuple[Notes, int]]:
    """Marker id -> (notes, version)."""
    query = sa.select(NoteRow.key, NoteRow.document, NoteRow.version).where(NoteRow.round_id == round_.id)
    return {key: (_notes_of(document), version) for key, document, version in db.session.execute(query)}


def store_notes(round_: Round, key: str, notes: Notes, version: int) -> int:
    """Store `notes` over the `version` they were made from (0: none yet) and return the new version.

    What is stored already keeps its version. Raises NewerVersion, storing nothing, when another save came in between.
    """
    row = db.session.get(NoteRow, (round_.id, key), with_for_update=True)
    if row is not None and _notes_of(row.document) == notes:
        return row.version
    if (row.version if row else 0) != version:
        raise NewerVersion
    if row is None:
        row = NoteRow(round_id=round_.id, key=key)
        db.session.add(row)
    row.version, row.document = version + 1, as_document(notes)
    return version + 1


def count_notes(round_: Round) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(NoteRow.round_id == round_.id)) or 0


def delete_notes(round_: Round) -> None:
    db.session.execute(sa.delete(NoteRow).where(NoteRow.round_id == round_.id))


def find_rounds_with_notes(caller: Caller, kept_until_before: date) -> list[int]:
    """Ids of the caller's rounds that have notes, of reviews whose answers were kept until before that day."""
    query = sa.select(NoteRow.round_id).distinct().join(RoundRow, RoundRow.id == NoteRow.round_id)
    query = query.join(ReviewRow, ReviewRow.id == RoundRow.review_id)
    query = query.where(ReviewRow.board_id.in_(board_ids(caller)), ReviewRow.keep_until < kept_until_before)
    return list(db.session.scalars(query.order_by(NoteRow.round_id)))


def _notes_of(document: str) -> Notes:
    return msgspec.json.decode(document, type=Notes)

"""Responses and their entries. Long reads go through the driver's own cursor, row by row, without ORM entities."""

import base64
import hashlib
import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from scrqm_forms.domain.errors import NewerVersion
from scrqm_forms.domain.questionnaire import as_document
from scrqm_forms.domain.response import Codes, Entry, read_codes, read_entry
from scrqm_forms.domain.review import Round
from scrqm_forms.storage.database import db, in_order
from scrqm_forms.storage.models import EntryRow, InvitationRow, ResponseRow


class Response(Struct, frozen=True, kw_only=True):
    """A response without its entries."""

    id: str
    round_id: int
    group: str
    submitted: bool


class StoredResponse(Struct, frozen=True, kw_only=True):
    """A submitted response as read for results and exports; person and day only in named rounds."""

    id: str
    group: str
    role: str | None
    name: str | None
    agency: str | None
    submitted_on: date | None
    entries: dict[str, Entry]


class CountedResponse(Struct, frozen=True, kw_only=True):
    """A submitted response as read for counting."""

    group: str
    #: Only in named rounds.
    role: str | None
    entries: dict[str, Codes]


class PersonResponse(Struct, frozen=True, kw_only=True):
    """The response of one person in a named round, sent or not."""

    submitted: bool
    submitted_on: date | None
    entries: dict[str, Entry]


# Statements that come with every page or save of a participant: made once, and without ORM entities.
_RESPONSE, _ENTRY = ResponseRow.__table__.c, EntryRow.__table__.c
_FIND = sa.select(_RESPONSE.id, _RESPONSE.round_id, _RESPONSE.group_key, _RESPONSE.submitted).where(
    _RESPONSE.link_hash == sa.bindparam("link_hash")
)
_FIND_TO_CHANGE = _FIND.with_for_update()
_READ_ENTRY = sa.select(_ENTRY.document, _ENTRY.version).where(
    _ENTRY.response_id == sa.bindparam("response"), _ENTRY.key == sa.bindparam("entry")
)
_CHANGE_ENTRY = (
    sa.update(EntryRow.__table__)  # type: ignore[arg-type]
    .where(
        _ENTRY.response_id == sa.bindparam("response"),
        _ENTRY.key == sa.bindparam("entry"),
        _ENTRY.version == sa.bindparam("made_from"),
    )
    .values(document=sa.bindparam("text"), version=sa.bindparam("made_from") + 1)
)


def new_response_id() -> str:
    """16 random bytes in 26 letters: tells nothing about when the response was begun."""
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def find_response(link_hash: str, *, to_change: bool = False) -> Response | None:
    """`to_change`: who else would change it waits until this transaction ends (SQLite has one writer anyway)."""
    row = db.session.execute(_FIND_TO_CHANGE if to_change else _FIND, {"link_hash": link_hash}).one_or_none()
    return Response(id=row.id, round_id=row.round_id, group=row.group_key, submitted=row.submitted) if row else None


def find_of_person(round_: Round, invitation_id: int) -> PersonResponse | None:
    """For named rounds: in a confidential one there is never any."""
    mine = (ResponseRow.round_id == round_.id, ResponseRow.invitation_id == invitation_id)
    row = db.session.scalar(sa.select(ResponseRow).where(*mine))
    if row is None:
        return None
    entries = db.session.execute(sa.select(EntryRow.key, EntryRow.document).where(EntryRow.response_id == row.id))
    found = {key: read_entry(document) for key, document in entries}
    return PersonResponse(submitted=row.submitted, submitted_on=row.submitted_on, entries=found)


def add_response(
    round_: Round, link_hash: str, group: str, *, invitation_id: int | None = None, role: str | None = None
) -> Response:
    """A response not yet submitted. `invitation_id` and `role` are for named rounds only."""
    row = ResponseRow(id=new_response_id(), round_id=round_.id, link_hash=link_hash, group_key=group, submitted=False)
    row.invitation_id, row.role = invitation_id, role
    db.session.add(row)
    db.session.flush()
    return Response(id=row.id, round_id=round_.id, group=group, submitted=False)


def set_submitted(response: Response, submitted: bool, submitted_on: date | None) -> None:
    db.session.execute(
        sa.update(ResponseRow)
        .where(ResponseRow.id == response.id)
        .values(submitted=submitted, submitted_on=submitted_on)
    )


def read_entries(response: Response) -> dict[str, tuple[Entry, int]]:
    """Entry key -> (entry, version)."""
    query = sa.select(EntryRow.key, EntryRow.document, EntryRow.version).where(EntryRow.response_id == response.id)
    return {key: (read_entry(document), version) for key, document, version in db.session.execute(query)}


def store_entry(response: Response, key: str, entry: Entry, version: int) -> int:
    """Store `entry` over the `version` it was made from (0: none yet) and return its new version.

    What is stored already (a double press, a retry, a look at it in another window) keeps its version, and is no
    conflict. Raises NewerVersion, storing nothing, when another save came in between.
    """
    place = {"response": response.id, "entry": key}
    stored = db.session.execute(_READ_ENTRY, place).one_or_none()
    if stored is not None and read_entry(stored.document) == entry:
        return int(stored.version)
    document = as_document(entry)
    if version == 0:
        if stored is not None:
            raise NewerVersion
        db.session.add(EntryRow(response_id=response.id, key=key, version=1, document=document))
        db.session.flush()
        return 1
    changed = db.session.execute(_CHANGE_ENTRY, {**place, "made_from": version, "text": document})
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise NewerVersion
    return version + 1


def count_submitted(round_: Round) -> dict[str, int]:
    """Group key -> submitted responses."""
    query = sa.select(ResponseRow.group_key, sa.func.count()).where(
        ResponseRow.round_id == round_.id, ResponseRow.submitted
    )
    return {group: number for group, number in db.session.execute(query.group_by(ResponseRow.group_key))}  # noqa: C416


def ids_submitted(round_: Round) -> str:
    """A digest of the ids of all submitted responses."""
    query = sa.select(ResponseRow.id).where(ResponseRow.round_id == round_.id, ResponseRow.submitted)
    return hashlib.sha256("".join(db.session.scalars(query.order_by(in_order(ResponseRow.id)))).encode()).hexdigest()


def has_responses(round_: Round) -> bool:
    return db.session.scalar(sa.select(ResponseRow.id).where(ResponseRow.round_id == round_.id).limit(1)) is not None


def add_synthetic(round_: Round, rows: Iterable[dict[str, Any]], entries: Iterable[dict[str, Any]]) -> None:
    """Many made-up responses at once: rows of `response` and `entry` as they stand in the tables."""
    for table, values in ((ResponseRow, rows), (EntryRow, entries)):
        batch: list[dict[str, Any]] = []
        for value in values:
            batch.append(value)
            if len(batch) == 5000:
                db.session.execute(sa.insert(table), batch)
                batch = []
        if batch:
            db.session.execute(sa.insert(table), batch)


def read_submitted(
    round_: Round, entry: str | None = None, *, groups: Collection[str] | None = None
) -> Iterator[StoredResponse]:
    """Every submitted response of a round, or of some of its groups, with its entries, or with the one named: in the
    order of response ids, one pass.

    Reads in the session's transaction, so that all that is read in one is of the same moment, and holds nobody up; the
    cursor is given back when the iterator is exhausted or closed.
    """
    named = round_.settings.mode == "named"
    query = _submitted_query(named, entry)
    if groups is not None:
        query = query.where(ResponseRow.group_key.in_(groups))
    return (_response_of(rows, named) for rows in _read(round_, query))


def read_codes_submitted(round_: Round) -> Iterator[CountedResponse]:
    """The same without texts."""
    columns: list[Any] = [ResponseRow.id, ResponseRow.group_key, EntryRow.key, EntryRow.document, ResponseRow.role]
    query = sa.select(*columns).select_from(_joined()).order_by(in_order(ResponseRow.id))
    for rows in _read(round_, query):
        _, group, _, _, role = rows[0]
        entries = {row[2]: read_codes(row[3]) for row in rows if row[2] is not None}
        yield CountedResponse(group=group, role=role, entries=entries)


def _read(round_: Round, query: sa.Select[Any]) -> Iterator[list[Any]]:
    """The rows of one response after another."""
    query = query.where(ResponseRow.round_id == round_.id, ResponseRow.submitted)
    with closing(db.session.connection().execute(query, execution_options={"yield_per": 1000})) as rows:
        for _, group in groupby(rows, key=itemgetter(0)):
            yield list(group)


def _joined(entry: str | None = None) -> sa.FromClause:
    of_response = EntryRow.response_id == ResponseRow.id
    return sa.outerjoin(ResponseRow, EntryRow, of_response if entry is None else of_response & (EntryRow.key == entry))


def _submitted_query(named: bool, entry: str | None) -> sa.Select[Any]:
    columns: list[Any] = [ResponseRow.id, ResponseRow.group_key, EntryRow.key, EntryRow.document]
    joined = _joined(entry)
    if named:
        columns += [ResponseRow.role, ResponseRow.submitted_on, InvitationRow.name, InvitationRow.agency]
        joined = joined.outerjoin(InvitationRow, InvitationRow.id == ResponseRow.invitation_id)
    return sa.select(*columns).select_from(joined).order_by(in_order(ResponseRow.id))


def _response_of(rows: list[Any], named: bool) -> StoredResponse:
    first = rows[0]
    return StoredResponse(
        id=first[0],
        group=first[1],
        role=first[4] if named else None,
        submitted_on=first[5] if named else None,
        name=first[6] if named else None,
        agency=first[7] if named else None,
        entries={row[2]: read_entry(row[3]) for row in rows if row[2] is not None},
    )

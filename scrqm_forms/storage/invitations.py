"""Who is asked to take part in a round, and how far each has come."""

from collections import Counter
from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.review import Invitation, InvitationState, Person, Round
from scrqm_forms.storage.database import db, in_order
from scrqm_forms.storage.models import InvitationRow, ResponseRow, RoundRow


def add_invitations(round_: Round, people: Iterable[Person], state: InvitationState = "not_begun") -> None:
    values = [
        {"round_id": round_.id, "name": p.name, "email": p.email, "role": p.role, "agency": p.agency, "state": state}
        for p in people
    ]
    if values:
        db.session.execute(sa.insert(InvitationRow), values)


def list_invitations(round_: Round) -> list[Invitation]:
    """In order of role and name."""
    query = sa.select(InvitationRow).where(InvitationRow.round_id == round_.id)
    order = (in_order(InvitationRow.role), in_order(InvitationRow.name), InvitationRow.id)
    rows = db.session.scalars(query.order_by(*order))
    return [invitation_of(row) for row in rows]


def get_invitation(round_: Round, invitation_id: int) -> Invitation:
    return invitation_of(_row(round_, invitation_id))


def change_invitation(round_: Round, invitation_id: int, person: Person) -> None:
    row = _row(round_, invitation_id)
    row.name, row.email, row.role, row.agency = person.name, person.email, person.role, person.agency


def remove_invitation(round_: Round, invitation_id: int) -> None:
    db.session.delete(_row(round_, invitation_id))


def count_invited(round_: Round) -> dict[str, int]:
    """Role key -> people invited."""
    query = sa.select(InvitationRow.role, sa.func.count()).where(InvitationRow.round_id == round_.id)
    return {role: number for role, number in db.session.execute(query.group_by(InvitationRow.role))}  # noqa: C416  rows


def count_states(round_: Round) -> Counter[tuple[str, str]]:
    """(role key, state) -> people."""
    query = sa.select(InvitationRow.role, InvitationRow.state, sa.func.count()).where(
        InvitationRow.round_id == round_.id
    )
    rows = db.session.execute(query.group_by(InvitationRow.role, InvitationRow.state))
    return Counter({(role, state): number for role, state, number in rows})


def set_link(round_: Round, invitation_id: int, link_hash: str) -> None:
    """The invitation's only link from now on; the one before leads nowhere."""
    _row(round_, invitation_id).link_hash = link_hash


def exchange_link(invitation_id: int, link_hash: str, only: str | None = None) -> str | None:
    """Put another link in force (only in the place of `only`, where that is given); the one that was."""
    row = db.session.get_one(InvitationRow, invitation_id, with_for_update=True)
    before = row.link_hash
    if only is None or before == only:
        row.link_hash = link_hash
    return before


def move_response(round_: Round, invitation_id: int, link_hash: str) -> None:
    """Let a named response be reached by a new link."""
    db.session.execute(
        sa.update(ResponseRow)
        .where(ResponseRow.round_id == round_.id, ResponseRow.invitation_id == invitation_id)
        .values(link_hash=link_hash)
    )


#: Made once, since it is asked with every save.
_STANDING = (
    sa.select(*(RoundRow.__table__.c[name] for name in ("state", "closes_on", "on_hold", "synthetic")))
    .join(InvitationRow.__table__, InvitationRow.__table__.c.round_id == RoundRow.__table__.c.id)
    .where(InvitationRow.__table__.c.link_hash == sa.bindparam("link_hash"))
)


def renew_round(round_: Round, link_hash: str) -> Round | None:
    """The round as it stands now; None once the link was replaced by another."""
    row = db.session.execute(_STANDING, {"link_hash": link_hash}).one_or_none()
    return msgspec.structs.replace(round_, **row._mapping) if row else None


def links_in_use(round_: Round, link_hashes: Iterable[str]) -> dict[str, Invitation]:
    """Those of `link_hashes` that belong to people of this round."""
    query = sa.select(InvitationRow).where(
        InvitationRow.round_id == round_.id, InvitationRow.link_hash.in_(list(link_hashes))
    )
    return {row.link_hash or "": invitation_of(row) for row in db.session.scalars(query)}


def set_state(invitation_id: int, state: InvitationState) -> None:
    db.session.get_one(InvitationRow, invitation_id).state = state


def _row(round_: Round, invitation_id: int) -> InvitationRow:
    row = db.session.scalar(
        sa.select(InvitationRow).where(InvitationRow.id == invitation_id, InvitationRow.round_id == round_.id)
    )
    if row is None:
        raise NotFound("There is no such person in this round.")
    return row


def invitation_of(row: InvitationRow) -> Invitation:
    person = Person(name=row.name, email=row.email, role=row.role, agency=row.agency)
    return Invitation(id=row.id, person=person, state=row.state, has_link=row.link_hash is not None)  # type: ignore[arg-type]

"""Whoever holds a link, with what their every page and save needs: one statement, made once, without ORM entities."""

from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from scrqm_forms.domain.review import Invitation, Round
from scrqm_forms.storage.database import db
from scrqm_forms.storage.invitations import invitation_of
from scrqm_forms.storage.models import BoardRow, InvitationRow, QuestionnaireRow, ResponseRow, ReviewRow, RoundRow
from scrqm_forms.storage.responses import Response
from scrqm_forms.storage.reviews import round_of


class Holder(Struct, frozen=True, kw_only=True):
    """`digest` (SHA-256) is the questionnaire's, None before the round opens; `response` None until it is begun."""

    invitation: Invitation
    round: Round
    digest: str | None
    response: Response | None


# The logo's bytes are read only where they are sent.
_PARTS = [
    [column for column in row.__table__.c if column is not BoardRow.__table__.c.logo]
    for row in (InvitationRow, RoundRow, ReviewRow, BoardRow)
]
_RESPONSE = ResponseRow.__table__.c
_FIND = (
    sa.select(
        *(column for part in _PARTS for column in part),
        QuestionnaireRow.__table__.c.sha256,
        *(_RESPONSE[name] for name in ("id", "round_id", "group_key", "submitted")),
    )
    .select_from(InvitationRow.__table__)
    .join(RoundRow.__table__, RoundRow.__table__.c.id == InvitationRow.__table__.c.round_id)
    .join(ReviewRow.__table__)
    .join(BoardRow.__table__)
    .outerjoin(QuestionnaireRow.__table__, QuestionnaireRow.__table__.c.round_id == RoundRow.__table__.c.id)
    .outerjoin(ResponseRow.__table__, _RESPONSE.link_hash == sa.bindparam("response"))
    .where(InvitationRow.__table__.c.link_hash == sa.bindparam("invitation"))
)


def find_holder(invitation_hash: str, response_hash: str) -> Holder | None:
    """Whom a link belongs to, by what its secret makes of it; None where it leads nowhere."""
    row = db.session.execute(_FIND, {"invitation": invitation_hash, "response": response_hash}).one_or_none()
    if row is None:
        return None
    values = iter(row)
    invitation, round_, review, board = (_fields(part, values) for part in _PARTS)
    round_.review, review.board = review, board
    digest, response_id, round_id, group, submitted = values
    response = Response(id=response_id, round_id=round_id, group=group, submitted=submitted) if response_id else None
    return Holder(invitation=invitation_of(invitation), round=round_of(round_), digest=digest, response=response)


def _fields(columns: list[Any], values: Any) -> Any:
    """The next of the values by the names that a row of their table has."""
    return SimpleNamespace(**{column.name: next(values) for column in columns})

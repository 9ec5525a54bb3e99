"""Administrators and their one-time links; also what the sign-in library needs of storage."""

import secrets
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.review import Caller
from scrqm_forms.storage.boards import add_board_administrator, board_of
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import AdministratorRow, BoardRow, SignInLinkRow


class SignInLink(Struct, frozen=True, kw_only=True):
    """What a one-time link is for."""

    link_hash: str
    #: The address whose password it sets anew; None: it makes a new administrator.
    email: str | None
    administrator_id: int | None
    board_id: int | None


def count_administrators() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AdministratorRow)) or 0


def add_sign_in_link(
    link_hash: str, expires_at: int, *, email: str | None = None, board_key: str | None = None
) -> None:
    """`email`: for an administrator there is already. `board_key`: a new one will look after this board only."""
    administrator = _by_email(email) if email else None
    board = db.session.scalar(sa.select(BoardRow).where(BoardRow.key == board_key)) if board_key else None
    if email and administrator is None:
        raise NotFound(f'There is no administrator "{email}".')
    if board_key and board is None:
        raise NotFound(f'There is no board "{board_key}".')
    row = SignInLinkRow(link_hash=link_hash, expires_at=expires_at)
    row.administrator_id = administrator.id if administrator else None
    row.board_id = board.id if board else None
    db.session.add(row)


def find_sign_in_link(link_hash: str, now: int) -> SignInLink | None:
    row = db.session.get(SignInLinkRow, link_hash)
    if row is None or row.expires_at < now:
        return None
    administrator = db.session.get(AdministratorRow, row.administrator_id) if row.administrator_id else None
    return SignInLink(
        link_hash=link_hash,
        email=administrator.email if administrator else None,
        administrator_id=row.administrator_id,
        board_id=row.board_id,
    )


def use_sign_in_link(link: SignInLink, *, name: str, email: str, password_hash: str) -> AdministratorRow:
    """Make the administrator, or set the password anew; the link is gone. Raises Refused when it was used meanwhile."""
    row = db.session.get(SignInLinkRow, link.link_hash)
    if row is None:
        raise Refused("This link has been used already. Ask for a new one.")
    db.session.delete(row)
    if link.administrator_id is not None:
        return _reset(db.session.get_one(AdministratorRow, link.administrator_id), password_hash)
    if _by_email(email) is not None:
        raise Refused(
            "There is an administrator with this e-mail address already. Use another, or ask for a link for it."
        )
    every_board = link.board_id is None
    administrator = add_administrator(name=name, email=email, password_hash=password_hash, every_board=every_board)
    if link.board_id is not None:
        add_board_administrator(board_of(db.session.get_one(BoardRow, link.board_id)), administrator.id)
    return administrator


def add_administrator(*, name: str, email: str, password_hash: str, every_board: bool) -> AdministratorRow:
    row = AdministratorRow(name=name, email=email, password=password_hash, active=True)
    row.fs_uniquifier, row.every_board = secrets.token_hex(32), every_board
    db.session.add(row)
    db.session.flush()
    return row


def end_sessions(administrator_id: int) -> None:
    db.session.get_one(AdministratorRow, administrator_id).fs_uniquifier = secrets.token_hex(32)


def caller_of(administrator: Any) -> Caller:
    """The signed-in person, as services know them."""
    return Caller(administrator_id=administrator.id, every_board=administrator.every_board)


def _reset(administrator: AdministratorRow, password_hash: str) -> AdministratorRow:
    administrator.password, administrator.fs_uniquifier = password_hash, secrets.token_hex(32)
    return administrator


def _by_email(email: str) -> AdministratorRow | None:
    return db.session.scalar(sa.select(AdministratorRow).where(AdministratorRow.email == email.strip().lower()))

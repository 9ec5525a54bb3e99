"""One-time links: to become an administrator, to look after one more board, or to choose a new password."""

import json

import sqlalchemy as sa
from msgspec import Struct

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.permission import ALL, InvitedAdministrator, Permissions
from scrqm_forms.domain.review import Board
from scrqm_forms.storage import accounts
from scrqm_forms.storage.boards import add_board_administrator, board_of
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import AdministratorRow, BoardRow, SignInLinkRow


class SignInLink(Struct, frozen=True, kw_only=True):
    """What a one-time link is for."""

    link_hash: str
    #: Of the account it is for, or of whom it invites; None: whoever opens it.
    email: str | None
    #: The account whose password it sets anew.
    administrator_id: int | None
    #: The account there is already of whom it invites.
    joins: int | None
    #: The board to look after; None: every board.
    board: Board | None
    permissions: Permissions


def add_sign_in_link(
    link_hash: str,
    expires_at: int,
    *,
    administrator_id: int | None = None,
    board: Board | None = None,
    email: str = "",
    permissions: Permissions = ALL,
) -> None:
    """For the account `administrator_id`; or for a new administrator of `board`, or of every board."""
    row = SignInLinkRow(link_hash=link_hash, expires_at=expires_at, email=email)
    row.administrator_id, row.board_id = administrator_id, board.id if board else None
    row.permissions = json.dumps(sorted(permissions))
    db.session.add(row)


def find_sign_in_link(link_hash: str, now: int) -> SignInLink | None:
    row = db.session.get(SignInLinkRow, link_hash)
    if row is None or row.expires_at < now:
        return None
    account = db.session.get(AdministratorRow, row.administrator_id) if row.administrator_id else None
    joining = accounts.row_by_email(row.email) if row.email else None
    return SignInLink(
        link_hash=link_hash,
        email=account.email if account else row.email or None,
        administrator_id=row.administrator_id,
        joins=joining.id if joining else None,
        board=board_of(db.session.get_one(BoardRow, row.board_id)) if row.board_id else None,
        permissions=frozenset(json.loads(row.permissions)),
    )


def use_sign_in_link(link: SignInLink, *, name: str, email: str, password_hash: str) -> AdministratorRow:
    """Make the administrator, or set the password anew; the link is gone. Raises Refused when it was used meanwhile."""
    _use_up(link)
    if link.administrator_id is not None:
        return accounts.change_password(link.administrator_id, password_hash)
    if accounts.row_by_email(email) is not None:
        raise Refused(
            "There is an administrator with this e-mail address already. Use another, or ask for a link for it."
        )
    row = accounts.add_administrator(
        name=name, email=email, password_hash=password_hash, every_board=link.board is None
    )
    if link.board is not None:
        add_board_administrator(link.board, row.id, link.permissions)
    return row


def join_board(link: SignInLink, administrator_id: int) -> None:
    """The account there is already looks after the link's board too; the link is gone. Raises Refused as above.

    Who came to look after it in another way meanwhile keeps what they may do: an old link changes nothing of it.
    """
    _use_up(link)
    if link.board is not None and not accounts.get_account(administrator_id).on(link.board.key):
        add_board_administrator(link.board, administrator_id, link.permissions)
        accounts.forget_links(administrator_id)


def list_invited(board: Board) -> list[InvitedAdministrator]:
    """Links to look after the board that were not used, also those that ran out; by address."""
    query = sa.select(SignInLinkRow).where(SignInLinkRow.board_id == board.id, SignInLinkRow.administrator_id.is_(None))
    return [
        InvitedAdministrator(
            link_hash=row.link_hash,
            email=row.email,
            permissions=frozenset(json.loads(row.permissions)),
            expires_at=row.expires_at,
        )
        for row in db.session.scalars(query.order_by(SignInLinkRow.email, SignInLinkRow.link_hash))
    ]


def get_invited(board: Board, link_hash: str) -> InvitedAdministrator:
    """Raises NotFound for another board's, and for one that was used or taken back."""
    for each in list_invited(board):
        if each.link_hash == link_hash:
            return each
    raise NotFound("There is no such invitation.")


def remove_invited(board: Board, email: str) -> None:
    """The links that invite this address to the board."""
    db.session.execute(sa.delete(SignInLinkRow).where(SignInLinkRow.board_id == board.id, SignInLinkRow.email == email))


def remove_link(link_hash: str) -> None:
    db.session.execute(sa.delete(SignInLinkRow).where(SignInLinkRow.link_hash == link_hash))


def _use_up(link: SignInLink) -> None:
    row = db.session.get(SignInLinkRow, link.link_hash)
    if row is None:
        raise Refused("This link has been used already. Ask for a new one.")
    db.session.delete(row)

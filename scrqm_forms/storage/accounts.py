"""Administrators' accounts; also what the sign-in library needs of storage. Their one-time links: sign_in_links.py."""

import json
import secrets
from typing import Any

import sqlalchemy as sa

from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.permission import Account, Permissions
from scrqm_forms.domain.review import Caller
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import AdministratorRow, BoardAdministratorRow, BoardRow, SignInLinkRow


def count_administrators() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(AdministratorRow)) or 0


def list_accounts() -> list[Account]:
    """Of the whole service, in order of name."""
    query = sa.select(BoardAdministratorRow, BoardRow.key).join(BoardRow, BoardRow.id == BoardAdministratorRow.board_id)
    boards: dict[int, dict[str, Permissions]] = {}
    for row, key in db.session.execute(query.order_by(BoardRow.key)):
        boards.setdefault(row.administrator_id, {})[key] = frozenset(json.loads(row.permissions))
    rows = db.session.scalars(sa.select(AdministratorRow))
    accounts = [
        Account(
            id=row.id,
            name=row.name,
            email=row.email,
            active=row.active,
            every_board=row.every_board,
            boards=boards.get(row.id, {}),
        )
        for row in rows
    ]
    return sorted(accounts, key=lambda account: (account.name.casefold(), account.email))


def get_account(administrator_id: int) -> Account:
    """Raises NotFound."""
    for account in list_accounts():
        if account.id == administrator_id:
            return account
    raise NotFound("There is no such administrator.")


def find_account(email: str) -> Account | None:
    row = row_by_email(email)
    return get_account(row.id) if row else None


def add_administrator(*, name: str, email: str, password_hash: str, every_board: bool) -> AdministratorRow:
    row = AdministratorRow(name=name, email=email, password=password_hash, active=True)
    row.fs_uniquifier, row.every_board = secrets.token_hex(32), every_board
    db.session.add(row)
    db.session.flush()
    return row


def change_name(administrator_id: int, name: str) -> None:
    db.session.get_one(AdministratorRow, administrator_id).name = name


def change_password(administrator_id: int, password_hash: str) -> AdministratorRow:
    """Also ends every session, and forgets links to the account."""
    row = db.session.get_one(AdministratorRow, administrator_id)
    row.password = password_hash
    end_sessions(administrator_id)
    forget_links(administrator_id)
    return row


def change_active(administrator_id: int, active: bool) -> None:
    db.session.get_one(AdministratorRow, administrator_id).active = active
    end_sessions(administrator_id)
    forget_links(administrator_id)


def end_sessions(administrator_id: int) -> None:
    db.session.get_one(AdministratorRow, administrator_id).fs_uniquifier = secrets.token_hex(32)


def forget_links(administrator_id: int) -> None:
    """Links to the account lead nowhere any more: what it may do, or whose it is, has changed since they were made."""
    db.session.execute(sa.delete(SignInLinkRow).where(SignInLinkRow.administrator_id == administrator_id))


def caller_of(administrator: Any) -> Caller:
    """The signed-in person, as services know them."""
    return Caller(administrator_id=administrator.id, every_board=administrator.every_board)


def row_by_email(email: str) -> AdministratorRow | None:
    return db.session.scalar(sa.select(AdministratorRow).where(AdministratorRow.email == email.strip().lower()))

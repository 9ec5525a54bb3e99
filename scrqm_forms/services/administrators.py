"""Who looks after a board: invite, say what each may do, help those locked out, end their access."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

import msgspec

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.permission import (
    NONE,
    Account,
    InvitedAdministrator,
    PermissionKey,
    Permissions,
    check_handing_on,
    check_service_stays,
    may_do_all_of,
    read_permissions,
)
from scrqm_forms.domain.review import OPERATOR, Board, Caller
from scrqm_forms.services.accounts import check_active, note_link, store_link
from scrqm_forms.storage import accounts, boards
from scrqm_forms.storage import sign_in_links as links
from scrqm_forms.storage.database import writing


def list_administrators(board: Board) -> list[Account]:
    """Everybody who may do something on the board, in order of name."""
    return [account for account in accounts.list_accounts() if account.on(board.key)]


def whom_to_ask(board: Board, permission: PermissionKey) -> list[str]:
    """Names of those who can give the permission on the board: who have it, and look after the accounts."""
    both = {"service", permission}
    return [each.name for each in list_administrators(board) if each.active and both <= each.on(board.key)]


def get_administrator(board: Board, administrator_id: int) -> Account:
    """Raises NotFound for somebody who does not look after this board."""
    account = accounts.get_account(administrator_id)
    if not account.on(board.key):
        raise NotFound("There is no such administrator of this board.")
    return account


def invite_administrator(caller: Caller, board: Board, email: str, keys: Iterable[str], now: datetime) -> str:
    """The secret of a one-time link, shown this once. An earlier one for the same address stops working.

    Raises Refused naming what is missing, and for what the caller may not hand on.
    """
    email = email.strip().lower()
    if "@" not in email.strip("@"):
        raise Refused("E-mail address: enter an address like name@example.org.")
    permissions = read_permissions(keys)
    with writing():
        account = accounts.find_account(email)
        if account is not None:
            check_active(account)
            if account.on(board.key):
                raise Refused(f"E-mail address: {email} is among the administrators of this board already.")
        return _invite(caller, board, email, permissions, now)


def invite_again(caller: Caller, board: Board, link_hash: str, now: datetime) -> tuple[str, str]:
    """(address, secret) of a new link in the place of one that was lost or ran out."""
    with writing():
        before = links.get_invited(board, link_hash)
        links.remove_link(link_hash)
        return before.email, _invite(caller, board, before.email, before.permissions, now)


def _invite(caller: Caller, board: Board, email: str, permissions: Permissions, now: datetime) -> str:
    check_handing_on(boards.permissions_of(caller, board), NONE, permissions)
    if email:
        links.remove_invited(board, email)
    note_link(caller, "administrator_invited", email, now, board, permissions)
    return store_link(now, board=board, email=email, permissions=permissions)


def withdraw_invitation(caller: Caller, board: Board, link_hash: str, now: datetime) -> InvitedAdministrator:
    """The link stops working."""
    with writing():
        invited = links.get_invited(board, link_hash)
        links.remove_link(link_hash)
        note_link(caller, "administrator_disabled", invited.email, now, board)
    return invited


def change_permissions(caller: Caller, board: Board, administrator_id: int, keys: Iterable[str], now: datetime) -> None:
    """Raises Refused for what the caller may not hand on, and when nobody could look after the accounts any more.

    The command line may also name somebody who does not look after the board yet.
    """
    after = read_permissions(keys)
    with writing():
        find = accounts.get_account if caller == OPERATOR else partial(get_administrator, board)
        account = find(administrator_id)
        _check_of_a_board(account)
        before = account.on(board.key)
        check_handing_on(boards.permissions_of(caller, board), before, after)
        _check_left(caller, board, account, after)
        boards.add_board_administrator(board, account.id, after)
        accounts.forget_links(account.id)
        note_link(caller, "administrator_changed", account.email, now, board, after)


def take_off_board(caller: Caller, board: Board, administrator_id: int, now: datetime) -> None:
    """End somebody's access to this board, at once and on every device. They can be invited again."""
    with writing():
        account = get_administrator(board, administrator_id)
        _check_of_a_board(account)
        _check_left(caller, board, account, NONE)
        boards.remove_board_administrator(board, account.id)
        accounts.end_sessions(account.id)
        accounts.forget_links(account.id)
        note_link(caller, "administrator_disabled", account.email, now, board)


def _check_of_a_board(account: Account) -> None:
    if account.every_board:
        raise Refused(f"{account.email} looks after every board of this service, and may do everything on each.")


def _check_left(caller: Caller, board: Board, account: Account, after: Permissions) -> None:
    """The command line may leave a board without: it can give the permission to somebody again."""
    if caller == OPERATOR:
        return
    changed = msgspec.structs.replace(account, boards={**account.boards, board.key: after})
    others = [each for each in accounts.list_accounts() if each.id != account.id]
    check_service_stays([*others, changed], board.key)


def make_link_for(caller: Caller, board: Board, administrator_id: int, now: datetime) -> str:
    """The secret of a one-time link with which somebody locked out chooses a new password.

    Raises Refused where the account may do more than the caller: whoever makes a link could open it.
    """
    with writing():
        account = get_administrator(board, administrator_id)
        check_active(account)
        if not can_make_link_for(caller, account):
            raise Refused(
                f"{account.name} may do more than you may, here or on another board, so you cannot make a link to "
                "their account. Whoever runs the program can."
            )
        accounts.forget_links(account.id)
        note_link(caller, "administrator_link_made", account.email, now, board)
        return store_link(now, administrator_id=account.id)


def can_make_link_for(caller: Caller, account: Account) -> bool:
    own = accounts.get_account(caller.administrator_id) if caller.administrator_id is not None else None
    return own is None or may_do_all_of(own, account)


def disable_account(caller: Caller, administrator_id: int, now: datetime) -> None:
    """Nobody gets in with it any more, on any board, from now on; what it may do is kept."""
    with writing():
        account = accounts.get_account(administrator_id)
        _check_service_s_own(caller)
        if account.id == caller.administrator_id:
            raise Refused("You cannot disable your own account. Ask somebody else who looks after every board.")
        accounts.change_active(account.id, False)
        _note_on_each_board(caller, "administrator_disabled", account, now)


def enable_account(caller: Caller, administrator_id: int, now: datetime) -> None:
    """The password is the one of before."""
    with writing():
        account = accounts.get_account(administrator_id)
        _check_service_s_own(caller)
        accounts.change_active(account.id, True)
        _note_on_each_board(caller, "administrator_enabled", account, now)


def _note_on_each_board(caller: Caller, what: str, account: Account, now: datetime) -> None:
    """In the list of every board that the account looks after; the whole service's list holds those of all boards."""
    for key in account.boards:
        note_link(caller, what, account.email, now, boards.get_board(OPERATOR, key))
    if not account.boards:
        note_link(caller, what, account.email, now)


def _check_service_s_own(caller: Caller) -> None:
    if not caller.every_board:
        raise Refused("An account is disabled and enabled by somebody who looks after every board.")

"""`admin`: who looks after boards, from outside of the pages. Whoever runs this can read everything anyway."""

from datetime import UTC, datetime
from typing import Any

import click

from scrqm_forms.cli.common import as_json, base_address, names, print_rows, say, with_app
from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.permission import PERMISSIONS, Account, InvitedAdministrator, in_order, read_permissions
from scrqm_forms.domain.review import OPERATOR, Board
from scrqm_forms.services import accounts, administrators
from scrqm_forms.storage.accounts import find_account, list_accounts
from scrqm_forms.storage.boards import get_board, list_boards
from scrqm_forms.storage.sign_in_links import list_invited

_EVERYTHING = ",".join(PERMISSIONS)


@click.group()
def admin() -> None:
    """Administrators, and what they may do."""


@admin.command("list")
@as_json
@with_app
def list_(as_json: bool) -> None:
    """List the administrators, what each may do on which board, and who is invited."""
    rows = [_row(account) for account in list_accounts()]
    rows += [_invited_row(board, each) for board in list_boards(OPERATOR) for each in list_invited(board)]
    if not as_json:
        rows = [row | {"boards": _boards_in_words(row)} for row in rows]
        rows = [{key: row[key] for key in ("email", "name", "state", "boards")} for row in rows]
    print_rows(rows, as_json)


def _row(account: Account) -> dict[str, Any]:
    return {
        "email": account.email,
        "name": account.name,
        "state": "active" if account.active else "disabled",
        "every_board": account.every_board,
        "boards": {key: _keys(permissions) for key, permissions in account.boards.items()},
    }


def _invited_row(board: Board, each: InvitedAdministrator) -> dict[str, Any]:
    expired = each.expires_at < datetime.now(UTC).timestamp()
    return {
        "email": each.email,
        "name": "",
        "state": "link ran out" if expired else "invited",
        "every_board": False,
        "boards": {board.key: _keys(each.permissions)},
    }


def _keys(permissions: frozenset[Any]) -> list[str]:
    return [each.key for each in in_order(permissions)]


def _boards_in_words(row: dict[str, Any]) -> str:
    if row["every_board"]:
        return "everything, on every board"
    return "; ".join(f"{key}: {', '.join(keys)}" for key, keys in row["boards"].items())


@admin.command("link")
@click.option("--email", help="Lets this administrator choose a new password; with --board, invites this address.")
@click.option("--board", "board_key", help="A new administrator for this board only; otherwise for every board.")
@click.option("--permissions", help=f"With --board: some of {_EVERYTHING}, separated by commas. Without it: all.")
@with_app
def link(email: str | None, board_key: str | None, permissions: str | None) -> None:
    """Print a one-time link that makes an administrator, or resets a password. It lasts two days."""
    if permissions is not None and not board_key:
        raise click.UsageError("--permissions goes with --board: who looks after every board may do everything.")
    given = read_permissions(names(permissions if permissions is not None else _EVERYTHING))
    now = datetime.now(UTC)
    if email and board_key:
        board = get_board(OPERATOR, board_key)
        secret = administrators.invite_administrator(OPERATOR, board, email, given, now)
    else:
        secret = accounts.make_sign_in_link(now, email=email, board_key=board_key, permissions=given)
    click.echo(f"{base_address()}/welcome/{secret}")


@admin.command("permissions")
@click.argument("email")
@click.option("--board", "board_key", required=True, help="The board's key.")
@click.option("--permissions", required=True, help=f'Some of {_EVERYTHING}, separated by commas; "" for none.')
@with_app
def permissions_(email: str, board_key: str, permissions: str) -> None:
    """Say what an administrator may do on a board; "" takes them off it, and signs them out."""
    board, account = get_board(OPERATOR, board_key), _account(email)
    if names(permissions):
        administrators.change_permissions(OPERATOR, board, account.id, names(permissions), datetime.now(UTC))
    else:
        administrators.take_off_board(OPERATOR, board, account.id, datetime.now(UTC))
    _note_alone(board)


@admin.command("disable")
@click.argument("email")
@with_app
def disable(email: str) -> None:
    """Let an administrator in no more, on any board, from this moment; "admin enable" lets them in again."""
    account = _account(email)
    administrators.disable_account(OPERATOR, account.id, datetime.now(UTC))
    for board in list_boards(OPERATOR):
        if account.on(board.key):
            _note_alone(board)


@admin.command("enable")
@click.argument("email")
@with_app
def enable(email: str) -> None:
    """Let a disabled administrator in again, with the permissions and password of before."""
    administrators.enable_account(OPERATOR, _account(email).id, datetime.now(UTC))


def _note_alone(board: Board) -> None:
    if not administrators.whom_to_ask(board, "service"):
        say(f"Note: nobody may look after the settings and accounts of the board {board.key} now.")


def _account(email: str) -> Account:
    account = find_account(email)
    if account is None:
        raise NotFound(f'There is no administrator "{email}".')
    return account


COMMANDS = (admin,)

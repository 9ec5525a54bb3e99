"""Administrators' accounts: one-time links, name and password, and the limits on guessing."""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from argon2 import PasswordHasher

from scrqm_forms.domain.errors import NotFound, Refused, ScrqmFormsError
from scrqm_forms.domain.links import link_hash
from scrqm_forms.domain.names import tidy_name
from scrqm_forms.domain.permission import ALL, NONE, Account, Permissions, in_order
from scrqm_forms.domain.review import OPERATOR, Board, Caller
from scrqm_forms.instance import Instance
from scrqm_forms.storage import accounts, events, throttle
from scrqm_forms.storage import sign_in_links as links
from scrqm_forms.storage.boards import get_board
from scrqm_forms.storage.database import writing
from scrqm_forms.storage.models import AdministratorRow

LINK_LASTS = timedelta(hours=48)
SHORTEST_PASSWORD = 12

#: Scope -> failures allowed in a window of so many seconds.
LIMITS = {"sign-in account": (10, 900), "sign-in address": (50, 900), "link address": (50, 900)}


class TooManyFailures(ScrqmFormsError):
    """Somebody is guessing, or somebody is unlucky; either way: later."""


def make_sign_in_link(
    now: datetime, *, email: str | None = None, board_key: str | None = None, permissions: Permissions = ALL
) -> str:
    """The secret of a new one-time link, as the command line makes them, whoever's it is.

    For the account `email`; or for a new administrator, of one board with `permissions`, or of every board.
    """
    with writing():
        if email:
            account = account_called(email)
            note_link(OPERATOR, "administrator_link_made", account.email, now)
            return store_link(now, administrator_id=account.id)
        board = get_board(OPERATOR, board_key) if board_key else None
        note_link(OPERATOR, "administrator_invited", "", now, board, permissions)
        return store_link(now, board=board, permissions=permissions)


def store_link(now: datetime, **what: Any) -> str:
    """The secret of a link that is stored as `what` says (storage.sign_in_links); within a transaction."""
    secret = secrets.token_urlsafe(32)
    links.add_sign_in_link(link_hash(secret, "sign-in"), int((now + LINK_LASTS).timestamp()), **what)
    return secret


def note_link(
    caller: Caller,
    what: str,
    email: str,
    now: datetime,
    board: Board | None = None,
    permissions: Permissions = NONE,
) -> None:
    """Note what was done about an administrator, within the transaction in which it is done."""
    details = {"administrator": email, "permissions": ", ".join(each.key for each in in_order(permissions))}
    events.add_event(caller, what, now, board=board, details={key: value for key, value in details.items() if value})


def account_called(email: str) -> Account:
    """Raises NotFound; and Refused while the account is disabled."""
    account = accounts.find_account(email)
    if account is None:
        raise NotFound(f'There is no administrator "{email}".')
    check_active(account)
    return account


def check_active(account: Account) -> None:
    if not account.active:
        raise Refused(f"The account of {account.email} is disabled. It has to be enabled first.")


def find_sign_in_link(secret: str, now: datetime) -> links.SignInLink | None:
    return links.find_sign_in_link(link_hash(secret, "sign-in"), int(now.timestamp()))


def use_sign_in_link(
    link: links.SignInLink, *, name: str, email: str, password: str, hash_password: Callable[[str], str]
) -> AdministratorRow:
    """Set up the account, or its new password. Raises Refused naming what is missing."""
    email = (link.email or email).strip().lower()
    if link.administrator_id is None:
        name = check_name(name)
    if "@" not in email.strip("@"):
        raise Refused("E-mail address: enter an address like name@example.org.")
    check_password(password)
    hashed = hash_password(password)
    with writing():
        return links.use_sign_in_link(link, name=name, email=email, password_hash=hashed)


def join_board(link: links.SignInLink) -> int:
    """Who is invited has an account, and has shown that it is theirs: they look after the board too; returns the id."""
    with writing():
        account = accounts.get_account(link.joins or 0)
        check_active(account)
        links.join_board(link, account.id)
    return account.id


def change_name(administrator_id: int, name: str) -> None:
    """Raises Refused without a name."""
    name = check_name(name)
    with writing():
        accounts.change_name(administrator_id, name)


def change_password(administrator_id: int, password: str, hash_password: Callable[[str], str]) -> None:
    """Sessions on other devices end, and so does this one. Raises Refused for a password that is too short."""
    check_password(password)
    hashed = hash_password(password)
    with writing():
        accounts.change_password(administrator_id, hashed)


def check_name(name: str) -> str:
    if not name.strip():
        raise Refused("Name: enter your name.")
    return tidy_name(name, "Name")


def check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"Password: use at least {SHORTEST_PASSWORD} characters; three words in a row do well.")


def add_demo_administrator(name: str, email: str) -> int:
    """An administrator of every board whom no password lets in; returns the id. For the demonstration only."""
    nobodys = PasswordHasher().hash(secrets.token_urlsafe(32))
    with writing():
        return accounts.add_administrator(name=name, email=email, password_hash=nobodys, every_board=True).id


def end_sessions(administrator_id: int) -> None:
    """Nobody is signed in as this administrator any more, on any device."""
    with writing():
        accounts.end_sessions(administrator_id)


def check_throttle(instance: Instance, scope: str, who: str, now: datetime) -> None:
    """Raises TooManyFailures once the limit of `scope` is reached for `who` (an account or address)."""
    allowed, _ = LIMITS[scope]
    if throttle.count_failures(_key(instance, scope, who), int(now.timestamp())) >= allowed:
        raise TooManyFailures("There were too many tries. Please wait a quarter of an hour and try again.")


def note_failure(instance: Instance, scope: str, who: str, now: datetime) -> None:
    with writing():
        throttle.add_failure(_key(instance, scope, who), int(now.timestamp()), LIMITS[scope][1])


def forget_failures(instance: Instance, scope: str, who: str) -> None:
    with writing():
        throttle.forget_failures(_key(instance, scope, who))


def _key(instance: Instance, scope: str, who: str) -> str:
    return f"{scope}:{hmac.digest(instance.key('throttle'), f'{scope}:{who}'.encode(), 'sha256').hex()[:48]}"

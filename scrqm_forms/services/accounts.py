"""Administrators: one-time links, and the limits on guessing."""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from argon2 import PasswordHasher

from scrqm_forms.domain.errors import Refused, ScrqmFormsError
from scrqm_forms.domain.links import link_hash
from scrqm_forms.instance import Instance
from scrqm_forms.storage import accounts, throttle
from scrqm_forms.storage.database import writing
from scrqm_forms.storage.models import AdministratorRow

LINK_LASTS = timedelta(hours=48)
SHORTEST_PASSWORD = 12

#: Scope -> failures allowed in a window of so many seconds.
LIMITS = {"sign-in account": (10, 900), "sign-in address": (50, 900), "link address": (50, 900)}


class TooManyFailures(ScrqmFormsError):
    """Somebody is guessing, or somebody is unlucky; either way: later."""


def make_sign_in_link(now: datetime, *, email: str | None = None, board_key: str | None = None) -> str:
    """The secret of a new one-time link: for the administrator `email`, or for a new one (of one board, or of all)."""
    secret = secrets.token_urlsafe(32)
    expires = int((now + LINK_LASTS).timestamp())
    with writing():
        accounts.add_sign_in_link(link_hash(secret, "sign-in"), expires, email=email, board_key=board_key)
    return secret


def find_sign_in_link(secret: str, now: datetime) -> accounts.SignInLink | None:
    return accounts.find_sign_in_link(link_hash(secret, "sign-in"), int(now.timestamp()))


def use_sign_in_link(
    link: accounts.SignInLink, *, name: str, email: str, password: str, hash_password: Callable[[str], str]
) -> AdministratorRow:
    """Set up the account. Raises Refused naming what is missing."""
    email = (link.email or email).strip().lower()
    if link.email is None and not name.strip():
        raise Refused("Name: enter your name.")
    if "@" not in email.strip("@"):
        raise Refused("E-mail address: enter an address like name@example.org.")
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"Password: use at least {SHORTEST_PASSWORD} characters; three words in a row do well.")
    hashed = hash_password(password)
    with writing():
        return accounts.use_sign_in_link(link, name=name.strip(), email=email, password_hash=hashed)


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

"""What an administrator may do on a board, and what may be handed on."""

from collections.abc import Iterable, Mapping
from typing import Literal, cast

from msgspec import Struct

from scrqm_forms.domain.errors import Refused, ScrqmFormsError
from scrqm_forms.domain.review import Board

PermissionKey = Literal["manage", "read_answers", "service"]
#: What a page asks for: a permission, or ("see") only to be one of the board's administrators.
Need = Literal["see", "manage", "read_answers", "service"]
Permissions = frozenset[PermissionKey]


class Permission(Struct, frozen=True, kw_only=True):
    key: PermissionKey
    title: str
    #: What somebody who has it may do, as whole sentences.
    may: str
    #: Goes on after "You may not".
    refused: str


PERMISSIONS: dict[PermissionKey, Permission] = {
    each.key: each
    for each in (
        Permission(
            key="manage",
            title="Manage reviews",
            may="Set up reviews and rounds, open and close them, move dates; add people and make their links; put "
            "rounds on hold, erase a person, and delete answers when their time is over; look after the register of "
            "improvements and the board's own markers. Shows no answers.",
            refused="manage reviews",
        ),
        Permission(
            key="read_answers",
            title="Read answers",
            may="Read results and what people wrote, and export them; in a named round with their names. Write notes "
            "of the conversation.",
            refused="read answers",
        ),
        Permission(
            key="service",
            title="Settings and accounts",
            may="Change the board's settings and look; invite other administrators, and say what each may do. "
            "Shows no answers.",
            refused="change settings or accounts",
        ),
    )
}
ALL: Permissions = frozenset(PERMISSIONS)
NONE: Permissions = frozenset()


class NotAllowed(ScrqmFormsError):
    """The caller knows the board (None: it is about boards as such), and lacks a permission."""

    def __init__(self, permission: PermissionKey, board: Board | None) -> None:
        self.permission, self.board = PERMISSIONS[permission], board
        super().__init__(f"You may not {self.permission.refused} here.")


class Account(Struct, frozen=True, kw_only=True):
    """An administrator."""

    id: int
    name: str
    email: str
    #: Not active: disabled, on every board.
    active: bool
    #: The service's own: may do everything on every board, those made later too.
    every_board: bool
    #: Board key -> what may be done there.
    boards: Mapping[str, Permissions]

    def on(self, board_key: str) -> Permissions:
        return ALL if self.every_board else self.boards.get(board_key, NONE)


class InvitedAdministrator(Struct, frozen=True, kw_only=True):
    """A one-time link to look after a board, not used yet."""

    link_hash: str
    #: Empty: of whoever opens the link.
    email: str
    permissions: Permissions
    #: Seconds since 1970, UTC.
    expires_at: int


def read_permissions(keys: Iterable[str]) -> Permissions:
    """Raises Refused for an unknown key, and for none at all."""
    found = set(keys)
    unknown = sorted(found - ALL)
    if unknown:
        raise Refused(f'Permissions: found "{", ".join(unknown)}"; expected some of {", ".join(PERMISSIONS)}.')
    if not found:
        raise Refused("Permissions: choose at least one.")
    return cast(Permissions, frozenset(found))


def in_order(permissions: Iterable[str]) -> list[Permission]:
    """In the order in which they are always shown."""
    found = set(permissions)
    return [each for key, each in PERMISSIONS.items() if key in found]


def check_handing_on(own: Permissions, before: Permissions, after: Permissions) -> None:
    """Nobody gives what they have not: else "no answers" would only last until somebody gave themselves more.

    Taking away is free. Raises Refused.
    """
    missing = in_order((after - before) - own)
    if missing:
        titles = " and ".join(f"“{each.title}”" for each in missing)
        raise Refused(f"Permissions: you cannot give {titles}, because you do not have it yourself.")


def check_service_stays(after: Iterable[Account], board_key: str) -> None:
    """`after`: all accounts as they would be. Raises Refused if nobody could look after those of the board any more."""
    if not any(each.active and "service" in each.on(board_key) for each in after):
        raise Refused(
            f"Permissions: nobody else on this board has “{PERMISSIONS['service'].title}”. "
            "Give it to somebody else first: without it nobody could invite administrators or help those locked out."
        )


def may_do_all_of(one: Account, other: Account) -> bool:
    """Whether `one` may do whatever `other` may, on every board.

    Only then may a link to the other's account come into the hands of `one`, who could open it.
    """
    if one.every_board:
        return True
    return not other.every_board and all(has <= one.on(key) for key, has in other.boards.items())

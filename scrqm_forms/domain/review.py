"""Boards, reviews, rounds and invitations as values."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.groups import LARGEST_MINIMUM, SMALLEST_MINIMUM
from scrqm_forms.domain.marker import Role
from scrqm_forms.domain.questionnaire import PURPOSES, RoundSettings

#: "deleted": its answers and people were deleted at the end of their time; the questionnaire is kept.
RoundState = Literal["draft", "open", "closed", "deleted"]
InvitationState = Literal["not_begun", "begun", "submitted"]

#: How long answers are kept after a review is made, and how long a round stays open, unless a board says otherwise.
USUAL_KEEPING = timedelta(days=365)
USUAL_ROUND = timedelta(days=28)


class Board(Struct, frozen=True, kw_only=True):
    id: int
    key: str
    name: str
    #: Key of a preset vocabulary.
    vocabulary: str
    #: Whom a participant can talk to.
    support: str
    #: Plugins whose markers the board uses.
    plugins: tuple[str, ...]
    #: "#rrggbb" in place of the usual colour; empty: the usual one.
    accent: str = ""
    #: SHA-256 of the logo; empty without one.
    logo_sha256: str = ""
    #: Whether anybody may read the board's markers, without signing in.
    shows_markers: bool = True
    #: What should not stand in answers, such as names in the case; marked for who wrote it, never shown otherwise.
    own_words: tuple[str, ...] = ()


class Review(Struct, frozen=True, kw_only=True):
    id: int
    key: str
    board: Board
    #: A local code; never a name.
    reference: str
    title: str
    keep_until: date


class Round(Struct, frozen=True, kw_only=True):
    id: int
    key: str
    review: Review
    state: RoundState
    settings: RoundSettings
    #: Last day of answering.
    closes_on: date
    shuffle_key: str
    #: Keys of the groups shown together, settled at closing; None until then.
    shown_groups: tuple[tuple[str, ...], ...] | None
    #: Holds made-up responses only.
    synthetic: bool
    #: Legal proceedings: nothing can be answered, changed or deleted.
    on_hold: bool = False

    @property
    def name(self) -> str:
        """As on the command line: KEY/ROUND."""
        return f"{self.review.key}/{self.key}"

    def takes_answers(self, today: date) -> bool:
        return self.state == "open" and today <= self.closes_on and not self.on_hold


class Person(Struct, frozen=True, kw_only=True):
    """Somebody to invite, as a board names them."""

    name: str
    email: str
    #: Role key.
    role: str
    agency: str


class Invitation(Struct, frozen=True, kw_only=True):
    id: int
    person: Person
    state: InvitationState
    has_link: bool


class Caller(Struct, frozen=True, kw_only=True):
    """Who asks for something: an administrator, or whoever runs the command line (no id, every board)."""

    administrator_id: int | None
    every_board: bool


#: The command line: whoever can run it can read the instance folder anyway.
OPERATOR = Caller(administrator_id=None, every_board=True)


def check_settings(settings: RoundSettings, roles: Sequence[Role]) -> None:
    """Raises Refused when a round could not be held like this."""
    known = [role.key for role in roles]
    if settings.purpose not in PURPOSES:
        raise Refused(f'Purpose: "{settings.purpose}" is not one of {", ".join(PURPOSES)}.')
    if not SMALLEST_MINIMUM <= settings.minimum <= LARGEST_MINIMUM:
        raise Refused(f"Smallest group: {settings.minimum} is not from {SMALLEST_MINIMUM} to {LARGEST_MINIMUM}.")
    if not settings.markers:
        raise Refused("Markers: none is chosen; a round needs at least one.")
    if not settings.roles:
        raise Refused("Roles: none is chosen; a round needs at least one.")
    for role in settings.roles:
        if role not in known:
            raise Refused(f'Roles: "{role}" is not one of {", ".join(known)}.')


def next_round_key(purpose: str, taken: Iterable[str]) -> str:
    """The purpose, with a number from the second round of that purpose on."""
    taken = set(taken)
    n = 2
    key = purpose
    while key in taken:
        key, n = f"{purpose}_{n}", n + 1
    return key


def board_key_from(name: str) -> str:
    """A key for addresses from a board's name: "St Mary's Board" gives "st-marys-board", "日本" gives "board"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace("'", "")
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)[:40].strip("-") or "board"

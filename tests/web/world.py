"""What boards, administrators and participants have done before a test begins, done by the services themselves."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask_security import hash_password
from flask_wtf.csrf import generate_csrf
from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.improvement import Aim
from scrqm_forms.domain.marker import ROLES
from scrqm_forms.domain.permission import PERMISSIONS, read_permissions
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Person, Round
from scrqm_forms.services.accounts import make_sign_in_link
from scrqm_forms.services.administrators import invite_administrator
from scrqm_forms.services.board_markers import change_marker, own_markers
from scrqm_forms.services.boards import change_board, create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.improvements import make_improvement, root_of_marker
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.responding import begin_response, find_participant, save_entry, submit_response
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import close_round, extend_round, open_round
from scrqm_forms.storage import accounts, boards
from scrqm_forms.storage.board_markers import last_version
from scrqm_forms.storage.database import db, writing
from scrqm_forms.storage.reviews import round_by_id

ROLE_KEYS = tuple(role.key for role in ROLES)
SUPPORT = "Jo in the business unit: 01632 960 001."
#: A board's own colour, and as much of a logo as the program looks at: 640 by 200 pixels.
ACCENT = "#7a1f5c"
LOGO = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\0\xc8"
PASSWORD = "three words here"
#: Who follows a one-time link.
WHO = {"name": "Ann Ojo", "email": "Ann@Example.org", "password": PASSWORD}
#: People of a confidential round in which practitioners stand apart: six of them, six others.
ENOUGH = {"lead_reviewer": 2, "panel": 4, "practitioner": 6}
CONFIDENTIAL: dict[str, Any] = {"mode": "confidential", "minimum": 5}

#: tea01 has every kind of question; tea02 is published wording and not for practitioners; tea03 is for them alone.
TEA = {
    "set.toml": """
key = "tea"
title = "Tea Quality Markers"
prefix = "tea"
citation = "Tea House (2016) Tea quality markers."
[[stages]]
key = "brew"
title = "Brewing"
[[stages]]
key = "pour"
title = "Pouring"
[[closing]]
id = "went_well"
ask = "What goes well?"
reflect = "What went well?"
kind = "text"
""",
    "01-kettle.toml": """
id = "tea01"
number = 1
title = "Kettle"
stage = "brew"
statement = "The {review} has a kettle."
rationale = "Tea is hot."
source = "Tea House (2016)."
wording_status = "adapted"
knowledge = ["Water boils."]
equality = []
[[questions]]
id = "full"
ask = "Is the kettle full?"
reflect = "Was the kettle full?"
[[questions]]
id = "plan"
ask = "Is there a plan?"
reflect = "Was there a plan?"
roles = ["chair", "panel"]
[[questions]]
id = "spare"
ask = "Is there a spare?"
reflect = "Was there a spare?"
conditional = true
[[questions]]
id = "why"
ask = "Why tea?"
reflect = "Why was it tea?"
kind = "text"
[[questions]]
id = "leaf"
ask = "Which leaf?"
reflect = "Which leaf was it?"
kind = "choice"
[[questions.options]]
id = "black"
text = "Black"
[[questions.options]]
id = "green"
text = "Green"
[[obstacles]]
id = "no_water"
text = "There was no water."
[[obstacles]]
id = "no_gas"
text = "There was no gas."
""",
    "02-table.toml": """
id = "tea02"
number = 2
title = "Table"
stage = "pour"
statement = "There is a table."
rationale = "Tea is put down."
source = "Tea House (2016)."
wording_status = "published"
[[questions]]
id = "table"
ask = "Is there a table?"
roles = ["chair", "panel", "lead_reviewer", "business_unit"]
""",
    "03-cups.toml": """
id = "tea03"
number = 3
title = "Cups"
stage = "pour"
statement = "There are cups."
rationale = "Tea is drunk."
source = "Tea House (2016)."
wording_status = "local"
[[questions]]
id = "cups"
ask = "Are there cups?"
reflect = "Were there cups?"
roles = ["practitioner"]
""",
}


Step = TypeVar("Step", bound=Callable[..., Any])

#: (database and markers before, step) -> (what the step returned, database after).
_done: dict[tuple[str, ...], tuple[Any, bytes]] = {}


def done_once(step: Step) -> Step:
    """From the same database and markers a step leads to the same: the second time its outcome is laid in place."""

    @wraps(step)
    def do(self: "World", *args: Any, **kwargs: Any) -> Any:
        key = (self.fingerprint(), step.__name__, repr(args), repr(kwargs))
        if key not in _done:
            result = step(self, *args, **kwargs)
            self.fingerprint()
            _done[key] = (result, self.database.read_bytes())
        self.database.write_bytes(_done[key][1])
        return _done[key][0]

    return cast(Step, do)


def write_markers(instance_path: Path) -> None:
    folder = instance_path / "markers" / "tea"
    folder.mkdir()
    for name, text in TEA.items():
        (folder / name).write_text(text)


class Asked(Struct, kw_only=True, frozen=True):
    """A round, and the links of those invited to it."""

    id: int
    #: Ends with a slash.
    address: str
    board_key: str
    review_key: str
    #: Role -> links' secrets.
    secrets: dict[str, list[str]]

    @property
    def links(self) -> list[str]:
        """Paths of everybody's links."""
        return [f"/i/{secret}" for secrets in self.secrets.values() for secret in secrets]

    @property
    def link(self) -> str:
        return self.links[0]


class World:
    def __init__(self, app: Flask, today: date) -> None:
        self.app, self.today = app, today
        self.database: Path = app.extensions["scrqm_forms"].instance.database_file
        self.marker_folder: Path = app.extensions["scrqm_forms"].instance.marker_folder / "tea"

    def fingerprint(self) -> str:
        """Of the database file, whole and closed, and the markers."""
        with self.app.app_context():
            db.engine.dispose()
        assert not self.database.with_name(f"{self.database.name}-wal").exists()
        files = [self.database, *sorted(self.marker_folder.iterdir())]
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()

    def board(self, key: str = "north", name: str = "Northshire Board") -> str:
        """Key of the board, which is made if it is not there."""
        with self.app.app_context():
            if key not in [each.key for each in boards.list_boards(OPERATOR)]:
                board = create_board(OPERATOR, name, self.today, key=key)
                change_board(OPERATOR, board, support=SUPPORT)
        return key

    def change_board(self, key: str = "north", **changes: Any) -> None:
        with self.app.app_context():
            change_board(OPERATOR, boards.get_board(OPERATOR, self.board(key)), **changes)

    @done_once
    def administrator(
        self, email: str = "ann@example.org", board_key: str | None = None, permissions: Iterable[str] = PERMISSIONS
    ) -> str:
        """E-mail address of an administrator of that board, or of every board; with all permissions unless some are
        named. Somebody there already looks after this board too.
        """
        with self.app.app_context():
            hashed = hash_password(PASSWORD)
            given = read_permissions(permissions)
            with writing():
                every, name = board_key is None, email.partition("@")[0].capitalize()
                row = accounts.row_by_email(email) or accounts.add_administrator(
                    name=name, email=email, password_hash=hashed, every_board=every
                )
                if board_key:
                    boards.add_board_administrator(boards.get_board(OPERATOR, board_key), row.id, given)
        return email

    def id_of(self, email: str) -> int:
        """Of an administrator."""
        with self.app.app_context():
            row = accounts.row_by_email(email)
            assert row is not None
            return row.id

    @done_once
    def welcome(self, **for_whom: str) -> str:
        """Path of a one-time link; for whom as in `make_sign_in_link`."""
        with self.app.app_context():
            return f"/welcome/{make_sign_in_link(self.app.config['NOW'], **for_whom)}"

    @done_once
    def invite(self, email: str, board_key: str = "north", permissions: Iterable[str] = PERMISSIONS) -> str:
        """Path of a one-time link that invites somebody to look after the board."""
        with self.app.app_context():
            board, now = boards.get_board(OPERATOR, board_key), self.app.config["NOW"]
            return f"/welcome/{invite_administrator(OPERATOR, board, email, permissions, now)}"

    @done_once
    def round(
        self,
        people: Mapping[str, int] | None = None,
        *,
        board_key: str = "north",
        closes_on: date | None = None,
        **settings: Any,
    ) -> Asked:
        """A round not yet open of a review of its own; one lead reviewer is invited unless `people` says otherwise."""
        self.board(board_key)
        with self.app.app_context():
            board = boards.get_board(OPERATOR, board_key)
            review = create_review(OPERATOR, board, NewReview(reference="2026-07", title="The July review"), self.today)
            usual: dict[str, Any] = {
                "purpose": "reflect",
                "mode": "named",
                "minimum": 5,
                "roles": ROLE_KEYS,
                "markers": ("tea01", "tea02", "tea03"),
                "lengths": {"practitioner": "brief"},
            }
            closes_on = closes_on or self.today + timedelta(days=7)
            round_ = create_round(context(), review, RoundSettings(**(usual | settings)), self.today, closes_on)
            invite_people(round_, list(_people(people or {"lead_reviewer": 1})))
            secrets: dict[str, list[str]] = {}
            for link in sorted(make_links(round_), key=lambda link: link.person.name):
                secrets.setdefault(link.person.role, []).append(link.secret)
        address = f"/boards/{board_key}/reviews/{review.key}/{round_.key}/"
        return Asked(id=round_.id, address=address, board_key=board_key, review_key=review.key, secrets=secrets)

    @done_once
    def open_round(self, people: Mapping[str, int] | None = None, **settings: Any) -> Asked:
        asked = self.round(people, **settings)
        with self.app.app_context():
            open_round(context(), self.stored(asked), self.today)
        return asked

    @done_once
    def closed_round(self, people: Mapping[str, int] | None = None, **settings: Any) -> Asked:
        """A round in which everybody answered, and that is closed."""
        asked = self.open_round(people, **settings)
        for links in asked.secrets.values():
            for secret in links:
                self.answer(secret)
        self.close(asked)
        return asked

    @done_once
    def improvement(self, asked: Asked, change: str = "Ring first.", marker: str = "tea01", **aim: Any) -> str:
        """Key of an improvement that came from that round's review."""
        with self.app.app_context():
            by = Actor(caller=OPERATOR, now=self.app.config["NOW"])
            review = self.stored(asked).review
            root = root_of_marker(context(), review.board, marker)
            return make_improvement(review.board, review, root, Aim(change=change, **aim), by=by).key

    @done_once
    def change_marker(self, key: str, ask: str, board: str = "north") -> None:
        """The board's own wording of a marker's first question."""
        with self.app.app_context():
            found = boards.get_board(OPERATOR, board)
            now = next(each for each, _ in own_markers(context(), found) if each.marker.id == key)
            first, *others = now.marker.questions
            marker = replace(now.marker, questions=(replace(first, ask=ask), *others))
            version = last_version(found, key)
            change_marker(found, marker, now.set, version, by=Actor(caller=OPERATOR, now=self.app.config["NOW"]))

    def stored(self, asked: Asked) -> Round:
        """To be called in the app's context."""
        return round_by_id(asked.id)

    def close(self, asked: Asked) -> None:
        with self.app.app_context():
            close_round(self.stored(asked), self.today)

    def move_closing_date(self, asked: Asked, day: date) -> None:
        with self.app.app_context():
            extend_round(self.stored(asked), day, self.today)

    def answer(self, secret: str, text: str = "Well said.", entries: Mapping[str, Entry] | None = None) -> None:
        """Begin, fill in every entry that is asked, and send."""
        with self.app.app_context():
            begin_response(found(secret), self.today)
            participant = found(secret)
            for key in participant.entry_keys:
                usual = Entry(judgement="met", reflections={"helped": text})
                entry = Entry(comments={"went_well": text}) if key == "closing" else usual
                save_entry(participant, key, (entries or {}).get(key, entry), 0, self.today)
            submit_response(participant, self.today)

    def visit(self, secret: str) -> tuple[str, str]:
        """(cookie, token) of a browser in which somebody has just opened the link and pressed Start."""
        with self.app.test_request_context():
            begin_response(found(secret), self.today)
            token = generate_csrf()
            signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
            assert signer is not None
            return str(signer.dumps({"links": [secret], "csrf_token": session["csrf_token"]})), token

    def entries(self, secret: str) -> dict[str, Entry]:
        """What a participant has saved."""
        from scrqm_forms.services.responding import read_entries

        with self.app.app_context():
            return {key: entry for key, (entry, _version) in read_entries(found(secret)).items()}

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, decrypted."""
        with self.app.app_context():
            names = sa.inspect(db.engine).get_table_names()
            return {
                name: sorted((tuple(row) for row in db.session.execute(sa.text(f"select * from {name}"))), key=repr)
                for name in names
            }


def _people(numbers: Mapping[str, int]) -> Iterable[Person]:
    for role, number in numbers.items():
        for n in range(1, number + 1):
            yield Person(name=f"Pat {role} {n}", email=f"{role}{n}@example.org", role=role, agency=f"Agency {role}")


def found(secret: str) -> Any:
    participant = find_participant(secret)
    assert participant is not None
    return participant

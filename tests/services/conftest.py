"""Builders: what boards, administrators and participants do, done by the services themselves."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from scrqm_forms.domain.marker import ROLES
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Board, Person, Round
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import Context, context, make_app
from scrqm_forms.services.invitations import Link, invite_people, make_links
from scrqm_forms.services.responding import Participant, begin_response, find_participant, save_entry, submit_response
from scrqm_forms.services.results import show_round
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import close_round, open_round
from scrqm_forms.services.tables import tables_of
from scrqm_forms.storage.database import db
from scrqm_forms.storage.reviews import round_by_id

#: A set of the operator's own with the usual five roles. tea02 is not for practitioners, tea03 for nobody else.
TEA = {
    "set.toml": """
key = "tea"
title = "Tea Quality Markers"
prefix = "tea"
citation = "Tea House (2016)."
[[stages]]
key = "brew"
title = "Brewing"
[[closing]]
id = "went_well"
ask = "What went well?"
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
wording_status = "local"
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
""",
    "02-table.toml": """
id = "tea02"
number = 2
title = "Table"
stage = "brew"
statement = "There is a table."
rationale = "Tea is put down."
source = "Tea House (2016)."
wording_status = "local"
[[questions]]
id = "table"
ask = "Is there a table?"
reflect = "Was there a table?"
roles = ["chair", "panel", "lead_reviewer", "business_unit"]
""",
    "03-cups.toml": """
id = "tea03"
number = 3
title = "Cups"
stage = "brew"
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

ROLE_KEYS = tuple(role.key for role in ROLES)


class Build:
    """Each step returns what a service gave, read anew where it changes a row."""

    def __init__(self, context: Context, today: date) -> None:
        self.context, self.today = context, today

    @property
    def marker_folder(self) -> Path:
        return self.context.instance.marker_folder / "tea"

    def write_markers(self) -> None:
        self.marker_folder.mkdir(exist_ok=True)
        for name, text in TEA.items():
            (self.marker_folder / name).write_text(text)

    def board(self, name: str = "Invented Board", **more: Any) -> Board:
        return create_board(OPERATOR, name, self.today, **more)

    def settings(self, **changes: Any) -> RoundSettings:
        usual = {
            "purpose": "reflect",
            "mode": "named",
            "minimum": 5,
            "roles": ROLE_KEYS,
            "markers": ("tea01", "tea02", "tea03"),
            "lengths": {},
        }
        return RoundSettings(**(usual | changes))

    def round(self, *, board: Board | None = None, closes_on: date | None = None, **settings: Any) -> Round:
        """A round not yet open, of a review and a board of its own."""
        number = db.session.scalar(sa.text("select count(*) from board"))
        board = board or self.board(f"Invented Board {number}")
        review = create_review(OPERATOR, board, NewReview(reference="R1"), self.today)
        return create_round(self.context, review, self.settings(**settings), self.today, closes_on)

    def people(self, roles: dict[str, int]) -> list[Person]:
        return [
            Person(name=f"Name of {role} {n}", email=f"{role}{n}@example.org", role=role, agency=f"Agency {role} {n}")
            for role, number in roles.items()
            for n in range(1, number + 1)
        ]

    def invite(self, round_: Round, **roles: int) -> list[Link]:
        """Links of so many people of each role, in that order."""
        invite_people(round_, self.people(roles))
        links = {(link.person.role, link.person.name): link for link in make_links(round_)}
        return [links[(person.role, person.name)] for person in self.people(roles)]

    def again(self, round_: Round) -> Round:
        db.session.expire_all()
        return round_by_id(round_.id)

    def open(self, round_: Round) -> Round:
        open_round(self.context, self.again(round_), self.today)
        return self.again(round_)

    def close(self, round_: Round) -> Round:
        close_round(self.again(round_), self.today)
        return self.again(round_)

    def open_round(self, settings: dict[str, Any] | None = None, **roles: int) -> tuple[Round, list[Link]]:
        """An open round and the links of those invited to it."""
        round_ = self.round(**(settings or {}))
        links = self.invite(round_, **roles)
        return self.open(round_), links

    def participant(self, link: Link) -> Participant:
        db.session.expire_all()
        found = find_participant(link.secret)
        assert found is not None
        return found

    def begin(self, link: Link) -> Participant:
        begin_response(self.participant(link), self.today)
        return self.participant(link)

    def save(self, link: Link, key: str, entry: Entry, version: int = 0) -> int:
        return save_entry(self.participant(link), key, entry, version, self.today)[0]

    def answer(self, link: Link, text: str = "Well done.", **entries: Entry) -> None:
        """Begin, fill in every entry (those not named: a judgement and `text`), and submit."""
        participant = self.begin(link)
        for key in participant.entry_keys:
            closing = key == "closing"
            usual = (
                Entry(comments={"went_well": text}) if closing else Entry(judgement="met", reflections={"helped": text})
            )
            entry = entries.get(key, usual)
            if entry != Entry():
                self.save(link, key, entry)
        submit_response(self.participant(link), self.today)

    def answer_all(self, links: Iterable[Link]) -> None:
        for n, link in enumerate(links, 1):
            self.answer(link, f"Text {n}")

    def rows(self, round_: Round, table: str) -> list[dict[str, Any]]:
        """The rows of one table of an export, by column."""
        found = next(each for each in tables_of(show_round(self.again(round_))) if each.key == table)
        return [dict(zip([column.id for column in found.columns], row, strict=True)) for row in found.rows()]

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Every row of every table, decrypted."""
        db.session.rollback()
        names = sa.inspect(db.engine).get_table_names()
        return {
            name: [dict(row._mapping) for row in db.session.execute(sa.text(f"select * from {name}"))] for name in names
        }


@pytest.fixture(scope="session")
def prepared_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance with an empty database, made once: migrating takes longer than most tests here."""
    folder: Path = tmp_path_factory.mktemp("prepared") / "instance"
    with make_app(folder).app_context():
        db.engine.dispose()
    return folder


@pytest.fixture
def instance_path(tmp_path: Path, prepared_instance: Path) -> Path:
    return shutil.copytree(prepared_instance, tmp_path / "instance")


@pytest.fixture(scope="session")
def shared_app(
    prepared_instance: Path, tmp_path_factory: pytest.TempPathFactory, make_quick: Callable[[Flask], Flask]
) -> Flask:
    return make_quick(make_app(shutil.copytree(prepared_instance, tmp_path_factory.mktemp("shared") / "instance")))


@pytest.fixture
def app(request: pytest.FixtureRequest, prepared_instance: Path) -> Iterator[Flask]:
    """An app without pages over an instance that nobody has used yet; its context is pushed for the test.

    Most tests share one, which has loaded its plugins and compiled its statements: that takes as long as a whole test.
    A test that changes plugins, or asks for `instance_path`, gets its own.
    """
    if "instance_path" in request.fixturenames:
        app = make_app(request.getfixturevalue("instance_path"))
    else:
        app = request.getfixturevalue("shared_app")
        shutil.rmtree(app.instance_path)
        shutil.copytree(prepared_instance, app.instance_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def build(app: Flask, today: date) -> Build:
    builder = Build(context(), today)
    builder.write_markers()
    return builder

"""Instances of the benchmarks' own, with rounds that the application filled with made-up responses.

The set `speed` is 18 markers with 7 rated questions each, all asked of everybody in 5 roles; `shipped` is the markers
that come with the program. Answers are what `scrqm-forms sample` makes up: 30 % with a comment of about 75 characters,
and judgements and reflections.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from flask import Flask
from msgspec.structs import replace

from scrqm_forms.domain.review import OPERATOR, Person, Round
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.reviews import NewReview, create_review, create_round, usual_settings
from scrqm_forms.services.rounds import open_round
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage.boards import get_board
from scrqm_forms.storage.database import db
from scrqm_forms.storage.reviews import round_by_id
from scrqm_forms.web.app import create_app

Found = TypeVar("Found")
TODAY = date.today()  # noqa: DTZ011  the day on which the program runs
#: Prefix of the markers' ids -> by the name of a set.
PREFIXES = {"speed": "sp", "shipped": "qm"}
_SET = 'key = "speed"\ntitle = "Speed"\nprefix = "sp"\ncitation = "None"\n[[stages]]\nkey = "one"\ntitle = "One"\n'
_CLOSING = '[[closing]]\nid = "went_well"\nkind = "text"\nask = "What went well?"\n'
_MARKER = """id = "sp{0:02}"
number = {0}
title = "Marker {0}"
stage = "one"
statement = "What number {0} asks for was done."
rationale = "So that what it asks for is done."
source = "Made up"
wording_status = "local"
"""
_QUESTION = '[[questions]]\nid = "q{0}"\nask = "Was question {0} of this marker met in the review as it was run?"\n'


@dataclass(frozen=True)
class Chosen:
    """How much is measured."""

    responses: int = 10_000
    rounds: int = 5
    markers: str = "speed"

    @property
    def few(self) -> int:
        """Responses where each way would take long, or SPEED's figure is of fewer."""
        return max(1, self.responses // 10)

    @property
    def marker(self) -> str:
        """Id of the marker whose page is looked at."""
        return f"{PREFIXES[self.markers]}08"


def folder_of(folder: Path, chosen: Chosen, responses: int) -> Path:
    return folder / f"{chosen.markers}-{responses}"


@contextmanager
def site_with(folder: Path, chosen: Chosen, responses: int) -> Iterator[Flask]:
    """The application over an instance whose first round has so many responses; made once, within its context."""
    instance = folder_of(folder, chosen, responses)
    is_new = not instance.exists()
    if is_new and chosen.markers == "speed":
        _write_markers(instance / "markers" / "speed")
    app = create_app(instance, local=True)
    with app.app_context():
        if is_new:
            create_board(OPERATOR, "Board", TODAY, key="board")
            fill_round(open_new_round(chosen), responses, 1, TODAY)
        yield app
        db.session.remove()
        db.engine.dispose()


def first_round() -> Round:
    return round_by_id(1)


def open_new_round(chosen: Chosen, people: int = 0) -> Round:
    """A named round in a review of its own, with so many invited."""
    board, ids = get_board(OPERATOR, "board"), (f"{PREFIXES[chosen.markers]}{number:02}" for number in range(1, 19))
    review = create_review(OPERATOR, board, NewReview(reference="1"), TODAY)
    settings = replace(usual_settings(context(), board, "reflect", "named"), markers=tuple(ids), lengths={})
    round_ = create_round(context(), review, settings, TODAY, TODAY + timedelta(days=7))
    invite_people(round_, [Person(name=f"P{n}", email="", role="lead_reviewer", agency="") for n in range(people)])
    open_round(context(), round_, TODAY)
    return round_by_id(round_.id)


def invite(chosen: Chosen, people: int) -> list[str]:
    """Secrets of the links of people in a new round."""
    return [link.secret for link in make_links(open_new_round(chosen, people))]


def there(found: Found | None) -> Found:
    """What is known to be there."""
    assert found is not None
    return found


def _write_markers(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "set.toml").write_text(_SET + _CLOSING, encoding="utf-8")
    questions = "".join(_QUESTION.format(number) for number in range(1, 8))
    for number in range(1, 19):
        (folder / f"{number:02}.toml").write_text(_MARKER.format(number) + questions, encoding="utf-8")

"""The demonstration: an example board, a named round, and twelve invented people, most of whom have answered; with
what came of an earlier review (demo_register.py).
"""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Person, Round
from scrqm_forms.services import accounts
from scrqm_forms.services.boards import change_board, create_board
from scrqm_forms.services.context import Context
from scrqm_forms.services.demo_register import Table, add_earlier_review, add_notes, answer, with_helped
from scrqm_forms.services.invitations import Link, invite_people, make_links
from scrqm_forms.services.reviews import (
    NewReview,
    base_set,
    create_review,
    create_round,
    markers_of_board,
    roles_of,
)
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage import boards, reviews

SUPPORT = (
    "Jo Lindqvist in the board's business unit: 01632 960 001, weekdays 9 to 5.\n\n"
    "Your organisation's employee support line is open day and night."
)
#: Gives the example board its two local markers.
PLUGIN = "example_board"


class Demo(Struct, frozen=True, kw_only=True):
    """Where the demonstration's three links lead."""

    administrator_id: int
    #: Secret of somebody's link who has not begun.
    participant: str
    round: Round


def fill_demo(context: Context, today: date) -> Demo:
    """Fill an empty instance; to be called in the app's context."""
    board = create_board(OPERATOR, "Example Safeguarding Children Board", today, key="example", vocabulary="scr")
    change_board(OPERATOR, board, support=SUPPORT, plugins=[PLUGIN])
    board = boards.get_board(OPERATOR, "example")
    new = NewReview(reference="2026-EX-01", title="Review 2026-EX-01", keep_until=today + timedelta(days=365))
    markers = markers_of_board(context, board)
    roles = roles_of(base_set(markers))
    settings = RoundSettings(
        purpose="reflect",
        mode="named",
        minimum=5,
        roles=tuple(role.key for role in roles),
        markers=tuple(each.marker.id for each in markers),
        lengths={role.key: "brief" if role.key == "practitioner" else "full" for role in roles},
    )
    improvements = add_earlier_review(context, board, settings, today)
    review = create_review(OPERATOR, board, new, today)
    round_ = create_round(context, review, settings, today, today + timedelta(days=21))
    people = _people()
    invite_people(round_, [person for person, _, _ in people])
    open_round(context, round_, today)
    links = make_links(reviews.get_round(OPERATOR, review.key, round_.key))
    waiting = _answer_all(people, links, improvements, today)
    add_notes(reviews.get_round(OPERATOR, review.key, round_.key), today)
    return Demo(
        administrator_id=accounts.add_demo_administrator("Demo administrator", "demo@example.org"),
        participant=waiting,
        round=round_,
    )


def _people() -> list[tuple[Person, str, dict[str, Entry]]]:
    """(person, state, entries) of everybody."""
    file = Path(__file__).with_name("demo_answers.toml")
    tables: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["people"]
    return [
        (
            msgspec.convert({key: table[key] for key in ("name", "email", "role", "agency")}, Person),
            table["state"],
            msgspec.convert(table.get("entries", {}), dict[str, Entry]),
        )
        for table in tables
    ]


def _answer_all(
    people: list[tuple[Person, str, dict[str, Entry]]], links: list[Link], improvements: dict[str, Table], today: date
) -> str:
    """Let everybody answer through their links; the secret of a practitioner who has not begun."""
    secrets = {link.person.email: link.secret for link in links}
    waiting = ""
    for person, state, entries in people:
        if state == "not_begun":
            waiting = secrets[person.email] if person.role == "practitioner" else waiting
            continue
        said = with_helped(entries, person.role, improvements)
        answer(secrets[person.email], said, send=state == "submitted", today=today)
    return waiting

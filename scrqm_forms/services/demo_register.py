"""The demonstration's earlier review, the improvements that came of it, and notes on the review of today."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.improvement import Aim, Improvement
from scrqm_forms.domain.notes import Notes
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Board, Person, Review, Round
from scrqm_forms.services import responding
from scrqm_forms.services.context import Context
from scrqm_forms.services.improvements import change_improvement, make_improvement, root_in
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.notes import save_notes
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import close_round, open_round
from scrqm_forms.storage import reviews

#: Days ago that the earlier review's round was opened, and how long it took.
_AGO, _LASTED = timedelta(days=330), timedelta(days=21)
Table = dict[str, Any]


def read_tables() -> Table:
    file = Path(__file__).with_name("demo_improvements.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def add_earlier_review(context: Context, board: Board, settings: RoundSettings, today: date) -> dict[str, Table]:
    """A closed round with what came of it; key of each improvement -> its table."""
    tables = read_tables()
    opened = today - _AGO
    new = NewReview(reference="2025-EX-04", title="Review 2025-EX-04", keep_until=today + timedelta(days=90))
    review = create_review(OPERATOR, board, new, opened)
    round_ = _hold_round(context, review, settings, tables["earlier"], opened)
    made = {}
    for table in tables["improvements"]:
        if not table.get("now"):
            made[_add(round_, table, today).key] = table
    return made


def _hold_round(context: Context, review: Review, settings: RoundSettings, people: list[Table], opened: date) -> Round:
    settings = msgspec.structs.replace(settings, lengths=dict.fromkeys(settings.roles, "brief"))
    round_ = create_round(context, review, settings, opened, opened + _LASTED)
    fields = ("name", "email", "role", "agency")
    invite_people(round_, [msgspec.convert({key: each[key] for key in fields}, Person) for each in people])
    open_round(context, round_, opened)
    entries = {each["email"]: msgspec.convert(each["entries"], dict[str, Entry]) for each in people}
    for link in make_links(reviews.round_by_id(round_.id)):
        answer(link.secret, entries[link.person.email], send=True, today=opened)
    close_round(reviews.round_by_id(round_.id), opened + _LASTED)
    return reviews.round_by_id(round_.id)


def add_notes(round_: Round, today: date) -> None:
    """What is noted of the conversation about today's round, and what comes of that."""
    tables = read_tables()
    for key, texts in tables["notes"].items():
        save_notes(round_, key, msgspec.convert(texts, Notes), 0)
    for table in tables["improvements"]:
        if table.get("now"):
            _add(round_, table, today)


def _add(round_: Round, table: Table, today: date) -> Improvement:
    """Put it into the register, and move it from state to state on the days that its table says."""
    began = today if table.get("now") else today - timedelta(days=300)
    aim = Aim(
        change=table["change"],
        outcome=table.get("outcome", ""),
        measure=table.get("measure", ""),
        owner=table.get("owner", ""),
        due_on=_day(table, "due", today),
        check_on=_day(table, "check", today),
    )
    questionnaire = reviews.questionnaire_of(round_)
    root = root_in(questionnaire, table["marker"], table.get("question", ""), table["made_from"])
    made = make_improvement(round_.review.board, round_.review, root, aim, by=_operator(began))
    for days, state in table["moves"]:
        because = table.get("because", "") if state in ("closed", "decided_against") else ""
        aim = msgspec.structs.replace(aim, state=state, because=because)
        made = change_improvement(made, aim, made.version, by=_operator(today + timedelta(days=days)))
    return made


def _day(table: Table, name: str, today: date) -> date | None:
    return today + timedelta(days=table[name]) if name in table else None


def _operator(day: date) -> Actor:
    return Actor(caller=OPERATOR, now=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


def with_helped(entries: Mapping[str, Entry], role: str, improvements: Mapping[str, Table]) -> dict[str, Entry]:
    """What somebody of `role` says of the improvements that came back beside the markers they answered."""
    found = dict(entries)
    for key, table in improvements.items():
        marker, code = table["marker"], table.get("helped", {}).get(role)
        if code and marker in found:
            found[marker] = msgspec.structs.replace(found[marker], helped={key: code})
    return found


def answer(secret: str, entries: Mapping[str, Entry], *, send: bool, today: date) -> None:
    """Let whoever holds the link begin, answer and, if wanted, send."""
    responding.begin_response(_found(secret), today)
    participant = _found(secret)
    for key, entry in entries.items():
        responding.save_entry(participant, key, entry, 0, today)
    if send:
        responding.submit_response(participant, today)


def _found(secret: str) -> responding.Participant:
    participant = responding.find_participant(secret)
    if participant is None:
        raise LookupError("the demonstration's own link was not found")
    return participant

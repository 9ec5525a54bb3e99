"""Improvements: what a board means to do differently in later reviews, and what may become of them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Literal

import msgspec
from msgspec import Struct

from scrqm_forms.domain.errors import InvalidAnswers
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.wording import normalise_typed

State = Literal["proposed", "agreed", "under_way", "done", "closed", "decided_against"]
#: What an improvement was made from.
MadeFrom = Literal["suggestion", "note", "question", "free"]

STATES: dict[State, str] = {
    "proposed": "Proposed",
    "agreed": "Agreed",
    "under_way": "Under way",
    "done": "Done, waiting for evidence",
    "closed": "Closed with evidence",
    "decided_against": "Decided not to",
}
MADE_FROM: dict[MadeFrom, str] = {
    "suggestion": "A participant’s suggestion",
    "note": "A note of the conversation",
    "question": "A question of the marker",
    "free": "Written freely",
}
#: Which change leads where. What was closed or decided against can be taken up again; nothing is agreed unawares.
LEADS_TO: dict[State, tuple[State, ...]] = {
    "proposed": ("agreed", "decided_against"),
    "agreed": ("under_way", "done", "decided_against"),
    "under_way": ("done", "agreed", "decided_against"),
    "done": ("closed", "under_way", "decided_against"),
    "closed": ("under_way",),
    "decided_against": ("proposed",),
}
#: Somebody still has to do something.
OPEN: tuple[State, ...] = ("proposed", "agreed", "under_way", "done")
#: Asked about beside the same marker in later rounds.
COMES_BACK: tuple[State, ...] = ("agreed", "under_way", "done", "closed")
#: States that have to be explained: with the evidence, or the reason.
EXPLAINED: tuple[State, ...] = ("closed", "decided_against")

#: Characters at most. `change` is short because participants of later rounds read it.
LONGEST = {"change": 500, "owner": 200, "outcome": 5000, "measure": 5000, "because": 5000}
TEXTS = ("change", "outcome", "measure", "owner", "because")
DAYS = ("due_on", "check_on")
FIELDS = (*TEXTS[:4], *DAYS, "state", "because")


class Aim(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an improvement says: the unit of saving."""

    #: What should be different.
    change: str = ""
    #: The outcome wanted.
    outcome: str = ""
    #: How we will know.
    measure: str = ""
    #: A role or agency, not necessarily a person.
    owner: str = ""
    due_on: date | None = None
    #: When to look whether it made a difference.
    check_on: date | None = None
    state: State = "proposed"
    #: The evidence it was closed with, or the reason it was decided against.
    because: str = ""


class Root(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an improvement comes from, in words: they stay when the marker goes. Never whose words they were."""

    made_from: MadeFrom = "free"
    #: Marker id; empty: about no one marker.
    marker: str = ""
    #: "8. SCR management"
    marker_title: str = ""
    #: The question that it comes from, as it was asked.
    question: str = ""


class Improvement(Struct, frozen=True, kw_only=True):
    """An improvement in a board's register."""

    id: int
    #: Eight random letters, in addresses and column ids.
    key: str
    board: Board
    #: Key and reference of the review it comes from; empty: of none, or of one that was deleted.
    review_key: str
    reference: str
    root: Root
    aim: Aim
    #: Counts saves; a save names the version it was made from.
    version: int
    made_on: date
    changed_on: date

    def is_overdue(self, today: date) -> bool:
        """Not done by the day it was due, or done and not looked at by the day it was to be checked."""
        day = self.aim.check_on if self.aim.state == "done" else self.aim.due_on
        return self.aim.state in OPEN and day is not None and day < today


class FieldChange(Struct, frozen=True, kw_only=True):
    """One field before and after, as stored; days as 2026-03-02."""

    field: str
    before: str
    after: str


class Change(Struct, frozen=True, kw_only=True):
    """One save in the history of an improvement."""

    #: Aware, in UTC.
    at: datetime
    #: The administrator's name and address at the time, or "command line".
    who: str
    fields: tuple[FieldChange, ...]

    def state_after(self) -> str:
        """The state that it changed to; empty when the state stayed."""
        return next((each.after for each in self.fields if each.field == "state"), "")


def fields_of(aim: Aim) -> dict[str, str]:
    """Form field -> what stands in it, "" for nothing."""
    found: dict[str, str] = msgspec.to_builtins(aim)
    return {field: found.get(field) or "" for field in FIELDS} | {"state": aim.state}


def aim_of(fields: Mapping[str, str]) -> Aim:
    """An Aim from a form, texts tidied. Raises InvalidAnswers for a day or state that is none."""
    faults, days = {}, {}
    for field in DAYS:
        try:
            days[field] = date.fromisoformat(fields[field]) if fields.get(field) else None
        except ValueError:
            faults[field] = "Enter a day like 31 12 2027."
    state = fields.get("state") or "proposed"
    if state not in STATES:
        faults["state"] = "Choose one of the states that are offered."
    if faults:
        raise InvalidAnswers(faults)
    texts = {field: normalise_typed(fields.get(field) or "")[0].strip() for field in TEXTS}
    return Aim(**texts, **days, state=state)  # type: ignore[arg-type]


def joins(field: str) -> bool:
    """Whether two texts of a field can be kept one after the other."""
    return field in TEXTS and field != "owner"


def check_aim(before: Aim | None, after: Aim) -> None:
    """Raises InvalidAnswers, field -> sentence, unless `before` may become `after`; None: it is new."""
    faults = dict(_faults_of_texts(after))
    offered = (before.state, *LEADS_TO[before.state]) if before else ("proposed", "agreed")
    if after.state not in offered:
        names = ", ".join(STATES[state] for state in offered)
        was = f"It is now: {STATES[before.state]}. " if before else ""
        faults["state"] = f"{was}Choose one of: {names}."
    if faults:
        raise InvalidAnswers(faults)


def _faults_of_texts(aim: Aim) -> Iterator[tuple[str, str]]:
    if not aim.change:
        yield "change", "Say what should be different."
    if aim.state not in ("proposed", "decided_against") and not aim.owner:
        yield "owner", "Say which role or agency looks after it: without one nobody would."
    if aim.state == "closed" and not aim.because:
        yield "because", "Say what the evidence is. Without any it is done, and waits for evidence."
    if aim.state == "decided_against" and not aim.because:
        yield "because", "Say why it was decided against: the yearly report has to."
    for field, most in LONGEST.items():
        if len(getattr(aim, field)) > most:
            number = len(getattr(aim, field))
            yield field, f"This text has {number:,} characters; there is room for {most:,}. Please shorten it."


def changes_between(before: Aim, after: Aim) -> tuple[FieldChange, ...]:
    was, now = fields_of(before), fields_of(after)
    return tuple(
        FieldChange(field=field, before=was[field], after=now[field]) for field in FIELDS if was[field] != now[field]
    )

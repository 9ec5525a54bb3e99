"""What may become of an improvement, and what a register says."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from scrqm_forms.domain.errors import InvalidAnswers
from scrqm_forms.domain.improvement import (
    LEADS_TO,
    STATES,
    Aim,
    Change,
    FieldChange,
    Improvement,
    Root,
    aim_of,
    changes_between,
    check_aim,
    fields_of,
)
from scrqm_forms.domain.register import (
    Filter,
    find_alike,
    find_coming_back,
    find_improvements,
    sum_up,
    year_of,
    years_between,
)
from scrqm_forms.domain.review import Board

BOARD = Board(id=1, key="north", name="North", vocabulary="scr", support="", plugins=())
TODAY = date(2026, 3, 2)
FULL = Aim(change="Ring first.", outcome="Calm.", measure="Ask.", owner="Business unit", due_on=date(2026, 6, 1))
AGREED = msgspec.structs.replace(FULL, state="agreed", because="Yes.")
DONE = msgspec.structs.replace(AGREED, state="done")


def improvement(number: int, marker: str = "tea01", *, made_on: date = TODAY, review: str = "R", **aim: Any):
    return Improvement(
        id=number,
        key=f"key{number}",
        board=BOARD,
        review_key=review,
        reference=review,
        root=Root(marker=marker, marker_title=marker),
        aim=Aim(**({"change": f"Change {number}"} | aim)),
        version=1,
        made_on=made_on,
        changed_on=made_on,
    )


def faults(before: Aim | None, after: Aim) -> set[str]:
    try:
        check_aim(before, after)
    except InvalidAnswers as error:
        return set(error.faults)
    return set()


@pytest.mark.parametrize("state", STATES)
def test_state_leads_where_the_rule_says_and_nowhere_else(state):
    before = msgspec.structs.replace(AGREED, state=state)
    allowed = {after for after in STATES if not faults(before, msgspec.structs.replace(before, state=after))}
    assert allowed == {state, *LEADS_TO[state]}


def test_new_improvement_is_proposed_or_agreed():
    allowed = {state for state in STATES if not faults(None, msgspec.structs.replace(AGREED, state=state))}
    assert allowed == {"proposed", "agreed"}


def test_every_state_can_be_reached_from_a_new_one():
    reached = {"proposed"}
    while more := {after for state in reached for after in LEADS_TO[state]} - reached:
        reached |= more
    assert reached == set(STATES)


@pytest.mark.parametrize(
    ("before", "change", "field"),
    [
        pytest.param(FULL, {"change": ""}, "change", id="says_nothing"),
        pytest.param(FULL, {"change": "x" * 501}, "change", id="too_long"),
        pytest.param(FULL, {"state": "agreed", "owner": ""}, "owner", id="agreed_without_owner"),
        pytest.param(AGREED, {"state": "decided_against", "because": ""}, "because", id="no_reason"),
        pytest.param(DONE, {"state": "closed", "because": ""}, "because", id="no_evidence"),
    ],
)
def test_what_is_missing_is_said_at_its_field(before, change, field):
    assert faults(before, msgspec.structs.replace(before, **change)) == {field}


def test_form_gives_back_what_it_was_given():
    assert aim_of(fields_of(AGREED)) == AGREED
    with pytest.raises(InvalidAnswers) as raised:
        aim_of({"change": "x", "due_on": "soon", "state": "maybe"})
    assert set(raised.value.faults) == {"due_on", "state"}


def test_changes_name_each_field_with_before_and_after():
    after = msgspec.structs.replace(AGREED, due_on=None, state="done")
    assert changes_between(AGREED, after) == (
        FieldChange(field="due_on", before="2026-06-01", after=""),
        FieldChange(field="state", before="agreed", after="done"),
    )
    assert changes_between(AGREED, AGREED) == ()


@pytest.mark.parametrize(
    ("aim", "late"),
    [
        ({"state": "agreed", "due_on": date(2026, 3, 1)}, True),
        ({"state": "agreed", "due_on": TODAY}, False),
        ({"state": "agreed"}, False),
        ({"state": "done", "due_on": date(2026, 1, 1)}, False),
        ({"state": "done", "check_on": date(2026, 3, 1)}, True),
        ({"state": "closed", "due_on": date(2026, 1, 1), "check_on": date(2026, 1, 1)}, False),
        ({"state": "decided_against", "due_on": date(2026, 1, 1)}, False),
    ],
)
def test_late_is_what_nobody_did_or_checked_by_its_day(aim, late):
    assert improvement(1, **aim).is_overdue(TODAY) is late


ROWS = [
    improvement(1, state="agreed", owner="Health", due_on=date(2026, 5, 1)),
    improvement(2, "tea02", state="closed", owner="health ", due_on=date(2025, 1, 1)),
    improvement(3, "", review="", owner="Board", due_on=date(2026, 2, 1)),
    improvement(4, state="decided_against"),
]


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (Filter(), [3, 1, 2, 4]),
        (Filter(sort="newest"), [4, 3, 2, 1]),
        (Filter(sort="marker"), [4, 1, 2, 3]),
        (Filter(sort="state"), [3, 1, 2, 4]),
        (Filter(state="open"), [3, 1]),
        (Filter(state="closed"), [2]),
        (Filter(marker="tea01"), [1, 4]),
        (Filter(owner="HEALTH"), [1, 2]),
        (Filter(review="R", state="agreed"), [1]),
        (Filter(overdue=True), [3]),
        (Filter(sort="junk"), [3, 1, 2, 4]),
    ],
    ids=str,
)
def test_register_shows_what_is_asked_for_in_that_order(wanted, keys):
    assert [each.id for each in find_improvements(ROWS, wanted, TODAY)] == keys


def test_alike_are_open_ones_on_the_marker_and_those_that_come_back_were_agreed():
    assert [each.id for each in find_alike(ROWS, {"tea01", "tea02"})] == [1]
    assert [each.id for each in find_coming_back(ROWS, {"tea01", "tea02"})] == [1, 2]
    assert find_alike(ROWS, {""}) == find_coming_back(ROWS, {""}) == []


def test_years_are_calendar_years_and_business_years():
    assert [year.key for year in years_between(date(2025, 3, 31), date(2026, 3, 2))] == [
        "2026", "2025-26", "2025", "2024-25",
    ]  # fmt: skip
    assert year_of("1999-00").ends == date(2000, 3, 31)
    assert [year_of(key) for key in ("", "26", "2025-27", "x", "2025-", "0000")] == [None] * 6


def moved(day: date, state: str) -> Change:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Change(at=at, who="Ann", fields=(FieldChange(field="state", before="", after=state),))


def test_summary_of_a_year_says_how_things_stood_at_its_end():
    early = date(2024, 12, 1)
    histories = [
        (
            improvement(1, made_on=early, state="closed"),
            [moved(date(2025, 2, 1), "done"), moved(date(2026, 1, 9), "closed")],
        ),
        (improvement(2, made_on=early, state="decided_against"), [moved(date(2026, 1, 9), "decided_against")]),
        (improvement(3, made_on=date(2025, 5, 1), state="agreed", due_on=date(2025, 12, 1)), []),
        (improvement(4, made_on=date(2026, 1, 5)), []),
    ]  # fmt: skip
    summary = sum_up(histories, year_of("2025"), TODAY)
    lists = (summary.found, summary.done, summary.decided_against, summary.still_open, summary.overdue)
    assert [[each.id for each in found] for found in lists] == [[3], [1], [], [2, 3], [3]]
    summary = sum_up(histories, year_of("2026"), TODAY)
    lists = (summary.found, summary.done, summary.decided_against, summary.still_open, summary.overdue)
    assert [[each.id for each in found] for found in lists] == [[4], [1], [2], [3, 4], [3]]

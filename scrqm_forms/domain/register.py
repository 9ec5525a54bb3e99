"""The register: finding among a board's improvements, and what a year brought."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from scrqm_forms.domain.improvement import COMES_BACK, OPEN, STATES, Change, Improvement

#: Sort key -> heading, in the order offered.
SORTS = {
    "due": "Due first",
    "newest": "Newest first",
    "marker": "By marker",
    "owner": "By owner",
    "state": "By state",
}


class Filter(Struct, frozen=True, kw_only=True):
    """What to show of a register; empty: all."""

    #: A state, or "open" for all that somebody still has to see to.
    state: str = ""
    #: Marker id.
    marker: str = ""
    owner: str = ""
    #: Key of a review.
    review: str = ""
    overdue: bool = False
    sort: str = "due"

    @property
    def narrows(self) -> bool:
        return bool(self.state or self.marker or self.owner or self.review or self.overdue)


def find_improvements(found: Iterable[Improvement], wanted: Filter, today: date) -> list[Improvement]:
    """Those that `wanted` names, in its order; what it does not tell apart stands newest first."""
    rows = [each for each in found if _is_wanted(each, wanted, today)]
    rows.sort(key=lambda each: each.id, reverse=True)
    return sorted(rows, key=_SORT_KEYS.get(wanted.sort, _SORT_KEYS["due"]))


def _is_wanted(each: Improvement, wanted: Filter, today: date) -> bool:
    states = OPEN if wanted.state == "open" else (wanted.state,)
    return (
        (not wanted.state or each.aim.state in states)
        and wanted.marker in ("", each.root.marker)
        and (not wanted.owner or _same_name(wanted.owner, each.aim.owner))
        and wanted.review in ("", each.review_key)
        and (not wanted.overdue or each.is_overdue(today))
    )


def _same_name(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


_NEVER = date.max
_STATE_ORDER = {state: n for n, state in enumerate(STATES)}
_SORT_KEYS: dict[str, Callable[[Improvement], Any]] = {
    "due": lambda each: (each.aim.state not in OPEN, each.aim.due_on or _NEVER),
    "newest": lambda each: 0,
    "marker": lambda each: (not each.root.marker, each.root.marker),
    "owner": lambda each: (not each.aim.owner, each.aim.owner.casefold()),
    "state": lambda each: _STATE_ORDER[each.aim.state],
}


def find_alike(found: Iterable[Improvement], markers: Iterable[str]) -> list[Improvement]:
    """Open improvements on any of these markers, which are one and the same marker in different sets or versions."""
    wanted = set(markers) - {""}
    return [each for each in found if each.aim.state in OPEN and each.root.marker in wanted]


def find_coming_back(found: Iterable[Improvement], markers: Iterable[str]) -> list[Improvement]:
    """Those to be asked about beside any of these markers, the oldest first."""
    wanted = set(markers) - {""}
    rows = [each for each in found if each.aim.state in COMES_BACK and each.root.marker in wanted]
    return sorted(rows, key=lambda each: each.id)


class Year(Struct, frozen=True, kw_only=True):
    """A year to report on. `key` is "2026" for a calendar year, "2026-27" for April 2026 to March 2027."""

    key: str
    begins: date
    ends: date

    def holds(self, day: date) -> bool:
        return self.begins <= day <= self.ends


def year_of(key: str) -> Year | None:
    """None for a key that names no year."""
    first, dash, last = key.partition("-")
    if not (first.isascii() and first.isdigit() and len(first) == 4 and 1900 <= int(first) <= 9000):
        return None
    year = int(first)
    if not dash:
        return Year(key=key, begins=date(year, 1, 1), ends=date(year, 12, 31))
    if last != f"{(year + 1) % 100:02}":
        return None
    return Year(key=key, begins=date(year, 4, 1), ends=date(year + 1, 3, 31))


def years_between(first: date, last: date) -> list[Year]:
    """Every calendar and business year that has a day of these, the latest first."""
    keys = [
        key for year in range(last.year, first.year - 2, -1) for key in (str(year), f"{year}-{(year + 1) % 100:02}")
    ]
    years = [year for key in keys if (year := year_of(key))]
    found = [year for year in years if year.begins <= last and year.ends >= first]
    return sorted(found, key=lambda year: year.ends, reverse=True)


class Summary(Struct, frozen=True, kw_only=True):
    """What a year brought, for a board's yearly report. An improvement can stand in several lists."""

    year: Year
    found: list[Improvement]
    #: Done, or closed with evidence, in the year and still so at its end.
    done: list[Improvement]
    decided_against: list[Improvement]
    #: Open when the year ended.
    still_open: list[Improvement]
    #: Of those still open: overdue when the year ended, or today within it.
    overdue: list[Improvement]


def sum_up(histories: Sequence[tuple[Improvement, Sequence[Change]]], year: Year, today: date) -> Summary:
    """`histories`: every improvement of the board with its changes, the oldest change first."""
    end = min(year.ends, today)
    known = [(each, *_at_end(each, changes, year)) for each, changes in histories if each.made_on <= year.ends]
    still_open = [each for each, state, _ in known if state in OPEN and state != "done"]
    return Summary(
        year=year,
        found=[each for each, _, _ in known if year.holds(each.made_on)],
        done=[each for each, state, since in known if state in ("done", "closed") and year.holds(since)],
        decided_against=[each for each, state, since in known if state == "decided_against" and year.holds(since)],
        still_open=still_open,
        overdue=[each for each in still_open if each.aim.due_on is not None and each.aim.due_on < end],
    )


def _at_end(each: Improvement, changes: Sequence[Change], year: Year) -> tuple[str, date]:
    """(state at the end of the year, day since when)"""
    state, since = "proposed", each.made_on
    for change in changes:
        day = change.at.astimezone().date()
        if (after := change.state_after()) and day <= year.ends:
            state, since = after, day
    return state, since

"""Rows: what a response answered, as cells in the order of the places; `places.cell_of` for all of them at once.

Most places of a long questionnaire are blank in any one response. So a row begins as a copy of the blank one, and only
what was answered is put in: ten times faster than asking place by place.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from scrqm_forms.domain.places import MET, Place, cell_of
from scrqm_forms.domain.response import Entry


class RowPlan:
    """Where everything goes in the rows of people who were asked the same."""

    def __init__(self, places: Iterable[tuple[Place, bool]]) -> None:
        """(place, whether it is shown as asked), the places of an entry side by side."""
        self._blank: list[str] = []
        self._entries: dict[str, _EntryPlan] = {}
        for number, (place, asked) in enumerate(places):
            self._blank.append(cell_of(place, None, asked))
            plan = self._entries.setdefault(place.entry, _EntryPlan(start=number))
            plan.aside.append(cell_of(place, _ASIDE, asked))
            if asked:
                getattr(plan, place.field)[place.item] = number

    def cells_of(self, entries: Mapping[str, Entry]) -> list[str]:
        """A cell for each place: the answer, "" or the code for why there is none."""
        row = self._blank.copy()
        for key, entry in entries.items():
            if plan := self._entries.get(key):
                _fill(row, plan, entry)
        return row


_ASIDE = Entry(not_my_part=True)


class _EntryPlan(Struct):
    """Of one entry: the number of its first cell, its cells where it is set aside, and id -> number of cell."""

    start: int
    aside: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    comments: dict[str, int] = field(default_factory=dict)
    helped: dict[str, int] = field(default_factory=dict)
    #: Of one thing, whose id is "".
    judgement: dict[str, int] = field(default_factory=dict)
    obstacles: dict[str, int] = field(default_factory=dict)
    reflections: dict[str, int] = field(default_factory=dict)


def _fill(row: list[str], plan: _EntryPlan, entry: Entry) -> None:
    if entry.not_my_part:
        row[plan.start : plan.start + len(plan.aside)] = plan.aside
        return
    for numbers, said in (
        (plan.answers, entry.answers),
        (plan.comments, entry.comments),
        (plan.reflections, entry.reflections),
        (plan.helped, entry.helped),
    ):
        for key, cell in said.items():
            if key in numbers:
                row[numbers[key]] = cell
    for key in entry.obstacles:
        if key in plan.obstacles:
            row[plan.obstacles[key]] = MET.code
    if entry.judgement and plan.judgement:
        row[plan.judgement[""]] = entry.judgement

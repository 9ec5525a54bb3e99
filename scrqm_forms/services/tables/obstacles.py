"""`obstacles`: how often each known obstacle came up, by group."""

from collections import Counter
from collections.abc import Iterator, Sequence

from scrqm_forms.domain.places import MET, Place, places_of
from scrqm_forms.domain.showing import shows_alone
from scrqm_forms.domain.table import Column, Table
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.rows import Plans, Row, group_column
from scrqm_forms.storage import responses


def obstacles_table(shown: ShownRound) -> Table:
    about = tuple(Column(id=key, kind="code") for key in ("column", "marker"))
    more = (Column(id="marker_title"), Column(id="item", kind="code"), Column(id="wording"), group_column(shown))
    counts = (
        Column(id="came_up", kind="count", wording="People who said it came up"),
        Column(id="answered", kind="count", wording="People who did not set the marker aside"),
    )
    return Table(
        key="obstacles",
        title="Obstacles",
        about="How many people said that each known obstacle came up, by group.",
        columns=(*about, *more, *counts),
        rows=lambda: _rows(shown),
    )


def _rows(shown: ShownRound) -> Iterator[Row]:
    places = [place for place in places_of(shown.questionnaire) if place.part == "obstacle"]
    counts = _count(shown, places)
    for number, place in enumerate(places):
        marker = shown.questionnaire.marker(place.entry)
        about = (place.column, place.entry, marker.title if marker else "", place.item, place.wording)
        for group in shown.groups:
            came_up, not_said = counts[group.key, number, MET.code], counts[group.key, number, ""]
            if came_up or not_said:
                yield (*about, group.key, came_up, came_up + not_said)


def _count(shown: ShownRound, places: Sequence[Place]) -> Counter[tuple[str, int, str]]:
    """(group, number of the place, cell) -> how many."""
    plans = Plans(shown, places, shows_alone)
    counts: Counter[tuple[str, int, str]] = Counter()
    for response in responses.read_submitted(shown.round):
        group = shown.shown_as[response.group].group.key
        cells = plans.of(response).cells_of(response.entries)
        counts.update((group, number, cell) for number, cell in enumerate(cells))
    return counts

"""`obstacles`: how often each known obstacle came up, by group."""

from collections.abc import Iterator

from scrqm_forms.domain.places import MET, places_of
from scrqm_forms.domain.table import Column, Table
from scrqm_forms.services.results import ShownRound, counts_of
from scrqm_forms.services.tables.rows import Row, group_column, title_of


def obstacles_table(shown: ShownRound) -> Table:
    about = tuple(Column(id=key, kind="code") for key in ("column", "marker"))
    more = (Column(id="marker_title"), Column(id="item", kind="code"), Column(id="wording"), group_column(shown))
    counts = (
        Column(id="came_up", kind="count", wording="How many said that it came up"),
        Column(id="answered", kind="count", wording="How many could have, and did not set the marker aside"),
    )
    return Table(
        key="obstacles",
        title="Obstacles",
        about="How many people said that each known obstacle came up, by group.",
        columns=(*about, *more, *counts, Column(id="original_wording")),
        rows=lambda: _rows(shown),
    )


def _rows(shown: ShownRound) -> Iterator[Row]:
    """Of what may be shown, and of groups that answered anything on the marker.

    Where nobody may learn who set a marker aside, they count as those who left it blank.
    """
    results = counts_of(shown)
    for place in places_of(shown.questionnaire):
        if place.part != "obstacle":
            continue
        title = title_of(shown.questionnaire, place)
        about = (place.column, place.entry, title, place.item, place.wording)
        for group, counts in results.of(place.column).counts.items():
            answered = counts[MET.code] + counts[""]
            if answered and group in results.answering.get(place.entry, ()):
                yield (*about, group, counts[MET.code], answered, place.original)

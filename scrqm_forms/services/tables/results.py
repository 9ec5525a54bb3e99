"""`results`: the counts that the pages of results show, a row for each cell."""

from collections.abc import Iterator

from scrqm_forms.domain.places import Place, places_of
from scrqm_forms.domain.results import Results
from scrqm_forms.domain.spread import codes_apart, spread_of
from scrqm_forms.domain.table import Column, Table
from scrqm_forms.services.results import ShownRound, counts_of
from scrqm_forms.services.tables.rows import Row, group_column, title_of


def results_table(shown: ShownRound) -> Table:
    about = (
        *(Column(id=key, kind="code") for key in ("column", "marker")),
        Column(id="marker_title"),
        *(Column(id=key, kind="code") for key in ("item", "part")),
        Column(id="wording"),
        group_column(shown),
        Column(id="code", kind="code"),
        Column(id="label", label_of="code"),
    )

    def rows() -> Iterator[Row]:
        results = counts_of(shown)
        for place in places_of(shown.questionnaire):
            if not place.is_text:
                yield from _rows_of(shown, results, place)

    return Table(
        key="results",
        title="Results",
        about="How many of each group gave each answer, as on the pages of results: for charts and reports.",
        columns=(*about, Column(id="count", kind="count"), Column(id="percent", kind="count")),
        rows=rows,
    )


def _rows_of(shown: ShownRound, results: Results, place: Place) -> Iterator[Row]:
    """What is not shown has no row; a percentage is of those who gave one of the answers, and empty for all else
    (also for obstacles: whoever did not tick one has not answered that it did not come up).
    """
    spread = spread_of(place, results, shown.groups)
    answers = {choice.code for choice in spread.answers}
    title = title_of(shown.questionnaire, place)
    for each in spread.groups:
        if each.group is None or each.numbers is None:
            continue
        blurred = place.entry in shown.blurred[each.group.key]
        for choice in (*spread.answers, *codes_apart(place)):
            unknown = place.part == "obstacle" and choice.code in answers and each.came_up is None
            if not unknown and not (blurred and choice.code == "not_my_part"):
                about = (place.column, place.entry, title, place.item, place.part, place.wording)
                said = (each.group.key, choice.code, choice.label)
                counts = choice.code in answers and each.answered and place.part != "obstacle"
                percent = each.percent(choice.code) if counts else None
                yield (*about, *said, each.numbers.get(choice.code, 0), percent)

"""`reflections`: what people wrote in their own words. The only free text of a confidential round, shuffled."""

from collections.abc import Iterator, Sequence

from scrqm_forms.domain.places import Place, cell_of, places_of
from scrqm_forms.domain.results import shuffle_rank
from scrqm_forms.domain.showing import shows_alone
from scrqm_forms.domain.table import Column, Table
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.rows import Asked, Row, is_named, person_columns, read_rows


def reflections_table(shown: ShownRound) -> Table:
    places = [place for place in places_of(shown.questionnaire) if place.is_text]
    about = tuple(Column(id=key, kind="code") for key in ("column", "marker", "item", "part"))
    person = person_columns(shown) if is_named(shown) else (Column(id="group", kind="code"),)

    def rows() -> Iterator[Row]:
        return _texts_by_person(shown, places) if is_named(shown) else _texts_shuffled(shown, places)

    columns = (*about, *person, Column(id="text"))
    return Table(
        key="reflections",
        title="Reflections",
        about="What people wrote in their own words, a row for each text: for reading.",
        columns=columns,
        rows=rows,
    )


def _texts_by_person(shown: ShownRound, places: Sequence[Place]) -> Iterator[Row]:
    asked = Asked(shown, places)
    for person, response in read_rows(shown):
        for place, is_asked in asked.of(response):
            if text := cell_of(place, response.entries.get(place.entry), is_asked):
                yield (place.column, place.entry, place.item, place.part, *person, text)


def _texts_shuffled(shown: ShownRound, places: Sequence[Place]) -> Iterator[Row]:
    """All texts of a confidential round: by place, and there by group and an order of its own."""
    order = {place.column: n for n, place in enumerate(places)}
    open_places: dict[str, list[Place]] = {}
    found: list[tuple[int, str, str, Row]] = []
    for _, response in read_rows(shown):
        group = shown.shown_as[response.group]
        if response.group not in open_places:
            open_places[response.group] = [p for p in places if shows_alone(shown.questionnaire, group, p)]
        for place in open_places[response.group]:
            if text := cell_of(place, response.entries.get(place.entry), True):
                rank = shuffle_rank(shown.round.shuffle_key, place.column, response.id)
                row = (place.column, place.entry, place.item, place.part, group.group.key, text)
                found.append((order[place.column], group.group.key, rank, row))
    found.sort()
    return (row for *_, row in found)

"""`responses`, a row for each person, and `answers`, a row for each answer: the same cells, wide and long."""

from collections.abc import Iterator

from scrqm_forms.domain.places import cell_of
from scrqm_forms.domain.table import Column, Table
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.rows import Asked, Row, column_of, person_columns, read_rows, shown_places


def responses_table(shown: ShownRound) -> Table:
    places = shown_places(shown)

    def rows() -> Iterator[Row]:
        asked = Asked(shown, places)
        for person, response in read_rows(shown):
            entries = response.entries
            yield person + tuple(
                cell_of(place, entries.get(place.entry), is_asked) for place, is_asked in asked.of(response)
            )

    columns = person_columns(shown) + tuple(column_of(place) for place in places)
    return Table(
        key="responses",
        title="Responses",
        about="A row for each person who answered, a column for each question: for counting and filtering.",
        columns=columns,
        rows=rows,
    )


def answers_table(shown: ShownRound) -> Table:
    places = shown_places(shown)

    def rows() -> Iterator[Row]:
        asked = Asked(shown, places)
        for person, response in read_rows(shown):
            for place, is_asked in asked.of(response):
                cell = cell_of(place, response.entries.get(place.entry), is_asked)
                if cell:
                    about = (place.column, place.entry, place.item, place.part)
                    yield person + about + (("", cell) if place.is_text else (cell, ""))

    about = tuple(Column(id=key, kind="code") for key in ("column", "marker", "item", "part", "code"))
    columns = person_columns(shown) + about + (Column(id="text"),)
    return Table(
        key="answers",
        title="Answers",
        about="A row for each single answer: for pivot tables and statistics programs.",
        columns=columns,
        rows=rows,
    )

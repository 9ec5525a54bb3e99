"""The tables of an export, their rows read from the database as a format asks for them.

In a confidential round free text stands in `reflections` only, shuffled, and nothing says who a response is from.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from scrqm_forms.domain.places import Place, cell_of, is_place_asked, places_of
from scrqm_forms.domain.questionnaire import canonical_json, digest_of
from scrqm_forms.domain.results import shuffle_rank
from scrqm_forms.domain.showing import shows_alone, shows_in_rows
from scrqm_forms.domain.table import Cell, Column, Table
from scrqm_forms.services.results import ShownRound
from scrqm_forms.storage import invitations, responses
from scrqm_forms.storage.responses import StoredResponse

Row = tuple[Cell, ...]


def tables_of(shown: ShownRound) -> tuple[Table, ...]:
    """Every table of a round, in the order they stand in a workbook."""
    return (
        _responses_table(shown),
        _answers_table(shown),
        _reflections_table(shown),
        _codebook_table(shown),
        _participation_table(shown),
    )


def _is_named(shown: ShownRound) -> bool:
    return shown.questionnaire.mode == "named"


def _person_columns(shown: ShownRound) -> tuple[Column, ...]:
    if not _is_named(shown):
        return (Column(id="response", kind="code"), Column(id="group", kind="code"))
    return (
        Column(id="response", kind="code"),
        Column(id="name"),
        Column(id="role", kind="code"),
        Column(id="agency"),
        Column(id="submitted_on", kind="date"),
    )


def _read(shown: ShownRound) -> Iterator[tuple[Row, StoredResponse]]:
    """(cells about the person, response). Responses are numbered in their fixed order; the stored id is not shown."""
    for n, response in enumerate(responses.read_submitted(shown.round), 1):
        number = f"R{n:05}"
        if _is_named(shown):
            yield (number, response.name, response.role, response.agency, response.submitted_on), response
        else:
            yield (number, shown.shown_as[response.group].group.key), response


class _Asked:
    """Which places are shown as asked in the rows of one kind of response; settled once per kind."""

    def __init__(self, shown: ShownRound, places: Sequence[Place]) -> None:
        self._shown, self._places = shown, places
        self._known: dict[tuple[str, frozenset[str]], list[tuple[Place, bool]]] = {}

    def of(self, response: StoredResponse) -> list[tuple[Place, bool]]:
        audience = self._shown.audience(response)
        key = (response.group, audience)
        if key not in self._known:
            questionnaire, group = self._shown.questionnaire, self._shown.shown_as[response.group]
            self._known[key] = [
                (place, is_place_asked(questionnaire, place, audience) and shows_in_rows(questionnaire, group, place))
                for place in self._places
            ]
        return self._known[key]


def _shown_places(shown: ShownRound) -> list[Place]:
    """Places of the wide and long tables: without free text where the round is confidential."""
    return [place for place in places_of(shown.questionnaire) if _is_named(shown) or not place.is_text]


def _column_of(place: Place) -> Column:
    return Column(id=place.column, kind="text" if place.is_text else "code")


def _responses_table(shown: ShownRound) -> Table:
    places = _shown_places(shown)

    def rows() -> Iterator[Row]:
        asked = _Asked(shown, places)
        for person, response in _read(shown):
            entries = response.entries
            yield person + tuple(
                cell_of(place, entries.get(place.entry), is_asked) for place, is_asked in asked.of(response)
            )

    columns = _person_columns(shown) + tuple(_column_of(place) for place in places)
    return Table(key="responses", title="Responses", columns=columns, rows=rows)


def _answers_table(shown: ShownRound) -> Table:
    places = _shown_places(shown)

    def rows() -> Iterator[Row]:
        asked = _Asked(shown, places)
        for person, response in _read(shown):
            for place, is_asked in asked.of(response):
                cell = cell_of(place, response.entries.get(place.entry), is_asked)
                if cell:
                    about = (place.column, place.entry, place.item, place.part)
                    yield person + about + (("", cell) if place.is_text else (cell, ""))

    about = tuple(Column(id=key, kind="code") for key in ("column", "marker", "item", "part", "code"))
    columns = _person_columns(shown) + about + (Column(id="text"),)
    return Table(key="answers", title="Answers", columns=columns, rows=rows)


def _reflections_table(shown: ShownRound) -> Table:
    places = [place for place in places_of(shown.questionnaire) if place.is_text]
    about = tuple(Column(id=key, kind="code") for key in ("column", "marker", "item", "part"))
    person = _person_columns(shown) if _is_named(shown) else (Column(id="group", kind="code"),)

    def rows() -> Iterator[Row]:
        return _texts_by_person(shown, places) if _is_named(shown) else _texts_shuffled(shown, places)

    columns = (*about, *person, Column(id="text"))
    return Table(key="reflections", title="Reflections", columns=columns, rows=rows)


def _texts_by_person(shown: ShownRound, places: Sequence[Place]) -> Iterator[Row]:
    asked = _Asked(shown, places)
    for person, response in _read(shown):
        for place, is_asked in asked.of(response):
            if text := cell_of(place, response.entries.get(place.entry), is_asked):
                yield (place.column, place.entry, place.item, place.part, *person, text)


def _texts_shuffled(shown: ShownRound, places: Sequence[Place]) -> Iterator[Row]:
    """All texts of a confidential round: by place, and there by group and an order of its own."""
    order = {place.column: n for n, place in enumerate(places)}
    open_places: dict[str, list[Place]] = {}
    found: list[tuple[int, str, str, Row]] = []
    for _, response in _read(shown):
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


def _codebook_table(shown: ShownRound) -> Table:
    kinds = ("column", "marker", "number", "marker_title", "stage", "item", "part", "wording", "options", "roles")
    more = ("favourable", "published_position", "set", "origin", "source", "wording_status", "questionnaire_sha256")
    columns = tuple(Column(id=key, kind="count" if key in _COUNTS else "text") for key in (*kinds, *more))
    return Table(key="codebook", title="Codebook", columns=columns, rows=lambda: _codebook_rows(shown))


_COUNTS = ("number", "published_position")


def _codebook_rows(shown: ShownRound) -> Iterator[Row]:
    questionnaire = shown.questionnaire
    digest = digest_of(canonical_json(questionnaire))
    stages = {stage.key: stage.title for stage in questionnaire.stages}
    for place in places_of(questionnaire):
        marker = questionnaire.marker(place.entry)
        question = place.question
        options = "; ".join(f"{choice.code} = {choice.label}" for choice in place.choices)
        yield (
            place.column,
            place.entry,
            marker.number if marker else None,
            marker.title if marker else questionnaire.closing_title,
            stages.get(marker.stage, "") if marker else "",
            place.item,
            place.part,
            place.wording,
            options,
            ", ".join(question.roles) if question else "",
            question.favourable if question and place.part == "rating" else "",
            question.published if question else None,
            marker.set if marker else "",
            marker.origin if marker else "",
            marker.source if marker else "",
            marker.wording_status if marker else "",
            digest,
        )


def _participation_table(shown: ShownRound) -> Table:
    keys = ("invited", "not_begun", "begun", "submitted")
    columns = (Column(id="group", kind="code"), *(Column(id=key, kind="count") for key in keys))

    def rows() -> Iterator[Row]:
        by_state = invitations.count_states(shown.round)
        for group in shown.groups:
            states: Counter[str] = Counter()
            for (role, state), number in by_state.items():
                if role in group.roles:
                    states[state] += number
            yield (group.key, states.total(), states["not_begun"], states["begun"], states["submitted"])

    return Table(key="participation", title="Participation", columns=columns, rows=rows)

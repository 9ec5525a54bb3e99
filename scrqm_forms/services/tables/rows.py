"""What the tables of responses share: who a row is about, and what was asked of them."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from scrqm_forms.domain.places import Place, is_place_asked, places_of
from scrqm_forms.domain.showing import blur, shows_in_rows
from scrqm_forms.domain.table import Cell, Column
from scrqm_forms.services.results import ShownRound
from scrqm_forms.storage import responses
from scrqm_forms.storage.responses import StoredResponse

Row = tuple[Cell, ...]


def is_named(shown: ShownRound) -> bool:
    return shown.questionnaire.mode == "named"


def person_columns(shown: ShownRound) -> tuple[Column, ...]:
    if not is_named(shown):
        return (Column(id="response", kind="code"), Column(id="group", kind="code"))
    return (
        Column(id="response", kind="code"),
        Column(id="name"),
        Column(id="role", kind="code"),
        Column(id="agency"),
        Column(id="submitted_on", kind="date"),
    )


def read_rows(shown: ShownRound) -> Iterator[tuple[Row, StoredResponse]]:
    """(cells about the person, response). Responses are numbered in their fixed order; the stored id is not shown."""
    for n, response in enumerate(responses.read_submitted(shown.round), 1):
        number = f"R{n:05}"
        if is_named(shown):
            yield (number, response.name, response.role, response.agency, response.submitted_on), response
        else:
            group = shown.shown_as[response.group].group.key
            yield (number, group), replace(response, entries=blur(response.entries, shown.blurred[group]))


class Asked:
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


def shown_places(shown: ShownRound) -> list[Place]:
    """Places of the wide and long tables: without free text where the round is confidential."""
    return [place for place in places_of(shown.questionnaire) if is_named(shown) or not place.is_text]


def column_of(place: Place) -> Column:
    return Column(id=place.column, kind="text" if place.is_text else "code")

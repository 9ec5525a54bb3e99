"""What the tables of responses share: who a row is about, and the answers in it."""

from collections.abc import Callable, Iterator, Sequence

from scrqm_forms.domain.places import Place, is_place_asked, places_of
from scrqm_forms.domain.questionnaire import Questionnaire
from scrqm_forms.domain.rows import RowPlan
from scrqm_forms.domain.showing import ShownGroup, blur, shows_in_rows
from scrqm_forms.domain.table import Cell, Column
from scrqm_forms.domain.wording import OTHER_LABELS
from scrqm_forms.services.results import ShownRound
from scrqm_forms.storage import responses
from scrqm_forms.storage.responses import StoredResponse

Row = tuple[Cell, ...]


def is_named(shown: ShownRound) -> bool:
    return shown.questionnaire.mode == "named"


def person_columns(shown: ShownRound) -> tuple[Column, ...]:
    response = Column(id="response", kind="code")
    if not is_named(shown):
        return (response, group_column(shown))
    roles = {role.key: role.title for role in shown.questionnaire.roles}
    return (
        response,
        Column(id="name"),
        Column(id="role", kind="code", labels=roles),
        Column(id="agency"),
        Column(id="submitted_on", kind="date"),
    )


def group_column(shown: ShownRound) -> Column:
    """The group that an answer is shown with."""
    titles = {group.key: group.title[:1].upper() + group.title[1:] for group in shown.groups}
    return Column(id="group", kind="code", labels=titles)


def read_rows(shown: ShownRound, places: Sequence[Place]) -> Iterator[tuple[Row, list[str]]]:
    """(cells about the person, a cell for each place), response by response.

    Responses are numbered in their fixed order; the stored id is not shown.
    """
    plans = Plans(shown, places, shows_in_rows)
    for number, response in enumerate(responses.read_submitted(shown.round), 1):
        entries = blur(response.entries, shown.blurred[shown.shown_as[response.group].group.key])
        yield _person(shown, number, response), plans.of(response).cells_of(entries)


def _person(shown: ShownRound, number: int, response: StoredResponse) -> Row:
    if is_named(shown):
        return (f"R{number:05}", response.name, response.role, response.agency, response.submitted_on)
    return (f"R{number:05}", shown.shown_as[response.group].group.key)


class Plans:
    """How the rows of each kind of response are made; settled once per kind."""

    def __init__(
        self,
        shown: ShownRound,
        places: Sequence[Place],
        shows: Callable[[Questionnaire, ShownGroup, Place], bool],
    ) -> None:
        """`shows`: whether a place of a group may be shown; as if it had not been asked where it may not."""
        self._shown, self._places, self._shows = shown, places, shows
        self._known: dict[tuple[str, str | None], RowPlan] = {}

    def of(self, response: StoredResponse) -> RowPlan:
        key = (response.group, response.role)
        if key not in self._known:
            questionnaire, audience = self._shown.questionnaire, self._shown.audience(response)
            group = self._shown.shown_as[response.group]
            self._known[key] = RowPlan(
                (place, is_place_asked(questionnaire, place, audience) and self._shows(questionnaire, group, place))
                for place in self._places
            )
        return self._known[key]


def shown_places(shown: ShownRound) -> list[Place]:
    """Places of the wide and long tables: without free text where the round is confidential."""
    return [place for place in places_of(shown.questionnaire) if is_named(shown) or not place.is_text]


def column_of(questionnaire: Questionnaire, place: Place) -> Column:
    return Column(
        id=place.column,
        kind="text" if place.is_text else "code",
        wording=_wording_of(questionnaire, place),
        labels=labels_of(place),
    )


def title_of(questionnaire: Questionnaire, place: Place) -> str:
    """Of the marker a place belongs to, or of the closing questions."""
    marker = questionnaire.marker(place.entry)
    return marker.title if marker else questionnaire.closing_title


def labels_of(place: Place) -> dict[str, str]:
    """Code -> label of all that can stand in a place; empty for a text's."""
    if place.is_text:
        return {}
    labels = {choice.code: choice.label for choice in place.choices}
    return labels | {code: OTHER_LABELS[code] for code in ("not_asked", "not_my_part")}


def _wording_of(questionnaire: Questionnaire, place: Place) -> str:
    """What was asked, such that it can be told apart from what other markers ask: "8. What helped?"."""
    marker = questionnaire.marker(place.entry)
    number = f"{marker.number}. " if marker else ""
    before = {"judgement": "Judgement: ", "obstacle": "Came up: "}.get(place.part, "")
    return f"{number}{before}{place.wording}{' (comment)' if place.part == 'comment' else ''}"

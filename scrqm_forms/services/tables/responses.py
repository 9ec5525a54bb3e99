"""`responses`, a row for each person, and `answers`, a row for each answer: the same cells, wide and long."""

from collections.abc import Iterator

from scrqm_forms.domain.places import Place
from scrqm_forms.domain.presenting import Responses
from scrqm_forms.domain.questionnaire import Questionnaire
from scrqm_forms.domain.table import Column, Table
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.rows import (
    Row,
    column_of,
    is_named,
    labels_of,
    person_columns,
    read_rows,
    shown_places,
    title_of,
)
from scrqm_forms.storage import invitations

#: How far somebody came who is in the table without having sent anything.
STATES = {"submitted": "Sent", "begun": "Started", "not_begun": "Not started"}


def responses_table(shown: ShownRound, which: Responses = "submitted") -> Table:
    """`all` (named rounds only) adds everybody else who was invited, and how far they came.

    What they have not sent is not in it: each of them was promised that nobody is shown that.
    """
    places = shown_places(shown)
    everybody = which == "all" and is_named(shown)
    state = (Column(id="state", kind="code", labels=STATES),) if everybody else ()
    columns = person_columns(shown) + state + tuple(column_of(shown.questionnaire, place) for place in places)

    def rows() -> Iterator[Row]:
        for person, cells in read_rows(shown, places):
            yield (*person, *(("submitted",) if everybody else ()), *cells)
        if everybody:
            yield from _unsent_rows(shown, len(places))

    return Table(
        key="responses",
        title="Responses",
        about="A row for each person who answered, a column for each question: for counting and filtering.",
        columns=columns,
        rows=rows,
    )


def _unsent_rows(shown: ShownRound, places: int) -> Iterator[Row]:
    for invitation in invitations.list_invitations(shown.round):
        if invitation.state != "submitted":
            person = invitation.person
            yield ("", person.name, person.role, person.agency, None, invitation.state, *[""] * places)


def answers_table(shown: ShownRound) -> Table:
    places = shown_places(shown)
    about = (
        *(Column(id=key, kind="code") for key in ("column", "marker")),
        Column(id="marker_title", wording_of="marker"),
        *(Column(id=key, kind="code") for key in ("item", "part")),
        Column(id="wording", wording_of="column"),
        Column(id="code", kind="code"),
        Column(id="label", label_of="code"),
    )
    columns = (*person_columns(shown), *about, Column(id="text"))

    def rows() -> Iterator[Row]:
        makers = [_Answer(shown.questionnaire, place) for place in places]
        for person, cells in read_rows(shown, places):
            for make, cell in zip(makers, cells, strict=True):
                if cell:
                    yield person + make[cell]

    return Table(
        key="answers",
        title="Answers",
        about="A row for each single answer: for pivot tables and statistics programs.",
        columns=columns,
        rows=rows,
    )


class _Answer(dict[str, Row]):
    """What follows the person in the row of an answer in one place: answer -> cells. Codes are kept, texts not."""

    def __init__(self, questionnaire: Questionnaire, place: Place) -> None:
        title = title_of(questionnaire, place)
        self._about = (place.column, place.entry, title, place.item, place.part, place.wording)
        self._is_text, self._labels = place.is_text, labels_of(place)

    def __missing__(self, cell: str) -> Row:
        if self._is_text:
            return (*self._about, "", "", cell)
        self[cell] = (*self._about, cell, self._labels.get(cell, cell), "")
        return self[cell]

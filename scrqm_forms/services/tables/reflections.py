"""`reflections`: what people wrote in their own words. The only free text of a confidential round, shuffled."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from scrqm_forms.domain.places import Place, is_place_asked, places_of
from scrqm_forms.domain.questionnaire import Questionnaire
from scrqm_forms.domain.results import shuffle_rank
from scrqm_forms.domain.showing import ShownGroup, shows_alone
from scrqm_forms.domain.table import Column, Table
from scrqm_forms.services.results import ShownRound
from scrqm_forms.services.tables.rows import Plans, Row, group_column, is_named, person_columns, read_rows, title_of
from scrqm_forms.storage import responses
from scrqm_forms.storage.responses import StoredResponse

#: Responses whose texts are mixed with one another, at least, where a round has more than twice as many. All of a
#: smaller round are; of a larger one no program could keep all the texts in memory.
MIXED = 500


def reflections_table(shown: ShownRound) -> Table:
    places = [place for place in places_of(shown.questionnaire) if place.is_text]
    about = (
        *(Column(id=key, kind="code") for key in ("column", "marker", "item", "part")),
        Column(id="marker_title"),
        Column(id="wording"),
    )
    person = person_columns(shown) if is_named(shown) else (group_column(shown),)

    def rows() -> Iterator[Row]:
        return _texts_by_person(shown, places) if is_named(shown) else _texts_mixed(shown, places)

    return Table(
        key="reflections",
        title="Reflections",
        about="What people wrote in their own words, a row for each text: for reading.",
        columns=(*about, *person, Column(id="text")),
        rows=rows,
    )


def _about(questionnaire: Questionnaire, place: Place) -> Row:
    return (place.column, place.entry, place.item, place.part, title_of(questionnaire, place), place.wording)


def _texts_by_person(shown: ShownRound, places: Sequence[Place]) -> Iterator[Row]:
    about = [_about(shown.questionnaire, place) for place in places]
    for person, cells in read_rows(shown, places):
        for number, text in enumerate(cells):
            if text:
                yield (*about[number], *person, text)


def _texts_mixed(shown: ShownRound, places: Sequence[Place]) -> Iterator[Row]:
    """All texts of a confidential round: by place, there by group, and there in an order of the place's own.

    A large round comes in parts of at least MIXED responses of one group, so that memory stays the same.
    """
    if shown.submitted <= 2 * MIXED:
        yield from _mix(shown, places, [(group, _read(shown, group)) for group in shown.shown_groups])
        return
    for group in shown.shown_groups:
        reading = _read(shown, group)
        for size in _sizes(shown, group, places):
            yield from _mix(shown, places, ((group, islice(reading, size)),))


def _read(shown: ShownRound, group: ShownGroup) -> Iterator[StoredResponse]:
    stored = [key for key, shown_as in shown.shown_as.items() if shown_as is group]
    return responses.read_submitted(shown.round, groups=stored)


def _sizes(shown: ShownRound, group: ShownGroup, places: Sequence[Place]) -> list[int]:
    """Responses in each part of a group, such that at least MIXED of each part were asked whatever is shown of any."""
    total = sum(part.submitted for part in group.parts)
    asked = [
        sum(part.submitted for part in group.parts if is_place_asked(shown.questionnaire, place, part.audience))
        for place in places
        if shows_alone(shown.questionnaire, group, place)
    ]
    # Who was not asked something could all stand in one part. What nobody was asked holds no texts to mix.
    unasked = total - min((number for number in asked if number), default=0)
    parts = max(1, total // (MIXED + unasked))
    return [total * (number + 1) // parts - total * number // parts for number in range(parts)]


def _mix(
    shown: ShownRound,
    places: Sequence[Place],
    groups: Iterable[tuple[ShownGroup, Iterator[StoredResponse]]],
) -> Iterator[Row]:
    found: list[tuple[int, str, str, str]] = []
    plans = Plans(shown, places, shows_alone)
    for group, reading in groups:
        for response in reading:
            for number, text in enumerate(plans.of(response).cells_of(response.entries)):
                if text:
                    rank = shuffle_rank(shown.round.shuffle_key, places[number].column, response.id)
                    found.append((number, group.group.key, rank, text))
    found.sort()
    about = [_about(shown.questionnaire, place) for place in places]
    return ((*about[number], group, text) for number, group, _, text in found)

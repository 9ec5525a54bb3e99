"""Results of a round: how each group answered each question, with what they wrote.

Who may be shown together is settled before (`groups`, `showing`); here every response already comes with the group it
is shown in. No score is made of answers.
"""

import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct, field

from scrqm_forms.domain.places import Place, cell_of, is_place_asked, places_of
from scrqm_forms.domain.questionnaire import Questionnaire
from scrqm_forms.domain.response import Entry


class ShownResponse(Struct, frozen=True, kw_only=True):
    """A submitted response under the heading it is shown with."""

    #: Key of the group shown, after joining small ones.
    group: str
    #: Roles whose questions it was asked.
    audience: frozenset[str]
    entries: Mapping[str, Entry]


class Tally(Struct, kw_only=True):
    """Answers in one place: group key -> code -> how many, and the texts of each group."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def number(self, group: str, code: str) -> int:
        return self.counts.get(group, Counter())[code]


class Results(Struct, kw_only=True):
    """`responses` maps a group's key to its submitted responses; `tallies` a place's column id to what was said.

    A group is missing from a tally's counts where too few of it were asked to be shown.
    """

    responses: Counter[str] = field(default_factory=Counter)
    tallies: dict[str, Tally] = field(default_factory=dict)

    def of(self, column: str) -> Tally:
        return self.tallies.get(column) or Tally()


def tally_responses(
    questionnaire: Questionnaire, responses: Iterable[ShownResponse], shows: Callable[[Place, str], bool]
) -> Results:
    """Counts and texts of all `responses`, read once. `shows(place, group key)`: whether a group's are shown there."""
    results = Results()
    plans: dict[tuple[str, frozenset[str]], list[tuple[Place, Tally, bool]]] = {}
    places = places_of(questionnaire)
    for response in responses:
        results.responses[response.group] += 1
        key = (response.group, response.audience)
        if key not in plans:
            plans[key] = _plan(questionnaire, places, results, response, shows)
        for place, tally, asked in plans[key]:
            _tally(tally, place, response, asked)
    return results


def _plan(
    questionnaire: Questionnaire,
    places: Sequence[Place],
    results: Results,
    response: ShownResponse,
    shows: Callable[[Place, str], bool],
) -> list[tuple[Place, Tally, bool]]:
    """(place, its tally, whether it was asked) for every place shown of such responses."""
    return [
        (
            place,
            results.tallies.setdefault(place.column, Tally()),
            is_place_asked(questionnaire, place, response.audience),
        )
        for place in places
        if shows(place, response.group)
    ]


def _tally(tally: Tally, place: Place, response: ShownResponse, asked: bool) -> None:
    cell = cell_of(place, response.entries.get(place.entry), asked)
    if not place.is_text:
        tally.counts.setdefault(response.group, Counter())[cell] += 1
    elif cell.strip():
        tally.texts.setdefault(response.group, []).append(cell)


def shuffle_rank(shuffle_key: str, *place: str) -> str:
    """Where a text stands among those of one place: an order fixed once, and unlike that of any other place."""
    return hmac.digest(bytes.fromhex(shuffle_key), "\0".join(place).encode(), "sha256").hex()


def shuffle_texts(results: Results, shuffle_key: str) -> None:
    """Give the texts of every place an order of their own, so that no two can be told to be one person's."""
    for column, tally in results.tallies.items():
        for texts in tally.texts.values():
            texts.sort(key=lambda text, column=column: shuffle_rank(shuffle_key, column, text))  # type: ignore[misc]

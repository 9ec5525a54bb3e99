"""Results of a round: how each group answered each question, with what they wrote.

Who may be shown together is settled before (`groups`, `showing`); here every response already comes with the group it
is shown in, and with the entries that may be shown. No score is made of answers.
"""

import hmac
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct, field

from scrqm_forms.domain.places import Place, is_place_asked
from scrqm_forms.domain.questionnaire import Questionnaire
from scrqm_forms.domain.response import Codes, Entry

#: Codes of those who chose nothing in a place.
WITHOUT_ANSWER = frozenset({"", "not_my_part", "not_asked"})


class ShownResponse(Struct, frozen=True, kw_only=True):
    """A submitted response under the heading it is shown with."""

    #: Key of the group shown, after joining small ones.
    group: str
    #: Roles whose questions it was asked.
    audience: frozenset[str]
    #: Entry key -> the entry, or only its codes where no text is wanted.
    entries: Mapping[str, Entry] | Mapping[str, Codes]


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
    #: Entry key -> groups of which anybody chose anything in it, in a place that is shown of them: no more than their
    #: counts say. Texts do not count: an obstacle that was not ticked is told from a marker left blank by choices.
    answering: dict[str, set[str]] = field(default_factory=dict)

    def of(self, column: str) -> Tally:
        return self.tallies.get(column) or Tally()


class _Said(Struct):
    """What the responses of one group and audience said, before it is known where it may stand."""

    responses: int = 0
    #: Entry key -> who set it aside.
    set_aside: Counter[str] = field(default_factory=Counter)
    #: Entry key -> (question id, code), obstacle id, ("", judgement) or ("helped", improvement, code) -> how many.
    codes: dict[str, Counter[object]] = field(default_factory=lambda: defaultdict(Counter))
    #: (Entry key, item) -> texts; ids of questions and of prompts never meet in one place's part.
    comments: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    reflections: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))


def tally_responses(
    questionnaire: Questionnaire,
    places: Sequence[Place],
    responses: Iterable[ShownResponse],
    shows: Callable[[Place, str], bool],
) -> Results:
    """Counts and texts in `places`, of `responses` read once. `shows(place, group key)`: whether a group's stand there.

    What was said is counted as it is found, and blanks are what is left over: a response holds far fewer answers than
    there are places. What comes out is what `places.cell_of` says place by place.
    """
    said: dict[tuple[str, frozenset[str]], _Said] = defaultdict(_Said)
    for response in responses:
        _add(said[response.group, response.audience], response)
    results = Results()
    for (group, audience), all_said in said.items():
        results.responses[group] += all_said.responses
        for place in places:
            if shows(place, group):
                tally = results.tallies.setdefault(place.column, Tally())
                _put(tally, place, group, all_said, is_place_asked(questionnaire, place, audience))
                if tally.counts.get(group, Counter()).keys() - WITHOUT_ANSWER:
                    results.answering.setdefault(place.entry, set()).add(group)
    return results


def _add(said: _Said, response: ShownResponse) -> None:
    said.responses += 1
    for key, entry in response.entries.items():
        if entry.not_my_part:
            said.set_aside[key] += 1
            continue
        codes = said.codes[key]
        codes.update(entry.answers.items())
        codes.update(entry.obstacles)
        codes["", entry.judgement] += 1
        for item, code in entry.helped.items():
            codes["helped", item, code] += 1
        if isinstance(entry, Entry):
            for item, text in entry.comments.items():
                said.comments[key, item].append(text)
            for item, text in entry.reflections.items():
                said.reflections[key, item].append(text)


def _put(tally: Tally, place: Place, group: str, said: _Said, asked: bool) -> None:
    if not place.is_text:
        tally.counts.setdefault(group, Counter()).update(_counts(place, said, asked))
    elif asked:
        found = (said.reflections if place.part == "reflection" else said.comments).get((place.entry, place.item), ())
        if texts := [text for text in found if text.strip()]:
            tally.texts.setdefault(group, []).extend(texts)


def _counts(place: Place, said: _Said, asked: bool) -> dict[str, int]:
    if not asked:
        return {"not_asked": said.responses}
    codes = said.codes.get(place.entry, Counter())
    if place.part == "obstacle":
        found = {choice.code: codes[place.item] for choice in place.choices}
    elif place.part == "helped":
        found = {choice.code: codes["helped", place.item, choice.code] for choice in place.choices}
    else:
        found = {choice.code: codes[place.item, choice.code] for choice in place.choices}
    found["not_my_part"] = said.set_aside[place.entry]
    found[""] = said.responses - sum(found.values())
    return {code: number for code, number in found.items() if number}


def shuffle_rank(shuffle_key: str, *place: str) -> str:
    """Where a text stands among those of one place: an order fixed once, and unlike that of any other place."""
    return hmac.digest(bytes.fromhex(shuffle_key), "\0".join(place).encode(), "sha256").hex()


def shuffle_texts(results: Results, shuffle_key: str) -> None:
    """Give the texts of every place an order of their own, so that no two can be told to be one person's."""
    for column, tally in results.tallies.items():
        for texts in tally.texts.values():
            texts.sort(key=lambda text, column=column: shuffle_rank(shuffle_key, column, text))  # type: ignore[misc]

"""Results of a round: how each group answered each question, with their comments.

Who may be shown together is settled before (`groups.merge_small_groups`); here every response already comes with the
group it is shown in. No score is made of answers.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct, field

from scrqm_forms.domain.marker import CLOSING
from scrqm_forms.domain.questionnaire import AskedMarker, AskedQuestion, Questionnaire, is_answered, questions_for
from scrqm_forms.domain.response import Entry, answer_code, coded


class ShownResponse(Struct, frozen=True, kw_only=True):
    """A submitted response under the heading it is shown with."""

    #: Key of the group shown, after joining small ones.
    group: str
    #: Roles whose questions it was asked.
    audience: frozenset[str]
    entries: Mapping[str, Entry]


class Tally(Struct, kw_only=True):
    """Answers to one thing asked: group key -> code -> how many, and the texts of each group."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def count(self, group: str, code: str) -> None:
        self.counts.setdefault(group, Counter())[code] += 1

    def say(self, group: str, text: str) -> None:
        if text.strip():
            self.texts.setdefault(group, []).append(text)

    def number(self, group: str, code: str) -> int:
        return self.counts.get(group, Counter())[code]


class MarkerResults(Struct, kw_only=True):
    """Everything said about one marker."""

    judgement: Tally = field(default_factory=Tally)
    questions: dict[str, Tally] = field(default_factory=dict)
    obstacles: dict[str, Tally] = field(default_factory=dict)
    reflections: dict[str, Tally] = field(default_factory=dict)


class Results(Struct, kw_only=True):
    """`responses` maps a group's key to its submitted responses; the closing questions stand by id."""

    responses: Counter[str] = field(default_factory=Counter)
    markers: dict[str, MarkerResults] = field(default_factory=dict)
    closing: dict[str, Tally] = field(default_factory=dict)


def tally_responses(questionnaire: Questionnaire, responses: Iterable[ShownResponse]) -> Results:
    """Counts and texts of all `responses`, read once."""
    results = Results(markers={marker.id: MarkerResults() for marker in questionnaire.markers})
    for response in responses:
        results.responses[response.group] += 1
        for marker in questionnaire.markers:
            _tally_marker(results.markers[marker.id], questionnaire, marker, response)
        _tally_closing(results, questionnaire, response)
    return results


def _tally_marker(
    into: MarkerResults, questionnaire: Questionnaire, marker: AskedMarker, response: ShownResponse
) -> None:
    entry = response.entries.get(marker.id)
    asked = questions_for(marker.questions, response.audience)
    said = entry if entry is not None and not entry.not_my_part else Entry()
    into.judgement.count(response.group, coded(entry, said.judgement) if asked else "not_asked")
    for question in marker.questions:
        tally = into.questions.setdefault(question.id, Tally())
        answered = is_answered(questionnaire, marker.id, question, response.audience)
        _tally_question(tally, question, response.group, entry, answered)
    for obstacle in said.obstacles:
        into.obstacles.setdefault(obstacle, Tally()).count(response.group, "met")
    for prompt, text in said.reflections.items():
        into.reflections.setdefault(prompt, Tally()).say(response.group, text)


def _tally_closing(results: Results, questionnaire: Questionnaire, response: ShownResponse) -> None:
    entry = response.entries.get(CLOSING)
    for question in questionnaire.closing:
        tally = results.closing.setdefault(question.id, Tally())
        answered = is_answered(questionnaire, CLOSING, question, response.audience)
        _tally_question(tally, question, response.group, entry, answered)


def _tally_question(tally: Tally, question: AskedQuestion, group: str, entry: Entry | None, answered: bool) -> None:
    if question.kind != "text":
        tally.count(group, answer_code(question, entry, answered))
    if entry is not None and not entry.not_my_part:
        tally.say(group, entry.comments.get(question.id, ""))


def shuffle_rank(shuffle_key: str, *place: str) -> str:
    """Where a text stands among those of one place: an order fixed once, and unlike that of any other place."""
    return hmac.new(bytes.fromhex(shuffle_key), "\0".join(place).encode(), hashlib.sha256).hexdigest()


def shuffle_texts(results: Results, shuffle_key: str) -> None:
    """Give the texts of every place an order of their own, so that no two can be told to be one person's."""
    for place, tally in _tallies(results):
        for texts in tally.texts.values():
            texts.sort(key=lambda text: shuffle_rank(shuffle_key, place, text))


def _tallies(results: Results) -> Iterator[tuple[str, Tally]]:
    for marker, found in results.markers.items():
        for key, tally in (found.questions | found.reflections).items():
            yield f"{marker}.{key}", tally
    for key, tally in results.closing.items():
        yield f"{CLOSING}.{key}", tally

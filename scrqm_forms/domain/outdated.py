"""A round's frozen wording against what the library has now: what is asked stays, and the board is told."""

from collections.abc import Mapping

from msgspec import Struct

from scrqm_forms.domain.comparing import MarkerChange, compare_markers
from scrqm_forms.domain.comparing_matches import Sourced
from scrqm_forms.domain.marker import LibraryMarker, Marker, Obstacle, Option, Question
from scrqm_forms.domain.questionnaire import AskedMarker, AskedQuestion, Questionnaire, freeze_marker


class Outdated(Struct, frozen=True, kw_only=True):
    """What is asked otherwise now than the round asks it; both empty where nothing is."""

    #: As asked and as it would be asked now.
    changed: tuple[MarkerChange, ...]
    #: Markers that the board no longer has.
    gone: tuple[AskedMarker, ...]

    @property
    def number(self) -> int:
        return len(self.changed) + len(self.gone)


def find_outdated(questionnaire: Questionnaire, now: Mapping[str, LibraryMarker], words: Mapping[str, str]) -> Outdated:
    """`now`: the board's markers by id; `words`: its vocabulary, for names that the round's has not."""
    words = {**words, **questionnaire.vocabulary}
    pairs = [
        (marker, freeze_marker(now[marker.id], questionnaire.purpose, words))
        for marker in questionnaire.markers
        if marker.id in now
    ]
    compared = [
        compare_markers([Sourced("", _as_marker(one))], [Sourced("", _as_marker(other))]).both[0]
        for one, other in pairs
    ]
    return Outdated(
        changed=tuple(each for each in compared if each.changes),
        gone=tuple(marker for marker in questionnaire.markers if marker.id not in now),
    )


def _as_marker(asked: AskedMarker) -> Marker:
    """With each question as it is asked, as its only wording."""
    return Marker(
        id=asked.id,
        number=asked.number,
        title=asked.title,
        stage=asked.stage,
        statement=asked.statement,
        rationale=asked.rationale or None,
        source=asked.source,
        wording_status="local",
        questions=tuple(map(_as_question, asked.questions)),
        knowledge=asked.knowledge,
        equality=asked.equality,
        guidance=asked.guidance,
        obstacles=tuple(Obstacle(id=each.id, text=each.text) for each in asked.obstacles),
    )


def _as_question(asked: AskedQuestion) -> Question:
    """What is offered is compared label by label, whatever its kind."""
    return Question(
        id=asked.id,
        ask=asked.text,
        roles=asked.roles,
        options=tuple(Option(id=each.code, text=each.label) for each in asked.choices),
    )

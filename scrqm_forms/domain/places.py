"""Places: everything that a questionnaire can hold an answer to, in order, each with its stable column id.

One list that the wide table, the long table and the codebook are all made from, so that they cannot disagree.
"""

from collections.abc import Collection
from typing import Literal

from msgspec import Struct

from scrqm_forms.domain.kinds import CODED_PARTS, KINDS
from scrqm_forms.domain.marker import CLOSING, OBSTACLES
from scrqm_forms.domain.questionnaire import (
    AskedImprovement,
    AskedMarker,
    AskedObstacle,
    AskedQuestion,
    Choice,
    Prompt,
    Questionnaire,
    is_answered,
    questions_for,
)
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.wording import HELPED_QUESTION

#: Stands for an entry that was never saved.
_NOTHING = Entry()
MET = Choice(code="met", label="Came up")
#: Where in an entry an answer stands.
Field = Literal["answers", "comments", "helped", "judgement", "obstacles", "reflections"]


class Place(Struct, frozen=True, kw_only=True):
    """One thing that can be answered. `column` is its column id: `qm08.plan.rating`, `qm08.judgement`."""

    column: str
    #: Marker id, or "closing".
    entry: str
    #: Id of the question, improvement, obstacle or prompt; empty for the judgement.
    item: str
    #: What is held: a question's part (`kinds.KINDS`), helped, judgement, obstacle or reflection.
    part: str
    wording: str
    #: How that stood in the publication or the program, where the board reworded it.
    original: str = ""
    choices: tuple[Choice, ...]
    #: The question, where the place belongs to one.
    question: AskedQuestion | None = None
    field: Field

    @property
    def is_text(self) -> bool:
        return self.part not in CODED_PARTS

    def find(self, entry: Entry) -> str:
        """The answer in an entry, "" for none."""
        if self.field == "judgement":
            return entry.judgement
        if self.field == "obstacles":
            return MET.code if self.item in entry.obstacles else ""
        texts: dict[str, str] = getattr(entry, self.field)
        return texts.get(self.item, "")


def places_of(questionnaire: Questionnaire) -> list[Place]:
    """All places in the order asked."""
    places = [place for marker in questionnaire.markers for place in _places_of_marker(questionnaire, marker)]
    return places + [place for question in questionnaire.closing for place in _places_of_question(CLOSING, question)]


def cell_of(place: Place, entry: Entry | None, asked: bool) -> str:
    """What stands in a place: the answer, "" for blank, or why there is none (never a reason in a text's place)."""
    if not asked:
        return "" if place.is_text else "not_asked"
    if entry is not None and entry.not_my_part:
        return "" if place.is_text else "not_my_part"
    return place.find(entry or _NOTHING)


def is_place_asked(questionnaire: Questionnaire, place: Place, audience: Collection[str]) -> bool:
    """Whether people in `audience` were asked this."""
    marker = questionnaire.marker(place.entry)
    if marker is not None and not questions_for(marker.questions, audience):
        return False
    return place.question is None or is_answered(questionnaire, place.entry, place.question, audience)


def _places_of_marker(questionnaire: Questionnaire, marker: AskedMarker) -> list[Place]:
    places = [place for question in marker.questions for place in _places_of_question(marker.id, question)]
    places += [_place_of_improvement(questionnaire, marker, each) for each in marker.improvements]
    places += [_place_of_obstacle(marker, obstacle) for obstacle in marker.obstacles]
    places.append(
        Place(
            column=f"{marker.id}.judgement",
            entry=marker.id,
            item="",
            part="judgement",
            wording=marker.statement,
            original=marker.original_statement,
            choices=questionnaire.judgements,
            field="judgement",
        )
    )
    return places + [_place_of_prompt(marker, prompt) for prompt in questionnaire.prompts]


def _places_of_question(entry: str, question: AskedQuestion) -> list[Place]:
    return [_place_of_question(entry, question, part) for part in KINDS[question.kind].parts]


def _place_of_question(entry: str, question: AskedQuestion, part: str) -> Place:
    coded = part in CODED_PARTS
    return Place(
        column=f"{entry}.{question.id}.{part}",
        entry=entry,
        item=question.id,
        part=part,
        wording=question.text,
        original=question.original,
        choices=question.choices if coded else (),
        question=question,
        field="answers" if coded else "comments",
    )


def _place_of_improvement(questionnaire: Questionnaire, marker: AskedMarker, improvement: AskedImprovement) -> Place:
    return Place(
        column=helped_column(marker.id, improvement.id),
        entry=marker.id,
        item=improvement.id,
        part="helped",
        wording=f"{HELPED_QUESTION} {improvement.text}",
        choices=questionnaire.helped,
        field="helped",
    )


def helped_column(marker_id: str, key: str) -> str:
    """Column id of whether an improvement helped: `qm08.improvement.kdfwqzrt.helped`."""
    return f"{marker_id}.improvement.{key}.helped"


def _place_of_obstacle(marker: AskedMarker, obstacle: AskedObstacle) -> Place:
    return Place(
        column=f"{marker.id}.{OBSTACLES}.{obstacle.id}",
        entry=marker.id,
        item=obstacle.id,
        part="obstacle",
        wording=obstacle.text,
        original=obstacle.original,
        choices=(MET,),
        field="obstacles",
    )


def _place_of_prompt(marker: AskedMarker, prompt: Prompt) -> Place:
    return Place(
        column=f"{marker.id}.{prompt.id}",
        entry=marker.id,
        item=prompt.id,
        part="reflection",
        wording=prompt.text,
        choices=(),
        field="reflections",
    )

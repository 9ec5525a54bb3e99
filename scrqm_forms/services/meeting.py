"""The conversation: what a round's participants said, one thing at a time, and the pack to take along."""

from collections.abc import Collection, Iterator
from typing import Literal

from msgspec import Struct

from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.kinds import KINDS
from scrqm_forms.domain.notes import Notes
from scrqm_forms.domain.places import Place
from scrqm_forms.domain.questionnaire import AskedMarker
from scrqm_forms.domain.review import Round
from scrqm_forms.services.overview import EntryResults, PartResults, keys_of, read_entry_results, read_whole
from scrqm_forms.storage import notes as stored

StepKind = Literal["marker", "scale", "question", "obstacles", "reflection", "notes"]


class MeetingStep(Struct, frozen=True, kw_only=True):
    """One thing to look at together."""

    kind: StepKind
    #: Of a scale: what was answered; of a question or reflection: what was written, or chosen.
    places: tuple[Place, ...] = ()

    @property
    def first(self) -> Place:
        return self.places[0]


class Meeting(Struct, frozen=True, kw_only=True):
    """One marker, or the closing entry, as it is talked about."""

    part: EntryResults
    steps: list[MeetingStep]
    notes: Notes
    version: int


class Section(Struct, frozen=True, kw_only=True):
    """An entry in the pack."""

    key: str
    title: str
    marker: AskedMarker | None
    steps: list[MeetingStep]
    #: What was asked, with no answer to show.
    unanswered: list[MeetingStep]
    notes: Notes


class Pack(Struct, frozen=True, kw_only=True):
    part: PartResults
    #: Keys of all entries wanted; those without answers and notes have no section, but a title in `unanswered`.
    chosen: list[str]
    sections: list[Section]
    unanswered: list[str]


def read_meeting(round_: Round, key: str, *, by: Actor) -> Meeting:
    """Raises NotFound, or Refused where nothing may be shown."""
    part = read_entry_results(round_, key, by=by)
    found, version = stored.read_notes(round_).get(key, (Notes(), 0))
    return Meeting(part=part, steps=[*_steps(part, key), MeetingStep(kind="notes")], notes=found, version=version)


def read_pack(round_: Round, keys: Collection[str], *, by: Actor) -> Pack:
    """Of these markers, in the order asked; of all where none is named. Raises Refused as above."""
    part = read_whole(round_, by=by)
    notes = stored.read_notes(round_)
    known = keys_of(part.questionnaire)
    wanted = [key for key in known if key in keys] or known
    every = [_section(part, key, notes.get(key, (Notes(), 0))[0]) for key in wanted]
    kept = [each for each in every if not part.sent or len(each.steps) > 1 or each.notes != Notes()]
    return Pack(part=part, chosen=wanted, sections=kept, unanswered=[each.title for each in every if each not in kept])


def _section(part: PartResults, key: str, notes: Notes) -> Section:
    marker = part.questionnaire.marker(key)
    title = f"{marker.number}. {marker.title}" if marker else part.questionnaire.closing_title
    steps = [_answered(part, step) for step in _steps(part, key)]
    return Section(
        key=key,
        title=title,
        marker=marker,
        steps=[step for step in steps if step.kind == "marker" or step.places],
        unanswered=[
            step
            for step in _steps(part, key)
            if step.kind in ("scale", "question", "reflection") and not _answered(part, step).places
        ],
        notes=notes,
    )


def _answered(part: PartResults, step: MeetingStep) -> MeetingStep:
    """With places only where there is an answer; of obstacles, those that came up."""
    said = tuple(place for place in step.places if _is_answered(part, place))
    return MeetingStep(kind=step.kind, places=said if step.kind == "obstacles" or not said else step.places)


def _is_answered(part: PartResults, place: Place) -> bool:
    tally = part.results.of(place.column)
    codes = [choice.code for choice in place.choices]
    return any(tally.texts.values()) or any(counts[code] for counts in tally.counts.values() for code in codes)


def _steps(part: PartResults, key: str) -> Iterator[MeetingStep]:
    """The marker first; then what groups answered, the most pressing first; then what they wrote."""
    yield MeetingStep(kind="marker")
    places = [place for place in part.places if place.entry == key]
    scales = [topic.place for topic in part.topics if topic.place.entry == key]
    for place in scales:
        texts = [each for each in places if each.is_text and place.question and each.item == place.item]
        yield MeetingStep(kind="scale", places=(place, *texts))
    asked = [place for place in places if place.question and place not in scales]
    for place in asked:
        if place.part == KINDS[place.question.kind].parts[0] and place.question:  # type: ignore[union-attr]
            texts = [each for each in asked if each.item == place.item and each is not place]
            yield MeetingStep(kind="question", places=(place, *texts))
    if obstacles := tuple(place for place in places if place.part == "obstacle"):
        yield MeetingStep(kind="obstacles", places=obstacles)
    for place in places:
        if place.part == "reflection":
            yield MeetingStep(kind="reflection", places=(place,))

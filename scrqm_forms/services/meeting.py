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
    notes: Notes


class Pack(Struct, frozen=True, kw_only=True):
    part: PartResults
    sections: list[Section]


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
    return Pack(part=part, sections=[_section(part, key, notes.get(key, (Notes(), 0))[0]) for key in wanted])


def _section(part: PartResults, key: str, notes: Notes) -> Section:
    marker = part.questionnaire.marker(key)
    title = f"{marker.number}. {marker.title}" if marker else part.questionnaire.closing_title
    return Section(key=key, title=title, marker=marker, steps=list(_steps(part, key)), notes=notes)


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

"""Freeze markers into a Questionnaire: the exact wording of one round, with a digest of its content.

Canonical form, over which the digest is taken: the questionnaire as JSON in UTF-8, keys sorted by code point, no
white space between tokens, nothing but control characters, quotes and backslashes escaped; then SHA-256, in hex.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

import msgspec
from msgspec import Struct

from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.kinds import KINDS
from scrqm_forms.domain.marker import (
    CLOSING,
    LibraryMarker,
    Marker,
    MarkerSet,
    Obstacle,
    Original,
    Question,
    Role,
    Stage,
)
from scrqm_forms.domain.origin import wording_of_set
from scrqm_forms.domain.wording import (
    CLOSING_TITLES,
    HELPED_LABELS,
    JUDGEMENT_LABELS,
    LOOKING_BACK,
    OTHER_JUDGEMENTS,
    PUBLISHED_LEAD_INS,
    REFLECTION_PROMPTS,
    fill_in,
)

Purpose = Literal["plan", "assure", "reflect", "follow_up"]
Mode = Literal["named", "confidential"]
Length = Literal["full", "brief"]

PURPOSES: tuple[Purpose, ...] = ("plan", "assure", "reflect", "follow_up")
#: Raised when a field is added or changes its meaning; a stored questionnaire keeps the number it was frozen with.
#: 2: improvements agreed before come back beside their marker.
#: 3: a question that the board reworded has its original beside it.
#: 4: so has a statement.
#: 5: and so has an obstacle.
FORMAT = 5


class Choice(Struct, frozen=True, kw_only=True):
    """One answer that can be picked: the code is stored and exported, the label is shown."""

    code: str
    label: str


# Fields added later have a default, and are left out where they hold it: so the canonical form of a questionnaire that
# was frozen before them stays as it was, to the letter.
class AskedQuestion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question as asked: wording chosen by purpose, vocabulary filled in."""

    id: str
    text: str
    kind: str
    roles: tuple[str, ...]
    favourable: str
    choices: tuple[Choice, ...]
    published: int | None
    #: How it stood in the publication or the program, for this purpose, where the board reworded it.
    original: str = ""


class AskedObstacle(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An obstacle that a participant can say was met."""

    id: str
    text: str
    #: How it stood in the publication or the program, where the board reworded it.
    original: str = ""


class AskedImprovement(Struct, frozen=True, kw_only=True):
    """What was agreed before, of which participants say whether it helped."""

    #: Its key in the board's register.
    id: str
    #: What should be different, as it stood in the register when the round was opened.
    text: str


class AskedMarker(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A marker as asked, with where its wording came from."""

    id: str
    number: int
    title: str
    stage: str
    statement: str
    #: Empty where the publication gives none.
    rationale: str
    questions: tuple[AskedQuestion, ...]
    knowledge: tuple[str, ...] | None
    equality: tuple[str, ...] | None
    guidance: tuple[str, ...] | None
    obstacles: tuple[AskedObstacle, ...]
    #: Stands above questions that are put as published, in another tense than the round's; else empty.
    lead_in: str
    source: str
    wording_status: str
    origin: str
    set: str
    citation: str
    improvements: tuple[AskedImprovement, ...] = ()
    #: How the statement stood in the publication or the program, where the board reworded it.
    original_statement: str = ""


class Prompt(Struct, frozen=True, kw_only=True):
    """A written reflection asked of every marker."""

    id: str
    text: str
    hint: str


class RoundSettings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a board chooses for a round before it is opened."""

    purpose: Purpose
    mode: Mode
    minimum: int
    #: Role keys taking part, in the set's order.
    roles: tuple[str, ...]
    #: Marker ids in the order asked.
    markers: tuple[str, ...]
    #: Role key -> length; a role that is not named has the full length.
    lengths: dict[str, Length]
    #: Role keys shown together; empty: proposed from who is invited when the round is opened.
    groups: tuple[tuple[str, ...], ...] = ()
    #: Keys of improvements that could come back in this round and are not to.
    left_out: tuple[str, ...] = ()


class Questionnaire(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything a participant was shown and promised in one round; never changed once frozen."""

    format: int
    board: str
    review_title: str
    reference: str
    purpose: Purpose
    mode: Mode
    minimum: int
    keep_until: date
    vocabulary: dict[str, str]
    roles: tuple[Role, ...]
    groups: tuple[Group, ...]
    lengths: dict[str, Length]
    stages: tuple[Stage, ...]
    markers: tuple[AskedMarker, ...]
    closing_title: str
    closing: tuple[AskedQuestion, ...]
    prompts: tuple[Prompt, ...]
    judgements: tuple[Choice, ...]
    citations: tuple[str, ...]
    #: Name and version of this program and of every plugin at opening.
    made_with: dict[str, str]
    #: The closing questions', as a marker's; empty in rounds opened before these were written down.
    closing_origin: str = ""
    closing_wording_status: str = ""
    #: Answers to whether an improvement helped; none where no improvement comes back.
    helped: tuple[Choice, ...] = ()

    def role(self, key: str) -> Role:
        return next(role for role in self.roles if role.key == key)

    def group_of(self, role: str) -> Group:
        return next(group for group in self.groups if role in group.roles)

    def audience(self, role: str) -> frozenset[str]:
        """The roles whose questions somebody of `role` is asked.

        In a confidential round that is the whole group: if each role had its own questions, which of them were
        answered would tell the members of a group apart.
        """
        return frozenset(self.group_of(role).roles if self.mode == "confidential" else (role,))

    def length(self, audience: Collection[str]) -> Length:
        """Brief only where it is brief for everyone in the audience."""
        brief = all(self.lengths.get(role, "full") == "brief" for role in audience)
        return "brief" if brief else "full"

    def marker(self, marker_id: str) -> AskedMarker | None:
        return next((marker for marker in self.markers if marker.id == marker_id), None)

    def markers_for(self, audience: Collection[str]) -> tuple[AskedMarker, ...]:
        return tuple(marker for marker in self.markers if questions_for(marker.questions, audience))


def is_asked(question: AskedQuestion, audience: Collection[str]) -> bool:
    """Whether a question is for any of the roles in `audience`."""
    return not question.roles or not set(question.roles).isdisjoint(audience)


def is_answered(questionnaire: "Questionnaire", entry: str, question: AskedQuestion, audience: Collection[str]) -> bool:
    """Whether people in `audience` answer this question of entry `entry`: those with the brief length only read it."""
    answers = entry == CLOSING or questionnaire.length(audience) == "full"
    return answers and is_asked(question, audience)


def questions_for(questions: Sequence[AskedQuestion], audience: Collection[str]) -> tuple[AskedQuestion, ...]:
    return tuple(question for question in questions if is_asked(question, audience))


def minutes_needed(questionnaire: Questionnaire, audience: Collection[str]) -> int:
    """An honest estimate for reading and writing a sentence or two on each marker, in minutes, to the nearest 5.

    Counted: three minutes for the start and the closing questions, one and a half for each marker (140 words to read,
    at 240 a minute; a judgement; 30 words to write), half a minute for each rating, and for each improvement that
    comes back. Assumptions of ours; to be set right from real use.
    """
    markers = questionnaire.markers_for(audience)
    ratings = sum(len(questions_for(marker.questions, audience)) for marker in markers)
    improvements = sum(len(marker.improvements) for marker in markers)
    full = questionnaire.length(audience) == "full"
    minutes = 3 + len(markers) * 1.5 + improvements * 0.5 + (ratings * 0.5 if full else 0)
    return max(5, int((minutes + 2.5) // 5 * 5))


def freeze_questionnaire(  # noqa: PLR0913  all that is frozen, each named
    settings: RoundSettings,
    markers: Sequence[LibraryMarker],
    *,
    base_set: MarkerSet,
    roles: Sequence[Role],
    groups: Sequence[Group],
    vocabulary: Mapping[str, str],
    board: str,
    review_title: str,
    reference: str,
    keep_until: date,
    made_with: Mapping[str, str],
    closing_origin: str = "",
    improvements: Mapping[str, Sequence[AskedImprovement]] = MappingProxyType({}),
) -> Questionnaire:
    """The questionnaire that a round asks from now on, whatever later happens to files, plugins and the register.

    `improvements`: marker id -> those that come back beside it.

    Raises wording.UnknownName where a text uses a name that the vocabulary has not.
    """
    words = dict(vocabulary)
    sets = {marker.set.key: marker.set for marker in markers} | {base_set.key: base_set}
    return Questionnaire(
        format=FORMAT,
        board=board,
        review_title=review_title,
        reference=reference,
        purpose=settings.purpose,
        mode=settings.mode,
        minimum=settings.minimum,
        keep_until=keep_until,
        vocabulary=words,
        roles=tuple(roles),
        groups=tuple(groups),
        lengths={role.key: settings.lengths.get(role.key, "full") for role in roles},
        stages=_stages_of([base_set, *sets.values()], {marker.marker.stage for marker in markers}),
        markers=tuple(
            freeze_marker(marker, settings.purpose, words, improvements.get(marker.marker.id, ())) for marker in markers
        ),
        closing_title=CLOSING_TITLES[settings.purpose],
        closing=tuple(_freeze_question(question, settings.purpose, words) for question in base_set.closing),
        prompts=tuple(
            Prompt(id=key, text=fill_in(text, words), hint=fill_in(hint, words))
            for key, text, hint in REFLECTION_PROMPTS[settings.purpose]
        ),
        judgements=_choices(JUDGEMENT_LABELS | OTHER_JUDGEMENTS.get(settings.purpose, {})),
        citations=tuple(dict.fromkeys([base_set.citation, *(each.citation for each in sets.values())])),
        made_with=dict(made_with),
        closing_origin=closing_origin,
        closing_wording_status=wording_of_set(closing_origin),
        helped=_choices(HELPED_LABELS) if any(improvements.get(each.marker.id) for each in markers) else (),
    )


def canonical_json(questionnaire: Questionnaire) -> str:
    """The canonical form described at the top of this file."""
    return json.dumps(msgspec.to_builtins(questionnaire), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(canonical: str) -> str:
    """SHA-256 of a canonical form, in hex."""
    return hashlib.sha256(canonical.encode()).hexdigest()


def read_questionnaire(canonical: str) -> Questionnaire:
    """The questionnaire stored as `canonical`."""
    return msgspec.json.decode(canonical, type=Questionnaire)


def _stages_of(sets: Sequence[MarkerSet], used: Collection[str]) -> tuple[Stage, ...]:
    stages: dict[str, Stage] = {}
    for marker_set in sets:
        for stage in marker_set.stages:
            stages.setdefault(stage.key, stage)
    return tuple(stage for stage in stages.values() if stage.key in used)


def freeze_marker(
    library_marker: LibraryMarker,
    purpose: Purpose,
    words: Mapping[str, str],
    improvements: Sequence[AskedImprovement] = (),
) -> AskedMarker:
    """The marker as it would be asked for this purpose. Raises wording.UnknownName as above."""
    marker = library_marker.marker
    return AskedMarker(
        id=marker.id,
        number=marker.number,
        title=marker.title,
        stage=marker.stage,
        statement=fill_in(marker.statement, words),
        rationale=fill_in(marker.rationale or "", words),
        questions=tuple(_freeze_question(question, purpose, words) for question in marker.questions),
        knowledge=_fill_in_all(marker.knowledge, words),
        equality=_fill_in_all(marker.equality, words),
        guidance=_fill_in_all(marker.guidance, words),
        obstacles=tuple(_freeze_obstacle(obstacle, words) for obstacle in marker.obstacles or ()),
        lead_in=_lead_in(marker, purpose),
        source=marker.source,
        wording_status=marker.wording_status,
        origin=library_marker.origin,
        set=library_marker.set.key,
        citation=library_marker.set.citation,
        improvements=tuple(improvements),
        original_statement=fill_in(marker.original_statement or "", words),
    )


def _lead_in(marker: Marker, purpose: Purpose) -> str:
    as_written = all(_text_of(question, purpose) == question.ask for question in marker.questions)
    return PUBLISHED_LEAD_INS[purpose] if as_written and purpose in LOOKING_BACK else ""


def _freeze_question(question: Question, purpose: Purpose, words: Mapping[str, str]) -> AskedQuestion:
    return AskedQuestion(
        id=question.id,
        text=fill_in(_text_of(question, purpose), words),
        kind=question.kind,
        roles=question.roles,
        favourable=question.favourable,
        choices=tuple(
            Choice(code=code, label=fill_in(label, words)) for code, label in KINDS[question.kind].offers(question)
        ),
        published=question.published,
        original=_original_of(question, purpose, words),
    )


def _freeze_obstacle(obstacle: Obstacle, words: Mapping[str, str]) -> AskedObstacle:
    return AskedObstacle(
        id=obstacle.id, text=fill_in(obstacle.text, words), original=fill_in(obstacle.original or "", words)
    )


def _original_of(question: Question, purpose: Purpose, words: Mapping[str, str]) -> str:
    """Empty where it is asked as it stood: a board may have reworded it for rounds of another purpose only."""
    if question.original is None:
        return ""
    original, text = _text_of(question.original, purpose), _text_of(question, purpose)
    return fill_in(original, words) if original != text else ""


def _text_of(question: Question | Original, purpose: Purpose) -> str:
    """Its own wording for the purpose; else that of the tense the purpose speaks in; else as written."""
    own = {"plan": question.plan, "follow_up": question.follow_up}.get(purpose)
    return own or (question.reflect if purpose in LOOKING_BACK else None) or question.ask


def _choices(labels: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(code=code, label=label) for code, label in labels.items())


def _fill_in_all(texts: Sequence[str] | None, words: Mapping[str, str]) -> tuple[str, ...] | None:
    return None if texts is None else tuple(fill_in(text, words) for text in texts)


def entry_keys(questionnaire: Questionnaire, audience: Collection[str]) -> tuple[str, ...]:
    """What somebody is asked, entry by entry: their markers in order and then the review as a whole."""
    markers = [marker.id for marker in questionnaire.markers_for(audience)]
    return (*markers, CLOSING) if questionnaire.closing else tuple(markers)


def as_document(value: Any) -> str:
    """A value as the JSON that is stored."""
    return msgspec.json.encode(value).decode()

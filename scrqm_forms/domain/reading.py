"""A marker to be read rather than answered: in a board's words, in both wordings, and piece by piece for searching."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from scrqm_forms.domain.marker import LibraryMarker, Question, Role
from scrqm_forms.domain.questionnaire import AskedMarker, AskedObstacle, AskedQuestion, freeze_marker


class ReadQuestion(Struct, frozen=True, kw_only=True):
    """A question in both of its wordings."""

    id: str
    #: As put before or during a review.
    ask: str
    #: As put looking back; empty where that is the same.
    reflect: str
    #: Whom it is for, in the plural; empty: everyone whom the marker is for.
    roles: tuple[str, ...]
    #: What a question of kind `choice` offers.
    options: tuple[str, ...]
    #: How it stood in the publication or the program, in both wordings, where the board reworded it.
    originals: tuple[str, ...] = ()


class ReadMarker(Struct, frozen=True, kw_only=True):
    """A marker as it stands on its page."""

    library: LibraryMarker
    #: All of it as asked before or during a review.
    asked: AskedMarker
    stage_title: str
    #: Whom it has a question for, in the plural; empty: everyone.
    roles: tuple[str, ...]
    questions: tuple[ReadQuestion, ...]
    #: None where the marker has no such section, as with the other sections.
    obstacles: tuple[AskedObstacle, ...] | None


class Passage(Struct, frozen=True, kw_only=True):
    """A piece of a marker's text and where it stands."""

    #: title, statement, rationale, question, reflect, option, knowledge, equality, guidance or obstacle
    section: str
    text: str
    #: Id on the marker's page; empty for what stands at its top.
    anchor: str = ""
    #: Place in its section, from 1.
    number: int = 1


def read_marker_as(library: LibraryMarker, roles: Sequence[Role], vocabulary: Mapping[str, str]) -> ReadMarker:
    """The marker in these words; `roles` are its set's. Raises wording.UnknownName where a word is missing."""
    marker = library.marker
    ask = freeze_marker(library, "assure", vocabulary)
    reflect = freeze_marker(library, "reflect", vocabulary)
    asked_of = _roles_of(marker.questions, roles)
    return ReadMarker(
        library=library,
        asked=ask,
        stage_title=next((stage.title for stage in library.set.stages if stage.key == marker.stage), ""),
        roles=_plurals(asked_of, roles),
        questions=tuple(
            _question(*pair, roles, asked_of) for pair in zip(ask.questions, reflect.questions, strict=True)
        ),
        obstacles=None if marker.obstacles is None else ask.obstacles,
    )


def _roles_of(questions: Sequence[Question], roles: Sequence[Role]) -> list[str]:
    """Keys of the roles that any of the questions is for, in the set's order."""
    everyone = any(not question.roles for question in questions)
    named = {key for question in questions for key in question.roles}
    return [role.key for role in roles if everyone or role.key in named]


def _plurals(keys: Sequence[str], among: Sequence[Role]) -> tuple[str, ...]:
    """What those called `keys` are called, or nothing where that is all of them."""
    return () if len(keys) == len(among) else tuple(role.plural for role in among if role.key in keys)


def _question(
    ask: AskedQuestion, reflect: AskedQuestion, roles: Sequence[Role], asked_of: Sequence[str]
) -> ReadQuestion:
    audience = [role for role in roles if role.key in asked_of]
    own = [role.key for role in audience if not ask.roles or role.key in ask.roles]
    return ReadQuestion(
        id=ask.id,
        ask=ask.text,
        reflect="" if reflect.text == ask.text else reflect.text,
        roles=_plurals(own, audience),
        options=tuple(choice.label for choice in ask.choices) if ask.kind == "choice" else (),
        originals=tuple(dict.fromkeys(each.original for each in (ask, reflect) if each.original)),
    )


def passages_of(marker: ReadMarker) -> Iterator[Passage]:
    """All of the marker's text, piece by piece, as it stands on its page."""
    asked = marker.asked
    yield Passage(section="title", text=asked.title)
    yield Passage(section="statement", text=asked.statement)
    yield from _passages("rationale", asked.rationale.split("\n\n") if asked.rationale else ())
    for n, question in enumerate(marker.questions, 1):
        anchor = f"question-{question.id}"
        options = (("option", text) for text in question.options)
        for section, text in (("question", question.ask), ("reflect", question.reflect), *options):
            yield Passage(section=section, text=text, anchor=anchor, number=n)
    for section in ("knowledge", "equality", "guidance"):
        yield from _passages(section, getattr(asked, section) or ())
    for n, obstacle in enumerate(asked.obstacles, 1):
        yield Passage(section="obstacle", text=obstacle.text, anchor=f"obstacle-{obstacle.id}", number=n)


def _passages(section: str, texts: Sequence[str]) -> Iterator[Passage]:
    for n, text in enumerate(texts, 1):
        yield Passage(section=section, text=text.strip(), anchor=section, number=n)

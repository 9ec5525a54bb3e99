"""Entries and responses: what a participant says, and what is allowed against a questionnaire.

Kinds of question stand in `kinds.py`, with what it takes to add one.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Literal

import msgspec
from msgspec import Struct

from scrqm_forms.domain.errors import InvalidAnswers
from scrqm_forms.domain.kinds import KINDS
from scrqm_forms.domain.marker import CLOSING
from scrqm_forms.domain.questionnaire import AskedImprovement, AskedQuestion, Choice, Questionnaire, questions_for
from scrqm_forms.domain.wording import normalise_typed

#: Characters in one text, at most. Longer is refused with a count, never cut.
LONGEST_TEXT = 100_000

Status = Literal["not_begun", "begun", "answered", "not_my_part"]


class Entry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One marker's answers, or the closing entry's: the unit of saving. Blank answers are left out."""

    #: The participant set the whole marker aside; what they had written stays stored, and is not exported.
    not_my_part: bool = False
    #: Question id -> code.
    answers: dict[str, str] = {}
    #: Question id -> the comment, or for a question of kind `text` the answer itself.
    comments: dict[str, str] = {}
    #: Key of an improvement agreed before -> whether it helped, as a code.
    helped: dict[str, str] = {}
    judgement: str = ""
    #: Ids of the obstacles that were met.
    obstacles: tuple[str, ...] = ()
    #: Prompt id -> written reflection.
    reflections: dict[str, str] = {}


class Codes(Struct, frozen=True, kw_only=True):
    """An entry without its texts: all that is needed to count."""

    not_my_part: bool = False
    answers: dict[str, str] = {}
    helped: dict[str, str] = {}
    judgement: str = ""
    obstacles: tuple[str, ...] = ()


class EntryAsk(Struct, frozen=True, kw_only=True):
    """What one entry asks of one participant: the part of a questionnaire that answers are held against."""

    key: str
    title: str
    questions: tuple[AskedQuestion, ...]
    improvements: tuple[AskedImprovement, ...] = ()
    helped: tuple[Choice, ...] = ()
    judgements: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    #: Ratings are asked, not only shown as an aid (the brief length).
    rates: bool = True


def ask_of(questionnaire: Questionnaire, key: str, audience: Collection[str]) -> EntryAsk | None:
    """What entry `key` asks of people in `audience`; None when it asks nothing of them."""
    if key == CLOSING:
        closing = questions_for(questionnaire.closing, audience)
        return EntryAsk(key=key, title=questionnaire.closing_title, questions=closing) if closing else None
    marker = questionnaire.marker(key)
    questions = questions_for(marker.questions, audience) if marker else ()
    if marker is None or not questions:
        return None
    return EntryAsk(
        key=key,
        title=marker.title,
        questions=questions,
        improvements=marker.improvements,
        helped=questionnaire.helped,
        judgements=tuple(choice.code for choice in questionnaire.judgements),
        obstacles=tuple(obstacle.id for obstacle in marker.obstacles),
        prompts=tuple(prompt.id for prompt in questionnaire.prompts),
        rates=questionnaire.length(audience) == "full",
    )


def fields_of(entry: Entry) -> Iterator[tuple[str, str]]:
    """(field, value) of all that is not blank, named as in the form: `answer-ID`, `comment-ID`, `helped-KEY`,
    `reflection-ID`, `obstacles` (once for each that was met), `judgement`.
    """
    found = [(f"answer-{key}", code) for key, code in entry.answers.items()]
    found += [(f"comment-{key}", text) for key, text in entry.comments.items()]
    found += [(f"helped-{key}", code) for key, code in entry.helped.items()]
    found += [(f"reflection-{key}", text) for key, text in entry.reflections.items()]
    found += [("obstacles", key) for key in entry.obstacles]
    found.append(("judgement", entry.judgement))
    return ((field, value) for field, value in found if value)


def check_entry(ask: EntryAsk, entry: Entry) -> None:
    """Raises InvalidAnswers when `entry` holds what `ask` does not offer. Blank is always allowed."""
    faults = dict(_faults_of_codes(ask, entry))
    texts = {f"comment-{key}": text for key, text in entry.comments.items()}
    texts |= {f"reflection-{key}": text for key, text in entry.reflections.items()}
    for field, text in texts.items():
        if len(text) > LONGEST_TEXT:
            faults[field] = (
                f"This text has {len(text):,} characters; there is room for {LONGEST_TEXT:,}. Please shorten it."
            )
    if faults:
        raise InvalidAnswers(faults)


def _faults_of_codes(ask: EntryAsk, entry: Entry) -> Iterator[tuple[str, str]]:
    questions = {question.id: question for question in ask.questions} if ask.rates else {}
    for key, code in entry.answers.items():
        offered = [choice.code for choice in questions[key].choices] if key in questions else []
        if code not in offered:
            yield f"answer-{key}", "Choose one of the answers that are offered."
    for key, text in entry.comments.items():
        if key not in questions:
            yield f"comment-{key}", "This question is not asked here."
        elif not questions[key].choices and (fault := KINDS[questions[key].kind].fault(text)):
            yield f"comment-{key}", fault
    improvements, codes = {each.id for each in ask.improvements}, {choice.code for choice in ask.helped}
    for key, code in entry.helped.items():
        if key not in improvements or code not in codes:
            yield f"helped-{key}", "Choose one of the answers that are offered."
    if entry.judgement and entry.judgement not in ask.judgements:
        yield "judgement", "Choose one of the judgements that are offered."
    if not set(entry.obstacles) <= set(ask.obstacles):
        yield "obstacles", "Choose from the obstacles that are listed."
    for key in entry.reflections.keys() - set(ask.prompts):
        yield f"reflection-{key}", "This is not asked here."


def tidy_entry(entry: Entry) -> tuple[Entry, int]:
    """The entry as it is stored (texts normalised, blanks left out), and how many characters had to be replaced."""
    replaced = 0

    def tidy(texts: Mapping[str, str]) -> dict[str, str]:
        nonlocal replaced
        kept = {}
        for key, text in texts.items():
            normal, number = normalise_typed(text)
            replaced += number
            if normal:
                kept[key] = normal
        return kept

    tidied = msgspec.structs.replace(
        entry,
        answers={key: code for key, code in entry.answers.items() if code},
        helped={key: code for key, code in entry.helped.items() if code},
        comments=tidy(entry.comments),
        reflections=tidy(entry.reflections),
    )
    return tidied, replaced


def status_of(ask: EntryAsk, entry: Entry | None) -> Status:
    """Where one entry stands. Nothing is compulsory: "answered" means that a judgement is given (or, in the closing
    entry, any text), not that every box is full.
    """
    if entry is None or entry == Entry():
        return "not_begun"
    if entry.not_my_part:
        return "not_my_part"
    done = bool(entry.judgement) if ask.judgements else bool(entry.comments)
    return "answered" if done else "begun"


_decoder = msgspec.json.Decoder(Entry)


def read_entry(document: str | bytes) -> Entry:
    """The entry stored as `document`."""
    return _decoder.decode(document)


_codes_decoder = msgspec.json.Decoder(Codes)


def read_codes(document: str | bytes) -> Codes:
    """The codes of the entry stored as `document`; its texts are passed over unread."""
    return _codes_decoder.decode(document)

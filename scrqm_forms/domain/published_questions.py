"""Ids, kinds and roles for questions and obstacles that were read from published text, which gives none."""

import re
from collections.abc import Container, Iterable, Sequence
from itertools import chain, count

from msgspec.structs import replace

from scrqm_forms.domain.marker import Marker, Obstacle, Question
from scrqm_forms.domain.wording import escape_braces

#: First words of a question that is answered with yes or no.
_CLOSED = re.compile(
    r"is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|shall|may|might|must", re.IGNORECASE
)
#: First words of a question that is answered in words.
_OPEN = re.compile(r"what|how|why|which|who|when|where", re.IGNORECASE)
#: "Where the person has survived, has there been ...?" is answered with yes or no.
_CONDITION = re.compile(rf"(where|when)\b[^,?]*,\s+({_CLOSED.pattern})\b", re.IGNORECASE)


def identify_questions(
    texts: Sequence[str], shipped: Marker | None, earlier: Marker | None, used: Iterable[str] = ()
) -> tuple[tuple[Question, ...], list[str]]:
    """The questions that `texts` pose, in order, and what somebody should look at.

    A question is, in this order: the earlier one with the same wording, the earlier one at its position, the shipped
    one at its position, a new one. No two share an id, and no new one gets an id of `used`.
    """
    asks = [escape_braces(text) for text in texts]
    known = _find_same_wording(asks, earlier)
    worded = set(known)
    _add_by_position(known, asks, earlier)
    reworded = sorted(known.keys() - worded)
    _add_by_position(known, asks, shipped)
    new = [n for n in range(1, len(asks) + 1) if n not in known]
    taken = {*used, *(question.id for marker in (shipped, earlier) if marker for question in marker.questions)}
    for n in new:
        known[n] = _new_question(asks[n - 1], n, _free_id("p", n, len(asks), taken))
        taken.add(known[n].id)
    questions = tuple(known[n] for n in range(1, len(asks) + 1))
    return questions, _warnings_on(texts, questions, reworded, new) + _warnings_on_count(texts, shipped)


def give_to_audiences(
    questions: Sequence[Question], audiences: Sequence[str], roles: Container[str]
) -> tuple[tuple[Question, ...], list[str]]:
    """Each question for the audience that it stands under, where the set has a role of that key."""
    given = tuple(
        replace(question, roles=(audience,) if audience in roles else ())
        for question, audience in zip(questions, audiences, strict=True)
    )
    unknown = [n for n, audience in enumerate(audiences, 1) if audience and audience not in roles]
    nobody = [n for n, audience in enumerate(audiences, 1) if not audience]
    warnings = []
    if unknown:
        numbers = list_numbers("Question", unknown)
        warnings.append(f"{numbers}: the document names an audience that the set has no role for; everyone is asked.")
    if nobody:
        warnings.append(
            f"{list_numbers('Question', nobody)}: the document does not say for whom, so everyone is asked."
        )
    return given, warnings


def warn_of_everyone(questions: Sequence[Question], roles: Container[str]) -> list[str]:
    """Names the questions that nothing says the audience of."""
    everyones = [n for n, question in enumerate(questions, 1) if not question.roles]
    if not everyones:
        return []
    which = "Every question" if len(everyones) == len(questions) else list_numbers("Question", everyones)
    too = ", practitioners too" if "practitioner" in roles else ""
    return [
        f"{which}: the document does not say for whom, so everyone is asked{too}. If that is not meant, choose roles."
    ]


def identify_obstacles(texts: Sequence[str], earlier: Marker | None, used: Iterable[str] = ()) -> tuple[Obstacle, ...]:
    """The obstacles in order: an earlier one of the same wording (as it is, or else was before a board changed it)
    keeps its id, the others get ids that neither the earlier ones nor `used` have."""
    asked, before = [escape_braces(text) for text in texts], (earlier and earlier.obstacles) or ()
    taken = {*used, *(obstacle.id for obstacle in before)}
    known: dict[int, str] = {}
    for wording in ("text", "original"):
        left = {getattr(each, wording): each.id for each in reversed(before) if each.id not in known.values()}
        known |= {n: left.pop(text) for n, text in enumerate(asked) if n not in known and text in left}
    for n in range(len(asked)):
        if n not in known:
            known[n] = _free_id("o", n + 1, len(asked), taken)
            taken.add(known[n])
    return tuple(Obstacle(id=known[n], text=text) for n, text in enumerate(asked))


def list_numbers(noun: str, numbers: Iterable[int]) -> str:
    """ "Question 3" or "Questions 1, 3 and 4"."""
    *most, last = map(str, numbers)
    return f"{noun}s {', '.join(most)} and {last}" if most else f"{noun} {last}"


def _find_same_wording(asks: Sequence[str], earlier: Marker | None) -> dict[int, Question]:
    before = [*(earlier.questions if earlier else ())]
    known = {}
    for n, ask in enumerate(asks, 1):
        same = next((question for question in before if question.ask == ask), None)
        if same:
            before.remove(same)
            known[n] = _take_over(same, ask, n)
    return known


def _add_by_position(known: dict[int, Question], asks: Sequence[str], marker: Marker | None) -> None:
    """Gives each position without a question the one that `marker` has there, unless that stands elsewhere already."""
    taken = {question.id for question in known.values()}
    for question in marker.questions if marker else ():
        n = question.published
        if n is not None and n <= len(asks) and n not in known and question.id not in taken:
            known[n] = _take_over(question, asks[n - 1], n)
            taken.add(question.id)


def _take_over(question: Question, ask: str, n: int) -> Question:
    """`question` with published wording only: `reflect` and the like, and translations, are somebody else's words."""
    taken = replace(question, ask=ask, reflect=None, plan=None, follow_up=None, original=None, text={}, published=n)
    if question.kind == "rating":
        return taken
    return replace(taken, conditional=False, favourable="none" if question.favourable == "no" else question.favourable)


def _new_question(ask: str, n: int, key: str) -> Question:
    if _OPEN.fullmatch(_first_word(ask)) and not _CONDITION.match(ask):
        return Question(id=key, ask=ask, kind="text", favourable="none", published=n)
    return Question(id=key, ask=ask, published=n)


def _first_word(ask: str) -> str:
    match = re.search(r"\w+", ask)
    return match.group() if match else ""


def _free_id(letter: str, n: int, total: int, taken: Iterable[str]) -> str:
    """`p3` for position 3, or the first number after the last position where that is taken."""
    return next(key for k in chain([n], count(total + 1)) if (key := f"{letter}{k}") not in taken)


def _warnings_on(
    texts: Sequence[str], questions: Sequence[Question], reworded: Sequence[int], new: Sequence[int]
) -> list[str]:
    warnings = []
    if reworded:
        numbers = list_numbers("Question", reworded)
        warnings.append(f"{numbers}: reworded, but counted as the same; check the meaning.")
    if in_words := [n for n in new if questions[n - 1].kind == "text"]:
        numbers = list_numbers("Question", in_words)
        warnings.append(f"{numbers}: to be answered in words, not with yes, partly or no; check that this fits.")
    for n in new:
        if not _CLOSED.fullmatch(_first_word(texts[n - 1])) and questions[n - 1].kind == "rating":
            warnings.append(
                f'Question {n}: to be answered with yes, partly or no; check that this fits: "{texts[n - 1]}"'
            )
    return warnings


def _warnings_on_count(texts: Sequence[str], shipped: Marker | None) -> list[str]:
    expected = max((question.published or 0 for question in shipped.questions), default=0) if shipped else 0
    if expected <= len(texts):
        return []
    return [
        f"The document has {len(texts)} question{'s' * (len(texts) != 1)}; {expected} were expected. "
        "Check that none is missing, and for each one how it is answered and who is asked."
    ]

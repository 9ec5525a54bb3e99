"""What is true of a marker after a board changed its words: which originals stand behind it, and what it is called."""

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import SequenceMatcher

from msgspec.structs import replace

from scrqm_forms.domain.comparing_matches import match_texts
from scrqm_forms.domain.marker import Marker, Obstacle, Original, Question


def settle_wording(before: Marker, after: Marker) -> Marker:
    """`after` with the wording that its statement, questions and obstacles had as published or shipped, and its true
    status.

    What a board wrote itself has no original. What is put back as it was has none either.
    """
    if before.wording_status == "local":
        return after
    old = {question.id: question for question in before.questions}
    questions = tuple(
        _with_original(question, old[question.id]) if question.id in old else question for question in after.questions
    )
    changed = wording_of(before) != wording_of(after)
    status = "adapted" if before.wording_status == "published" and changed else after.wording_status
    first = before.original_statement or before.statement
    return replace(
        after,
        original_statement=None if first == after.statement else first,
        questions=questions,
        obstacles=_obstacles_with_originals(before.obstacles, after.obstacles),
        wording_status=status,
    )


def reword_obstacles(
    texts: Sequence[str], before: Sequence[Obstacle], used: Collection[str] = ()
) -> tuple[Obstacle, ...]:
    """The obstacles that `texts` name, in order. Nobody says which was which: one that has the words of an earlier one,
    or stands in its place, is the same and keeps its id; any other is a new one.

    `used`: further ids that are not to be given again.
    """
    matched = _find_same(texts, before)
    taken = {*used, *(each.id for each in before)}
    made = []
    for n, text in enumerate(texts):
        like = before[matched[n]] if n in matched else Obstacle(id=next_id("o", taken), text=text)
        taken.add(like.id)
        made.append(replace(like, text=text))
    return tuple(made)


def next_id(prefix: str, taken: Collection[str]) -> str:
    """`q7` after `q6`, whatever of the lower ones is free: an id that was given up is not used again."""
    numbers = [int(key[len(prefix) :]) for key in taken if re.fullmatch(rf"{prefix}\d{{1,6}}", key)]
    return f"{prefix}{max(numbers, default=0) + 1}"


def wording_of(marker: Marker) -> tuple[object, ...]:
    """Every text of it that people read."""
    questions = [(*_texts_of(each), [option.text for option in each.options]) for each in marker.questions]
    obstacles = marker.obstacles and [each.text for each in marker.obstacles]
    lists = (marker.knowledge, marker.equality, marker.guidance, obstacles)
    return (marker.title, marker.statement, marker.rationale, questions, *lists)


def _with_original(question: Question, old: Question) -> Question:
    first = old.original or Original(ask=old.ask, reflect=old.reflect, plan=old.plan, follow_up=old.follow_up)
    return replace(question, original=None if _texts_of(first) == _texts_of(question) else first)


def _find_same(texts: Sequence[str], before: Sequence[Obstacle]) -> dict[int, int]:
    """Place after -> place before, from 0: the same words, then put back as it was, then reworded between the same
    neighbours: each in its place where they are as many as before, else the one most like it."""
    found: dict[int, int] = {}
    for words in ([each.text for each in before], [each.original for each in before]):
        for n in _left(texts, found):
            if same := [m for m in _left(before, set(found.values())) if words[m] == texts[n]]:
                found[n] = same[0]
    for old, new in _gaps(len(before), [found.get(n) for n in range(len(texts))]):
        alike = match_texts([before[m].text for m in old], [texts[n] for n in new])
        pairs = zip(range(len(new)), range(len(old)), strict=True) if len(old) == len(new) else alike.items()
        found |= {new[n]: old[m] for n, m in pairs}
    return found


def _left(items: Sequence[object], found: Collection[int]) -> list[int]:
    """Places of those that are not found yet."""
    return [n for n in range(len(items)) if n not in found]


def _gaps(count: int, after: Sequence[int | None]) -> Iterator[tuple[list[int], list[int]]]:
    """Places before that went and places after that came, between the same neighbours. `after`: where each was."""
    marks = [-1 - n if m is None else m for n, m in enumerate(after)]
    for kind, i, j, k, m in SequenceMatcher(None, range(count), marks, autojunk=False).get_opcodes():
        if kind == "replace":
            yield [p for p in range(i, j) if p not in after], [n for n in range(k, m) if after[n] is None]


def _obstacles_with_originals(
    before: Sequence[Obstacle] | None, after: tuple[Obstacle, ...] | None
) -> tuple[Obstacle, ...] | None:
    first = {each.id: each.original or each.text for each in before or ()}
    return after and tuple(
        replace(each, original=None if first[each.id] == each.text else first[each.id]) if each.id in first else each
        for each in after
    )


def _texts_of(each: Question | Original) -> tuple[str | None, ...]:
    return (each.ask, each.reflect, each.plan, each.follow_up)

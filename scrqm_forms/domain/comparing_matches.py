"""Which marker, question or item of two lists is which: what a comparison rests on."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from scrqm_forms.domain.marker import Marker, Question
from scrqm_forms.domain.word_difference import likeness

#: Ids of a marker and of a question in it.
Name = tuple[str, str]
#: Question after -> the one before that it is or comes from.
Origins = Mapping[Name, Name]

#: Items of a section with less in common are different ones.
_ALIKE = 0.5


class Sourced(Struct, frozen=True):
    """A marker and the key of its set: `lineage` names both."""

    set: str
    marker: Marker


#: What a question after may be before, the likeliest first.
Find = Callable[[Sourced, Question], Sequence[Name]]


def pair_markers(before: Sequence[Sourced], after: Sequence[Sourced]) -> list[tuple[Sourced, Sourced]]:
    if len(before) == len(after) == 1:
        return [(before[0], after[0])]
    by_id = {each.marker.id: each for each in before}
    pairs = []
    free = [each for each in before if each.marker.id not in {other.marker.id for other in after}]
    for other in after:
        one = by_id.get(other.marker.id) or _nearest_by_lineage(other, free)
        if one is not None:
            free = [each for each in free if each is not one]
            pairs.append((one, other))
    return pairs


def _nearest_by_lineage(other: Sourced, free: Sequence[Sourced]) -> Sourced | None:
    """Of `free`, the marker that most questions of `other` come from or have become."""
    names = Counter(name.partition(".")[0] for question in other.marker.questions for name in question.lineage)
    back = {full_name(other, question) for question in other.marker.questions}
    counts = [
        (names[f"{one.set}/{one.marker.id}"] + sum(bool(back & {*q.lineage}) for q in one.marker.questions), -n, one)
        for n, one in enumerate(free)
    ]
    best = max(counts, key=lambda each: each[:2], default=None)
    return best[2] if best and best[0] else None


def find_origins(
    before: Sequence[Sourced], after: Sequence[Sourced], pairs: Sequence[tuple[Sourced, Sourced]]
) -> dict[Name, Name]:
    """(marker, question) after -> the one before that it is or comes from; each stands for one only.

    The same id in the same marker comes first, then `lineage`, which may point either way, then the same text.
    """
    origins: dict[Name, Name] = {}
    for find in (_by_id(before), _by_lineage(before), _by_text(pairs)):
        for each in after:
            for question in each.marker.questions:
                own, taken = (each.marker.id, question.id), set(origins.values())
                found = (
                    None if own in origins else next((name for name in find(each, question) if name not in taken), None)
                )
                if found:
                    origins[own] = found
    return origins


def _by_id(before: Sequence[Sourced]) -> Find:
    known = {(each.marker.id, question.id) for each in before for question in each.marker.questions}
    return lambda each, question: [name for name in [(each.marker.id, question.id)] if name in known]


def _by_lineage(before: Sequence[Sourced]) -> Find:
    named: dict[str, Name] = {}
    became: dict[str, Name] = {}
    for each in before:
        for question in each.marker.questions:
            name = (each.marker.id, question.id)
            named[full_name(each, question)] = name
            became |= dict.fromkeys(question.lineage, name)

    def find(each: Sourced, question: Question) -> list[Name]:
        found = [named.get(name) for name in question.lineage] + [became.get(full_name(each, question))]
        return [name for name in found if name]

    return find


def _by_text(pairs: Sequence[tuple[Sourced, Sourced]]) -> Find:
    paired = {other.marker.id: one.marker for one, other in pairs}

    def find(each: Sourced, question: Question) -> list[Name]:
        marker = paired.get(each.marker.id)
        same = [old for old in marker.questions if old.ask == question.ask] if marker else []
        return [(marker.id, old.id) for old in same] if marker else []

    return find


def full_name(each: Sourced, question: Question) -> str:
    """As `lineage` names it."""
    return f"{each.set}/{each.marker.id}.{question.id}"


def match_texts(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Place after -> place before: the same text first, then the one most like it."""
    matched: dict[int, int] = {}
    for least in (1.0, _ALIKE):
        for n, text in enumerate(new):
            free = [m for m in range(len(old)) if m not in matched.values()]
            best = max(free, key=lambda m, text=text: likeness(old[m], text), default=None)  # type: ignore[misc]
            if n not in matched and best is not None and likeness(old[best], text) >= least:
                matched[n] = best
    return matched


def find_moved(places: Sequence[int | None]) -> set[int]:
    """Which of the items (counted from 1) left their order: as few as can be."""
    known = [(n, place) for n, place in enumerate(places, 1) if place is not None]
    ends: list[int] = []
    #: For each item, the length of the longest run in order that ends with it.
    lengths = []
    for _, place in known:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
        lengths.append(at + 1)
    kept, wanted, limit = set(), len(ends), float("inf")
    for (n, place), length in zip(reversed(known), reversed(lengths), strict=True):
        if length == wanted and place < limit:
            kept.add(n)
            wanted, limit = wanted - 1, place
    return {n for n, _ in known} - kept

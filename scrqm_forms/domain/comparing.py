"""Two markers, or two lists of markers, compared: what was added, taken out, reworded and moved.

A question is known by its id between versions of one marker, and by `lineage` between markers and sets.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.comparing_matches import Origins, Sourced, find_moved, find_origins, match_texts, pair_markers
from scrqm_forms.domain.marker import Marker, Obstacle, Question
from scrqm_forms.domain.word_difference import Piece, compare_words

ChangeKind = Literal["added", "removed", "reworded", "moved", "settings"]

#: Sections whose items have no id, in the order in which they are shown.
LISTS = ("knowledge", "equality", "guidance")
#: What a question says of itself apart from its text.
SETTINGS = ("kind", "roles", "favourable", "conditional", "options", "published")


class Change(Struct, frozen=True, kw_only=True):
    """What became of one piece of a marker."""

    kinds: tuple[ChangeKind, ...]
    #: title, statement, rationale, question, reflect, knowledge, equality, guidance or obstacle
    part: str
    #: Id of a question or obstacle.
    id: str = ""
    #: Its place, counted from 1, before and after.
    before: int | None = None
    after: int | None = None
    pieces: tuple[Piece, ...] = ()
    #: The marker that a question comes from, where it comes from another.
    origin: str = ""
    #: Setting -> its values before and after, as a file would say them.
    settings: dict[str, tuple[str, str]] = {}


class MarkerChange(Struct, frozen=True, kw_only=True):
    """One marker before and after; `changes` is empty where nothing changed."""

    before: Marker
    after: Marker
    changes: tuple[Change, ...]


class Comparison(Struct, frozen=True, kw_only=True):
    """Two lists of markers compared."""

    both: tuple[MarkerChange, ...] = ()
    added: tuple[Marker, ...] = ()
    removed: tuple[Marker, ...] = ()

    @property
    def is_same(self) -> bool:
        return not self.added and not self.removed and not any(each.changes for each in self.both)


def compare_markers(before: Sequence[Sourced], after: Sequence[Sourced]) -> Comparison:
    """`before` against `after`; one marker against one are compared whatever they are called."""
    pairs = pair_markers(before, after)
    origins = find_origins(before, after, pairs)
    used = set(origins.values())
    both = tuple(
        MarkerChange(
            before=one.marker,
            after=other.marker,
            changes=tuple(_compare_pair(one.marker, other.marker, origins, used, before)),
        )
        for one, other in pairs
    )
    return Comparison(
        both=both,
        added=tuple(each.marker for each in after if each not in [other for _, other in pairs]),
        removed=tuple(each.marker for each in before if each not in [one for one, _ in pairs]),
    )


def _compare_pair(
    before: Marker,
    after: Marker,
    origins: Origins,
    used: Collection[tuple[str, str]],
    all_before: Sequence[Sourced],
) -> Iterator[Change]:
    for part in ("title", "statement", "rationale"):
        yield from _compare_text(part, getattr(before, part) or "", getattr(after, part) or "")
    yield from _compare_questions(before, after, origins, used, all_before)
    for part in LISTS:
        yield from _compare_list(part, getattr(before, part), getattr(after, part))
    yield from _compare_obstacles(before.obstacles or (), after.obstacles or ())


def _compare_text(part: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        kind: ChangeKind = "reworded" if before and after else "added" if after else "removed"
        yield Change(kinds=(kind,), part=part, pieces=compare_words(before, after))


def _compare_questions(
    before: Marker,
    after: Marker,
    origins: Origins,
    used: Collection[tuple[str, str]],
    all_before: Sequence[Sourced],
) -> Iterator[Change]:
    questions = {
        (each.marker.id, question.id): (n, question)
        for each in all_before
        for n, question in enumerate(each.marker.questions, 1)
    }
    own = [origins.get((after.id, question.id)) for question in after.questions]
    places = [questions[origin][0] if origin and origin[0] == before.id else None for origin in own]
    moved = find_moved(places)
    for n, (question, origin) in enumerate(zip(after.questions, own, strict=True), 1):
        if origin is None:
            yield Change(kinds=("added",), part="question", id=question.id, after=n, pieces=_all(question.ask, "added"))
            continue
        place, old = questions[origin]
        elsewhere = origin[0] if origin[0] != before.id else ""
        yield from _compare_question(old, question, place, n, elsewhere, n in moved or bool(elsewhere))
    for n, question in enumerate(before.questions, 1):
        if (before.id, question.id) not in used:
            pieces = _all(question.ask, "removed")
            yield Change(kinds=("removed",), part="question", id=question.id, before=n, pieces=pieces)


def _compare_question(
    old: Question, new: Question, before: int, after: int, origin: str, moved: bool
) -> Iterator[Change]:
    settings = {
        name: (_said(getattr(old, name)), _said(getattr(new, name)))
        for name in SETTINGS
        if getattr(old, name) != getattr(new, name)
    }
    found: dict[ChangeKind, bool] = {"moved": moved, "reworded": old.ask != new.ask, "settings": bool(settings)}
    kinds = tuple(kind for kind, is_so in found.items() if is_so)
    if kinds:
        yield Change(
            kinds=kinds,
            part="question",
            id=new.id,
            before=before,
            after=after,
            pieces=compare_words(old.ask, new.ask),
            origin=f"{origin}.{old.id}" if origin else "",
            settings=settings,
        )
    for change in _compare_text("reflect", old.reflect or "", new.reflect or ""):
        yield replace(change, id=new.id, before=before, after=after)


def _compare_list(part: str, before: Sequence[str] | None, after: Sequence[str] | None) -> Iterator[Change]:
    if (before is None) != (after is None) and not (before or after):
        said = {"section": ("not there" if before is None else "empty", "not there" if after is None else "empty")}
        yield Change(kinds=("settings",), part=part, settings=said)
    old, new = list(before or ()), list(after or ())
    matched = match_texts(old, new)
    moved = find_moved([matched[n] + 1 if n in matched else None for n in range(len(new))])
    for n, text in enumerate(new):
        place = matched.get(n)
        was = old[place] if place is not None else ""
        found: dict[ChangeKind, bool] = {
            "added": place is None,
            "moved": n + 1 in moved,
            "reworded": place is not None and was != text,
        }
        kinds = tuple(kind for kind, is_so in found.items() if is_so)
        if kinds:
            place = None if place is None else place + 1
            yield Change(kinds=kinds, part=part, before=place, after=n + 1, pieces=compare_words(was, text))
    for n, text in enumerate(old):
        if n not in matched.values():
            yield Change(kinds=("removed",), part=part, before=n + 1, pieces=_all(text, "removed"))


def _compare_obstacles(before: Sequence[Obstacle], after: Sequence[Obstacle]) -> Iterator[Change]:
    old = {obstacle.id: (n, obstacle.text) for n, obstacle in enumerate(before, 1)}
    moved = find_moved([old[each.id][0] if each.id in old else None for each in after])
    for n, obstacle in enumerate(after, 1):
        place, text = old.pop(obstacle.id, (None, ""))
        found: dict[ChangeKind, bool] = {
            "added": place is None,
            "moved": n in moved,
            "reworded": place is not None and text != obstacle.text,
        }
        if kinds := tuple(kind for kind, is_so in found.items() if is_so):
            pieces = compare_words(text, obstacle.text)
            yield Change(kinds=kinds, part="obstacle", id=obstacle.id, before=place, after=n, pieces=pieces)
    for key, (n, text) in old.items():
        yield Change(kinds=("removed",), part="obstacle", id=key, before=n, pieces=_all(text, "removed"))


def _all(text: str, kind: Literal["removed", "added"]) -> tuple[Piece, ...]:
    return (Piece(text, kind),)


def _said(value: object) -> str:
    """A setting as a file would say it."""
    if isinstance(value, tuple):
        return ", ".join(str(getattr(each, "text", each)) for each in value) or "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "-" if value is None else str(value)

"""Two texts -> what stayed, what went and what came, word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

from msgspec import Struct

_TOKEN = re.compile(r"\s+|\{\w+\}|\w+(?:[’'-]\w+)*|[^\w\s]")
#: Texts with less than this in common are shown one after the other: marks between single words would say nothing.
_ALIKE = 0.35


class Piece(Struct, frozen=True):
    """Some words, and which of the two texts has them."""

    text: str
    kind: Literal["same", "removed", "added"]


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in order: all but the added ones make up `before`, all but the removed ones `after`."""
    if before == after:
        return (Piece(before, "same"),) if before else ()
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return tuple(_pieces([before], [after]))
    pieces = [*_merge(matcher.get_opcodes(), one, other)]
    for n in range(1, len(pieces) - 1):
        pieces[n - 1 : n + 2] = _as_whole_lines(*pieces[n - 1 : n + 2], is_first=n == 1)
    return tuple(piece for piece in pieces if piece.text)


def likeness(one: str, other: str) -> float:
    """From 0, no word in common, to 1, the same."""
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio()


def _merge(
    steps: Sequence[tuple[str, int, int, int, int]], one: Sequence[str], other: Sequence[str]
) -> Iterator[Piece]:
    """Pieces of one run together: a blank between two changed words is changed with them."""
    removed: list[str] = []
    added: list[str] = []
    for n, (kind, i, j, k, m) in enumerate(steps):
        between = 0 < n < len(steps) - 1 and not "".join(one[i:j]).strip()
        if kind != "equal" or between:
            removed += one[i:j]
            added += other[k:m]
            continue
        yield from _pieces(removed, added)
        removed, added = [], []
        yield Piece("".join(one[i:j]), "same")
    yield from _pieces(removed, added)


def _as_whole_lines(before: Piece, piece: Piece, after: Piece, *, is_first: bool) -> tuple[Piece, Piece, Piece]:
    """Of "- a / - b", where "- b" came or went: that line, and not "b / -", which says the same. `before` and `after`
    are the same in both texts, or nothing is done."""
    line, _newline, _rest = piece.text.partition("\n")
    end = piece.text[piece.text.rfind("\n") :]
    if "\n" not in piece.text or (before.kind, after.kind) != ("same", "same"):
        return before, piece, after
    if before.text.endswith(end) or (is_first and before.text == end[1:]):
        moved = len(end) if before.text.endswith(end) else len(end) - 1
    elif line and after.text.startswith(line):
        moved = -len(line)
    else:
        return before, piece, after
    whole = before.text + piece.text + after.text
    start, stop = len(before.text) - moved, len(before.text + piece.text) - moved
    return Piece(whole[:start], "same"), Piece(whole[start:stop], piece.kind), Piece(whole[stop:], "same")


def _pieces(removed: Sequence[str], added: Sequence[str]) -> Iterator[Piece]:
    if "".join(removed):
        yield Piece("".join(removed), "removed")
    if "".join(added):
        yield Piece("".join(added), "added")

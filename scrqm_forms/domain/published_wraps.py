"""Titles of a set's markers in a published document: told from other lines, and put together where they were broken."""

import re
from collections.abc import Collection

_NUMBERED = re.compile(r"(?:\w+ ){0,5}(?:quality marker|qm) ?\d{1,3} |\d{1,2} ")
_NO_LETTER = re.compile(r"[^\w ]")
#: Rows that a title was broken over, and letters that no title has.
_MOST_ROWS, _LONGEST = 3, 160


def plain_title(title: str) -> str:
    """`title` as titles are compared: its words, without "The" at the beginning."""
    words = _NO_LETTER.sub("", title.replace("&", " and ").casefold()).split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)


def is_title_of(row: str, titles: Collection[str]) -> bool:
    """Whether all of `row` is one of `titles`, which are plain."""
    return len(row) < _LONGEST and plain_title(row) in titles


def join_titles(rows: list[str], titles: Collection[str]) -> list[str]:
    """`rows` with each of `titles` on one row, with the number before it."""
    beginnings = {" ".join(words[:n]) for words in map(str.split, titles) for n in range(1, len(words))}
    joined: list[str] = []
    skip = 0
    for n, row in enumerate(rows):
        more = 0 if skip or not _begins(row, beginnings) else _rows_below(rows[n : n + _MOST_ROWS], titles)
        if not skip:
            joined.append(" ".join([row.rstrip(), *(each.strip() for each in rows[n + 1 : n + 1 + more])]))
        skip = skip - 1 if skip else more
    return joined


def _begins(row: str, beginnings: Collection[str]) -> bool:
    return 0 < len(row) < _LONGEST and _without_number(row) in beginnings


def _rows_below(rows: list[str], titles: Collection[str]) -> int:
    """How many rows below the first are part of the title that begins on it."""
    for more in range(len(rows) - 1, 0, -1):
        if all(each.strip() for each in rows[: more + 1]) and _without_number(" ".join(rows[: more + 1])) in titles:
            return more
    return 0


def _without_number(row: str) -> str:
    plain = plain_title(row)
    bare = _NUMBERED.sub("", plain, count=1) if _NUMBERED.match(plain) else plain
    return bare.removeprefix("the ")

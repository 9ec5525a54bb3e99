"""A PDF -> its text: lines put together from where they stand, without running heads and page numbers.

A PDF knows letters and places only. A gap between lines wider than usual is taken as the end of a paragraph; a word
parted at the end of a line is put together.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from msgspec import Struct
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from scrqm_forms.domain.published_text import NotAMarker

#: More pages than any published set has.
_MAX_PAGES = 400
_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
#: A gap this much wider than the usual one ends a paragraph.
_WIDE = 1.35
#: Points that one level of a list stands further in, at the least.
_LEVEL = 12
_PAGE_NUMBER = re.compile(r"(page\s+)?\d{1,3}(\s*(of|/|\|)\s*\d{1,3})?|\d{1,3}\s*\|.*|.*\|\s*(page\s+)?\d{1,3}", re.I)
#: Beginnings of words that keep their hyphen at the end of a line.
_HYPHENATED = frozenset(
    {"multi", "inter", "intra", "co", "non", "self", "re", "pre", "post", "sub", "well", "follow", "decision", "sign"}
    | {"cross", "high", "low", "long", "short", "child", "family", "evidence", "learning", "problem", "whole", "one"}
    | {"two", "three", "half", "up", "over", "under", "day", "face", "full", "part", "real", "risk", "open"}
)


class _Row(Struct):
    text: str
    x: float
    y: float
    size: float


def read_pdf(data: bytes) -> str:
    """The text of all pages."""
    pages = [_rows(page) for page in _pages(data)]
    running = _running_words(pages)
    rows = [row for page in pages for row in _text_rows(_without(page, running))]
    return _join_parted_words("\n".join(rows))


def _pages(data: bytes) -> list[Any]:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotAMarker("The PDF is locked with a password; save it without one, or as plain text.")
        if len(reader.pages) > _MAX_PAGES:
            raise NotAMarker(f"The PDF has more than {_MAX_PAGES} pages.")
        return list(reader.pages)
    except NotAMarker:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, NotImplementedError) as error:
        raise NotAMarker("The file is no PDF that can be read; open it and save its text as plain text.") from error


def _rows(page: Any) -> list[_Row]:
    """The page's lines in the order in which they were written: columns come one after the other."""
    pieces: list[_Row] = []

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        for n, part in enumerate(text.split("\n")):
            if part.strip():
                x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                pieces.append(_Row(part, x, y - n * 0.01, abs(size * tm[3] * cm[3]) or size or 10))

    try:
        page.extract_text(visitor_text=visit)
    except Exception as error:  # whatever a broken page makes the library raise
        raise NotAMarker("A page of the PDF cannot be read; open it and save its text as plain text.") from error
    return list(_put_together(pieces))


def _put_together(pieces: Sequence[_Row]) -> Iterator[_Row]:
    """Pieces on one height are one line."""
    row: _Row | None = None
    for piece in pieces:
        if row is not None and abs(piece.y - row.y) < 0.4 * max(piece.size, row.size) and piece.x >= row.x:
            row.text += piece.text
            continue
        if row is not None:
            yield row
        row = _Row(piece.text, piece.x, piece.y, piece.size)
    if row is not None:
        yield row


def _running_words(pages: Sequence[Sequence[_Row]]) -> set[str]:
    """What stands at the head or foot of most pages, digits aside."""
    edges = Counter(word for page in pages for word in {_without_digits(row) for row in [*page[:2], *page[-2:]]})
    return {words for words, count in edges.items() if len(pages) > 2 and count > len(pages) / 2}


def _without(page: Sequence[_Row], running: set[str]) -> list[_Row]:
    """The page without running words and page numbers at its head and foot."""
    last = len(page) - 1
    return [
        row
        for n, row in enumerate(page)
        if not (
            (n < 2 or n > last - 2)
            and (_without_digits(row) in running or (n in (0, last) and _PAGE_NUMBER.fullmatch(row.text.strip())))
        )
    ]


def _without_digits(row: _Row) -> str:
    return re.sub(r"\d+", "#", " ".join(row.text.split()))


def _text_rows(rows: Sequence[_Row]) -> Iterator[str]:
    gaps = [above.y - below.y for above, below in pairwise(rows)]
    narrow = sorted(gap for gap in gaps if 4 < gap < 60) or [12.0]
    usual = narrow[len(narrow) // 4]
    left = min((row.x for row in rows), default=0.0)
    for n, row in enumerate(rows):
        if n and (gaps[n - 1] > _WIDE * usual or gaps[n - 1] < -usual):
            yield ""
        yield "  " * int((row.x - left) / _LEVEL) + row.text.strip().translate(_LIGATURES)


def _join_parted_words(text: str) -> str:
    """Words parted by a hyphen at the end of a line; one that stands in the text with its hyphen keeps it."""
    whole = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)+", text))
    joined = set(re.findall(r"[^\W\d_]+", text))

    def join(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        keeps = f"{first}-{second}" in whole or (first + second not in joined and first.lower() in _HYPHENATED)
        return f"{first}{'-' * keeps}{second}"

    return re.sub(
        r"([^\W\d_]+)[-\u2010]\n[ ]*([a-z][^\W\d_]*)", join, text.replace("\u00ad\n", "-\n").replace("\u00ad", "")
    )

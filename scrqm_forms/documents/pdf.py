"""A PDF -> its text, without running heads and page numbers; a word parted at the end of a line is put together."""

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError, PyPdfError

from scrqm_forms.documents.pdf_layout import lay_out
from scrqm_forms.documents.pdf_rows import Row, read_rows
from scrqm_forms.domain.published_marks import MARK
from scrqm_forms.domain.published_text import NotAMarker

_LOCKED = "The PDF is locked with a password; save it without one, or as plain text."
_UNREADABLE = "A page of the PDF cannot be read; open it and save its text as plain text."
#: More pages than any published set has.
_MAX_PAGES = 400
#: Bytes that the content of all pages may unfold to; published sets take a tenth of this.
_MAX_UNFOLDED = 10_000_000
_PARTED = re.compile(r"([^\W\d_]+)[-\u2010]\n[ ]*([a-z][^\W\d_]*)")
#: The date, and the address with the number of the page.
_BROWSER = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}, \d{1,2}:\d\d|(https?|file):/{2,3}\S+")
_PAGE_NUMBER = re.compile(r"(page\s+)?\d{1,3}(\s*(of|/|\|)\s*\d{1,3})?|\d{1,3}\s*\|.*|.*\|\s*(page\s+)?\d{1,3}", re.I)
#: Points; heads and feet stand so near to the highest or lowest row of all pages.
_EDGE = 40
#: Beginnings of words that keep their hyphen at the end of a line.
_HYPHENATED = frozenset(
    {"multi", "inter", "intra", "co", "non", "self", "re", "pre", "post", "sub", "well", "follow", "decision", "sign"}
    | {"cross", "high", "low", "long", "short", "child", "family", "evidence", "learning", "problem", "whole", "one"}
    | {"two", "three", "half", "up", "over", "under", "day", "face", "full", "part", "real", "risk", "open"}
)
#: Words that such compounds end with.
_SECOND = frozenset(
    {"out", "up", "off", "in", "on", "by", "to", "based", "making", "led", "wide", "term", "related", "specific"}
    | {"focused", "centred", "informed", "depth", "going", "being", "free", "quality", "agency", "level", "time"}
)
# What is wrong with a file is said in the reason; the library would write it to the command line as well.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read_pdf(data: bytes) -> str:
    """The text of all pages."""
    pages = [_rows(page) for page in _within_bounds(_pages(data))]
    running = _running_words(pages)
    return _join_parted_words("\n".join(lay_out([_without(page, running) for page in pages])))


def _pages(data: bytes) -> list[Any]:
    try:
        reader = PdfReader(io.BytesIO(data))
        # Published PDFs often are locked against changes alone: they open with the empty password.
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotAMarker(_LOCKED)
        if len(reader.pages) > _MAX_PAGES:
            raise NotAMarker(f"The PDF has more than {_MAX_PAGES} pages.")
        return list(reader.pages)
    except NotAMarker:
        raise
    except DependencyError as error:  # pypdf without its extra "crypto", which the extra "import" brings
        raise ImportError(str(error)) from error
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, NotImplementedError) as error:
        raise NotAMarker("The file is no PDF that can be read; open it and save its text as plain text.") from error


def _within_bounds(pages: Sequence[Any]) -> Sequence[Any]:
    """A small file can hold pages without end: many of them may share one content."""
    unfolded = 0
    for page in pages:
        try:
            content = page.get_contents()
            unfolded += len(content.get_data()) if content is not None else 0
        except Exception as error:  # whatever a broken page makes the library raise
            raise NotAMarker(_UNREADABLE) from error
        if unfolded > _MAX_UNFOLDED:
            raise NotAMarker("The PDF is far larger inside than a published marker.")
    return pages


def _rows(page: Any) -> list[Row]:
    try:
        return read_rows(page)
    except Exception as error:  # whatever a broken page makes the library raise
        raise NotAMarker(_UNREADABLE) from error


def _running_words(pages: Sequence[Sequence[Row]]) -> set[str]:
    """What stands at the head or foot of most pages, digits aside; no items, for sections may end with the same."""
    heights = [row.y for page in pages for row in page]
    edges = Counter(
        words
        for page in pages
        for words in {
            _without_digits(row)
            for row in _at_edges(page, 2)
            if not MARK.match(row.text.lstrip()) and min(row.y - min(heights), max(heights) - row.y) < _EDGE
        }
    )
    return {words for words, count in edges.items() if count > max(len(pages) / 2, 1)}


def _at_edges(page: Sequence[Row], heights: int) -> list[Row]:
    """The rows on the highest and the lowest heights of the page, wherever they were written."""
    levels = sorted({round(row.y) for row in page})
    edges = {*levels[:heights], *levels[-heights:]}
    return [row for row in page if round(row.y) in edges]


def _without(page: Sequence[Row], running: set[str]) -> list[Row]:
    """The page without running words, page numbers and what browsers print around it."""
    outermost = _at_edges(page, 1)
    of_browser = {round(row.y) for row in outermost if _BROWSER.match(row.text.strip())}
    left_out = [
        row for row in _at_edges(page, 2) if _without_digits(row) in running and not MARK.match(row.text.lstrip())
    ]
    left_out += [row for row in outermost if _PAGE_NUMBER.fullmatch(row.text.strip()) or round(row.y) in of_browser]
    return [row for row in page if not any(row is each for each in left_out)]


def _without_digits(row: Row) -> str:
    return re.sub(r"\d+", "#", " ".join(row.text.split()))


def _join_parted_words(text: str) -> str:
    """Words parted by a hyphen at the end of a line.

    It stays where the word stands so elsewhere in the text, or both its parts do but not the two as one word.
    """
    text = text.replace("\u00ad\n", "-\n").replace("\u00ad", "")
    whole = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)+", text))
    words = set(re.findall(r"[^\W\d_]+", _PARTED.sub(" ", text)))

    def join(match: re.Match[str]) -> str:
        first, second = match[1], match[2]
        compound = first.lower() in _HYPHENATED or second in _SECOND or {first, second} <= words
        keeps = f"{first}-{second}" in whole or (first + second not in words and compound)
        return f"{first}{'-' * keeps}{second}"

    return _PARTED.sub(join, text)

"""Number and title of a published marker, from the lines above its statement or its questions."""

import re
from collections.abc import Sequence
from itertools import takewhile

from msgspec import Struct

from scrqm_forms.domain.published_headings import is_set_name, level_words, undress
from scrqm_forms.domain.published_lines import Line, ends_sentence, number_of
from scrqm_forms.domain.published_wraps import plain_title

_TITLE = re.compile(
    r"(?P<set>(?:serious case review|safeguarding adults? reviews?|scr|sar)\s+)?"
    r"(?:quality\s+marker\s+|(?:(?:quality\s+)?marker|qm)\s*(?:no\.?|number|#)\s*"
    r"|(?:marker\s+|qm\s?)(?=\d+\s*[:.–—-])|(?-i:QM)\s?(?=\d+\s+(?-i:[A-Z])))"
    r"0?(?P<number>[1-9]\d{0,2})(?:\s+(?:of|/)\s+\d{1,2}\b)?(?:\s*[:.)–—-]\s*|\s+(?=(?-i:[A-Z]))|$)(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
#: "Kettle care (Quality Marker 8)", "Kettle care – SAR Quality Marker 8".
_TITLE_BEFORE = re.compile(
    r"(?P<title>[^.?!]{2,90}?)\s*[(\[–—-]\s*(?P<set>(?:sar|scr)\s+)?(?:quality\s+marker|qm)\s*(?P<number>[1-9]\d?)[)\]]?",
    re.IGNORECASE,
)
#: A longer line is a sentence.
_TITLE_LENGTH = 90
#: Letters of a title on several lines.
_LONGEST = 140
_MOST_LINES = 3
_JOINS = re.compile(r"(?:and|or|of|for|to|in|with|from|by|at|on)\b")


class Title(Struct, frozen=True):
    """Where a title stands and what it says."""

    number: int | None
    words: str | None
    #: The first of its lines, and the one after its last.
    start: int
    end: int


def find_title(lines: Sequence[Line], limit: int) -> Title | None:
    """The last title that begins above line `limit`."""
    for n in reversed(range(limit)):
        if found := read_title(lines, n):
            return _with_words_nearby(lines, found)
    return _unnumbered_title(lines, limit)


def read_title(lines: Sequence[Line], n: int) -> Title | None:
    """The title with a number that begins on line `n`, if one does.

    Its words may stand on the line after the number; "Quality Marker" may stand on a line of its own.
    """
    alone = level_words(lines[n].whole) in ("quality marker", "sar quality marker") and n + 1 < len(lines)
    size = 2 if alone else 1
    words = undress(" ".join(line.whole for line in lines[n : n + size]))
    match = _TITLE.match(words) or _TITLE_BEFORE.fullmatch(words)
    if match is None or lines[n].heading:
        return None
    number, words, end = int(match["number"]), match["title"].strip(), n + size
    if not words and not match["set"] and end < len(lines) and may_be_title(lines[end]):
        words, end = lines[end].whole, end + 1
    more = _lines_below(words, lines, end) if words else 0
    words = " ".join([words, *(line.whole for line in lines[end : end + more])])
    return Title(number, words or None, n, end + more)


def _lines_below(words: str, lines: Sequence[Line], n: int) -> int:
    """How many lines from `n` on a title goes on in: small letters, before a blank line, a heading, or a capital."""
    below = [*takewhile(_is_small, lines[n : n + _MOST_LINES])]
    following = lines[n + len(below)] if n + len(below) < len(lines) else None
    ended = following is None or following.after_blank or following.heading or _joins(below)
    fits = len(words) + sum(len(line.whole) for line in below) < _LONGEST and all(map(may_be_title, below))
    return len(below) if ended and fits else 0


def _is_small(line: Line) -> bool:
    return not (line.after_blank or line.item) and line.text[:1].islower()


def _joins(lines: Sequence[Line]) -> bool:
    """Whether the first of `lines` begins as no statement does."""
    return bool(lines) and _JOINS.match(lines[0].text) is not None


def begins_title(group: Sequence[Line], line: Line) -> bool:
    """Whether a title follows a paragraph that ends on a whole sentence."""
    return _TITLE.match(undress(line.whole)) is not None and ends_sentence(group[-1].text)


def _with_words_nearby(lines: Sequence[Line], found: Title) -> Title:
    """A number alone may repeat the title above it ("Quality Marker 4: Clarity of purpose"), or, on the pages for
    adults' reviews, stand below it.
    """
    if found.words or found.start == 0:
        return found
    above = lines[found.start - 1]
    for n in range(max(found.start - 3, 0), found.start):
        known = read_title(lines, n)
        if known and known.number == found.number and known.words:
            return Title(found.number, known.words, n, found.end)
    of_adults = level_words(lines[found.start].whole).startswith(("sar", "safeguarding"))
    if of_adults and may_be_title(above) and not is_set_name(above.whole):
        return Title(found.number, above.whole, found.start - 1, found.end)
    return found


def _unnumbered_title(lines: Sequence[Line], limit: int) -> Title | None:
    """A title next to the line that names the family of markers, or alone; both may carry the number of a list."""
    for n in reversed(range(limit)):
        if not is_set_name(lines[n].whole):
            continue
        below = n + 1
        if n and may_be_title(lines[n - 1]):
            return Title(number_of(lines[n - 1]), lines[n - 1].text, n - 1, n + 1)
        if below < limit and may_be_title(lines[below]) and _is_title_below(lines, below, limit):
            return Title(number_of(lines[below]), lines[below].text, n, below + 1)
        return _known_title(lines, limit) or Title(None, None, n, n + 1)
    if known := _known_title(lines, limit):
        return known
    numbered = [n for n in range(limit) if lines[n].mark == "1." and may_be_title(lines[n])]
    return Title(None, lines[numbered[0]].text, numbered[0], numbered[0] + 1) if len(numbered) == 1 else None


def _is_title_below(lines: Sequence[Line], n: int, limit: int) -> bool:
    """Whether a line below the set's name is a title: numbered, known, or alone above a whole sentence."""
    if number_of(lines[n]) or lines[n].titles:
        return True
    end = next((end for end in range(n + 2, limit) if lines[end].after_blank), limit)
    alone = n + 1 < limit and lines[n].after_blank and lines[n + 1].after_blank
    return alone and not lines[n].item and ends_sentence(lines[end - 1].text)


def _known_title(lines: Sequence[Line], limit: int) -> Title | None:
    """The last line that is a title of the set; at the end of a menu of titles it is that of another marker."""
    n = next((n for n in reversed(range(limit)) if lines[n].titles and not lines[n].item), None)
    if n is None:
        return None
    same = [line for line in lines[:n] if line.titles and plain_title(line.text) == plain_title(lines[n].text)]
    in_menu = n > 0 and lines[n - 1].titles and not same
    return Title(None, None if in_menu else lines[n].text, n, n + 1)


def may_be_title(line: Line) -> bool:
    plain = line.heading is None and not line.page_words and not line.about_set and line.audience is None
    return plain and len(line.text) <= _TITLE_LENGTH and not ends_sentence(line.text, ".?!:;")

"""The rows of a PDF's pages -> lines of text: which begin a paragraph, and how far they stand in.

A PDF knows letters and places only. What ends a paragraph is a gap wider than the one between the lines of its kind,
another weight or size of letters, and at the end of a column or page a sentence that ended with room to spare.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from scrqm_forms.documents.pdf_rows import Row
from scrqm_forms.domain.published_lines import ends_sentence

#: A gap this much wider than the usual one ends a paragraph.
_WIDE = 1.2
#: Points that one level of a list stands further in, at the least.
_LEVEL = 12
#: A column that begins so many points right of the page's margin has a margin of its own.
_COLUMN = 60
#: Letters of titles are at least so much larger than those of the text, and the rows of one title so near.
_LARGE, _TITLE_GAP = 1.3, 1.45
#: A row is full where it holds this part of the longest one's letters.
_FULL = 0.85


def lay_out(pages: Sequence[Sequence[Row]]) -> Iterator[str]:
    """Lines of text, a blank one before each paragraph."""
    columns = [column for page in pages for column in _part_columns(page)]
    body = _body_size(columns)
    columns = [_join_titles(column, body) for column in columns]
    margin = min((row.x for column in columns for row in column), default=0.0)
    usual = _usual_gaps(columns)
    before: Row | None = None
    for column in columns:
        left = min(row.x for row in column)
        left = margin if left - margin < _COLUMN else left
        longest = max(len(row.text) for row in column)
        for n, row in enumerate(column):
            if before and (_is_parted(before, row, usual) if n else _is_ended(before, row, longest)):
                yield ""
            inset = int((row.x - left) / _LEVEL) + _leading_blanks(row) // 2
            yield "  " * inset + row.text.strip()
            before = row


def _part_columns(page: Sequence[Row]) -> list[list[Row]]:
    """The page's rows, parted where the next one stands higher up."""
    columns: list[list[Row]] = []
    for row in page:
        if columns and row.y <= columns[-1][-1].y + row.size:
            columns[-1].append(row)
        else:
            columns.append([row])
    return columns


def _leading_blanks(row: Row) -> int:
    return len(row.text) - len(row.text.lstrip())


def _join_titles(column: Sequence[Row], body: float) -> list[Row]:
    """Large letters on rows one below the other are one line."""
    joined: list[Row] = []
    for row in column:
        above = joined[-1] if joined else None
        if (
            above
            and above.size > _LARGE * body
            and _is_alike(above, row)
            and 0 < above.y - row.y < _TITLE_GAP * row.size
        ):
            joined[-1] = replace(above, text=f"{above.text.rstrip()} {row.text.strip()}", y=row.y)
        else:
            joined.append(row)
    return joined


def _body_size(columns: Sequence[Sequence[Row]]) -> float:
    """The size that most letters have."""
    letters: Counter[float] = Counter()
    for column in columns:
        for row in column:
            letters[round(row.size, 1)] += len(row.text)
    return max(letters, key=lambda size: letters[size], default=10.0)


def _usual_gaps(columns: Sequence[Sequence[Row]]) -> dict[tuple[int, int], float]:
    """The gap between the lines of a paragraph, by how far in they stand: the narrowest there is."""
    gaps: dict[tuple[int, int], float] = {}
    for column in columns:
        for above, row in pairwise(column):
            gap = above.y - row.y
            near = abs(above.x - row.x) < 3 * row.size
            if near and 0.9 * row.size < gap < 3 * row.size and _is_alike(above, row):
                key = _kind(row)
                gaps[key] = min(gap, gaps.get(key, gap))
    return gaps


def _kind(row: Row) -> tuple[int, int]:
    """How far in it stands, and how large its letters are."""
    return round(row.x / 3), round(row.size)


def _is_alike(one: Row, other: Row) -> bool:
    return one.bold == other.bold and abs(one.size - other.size) < 0.08 * other.size


def _is_parted(above: Row, row: Row, usual: dict[tuple[int, int], float]) -> bool:
    gap = above.y - row.y
    if not _is_alike(above, row):
        return gap > 0.4 * row.size and not (row.text.strip()[:1].islower() and not ends_sentence(above.text))
    return gap > _WIDE * usual.get(_kind(row), min(usual.values(), default=gap))


def _is_ended(above: Row, row: Row, longest: int) -> bool:
    """Whether a paragraph ended with the column or page before."""
    if not _is_alike(above, row):
        return True
    had_room = len(above.text) + len(row.text.split()[0]) < _FULL * longest
    return ends_sentence(above.text, ".?!:;") and had_room

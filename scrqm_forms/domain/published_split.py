"""A document that holds several markers -> the lines of each."""

from collections.abc import Sequence
from itertools import pairwise, takewhile

from scrqm_forms.domain.published_headings import is_set_name
from scrqm_forms.domain.published_lines import Line
from scrqm_forms.domain.published_sections import find_statements
from scrqm_forms.domain.published_titles import find_title, may_be_title


def split_markers(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """The lines of each marker; what stands above the first title stays with the first."""
    begins = _find_bodies(lines)
    starts = [0]
    for before, body in pairwise(begins):
        title = find_title(lines[before:], body - before)
        start = before + title.start if title else _unnumbered_start(lines, body)
        while is_set_name(lines[start - 1].whole) or lines[start - 1].page_words:
            start -= 1
        starts.append(start)
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _unnumbered_start(lines: Sequence[Line], body: int) -> int:
    """Where a marker begins that has no number: its title may be a line of its own right above its statement.

    Below a list without marks it may as well be the last item, and is left there.
    """
    above = lines[body - 1]
    last = takewhile(lambda line: line.heading is None, reversed(lines[: body - 1]))
    stands_alone = above.after_blank and lines[body].after_blank and not above.item and any(each.item for each in last)
    return body - 1 if stands_alone and may_be_title(above) else body


def _find_bodies(lines: Sequence[Line]) -> list[int]:
    """Where each marker's text begins: its statement, or its questions where no statement has a label.

    Lists of jump links have headings too, but no text under them.
    """
    statements = set(find_statements(lines))
    bodies: list[int] = []
    for n, line in enumerate(lines):
        if n in statements or (_asks(lines, n, line) and not _belongs_to(bodies, lines, n)):
            bodies.append(n)
    return bodies


def _asks(lines: Sequence[Line], n: int, line: Line) -> bool:
    following = lines[n + 1] if n + 1 < len(lines) else None
    return line.heading == "questions" and following is not None and bool(following.item or following.audience)


def _belongs_to(bodies: Sequence[int], lines: Sequence[Line], n: int) -> bool:
    """Whether the questions on line `n` are those of the last body, which has none yet."""
    return bool(bodies) and not any(line.heading == "questions" for line in lines[bodies[-1] : n])

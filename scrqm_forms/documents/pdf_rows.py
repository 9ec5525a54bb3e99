"""The rows of a PDF page: letters put together by where they stand, with the marks that are drawn instead of written.

Browsers draw the bullets of a list as small filled shapes, of which the text knows nothing.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.published_marks import MARK

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_PAINTS = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s"})
#: Points from side to side of what may be a bullet, and how far left of its row's first letter it may stand.
_LEAST, _MOST, _LEFT = 1.5, 9.0, 30.0


class Row(Struct):
    """Letters on one height, in points from the page's lower left corner."""

    text: str
    x: float
    y: float
    size: float
    bold: bool


class _Drawings:
    """Middles of the small shapes that a page draws."""

    def __init__(self) -> None:
        self.places: list[tuple[float, float]] = []
        self._path: list[tuple[float, float]] = []

    def visit(self, operator: bytes, operands: Sequence[Any], cm: Sequence[float], _: object) -> None:
        """Follow one operator of the page's content."""
        if operator in (b"m", b"l", b"c"):
            numbers = [float(each) for each in operands]
            self._path += [_place(x, y, cm) for x, y in zip(numbers[::2], numbers[1::2], strict=False)]
        elif operator == b"re" and len(operands) == 4:
            x, y, width, height = (float(each) for each in operands)
            self._path += [_place(x, y, cm), _place(x + width, y + height, cm)]
        elif operator in _PAINTS or operator == b"n":
            self._end_path(painted=operator != b"n")

    def _end_path(self, *, painted: bool) -> None:
        across, up = [x for x, _ in self._path], [y for _, y in self._path]
        if painted and self._path:
            sides = (max(across) - min(across), max(up) - min(up))
            if all(_LEAST <= side <= _MOST for side in sides) and max(sides) < 1.8 * min(sides):
                self.places.append((sum(across) / len(across), sum(up) / len(up)))
        self._path = []


def read_rows(page: Any) -> list[Row]:
    """The page's rows in the order in which they were written: columns come one after the other."""
    pieces: list[Row] = []
    drawings = _Drawings()

    def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
        bold = _BOLD.search(str((font or {}).get("/BaseFont", ""))) is not None
        x, y = _place(tm[4], tm[5], cm)
        height = abs(size * tm[3] * cm[3]) or size or 10
        for n, part in enumerate(text.split("\n")):
            if part.strip():
                pieces.append(Row(part.translate(_LIGATURES), x, y - n * 0.01, height, bold))

    page.extract_text(visitor_text=visit, visitor_operand_before=drawings.visit)
    rows = list(_put_together(pieces))
    for row in rows:
        _add_drawn_mark(row, drawings.places)
    return rows


def _place(x: float, y: float, cm: Sequence[float]) -> tuple[float, float]:
    return x * cm[0] + y * cm[2] + cm[4], x * cm[1] + y * cm[3] + cm[5]


def _put_together(pieces: Sequence[Row]) -> Iterator[Row]:
    """Pieces on one height are one row."""
    row: Row | None = None
    last: Row | None = None
    for piece in pieces:
        between = _between(last, piece) if last else None
        if row is not None and between is not None:
            row.text += between + piece.text
            row.bold = row.bold and piece.bold
        else:
            if row is not None:
                yield row
            row = replace(piece)
        last = piece
    if row is not None:
        yield row


def _between(last: Row, piece: Row) -> str | None:
    """What stands between two pieces of a row; None where the next is none of it, as a table's next cell.

    How wide letters are is not known, only about how wide, so a blank is added after a mark alone.
    """
    if abs(piece.y - last.y) >= 0.4 * max(piece.size, last.size) or piece.x < last.x:
        return None
    width = 0.5 * last.size * len(last.text.rstrip())
    gap = piece.x - last.x - width
    if gap > 3 * piece.size + 0.3 * width:
        return None
    is_mark = len(last.text.strip()) < 4 and gap > 0.4 * piece.size
    return " " if is_mark and not (last.text.endswith(" ") or piece.text.startswith(" ")) else ""


def _add_drawn_mark(row: Row, places: Sequence[tuple[float, float]]) -> None:
    beside = any(0 < row.x - x < _LEFT and -0.2 < (y - row.y) / row.size < 0.9 for x, y in places)
    if beside and not MARK.match(row.text.strip()):
        row.text = f"• {row.text.strip()}"

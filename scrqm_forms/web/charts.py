"""Bars drawn on the server: where everything in a stacked bar stands, for `admin/_charts.html` to write as SVG.

No meaning is by colour alone: each answer has a pattern of its own, its number stands in it where there is room, and a
table with the same numbers stands beside every chart.
"""

from collections.abc import Iterator

from msgspec import Struct

from scrqm_forms.domain.spread import GroupSpread, Spread
from scrqm_forms.web.language import _

#: Units of the drawing; a unit is at most a CSS pixel and a half.
WIDTH, LEGEND, ROW, BAR = 320, 30, 62, 28
#: Room that a number, and a whole label, needs.
_NUMBER, _LETTER = 9, 7.5


class Segment(Struct, frozen=True, kw_only=True):
    x: float
    width: float
    #: 0, 1 or 2: which of the three patterns.
    pattern: int
    #: Empty where there is no room; the table has it.
    label: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


class Bar(Struct, frozen=True, kw_only=True):
    y: int
    title: str
    segments: tuple[Segment, ...]
    #: Stands in place of a bar.
    note: str


class Chart(Struct, frozen=True, kw_only=True):
    title: str
    #: The same in words.
    text: str
    height: int
    #: (x, pattern, label) of each answer.
    legend: tuple[tuple[float, int, str], ...]
    bars: tuple[Bar, ...]


def chart_of(spread: Spread, title: str) -> Chart:
    """For places whose answers have an order of three steps. Groups that were not asked stand in the table alone."""
    groups = [each for each in spread.groups if (each.numbers or {}).keys() != {"not_asked"}]
    return Chart(
        title=title,
        text=" ".join(_words(spread, each) for each in groups) or _("Nobody was asked."),
        height=LEGEND + ROW * len(groups),
        legend=tuple(_legend(spread)),
        bars=tuple(_bar(spread, each, LEGEND + ROW * n) for n, each in enumerate(groups)),
    )


def _legend(spread: Spread) -> Iterator[tuple[float, int, str]]:
    x = 0.0
    for n, choice in enumerate(spread.answers):
        yield x, n, choice.label
        x += 40 + _LETTER * len(choice.label)


def _bar(spread: Spread, each: GroupSpread, y: int) -> Bar:
    return Bar(y=y, title=title_of(each), segments=tuple(_segments(spread, each)), note=_note(each))


def _segments(spread: Spread, each: GroupSpread) -> Iterator[Segment]:
    x = 0.0
    for n, choice in enumerate(spread.answers):
        number = (each.numbers or {}).get(choice.code, 0)
        if number:
            width = WIDTH * number / each.answered
            yield Segment(x=round(x, 2), width=round(width, 2), pattern=n, label=_label(choice.label, number, width))
            x += width


def _label(label: str, number: int, width: float) -> str:
    whole = f"{label} {number}"
    if len(whole) * _LETTER + 12 <= width:
        return whole
    return str(number) if len(str(number)) * _NUMBER + 8 <= width else ""


def title_of(each: GroupSpread) -> str:
    title = each.group.title if each.group else _("all together")
    return title[:1].upper() + title[1:]


def _note(each: GroupSpread) -> str:
    if each.numbers is None:
        return _("Too few were asked to be shown") if each.sent else _("Nobody answered")
    return "" if each.answered else _("No answers")


def _words(spread: Spread, each: GroupSpread) -> str:
    if note := _note(each):
        return f"{title_of(each)}: {note}."
    said = ", ".join(f"{choice.label} {(each.numbers or {}).get(choice.code, 0)}" for choice in spread.answers)
    return f"{title_of(each)}: {said}."

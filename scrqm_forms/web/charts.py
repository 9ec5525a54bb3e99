"""Counts as a table's rows and as a stacked bar drawn on the server: SVG of presentation attributes and classes alone.

No meaning is by colour alone: each answer has a pattern of its own (desk.css), its number stands in it where there is
room, and a table with the same numbers stands beside every chart. Written here and not in a template, since a page has
dozens of them.
"""

from collections.abc import Collection, Iterator
from textwrap import wrap

from markupsafe import Markup, escape

from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.spread import GroupSpread, Spread
from scrqm_forms.web.language import _

#: Units of the drawing; a unit is at most a CSS pixel and a half. ROW is a bar with what is around it, without a title.
WIDTH, LEGEND, ROW, LINE, BAR = 320, 30, 46, 16, 27
#: Letters of a title in a line.
FITTING = 42
#: Room that a letter needs.
LETTER = 7.5
#: Stands where something is not shown.
HIDDEN = "–"


def count_head(spread: Spread) -> list[str]:
    return [_("Group"), *(choice.label for choice in (*spread.answers, *spread.apart))]


def count_rows(spread: Spread, blurred: Collection[Group] = ()) -> list[list[str]]:
    """Each group and its numbers, those of answers with their percentage."""
    return [
        [
            title_of(each),
            *(_share(each, choice) for choice in spread.answers),
            *(_number(each, choice, blurred) for choice in spread.apart),
        ]
        for each in spread.rows
    ]


def _share(each: GroupSpread, choice: Choice) -> str:
    if each.numbers is None:
        return HIDDEN
    number = each.numbers.get(choice.code, 0)
    percent = f' <span class="percent">{each.percent(choice.code)}%</span>' if number else ""
    return Markup(f"{number}{percent}")  # noqa: S704  numbers


def _number(each: GroupSpread, choice: Choice, blurred: Collection[Group]) -> str:
    if each.numbers is None or (choice.code == "not_my_part" and each.group in blurred):
        return HIDDEN
    return str(each.numbers.get(choice.code, 0))


def title_of(each: GroupSpread) -> str:
    title = each.group.title if each.group else _("all together")
    return title[:1].upper() + title[1:]


def draw_chart(spread: Spread, title: str, key: str) -> Markup:
    """For places whose answers have an order of three steps. Groups that were not asked stand in the table alone.

    `key` is the beginning of its ids.
    """
    groups = [each for each in spread.groups if (each.numbers or {}).keys() != {"not_asked"}]
    text = " ".join(_words(spread, each) for each in groups) or _("Nobody was asked.")
    drawn, height = list(_legend(spread)), LEGEND
    for each in groups:
        lines = wrap(title_of(each), FITTING)
        drawn.append(_bar(spread, each, lines, height))
        height += ROW + LINE * len(lines)
    return Markup(  # noqa: S704  every text in it is escaped
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{key}-title {key}-desc"><title id="{key}-title">{escape(title)}</title>'
        f'<desc id="{key}-desc">{escape(text)}</desc>{"".join(drawn)}</svg>\n'
    )


def _legend(spread: Spread) -> Iterator[str]:
    x = 0.0
    for n, choice in enumerate(spread.answers):
        yield f'<rect class="step step-{n}" x="{x + 0.5}" y="3" width="16" height="14"/>'
        yield f'<text x="{x + 22}" y="15">{escape(choice.label)}</text>'
        x += 40 + LETTER * len(choice.label)


def _bar(spread: Spread, each: GroupSpread, lines: list[str], y: int) -> str:
    title = "".join(
        f'\n<text class="of" x="0" y="{y + 18 + LINE * n}">{escape(line)}</text>' for n, line in enumerate(lines)
    )
    top = y + 10 + LINE * len(lines)
    if note := _note(each):
        frame = f'<rect class="nothing" x="0.5" y="{top}" width="{WIDTH - 1}" height="{BAR}"/>'
        return f'{title}{frame}<text x="10" y="{top + 18}">{escape(note)}</text>'
    return title + "".join(_segments(spread, each, top))


def _segments(spread: Spread, each: GroupSpread, top: int) -> Iterator[str]:
    x = 0.0
    for n, choice in enumerate(spread.answers):
        number = (each.numbers or {}).get(choice.code, 0)
        width = WIDTH * number / each.answered
        if number:
            at = f'x="{x:.2f}" y="{top}" width="{width:.2f}" height="{BAR}"'
            yield f'<rect class="step step-{n}" {at}/>'
        if label := number and _label(choice.label, number, width):
            room = len(label) * LETTER + 4
            under = f'x="{x + (width - room) / 2:.2f}" y="{top + 5}" width="{room:.2f}" height="17"'
            yield f'<rect class="under-{n}" {under}/>'
            at = f'x="{x + width / 2:.2f}" y="{top + 18}"'
            yield f'<text class="in-{n}" {at} text-anchor="middle">{escape(label)}</text>'
        x += width


def _label(label: str, number: int, width: float) -> str:
    """Empty where there is no room; the table has it."""
    whole = f"{label} {number}"
    if len(whole) * LETTER + 12 <= width:
        return whole
    return str(number) if len(str(number)) * LETTER + 10 <= width else ""


def _note(each: GroupSpread) -> str:
    """What stands in place of a bar."""
    if each.numbers is None:
        return _("Too few were asked to be shown") if each.sent else _("Nobody answered")
    return "" if each.answered else _("No answers")


def _words(spread: Spread, each: GroupSpread) -> str:
    said = ", ".join(f"{choice.label} {(each.numbers or {}).get(choice.code, 0)}" for choice in spread.answers)
    return f"{title_of(each)}: {_note(each) or said}."

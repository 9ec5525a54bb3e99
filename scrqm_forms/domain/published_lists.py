"""Lists of a published marker document: the lines under a heading -> its items, with warnings.

An item that stands further in than the one above it belongs to that one and keeps its level: it is a line of its text.
"""

import re
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.published_headings import is_ending
from scrqm_forms.domain.published_items import (
    NOUNS,
    SUBHEADING,
    Item,
    warn_of_items,
    warn_of_left_out,
    warn_of_lost_audiences,
    warn_of_numbers,
    without_series,
)
from scrqm_forms.domain.published_lines import Line, Paragraph, ends_sentence, number_of
from scrqm_forms.domain.published_paragraphs import continues_item, continues_text, form_paragraphs
from scrqm_forms.domain.published_questions import list_numbers
from scrqm_forms.domain.published_sections import HEADING_NAMES, HYPHEN, Sections
from scrqm_forms.domain.published_titles import begins_title

_BARE_NUMBER = re.compile(r"(\d{1,2})\s+(?=[A-Z‘“\"])")
_NO_QUESTION = re.compile(r"(there are )?(no (\w+ )?questions|none|not applicable|n/a)\b[^?]*$", re.IGNORECASE)
#: Marks of a second or third level, as Word and web pages set them.
_INNER_MARKS = {"o": 1, "◦": 1, "○": 1, "‣": 1, "a.": 1, "▪": 2, "■": 2, "\uf0a7": 2}


class _Level(Struct):
    """One of the lists that an item may go on with, from the outermost inwards."""

    indent: int
    mark: str | None
    number: int | None
    #: The text of its last item, for what stands further in.
    text: str


def read_lists(sections: Sections, warnings: list[str]) -> dict[str, tuple[Item, ...]]:
    """The items of each list whose heading is there."""
    return {name: _read_list(name, lines, warnings) for name, lines in sections.items() if name in NOUNS}


def _read_list(name: str, lines: Sequence[Line], warnings: list[str]) -> tuple[Item, ...]:
    items: list[Item] = []
    left_out: list[Paragraph] = []
    joined: list[int] = []
    numbers: list[list[int]] = []
    hyphened = False
    lines = _mark_bare_numbers(lines) if name == "questions" else lines
    marked = any(line.item and line.audience is None for line in lines)
    for audience, own in _part_audiences(lines) if name == "questions" else [("", list(lines))]:
        kept, rest = _part_items(
            form_paragraphs(_mark_subheadings(own, name), _rule(own, marked)), marked, name == "questions"
        )
        numbers.append(_outer_numbers(kept))
        hyphened = hyphened or any(paragraph.hyphened for paragraph in kept)
        for texts in _nest(kept, name, len(items), warnings):
            items.append(Item("\n".join(text for text, _ in texts), audience))
            joined += [len(items)] * any(was_joined for _, was_joined in texts)
        left_out += rest
    warn_of_numbers(numbers, name, warnings)
    if joined:
        which = list_numbers(NOUNS[name], joined)
        warnings.append(f"{which}: the line below was read as part of it; check that it is not an item of its own.")
    if hyphened:
        warnings.append(f"{HEADING_NAMES[name]}: {HYPHEN}")
    warn_of_left_out(left_out, name, warnings)
    items = without_series(items)
    warn_of_items(items, name, warnings, marked=marked)
    warn_of_lost_audiences(lines, warnings)
    return tuple(items)


def _outer_numbers(paragraphs: Sequence[Paragraph]) -> list[int]:
    """The numbers of the items that stand least far in."""
    numbered = [(paragraph.indent, number) for paragraph in paragraphs if (number := number_of(paragraph))]
    least = min(numbered, default=(0, 0))[0]
    return [number for indent, number in numbered if indent < least + 2]


def _rule(lines: Sequence[Line], marked: bool) -> Callable[[Sequence[Line], Line], bool]:
    """Which lines go on with the item above them."""
    goes_on = continues_item if marked else continues_text(lines)
    return lambda group, line: not begins_title(group, line) and goes_on(group, line)


def _mark_bare_numbers(lines: Sequence[Line]) -> list[Line]:
    """`lines` with those that begin with 1, 2, 3 and so on, without a full stop, as items."""
    numbers = {n: int(match[1]) for n, line in enumerate(lines) if (match := _BARE_NUMBER.match(line.whole))}
    if len(numbers) < 2 or [*numbers.values()] != [*range(1, len(numbers) + 1)] or any(line.mark for line in lines):
        return list(lines)
    return [
        replace(line, item=True, mark="1.", text=_BARE_NUMBER.sub("", line.whole, count=1)) if n in numbers else line
        for n, line in enumerate(lines)
    ]


def _part_audiences(lines: Sequence[Line]) -> list[tuple[str, list[Line]]]:
    """The lines under each audience in turn; first those under none. The name of one may go on in the next line."""
    parts: list[tuple[str, list[Line]]] = [("", [])]
    for line in lines:
        audience, own = parts[-1]
        names_on = audience and not own and not (line.item or line.after_blank or ends_sentence(line.text))
        if line.audience:
            parts.append((line.audience, []))
        elif not names_on:
            own.append(line)
    return parts


def _mark_subheadings(lines: Sequence[Line], name: str) -> list[Line]:
    """Among questions, a line that is no sentence, between a whole question and the next, is a heading of its own."""
    if name != "questions":
        return list(lines)
    marked: list[Line] = []
    for before, line, following in zip([None, *lines], lines, [*lines[1:], None], strict=False):
        parted = before is not None and marked[-1].subheading
        heads = not line.item and following is not None and _heads(before, line, following)
        marked.append(replace(line, after_blank=line.after_blank or heads or parted, subheading=heads))
    return marked


def _heads(before: Line | None, line: Line, following: Line) -> bool:
    if (before and not ends_sentence(before.text)) or ends_sentence(line.text) or not line.text[:1].isupper():
        return False
    return following.item or (
        len(line.text) < SUBHEADING and following.text.endswith("?") and following.text[:1].isupper()
    )


def _part_items(
    paragraphs: Sequence[Paragraph], marked: bool, only_items: bool
) -> tuple[list[Paragraph], list[Paragraph]]:
    """What is an item and what is not; paragraphs about the whole set are neither, and end the list.

    In a list without any mark every paragraph is an item. One that introduces marked items is kept as an item unless
    `only_items`.
    """
    ended, begun = False, only_items
    kept: list[Paragraph] = []
    left_out: list[Paragraph] = []
    for paragraph in paragraphs:
        ended = ended or paragraph.about_set or is_ending(paragraph.whole)
        begun = begun or paragraph.item
        if not paragraph.about_set:
            outside = ended or paragraph.subheading or (marked and begun and not paragraph.item)
            outside = outside or (only_items and _NO_QUESTION.match(paragraph.text) is not None)
            (left_out if outside else kept).append(paragraph)
    return kept, left_out


def _nest(paragraphs: Sequence[Paragraph], name: str, before: int, warnings: list[str]) -> list[list[tuple[str, bool]]]:
    """Each outermost item as its lines, each with whether it was joined.

    Among the questions only what a sentence breaks off for stands under another: all else is a question of its own.
    """
    items: list[list[tuple[str, bool]]] = []
    levels: list[_Level] = []
    for paragraph in paragraphs:
        depth = _depth(paragraph, levels)
        joined = paragraph.joined or (paragraph.may_be_several and not paragraph.item)
        parent = levels[depth - 1].text if depth else ""
        del levels[depth:]
        if depth and name == "questions" and ends_sentence(parent):
            number = before + len(items) + 1
            warnings.append(
                f"Question {number} stands further in than the one above; check that it is a question of its own."
            )
            depth = 0
            items.append([(paragraph.text, joined)])
        elif depth:
            items[-1].append((f"{'  ' * (depth - 1)}- {paragraph.text}", joined))
        else:
            items.append([(paragraph.text, joined)])
        levels.append(_Level(paragraph.indent, paragraph.mark, number_of(paragraph), paragraph.text))
    return items


def _depth(paragraph: Paragraph, levels: Sequence[_Level]) -> int:
    """How many of the open lists `paragraph` stands within."""
    if not paragraph.item:
        return 0
    number = number_of(paragraph)
    goes_on = [depth for depth, level in enumerate(levels) if number and level.number and number == level.number + 1]
    if goes_on:
        beside = [depth for depth in goes_on if abs(paragraph.indent - levels[depth].indent) < 2]
        return (beside or goes_on)[0]
    for depth, level in enumerate(levels):
        if level.mark == paragraph.mark and abs(paragraph.indent - level.indent) < 2:
            return depth
    return next((depth for depth, level in enumerate(levels) if not _stands_within(paragraph, level)), len(levels))


def _stands_within(paragraph: Paragraph, level: _Level) -> bool:
    if paragraph.indent - level.indent >= 2:
        return True
    if paragraph.indent < level.indent or paragraph.mark == level.mark or level.mark is None:
        return False
    inner = _INNER_MARKS.get(paragraph.mark or "", 0) > _INNER_MARKS.get(level.mark, 0)
    return inner or level.text.endswith(":")

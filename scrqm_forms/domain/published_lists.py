"""Lists of a published marker document: the lines under a heading -> its items, with warnings.

An item that stands further in than the one above it belongs to that one and keeps its level: it is a line of its text.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.published_headings import AUDIENCES, is_ending
from scrqm_forms.domain.published_lines import Line, Paragraph, ends_sentence, number_of
from scrqm_forms.domain.published_paragraphs import continues_item, continues_text, form_paragraphs
from scrqm_forms.domain.published_questions import list_numbers
from scrqm_forms.domain.published_sections import (
    CHECK_LEFT_OUT,
    HEADING_NAMES,
    HYPHEN,
    QUESTIONS_HEADING,
    Sections,
    quote,
)
from scrqm_forms.domain.published_titles import begins_title

#: What one item of each list is called.
_NOUNS = {
    "questions": "Question",
    "knowledge": "Knowledge base item",
    "equality": "Equality and diversity item",
    "guidance": "Statutory guidance item",
    "obstacles": "Obstacle",
}
#: A heading among questions has fewer letters.
_SUBHEADING = 60
_BARE_NUMBER = re.compile(r"(\d{1,2})\s+(?=[A-Z‘“\"])")
_NOTHING = re.compile(r"(none|not applicable|n/a)\b", re.IGNORECASE)
_NO_QUESTION = re.compile(r"(there are )?(no (\w+ )?questions|none|not applicable|n/a)\b[^?]*$", re.IGNORECASE)
#: What one of a series of marks looks like, and the series there are.
_ANY_MARK = re.compile(r"(?:No\.?\s*|\W)?([A-Z]|[IVX]{1,5}|\d{1,2})[^\w\s]\s*|(?:No\.?\s*|[^\w\s])(\d{1,2})\s+")
_SERIES = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"),
    tuple(map(str, range(1, 100))),
)
_QUESTION_MARK = re.compile(r"\?(?=\s|\Z)")
#: "...: a one b other", where the lines of a list were joined.
_LIST_WITHIN = re.compile(r":\s+\(?([aAiI1])[.)]?\s.+\s\(?(b|B|ii|II|2)[.)]?\s")
#: Marks of a second or third level, as Word and web pages set them.
_INNER_MARKS = {"o": 1, "◦": 1, "○": 1, "‣": 1, "a.": 1, "▪": 2, "■": 2, "\uf0a7": 2}


class Item(Struct, frozen=True):
    """One item of a list, with those that stand further in."""

    text: str
    #: Key of the audience that it stands under; "" where it stands under none.
    audience: str = ""


class _Level(Struct):
    """One of the lists that an item may go on with, from the outermost inwards."""

    indent: int
    mark: str | None
    number: int | None
    #: The text of its last item, for what stands further in.
    text: str


def read_lists(sections: Sections, warnings: list[str]) -> dict[str, tuple[Item, ...]]:
    """The items of each list whose heading is there."""
    return {name: _read_list(name, lines, warnings) for name, lines in sections.items() if name in _NOUNS}


def warn_of_lists(lists: Mapping[str, Sequence[Item]], warnings: list[str]) -> None:
    """Names missing questions, headings with nothing under them, and items that are cut off.

    A page that was cut off ends in its last list; a list of questions must end with one in any case.
    """
    if not lists.get("questions"):
        empty = "there is no item under it" if "questions" in lists else "it is not there"
        warnings.append(f'No questions were found under the heading "{QUESTIONS_HEADING}": {empty}.')
    for name, items in lists.items():
        if not items and name != "questions":
            warnings.append(f'The heading "{HEADING_NAMES[name]}" has no text under it.')
    for name in dict.fromkeys(["questions", *list(lists)[-1:]]):
        last = lists[name][-1].text if lists.get(name) else ""
        if last and not ends_sentence(last) and not _NOTHING.match(last):
            item = f"{_NOUNS[name]} {len(lists[name])}"
            warnings.append(f"{item} may be cut off, it has no full stop or question mark: {quote(last)}")


def _read_list(name: str, lines: Sequence[Line], warnings: list[str]) -> tuple[Item, ...]:
    items: list[Item] = []
    left_out: list[Paragraph] = []
    joined: list[int] = []
    hyphened = False
    lines = _mark_bare_numbers(lines) if name == "questions" else lines
    marked = any(line.item and line.audience is None for line in lines)
    for audience, own in _part_audiences(lines) if name == "questions" else [("", list(lines))]:
        kept, rest = _part_items(
            form_paragraphs(_mark_subheadings(own, name), _rule(own, marked)), marked, name == "questions"
        )
        hyphened = hyphened or any(paragraph.hyphened for paragraph in kept)
        for texts in _nest(kept, name, len(items), warnings):
            items.append(Item("\n".join(text for text, _ in texts), audience))
            joined += [len(items)] * any(was_joined for _, was_joined in texts)
        left_out += rest
    if joined:
        numbers = list_numbers(_NOUNS[name], joined)
        warnings.append(f"{numbers}: the line below was read as part of it; check that it is not an item of its own.")
    if hyphened:
        warnings.append(f"{HEADING_NAMES[name]}: {HYPHEN}")
    _warn_of_left_out(left_out, name, warnings)
    _warn_of_lost_items(items, name, warnings)
    _warn_of_heading(items if not marked else [], name, warnings)
    _warn_of_several(items, name, warnings)
    items = _without_series(items)
    _warn_of_unknown_mark(items, name, warnings)
    _warn_of_lost_audiences(lines, warnings)
    return tuple(items)


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
        len(line.text) < _SUBHEADING and following.text.endswith("?") and following.text[:1].isupper()
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


def _warn_of_left_out(left_out: Sequence[Paragraph], name: str, warnings: list[str]) -> None:
    if left_out:
        words = ", ".join(quote(paragraph.whole) for paragraph in left_out)
        where = "among the questions" if name == "questions" else f'under "{HEADING_NAMES[name]}"'
        warnings.append(f"Left out {where}: {words}. {CHECK_LEFT_OUT}")


def _warn_of_lost_audiences(lines: Sequence[Line], warnings: list[str]) -> None:
    """The published markers name all audiences, those without questions too."""
    named = {line.audience for line in lines if line.audience}
    missing = [words for name, words in AUDIENCES.items() if name not in named]
    if named and missing:
        warnings.append(f"The document does not name {', '.join(missing)}; see whether it was cut off.")


def _warn_of_lost_items(items: Sequence[Item], name: str, warnings: list[str]) -> None:
    """An item that announces others, where none stands further in."""
    announcing = [n for n, item in enumerate(items, 1) if item.text.endswith(":")]
    if announcing:
        numbers = list_numbers(_NOUNS[name], announcing)
        warnings.append(f"{numbers}: ends with a colon; check whether what follows belongs to it.")


def _warn_of_heading(items: Sequence[Item], name: str, warnings: list[str]) -> None:
    """In a list without marks: a few last words that are no sentence, as those above are."""
    *others, last = [item.text for item in items] or [""]
    if others and all(map(ends_sentence, others)) and not ends_sentence(last) and len(last) < _SUBHEADING:
        item = f"{_NOUNS[name]} {len(items)}"
        warnings.append(f"{item} may be a heading with no text under it: {quote(last)}")


def _warn_of_several(items: Sequence[Item], name: str, warnings: list[str]) -> None:
    """Two questions in one are published, three hardly ever; and a list within an item stands on lines of its own."""
    for n, item in enumerate(items, 1):
        many = name == "questions" and "\n" not in item.text and len(_QUESTION_MARK.findall(item.text)) > 2
        if many or _LIST_WITHIN.search(item.text):
            warnings.append(f"{_NOUNS[name]} {n} may hold several that stood on lines of their own: {quote(item.text)}")


def _without_series(items: list[Item]) -> list[Item]:
    """The items without marks that only all of them together show to be some: "A." "B." "C.", "I)" "II)", "No. 1"."""
    marks = [_ANY_MARK.match(item.text) for item in items]
    named = [mark[1] or mark[2] for mark in marks if mark]
    if len(items) < 2 or not any(named == [*series[: len(items)]] for series in _SERIES):
        return items
    return [replace(item, text=item.text[mark.end() :]) for item, mark in zip(items, marks, strict=True) if mark]


def _warn_of_unknown_mark(items: Sequence[Item], name: str, warnings: list[str]) -> None:
    """Every item begins with one sign or letter that no sentence begins with."""
    first, *others = {item.text.split()[0] for item in items} or {""}
    if len(items) > 1 and not others and len(first) == 1 and first not in "AI":
        warnings.append(f'{HEADING_NAMES[name]}: every item begins with "{first}"; take it out if it is only a mark.')

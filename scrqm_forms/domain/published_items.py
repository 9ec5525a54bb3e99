"""Items of a published document's lists, and what of them somebody should look at."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.published_headings import AUDIENCES
from scrqm_forms.domain.published_lines import Line, Paragraph, ends_sentence
from scrqm_forms.domain.published_questions import list_numbers
from scrqm_forms.domain.published_sections import CHECK_LEFT_OUT, HEADING_NAMES, QUESTIONS_HEADING, quote

#: What one item of each list is called.
NOUNS = {
    "questions": "Question",
    "knowledge": "Knowledge base item",
    "equality": "Equality and diversity item",
    "guidance": "Statutory guidance item",
    "obstacles": "Obstacle",
}
#: A heading among questions has fewer letters.
SUBHEADING = 60
_NOTHING = re.compile(r"(none|not applicable|n/a)\b", re.IGNORECASE)
#: What one of a series of marks looks like, and the series there are.
_ANY_MARK = re.compile(r"(?:No\.?\s*|\W)?([A-Z]|[IVX]{1,5}|\d{1,2})[^\w\s]\s*|(?:No\.?\s*|[^\w\s])(\d{1,2})\s+")
_SERIES = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"),
    tuple(map(str, range(1, 100))),
)
_QUESTION_MARK = re.compile(r"\?(?=\s|\Z)")
#: "...: a one b other", where the lines of a list were joined.
_LIST_WITHIN = re.compile(r":\s+\(?(?:[aAiI][.)]?|1[.)])\s.{1,200}\s\(?(?:(?:b|B|ii|II)[.)]?|2[.)])\s")


class Item(Struct, frozen=True):
    """One item of a list, with those that stand further in."""

    text: str
    #: Key of the audience that it stands under; "" where it stands under none.
    audience: str = ""


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
            item = f"{NOUNS[name]} {len(lists[name])}"
            warnings.append(f"{item} may be cut off, it has no full stop or question mark: {quote(last)}")


def warn_of_items(items: Sequence[Item], name: str, warnings: list[str], *, marked: bool) -> None:
    """Names items that may be something else, or more than one. `marked`: the list has marks."""
    _warn_of_lost_items(items, name, warnings)
    _warn_of_heading([] if marked else items, name, warnings)
    _warn_of_several(items, name, warnings)
    _warn_of_unknown_mark(items, name, warnings)


def warn_of_numbers(parts: Sequence[Sequence[int]], name: str, warnings: list[str]) -> None:
    """Names where a list's own numbers leave one out or stand twice. They may begin anew, or all be "1.".

    `parts`: those under each audience.
    """
    numbers = [number for part in parts for number in part]
    anew = {sum(map(len, parts[:n])) for n in range(len(parts))}
    steps = [step for n, step in enumerate(pairwise(numbers), 1) if not (n in anew and step[1] == 1)]
    if len(set(numbers)) < 2 or any(after < before for before, after in steps):
        return
    noun = NOUNS[name][:1].lower() + NOUNS[name][1:]
    if numbers[0] > 1:
        warnings.append(f"In the document the first number is {numbers[0]}; see whether a {noun} is missing.")
    for before, after in steps:
        if after == before:
            warnings.append(
                f"In the document the number {after} stands before two items; see which is the {noun} meant."
            )
        elif after > before + 1:
            warnings.append(
                f"In the document number {after} comes after number {before}; see whether a {noun} is missing."
            )


def warn_of_left_out(left_out: Sequence[Paragraph], name: str, warnings: list[str]) -> None:
    if left_out:
        words = ", ".join(quote(paragraph.whole) for paragraph in left_out)
        where = "among the questions" if name == "questions" else f'under "{HEADING_NAMES[name]}"'
        warnings.append(f"Left out {where}: {words}. {CHECK_LEFT_OUT}")


def warn_of_lost_audiences(lines: Sequence[Line], warnings: list[str]) -> None:
    """The published markers name all audiences, those without questions too."""
    named = {line.audience for line in lines if line.audience}
    missing = [words for name, words in AUDIENCES.items() if name not in named]
    if named and missing:
        warnings.append(f"The document does not name {', '.join(missing)}; see whether it was cut off.")


def _warn_of_lost_items(items: Sequence[Item], name: str, warnings: list[str]) -> None:
    """An item that announces others, where none stands further in."""
    announcing = [n for n, item in enumerate(items, 1) if item.text.endswith(":")]
    if announcing:
        numbers = list_numbers(NOUNS[name], announcing)
        warnings.append(f"{numbers}: ends with a colon; check whether what follows belongs to it.")


def _warn_of_heading(items: Sequence[Item], name: str, warnings: list[str]) -> None:
    """In a list without marks: a few last words that are no sentence, as those above are."""
    *others, last = [item.text for item in items] or [""]
    if others and all(map(ends_sentence, others)) and not ends_sentence(last) and len(last) < SUBHEADING:
        item = f"{NOUNS[name]} {len(items)}"
        warnings.append(f"{item} may be a heading with no text under it: {quote(last)}")


def _warn_of_several(items: Sequence[Item], name: str, warnings: list[str]) -> None:
    """Two questions in one are published, three hardly ever; and a list within an item stands on lines of its own."""
    for n, item in enumerate(items, 1):
        many = name == "questions" and "\n" not in item.text and len(_QUESTION_MARK.findall(item.text)) > 2
        if many or _LIST_WITHIN.search(item.text):
            warnings.append(f"{NOUNS[name]} {n} may hold several that stood on lines of their own: {quote(item.text)}")


def without_series(items: list[Item]) -> list[Item]:
    """The items without marks that only all of them together show to be some: "A." "B." "C.", "I)" "II)", "No. 1"."""
    marks = [_ANY_MARK.match(item.text) for item in items]
    named = [mark[1] or mark[2] for item, mark in zip(items, marks, strict=True) if mark and item.text[mark.end() :]]
    if len(items) < 2 or not any(named == [*series[: len(items)]] for series in _SERIES):
        return items
    return [replace(item, text=item.text[mark.end() :]) for item, mark in zip(items, marks, strict=True) if mark]


def _warn_of_unknown_mark(items: Sequence[Item], name: str, warnings: list[str]) -> None:
    """Every item begins with one sign or letter that no sentence begins with."""
    first, *others = {item.text.partition(" ")[0] for item in items} or {""}
    if len(items) > 1 and not others and len(first) == 1 and first not in "AI":
        warnings.append(f'{HEADING_NAMES[name]}: every item begins with "{first}"; take it out if it is only a mark.')

"""Sections of a published marker document: its lines -> title, statement, rationale and lists, with warnings.

Functions add one plain sentence to `warnings` for whatever somebody should look at before the marker is used.
"""

import re
from collections.abc import Mapping, Sequence

from scrqm_forms.domain.published_lines import (
    Line,
    Paragraph,
    continues_block,
    continues_item,
    continues_sentence,
    ends_sentence,
    form_paragraphs,
    read_title,
)
from scrqm_forms.domain.published_questions import list_numbers

#: Heading name -> its lines; "" holds what stands before the first heading.
Sections = Mapping[str, Sequence[Line]]

QUESTIONS_HEADING = "How might you know if you are meeting this quality marker?"

#: Each list's heading, and what one of its items is called.
_LISTS = {
    "questions": (QUESTIONS_HEADING, "Question"),
    "knowledge": ("Knowledge base", "Knowledge base item"),
    "equality": ("Equality and diversity", "Equality and diversity item"),
    "guidance": ("Link to statutory guidance and inspection criteria", "Statutory guidance item"),
    "obstacles": ("Tackling some common obstacles", "Obstacle"),
}

_NOTHING = re.compile(r"(none|not applicable|n/a)\b", re.IGNORECASE)


def count_markers(lines: Sequence[Line]) -> int:
    """How many markers the document holds: a list of jump links has headings too, but no text under them."""
    lists = [n for n in _find_headings(lines, "questions") if n + 1 < len(lines) and lines[n + 1].item]
    return max(len(_find_statements(lines)), len(lists))


def find_title(lines: Sequence[Line], warnings: list[str]) -> tuple[int | None, str | None]:
    """Number and title of the marker; what stands above them is navigation."""
    number, title, _ = _last_title(lines)
    if number is None:
        warnings.append('No number and title were found; expected a line like "Quality Marker 8: Title".')
    elif title is None:
        warnings.append(f'No title was found after "Quality Marker {number}".')
    return number, title


def split_sections(lines: Sequence[Line]) -> dict[str, list[Line]]:
    """The marker's lines under the name of their heading, in the document's order."""
    start = next(iter(_find_statements(lines)), _last_title(lines)[2])
    sections: dict[str, list[Line]] = {}
    name = ""
    for line in lines[start:]:
        name = line.heading or name
        under = sections.setdefault(name, [])
        if line.heading is None:
            under.append(line)
    return sections


def read_statement(sections: Sections, warnings: list[str]) -> tuple[str, str]:
    """Statement and rationale; without a rationale heading it is what stands between statement and questions."""
    above, below = sections.get("statement", ()), sections.get("rationale")
    if below is None:
        above, below = _part_rationale(above, warnings)
    statement = _join(form_paragraphs(above, continues_block), "Statement", warnings)
    if "\n\n" in statement:
        warnings.append("The statement has more than one paragraph; check that all of it belongs there.")
    return statement, _join(form_paragraphs(below, continues_sentence), "Rationale", warnings)


def read_lists(sections: Sections, warnings: list[str]) -> dict[str, tuple[str, ...]]:
    """The items of each list whose heading is there."""
    return {name: _read_list(name, lines, warnings) for name, lines in sections.items() if name in _LISTS}


def warn_of_gaps(sections: Sections, statement: str, rationale: str, warnings: list[str]) -> None:
    """Names a missing statement or rationale."""
    for name, text in {"statement": statement, "rationale": rationale}.items():
        if not text:
            empty = ": there is no text under its heading" if name in sections else ""
            warnings.append(f"No {name} was found{empty}.")
    if "statement" not in sections and sections.get(""):
        whole = " ".join(line.whole for line in sections[""])
        warnings.append(f"Left out, since it stands before the first heading: {_quote(whole)}")


def warn_of_lists(lists: Mapping[str, Sequence[str]], warnings: list[str]) -> None:
    """Names missing questions, headings with nothing under them, and items that are cut off.

    A page that was cut off ends in its last list; a list of questions must end with one in any case.
    """
    if not lists.get("questions"):
        empty = "there is no item under it" if "questions" in lists else "it is not there"
        warnings.append(f'No questions were found under the heading "{QUESTIONS_HEADING}": {empty}.')
    for name, items in lists.items():
        if not items and name != "questions":
            warnings.append(f'The heading "{_LISTS[name][0]}" has no text under it.')
    for name in dict.fromkeys(["questions", *list(lists)[-1:]]):
        last = (lists.get(name) or [""])[-1]
        if last and not ends_sentence(last) and not _NOTHING.match(last):
            item = f"{_LISTS[name][1]} {len(lists[name])}"
            warnings.append(f"{item} may be cut off, it has no full stop or question mark: {_quote(last)}")


def _find_headings(lines: Sequence[Line], name: str) -> list[int]:
    return [n for n, line in enumerate(lines) if line.heading == name]


def _find_statements(lines: Sequence[Line]) -> list[int]:
    """Where statement labels stand that have text after them."""
    labels = [n for n in _find_headings(lines, "statement") if n + 1 < len(lines)]
    return [n for n in labels if lines[n + 1].heading is None and read_title(lines, n + 1) is None]


def _last_title(lines: Sequence[Line]) -> tuple[int | None, str | None, int]:
    """Number, title and the line after them, of the last title above the statement, or else above the questions."""
    found = _find_statements(lines) or _find_headings(lines, "questions")[-1:]
    for n in reversed(range(found[0] if found else len(lines))):
        if title := read_title(lines, n):
            number, words, size = title
            return number, words, n + size
    return None, None, 0


def _part_rationale(lines: Sequence[Line], warnings: list[str]) -> tuple[Sequence[Line], Sequence[Line]]:
    """The first paragraph and the others; where no blank line parts them, the first line and those that go on with it.

    A statement may lack its full stop, so only a small letter shows that a line goes on.
    """
    for n, line in enumerate(lines):
        if n and line.after_blank:
            return lines[:n], lines[n:]
    end = next((n for n, line in enumerate(lines) if n and not line.text[:1].islower()), len(lines))
    if end < len(lines) and not ends_sentence(lines[end - 1].text):
        start = _quote(lines[end].whole)
        warnings.append(f"Nothing parts statement and rationale; the rationale was taken to begin at: {start}")
    return lines[:end], lines[end:]


def _join(paragraphs: Sequence[Paragraph], noun: str, warnings: list[str]) -> str:
    kept = [paragraph for paragraph in paragraphs if not paragraph.about_set]
    if any(paragraph.joined for paragraph in kept):
        warnings.append(f"{noun}: lines that no blank line parts were joined with a single blank.")
    return "\n\n".join(paragraph.whole for paragraph in kept)


def _read_list(name: str, lines: Sequence[Line], warnings: list[str]) -> tuple[str, ...]:
    heading, noun = _LISTS[name]
    kept, left_out = _part_items(form_paragraphs(lines, continues_item), only_items=name == "questions")
    if joined := [n for n, paragraph in enumerate(kept, 1) if paragraph.joined]:
        warnings.append(f"{list_numbers(noun, joined)}: the line after it was joined to it with a single blank.")
    for paragraph in left_out:
        warnings.append(f'Left out under "{heading}", since it is not one of the items: {_quote(paragraph.whole)}')
    return tuple(paragraph.text for paragraph in kept)


def _part_items(paragraphs: Sequence[Paragraph], only_items: bool) -> tuple[list[Paragraph], list[Paragraph]]:
    """What is an item and what is not; paragraphs about the whole set are neither, and end the list.

    In a list without any mark every paragraph is an item. One that introduces marked items is kept as an item unless
    `only_items`.
    """
    marked = any(paragraph.item for paragraph in paragraphs)
    ended, begun = False, only_items
    kept: list[Paragraph] = []
    left_out: list[Paragraph] = []
    for paragraph in paragraphs:
        ended = ended or paragraph.about_set
        begun = begun or paragraph.item
        if not paragraph.about_set:
            (left_out if ended or (marked and begun and not paragraph.item) else kept).append(paragraph)
    return kept, left_out


def _quote(text: str) -> str:
    """`text`, shortened so that a warning stays readable."""
    return f'"{text}"' if len(text) <= 120 else f'"{text[:117]}..."'

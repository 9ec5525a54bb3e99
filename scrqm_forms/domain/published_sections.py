"""Sections of a published marker document: its lines -> title, statement and rationale, with warnings.

Functions add one plain sentence to `warnings` for whatever somebody should look at before the marker is used.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.published_footers import find_footer_links
from scrqm_forms.domain.published_headings import begins_heading, find_heading, is_ending
from scrqm_forms.domain.published_lines import Line, Paragraph, ends_sentence
from scrqm_forms.domain.published_paragraphs import calls_for_more, continues_block, continues_text, form_paragraphs
from scrqm_forms.domain.published_titles import Title, find_title, read_title

#: Heading name -> its lines; "" holds what stands before the first heading.
Sections = Mapping[str, Sequence[Line]]

#: How warnings of a missing number begin: whoever finds the number out leaves them away.
NO_NUMBER = "No number"
#: How warnings end that name what was left out, and what is said of a hyphen at the end of a line.
CHECK_LEFT_OUT = "Check that none of this belongs to the marker."
HYPHEN = "a line ends with a hyphen; look for a blank after a hyphen, and put the word together."
QUESTIONS_HEADING = "How might you know if you are meeting this quality marker?"

#: What each heading is called in a warning.
HEADING_NAMES = {
    "statement": "Quality statement",
    "rationale": "Rationale",
    "questions": QUESTIONS_HEADING,
    "knowledge": "Knowledge base",
    "equality": "Equality and diversity",
    "guidance": "Link to statutory guidance and inspection criteria",
    "obstacles": "Tackling some common obstacles",
}

#: The end of a paragraph that a list must follow.
_ANNOUNCES = re.compile(r":$|\b(the following|including|includes)[.:]?$", re.IGNORECASE)


class Part(Struct, frozen=True):
    """The lines of one marker."""

    title: Title | None
    #: Lines above the statement that could be its title, where no number stands with one.
    above: tuple[str, ...]
    sections: Sections


def split_sections(lines: Sequence[Line], warnings: list[str]) -> Part:
    """The marker's lines under the name of their heading, in the document's order; what stands above is navigation."""
    statement = next(iter(find_statements(lines)), None)
    limit = statement if statement is not None else next(reversed(_find_headings(lines, "questions")), len(lines))
    title = find_title(lines, limit)
    start = statement if statement is not None else title.end if title else 0
    above = [line.text for line in lines[:limit] if _could_name(line)] if not (title and title.number) else []
    return Part(title, tuple(above), _gather(_leave_out_page_words(lines[start:], warnings), warnings))


def warn_of_title(title: Title | None, warnings: list[str]) -> None:
    """Names a missing number or title."""
    if title is None or (title.number is None and title.words is None):
        warnings.append(f'{NO_NUMBER} and title were found; expected a line like "Quality Marker 8: Title".')
    elif title.number is None:
        warnings.append(f"{NO_NUMBER} was found; the title was taken to be {quote(title.words or '')}.")
    elif title.words is None:
        warnings.append(f'No title was found after "Quality Marker {title.number}".')


def read_statement(part: Part, warnings: list[str]) -> tuple[str, str]:
    """Statement and rationale; without a rationale heading it is what stands between statement and questions.

    The markers for adults' reviews have neither heading: there the statement stands below the title.
    """
    sections = part.sections
    above, below = sections.get("statement", ()), sections.get("rationale")
    if part.title and "statement" not in sections:
        above = sections.get("", ()) if below is None else _only_paragraph(sections.get("", ()), warnings)
    if below is None:
        above, below = _part_rationale(above, warnings, labelled="statement" in sections)
    statement = _join(form_paragraphs(above, continues_block), "Statement", warnings)
    if "\n\n" in statement:
        warnings.append("The statement has more than one paragraph; check that all of it belongs there.")
    paragraphs = form_paragraphs(below, continues_text(below))
    _warn_of_lost_list(paragraphs, warnings, is_end=[*sections][-1:] in (["rationale"], ["statement"]))
    return statement, _join(paragraphs, "Rationale", warnings)


def _only_paragraph(lines: Sequence[Line], warnings: list[str]) -> Sequence[Line]:
    """What stands between title and rationale, where it can only be the statement; else nothing."""
    starts = [n for n, line in enumerate(lines) if n == 0 or line.after_blank]
    parts = [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=False)]
    stating = [part for part in parts if ends_sentence(part[-1].text)] if len(parts) > 1 else parts
    if len(stating) != 1:
        return ()
    warnings.append(f"The statement has no label; it was taken to be: {quote(_whole(stating[0]))}")
    if others := [quote(_whole(part)) for part in parts if part is not stating[0]]:
        warnings.append(f"Left out above the statement: {', '.join(others)}. {CHECK_LEFT_OUT}")
    return stating[0]


def _whole(lines: Sequence[Line]) -> str:
    return " ".join(line.whole for line in lines)


def warn_of_gaps(sections: Sections, statement: str, rationale: str, warnings: list[str]) -> None:
    """Names a missing statement or rationale."""
    for name, text in {"statement": statement, "rationale": rationale}.items():
        if not text:
            empty = ": there is no text under its heading" if name in sections else ""
            warnings.append(f"No {name} was found{empty}.")
    if not statement and sections.get(""):
        warnings.append(f"Left out, since it stands before the first heading: {quote(_whole(sections['']))}")


def find_statements(lines: Sequence[Line]) -> list[int]:
    """Where statement labels stand that have text after them."""
    labels = [n for n in _find_headings(lines, "statement") if n + 1 < len(lines)]
    return [n for n in labels if lines[n + 1].heading is None and read_title(lines, n + 1) is None]


def quote(text: str) -> str:
    """`text`, shortened so that a warning stays readable."""
    return f'"{text}"' if len(text) <= 120 else f'"{text[:117]}..."'


def _find_headings(lines: Sequence[Line], name: str) -> list[int]:
    return [n for n, line in enumerate(lines) if line.heading == name]


def _could_name(line: Line) -> bool:
    return line.heading is None and not line.page_words and len(line.text) <= 120 and not line.about_set


def _gather(lines: Sequence[Line], warnings: list[str]) -> dict[str, list[Line]]:
    sections: dict[str, list[Line]] = {}
    name = ""
    goes_on = False
    for line, following in zip_longest(lines, lines[1:]):
        if line is None or goes_on:
            goes_on = False
            continue
        parted = find_heading(f"{line.whole} {following.whole}") if following and not line.heading else None
        goes_on = parted is not None
        first = line.after_blank or not sections.get(name, [line])
        heading = line.heading or parted or _broken_heading(line, following, warnings, first=first)
        if heading == "":
            continue
        name = heading or name
        under = sections.setdefault(name, [])
        if heading is None:
            under.append(line)
    return sections


def _broken_heading(line: Line, below: Line | None, warnings: list[str], *, first: bool) -> str | None:
    """The heading that `line` breaks off; "" where the whole document breaks off there and the section is lost.

    `first`: it stands below a blank line or right below a heading.
    """
    if line.item or not (first or below):
        return None
    heading = begins_heading(line.whole, 2 if below else 1)
    if heading is None:
        return None
    if not below:
        warnings.append(
            f"The document breaks off in the middle of a heading: {quote(line.whole)}. The rest is missing."
        )
        return ""
    warnings.append(f"The heading {quote(line.whole)} is broken off; it was taken as {quote(HEADING_NAMES[heading])}.")
    return heading


def _leave_out_page_words(lines: Sequence[Line], warnings: list[str]) -> list[Line]:
    """`lines` without what pages put around a text; a sentence that it stood in goes on below it."""
    kept: list[Line] = []
    left_out: list[str] = []
    parted = False
    links = find_footer_links(lines)
    for n, line in enumerate(lines):
        if line.page_words or n in links:
            left_out.append(line.whole)
            parted = True
            continue
        goes_on = parted and bool(kept) and not line.item and line.text[:1].islower() and not kept[-1].heading
        kept.append(replace(line, after_blank=not goes_on) if parted else line)
        parted = False
    if left_out:
        words = ", ".join(quote(words) for words in dict.fromkeys(left_out))
        warnings.append(f"Left out, as menus, page numbers and the like: {words}. {CHECK_LEFT_OUT}")
    return kept


def _part_rationale(
    lines: Sequence[Line], warnings: list[str], *, labelled: bool
) -> tuple[Sequence[Line], Sequence[Line]]:
    """The first paragraph and the others; where no blank line parts them, the first line and those that go on with it.

    A statement may lack its full stop, so only a small letter, a full line above or a word that calls for more shows
    that a line goes on. Without a label, as in the markers for adults' reviews, there hardly ever is a rationale.
    """
    goes_on = continues_text(lines)
    for n, line in enumerate(lines):
        if n and line.after_blank:
            return lines[:n], lines[n:]
    whole = not labelled and bool(lines) and lines[0].after_blank
    states = [_states(lines[n - 1 : n], line, goes_on, whole=whole) for n, line in enumerate(lines) if n]
    end = states.index(False) + 1 if False in states else len(lines)
    if end < len(lines) and not ends_sentence(lines[end - 1].text):
        start = quote(lines[end].whole)
        warnings.append(f"Nothing shows where the statement ends; the rationale was taken to begin at: {start}")
    return lines[:end], lines[end:]


def _states(
    before: Sequence[Line], line: Line, goes_on: Callable[[Sequence[Line], Line], bool], *, whole: bool
) -> bool:
    """Whether `line` still belongs to the statement whose last line is `before`; `whole`: only a blank line ends it."""
    if ends_sentence(before[-1].text):
        return line.text[:1].islower() or goes_on(before, line)
    return whole or line.text[:1].islower() or line.text[:1] in ("(", "[") or calls_for_more(before[-1].text)


def _join(paragraphs: Sequence[Paragraph], noun: str, warnings: list[str]) -> str:
    kept = []
    for paragraph in paragraphs:
        if is_ending(paragraph.whole):
            rest = " ".join(each.whole for each in paragraphs[paragraphs.index(paragraph) :])
            warnings.append(f"Left out below the {noun.lower()}: {quote(rest)}. {CHECK_LEFT_OUT}")
            break
        if not paragraph.about_set:
            kept.append(paragraph)
    if any(paragraph.joined for paragraph in kept):
        warnings.append(f"{noun}: a line that may begin a new paragraph was read as part of the one above; check it.")
    if any(paragraph.hyphened for paragraph in kept):
        warnings.append(f"{noun}: {HYPHEN}")
    outer = min((paragraph.indent for paragraph in kept if paragraph.item), default=0)
    return "\n\n".join(_indented(paragraph, outer) for paragraph in kept)


def _indented(paragraph: Paragraph, outer: int) -> str:
    """An item of a list in running text keeps how far it stands in from the list's outermost."""
    return "  " * ((paragraph.indent - outer) // 2) * paragraph.item + paragraph.whole


def _warn_of_lost_list(paragraphs: Sequence[Paragraph], warnings: list[str], *, is_end: bool) -> None:
    """Some copies of the pages lack the lists within the rationale, and some are cut off.

    An item needs no full stop unless the document ends with it.
    """
    for paragraph, following in zip_longest(paragraphs, paragraphs[1:]):
        listed = following and (following.item or following.text[:1].islower())
        if _ANNOUNCES.search(paragraph.text) and not paragraph.item and not listed:
            warnings.append(f"Rationale: a list seems to be missing after {quote(paragraph.text[-100:])}")
    last = paragraphs[-1] if paragraphs else None
    if last and (is_end or not last.item) and not ends_sentence(last.text, ".?!:"):
        warnings.append(f"The rationale may be cut off, it has no full stop: {quote(last.text[-100:])}")

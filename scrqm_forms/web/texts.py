"""Texts as they are put on a page: paragraphs, line breaks, lists."""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

#: A line that is an item of a list, as published texts are kept: `- one`, and two blanks further in `  - within it`.
_MARKS = r"\u2013*\u2022\u25cf\u25cb\u25aa\u25a0\u25a1\u25e6\u2023\u2043\u00b7\u2219\u27a2\u27a4\u25ba"
ITEM = re.compile(rf"( *)[-{_MARKS}][ \t]+(?=\S)")


def paragraphs(text: str) -> Markup:
    """Text as paragraphs: a blank line parts them, a single line break stays one."""
    return Markup(_paragraphs(str(escape(text))))  # noqa: S704  escaped


def quotes(texts: Iterable[str]) -> Markup:
    """A list of what people wrote. A page may have thousands: they are escaped at once, and none holds a NUL."""
    escaped = str(escape("\0".join(texts))).split("\0")
    items = "".join(f"<li>{_paragraphs(text)}</li>" for text in escaped)
    return Markup(f'<ul class="plain-list quotes">{items}</ul>')  # noqa: S704  escaped


def _paragraphs(escaped: str) -> str:
    if "\n" not in escaped:
        return f"<p>{escaped}</p>" if escaped.strip() else ""
    parts = (part.strip() for part in escaped.split("\n\n"))
    return "".join(f"<p>{part}</p>" for part in parts if part).replace("\n", "<br>")


def with_lists(text: str) -> Markup:
    """A marker's text as paragraphs, its items as lists."""
    return Markup("".join(_as_list(part) if is_list else _paragraphs(part) for is_list, part in _parts(text)))  # noqa: S704  escaped


def lines(text: str) -> Markup:
    """The same within an item or a question: text with its line breaks."""
    if "\n" not in text:
        return escape(text)
    html = "".join(
        _as_list(part) if is_list else part.strip().replace("\n", "<br>") for is_list, part in _parts(text.strip())
    )
    return Markup(html)  # noqa: S704  escaped


def _parts(text: str) -> list[tuple[bool, str]]:
    """(whether it is a list, its lines), escaped; blank lines between items are of the list."""
    parts: list[tuple[bool, str]] = []
    for line in str(escape(text)).split("\n"):
        was_list = bool(parts) and parts[-1][0]
        is_list = ITEM.match(line) is not None or (was_list and not line.strip())
        if parts and is_list == was_list:
            parts[-1] = (is_list, f"{parts[-1][1]}\n{line}")
        else:
            parts.append((is_list, line))
    return parts


def _as_list(part: str) -> str:
    """Items one below another, those further in within the one above."""
    html, opened = "", 0
    for line in filter(str.strip, part.split("\n")):
        mark = ITEM.match(line)
        depth = min(len(mark[1]) // 2 if mark else 0, opened)
        html += "</li>" + "</ul></li>" * (opened - depth - 1) if depth < opened else "<ul>"
        html += f"<li>{line[mark.end() if mark else 0 :]}"
        opened = depth + 1
    return html + "</li></ul>" * opened

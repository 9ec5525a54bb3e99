"""Lines and paragraphs of a published marker document: what is a heading, what is an item, what belongs together.

Nothing here changes a letter: a line loses its ends' blanks and an item its mark, and lines of one paragraph are
joined with a single blank.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

#: What each heading reads like once `_key` has levelled it. Only one may end with a question mark: a wrapped
#: line can well be "rationale?".
_HEADINGS = {
    "statement": re.compile(r"quality statement"),
    "rationale": re.compile(r"rationale"),
    "questions": re.compile(r"how might you know( (if|whether|that|when) you [^?]{1,60}marker)?\??"),
    "knowledge": re.compile(r"knowledge base"),
    "equality": re.compile(r"equality and diversity"),
    "guidance": re.compile(r"links? to statutory guidance( and inspection criteria)?"),
    "obstacles": re.compile(r"tackling (some )?common obstacles"),
}

_ABOUT_SET = re.compile(
    r"this is one of (a|the) (set|series) of .{0,40}quality markers"
    r"|the (\w+ ){0,3}quality markers (were|have been) (produced|developed)"
    r"|(18|eighteen) quality markers have been developed"
)

#: "1." "1)" "(1)", a bullet, a dash or star with a blank after it, and Word's second-level "o" with its tab.
_MARK = re.compile(r"\(?\d{1,2}[.)](?!\d)|[•·●▪■◦‣⁃\uf0b7]|[-–—*](?=\s|$)|o(?=\t)")
_TITLE = re.compile(
    r"quality\s+marker\s+([1-9]\d{0,2})(?:\s*[:.)–—-]\s*|\s+(?=(?-i:[A-Z]))|$)(.*)", re.IGNORECASE | re.DOTALL
)
_LABEL = re.compile(r"([^:]{1,90}:)\s*(\S.*)|(quality\s+statement)\s+[–—-]\s+(\S.*)", re.IGNORECASE)
_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\u2028\u2029]")


class Line(Struct, frozen=True):
    """One line that is not blank."""

    #: Without the item's mark and without blanks at its ends.
    text: str
    #: The same with the mark.
    whole: str
    #: An item begins here.
    item: bool
    #: A blank line stands before it.
    after_blank: bool
    #: Which heading it is: a key of `_HEADINGS`.
    heading: str | None = None
    #: A paragraph about the whole set of markers begins here.
    about_set: bool = False


class Paragraph(Struct, frozen=True):
    """Lines that belong together."""

    text: str
    #: The same with the item's mark, for running text that holds a list.
    whole: str
    item: bool
    #: It stood on more than one line.
    joined: bool
    about_set: bool


def read_lines(text: str) -> list[Line]:
    """The lines of `text` that are not blank, in order."""
    rows = _join_lone_marks([part for row in _LINE_BREAK.split(text) for part in _part_label(row)])
    lines: list[Line] = []
    #: The mark of the list that a line may belong to; "" before the list's first item.
    list_mark, after_blank, skip = "", True, False
    for row, following in zip(rows, [*rows[1:], ""], strict=True):
        if skip or not row.strip():
            after_blank, skip = not skip, False
            continue
        heading, skip = _heading_on(row, following)
        before = None if after_blank or not lines or lines[-1].heading else lines[-1]
        mark = None if heading else _item_mark(row, before, list_mark)
        about_set = not mark and _ABOUT_SET.match(_key(f"{row[:200]} {following[:200]}")) is not None
        lines.append(_line(row, None if about_set else mark, after_blank, heading, about_set))
        list_mark, after_blank = "" if heading else list_mark or _mark_kind(mark), False
    return lines


def read_title(lines: Sequence[Line], n: int) -> tuple[int, str | None, int] | None:
    """Number, title and how many lines they take, if line `n` begins the marker's title.

    The title may stand on the line after the number; "Quality Marker" may stand on a line of its own.
    """
    alone = _key(lines[n].whole) == "quality marker" and n + 1 < len(lines)
    size = 2 if alone else 1
    match = _TITLE.match(" ".join(line.whole for line in lines[n : n + size]))
    if match is None:
        return None
    number, title = int(match[1]), match[2].strip()
    if not title and n + size < len(lines) and lines[n + size].heading is None:
        return number, lines[n + size].whole, size + 1
    return number, title or None, size


def form_paragraphs(lines: Iterable[Line], continues: Callable[[Sequence[Line], Line], bool]) -> list[Paragraph]:
    """`lines` grouped; `continues` says whether a line goes on with the group before it."""
    groups: list[list[Line]] = []
    for line in lines:
        anew = line.item or line.after_blank or line.about_set
        if groups and not anew and not _ends_at_title(groups[-1], line) and continues(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(group) for group in groups]


def continues_item(group: Sequence[Line], line: Line) -> bool:
    """In a list, whatever follows an item without a blank line belongs to it."""
    return group[0].item or continues_sentence(group, line)


def continues_sentence(group: Sequence[Line], line: Line) -> bool:
    """In running text a line goes on where the sentence before it has not ended."""
    return not ends_sentence(group[-1].text, ".?!:;") or line.text[:1].islower()


def continues_block(group: Sequence[Line], line: Line) -> bool:
    """Only a blank line parts paragraphs."""
    return True


def ends_sentence(text: str, ends: str = ".?!") -> bool:
    """Whether `text` has its final punctuation, closing quotes and brackets aside; an ellipsis is none."""
    bare = text.rstrip("\"'”’)]» \u00a0")
    return bare.endswith(tuple(ends)) and not bare.endswith("..")


def _key(row: str) -> str:
    """`row` levelled for comparison: one kind of blank, lower case, "and" for "&", no colon at its end."""
    return " ".join(row.replace("&", " and ").split()).casefold().rstrip(": ")


def _heading(row: str) -> str | None:
    key = _key(row) if 8 < len(row) < 200 else ""
    return next((name for name, pattern in _HEADINGS.items() if pattern.fullmatch(key)), None)


def _heading_on(row: str, following: str) -> tuple[str | None, bool]:
    """Which heading `row` is, and whether the heading takes in the `following` row too."""
    both = _heading(f"{row} {following}") if following.strip() else None
    return (both, True) if both else (_heading(row), False)


def _part_label(row: str) -> list[str]:
    """`row`, or heading and text where both stand on it: "Quality statement: the review is ..." """
    match = _LABEL.fullmatch(row.strip())
    if match is None:
        return [row]
    label, rest = match[1] or match[3], match[2] or match[4]
    name = _heading(label)
    # A wrapped line can begin with "equality and diversity: ..." in the middle of a sentence.
    parts = name == "statement" or (name is not None and label[0].isupper())
    return [label, rest] if parts else [row]


def _join_lone_marks(rows: list[str]) -> list[str]:
    """`rows` with a mark that stands on a line of its own put before the next line, as in text copied from a PDF."""
    joined: list[str] = []
    mark = ""
    for row in rows:
        bare = row.strip()
        lone = _MARK.fullmatch(bare) is not None
        if mark and bare and not lone and not _heading(row) and not _MARK.match(bare):
            joined.append(f"{mark} {bare}")
        else:
            joined.append("" if lone else row)
        mark = bare if lone else ""
    return joined


def _item_mark(row: str, before: Line | None, list_mark: str) -> str | None:
    """The mark of the item that begins on `row`: "" where a tab is the mark, None where no item begins.

    `before` is the line right above, if no blank line or heading parts them. In the middle of its sentence a mark of
    another kind than the list's, or a tab in a list with marks, is only how the line was wrapped.
    """
    match = _MARK.match(row.strip())
    tabbed = row.lstrip(" ").startswith("\t")
    if match is None:
        return "" if tabbed and not (before and list_mark) else None
    mark, rest = match.group(), row.strip()[match.end() :].strip()
    if before is None or ends_sentence(before.text, ".?!:;"):
        return mark
    wrapped = _mark_kind(mark) != list_mark if list_mark else mark in "–—" and rest[:1].islower()
    return None if wrapped else mark


def _mark_kind(mark: str | None) -> str:
    return "1." if mark and mark[-1] in ".)" else mark or ""


def _line(row: str, mark: str | None, after_blank: bool, heading: str | None, about_set: bool) -> Line:
    whole = row.strip()
    return Line(whole[len(mark or "") :].strip(), whole, mark is not None, after_blank, heading, about_set)


def _ends_at_title(group: Sequence[Line], line: Line) -> bool:
    return _TITLE.match(line.whole) is not None and ends_sentence(group[-1].text)


def _paragraph(group: Sequence[Line]) -> Paragraph:
    first, *rest = group
    tail = "".join(f" {line.text}" for line in rest)
    return Paragraph(first.text + tail, first.whole + tail, first.item, bool(rest), first.about_set)

"""Lines of a published marker document: what is a heading, what is an item.

Nothing here changes a letter: a line loses its ends' blanks and an item its mark.
"""

import re
from collections.abc import Collection, Sequence, Set

from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.published_headings import (
    asks_how,
    find_audience,
    find_folded_heading,
    find_heading,
    is_about_set,
    is_other_name,
    is_page_words,
    level_words,
    may_ask,
)
from scrqm_forms.domain.published_lone import ABBREVIATED
from scrqm_forms.domain.published_marks import MARK, is_bullet, kind_of_mark, number_in_mark, show_bullets
from scrqm_forms.domain.published_rows import read_rows
from scrqm_forms.domain.published_wraps import is_title_of, join_titles

_TAB_WIDTH = 4
#: Letters of a line that are looked at for what begins on it.
_BEGINNING = 120
#: What stands below a heading where there is nothing to say.
_NOTHING = ("none", "n/a", "not applicable")
#: Below it stands another marker, or this one anew.
_BEGINS_MARKER = re.compile(r"\W*(?:\w+ ){0,6}(?:quality marker|qm)\s?\d", re.IGNORECASE)


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
    #: Which heading it is: a key of `published_headings.HEADINGS`.
    heading: str | None = None
    #: A paragraph about the whole set of markers begins here.
    about_set: bool = False
    #: The kind of its mark: "1." for any number, "a." for any letter, "" for a tab; None where no item begins.
    mark: str | None = None
    #: Columns before its first letter or mark.
    indent: int = 0
    #: It names whom the questions below it are for: a key of `published_headings.AUDIENCES`.
    audience: str | None = None
    #: It is what web pages and printed pages put around a text: "Back to top", "Page 3 of 4".
    page_words: bool = False
    #: It is the title of one of a set's markers.
    titles: bool = False
    #: It heads some of the questions.
    subheading: bool = False


class Paragraph(Struct, frozen=True):
    """Lines that belong together."""

    text: str
    #: The same with the item's mark, for running text that holds a list.
    whole: str
    item: bool
    #: One of its lines may have stood apart.
    joined: bool
    about_set: bool
    mark: str | None = None
    indent: int = 0
    subheading: bool = False
    #: A sentence ends with one of its lines, and the next begins anew.
    may_be_several: bool = False
    #: One of its lines ends in a hyphen, which the next may or may not need.
    hyphened: bool = False


class _Open(Struct):
    """The lists that a line may belong to."""

    marks: Set[str]
    #: The last number, 0 before the first.
    number: int


def read_lines(text: str, titles: Collection[str] = ()) -> list[Line]:
    """The lines of `text` that are not blank, in order; one that is only drawn across the page counts as blank.

    `titles`: those of the sets' markers, plain.
    """
    rows = join_titles(read_rows(text), titles)
    lines: list[Line] = []
    #: The marks of the list that a line may belong to and of those within it.
    marks: set[str] = set()
    number = 0
    headings = _Headings(rows)
    after_blank, skip = True, 0
    for n, row in enumerate(rows):
        if skip or not row.strip():
            after_blank, skip = not skip, max(skip - 1, 0)
            continue
        heading, skip = headings.find(n)
        following = rows[n + 1] if n + 1 < len(rows) else ""
        before = None if after_blank or not lines or lines[-1].heading or lines[-1].audience else lines[-1]
        line = _read_line(row, following, before, _Open(marks, number), heading)
        lines.append(replace(_place_line(line, row, after_blank), titles=is_title_of(row, titles)))
        marks = set() if heading else marks | {line.mark or ""} - {""}
        number = 0 if heading else number_of(line) or number
        after_blank = False
    return lines


def ends_sentence(text: str, ends: str = ".?!") -> bool:
    """Whether `text` has its final punctuation, closing quotes and brackets aside; an ellipsis is none."""
    bare = text.rstrip("\"'”’)]» \u00a0")
    return bare.endswith(tuple(ends)) and not bare.endswith("..")


def number_of(line: Line | Paragraph) -> int | None:
    """The number that an item is marked with, if it is."""
    return number_in_mark(line.whole[: len(line.whole) - len(line.text)]) if line.mark == "1." else None


def _read_line(row: str, following: str, before: Line | None, lists: _Open, heading: str | None) -> Line:
    """The line without its place."""
    if heading:
        return _line(row, None, heading=heading)
    if is_about_set(f"{row[:200]} {following[:200]}"):
        return _line(row, None, about_set=True)
    if is_page_words(row) and not (before and level_words(before.whole) == "quality marker"):
        return _line(row, None, page_words=True)
    mark = _item_mark(row, before, lists)
    return _line(row, mark, audience=find_audience(row.strip()[len(mark or "") :]))


def _line(
    row: str,
    mark: str | None,
    *,
    heading: str | None = None,
    about_set: bool = False,
    page_words: bool = False,
    audience: str | None = None,
) -> Line:
    whole = row.strip()
    return Line(
        text=show_bullets(whole[len(mark or "") :].strip()),
        whole=show_bullets(whole),
        item=mark is not None,
        after_blank=False,
        heading=heading,
        about_set=about_set,
        mark=kind_of_mark(mark),
        audience=audience,
        page_words=page_words,
    )


def _place_line(line: Line, row: str, after_blank: bool) -> Line:
    before = row[: len(row) - len(row.lstrip())].expandtabs(_TAB_WIDTH)
    return replace(line, after_blank=after_blank, indent=len(before))


class _Headings(Struct):
    """Which rows are headings, asked for from the first to the last."""

    rows: Sequence[str]
    #: The heading of the questions stands above, so that another line like it is a question.
    asked: bool = False
    #: Where the last heading of questions stands that can be nothing else; -1 where none does.
    last_asking: int | None = None

    def find(self, n: int) -> tuple[str | None, int]:
        """Which heading row `n` is or begins, and how many of the next it takes in."""
        heading, more = self._find_known(self.rows[n : n + 3])
        if heading and self._goes_on(n, n + more):
            heading, more = None, 0
        if heading is None and not self.asked and may_ask(self.rows[n]):
            heading = "questions" if self._asks_alone(n) else None
        begins_anew = heading in ("statement", "rationale") or _BEGINS_MARKER.match(self.rows[n][:_BEGINNING])
        self.asked = heading == "questions" or (self.asked and not begins_anew)
        return heading, more

    def _find_known(self, rows: Sequence[str]) -> tuple[str | None, int]:
        for more in reversed(range(len(rows))):
            if not all(row.strip() for row in rows[: more + 1]):
                continue
            whole = " ".join(rows[: more + 1])
            if heading := find_heading(whole) or find_folded_heading(whole, asked=self.asked):
                return heading, more
            if not self.asked and all(map(_goes_on_heading, rows[1 : more + 1])) and asks_how(whole):
                return "questions", more
        return None, 0

    def _goes_on(self, first: int, last: int) -> bool:
        """Whether these rows are within a sentence: "It follows / Statutory guidance / of 2015."."""
        below = self.rows[last + 1].strip() if last + 1 < len(self.rows) else ""
        begins_small = below[:1].islower() and not MARK.match(below) and not below.startswith(_NOTHING)
        return begins_small and is_other_name(" ".join(self.rows[first : last + 1]))

    def _asks_alone(self, n: int) -> bool:
        """Whether a sentence like a heading of questions is the only one, and has an item or a question below it."""
        if self.last_asking is None:
            self.last_asking = _last_asking(self.rows)
        return n > self.last_asking and _is_asked_below(self.rows[n + 1 : n + 4])


def _last_asking(rows: Sequence[str]) -> int:
    found = (n for n in reversed(range(len(rows))) if find_heading(rows[n]) == "questions" or asks_how(rows[n]))
    return next(found, -1)


def _is_asked_below(rows: Sequence[str]) -> bool:
    """Whether an item or a question stands on the next of `rows`."""
    following = next((row.strip() for row in rows if row.strip()), "")
    return MARK.match(following) is not None or following.endswith("?")


def _goes_on_heading(row: str) -> bool:
    bare = row.strip()
    return (bare[0].islower() and not MARK.match(bare)) or bare.startswith(("QM", "Quality M"))


def _item_mark(row: str, before: Line | None, lists: _Open) -> str | None:
    """The mark of the item that begins on `row`: "" where a tab is the mark, None where no item begins.

    `before` is the line right above, if no blank line or heading parts them. In the middle of its sentence a mark of
    another kind than the lists', a number out of turn, or a tab in a list with marks, is only how the line was wrapped.
    """
    match = MARK.match(row.strip())
    tabbed = row.lstrip(" ").startswith("\t")
    if match is None:
        return "" if tabbed and not (before and lists.marks) else None
    mark, rest = match.group(), row.strip()[match.end() :].strip()
    kind = kind_of_mark(mark)
    if kind == "1." and _goes_on_with_number(number_in_mark(mark) or 0, rest, before, lists):
        return None
    if before is None or mark == "o" or is_bullet(mark) or ends_sentence(before.text, ".?!:;"):
        return mark
    out_of_turn = kind == "1." and number_in_mark(mark) not in (1, lists.number + 1)
    letter = mark in "lmnquvw" or kind == "a."
    unusual = letter or (not is_bullet(mark) and mark not in "-*o" and rest[:1].islower())
    wrapped = out_of_turn or (kind not in lists.marks if lists.marks else unusual)
    return None if wrapped else mark


def _goes_on_with_number(number: int, rest: str, before: Line | None, lists: _Open) -> bool:
    """Whether a line that begins with "72)." goes on with "(see p." above it, though that looks like a sentence."""
    if not any(letter.isalpha() for letter in rest):
        return bool(rest)
    far = abs(number - lists.number) > 5 if "1." in lists.marks else number != 1
    return before is not None and far and ABBREVIATED.search(before.text) is not None

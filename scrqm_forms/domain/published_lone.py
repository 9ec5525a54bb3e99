"""Rows of a published document with nothing on them but a mark or a number: of which row they are part."""

import re

from msgspec import Struct

from scrqm_forms.domain.published_headings import find_audience, find_heading
from scrqm_forms.domain.published_marks import MARK, kind_of_mark, number_in_mark

#: Ends like a sentence, and goes on with a number.
ABBREVIATED = re.compile(
    r"\b(pp?|paras?|ss?|nos?|vol|chs?|chap|fig|art|reg|ann|app|cf|ca?|e\.g|i\.e)\.\Z", re.IGNORECASE
)
#: All of a row that may be the number of a page, the mark of an item, or how a sentence goes on.
_NUMBER = re.compile(r"(?P<page>page )?[(\[]?\d{1,3}(?:\.\d{1,3}){0,2}(?P<end>[.):\]]{0,2})")
#: Words that a number must follow; "page" itself needs one of the others before it.
_CALLS = re.compile(
    r"(?:\b(?:sections?|pages?|pp?|paragraphs?|paras?|chapters?|articles?|regulations?|clauses?|schedules?"
    r"|appendix|annex|\d[\d.]{0,6} ?(?:and|or|to))|\d ?[–&-]|§)\Z",
    re.IGNORECASE,
)
#: These often stand without one: only a number with its full stop belongs to them.
_MAY_CALL = re.compile(r"\b(?:parts?|numbers?|figure|table|volume|question|standard)\Z", re.IGNORECASE)
_CALLS_FOR_PAGE = re.compile(r"(?:\b(?:on|see|at|from|to|of|and|or|in)|,|\()\Z", re.IGNORECASE)
#: What has fewer words is a title, a label or the head of a column: "Quality Marker", "No."
_LEAST_WORDS = 4
#: No more than this of a row is looked at for its last word.
_TAIL = 40
#: Letters of a row with nothing on it but a mark or a number.
_LONGEST = 16


def join_lone_rows(rows: list[str]) -> list[str]:
    """`rows` with each mark that stands on a row of its own put before the next one, as in text copied from a PDF, and
    each number to the sentence above that goes on with it.
    """
    joined = _Joined([])
    for row, following in zip(rows, [*rows[1:], ""], strict=True):
        bare = row.strip()
        if joined.mark and not _is_mark(bare) and _takes_mark(bare):
            joined.add(f"{joined.mark} {bare}")
        elif 0 < len(bare) <= _LONGEST:
            joined.add_short(row, bare, following.strip())
        else:
            joined.add(row)
    return joined.rows


class _Joined(Struct):
    """The rows so far."""

    rows: list[str]
    #: Where the last one stands that is not blank.
    above: int = -1
    #: The last number of the list that it may belong to, and a mark without its item.
    number: int = 0
    mark: str = ""
    #: A number was put to the row above.
    joined: bool = False

    def add(self, row: str) -> None:
        self.rows.append(row)
        self.mark = ""
        if bare := row.strip():
            self.above, self.joined = len(self.rows) - 1, False
            mark = MARK.match(bare)
            number = number_in_mark(mark.group()) if mark else 0
            self.number = number or (0 if bare[0].isupper() and find_heading(bare) else self.number)

    def add_short(self, row: str, bare: str, following: str) -> None:
        """Add a row that may be a mark or a number."""
        lone, number = _is_mark(bare), number_in_mark(bare)
        above = self.rows[self.above] if self.above >= 0 else ""
        if not (lone or _NUMBER.fullmatch(bare)):
            self.add(row)
            return
        in_turn, taken = number in (1, self.number + 1), _takes_mark(following)
        if not self.joined and self._goes_on(above, bare, in_turn=in_turn, taken=taken):
            self.rows[self.above], self.mark, self.joined = f"{above.rstrip()} {bare}", "", True
        elif lone and (taken or kind_of_mark(bare) != "1." or (in_turn and (_ends(above) or find_audience(above)))):
            self.rows.append("")
            self.mark, self.number = row.rstrip(), number or self.number
        else:  # no item takes it and the list above does not count up to it: it stays, and is named
            self.add(row)

    def _goes_on(self, above: str, bare: str, *, in_turn: bool, taken: bool) -> bool:
        """Whether the sentence that breaks off at the end of `above` goes on with a number."""
        number, apart = _NUMBER.fullmatch(bare), len(self.rows) - self.above
        if number is None or not above or apart > 2 or len(above.split(maxsplit=_LEAST_WORDS)) < _LEAST_WORDS:
            return False
        tail = above.rstrip()[-_TAIL:]
        if number["page"]:
            return _CALLS_FOR_PAGE.search(tail) is not None
        if number["end"] == "" and apart > 1:
            return False
        calls = _CALLS.search(tail) or ABBREVIATED.search(tail) or (number["end"] and _MAY_CALL.search(tail))
        if calls:
            return not (in_turn and taken) and not find_heading(above)
        return apart == 1 and number["end"] != "" and not (in_turn or _ends(above) or find_heading(above))


def _takes_mark(bare: str) -> bool:
    """Whether a mark on the row above is that of this one."""
    return bare != "" and not MARK.match(bare) and not find_heading(bare)


def _ends(row: str) -> bool:
    """Whether a number below `row` is none of its sentence."""
    bare = row.rstrip()[-_TAIL:].rstrip("\"'”’)] ")
    return bare.endswith((".", "?", "!", ":", ";")) or bare.casefold().endswith("quality marker")


def _is_mark(bare: str) -> bool:
    """Whether a line is nothing but a mark; a letter alone may be the last word of a sentence."""
    match = MARK.match(f"{bare} ")
    return match is not None and match.end() == len(bare) and kind_of_mark(bare) != "a."

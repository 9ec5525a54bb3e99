"""Rows of a published document with nothing on them but a mark or a number: of which row they are part."""

import re

from scrqm_forms.domain.published_headings import find_heading
from scrqm_forms.domain.published_marks import MARK, kind_of_mark, number_in_mark

#: Ends like a sentence, and goes on with a number.
ABBREVIATED = re.compile(
    r"\b(pp?|paras?|ss?|nos?|vol|chs?|chap|fig|art|reg|ann|app|cf|ca?|e\.g|i\.e)\.\Z", re.IGNORECASE
)
#: All of a row that may be the number of a page, the mark of an item, or how a sentence goes on.
_NUMBER = re.compile(r"(?P<page>page )?[(\[]?\d{1,3}(?:\.\d{1,3}){0,2}(?P<end>[.):\]]{0,2})")
#: Words that a number must follow; "page" itself needs one of the others before it.
_CALLS = re.compile(
    r"(?:\b(?:sections?|pages?|pp?|paragraphs?|paras?|chapters?|parts?|articles?|regulations?|clauses?|schedules?"
    r"|numbers?|appendix|annex|figure|table|volume|question|standard|\d[\d.]{0,6} ?(?:and|or|to))"
    r"|\d ?[–&-]|§)\Z",
    re.IGNORECASE,
)
_CALLS_FOR_PAGE = re.compile(r"(?:\b(?:on|see|at|from|to|of|and|or|in)|,|\()\Z", re.IGNORECASE)
#: What has fewer words is a title, a label or the head of a column: "Quality Marker", "No."
_LEAST_WORDS = 4
#: No more than this of a row is looked at for its last word.
_TAIL = 40


def join_lone_rows(rows: list[str]) -> list[str]:
    """`rows` with each mark that stands on a row of its own put before the next one, as in text copied from a PDF, and
    each number to the sentence above that goes on with it.
    """
    joined: list[str] = []
    #: Where the last row stands that is not blank, and the last number of a list.
    above, last, mark = -1, 0, ""
    for row, following in zip(rows, [*rows[1:], ""], strict=True):
        bare = row.strip()
        lone, before = _is_mark(bare), joined[above] if above >= 0 else ""
        in_turn = number_in_mark(bare) in (1, last + 1)
        taken = _takes_mark(following.strip())
        if mark and not lone and _takes_mark(bare):
            kept, mark = f"{mark} {bare}", ""
        elif before and _goes_on(before, bare, len(joined) - above, in_turn=in_turn, taken=taken):
            joined[above], mark = f"{before.rstrip()} {bare}", ""
            continue
        else:
            mark = row.rstrip() if lone else ""
            astray = lone and not taken and kind_of_mark(bare) == "1." and not (in_turn and _ends(before))
            last = (number_in_mark(bare) or last) if lone and not astray else last
            # What no item takes and the list above does not count up to stays, and is named.
            kept = "" if lone and not astray else row
        joined.append(kept)
        if kept.strip():
            above, last = len(joined) - 1, _number_before(kept, last)
    return joined


def _takes_mark(bare: str) -> bool:
    """Whether a mark on the row above is that of this one."""
    return bare != "" and not MARK.match(bare) and not find_heading(bare)


def _goes_on(above: str, bare: str, apart: int, *, in_turn: bool, taken: bool) -> bool:
    """Whether the sentence that breaks off at the end of `above`, so many rows before, goes on with a number."""
    number = _NUMBER.fullmatch(bare)
    if number is None or apart > 2 or len(above.split()) < _LEAST_WORDS or find_heading(above):
        return False
    tail = above.rstrip()[-_TAIL:]
    if number["page"]:
        return _CALLS_FOR_PAGE.search(tail) is not None
    if _CALLS.search(tail) or ABBREVIATED.search(tail):
        return not (in_turn and taken)
    return apart == 1 and number["end"] != "" and not in_turn and not _ends(above)


def _ends(row: str) -> bool:
    """Whether a number below `row` is none of its sentence."""
    bare = row.rstrip("\"'”’)] ")
    return bare.endswith((".", "?", "!", ":", ";")) or bare.casefold().endswith("quality marker")


def _number_before(row: str, last: int) -> int:
    """The number that the item on `row` is marked with, else the last one; a heading ends the list."""
    mark = MARK.match(row.strip())
    return (number_in_mark(mark.group()) if mark else 0) or (0 if find_heading(row) else last)


def _is_mark(bare: str) -> bool:
    """Whether a line is nothing but a mark; a letter alone may be the last word of a sentence."""
    match = MARK.match(f"{bare} ")
    return match is not None and match.end() == len(bare) and kind_of_mark(bare) != "a."

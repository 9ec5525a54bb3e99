"""Rows of a published document's text: without quote marks and tables, one heading, item or piece of text on each."""

import re
from collections.abc import Sequence, Sized

from scrqm_forms.domain.published_headings import find_heading, part_asking_heading
from scrqm_forms.domain.published_lone import ABBREVIATED, join_lone_rows
from scrqm_forms.domain.published_marks import MARK, kind_of_mark, number_in_mark

_LABEL = re.compile(r"([^:]{1,90}:)\s*(\S.*)")
#: "Quality statement – the review is ...", "Quality statement. The ..." and, before a whole sentence, nothing between.
_STATEMENT_LABEL = re.compile(
    r"((?:\d{1,2}[.)]\s+)?quality\s+statement)"
    r"(?:\s*[–—.]\s*|\s+-\s+|\s+(?=.{40})(?!.*knowledge base)(?=(?-i:[A-Z‘“])))(\S.*)",
    re.IGNORECASE,
)
_BOLD_LABEL = re.compile(r"([*_]{2,3})([^*_]{3,90})\1(?=\s*:|\s|\Z)")
#: A heading and its text in the cells of one row.
_CELLS = re.compile(r"([^|\t]{5,120}?)\s*[|\t]\s*(\S.*)")
#: Before each line of a message that is passed on, and of a table drawn in plain text.
_QUOTED = re.compile(r"(>\s?)+")
_TABLE_RULE = re.compile(r"\|[-:| ]+\|")
_RULE = re.compile(r"\s*[=_~*–—-]{3,}\s*")
#: On one line.
_MOST_ITEMS = 40
_LINE_BREAK = re.compile(r"\r\n|<br ?/?>|[\n\r\v\f\u2028\u2029\x85]")


def read_rows(text: str) -> list[str]:
    """`text` row by row, with the blanks before each; one that is only drawn across the page is empty."""
    rows = ["" if _RULE.fullmatch(row) else row for row in _out_of_table(_unquote(_LINE_BREAK.split(text)))]
    rows = [part for row in rows for labelled in _part_label(row) for part in _part_numbers(labelled)]
    return join_lone_rows(rows)


def _unquote(rows: list[str]) -> list[str]:
    """`rows` without the ">" that e-mail programs put before each line of a message that is passed on."""
    bare = {n: _QUOTED.sub("", row, count=1) for n, row in enumerate(rows) if row.startswith(">")}
    if not _are_most(bare, rows) and "questions" not in map(find_heading, bare.values()):
        return rows
    return [bare.get(n, row) for n, row in enumerate(rows)]


def _out_of_table(rows: list[str]) -> list[str]:
    """`rows` without the lines of a table that is drawn with signs."""
    bare = {
        n: row[1:].removeprefix(" ").rstrip().removesuffix("|").rstrip()
        for n, row in enumerate(rows)
        if row.startswith("|")
    }
    if not _are_most(bare, rows):
        return rows
    return ["" if _TABLE_RULE.fullmatch(row) else bare.get(n, row) for n, row in enumerate(rows)]


def _are_most(some: Sized, rows: Sequence[str]) -> bool:
    return len(some) * 2 >= sum(1 for row in rows if row.strip())


def _part_label(row: str) -> list[str]:
    """`row`, or heading and text where both stand on it: "Quality statement: the review is ..." """
    bare = row.strip()
    if not bare:
        return [row]
    bold = _BOLD_LABEL.match(bare)
    bare = bare.replace(bold[0], bold[2], 1) if bold and find_heading(bold[2]) else bare
    if statement := _STATEMENT_LABEL.fullmatch(bare):
        return [statement[1], statement[2]]
    if (cells := _CELLS.fullmatch(bare)) and find_heading(cells[1]):
        return [cells[1], cells[2]]
    if asked := part_asking_heading(bare):
        return [*asked]
    match = _LABEL.fullmatch(bare)
    name = find_heading(match[1]) if match else None
    # A wrapped line can begin with "equality and diversity: ..." in the middle of a sentence.
    if match is None or name is None or (name != "statement" and match[1][0].islower()):
        return [row]
    return [match[1], match[2]]


def _part_numbers(row: str) -> list[str]:
    """`row`, or the items "1. ...? 2. ...?" that stand on it one after the other."""
    mark = MARK.match(row.strip())
    number = number_in_mark(mark.group()) if mark and kind_of_mark(mark.group()) == "1." else None
    inset, parts = row[: len(row) - len(row.lstrip())], [row]
    while number and number < _MOST_ITEMS and (place := _find_item(number + 1, parts[-1])):
        parts[-1:] = [parts[-1][:place], inset + parts[-1][place:].lstrip()]
        number += 1
    return parts


def _find_item(number: int, row: str) -> int | None:
    """Where a sentence ends in `row` and an item of this number begins; "(see p. 4) ..." is none."""
    places = re.finditer(rf"(?<=[.?!;:])\s+(?=\(?{number}[.)]\s+[^\W\d_])", row)
    return next(
        (each.start() for each in places if not ABBREVIATED.search(row, max(each.start() - 8, 0), each.start())), None
    )

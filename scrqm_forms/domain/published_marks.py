"""Marks that stand before the items of a published document's lists."""

import re

#: Signs that begin an item, and never a line in the middle of a sentence; Word's own signs among them.
BULLETS = "•●○▪■□◦‣⁃·∙⦁❖◆◇➢➤►▶→⇒☐☑☒✓✔\uf000-\uf0ff"
#: "1." "1)" "(1)" "8.1" "Q1:" "Question 1.", "a." "b)" "(iv)", a sign, a dash or star before a blank, and Word's "o".
MARK = re.compile(
    r"\(?\d{1,2}[.)](?!\d)|\d{1,2}\.\d{1,2}\.?(?=\s)|[Qq]\s?\d{1,2}[.:)]?(?=\s)|(?i:question)\s\d{1,2}\s?[.:)]"
    r"|\(?(?:[a-z]|[ivx]{1,4})\)(?=\s)|(?:[a-z]|[ivx]{2,4})\.(?=\s)(?!\s*e\.)"
    rf"|[{BULLETS}]|[-–—*](?=\s|$)|o(?=\s)"
)
_NUMBER = re.compile(r"(\d{1,2})\W*$")
_IS_BULLET = re.compile(f"[{BULLETS}]")


def is_bullet(mark: str) -> bool:
    """Whether `mark` is a sign that cannot be part of a sentence."""
    return _IS_BULLET.fullmatch(mark) is not None


def kind_of_mark(mark: str | None) -> str | None:
    """ "1." for any number, "a." for any letter, else the mark itself."""
    if mark and _NUMBER.search(mark):
        return "1."
    return "a." if mark and mark[-1] in ".)" else mark


def number_in_mark(mark: str) -> int | None:
    """The last number of a mark: 1 of "1." and of "8.1"."""
    match = _NUMBER.search(mark)
    return int(match[1]) if match else None

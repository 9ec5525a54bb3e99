"""Marks that stand before the items of a published document's lists."""

import re

#: Signs that only a font of its own draws, such as Word's Symbol; other fonts show an empty box.
_OF_A_FONT = "\uf000-\uf0ff"
#: Signs that begin an item, and never a line in the middle of a sentence; Word's own signs among them.
BULLETS = f"•●○▪■□◦‣⁃·∙⦁❖◆◇➢➤►▶→⇒☐☑☒✓✔▫▸▹◉◊◽◾⚫⬤★☆➔➜✗✘①-⑳❶-➓{_OF_A_FONT}"
#: The same before a blank and no number: other dashes, and what Word's signs become in another font.
_BEFORE_BLANK = "‒―−‐§¨~+»›Øü"
#: "**1.**" "1." "1)" "(1)" "[1]" "8.1" "1:" "1 -" "Q1:" "Question 1.", "a." "b)" "(iv)", a sign, a dash or star before
#: a blank, letters that are Word's signs in another font, and a bullet or dot whose encoding was misread.
MARK = re.compile(
    rf"\*\*\(?\d{{1,2}}[.)]\*\*(?=\s)|(?:[{BULLETS}]\s*)?\(?\d{{1,2}}[.)](?!\d)|\[\d{{1,2}}\](?=\s)"
    r"|(?:QM\s?)?\d{1,2}\.\d{1,2}[.:]?(?=\s)|\d{1,2}(?::|\s?[-–—])(?=\s+[^\d\s])"
    r"|[Qq]\.?\s?\d{1,2}[.:)]?(?=\s)|(?i:question)\s\d{1,2}\s?[.:)–—-]"
    r"|\(?(?:\d{0,2}[a-z]|[ivx]{1,4})\)(?=\s)|(?:\d{0,2}[a-z]|[ivx]{2,4})\.(?=\s)(?!\s*e\.)"
    rf"|[{BULLETS}]|Â·|â€¢|[{_BEFORE_BLANK}](?=\s(?!\s*\d)|$)|[-–—*o](?=\s|$)|-(?=[A-Z][a-z]*(?:[\s.?!]|$))|[lmnquvw](?=\s+\w)"
)
_NUMBER = re.compile(r"(\d{1,2})\W*$")
_BOXES = re.compile(f"[{_OF_A_FONT}]")
_FIRST_BOX = re.compile(rf"(?m)^([ \t]*)[{_OF_A_FONT}][ \t]*")
_IS_BULLET = re.compile(f"[{BULLETS}]|Â·|â€¢")


def is_bullet(mark: str) -> bool:
    """Whether `mark` is a sign that cannot be part of a sentence."""
    return _IS_BULLET.fullmatch(mark) is not None


def show_bullets(text: str) -> str:
    """`text` with a plain bullet for each sign that would be shown as an empty box."""
    begun = _BOXES.sub("• ", text[:1]) + text[1:].lstrip() if _BOXES.match(text) else text
    return _BOXES.sub("•", begun)


def plain_bullets(text: str) -> str:
    """A whole document with plain bullets for such signs, as it is shown to whoever mends it."""
    return _BOXES.sub("•", _FIRST_BOX.sub(r"\1• ", text))


def kind_of_mark(mark: str | None) -> str | None:
    """ "1." for any number, "a." for any letter, else the mark itself."""
    if mark and _NUMBER.search(mark):
        return "1."
    return "a." if mark and mark[-1] in ".)" else mark


def number_in_mark(mark: str) -> int | None:
    """The last number of a mark: 1 of "1." and of "8.1"."""
    match = _NUMBER.search(mark)
    return int(match[1]) if match else None

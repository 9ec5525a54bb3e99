"""What a cell can hold, and texts as they stand in a workbook's XML."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

#: Excel's limits. A text is counted in UTF-16 units; a cell with more line breaks than this is refused by Excel.
MOST_UNITS, MOST_LINE_BREAKS = 32_767, 253
#: LibreOffice breaks a text in runs after so many letters.
MOST_IN_RUNS = 16_000
LONG_TEXTS = "long_texts"
#: Stands at the end of what fits of a long text.
_NOTE = f" […] continued in the sheet {LONG_TEXTS}"
#: As many lines as a cell may have.
_LINES = re.compile(rf"(?:.*\n){{0,{MOST_LINE_BREAKS - 3}}}.*")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Excel decodes `_x0041_`; LibreOffice also what has fewer digits.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]+_)")
#: What cannot stand in the XML of a workbook as it is.
_SPECIAL = re.compile(f"[&<>\r]|{_NOT_XML.pattern}|{_ESCAPE.pattern}")


def plain(text: str) -> str:
    """Text that a workbook can hold."""
    return _NOT_XML.sub("\ufffd", text)


def escaped(text: str) -> str:
    """Text as names and properties of a workbook mean it: `_x0041_`, which Excel would decode, keeps its underscore."""
    return _ESCAPE.sub("_x005F_", plain(text))


def runs_of(text: str) -> list[str]:
    """Text in parts such that none holds what Excel would decode.

    Each program decodes part by part, or not at all; escapes (`_x005F_x0041_`) are read in as many ways as there are
    programs, openpyxl's among them.
    """
    return _ESCAPE.sub("_\0", text).split("\0")


def as_xml(text: str) -> str:
    """What stands in `<si>` or `<is>`."""
    if _SPECIAL.search(text):
        runs = [escape(run, {"\r": "&#13;"}) for run in runs_of(plain(text))]
        if len(runs) > 1:
            return "".join(f'<r><t xml:space="preserve">{run}</t></r>' for run in runs)
        text = runs[0]
    # Blanks at the ends, and line breaks, would be left out.
    kept = ' xml:space="preserve"' if "\n" in text or text != text.strip() else ""
    return f"<t{kept}>{text}</t>"


def is_too_long(text: str) -> bool:
    if len(text) <= MOST_LINE_BREAKS:
        return False
    if text.count("\n") > MOST_LINE_BREAKS:
        return True
    if len(text) <= MOST_IN_RUNS:
        return False
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 > MOST_UNITS or bool(_ESCAPE.search(text))


def pieces(text: str, reserve: int = 0) -> Iterator[str]:
    """Pieces that fit a cell, and one that is `reserve` characters longer too: 4,000 are at most 8,000 units."""
    size = 4_000 - reserve
    for start in range(0, len(text), size):
        yield from filter(None, _LINES.findall(text, start, start + size))


def cut(text: str) -> str:
    """What fits a cell of a text that is too long; the whole of it stands in a sheet of its own."""
    return next(pieces(text, len(_NOTE))) + _NOTE

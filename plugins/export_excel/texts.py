"""What a cell can hold, and texts as they stand in a workbook's XML."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

#: Excel's limits. A text is counted in UTF-16 units; a cell with more line breaks than this is refused by Excel.
MOST_UNITS, MOST_LINE_BREAKS = 32_767, 253
#: LibreOffice breaks a text in runs after so many letters.
MOST_IN_RUNS = 16_000
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
    """Pieces that fit a cell: 4,000 characters are at most 8,000 units."""
    start = 0
    while start < len(text):
        end, breaks = start, 0
        while end < len(text) and breaks < MOST_LINE_BREAKS - 3 and end - start < 4_000 - reserve:
            breaks += text[end] == "\n"
            end += 1
        yield text[start:end]
        start = end

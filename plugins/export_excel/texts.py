"""What a cell can hold, and texts as they stand in a workbook's XML."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

#: Excel's limits. A text is counted in UTF-16 units; a cell with more line breaks than this is refused by Excel.
MOST_UNITS, MOST_LINE_BREAKS = 32_767, 253
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Excel decodes `_x0041_`; LibreOffice also what has fewer digits.
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]+_)")
#: What cannot stand in the XML of a workbook as it is.
_SPECIAL = re.compile(f"[&<>\r]|{_NOT_XML.pattern}|{_ESCAPE_LIKE.pattern}")


def plain(text: str) -> str:
    """Text as the workbook means it: `_x0041_`, which Excel would decode, keeps its underscore."""
    return _ESCAPE_LIKE.sub("_x005F_", _NOT_XML.sub("\ufffd", text))


def as_xml(text: str) -> str:
    """A `<t>` element."""
    if _SPECIAL.search(text):
        text = escape(plain(text), {"\r": "&#13;"})
    # Blanks at the ends, and line breaks, would be left out.
    kept = ' xml:space="preserve"' if "\n" in text or text != text.strip() else ""
    return f"<t{kept}>{text}</t>"


def is_too_long(text: str) -> bool:
    if len(text) <= MOST_LINE_BREAKS:
        return False
    if text.count("\n") > MOST_LINE_BREAKS:
        return True
    if len(text) * 7 <= MOST_UNITS:
        return False
    return len(_ESCAPE_LIKE.sub("_x005F_", text).encode("utf-16-le", "surrogatepass")) // 2 > MOST_UNITS


def pieces(text: str, reserve: int = 0) -> Iterator[str]:
    """Pieces that fit a cell: 4,000 characters are at most 28,000 units, however many of them need an escape."""
    start = 0
    while start < len(text):
        end, breaks = start, 0
        while end < len(text) and breaks < MOST_LINE_BREAKS - 3 and end - start < 4_000 - reserve:
            breaks += text[end] == "\n"
            end += 1
        yield text[start:end]
        start = end

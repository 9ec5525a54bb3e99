"""Letters of a published document that were lost or added on its way here: what can be told is repaired and named."""

import re

#: A no-break space in UTF-8 is C2 A0: read as Windows-1252 or -1257 its first byte becomes one of these letters.
_MISREAD_SPACE = re.compile("[ÂĀ](?=[ \u00a0])|(?<=[^\\WA-ZĀÂ])[ÂĀ](?=[\t\r\n]|\\Z)")
_MACRON = re.compile("[āēīōūĒĪŌŪ]|Ā(?=[^\\W\\d_])")
#: Other letters that UTF-8 becomes where it is read as Windows-1252: a quote, a dash, an accented letter.
#: Or quotes, dashes and bullets of a Macintosh.
_MISREAD = re.compile(
    "â€[\u0080-\u2122]?|Ã[\u0080-\u00bf]|\ufffd"
    "|(?<=[a-z])Õ(?=[a-z])|(?<=[ (])[ÒÔ](?=[^\\W\\d_])|(?<= )[ÐÑ](?= )|(?m:^)¥(?=[ \t])"
)
#: UTF-8, and else Windows-1252, that was read as Latin-1: controls that no text holds. One alone ends a line.
_UTF_8_AS_LATIN_1 = re.compile(
    "[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}"
)
_LATIN_1 = re.compile("[\u0080-\u009f]")
_LINE_END = "\u0085"
#: Blanks that are not plain; a text may hold some of them, and one that has more of them was made by a program.
_OTHER_BLANKS = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
#: Soft hyphens, blanks without width and marks of writing direction: they show nowhere and part words for a reader.
_UNSEEN = re.compile("\u00ad[ \t]*\r?\n[ \t]*(?=[^\\W\\d_])|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
#: Markdown's backslash before a sign that is to be seen, and its stars around words.
_ESCAPED = re.compile(r"\\([-*_.()\[\]#+!>|&~`])")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]+)(?<=[^\s*])\1(?![\w*])")
#: Letters that a PDF draws as one.
_JOINED = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_JOINED_LETTERS = re.compile(f"[{''.join(_JOINED)}]")


def repair_letters(text: str, warnings: list[str]) -> str:
    """`text` without what a reader would not see, and without the letter that a misread no-break space leaves."""
    text = _read_as_meant(text.removeprefix("\ufeff"), warnings)
    text = _write_out_joined(_take_out_unseen(text, warnings), warnings)
    text = _make_blanks_plain(_take_out_escapes(text, warnings), warnings)
    places = [match.start() for match in _MISREAD_SPACE.finditer(text) if not _is_genuine(text, match.start())]
    if places:
        stray = text[places[0]]
        times = _times(len(places))
        warnings.append(
            f'A stray "{stray}" before a blank was taken out {times} (a misread blank): {_near(text, places[0])}'
        )
    if misread := _MISREAD.search(text):
        near = _near(text, misread.start(), misread.end())
        warnings.append(
            f'Some letters were lost before the file came here ("{misread.group()}"); put them right: {near}'
        )
    # One that stands alone leaves one of the blanks around it.
    starts = [0, *(place + 1 + (text[place - 1 : place] == " " == text[place + 1 : place + 2]) for place in places)]
    return "".join(text[start:end] for start, end in zip(starts, [*places, len(text)], strict=True))


def _take_out_unseen(text: str, warnings: list[str]) -> str:
    seen, count = _UNSEEN.subn("", text)
    if count:
        warnings.append(
            f"Characters that nobody sees (soft hyphens, blanks without width) were taken out {_times(count)}."
        )
    return seen


def _write_out_joined(text: str, warnings: list[str]) -> str:
    found = _JOINED_LETTERS.search(text)
    if found is None:
        return text
    written, count = _JOINED_LETTERS.subn(lambda match: _JOINED[match.group()], text)
    letters = _JOINED[found.group()]
    warnings.append(f'Letters joined into one sign, such as "{letters}", were written out {_times(count)}.')
    return written


def _read_as_meant(text: str, warnings: list[str]) -> str:
    """`text` with the quotes and dashes that became controls since it was read as Latin-1."""
    if not set(_LATIN_1.findall(text)) - {_LINE_END}:
        return text
    meant = _LATIN_1.sub(_as_windows, _UTF_8_AS_LATIN_1.sub(_as_utf_8, text))
    shown = next(match for match in _LATIN_1.finditer(text) if match.group() != _LINE_END)
    place = max(shown.start() - 30, 0)
    near = _LATIN_1.sub(_as_windows, _UTF_8_AS_LATIN_1.sub(_as_utf_8, text[place : shown.end() + 30]))
    warnings.append(f'Quotes, dashes and the like that were read in another encoding were put right: "{near.strip()}"')
    return meant


def _as_utf_8(match: re.Match[str]) -> str:
    try:
        return match.group().encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


def _as_windows(match: re.Match[str]) -> str:
    return match.group().encode("latin-1").decode("cp1252", "replace")


def _make_blanks_plain(text: str, warnings: list[str]) -> str:
    count = len(_OTHER_BLANKS.findall(text))
    if count <= text.count(" "):
        return text
    warnings.append(f"Blanks at which no line can break were made plain ones {_times(count)}.")
    return _OTHER_BLANKS.sub(" ", text)


def _take_out_escapes(text: str, warnings: list[str]) -> str:
    plain, count = _ESCAPED.subn(r"\1", text)
    if count:
        warnings.append(f"Backslashes before signs, as Markdown has them, were taken out {_times(count)}.")
    return plain


def plain_emphasis(text: str) -> str:
    """`text` without Markdown's signs for bold and slanted words."""
    return _EMPHASIS.sub(r"\2", text)


def _is_genuine(text: str, place: int) -> bool:
    """A capital Ā may end a word in capitals where the text has other such letters, as Māori has."""
    return text[place] == "Ā" and text[place - 1 : place].isupper() and _MACRON.search(text) is not None


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _near(text: str, start: int, end: int | None = None) -> str:
    return f'"{" ".join(text[max(start - 30, 0) : (end or start) + 30].split())}"'

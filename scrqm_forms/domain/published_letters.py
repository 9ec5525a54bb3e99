"""Letters of a published document that were lost or added on its way here: what can be told is repaired and named."""

import re

#: A no-break space in UTF-8 is C2 A0: read as Windows-1252 or -1257 its first byte becomes one of these letters.
_MISREAD_SPACE = re.compile("[ÂĀ](?=[ \u00a0])|(?<=[^\\WA-ZĀÂ])[ÂĀ](?=[\t\r\n]|\\Z)")
_MACRON = re.compile("[āēīōūĒĪŌŪ]|Ā(?=[^\\W\\d_])")
#: Other letters that UTF-8 becomes where it is read as Windows-1252: a quote, a dash, an accented letter.
_MISREAD = re.compile("â€[\u0080-\u2122]?|Ã[\u0080-\u00bf]|\ufffd")
#: Soft hyphens, blanks without width and marks of writing direction: they show nowhere and part words for a reader.
_UNSEEN = re.compile("\u00ad[ \t]*\r?\n[ \t]*(?=[^\\W\\d_])|[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
#: Letters that a PDF draws as one.
_JOINED = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_JOINED_LETTERS = re.compile(f"[{''.join(_JOINED)}]")


def repair_letters(text: str, warnings: list[str]) -> str:
    """`text` without what a reader would not see, and without the letter that a misread no-break space leaves."""
    text = _write_out_joined(_take_out_unseen(text.removeprefix("\ufeff"), warnings), warnings)
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
    starts = [0, *(place + 1 for place in places)]
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


def _is_genuine(text: str, place: int) -> bool:
    """A capital Ā may end a word in capitals where the text has other such letters, as Māori has."""
    return text[place] == "Ā" and text[place - 1 : place].isupper() and _MACRON.search(text) is not None


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _near(text: str, start: int, end: int | None = None) -> str:
    return f'"{" ".join(text[max(start - 30, 0) : (end or start) + 30].split())}"'

"""A text with the words that went and came marked in it, its paragraphs and lists as such."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from scrqm_forms.domain.word_difference import Piece
from scrqm_forms.web.language import _
from scrqm_forms.web.texts import ITEM, with_lists

#: Stand for the tags while lines are told apart; no text of a marker may hold such characters.
_SIGNS = {"removed": ("\x01", "\x02"), "added": ("\x03", "\x04"), "same": ("", "")}
_FOREIGN = dict.fromkeys(range(1, 5))


def with_marks(pieces: Sequence[Piece]) -> Markup:
    """The pieces of one text after another, to be put on a page."""
    text, before = "", ""
    for piece in pieces:
        if before == "removed" and _stands_below(text, piece, len(pieces)):
            text += "\n"
        text += _signed(piece, at_start=not text or text.endswith("\n"))
        before = piece.kind
    return Markup(_tagged(with_lists(text)))  # noqa: S704  escaped


def _stands_below(text: str, piece: Piece, count: int) -> bool:
    """Whether it is a line of its own: another text altogether, or another item in the place of one that went."""
    is_item = ITEM.match(piece.text) is not None
    return piece.kind == "added" and (count == 2 or (is_item and _starts_with_sign(text)))


def _starts_with_sign(text: str) -> bool:
    last = text.rpartition("\n")[2]
    item = ITEM.match(last)
    return last[item.end() if item else 0 :].startswith(_SIGNS["removed"][0])


def _signed(piece: Piece, *, at_start: bool) -> str:
    """Each of its lines between two signs, after the mark of an item where it begins with one."""
    first, *others = piece.text.translate(_FOREIGN).split("\n")
    lines = [_signed_line(first, piece.kind, at_start=at_start)]
    return "\n".join(lines + [_signed_line(line, piece.kind, at_start=True) for line in others])


def _signed_line(line: str, kind: str, *, at_start: bool) -> str:
    begin, end = _SIGNS[kind]
    item = ITEM.match(f"{line.rstrip()} ...") if at_start else None  # the mark may stand there alone
    if not line.strip() or (item and kind == "added" and item.end() > len(line.rstrip())):
        return line
    place = item.end() if item and item.end() < len(line) else 0
    return f"{line[:place]}{begin}{line[place:]}{end}"


def _tagged(html: str) -> str:
    tags = {"\x01": _begin("del", _("taken out:")), "\x03": _begin("ins", _("added:"))}
    tags |= {"\x02": _end("del"), "\x04": _end("ins")}
    return re.sub("[\x01-\x04]", lambda sign: tags[sign[0]], html)


def _begin(tag: str, said: str) -> str:
    return f'<{tag}><span class="visually-hidden">{escape(said)} </span>'


def _end(tag: str) -> str:
    return f'<span class="visually-hidden"> {escape(_("(end)"))} </span></{tag}>'

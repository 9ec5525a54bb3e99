"""What checks found in a participant's own texts, marked for them alone as they read their answers over."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from msgspec import Struct

from scrqm_forms.domain.finding import Finding, cut_text
from scrqm_forms.domain.places import Place
from scrqm_forms.web.language import _

#: Column id of a place -> what was found in its text.
Found = Mapping[str, Sequence[Finding]]


class MarkedText(Struct, frozen=True, kw_only=True):
    """A text with something to look at again, and where it is changed."""

    title: str
    href: str
    #: (words as typed, why), in order.
    marked: list[tuple[str, str]]


def mark_value(place: Place, text: str, found: Found) -> str:
    """The text as it is shown; what was found is marked, with the reasons in words below."""
    if not found.get(place.column):
        return text
    pieces = cut_text(text, found[place.column])
    shown = Markup("").join(
        Markup("<mark>{}</mark>").format(piece.text) if piece.reasons else piece.text for piece in pieces
    )
    reasons = (Markup('\n<span class="meta">{}</span>').format(_said(*each)) for each in _marked(text, found, place))
    return shown + Markup("").join(reasons)


def marked_text(place: Place, text: str, found: Found, title: str, href: str) -> MarkedText:
    return MarkedText(title=title, href=href, marked=_marked(text, found, place))


def _marked(text: str, found: Found, place: Place) -> list[tuple[str, str]]:
    pieces = [piece for piece in cut_text(text, found[place.column]) if piece.reasons]
    return list(dict.fromkeys((piece.text, _and(piece.reasons)) for piece in pieces))


def _and(reasons: Sequence[str]) -> str:
    return _(" and ").join(_(reason) for reason in reasons)


def _said(words: str, reason: str) -> str:
    return _("“%(words)s” %(reason)s.") % {"words": words, "reason": reason}

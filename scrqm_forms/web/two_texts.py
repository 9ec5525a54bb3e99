"""Two texts of one thing beside each other, to choose what to keep: what people read, and what they picked."""

from collections.abc import Callable

from flask import request
from msgspec import Struct

from scrqm_forms.domain.joining import Difference
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.word_difference import Piece, compare_words
from scrqm_forms.web.language import _


class TwoTexts(Struct, frozen=True, kw_only=True):
    """One field as typed here and as saved elsewhere, as people read them, and what can be kept."""

    field: str
    wording: str
    here: str
    elsewhere: str
    usual: str
    picks: list[Choice]
    #: Both in one, where the words that differ are marked: those of `here` are added.
    pieces: tuple[Piece, ...] = ()


def lay_side_by_side(
    each: Difference, wording: str, read: Callable[[str], str] = str, *, is_marked: bool = False
) -> TwoTexts:
    """`read`: what is stored in the field -> what people read. `is_marked`: mark the words that differ."""
    pieces = compare_words(read(each.elsewhere), read(each.here)) if is_marked else ()
    picks = [Choice(code="here", label=_("What I typed here")), Choice(code="elsewhere", label=_("What was saved"))]
    picks += [Choice(code="both", label=_("Both, one after the other"))] if each.can_join else []
    return TwoTexts(
        field=each.field,
        wording=wording,
        here=read(each.here),
        elsewhere=read(each.elsewhere),
        usual=each.usual,
        picks=picks,
        pieces=pieces if any(piece.kind == "same" for piece in pieces) else (),
    )


def picks_typed() -> dict[str, str]:
    """Form field -> what of two texts was chosen."""
    return {name.removeprefix("pick-"): pick for name, pick in request.form.items() if name.startswith("pick-")}

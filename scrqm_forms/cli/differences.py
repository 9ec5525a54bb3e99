"""A comparison of markers as lines of text: [-taken out-] and {+added+}."""

from collections.abc import Iterator, Sequence

from scrqm_forms.domain.comparing import Change, Comparison
from scrqm_forms.domain.word_difference import Piece

_MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def lines_of(comparison: Comparison) -> Iterator[str]:
    """Markers that are on one side only, then the others, each change on a line of its own."""
    for marker in comparison.removed:
        yield f"{marker.id}: taken out: {marker.title}"
    for marker in comparison.added:
        yield f"{marker.id}: added: {marker.title}"
    for each in comparison.both:
        one, other = each.before, each.after
        name = other.id if one.id == other.id else f"{one.id} -> {other.id}"
        for change in each.changes:
            yield f"{name}: {_what(change)}"


def _what(change: Change) -> str:
    place = change.after or change.before
    where = " ".join(str(part) for part in (change.part, place or "", change.id) if part)
    said = ", ".join("changed" if kind == "settings" else kind for kind in change.kinds)
    return f"{where}: {said}{_came_from(change)}{_settings(change)}{': ' * bool(change.pieces)}{_words(change.pieces)}"


def _came_from(change: Change) -> str:
    if "moved" not in change.kinds:
        return ""
    return f" from {change.origin or change.before}"


def _settings(change: Change) -> str:
    return "".join(f"; {name} {old} -> {new}" for name, (old, new) in change.settings.items())


def _words(pieces: Sequence[Piece]) -> str:
    """On one line; line breaks are shown, so that a blank line that came or went is seen."""
    return "".join(_MARKS[piece.kind].format(piece.text) for piece in pieces).replace("\n", "\\n")

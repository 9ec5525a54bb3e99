"""What a check found in a text, and the text cut up so that it can be marked."""

from collections.abc import Iterable, Iterator

from msgspec import Struct


class Finding(Struct, frozen=True, kw_only=True):
    """A place in a text that its writer may want to look at again."""

    #: Index of the first character, from 0.
    start: int
    #: Index after the last one.
    end: int
    #: Ends a sentence that begins with the words found: "looks like a telephone number".
    reason: str


class Piece(Struct, frozen=True, kw_only=True):
    """A part of a text; the pieces of a text make it up without a gap."""

    text: str
    #: Why it is marked; empty where it is not.
    reasons: tuple[str, ...] = ()


def find_faults(findings: object, text: str) -> str:
    """Why these cannot be findings in the text, or nothing; never any of the text."""
    if not isinstance(findings, list) or not all(isinstance(each, Finding) for each in findings):
        return f"expected a list of Finding, got {type(findings).__name__}"
    for each in findings:
        whole = type(each.start) is int and type(each.end) is int
        if not whole or not 0 <= each.start < each.end <= len(text):
            return "expected 0 <= start < end <= len(text)"
        if not isinstance(each.reason, str) or not each.reason.strip():
            return "expected a reason in words"
    return ""


def cut_text(text: str, findings: Iterable[Finding]) -> list[Piece]:
    """The text in pieces. Findings that overlap are one marked piece with all their reasons."""
    pieces: list[Piece] = []
    done = 0
    for start, end, reasons in _joined(findings):
        if start > done:
            pieces.append(Piece(text=text[done:start]))
        pieces.append(Piece(text=text[start:end], reasons=reasons))
        done = end
    return pieces + ([Piece(text=text[done:])] if done < len(text) else [])


def _joined(findings: Iterable[Finding]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """(start, end, reasons) of what is to be marked, in order and apart."""
    start, end, reasons = 0, 0, dict[str, None]()
    for each in sorted(findings, key=lambda each: (each.start, each.end, each.reason)):
        if reasons and each.start < end:
            end, reasons[each.reason] = max(end, each.end), None
            continue
        if reasons:
            yield start, end, tuple(reasons)
        start, end, reasons = each.start, each.end, {each.reason: None}
    if reasons:
        yield start, end, tuple(reasons)

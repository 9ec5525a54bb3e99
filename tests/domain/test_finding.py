"""What was found in a text, and the text in pieces."""

import pytest

from scrqm_forms.domain.finding import Finding, Piece, cut_text, find_faults


def at(start: int, end: int, reason: str = "is a") -> Finding:
    return Finding(start=start, end=end, reason=reason)


@pytest.mark.parametrize(
    ("findings", "marked"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([at(2, 4), at(0, 1)], ["a", "cd"], id="in_order"),
        pytest.param([at(0, 2), at(2, 4)], ["ab", "cd"], id="side_by_side"),
        pytest.param([at(0, 3), at(2, 5), at(4, 6)], ["abcdef"], id="overlapping"),
        pytest.param([at(1, 5), at(2, 3)], ["bcde"], id="within"),
        pytest.param([at(1, 2), at(1, 2)], ["b"], id="twice"),
        pytest.param([at(0, 8)], ["abcdefgh"], id="everything"),
    ],
)
def test_pieces_make_up_the_text(findings: list[Finding], marked: list[str]) -> None:
    pieces = cut_text("abcdefgh", findings)
    assert "".join(piece.text for piece in pieces) == "abcdefgh"
    assert [piece.text for piece in pieces if piece.reasons] == marked
    assert all(piece.text for piece in pieces)


def test_what_overlaps_has_every_reason_once() -> None:
    found = cut_text("abc", [at(0, 2, "is a"), at(1, 3, "is b"), at(1, 2, "is a")])
    assert found == [Piece(text="abc", reasons=("is a", "is b"))]


@pytest.mark.parametrize(
    "findings",
    [None, (at(0, 1),), [(0, 1, "is a")], [at(-1, 1)], [at(1, 1)], [at(0, 4)], [at(True, 2)], [at(0, 1, " ")]],
    ids=["none", "tuple", "no_finding", "before", "empty", "beyond", "no_number", "no_reason"],
)
def test_what_is_no_finding_in_the_text_is_told_without_the_text(findings: object) -> None:
    fault = find_faults(findings, "xyz")
    assert fault.startswith("expected")
    assert "xyz" not in fault


def test_sound_findings_have_no_fault() -> None:
    assert find_faults([at(0, 3)], "xyz") == ""
    assert find_faults([], "") == ""

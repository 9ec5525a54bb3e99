"""A marker as a text to change, and back."""

from pathlib import Path

import pytest

from scrqm_forms.domain.marker_text import marker_as_text, text_as_marker
from scrqm_forms.domain.published_text import NotAMarker
from scrqm_forms.marker_library import load_library

SHIPPED = [each.marker for each in load_library(Path("/nonexistent")).markers.values()]


@pytest.mark.parametrize("marker", SHIPPED, ids=lambda marker: marker.id)
def test_shipped_marker_comes_back_unchanged_and_without_a_warning(marker):
    assert text_as_marker(marker_as_text(marker), marker) == (marker, ())


def test_other_number_is_refused():
    text = marker_as_text(SHIPPED[7]).replace("Quality Marker 8", "Quality Marker 9")
    with pytest.raises(NotAMarker, match="stays as it is: 8"):
        text_as_marker(text, SHIPPED[7])


def test_question_that_was_put_in_is_new_and_one_taken_out_is_gone():
    marker = SHIPPED[7]
    text = marker_as_text(marker)
    first = next(line for line in text.splitlines() if line.startswith("1. "))
    changed, _ = text_as_marker(text.replace(first, f"1. {marker.questions[1].ask}\n2. Is it tea?"), marker)
    ids = [question.id for question in changed.questions]
    assert marker.questions[1] in changed.questions
    assert len(set(ids)) == len(ids)


def test_id_that_was_given_up_is_not_used_again():
    marker = SHIPPED[7]
    text = marker_as_text(marker).replace(
        "Tackling some common obstacles\n\n", "Tackling some common obstacles\n\n- New.\n"
    )
    text = text.replace("\n1. ", "\n0. Is it new?\n1. ", 1)
    used = {"p1", "p9", "o4"}
    changed, _warnings = text_as_marker(text, marker, used)
    new = [each.id for each in (*changed.questions, *changed.obstacles)]
    known = {each.id for each in (*marker.questions, *marker.obstacles)}
    assert [key for key in new if key not in known] == ["p10", "o5"]

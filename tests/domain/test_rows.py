"""Rows made in one step say what every place says of itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrqm_forms.domain.places import cell_of, places_of
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.rows import RowPlan

TEXT = st.text(max_size=3)


def entries(questionnaire):
    """Any entry there could be, with ids that are asked, are asked elsewhere, or are not there at all."""
    places = [place for place in places_of(questionnaire) if place.item]
    ids = [*sorted({place.item for place in places}), "gone"]
    said = st.dictionaries(st.sampled_from(ids), TEXT, max_size=4)
    return st.builds(
        Entry,
        not_my_part=st.booleans(),
        answers=said,
        comments=said,
        judgement=st.sampled_from(["", "met"]),
        obstacles=st.lists(st.sampled_from(ids), max_size=3).map(tuple),
        reflections=said,
        helped=said,
    )


@given(data=st.data())
def test_row_holds_what_each_place_says(freeze, data):
    questionnaire = freeze()
    places = places_of(questionnaire)
    keys = sorted({place.entry for place in places})
    saved = data.draw(st.dictionaries(st.sampled_from([*keys, "gone"]), entries(questionnaire), max_size=3))
    asked = [data.draw(st.booleans()) for _ in places]
    plan = RowPlan(zip(places, asked, strict=True))
    expected = [cell_of(place, saved.get(place.entry), is_asked) for place, is_asked in zip(places, asked, strict=True)]
    assert plan.cells_of(saved) == expected
    assert plan.cells_of(saved) == expected, "the blank row was changed"


@pytest.mark.parametrize("asked", [True, False])
@pytest.mark.parametrize("aside", [True, False])
def test_row_tells_why_a_place_is_empty(freeze, asked, aside):
    (place,) = [place for place in places_of(freeze()) if place.column == "tea01.judgement"]
    cells = RowPlan([(place, asked)]).cells_of({"tea01": Entry(not_my_part=aside, judgement="met")})
    assert cells == ["not_asked" if not asked else "not_my_part" if aside else "met"]

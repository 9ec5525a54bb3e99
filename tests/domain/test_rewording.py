"""What is true of a marker after a board changed its words."""

import pytest
from msgspec.structs import replace

from scrqm_forms.domain.marker import Obstacle, Original
from scrqm_forms.domain.marker_text import marker_as_text, text_as_marker
from scrqm_forms.domain.published_questions import identify_obstacles, identify_questions
from scrqm_forms.domain.rewording import reword_obstacles, settle_wording

BEFORE = (
    Obstacle(id="a", text="There was no water."),
    Obstacle(id="b", text="Nobody had any milk left.", original="There was no milk."),
    Obstacle(id="c", text="There was no gas."),
)
A, B, C = (each.text for each in BEFORE)


@pytest.mark.parametrize(
    ("texts", "ids"),
    [
        ([A, B, C], "a b c"),
        ([C, A, B], "c a b"),
        (["Our taps were dry.", B, C], "a b c"),
        ([A, "There was no milk.", C], "a b c"),
        ([A, "Sugar ran out.", B, C], "a o1 b c"),
        ([A, B, C, "There was no water yet."], "a b c o1"),
        ([A, "New one.", "Nobody had any cold milk left.", C], "a o1 b c"),
        ([B, C, "There was hardly any water."], "b c o1"),
        ([B], "b"),
        ([A, A, B], "a o1 b"),
    ],
    ids=[
        "unchanged",
        "moved",
        "reworded_in_its_place",
        "put_back_as_it_was",
        "one_put_in",
        "one_added_that_is_like_another",
        "reworded_beside_a_new_one",
        "moved_and_reworded",
        "others_taken_out",
        "twice",
    ],
)
def test_obstacle_is_known_by_its_words_or_its_place(texts, ids):
    made = reword_obstacles(texts, BEFORE)
    assert " ".join(each.id for each in made) == ids
    assert [each.text for each in made] == texts


def test_id_of_an_obstacle_that_was_given_up_is_not_used_again():
    assert reword_obstacles(["New."], (), {"o4", "q9"})[0].id == "o5"


def test_first_wording_of_an_obstacle_is_kept_until_it_is_back(kettle):
    marker = kettle.marker
    first = marker.obstacles[0].text
    for text, original in (("One.", first), ("Two.", first), (first, None)):
        obstacles = (replace(marker.obstacles[0], text=text), *marker.obstacles[1:])
        marker = settle_wording(marker, replace(marker, obstacles=obstacles))
        assert marker.obstacles[0].original == original
        assert marker.obstacles[1].original is None


def test_obstacle_reworded_in_a_text_has_its_original(kettle):
    marker = kettle.marker
    text = marker_as_text(marker).replace("No gas.", "Never any gas.")
    changed, _warnings = text_as_marker(text, marker)
    assert changed.obstacles[1] == Obstacle(id="no_gas", text="Never any gas.", original="No gas.")
    assert text_as_marker(marker_as_text(changed), changed)[0] == changed


def test_obstacle_with_the_very_words_comes_before_one_that_had_them_first(kettle):
    before = (Obstacle(id="a", text=B, original=A), Obstacle(id="b", text=A))
    made = identify_obstacles([A, "New.", B], replace(kettle.marker, obstacles=before), {"o2"})
    assert [each.id for each in made] == ["b", "o4", "a"]


def test_published_wording_that_is_imported_again_has_no_original(kettle):
    assert identify_obstacles(["There was no milk.", A], replace(kettle.marker, obstacles=BEFORE)) == (
        Obstacle(id="b", text="There was no milk."),
        Obstacle(id="a", text=A),
    )
    first = kettle.marker.questions[0]
    earlier = replace(first, published=1, original=Original(ask="Is the kettle hot?", reflect="Was it hot?"))
    questions, _warnings = identify_questions([first.ask], None, replace(kettle.marker, questions=(earlier,)))
    assert questions[0].original is None

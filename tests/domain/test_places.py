"""Places: one list of all that can be answered, whose column ids never change."""

import msgspec
import pytest

from scrqm_forms.domain.places import cell_of, is_place_asked, places_of
from scrqm_forms.domain.response import Entry

COLUMNS = [
    *("tea01.full.rating", "tea01.full.comment", "tea01.plan.rating", "tea01.plan.comment"),
    *("tea01.spare.rating", "tea01.spare.comment", "tea01.why.text", "tea01.leaf.choice", "tea01.leaf.comment"),
    *("tea01.obstacles.no_water", "tea01.obstacles.no_gas", "tea01.judgement"),
    *("tea01.how_known", "tea01.helped", "tea01.hindered", "tea01.change_next"),
    *("tea02.p1.rating", "tea02.p1.comment", "tea02.judgement"),
    *("tea02.how_known", "tea02.helped", "tea02.hindered", "tea02.change_next"),
    *("closing.went_well.text", "closing.again.rating", "closing.again.comment"),
]


def place(freeze, column):
    return next(each for each in places_of(freeze()) if each.column == column)


def columns(questionnaire):
    return [each.column for each in places_of(questionnaire)]


def test_everything_that_can_be_answered_has_a_column_in_the_order_asked(freeze):
    assert columns(freeze()) == COLUMNS


def test_columns_are_the_same_whatever_the_wording_purpose_or_groups(freeze, kettle, table):
    reworded = msgspec.structs.replace(kettle, marker=msgspec.structs.replace(kettle.marker, statement="Otherwise."))
    other = freeze(purpose="plan", mode="confidential", parts=(("host", "cook", "guest"),), chosen=(reworded, table))
    assert columns(other) == COLUMNS


def test_columns_of_a_marker_do_not_depend_on_the_others(freeze, kettle, table):
    assert set(columns(freeze(chosen=(table,)))) < set(columns(freeze(chosen=(table, kettle))))


def test_place_says_what_was_asked_and_what_could_be_answered(freeze):
    rating, comment = place(freeze, "tea01.full.rating"), place(freeze, "tea01.full.comment")
    assert rating.wording == comment.wording == "Was the kettle of the tea party full?"
    assert [choice.code for choice in rating.choices] == ["yes", "partly", "no", "not_known"]
    assert comment.choices == ()
    assert place(freeze, "tea01.judgement").wording == "The tea party has a kettle."
    assert place(freeze, "tea01.helped").wording == "What helped?"


SAID = Entry(
    answers={"full": "no", "leaf": "green"},
    comments={"full": "Half.", "why": "Thirst."},
    judgement="met",
    obstacles=("no_gas",),
    reflections={"helped": "Water."},
)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("tea01.full.rating", "no"),
        ("tea01.full.comment", "Half."),
        ("tea01.leaf.choice", "green"),
        ("tea01.why.text", "Thirst."),
        ("tea01.obstacles.no_gas", "met"),
        ("tea01.obstacles.no_water", ""),
        ("tea01.judgement", "met"),
        ("tea01.helped", "Water."),
        ("tea01.hindered", ""),
        ("tea01.plan.rating", ""),
    ],
)
def test_cell_holds_the_answer_or_is_blank(freeze, column, cell):
    assert cell_of(place(freeze, column), SAID, True) == cell


@pytest.mark.parametrize(
    ("entry", "asked", "cell"),
    [
        pytest.param(SAID, True, "no", id="answer"),
        pytest.param(Entry(judgement="met"), True, "", id="blank"),
        pytest.param(None, True, "", id="never_saved"),
        pytest.param(msgspec.structs.replace(SAID, not_my_part=True), True, "not_my_part", id="set_aside"),
        pytest.param(SAID, False, "not_asked", id="not_asked"),
    ],
)
def test_cell_of_a_code_keeps_the_reasons_for_none_apart(freeze, entry, asked, cell):
    assert cell_of(place(freeze, "tea01.full.rating"), entry, asked) == cell


@pytest.mark.parametrize("column", ["tea01.full.comment", "tea01.why.text", "tea01.helped"])
@pytest.mark.parametrize(
    ("entry", "asked"),
    [(None, True), (msgspec.structs.replace(SAID, not_my_part=True), True), (SAID, False)],
    ids=["never_saved", "set_aside", "not_asked"],
)
def test_cell_of_a_text_is_what_was_typed_or_nothing(freeze, column, entry, asked):
    assert cell_of(place(freeze, column), entry, asked) == ""


@pytest.mark.parametrize(
    ("column", "audience", "asked"),
    [
        pytest.param("tea01.plan.rating", {"host"}, True, id="question_for_the_role"),
        pytest.param("tea01.plan.rating", {"guest", "cook"}, True, id="question_for_another_of_the_group"),
        pytest.param("tea01.plan.comment", {"nobody"}, False, id="question_for_other_roles"),
        pytest.param("tea01.judgement", {"guest"}, True, id="judgement_of_a_marker_that_is_asked"),
        pytest.param("tea02.judgement", {"guest"}, False, id="judgement_of_a_marker_for_others"),
        pytest.param("tea02.helped", {"guest"}, False, id="reflection_of_a_marker_for_others"),
        pytest.param("tea01.full.rating", {"guest"}, False, id="question_that_the_brief_length_reads_only"),
        pytest.param("tea01.helped", {"guest"}, True, id="reflection_in_the_brief_length"),
        pytest.param("closing.again.rating", {"guest"}, True, id="closing_question"),
    ],
)
def test_place_is_asked_of_those_the_questionnaire_asks(freeze, column, audience, asked):
    assert is_place_asked(freeze(), place(freeze, column), audience) is asked

"""A marker changed by two people at once: what differs, what is usually kept, and that nothing typed is lost."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace

from scrqm_forms.domain.marker import Marker, Obstacle, Question
from scrqm_forms.domain.marker_joining import (
    AS_FILE,
    AS_TEXT,
    IN_FORM,
    Changes,
    Way,
    find_changes,
    join_changes,
    wording_of,
)

BEGAN = Marker(
    id="tea01",
    number=1,
    title="Kettle",
    stage="brew",
    statement="There is a kettle.",
    rationale="Tea is hot.",
    source="Tea House (2016).",
    wording_status="adapted",
    questions=(
        Question(id="full", ask="Is it full?", reflect="Was it full?"),
        Question(id="plan", ask="Is there a plan?", roles=("chair",)),
        Question(id="spare", ask="Is there a spare?"),
    ),
    knowledge=("Water boils.", "Not always:\n- on hills"),
    obstacles=(Obstacle(id="o1", text="No gas."),),
)
IDS = [question.id for question in BEGAN.questions]


def changed(questions: Mapping[str, Mapping[str, Any]] = {}, **more: Any) -> Marker:
    """`BEGAN` with other words: question's id -> field -> text."""
    own = tuple(replace(each, **questions.get(each.id, {})) for each in BEGAN.questions)
    return replace(BEGAN, **{"questions": own, **more})


def both(here: Marker, elsewhere: Marker, way: Way = IN_FORM, began: Marker | None = BEGAN) -> Changes:
    return Changes(wording_of(here, IDS), wording_of(elsewhere), began and wording_of(began), way)


def asks(changes: Changes, picks: Mapping[str, str] = {}) -> list[str]:
    return [each.ask for each in join_changes(changes, picks).draft.questions]


def test_same_marker_twice_has_no_differences():
    mine = changed({"full": {"ask": "Is it hot?"}})
    assert find_changes(both(mine, mine, AS_FILE)) == []


def test_what_only_one_of_them_changed_is_usually_kept():
    here = changed({"full": {"ask": "Is it hot?"}}, title="")
    elsewhere = changed({"plan": {"roles": ("panel",)}}, statement="A kettle is there.")
    changes = both(here, elsewhere)
    assert all(each.is_settled for each in find_changes(changes))
    assert {each.field: each.usual for each in find_changes(changes)} == {
        "title": "here",
        "statement": "elsewhere",
        "ask-full": "here",
        "settings-plan": "elsewhere",
    }
    draft = join_changes(changes, {}).draft
    assert (draft.title, draft.statement) == ("", "A kettle is there.")
    assert (draft.questions[0].ask, draft.questions[1].roles) == ("Is it hot?", ("panel",))


@pytest.mark.parametrize("began", [BEGAN, None], ids=["known", "not known"])
def test_what_both_changed_is_usually_joined(began):
    changes = both(changed({"full": {"ask": "Is it hot?"}}), changed({"full": {"ask": "Is it new?"}}), began=began)
    assert [(each.field, each.usual, each.is_settled) for each in find_changes(changes)] == [
        ("ask-full", "both", False)
    ]
    assert asks(changes)[0] == "Is it new?\n\nIs it hot?"
    assert asks(changes, {"ask-full": "here"})[0] == "Is it hot?"
    assert asks(changes, {"ask-full": "elsewhere"})[0] == "Is it new?"


def test_questions_that_each_of_them_added_are_both_kept_where_they_stood():
    first, *rest = BEGAN.questions
    here = replace(BEGAN, questions=(first, Question(id="p9", ask="Mine?"), *rest))
    elsewhere = replace(BEGAN, questions=(*BEGAN.questions, Question(id="p9", ask="Theirs?")))
    changes = both(here, elsewhere)
    assert asks(changes) == ["Is it full?", "Mine?", "Is there a plan?", "Is there a spare?", "Theirs?"]
    assert asks(changes, {"question-p9": "here"})[-1] == "Is there a spare?"
    assert [each.id for each in join_changes(changes, {}).draft.questions] == ["full", "", "plan", "spare", "p9"]


def test_question_taken_out_stays_out_unless_the_other_changed_it():
    here = replace(BEGAN, questions=BEGAN.questions[1:])
    assert asks(both(here, changed(title="Pot"))) == ["Is there a plan?", "Is there a spare?"]
    reworded = changed({"full": {"ask": "Is it hot?"}})
    assert asks(both(here, reworded)) == ["Is it hot?", "Is there a plan?", "Is there a spare?"]
    assert asks(both(here, reworded), {"question-full": "here"}) == ["Is there a plan?", "Is there a spare?"]


def test_all_questions_taken_out_leave_a_blank_one():
    here = replace(BEGAN, questions=(Question(id="p9", ask="Mine?"),))
    assert asks(both(here, BEGAN), {"question-new-1": "elsewhere"}) == [""]


def test_order_is_chosen_as_a_whole():
    here = replace(BEGAN, questions=BEGAN.questions[::-1])
    elsewhere = changed({"plan": {"ask": "Any plan?"}})
    changes = both(here, elsewhere)
    assert asks(changes) == ["Is there a spare?", "Any plan?", "Is it full?"]
    assert asks(changes, {"order": "elsewhere"}) == ["Is it full?", "Any plan?", "Is there a spare?"]


def test_lists_and_obstacles_are_joined_without_doubles():
    here = changed(knowledge=("Water boils.", "Mine."), obstacles=(Obstacle(id="o2", text="Mine."),))
    elsewhere = changed(knowledge=("Water boils.", "Theirs."), obstacles=(Obstacle(id="o2", text="Theirs."),))
    kept = join_changes(both(here, elsewhere, AS_TEXT), {})
    assert kept.lists["knowledge"] == ("Water boils.", "Theirs.", "Mine.")
    assert kept.draft.obstacles == "Theirs.\nMine."


@pytest.mark.parametrize("equality", [None, ()])
def test_section_that_is_absent_or_empty_stays_so(equality):
    here, elsewhere = changed(title="Pot"), changed(statement="Pot.", equality=equality)
    kept = join_changes(both(here, elsewhere, AS_FILE), {})
    assert kept.lists == {"knowledge": BEGAN.knowledge, "equality": equality, "guidance": None}


def test_roles_keep_the_order_of_their_set():
    elsewhere = changed({"plan": {"roles": ("lead_reviewer", "business_unit")}})
    draft = join_changes(both(changed(title="Pot"), elsewhere), {}).draft
    assert draft.questions[1].roles == ("lead_reviewer", "business_unit")


def test_text_says_nothing_of_what_only_the_form_has():
    elsewhere = changed({"full": {"reflect": "Was it hot?"}, "plan": {"roles": ()}}, source="Tea House (2017).")
    changes = both(changed(title="Pot"), elsewhere, AS_TEXT)
    assert [each.field for each in find_changes(changes)] == ["title"]
    draft = join_changes(changes, {}).draft
    assert (draft.source, draft.questions[0].reflect, draft.questions[1].roles) == (
        "Tea House (2017).",
        "Was it hot?",
        (),
    )

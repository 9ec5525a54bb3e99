"""A marker to be read: in a board's words, in both wordings, for whom it is."""

import msgspec
import pytest

from scrqm_forms.domain.marker import Question, Role
from scrqm_forms.domain.reading import passages_of, read_marker_as
from scrqm_forms.domain.wording import UnknownName

WORDS = {"review": "tea party", "board": "tea board", "subject": "guest", "family": "household", "guidance": "The Book"}


@pytest.fixture
def read(kettle):
    """`read(questions=..., obstacles=...)`: marker tea01 as read, changed like that."""

    def read(**changes):
        marker = msgspec.structs.replace(kettle.marker, **changes)
        return read_marker_as(msgspec.structs.replace(kettle, marker=marker), kettle.set.roles, WORDS)

    return read


def question(key, *roles):
    return Question(id=key, ask=f"{key}?", roles=roles)


def test_marker_is_in_the_words_given(read):
    marker = read()
    assert marker.asked.statement == "The tea party has a kettle."
    assert marker.asked.rationale == "Tea board tea is hot."
    assert marker.stage_title == "Brewing"


def test_question_has_both_wordings_where_they_differ(read, kettle, table):
    asked = {each.id: (each.ask, each.reflect) for each in read().questions}
    assert asked["full"] == ("Is the kettle full?", "Was the kettle of the tea party full?")
    published = read_marker_as(table, table.set.roles, WORDS)
    assert [(each.ask, each.reflect) for each in published.questions] == [("Is there a table?", "")]


def test_options_are_of_questions_with_a_choice_only(read):
    assert {each.id: each.options for each in read().questions if each.options} == {
        "leaf": ("Black", "Green, for the guest")
    }


@pytest.mark.parametrize(
    ("questions", "whole", "each"),
    [
        ([question("a"), question("b", "host", "cook")], (), [(), ("hosts", "cooks")]),
        ([question("a", "cook", "host"), question("b", "host")], ("hosts", "cooks"), [(), ("hosts",)]),
        (
            [question("a", "host"), question("b", "cook"), question("c", "guest")],
            (),
            [("hosts",), ("cooks",), ("guests",)],
        ),
        ([question("a", "guest")], ("guests",), [()]),
    ],
    ids=["one for some", "marker for some", "together for all", "one role"],
)
def test_roles_are_named_where_they_are_not_everyone(read, questions, whole, each):
    marker = read(questions=tuple(questions))
    assert (marker.roles, [question.roles for question in marker.questions]) == (whole, each)


def test_section_that_is_absent_differs_from_an_empty_one(read):
    assert (read(obstacles=None).obstacles, read(obstacles=()).obstacles) == (None, ())
    assert (read(guidance=None).asked.guidance, read(guidance=()).asked.guidance) == (None, ())


def test_word_that_is_missing_is_an_error(kettle):
    with pytest.raises(UnknownName, match="review"):
        read_marker_as(kettle, kettle.set.roles, {"board": "tea board"})


def test_passages_are_all_of_the_text_and_where_it_stands(read):
    found = [
        (each.section, each.anchor, each.number, each.text) for each in passages_of(read(rationale="One.\n\nTwo."))
    ]
    assert found[:4] == [
        ("title", "", 1, "Kettle care"),
        ("statement", "", 1, "The tea party has a kettle."),
        ("rationale", "rationale", 1, "One."),
        ("rationale", "rationale", 2, "Two."),
    ]
    assert ("question", "question-leaf", 5, "Which leaf?") in found
    assert ("reflect", "question-leaf", 5, "Which leaf was it?") in found
    assert ("option", "question-leaf", 5, "Green, for the guest") in found
    assert ("knowledge", "knowledge", 1, "Every household knows.") in found
    assert ("guidance", "guidance", 1, "See The Book.") in found
    assert found[-1] == ("obstacle", "obstacle-no_gas", 2, "No gas.")


def test_role_that_the_set_has_not_is_not_named(read, kettle):
    marker = read_marker_as(kettle, (Role(key="host", title="Host", plural="hosts"),), WORDS)
    assert (marker.roles, {each.roles for each in marker.questions}) == ((), {()})

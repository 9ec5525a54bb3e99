"""Counts and texts by group; every reason for having no answer stays apart."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.results import Results, ShownResponse, Tally, shuffle_texts, tally_responses

KEY, OTHER_KEY = "11" * 32, "22" * 32


def response(group, *, audience=None, **entries):
    return ShownResponse(group=group, audience=frozenset(audience or {group}), entries=entries)


def tally(freeze, *responses):
    return tally_responses(freeze(), responses)


def test_answers_are_counted_by_group_and_code(freeze):
    found = tally(
        freeze,
        response("host", tea01=Entry(answers={"full": "yes"}, judgement="met")),
        response("host", tea01=Entry(answers={"full": "no"}, judgement="met")),
        response("cook", tea01=Entry(answers={"full": "yes", "leaf": "black"})),
    ).markers["tea01"]
    assert found.questions["full"].counts == {"host": {"yes": 1, "no": 1}, "cook": {"yes": 1}}
    assert found.questions["leaf"].counts == {"host": {"": 2}, "cook": {"black": 1}}
    assert found.judgement.counts == {"host": {"met": 2}, "cook": {"": 1}}


@pytest.mark.parametrize(
    ("who", "entry", "code"),
    [
        pytest.param("host", Entry(answers={"plan": "not_known"}), "not_known", id="not_known"),
        pytest.param("host", Entry(), "", id="blank"),
        pytest.param("host", None, "", id="never_saved"),
        pytest.param("host", Entry(not_my_part=True, answers={"plan": "yes"}), "not_my_part", id="set_aside"),
        pytest.param("guest", Entry(judgement="met"), "not_asked", id="not_asked"),
    ],
)
def test_reasons_for_no_answer_are_counted_apart(freeze, who, entry, code):
    found = tally(freeze, response(who, **({} if entry is None else {"tea01": entry})))
    assert found.markers["tea01"].questions["plan"].counts == {who: {code: 1}}


@pytest.mark.parametrize(
    ("who", "marker", "entry", "code"),
    [
        pytest.param("guest", "tea01", Entry(judgement="not_met"), "not_met", id="brief_answers"),
        pytest.param("guest", "tea02", None, "not_asked", id="not_asked"),
        pytest.param("host", "tea02", Entry(not_my_part=True, judgement="met"), "not_my_part", id="set_aside"),
        pytest.param("host", "tea02", None, "", id="blank"),
    ],
)
def test_judgement_keeps_the_reasons_for_none_apart(freeze, who, marker, entry, code):
    found = tally(freeze, response(who, **({} if entry is None else {marker: entry})))
    assert found.markers[marker].judgement.counts == {who: {code: 1}}


def test_brief_length_counts_as_not_asked_but_for_the_closing_questions(freeze):
    found = tally(freeze, response("guest", tea01=Entry(judgement="met"), closing=Entry(answers={"again": "no"})))
    assert found.markers["tea01"].questions["full"].counts == {"guest": {"not_asked": 1}}
    assert found.closing["again"].counts == {"guest": {"no": 1}}


ENTRIES = st.none() | st.builds(
    Entry,
    not_my_part=st.booleans(),
    answers=st.dictionaries(st.sampled_from(["full", "plan", "leaf"]), st.sampled_from(["yes", "no"])),
    judgement=st.sampled_from(["", "met", "not_known"]),
)


@settings(deadline=None)
@given(responses=st.lists(st.tuples(st.sampled_from(["host", "cook", "guest"]), ENTRIES), max_size=8))
def test_codes_of_each_question_add_up_to_the_responses_of_each_group(freeze, responses):
    shown = [response(who, **({} if entry is None else {"tea01": entry})) for who, entry in responses]
    found = tally_responses(freeze(), shown)
    sizes = Counter(who for who, _ in responses)
    assert found.responses == sizes
    for marker in found.markers.values():
        for each in [marker.judgement, *(t for key, t in marker.questions.items() if key != "why")]:
            assert {group: counts.total() for group, counts in each.counts.items()} == sizes


def test_obstacles_and_texts_stand_under_their_group(freeze):
    entry = Entry(comments={"full": "Half."}, obstacles=("no_gas",), reflections={"helped": "Water."})
    found = tally(
        freeze, response("host", tea01=entry), response("cook", tea01=entry), response("cook", tea01=entry)
    ).markers["tea01"]
    assert found.obstacles["no_gas"].counts == {"host": {"met": 1}, "cook": {"met": 2}}
    assert found.questions["full"].texts == {"host": ["Half."], "cook": ["Half.", "Half."]}
    assert found.reflections["helped"].texts == {"host": ["Water."], "cook": ["Water.", "Water."]}


def test_answer_of_kind_text_is_a_text_and_not_a_count(freeze):
    found = tally(freeze, response("host", tea01=Entry(comments={"why": "Thirst."}))).markers["tea01"].questions["why"]
    assert (found.counts, found.texts) == ({}, {"host": ["Thirst."]})


def test_nothing_written_in_a_marker_that_was_set_aside_is_shown(freeze):
    aside = Entry(
        not_my_part=True, comments={"full": "secret"}, reflections={"helped": "secret"}, obstacles=("no_gas",)
    )
    found = tally(freeze, response("host", tea01=aside)).markers["tea01"]
    assert found.questions["full"].texts == {}
    assert (found.reflections, found.obstacles) == ({}, {})


def test_text_of_blanks_alone_is_not_listed(freeze):
    found = tally(freeze, response("host", closing=Entry(comments={"went_well": " \n\t"})))
    assert found.closing["went_well"].texts == {}


def test_number_of_what_nobody_said_is_0():
    said = Tally()
    said.count("host", "yes")
    assert (said.number("host", "yes"), said.number("host", "no"), said.number("cook", "yes")) == (1, 0, 0)
    assert list(said.counts) == ["host"]


# The order of texts


def shuffled(freeze, texts, key):
    found = tally(
        freeze,
        *(
            response("host", tea01=Entry(comments={"full": text}, reflections={"helped": text}), closing=Entry())
            for text in texts
        ),
    )
    shuffle_texts(found, key)
    marker = found.markers["tea01"]
    return marker.questions["full"].texts["host"], marker.reflections["helped"].texts["host"]


TEXTS = [f"text {n}" for n in range(12)]


def test_order_of_texts_tells_nothing_of_the_order_of_responses(freeze):
    assert shuffled(freeze, TEXTS, KEY) == shuffled(freeze, TEXTS[::-1], KEY)
    assert shuffled(freeze, TEXTS, KEY)[0] != TEXTS


def test_texts_of_one_place_stand_in_another_order_than_those_of_the_next(freeze):
    comments, reflections = shuffled(freeze, TEXTS, KEY)
    assert comments != reflections
    assert sorted(comments) == sorted(reflections) == sorted(TEXTS)


def test_order_of_texts_is_that_of_the_round_s_own_key(freeze):
    assert shuffled(freeze, TEXTS, KEY) != shuffled(freeze, TEXTS, OTHER_KEY)


def test_closing_texts_are_shuffled_too():
    said = Tally(texts={"host": list(TEXTS)})
    shuffle_texts(Results(closing={"went_well": said}), KEY)
    assert said.texts["host"] != TEXTS
    assert sorted(said.texts["host"]) == sorted(TEXTS)

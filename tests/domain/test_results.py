"""Counts and texts by group; every reason for having no answer stays apart."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrqm_forms.domain.places import places_of
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.results import Results, ShownResponse, Tally, shuffle_texts, tally_responses

KEY, OTHER_KEY = "11" * 32, "22" * 32


def response(group, *, audience=None, **entries):
    return ShownResponse(group=group, audience=frozenset(audience or {group}), entries=entries)


def tally(freeze, *responses, shows=lambda place, group: True):
    return tally_responses(freeze(), places_of(freeze()), responses, shows)


def said(entry):
    """Keyword arguments of a response that saved `entry`, or nothing, for marker tea01."""
    return {} if entry is None else {"tea01": entry}


def test_answers_are_counted_by_group_and_code(freeze):
    found = tally(
        freeze,
        response("host", tea01=Entry(answers={"full": "yes"}, judgement="met")),
        response("host", tea01=Entry(answers={"full": "no"}, judgement="met")),
        response("cook", tea01=Entry(answers={"full": "yes", "leaf": "black"}, obstacles=("no_gas",))),
    )
    assert found.of("tea01.full.rating").counts == {"host": {"yes": 1, "no": 1}, "cook": {"yes": 1}}
    assert found.of("tea01.leaf.choice").counts == {"host": {"": 2}, "cook": {"black": 1}}
    assert found.of("tea01.judgement").counts == {"host": {"met": 2}, "cook": {"": 1}}
    assert found.of("tea01.obstacles.no_gas").counts == {"host": {"": 2}, "cook": {"met": 1}}
    assert found.responses == {"host": 2, "cook": 1}


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
    assert tally(freeze, response(who, **said(entry))).of("tea01.plan.rating").counts == {who: {code: 1}}


@pytest.mark.parametrize(
    ("who", "entry", "code"),
    [
        pytest.param("guest", Entry(judgement="not_met"), "not_met", id="brief_answers"),
        pytest.param("host", Entry(not_my_part=True, judgement="met"), "not_my_part", id="set_aside"),
        pytest.param("host", None, "", id="blank"),
    ],
)
def test_judgement_keeps_the_reasons_for_none_apart(freeze, who, entry, code):
    assert tally(freeze, response(who, **said(entry))).of("tea01.judgement").counts == {who: {code: 1}}


def test_brief_length_counts_as_not_asked_but_for_the_closing_questions(freeze):
    found = tally(freeze, response("guest", tea01=Entry(judgement="met"), closing=Entry(answers={"again": "no"})))
    assert found.of("tea01.full.rating").counts == {"guest": {"not_asked": 1}}
    assert found.of("closing.again.rating").counts == {"guest": {"no": 1}}


ENTRIES = st.none() | st.builds(
    Entry,
    not_my_part=st.booleans(),
    answers=st.dictionaries(st.sampled_from(["full", "plan", "leaf"]), st.sampled_from(["yes", "no"])),
    judgement=st.sampled_from(["", "met", "not_known"]),
)


@settings(deadline=None)
@given(responses=st.lists(st.tuples(st.sampled_from(["host", "cook", "guest"]), ENTRIES), min_size=1, max_size=8))
def test_codes_in_each_place_add_up_to_the_responses_of_each_group(freeze, responses):
    found = tally(freeze, *(response(who, **said(entry)) for who, entry in responses))
    sizes = Counter(who for who, _ in responses)
    assert found.responses == sizes
    coded = [place for place in places_of(freeze()) if not place.is_text]
    assert len(coded) > 8
    for place in coded:
        counts = found.of(place.column).counts
        assert {group: codes.total() for group, codes in counts.items()} == sizes


def test_texts_stand_under_their_group(freeze):
    entry = Entry(comments={"full": "Half.", "why": "Thirst."}, reflections={"helped": "Water."})
    found = tally(freeze, *(response(who, tea01=entry) for who in ("host", "cook", "cook")))
    for column, text in (("full.comment", "Half."), ("why.text", "Thirst."), ("helped", "Water.")):
        assert found.of(f"tea01.{column}").texts == {"host": [text], "cook": [text, text]}
        assert found.of(f"tea01.{column}").counts == {}


def test_nothing_written_in_a_marker_that_was_set_aside_is_shown(freeze):
    aside = Entry(not_my_part=True, comments={"full": "x"}, reflections={"helped": "x"}, obstacles=("no_gas",))
    found = tally(freeze, response("host", tea01=aside))
    assert not any(each.texts for each in found.tallies.values())
    assert found.of("tea01.obstacles.no_gas").number("host", "met") == 0


def test_text_of_blanks_alone_is_not_listed(freeze):
    found = tally(freeze, response("host", closing=Entry(comments={"went_well": " \n\t"})))
    assert found.of("closing.went_well.text").texts == {}


def test_place_that_may_not_be_shown_for_a_group_holds_nothing_of_it(freeze):
    entry = Entry(answers={"full": "no"}, comments={"full": "Half."})
    responses = [response(who, tea01=entry) for who in ("host", "cook")]
    found = tally(freeze, *responses, shows=lambda place, group: group == "cook" or place.entry != "tea01")
    assert found.of("tea01.full.rating").counts == {"cook": {"no": 1}}
    assert found.of("tea01.full.comment").texts == {"cook": ["Half."]}
    assert found.of("tea02.p1.rating").counts == {"host": {"": 1}, "cook": {"not_asked": 1}}


def test_number_of_what_nobody_said_is_0():
    found = Tally(counts={"host": Counter(yes=1)})
    assert (found.number("host", "yes"), found.number("host", "no"), found.number("cook", "yes")) == (1, 0, 0)
    assert list(found.counts) == ["host"]
    assert Results().of("tea01.judgement").number("host", "met") == 0


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
    return found.of("tea01.full.comment").texts["host"], found.of("tea01.helped").texts["host"]


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
    found = Results(tallies={"closing.went_well.text": Tally(texts={"host": list(TEXTS)})})
    shuffle_texts(found, KEY)
    texts = found.of("closing.went_well.text").texts["host"]
    assert texts != TEXTS
    assert sorted(texts) == sorted(TEXTS)

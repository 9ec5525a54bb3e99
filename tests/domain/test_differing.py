"""Which questions to talk about first: how far groups differ, and who is silent."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrqm_forms.domain.differing import make_agenda, order_topics, ordinal_distance
from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.places import places_of
from scrqm_forms.domain.results import Results, Tally

HOSTS, COOKS, GUESTS = (Group(key=key, title=f"{key}s", roles=(key,)) for key in ("host", "cook", "guest"))
FULL, SPARE, JUDGED = "tea01.full.rating", "tea01.spare.rating", "tea01.judgement"


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        pytest.param((4, 0, 0), (2, 0, 0), "0", id="alike"),
        pytest.param((3, 0, 0), (0, 0, 5), "1", id="opposite ends"),
        pytest.param((1, 0, 0), (0, 1, 0), "1/2", id="one step of two"),
        pytest.param((1, 0, 1), (0, 2, 0), "1/2", id="split against the middle: each half a step away"),
        # F = 1/6, 3/6; G = 3/6, 5/6: (2/6 + 2/6) / 2
        pytest.param((1, 2, 3), (3, 2, 1), "1/3", id="mirrored"),
        # F = 1/4, 2/4, 3/4; G = 0, 0, 0: (1/4 + 2/4 + 3/4) / 3
        pytest.param((1, 1, 1, 1), (0, 0, 0, 1), "1/2", id="four steps"),
        # Rubner, Tomasi and Guibas's case against comparing bin by bin: one bin aside is nearer than two.
        pytest.param((1, 0, 0, 0, 0), (0, 1, 0, 0, 0), "1/4", id="one bin aside"),
        pytest.param((1, 0, 0, 0, 0), (0, 0, 1, 0, 0), "1/2", id="two bins aside"),
    ],
)
def test_ordinal_distance_is_the_share_of_the_scale_that_answers_are_apart(one, other, distance):
    assert ordinal_distance(one, other) == Fraction(distance)


COUNTS = st.tuples(*[st.integers(0, 9)] * 3).filter(any)


@given(COUNTS, COUNTS, COUNTS)
def test_ordinal_distance_is_a_distance_that_counts_shares_and_no_direction(one, other, third):
    found = ordinal_distance(one, other)
    assert 0 <= found <= 1
    assert found == ordinal_distance(other, one) == ordinal_distance(one[::-1], other[::-1])
    assert found == ordinal_distance([3 * each for each in one], other)
    assert found <= ordinal_distance(one, third) + ordinal_distance(third, other)


@given(COUNTS, COUNTS)
def test_ordinal_distance_is_what_moving_answers_costs(one, other):
    """By moving them: from the left, each step passes on what it has too much of."""
    cost, carried = Fraction(), Fraction()
    for mine, theirs in zip(one, other, strict=True):
        carried += Fraction(mine, sum(one)) - Fraction(theirs, sum(other))
        cost += abs(carried)
    assert ordinal_distance(one, other) == cost / 2


def results(**tallies):
    """Column -> group -> counts by code, under the names FULL, SPARE, JUDGED."""
    sent = Counter()
    found = Results(responses=sent)
    for name, groups in tallies.items():
        counts = {group: Counter(codes) for group, codes in groups.items()}
        sent |= Counter({group: codes.total() for group, codes in counts.items()})
        found.tallies[{"full": FULL, "spare": SPARE, "judged": JUDGED}[name]] = Tally(counts=counts)
    found.responses.update(sent - found.responses)
    return found


def topics(freeze, found, groups=(HOSTS, COOKS), **changes):
    questionnaire = freeze(**changes)
    return order_topics(questionnaire, places_of(questionnaire), found, groups)


def columns(found):
    return [topic.place.column for topic in found]


def test_questions_stand_in_the_order_of_how_far_groups_are_apart(freeze):
    found = topics(
        freeze,
        results(
            full={"host": {"yes": 2}, "cook": {"partly": 1, "yes": 1}},
            spare={"host": {"yes": 2}, "cook": {"no": 2}},
            judged={"host": {"met": 2}, "cook": {"partly_met": 2}},
        ),
    )
    assert columns(found) == [SPARE, JUDGED, FULL]
    assert [topic.distance for topic in found] == [1, Fraction(1, 2), Fraction(1, 4)]
    assert found[0].apart == (HOSTS, COOKS)


def test_silence_weighs_as_much_as_distance(freeze):
    found = topics(
        freeze,
        results(
            full={"host": {"yes": 1}, "cook": {"partly": 1}},
            spare={"host": {"not_known": 2}, "cook": {"": 1, "not_my_part": 1}},
        ),
    )
    assert columns(found) == [SPARE, FULL]
    assert (found[0].distance, found[0].silence, found[0].silent) == (None, 1, (HOSTS, COOKS))
    assert found[0].not_known == ((HOSTS, 2, 2),)


def test_not_applicable_is_an_answer_and_not_being_asked_is_no_silence(freeze):
    found = topics(freeze, results(spare={"host": {"not_applicable": 2}, "cook": {"not_asked": 3}}))
    assert [topic.silence for topic in found] == [0]


def test_group_of_which_nobody_answered_is_silent_where_it_was_asked(freeze):
    found = topics(freeze, results(full={"host": {"yes": 2}}), (HOSTS, COOKS, GUESTS))
    assert found[0].silent == (COOKS,)
    assert found[0].silence == Fraction(1, 2)


def test_of_several_groups_the_two_furthest_apart_count(freeze):
    found = topics(
        freeze,
        results(full={"host": {"yes": 1}, "cook": {"partly": 1}, "guest": {"no": 9}}),
        (HOSTS, COOKS, GUESTS),
        lengths={},
    )
    assert (found[0].distance, found[0].apart) == (1, (HOSTS, GUESTS))


@pytest.mark.parametrize(("favourable", "first"), [("yes", SPARE), ("no", FULL)])
def test_equals_stand_by_what_is_unfavourable_which_may_be_yes(freeze, kettle, favourable, first):
    """Both are agreed on: the kettle is full, and there is no spare."""
    from msgspec.structs import replace

    questions = tuple(replace(each, favourable=favourable) for each in kettle.marker.questions)
    chosen = (replace(kettle, marker=replace(kettle.marker, questions=questions)),)
    found = topics(
        freeze,
        results(full={"host": {"yes": 1}, "cook": {"yes": 1}}, spare={"host": {"no": 1}, "cook": {"no": 1}}),
        chosen=chosen,
        markers=("tea01",),
    )
    assert columns(found)[0] == first


def test_equals_in_everything_stand_in_the_order_asked(freeze):
    same = {"host": {"yes": 1}, "cook": {"no": 1}}
    found = topics(freeze, results(spare=same, full=same))
    assert columns(found) == [FULL, SPARE]


@pytest.mark.parametrize(
    ("partly", "words"), [(0, "close"), (1, "close"), (2, "some_way"), (3, "some_way"), (4, "far")]
)
def test_distance_has_words_with_fixed_limits(freeze, partly, words):
    """Of four, each that says Partly and not Yes is an eighth of the scale."""
    (topic,) = topics(freeze, results(full={"host": {"yes": 4}, "cook": {"yes": 4 - partly, "partly": partly}}))
    assert (topic.distance, topic.how_far) == (Fraction(partly, 8), words)


def test_agenda_keeps_the_order_and_gives_one_entry_few_places(freeze):
    found = results(
        full={"host": {"yes": 2}, "cook": {"partly": 1, "yes": 1}},
        spare={"host": {"yes": 2}, "cook": {"no": 2}},
        judged={"host": {"met": 2}, "cook": {"partly_met": 2}},
    )
    ordered = topics(freeze, found)
    silent = make_agenda(ordered, found, ["tea01"], most=8, of_one=2)
    assert (silent.topics, silent.unanswered) == ((), ("tea01",))
    found.answering["tea01"] = {"host", "cook"}
    for most, of_one, number in ((8, 8, 3), (8, 2, 2), (1, 2, 1)):
        agenda = make_agenda(ordered, found, ["tea01"], most=most, of_one=of_one)
        assert (list(agenda.topics), agenda.unanswered) == (ordered[:number], ())


def test_choices_have_no_order_and_so_no_distance(freeze):
    found = Results(tallies={"tea01.leaf.choice": Tally(counts={"host": Counter(black=1), "cook": Counter(green=1)})})
    assert topics(freeze, found) == []

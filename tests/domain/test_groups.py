"""Groups: nobody is shown among too few."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.groups import check_groups, join_groups, make_groups, merge_small_groups, propose_groups
from scrqm_forms.domain.marker import ROLES

KEYS = [role.key for role in ROLES]
EACH = make_groups([[key] for key in KEYS], ROLES)


def parts_of(groups):
    return [group.roles for group in groups]


# Making


def test_group_is_named_after_its_roles_in_the_order_of_the_set():
    (group, _) = make_groups([["practitioner", "chair", "panel"], ["business_unit", "lead_reviewer"]], ROLES)
    assert group.key == "chair+panel+practitioner"
    assert group.title == "chairs and board members, panel members and practitioners"


def test_group_of_all_roles_is_everyone():
    assert [group.title for group in make_groups([KEYS], ROLES)] == ["everyone"]


def test_only_role_of_a_round_keeps_its_name():
    assert make_groups([["panel"]], ROLES[1:2])[0].title == "panel members"


def test_empty_part_makes_no_group():
    assert len(make_groups([[], KEYS], ROLES)) == 1


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        pytest.param([KEYS[1:]], '"chair" stands in 0 groups', id="missing"),
        pytest.param([KEYS, ["chair"]], '"chair" stands in 2 groups', id="twice"),
        pytest.param([["chair", *KEYS]], '"chair" stands in 2 groups', id="twice_in_one"),
        pytest.param([KEYS, ["cook"]], '"cook" is not a role', id="unknown"),
    ],
)
def test_role_stands_in_exactly_one_group(parts, message):
    with pytest.raises(Refused, match=message):
        make_groups(parts, ROLES)


# Proposing


def test_named_round_shows_each_role_on_its_own():
    assert parts_of(propose_groups(ROLES, {"chair": 1}, "named", 5)) == [(key,) for key in KEYS]


@pytest.mark.parametrize(
    ("invited", "parts"),
    [
        pytest.param({}, [tuple(KEYS)], id="nobody_yet"),
        pytest.param(dict.fromkeys(KEYS, 5), [(key,) for key in KEYS], id="enough_of_each"),
        pytest.param({"practitioner": 6, "chair": 2, "panel": 3}, [("practitioner",), tuple(KEYS[:4])], id="the_rest"),
        pytest.param(
            {"practitioner": 9, "panel": 5, "chair": 4},
            [("chair", "panel", "lead_reviewer", "business_unit"), ("practitioner",)],
            id="too_few_even_together_join_the_smallest",
        ),
        pytest.param({"chair": 1, "panel": 1}, [tuple(KEYS)], id="too_few_in_all"),
    ],
)
def test_confidential_round_keeps_a_role_apart_only_if_it_has_enough_people(invited, parts):
    assert parts_of(propose_groups(ROLES, invited, "confidential", 5)) == parts


INVITED = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 12))
MINIMUMS = st.integers(3, 10)


@given(INVITED, MINIMUMS)
def test_proposed_groups_can_always_be_opened(invited, minimum):
    groups = propose_groups(ROLES, invited, "confidential", minimum)
    assert sorted(role for group in groups for role in group.roles) == sorted(KEYS)
    assert len(groups) == 1 or all(sum(invited.get(role, 0) for role in group.roles) >= minimum for group in groups)
    check_groups(groups, invited, minimum)


# Checking


def test_group_with_too_few_people_is_refused_and_named():
    groups = make_groups([["practitioner"], KEYS[:4]], ROLES)
    with pytest.raises(Refused, match="group practitioners has 4 people invited; a confidential round needs 5"):
        check_groups(groups, {"practitioner": 4, "chair": 9}, 5)


def test_group_with_just_enough_people_is_allowed():
    check_groups(make_groups([["practitioner"], KEYS[:4]], ROLES), {"practitioner": 5, "chair": 2, "panel": 3}, 5)


def test_one_group_of_everyone_is_always_allowed():
    check_groups(make_groups([KEYS], ROLES), {}, 5)


# Merging at closing


@pytest.mark.parametrize(
    ("submitted", "shown"),
    [
        pytest.param(dict.fromkeys(KEYS, 5), [[key] for key in KEYS], id="enough_of_each"),
        pytest.param({"chair": 1, "panel": 3}, [], id="too_few_in_all"),
        pytest.param({"chair": 2, "panel": 3}, [KEYS], id="just_enough_in_all"),
        pytest.param(
            {"chair": 4, "panel": 9, "lead_reviewer": 6, "business_unit": 7, "practitioner": 8},
            [["chair", "lead_reviewer"], ["panel"], ["business_unit"], ["practitioner"]],
            id="small_one_joins_the_smallest_other",
        ),
        pytest.param(
            {"chair": 2, "panel": 2, "lead_reviewer": 2, "business_unit": 9, "practitioner": 9},
            [["chair", "panel", "lead_reviewer"], ["business_unit"], ["practitioner"]],
            id="small_ones_join_each_other_until_enough",
        ),
        pytest.param(
            {"chair": 5, "panel": 5, "lead_reviewer": 5, "business_unit": 5},
            [["chair", "practitioner"], ["panel"], ["lead_reviewer"], ["business_unit"]],
            id="empty_one_joins_and_ties_go_by_order",
        ),
    ],
)
def test_group_below_the_minimum_is_shown_with_the_smallest_other(submitted, shown):
    assert [[group.key for group in part] for part in merge_small_groups(submitted, EACH, 5)] == shown


@given(INVITED, MINIMUMS)
def test_parts_shown_are_all_large_enough_or_nothing_is_shown(submitted, minimum):
    shown = merge_small_groups(submitted, EACH, minimum)
    if sum(submitted.values()) < minimum:
        assert shown == ()
    else:
        assert sorted(group.key for part in shown for group in part) == sorted(KEYS)
        assert all(sum(submitted.get(group.key, 0) for group in part) >= minimum for part in shown)


@given(INVITED, MINIMUMS, st.randoms(use_true_random=False))
def test_merging_gives_the_same_whatever_order_the_counts_come_in(submitted, minimum, chance):
    items = list(submitted.items())
    chance.shuffle(items)
    assert merge_small_groups(dict(items), EACH, minimum) == merge_small_groups(submitted, EACH, minimum)


def test_joined_groups_have_one_name():
    assert join_groups([EACH[4], EACH[0]], ROLES).key == "chair+practitioner"
    assert join_groups([EACH[4], EACH[0]], ROLES).title == "chairs and board members and practitioners"
    assert join_groups(EACH, ROLES).title == "everyone"

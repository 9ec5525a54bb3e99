"""Rounds side by side: the same groups in each, and nothing under a heading that a round does not show in full."""

from random import Random

import pytest

from scrqm_forms.domain.groups import Group, make_groups
from scrqm_forms.domain.marker import Role
from scrqm_forms.domain.places import places_of
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.side_by_side import RoundSpread, common_groups, spread_side_by_side
from scrqm_forms.domain.spread import GroupSpread, Spread

ROLES = tuple(Role(key=key, title=key, plural=f"{key}s") for key in ("ant", "bee", "cow", "dog"))


def groups(*keys):
    """Groups of single letters' roles: "ab" is ants with bees."""
    by_letter = {role.key[0]: role.key for role in ROLES}
    return [Group(key=each, title=each, roles=tuple(by_letter[letter] for letter in each)) for each in keys]


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (["a", "b"], ["a", "b"], ["ant", "bee"]),
        (["a", "b", "c"], ["ab", "c"], ["ant+bee", "cow"]),
        (["ab", "cd"], ["a", "bc", "d"], ["ant+bee+cow+dog"]),
        (["ab"], ["cd"], ["ant+bee", "cow+dog"]),
        (["d", "a"], [], ["ant", "dog"]),
    ],
)
def test_roles_together_in_any_round_are_together_in_all(first, second, found):
    assert [group.key for group in common_groups([groups(*first), groups(*second)], ROLES)] == found


def test_common_groups_are_the_smallest_that_every_group_lies_within():
    for seed in range(300):
        chance = Random(seed)
        shown = [_partition(chance) for _ in range(chance.randint(1, 3))]
        found = common_groups(shown, ROLES)
        assert sorted(role for group in found for role in group.roles) == sorted(role.key for role in ROLES)
        for group in (group for each in shown for group in each):
            assert sum(set(group.roles) <= set(each.roles) for each in found) == 1
        for each in found:  # nothing smaller would do: its roles hang together through the groups shown
            assert (
                len(common_groups([[g for g in part if set(g.roles) <= set(each.roles)] for part in shown], ROLES)) == 1
            )


def _partition(chance):
    parts = [[] for _ in ROLES]
    for role in ROLES:
        chance.choice(parts).append(role.key)
    return make_groups(parts, ROLES)


def spread(freeze, rows, labels=("Yes", "Partly", "No"), blurred=()):
    """`rows`: group -> (people who sent answers, numbers or None)."""
    place = next(place for place in places_of(freeze()) if place.column == "tea01.full.rating")
    answers = tuple(Choice(code=code, label=label) for code, label in zip(("yes", "partly", "no"), labels, strict=True))
    found = tuple(
        GroupSpread(
            group=group,
            sent=sent,
            numbers=numbers,
            answered=sum((numbers or {}).get(code, 0) for code in ("yes", "partly", "no")),
        )
        for (group,), sent, numbers in ((groups(key), *row) for key, row in rows.items())
    )
    return Spread(place=place, answers=answers, apart=(), groups=found, total=None), frozenset(blurred)


def side_by_side(first, second, *keys):
    rounds = [
        RoundSpread(title=title, spread=each[0], blurred=each[1])
        for title, each in (("Before", first), ("After", second))
    ]
    return spread_side_by_side(rounds, groups(*keys))


def test_numbers_are_the_sum_of_what_each_round_shows(freeze):
    first = spread(freeze, {"a": (2, {"yes": 1, "no": 1}), "b": (1, {"yes": 1})})
    second = spread(freeze, {"ab": (6, {"partly": 5, "": 1})})
    found, _ = side_by_side(first, second, "ab")
    assert [(row.group.title, row.sent, row.numbers, row.answered) for row in found.groups] == [
        ("Before: ab", 3, {"yes": 2, "no": 1}, 3),
        ("After: ab", 6, {"partly": 5, "": 1}, 5),
    ]
    assert found.total is None


def test_heading_of_which_a_part_is_not_shown_has_no_numbers(freeze):
    first = spread(freeze, {"a": (5, {"yes": 5}), "b": (7, None)})
    second = spread(freeze, {"ab": (6, {"yes": 6})})
    found, _ = side_by_side(first, second, "ab")
    assert [row.numbers for row in found.groups] == [None, {"yes": 6}]


def test_group_of_which_nobody_answered_takes_nothing_away(freeze):
    first = spread(freeze, {"a": (5, {"yes": 5}), "b": (0, None)})
    found, _ = side_by_side(first, first, "ab")
    assert [row.numbers for row in found.groups] == [{"yes": 5}, {"yes": 5}]


def test_group_that_a_round_has_not_has_no_row_of_it(freeze):
    found, _ = side_by_side(spread(freeze, {"a": (5, {"yes": 5})}), spread(freeze, {"b": (5, {"no": 5})}), "a", "b")
    assert [row.group.title for row in found.groups] == ["Before: a", "After: b"]


def test_answers_have_the_words_of_every_round(freeze):
    first = spread(freeze, {"a": (5, {"yes": 5})}, ("Ready", "Partly", "No"))
    found, _ = side_by_side(first, spread(freeze, {"a": (5, {"yes": 5})}), "a")
    assert [choice.label for choice in found.answers] == ["Ready / Yes", "Partly", "No"]


def test_what_is_blurred_in_a_round_is_blurred_side_by_side(freeze):
    first = spread(freeze, {"a": (5, {"yes": 5}), "b": (5, {"yes": 5})}, blurred=groups("b"))
    _, blurred = side_by_side(first, spread(freeze, {"ab": (6, {"yes": 6})}), "ab")
    assert [group.title for group in blurred] == ["Before: ab"]

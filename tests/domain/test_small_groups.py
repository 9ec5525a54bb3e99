"""From everything that is shown of a confidential round together, nothing of a group below the minimum can be derived.

Two ways of showing it, over made-up rounds (`small_groups.py`):

- *Adding and subtracting.* What is shown are sums of unknown numbers: how many of a group gave this answer in that
  place, or set the marker aside. Whoever adds and subtracts what is shown can reach any vector in its span, and no
  other. So no vector in the span may be about too few people alone. Sizes of groups are known to everybody, and so the
  blanks, which are what is left over, are no unknowns of their own.
- *Exchanging.* When two people of different groups that are shown together exchange all that both were asked, what
  the two groups said changes, and nothing that is shown does: pages, tables, texts or rows. So nothing that is shown,
  added, subtracted or looked at in any other way, tells what either of them said.
"""

from collections.abc import Sequence
from itertools import combinations
from random import Random

import pytest

from scrqm_forms.domain.places import Place
from scrqm_forms.domain.response import Entry

from .small_groups import MadeUp, Said, entry_of, make_responses, make_round, show_counts, show_everything

ROUNDS = 2000
_PRIME = 2**31 - 1


def test_no_distribution_of_a_small_group_can_be_derived_by_adding_and_subtracting() -> None:
    joined = 0
    for seed in range(ROUNDS):
        made = make_round(Random(seed))
        for groups in made.joined() if made else ():
            assert made is not None
            joined += 1
            assert derivable(made, groups) is None, f"round {seed}: {derivable(made, groups)}"
    assert joined > ROUNDS / 4


def derivable(made: MadeUp, groups: Sequence[str]) -> tuple[str, ...] | None:
    """Groups of fewer people than the minimum about whom alone something follows, of some that are shown together."""
    columns = [(group, entry) for group in groups for entry in answers_of(made, group)]
    nothing = {group: show_counts(made, [Said(group, {})]) for group in groups}
    shown = [show_counts(made, [Said(group, {"t1": entry})]) for group, entry in columns]
    cells = sorted({cell for each in (*shown, *nothing.values()) for cell in each})
    # What one such answer adds to each number, in place of a blank.
    rows = [
        [each.get(cell, 0) - nothing[group].get(cell, 0) for each, (group, _) in zip(shown, columns, strict=True)]
        for cell in cells
    ]
    whole = rank(rows)
    for small in small_unions(made, groups):
        others = [n for n, (group, _) in enumerate(columns) if group not in small]
        if rank([[row[n] for n in others] for row in rows]) < whole:
            return small
    return None


def answers_of(made: MadeUp, group: str) -> list[Entry]:
    """Everything that one of the group can say in one place; two codes stand for all of a scale."""
    asked = [place for place in made.places if not place.is_text and made.is_asked(place, group)]
    single = [entry_of([(place, choice.code)]) for place in asked for choice in place.choices[:2]]
    return [*single, Entry(not_my_part=True)] if asked else []


def small_unions(made: MadeUp, groups: Sequence[str]) -> list[tuple[str, ...]]:
    """Some of the groups, together below the minimum; only the largest such, since others are within them."""
    unions = [set(some) for n in range(1, len(groups)) for some in combinations(groups, n)]
    small = [some for some in unions if sum(made.submitted[key] for key in some) < made.questionnaire.minimum]
    return [tuple(sorted(some)) for some in small if not any(some < other for other in small)]


def rank(rows: Sequence[Sequence[int]]) -> int:
    """By elimination, over whole numbers modulo a prime far larger than any of their minors."""
    left = [[number % _PRIME for number in row] for row in rows]
    found = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((n for n in range(found, len(left)) if left[n][column]), None)
        if pivot is None:
            continue
        left[found], left[pivot] = left[pivot], left[found]
        top, inverse = left[found], pow(left[found][column], -1, _PRIME)
        for n in range(found + 1, len(left)):
            if left[n][column]:
                factor = left[n][column] * inverse % _PRIME
                left[n] = [(mine - factor * theirs) % _PRIME for mine, theirs in zip(left[n], top, strict=True)]
        found += 1
    return found


def test_nothing_shown_changes_when_two_people_shown_together_exchange_what_both_were_asked() -> None:
    exchanged = 0
    for seed in range(ROUNDS):
        chance = Random(seed)
        made = make_round(chance)
        for groups in made.joined() if made else ():
            assert made is not None
            before = make_responses(made, chance)
            one, other = chance.sample(groups, 2)
            after = exchange(made, before, one, other, chance)
            exchanged += after != before
            assert show_everything(made, after) == show_everything(made, before), f"round {seed}"
    assert exchanged > ROUNDS / 10


def exchange(made: MadeUp, responses: list[Said], one: str, other: str, chance: Random) -> list[Said]:
    """The responses, with one of each group having said what the other did wherever both were asked and it is shown."""
    mine = chance.choice([n for n, said in enumerate(responses) if said.group == one])
    theirs = chance.choice([n for n, said in enumerate(responses) if said.group == other])
    found = list(responses)
    found[mine] = said_like(made, responses[mine], responses[theirs])
    found[theirs] = said_like(made, responses[theirs], responses[mine])
    return found


def said_like(made: MadeUp, said: Said, like: Said) -> Said:
    """`said`, with the answers of `like` in all places that both were asked."""
    asked = [place for place in made.places if made.is_asked(place, said.group)]
    common = [place for place in asked if made.is_asked(place, like.group)]
    if not any(made.is_shown(place, said.group) and not place.is_text for place in common):
        return said
    apart = [place for place in asked if place not in common]
    entry, other = said.entries.get("t1", Entry()), like.entries.get("t1", Entry())
    if other.not_my_part and not any(made.is_shown(place, said.group) for place in apart):
        return Said(said.group, {"t1": other})
    both: list[tuple[Place, str]] = [(place, _found(place, entry)) for place in apart]
    return Said(said.group, {"t1": entry_of([*both, *((place, _found(place, other)) for place in common)])})


def _found(place: Place, entry: Entry) -> str:
    return "" if entry.not_my_part else place.find(entry)


def test_every_number_shown_is_of_at_least_the_minimum_of_people() -> None:
    for seed in range(200):
        made = make_round(Random(seed))
        for group in made.shown if made else ():
            assert made is not None
            for place in made.places:
                parts = [key for key, each in made.shown.items() if each is made.shown[group]]
                asked = sum(made.submitted[key] for key in parts if made.is_asked(place, key))
                assert made.is_shown(place, group) is (asked == 0 or asked >= made.questionnaire.minimum)


@pytest.mark.parametrize(
    ("rows", "found"),
    [([], 0), ([[0, 0]], 0), ([[1, 0], [0, 1]], 2), ([[1, 1], [2, 2]], 1), ([[1, 1, 0], [0, 1, 1], [1, 2, 1]], 2)],
)
def test_rank_is_found(rows: list[list[int]], found: int) -> None:
    assert rank(rows) == found

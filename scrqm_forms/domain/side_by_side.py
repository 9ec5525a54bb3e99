"""The rounds of one review side by side: the same question and the same groups in each.

The rounds of a review may show different groups: roles were joined differently, or are named in one and not in
another. Side by side, two headings that share some of their roles would invite everybody to take one from the other,
and the rest could be a few people. So roles that stand together in any of the rounds stand together in all of them, and
a number is the sum of what the round itself shows. What is not shown in full for a heading is not shown under it.

Answers are given anew in each round. That some of the people are the same ties no number of one round to one of
another: no sum or difference of the two is about anybody's answer.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from scrqm_forms.domain.groups import Group, join_groups
from scrqm_forms.domain.marker import Role
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.spread import GroupSpread, Spread


class RoundSpread(Struct, frozen=True, kw_only=True):
    """What one round shows of one place, under the name of the round."""

    title: str
    spread: Spread
    #: Groups of which nobody learns who set the marker aside.
    blurred: frozenset[Group]


def common_groups(shown: Sequence[Sequence[Group]], roles: Sequence[Role]) -> tuple[Group, ...]:
    """The smallest groups that every group of every round lies within; `shown` has the groups of each round."""
    parts: list[frozenset[str]] = []
    for group in (group for groups in shown for group in groups):
        touching = [part for part in parts if part & set(group.roles)]
        parts = [part for part in parts if part not in touching] + [frozenset(group.roles).union(*touching)]
    order = {role.key: n for n, role in enumerate(roles)}
    parts.sort(key=lambda part: min(order[key] for key in part))
    return tuple(join_groups([Group(key="", title="", roles=tuple(part))], roles) for part in parts)


def spread_side_by_side(rounds: Sequence[RoundSpread], groups: Sequence[Group]) -> tuple[Spread, tuple[Group, ...]]:
    """One row for each group and round, a group's rounds below each other, and which of these rows are blurred.

    The row's group is named after both: "Looking back: practitioners". There is no total: people may be in several.
    """
    rows, blurred = [], []
    for group in groups:
        for each in rounds:
            within = [row for row in each.spread.groups if row.group and set(row.group.roles) <= set(group.roles)]
            if within:
                title = f"{each.title}: {group.title}"
                heading = Group(key=f"{group.key}/{each.title}", title=title, roles=group.roles)
                rows.append(_sum(heading, within))
                blurred += [heading for row in within[:1] if any(row.group in each.blurred for row in within)]
    answers = _labelled([each.spread.answers for each in rounds])
    apart = _labelled([each.spread.apart for each in rounds])
    place = rounds[-1].spread.place
    return Spread(place=place, answers=answers, apart=apart, groups=tuple(rows), total=None), tuple(blurred)


def _sum(heading: Group, within: Sequence[GroupSpread]) -> GroupSpread:
    sent = [row for row in within if row.sent]
    total = sum(row.sent for row in sent)
    if not sent or any(row.numbers is None for row in sent):
        return GroupSpread(group=heading, sent=total, numbers=None, answered=0)
    numbers: Counter[str] = Counter()
    for row in sent:
        numbers.update(row.numbers or {})
    return GroupSpread(
        group=heading,
        sent=total,
        numbers=dict(numbers),
        answered=sum(row.answered for row in sent),
        blank=all(row.blank for row in sent),
    )


def _labelled(choices: Sequence[Sequence[Choice]]) -> tuple[Choice, ...]:
    """Each code once, with all the words it had: "Prepared / Met"."""
    labels: dict[str, list[str]] = {}
    for choice in (choice for each in choices for choice in each):
        known = labels.setdefault(choice.code, [])
        if choice.label not in known:
            known.append(choice.label)
    return tuple(Choice(code=code, label=" / ".join(known)) for code, known in labels.items())

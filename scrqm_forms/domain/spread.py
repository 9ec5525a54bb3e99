"""How the groups answered one thing, for a table and a bar: the answers themselves, and all that is none apart."""

from collections.abc import Sequence

from msgspec import Struct, structs

from scrqm_forms.domain.differing import SCALES
from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.places import Place
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.results import Results
from scrqm_forms.domain.wording import OTHER_LABELS


class GroupSpread(Struct, frozen=True, kw_only=True):
    """What one group, or all that are shown, said."""

    #: None for all together.
    group: Group | None
    #: How many sent their answers, to whatever.
    sent: int
    #: Code -> how many; None where too few of the group were asked to be shown.
    numbers: dict[str, int] | None
    #: How many gave one of the answers that percentages are of.
    answered: int
    #: Nobody of them chose anything in the whole entry: that an obstacle was not ticked says nothing then.
    blank: bool = False

    @property
    def came_up(self) -> int | None:
        """Of an obstacle, how many said that it came up; None where that is not shown, or nobody answered at all."""
        return None if self.numbers is None or self.blank else self.answered

    def percent(self, code: str) -> int:
        """Of those who answered, to the nearest whole number (a half goes up)."""
        return (200 * (self.numbers or {}).get(code, 0) + self.answered) // (2 * self.answered) if self.answered else 0


class Spread(Struct, frozen=True, kw_only=True):
    """`answers` are what percentages are made of, in order; `apart` the other codes that anybody has."""

    place: Place
    answers: tuple[Choice, ...]
    apart: tuple[Choice, ...]
    groups: tuple[GroupSpread, ...]
    #: The sum of what is shown; None with fewer than two groups.
    total: GroupSpread | None

    @property
    def rows(self) -> tuple[GroupSpread, ...]:
        return (*self.groups, self.total) if self.total else self.groups

    @property
    def compact(self) -> "Spread":
        """For paper: only groups that were asked, and only answers that somebody gave."""
        groups = tuple(each for each in self.groups if (each.numbers or {}).keys() != {"not_asked"})
        given = {code for each in groups for code, number in (each.numbers or {}).items() if number}
        return structs.replace(
            self,
            answers=tuple(choice for choice in self.answers if choice.code in given),
            apart=tuple(choice for choice in self.apart if choice.code in given),
            groups=groups,
            total=self.total if len(groups) > 1 else None,
        )

    @property
    def answering(self) -> "Spread":
        """Only the groups of which somebody answered, for a chart on paper."""
        return structs.replace(self, groups=tuple(each for each in self.groups if each.answered), total=None)

    def of(self, group: Group) -> GroupSpread:
        return next(each for each in self.groups if each.group == group)


def codes_apart(place: Place) -> list[Choice]:
    """Everything that is not an answer on the scale: offered, or a reason for there being none."""
    offered = [choice for choice in place.choices if choice.code not in _scale_of(place)]
    return offered + [Choice(code=code, label=label) for code, label in OTHER_LABELS.items()]


def spread_of(place: Place, results: Results, groups: Sequence[Group]) -> Spread:
    """For a place that holds a code. A group that sent nothing has no numbers either."""
    spreads = tuple(_group_spread(place, results, group) for group in groups)
    shown = [each for each in spreads if each.numbers is not None]
    codes = [choice.code for choice in (*place.choices, *codes_apart(place))]
    sums = {code: sum((each.numbers or {}).get(code, 0) for each in shown) for code in codes}
    total = GroupSpread(
        group=None,
        sent=results.responses.total(),
        numbers=sums,
        answered=sum(each.answered for each in shown),
        blank=all(each.blank for each in shown),
    )
    return Spread(
        place=place,
        answers=tuple(choice for choice in place.choices if choice.code in _scale_of(place)),
        apart=tuple(choice for choice in codes_apart(place) if sums[choice.code]),
        groups=spreads,
        total=total if len(shown) > 1 else None,
    )


def _group_spread(place: Place, results: Results, group: Group) -> GroupSpread:
    counts, sent = results.of(place.column).counts.get(group.key), results.responses[group.key]
    if counts is None:
        return GroupSpread(group=group, sent=sent, numbers=None, answered=0)
    answered = sum(counts[code] for code in _scale_of(place))
    blank = group.key not in results.answering.get(place.entry, ())
    return GroupSpread(group=group, sent=sent, numbers=dict(counts), answered=answered, blank=blank)


def _scale_of(place: Place) -> Sequence[str]:
    """Of a choice every option counts, and of an obstacle that it came up."""
    return SCALES.get(place.part) or [choice.code for choice in place.choices]

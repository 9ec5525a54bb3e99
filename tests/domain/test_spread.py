"""Tables of counts: percentages are of those who answered, everything else is counted apart."""

from collections import Counter

import pytest

from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.places import places_of
from scrqm_forms.domain.results import Results, Tally
from scrqm_forms.domain.spread import GroupSpread, spread_of

HOSTS, COOKS = (Group(key=key, title=f"{key}s", roles=(key,)) for key in ("host", "cook"))


def spread(freeze, column, groups=(HOSTS, COOKS), **counts):
    place = next(place for place in places_of(freeze()) if place.column == column)
    tally = Tally(counts={group: Counter(codes) for group, codes in counts.items()})
    sent = Counter({group: sum(codes.values()) for group, codes in counts.items()})
    return spread_of(place, Results(responses=sent, tallies={column: tally}), groups)


def test_percentages_leave_out_everything_but_the_answers(freeze):
    codes = {"yes": 1, "no": 3, "not_known": 4, "not_applicable": 1, "": 2, "not_my_part": 1}
    (hosts, _cooks) = spread(freeze, "tea01.spare.rating", host=codes).groups
    assert (hosts.answered, hosts.percent("yes"), hosts.percent("no"), hosts.percent("partly")) == (4, 25, 75, 0)


def test_other_codes_have_a_column_each_where_anybody_has_them(freeze):
    found = spread(freeze, "tea01.spare.rating", host={"yes": 1, "": 1}, cook={"not_asked": 2, "not_applicable": 1})
    assert [choice.code for choice in found.answers] == ["yes", "partly", "no"]
    assert [choice.code for choice in found.apart] == ["not_applicable", "", "not_asked"]


@pytest.mark.parametrize(("codes", "percent"), [({"yes": 1, "no": 7}, 13), ({"yes": 1, "no": 2}, 33), ({"": 3}, 0)])
def test_percent_is_rounded_half_up_and_of_nobody_is_0(freeze, codes, percent):
    assert spread(freeze, "tea01.full.rating", host=codes).groups[0].percent("yes") == percent


def test_total_is_the_sum_of_what_is_shown(freeze):
    found = spread(freeze, "tea01.full.rating", host={"yes": 1, "": 1}, cook={"no": 2})
    assert found.total is not None
    assert {code: number for code, number in (found.total.numbers or {}).items() if number} == {
        "yes": 1,
        "": 1,
        "no": 2,
    }
    assert found.total.answered == 3


def test_one_group_has_no_total_and_one_not_shown_no_numbers(freeze):
    found = spread(freeze, "tea01.full.rating", host={"yes": 1})
    assert found.total is None
    assert found.groups[1] == GroupSpread(group=COOKS, sent=0, numbers=None, answered=0)


def test_every_option_of_a_choice_is_an_answer(freeze):
    found = spread(freeze, "tea01.leaf.choice", host={"black": 1, "green": 1, "": 2})
    assert [found.groups[0].percent(choice.code) for choice in found.answers] == [50, 50]

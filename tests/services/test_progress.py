"""How far people have come, what is known before a round opens, and what closing would show."""

import pytest

from scrqm_forms.domain.errors import Refused
from scrqm_forms.services.progress import progress_of, total_of
from scrqm_forms.services.readiness import look_over, preview_roles
from scrqm_forms.services.results import show_round, why_hidden
from scrqm_forms.services.reviews import change_round
from scrqm_forms.services.rounds import change_groups, preview_closing
from scrqm_forms.storage.invitations import count_invited


def test_everybody_invited_is_counted_in_one_state_and_one_group(build):
    round_, links = build.open_round({"mode": "confidential"}, practitioner=6, panel=3, chair=3)
    build.answer(links[0])
    build.begin(links[1])
    parts = progress_of(round_)
    assert sum(part.invited for part in parts) == sum(count_invited(round_).values()) == 12
    total = total_of(parts)
    assert (total.not_begun, total.begun, total.sent) == (10, 1, 1)


@pytest.mark.parametrize("sent", [4, 6, 9, 12])
def test_preview_of_closing_is_what_closing_settles(build, sent):
    round_, links = build.open_round({"mode": "confidential"}, practitioner=6, panel=6)
    for link in links[:sent]:
        build.answer(link)
    preview = preview_closing(round_)
    round_ = build.close(round_)
    assert why_hidden(round_) == (None if preview else "too_few")
    assert bool(preview) == (sent >= 5)
    if preview:
        assert set(preview) == set(show_round(round_).groups)


def test_role_that_people_are_invited_in_takes_part(build):
    round_ = build.round()
    build.invite(round_, chair=1)
    with pytest.raises(Refused, match='Roles: people invited as "chair": 1'):
        change_round(build.context, round_, build.settings(roles=("panel",)), round_.closes_on, build.today)
    assert build.again(round_).settings.roles == round_.settings.roles
    change_round(build.context, round_, build.settings(roles=("chair",)), round_.closes_on, build.today)


def test_minutes_of_a_role_are_its_own_whatever_the_groups(build):
    round_ = build.round(mode="confidential")
    found = {each.role.key: each.markers for each in preview_roles(build.context, round_, round_.settings)}
    assert found["chair"] == found["practitioner"] == 2


def test_round_that_look_over_finds_too_small_is_the_one_that_does_not_open(build):
    round_ = build.round(mode="confidential")
    build.invite(round_, practitioner=4, chair=6)
    assert look_over(build.context, round_, build.today).too_small == []
    build.open(round_)
    other = build.round(mode="confidential")
    build.invite(other, practitioner=4, chair=6)
    change_groups(build.context, other, [["practitioner"], ["chair", "panel", "lead_reviewer", "business_unit"]])
    other = build.again(other)
    assert [each.group.key for each in look_over(build.context, other, build.today).too_small] == ["practitioner"]
    with pytest.raises(Refused, match="has 4 people invited"):
        build.open(other)

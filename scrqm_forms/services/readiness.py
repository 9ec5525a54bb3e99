"""What a round being set up will ask of whom, and what there is to know before it is opened."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import msgspec
from msgspec import Struct

from scrqm_forms.domain.marker import Role
from scrqm_forms.domain.questionnaire import Length, Questionnaire, RoundSettings, minutes_needed
from scrqm_forms.domain.review import Invitation, Round
from scrqm_forms.services.coming_back import asked_again
from scrqm_forms.services.context import Context
from scrqm_forms.services.reviews import base_set, markers_of_board, roles_of
from scrqm_forms.services.rounds import GroupPreview, preview_groups, preview_questionnaire, roles_of_round
from scrqm_forms.storage import invitations


class RolePreview(Struct, frozen=True, kw_only=True):
    """What somebody of a role is asked, apart from any group."""

    role: Role
    length: Length
    markers: int
    minutes: int


class Readiness(Struct, frozen=True, kw_only=True):
    groups: list[GroupPreview]
    people: int
    #: Role with the number of people invited, in the round's order; nobody too.
    invited: list[tuple[Role, int]]
    without_email: int
    #: Days until the last day of answering: 0 today, below 0 past.
    days_left: int
    #: Of a confidential round: roles with people, too few of them to stand apart, that are therefore joined.
    joined: list[tuple[Role, GroupPreview]]
    #: Of a confidential round: chosen groups with too few people. It cannot be opened like this.
    too_small: list[GroupPreview]
    #: What was agreed before and is asked about again, in words.
    improvements: list[str]


def preview_roles(context: Context, round_: Round, settings: RoundSettings) -> list[RolePreview]:
    """With other settings than the round has. Raises Refused where these name what there is not."""
    settings = msgspec.structs.replace(settings, groups=())
    questionnaire = preview_questionnaire(context, msgspec.structs.replace(round_, settings=settings))
    return [
        RolePreview(
            role=role,
            length=questionnaire.length({role.key}),
            markers=len(questionnaire.markers_for({role.key})),
            minutes=minutes_needed(questionnaire, {role.key}),
        )
        for role in questionnaire.roles
    ]


def freeze_all_offered(context: Context, round_: Round) -> Questionnaire:
    """Every marker that the board could choose and every role, as the round would ask them."""
    offered = markers_of_board(context, round_.review.board)
    settings = msgspec.structs.replace(
        round_.settings,
        markers=tuple(each.marker.id for each in offered),
        roles=tuple(role.key for role in roles_of(base_set(offered))),
        groups=(),
    )
    return preview_questionnaire(context, msgspec.structs.replace(round_, settings=settings))


def look_over(context: Context, round_: Round, today: date) -> Readiness:
    """Raises Refused when a marker that was chosen is no longer there."""
    people = invitations.list_invitations(round_)
    groups = preview_groups(context, round_)
    by_role = Counter(each.person.role for each in people)
    invited = [(role, by_role[role.key]) for role in roles_of_round(context, round_)]
    confidential = round_.settings.mode == "confidential"
    return Readiness(
        groups=groups,
        people=len(people),
        invited=invited,
        without_email=_count_without_email(people),
        days_left=(round_.closes_on - today).days,
        joined=_joined(invited, groups, round_.settings.minimum) if confidential else [],
        too_small=_too_small(groups, round_.settings.minimum) if confidential else [],
        improvements=_improvements(context, round_),
    )


def _improvements(context: Context, round_: Round) -> list[str]:
    asked = asked_again(context, round_)
    return [each.text for marker in round_.settings.markers for each in asked.get(marker, ())]


def _count_without_email(people: Sequence[Invitation]) -> int:
    return sum(not each.person.email for each in people)


def _joined(
    invited: Sequence[tuple[Role, int]], groups: Sequence[GroupPreview], minimum: int
) -> list[tuple[Role, GroupPreview]]:
    group_of = {role: group for group in groups for role in group.group.roles}
    few = [(role, group_of[role.key]) for role, number in invited if 0 < number < minimum]
    return [(role, group) for role, group in few if len(group.group.roles) > 1]


def _too_small(groups: Sequence[GroupPreview], minimum: int) -> list[GroupPreview]:
    """By the rule of `check_groups`: a single group of everyone is always allowed."""
    return [group for group in groups if group.people < minimum] if len(groups) > 1 else []

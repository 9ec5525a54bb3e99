"""How far the people of an opened round have come, by the group their answers are shown in."""

from msgspec import Struct

from scrqm_forms.domain.review import Round
from scrqm_forms.storage import invitations, reviews


class Progress(Struct, frozen=True, kw_only=True):
    """People of a group, or of all groups together: every one of them is in one of the three states."""

    #: The group's title; empty for all.
    title: str
    not_begun: int
    begun: int
    sent: int

    @property
    def invited(self) -> int:
        return self.not_begun + self.begun + self.sent


def progress_of(round_: Round) -> list[Progress]:
    """Group by group. Raises NotFound for a round that was never opened."""
    states = invitations.count_states(round_)

    def count(roles: tuple[str, ...], state: str) -> int:
        return sum(states[role, state] for role in roles)

    return [
        Progress(
            title=group.title,
            not_begun=count(group.roles, "not_begun"),
            begun=count(group.roles, "begun"),
            sent=count(group.roles, "submitted"),
        )
        for group in reviews.questionnaire_of(round_).groups
    ]


def total_of(parts: list[Progress]) -> Progress:
    return Progress(
        title="",
        not_begun=sum(part.not_begun for part in parts),
        begun=sum(part.begun for part in parts),
        sent=sum(part.sent for part in parts),
    )

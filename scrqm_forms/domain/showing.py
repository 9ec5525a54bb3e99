"""What may be shown of the groups of a confidential round once small ones are joined.

Groups are asked different things. Joined, that would tell them apart again: a row full of `not_asked` is from the small
group, and an answer that only one of the two was asked is that group's. So, of groups shown together:

- row by row (wide and long tables), only what all of them were asked is shown;
- as counts and shuffled texts, only what was asked of at least the minimum of those who answered.
"""

from collections.abc import Sequence

from msgspec import Struct

from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.places import Place, is_place_asked
from scrqm_forms.domain.questionnaire import Questionnaire


class ShownPart(Struct, frozen=True, kw_only=True):
    """One of the groups that are shown as one."""

    #: Roles whose questions it was asked.
    audience: frozenset[str]
    #: Responses submitted in it.
    submitted: int


class ShownGroup(Struct, frozen=True, kw_only=True):
    """A group as shown, and the groups that it was joined from. A named round joins nothing and hides nothing."""

    group: Group
    parts: tuple[ShownPart, ...]


def shows_in_rows(questionnaire: Questionnaire, shown: ShownGroup, place: Place) -> bool:
    """Whether a place may stand in rows that hold all of a response."""
    if questionnaire.mode == "named":
        return True
    return all(is_place_asked(questionnaire, place, part.audience) for part in shown.parts if part.submitted)


def shows_alone(questionnaire: Questionnaire, shown: ShownGroup, place: Place) -> bool:
    """Whether counts and texts of a place, on their own, may be shown for the group."""
    if questionnaire.mode == "named":
        return True
    return _asked(questionnaire, shown.parts, place) >= questionnaire.minimum


def _asked(questionnaire: Questionnaire, parts: Sequence[ShownPart], place: Place) -> int:
    return sum(part.submitted for part in parts if is_place_asked(questionnaire, place, part.audience))

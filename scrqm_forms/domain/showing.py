"""What may be shown of the groups of a confidential round once small ones are joined.

Groups are asked different things. Joined, that would tell them apart again: a row full of `not_asked` is from the small
group, and an answer that only one of the two was asked is that group's. So, of groups shown together:

- row by row (wide and long tables), only what all of them were asked is shown;
- as counts and shuffled texts, only what was asked of at least the minimum of those who answered;
- who set a marker aside is told apart from who left it blank only where everything shown of the marker was asked of the
  same people. It is said once for a whole marker, so that a question for some and a question for all would both count
  it, and the difference would be the small group's; and who wrote something did not set it aside.

So whatever is shown stays the same when two people shown together exchange all that both of them were asked.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from msgspec import Struct

from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.places import Place, is_place_asked
from scrqm_forms.domain.questionnaire import Questionnaire

#: An Entry, or only its codes.
Said = TypeVar("Said", bound=Any)


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
    """Whether counts and texts of a place, on their own, may be shown for the group. That nobody was asked, may be."""
    if questionnaire.mode == "named":
        return True
    asked = _asked(questionnaire, shown, place)
    return not asked or sum(part.submitted for part in asked) >= questionnaire.minimum


def blurred_entries(questionnaire: Questionnaire, shown: ShownGroup, places: Sequence[Place]) -> frozenset[str]:
    """Keys of the entries of which nobody may learn who set them aside and who left them blank."""
    if questionnaire.mode == "named":
        return frozenset()
    asked: dict[str, set[tuple[ShownPart, ...]]] = {}
    for place in places:
        parts = _asked(questionnaire, shown, place)
        if parts and shows_alone(questionnaire, shown, place):
            asked.setdefault(place.entry, set()).add(parts)
    return frozenset(entry for entry, ways in asked.items() if len(ways) > 1)


def blur(entries: Mapping[str, Said], blurred: frozenset[str]) -> Mapping[str, Said]:
    """The entries without those that were set aside where that may not be told: they count as blank."""
    hidden = [key for key in blurred if key in entries and entries[key].not_my_part]
    return {key: entry for key, entry in entries.items() if key not in hidden} if hidden else entries


def _asked(questionnaire: Questionnaire, shown: ShownGroup, place: Place) -> tuple[ShownPart, ...]:
    """The parts that were asked, of those that sent anything."""
    return tuple(part for part in shown.parts if part.submitted and is_place_asked(questionnaire, place, part.audience))

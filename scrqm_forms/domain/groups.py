"""Groups: roles shown together, so that in a confidential round nobody stands alone."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.marker import Role

#: What a board may set as the fewest people that are ever shown together.
SMALLEST_MINIMUM, USUAL_MINIMUM, LARGEST_MINIMUM = 3, 5, 10


class Group(Struct, frozen=True, kw_only=True):
    """One or more roles under one heading. `key` joins the role keys with "+", in the set's order of roles."""

    key: str
    #: In the middle of a sentence: "practitioners", "chairs and board members with panel members".
    title: str
    roles: tuple[str, ...]


def make_groups(parts: Sequence[Sequence[str]], roles: Sequence[Role]) -> tuple[Group, ...]:
    """Groups from lists of role keys; every role of the round stands in exactly one.

    Raises Refused when a role is missing, unknown or stands twice.
    """
    named = [role for part in parts for role in part]
    for role in roles:
        if named.count(role.key) != 1:
            raise Refused(
                f'Groups: the role "{role.key}" stands in {named.count(role.key)} groups; it must stand in one.'
            )
    for key in named:
        if key not in {role.key for role in roles}:
            raise Refused(f'Groups: "{key}" is not a role of this round.')
    return tuple(_group([role for role in roles if role.key in part], len(roles)) for part in parts if part)


def propose_groups(roles: Sequence[Role], invited: Mapping[str, int], mode: str, minimum: int) -> tuple[Group, ...]:
    """The groups a round would be opened with: `invited` maps a role's key to the number of people.

    Named rounds show each role on its own. Confidential ones keep a role apart only if it has the minimum of people;
    the others are joined, and with the smallest group that is large enough if they are too few even together.
    """
    if mode == "named":
        return tuple(_group([role], len(roles)) for role in roles)
    large = [[role.key] for role in roles if invited.get(role.key, 0) >= minimum]
    small = [role.key for role in roles if invited.get(role.key, 0) < minimum]
    people = sum(invited.get(key, 0) for key in small)
    if small and large and people < minimum:
        smallest = min(large, key=lambda part: invited[part[0]])
        smallest += small
    elif small:
        large.append(small)
    return make_groups(large, roles)


def check_groups(groups: Sequence[Group], invited: Mapping[str, int], minimum: int) -> None:
    """Refuses groups of a confidential round in which somebody would stand among too few people.

    A single group of everyone is always allowed: nothing of it is shown before enough have answered.
    """
    if len(groups) == 1:
        return
    for group in groups:
        people = sum(invited.get(role, 0) for role in group.roles)
        if people < minimum:
            raise Refused(f"The group {group.title} has {people} people invited; a confidential round needs {minimum}.")


def merge_small_groups(
    submitted: Mapping[str, int], groups: Sequence[Group], minimum: int
) -> tuple[tuple[Group, ...], ...]:
    """Which groups are shown together once a confidential round is closed.

    `submitted` maps a group's key to its submitted responses. A group with fewer than the minimum is joined with the
    smallest other, until none is below it; ties go by the order of `groups`. Fewer than the minimum in all: nothing
    is shown, so the result is empty.
    """
    if sum(submitted.values()) < minimum:
        return ()
    parts = [[group] for group in groups]

    def size(part: list[Group]) -> int:
        return sum(submitted.get(group.key, 0) for group in part)

    while min(map(size, parts)) < minimum:
        smallest, other = sorted(parts, key=size)[:2]
        parts = [part for part in parts if part is not smallest and part is not other]
        parts.append(smallest + other)
    order = {group.key: n for n, group in enumerate(groups)}
    merged = [tuple(sorted(part, key=lambda group: order[group.key])) for part in parts]
    return tuple(sorted(merged, key=lambda part: order[part[0].key]))


def join_groups(part: Sequence[Group], roles: Sequence[Role]) -> Group:
    """The one group that several are shown as."""
    keys = {key for group in part for key in group.roles}
    return _group([role for role in roles if role.key in keys], len(roles))


def _group(roles: Sequence[Role], of: int) -> Group:
    title = "everyone" if len(roles) == of and of > 1 else _and([role.plural for role in roles])
    return Group(key="+".join(role.key for role in roles), title=title, roles=tuple(role.key for role in roles))


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"

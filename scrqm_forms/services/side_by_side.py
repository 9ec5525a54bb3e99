"""The rounds of one review side by side, as far as each of them may be shown."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.marker import Role
from scrqm_forms.domain.places import Place
from scrqm_forms.domain.review import Review, Round
from scrqm_forms.domain.side_by_side import RoundSpread, common_groups, spread_side_by_side
from scrqm_forms.domain.spread import Spread
from scrqm_forms.services.overview import PartResults, keys_of, read_overview
from scrqm_forms.services.results import why_hidden
from scrqm_forms.storage import reviews

#: How a round is called on the page.
NameOf = Callable[[Round], str]


class AskedPlace(Struct, frozen=True, kw_only=True):
    """One thing that was asked, in two rounds or more."""

    column: str
    part: str
    item: str
    #: The wording, with the names of the rounds that had it.
    wordings: dict[str, list[str]]
    spread: Spread
    blurred: tuple[Group, ...]


class SideBySide(Struct, frozen=True, kw_only=True):
    """`shown` are the rounds that are compared, `hidden` those of which nothing may be shown (yet)."""

    review: Review
    shown: Sequence[Round]
    hidden: Sequence[Round]
    #: Entry key -> title, of entries that at least two of the rounds ask.
    entries: dict[str, str]
    places: Sequence[AskedPlace]


def read_side_by_side(review: Review, entry: str | None, name_of: NameOf, *, by: Actor) -> SideBySide:
    """All judgements, or everything that is counted of one entry. Raises NotFound for one that no round asks."""
    rounds = [round_ for round_ in reviews.list_rounds(review) if round_.state not in ("draft", "deleted")]
    shown = [round_ for round_ in rounds if why_hidden(round_) is None]
    parts = {name_of(round_): read_overview(round_, by=by) for round_ in shown}
    entries = _entries(list(parts.values()))
    if entry is not None and not any(entry in keys_of(reviews.questionnaire_of(round_)) for round_ in rounds):
        raise NotFound(f'No round of the review {review.key} asks "{entry}".')
    return SideBySide(
        review=review,
        shown=shown,
        hidden=[round_ for round_ in rounds if round_ not in shown],
        entries=entries,
        places=_places(parts, entries, entry),
    )


def _entries(parts: Sequence[PartResults]) -> dict[str, str]:
    titles: dict[str, list[str]] = {}
    for part in parts:
        for key in dict.fromkeys(place.entry for place in part.places):
            marker = part.questionnaire.marker(key)
            titles.setdefault(key, []).append(
                f"{marker.number}. {marker.title}" if marker else part.questionnaire.closing_title
            )
    return {key: found[-1] for key, found in titles.items() if len(found) > 1}


def _places(parts: dict[str, PartResults], entries: dict[str, str], entry: str | None) -> list[AskedPlace]:
    found: dict[str, dict[str, Place]] = {}
    for title, part in parts.items():
        for place in part.places:
            if place.entry == entry if entry else place.part == "judgement" and place.entry in entries:
                found.setdefault(place.column, {})[title] = place
    groups = common_groups([part.groups for part in parts.values()], _roles(list(parts.values())))
    return [_asked(asked, parts, groups) for asked in found.values() if len(asked) > 1]


def _asked(asked: dict[str, Place], parts: dict[str, PartResults], groups: Sequence[Group]) -> AskedPlace:
    rounds = [
        RoundSpread(
            title=title,
            spread=parts[title].spread(place.column),
            blurred=frozenset(group for group in parts[title].groups if parts[title].is_blurred(place.entry, group)),
        )
        for title, place in asked.items()
    ]
    spread, blurred = spread_side_by_side(rounds, groups)
    wordings: dict[str, list[str]] = {}
    for title, place in asked.items():
        wordings.setdefault(place.wording, []).append(title)
    place = spread.place
    return AskedPlace(
        column=place.column, part=place.part, item=place.item, wordings=wordings, spread=spread, blurred=blurred
    )


def _roles(parts: Sequence[PartResults]) -> list[Role]:
    roles: dict[str, Role] = {}
    for part in parts:
        roles |= {role.key: role for role in part.questionnaire.roles}
    return list(roles.values())

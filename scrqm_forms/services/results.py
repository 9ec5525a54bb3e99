"""Results of a round, under the rule of what may be shown of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.groups import Group, join_groups
from scrqm_forms.domain.places import Place, places_of
from scrqm_forms.domain.questionnaire import Questionnaire
from scrqm_forms.domain.results import Results, ShownResponse, shuffle_texts, tally_responses
from scrqm_forms.domain.review import Round
from scrqm_forms.domain.showing import ShownGroup, ShownPart, blur, blurred_entries, shows_alone
from scrqm_forms.services.noting import note
from scrqm_forms.storage import events, responses, reviews
from scrqm_forms.storage.database import writing
from scrqm_forms.storage.responses import CountedResponse, StoredResponse


class ShownRound(Struct, frozen=True, kw_only=True):
    """A round whose responses may be shown, and the groups to show them in."""

    round: Round
    questionnaire: Questionnaire
    #: The groups as shown: small ones of a confidential round are joined.
    shown_groups: tuple[ShownGroup, ...]
    #: Group key as stored with a response -> group it is shown as.
    shown_as: dict[str, ShownGroup]
    #: Key of a group as shown -> entries of which nobody learns who set them aside (domain.showing).
    blurred: dict[str, frozenset[str]]

    @property
    def groups(self) -> tuple[Group, ...]:
        return tuple(shown.group for shown in self.shown_groups)

    @property
    def submitted(self) -> int:
        """How many sent their answers."""
        return sum(part.submitted for group in self.shown_groups for part in group.parts)

    def audience(self, response: StoredResponse | CountedResponse) -> frozenset[str]:
        """Roles whose questions this response was asked."""
        role = response.role or self.group_roles(response.group)[0]
        return self.questionnaire.audience(role)

    def group_roles(self, key: str) -> tuple[str, ...]:
        return next(group.roles for group in self.questionnaire.groups if group.key == key)

    def shows(self, place: Place, group: str) -> bool:
        """Whether counts and texts of a place may be shown for the group with this key."""
        shown = next(each for each in self.shown_groups if each.group.key == group)
        return shows_alone(self.questionnaire, shown, place)


#: "draft": never opened; "deleted": at the end of their time; "open" and "too_few": confidential, and not closed yet
#: or sent by fewer than the minimum.
Hidden = Literal["draft", "deleted", "open", "too_few"]


def why_hidden(round_: Round) -> Hidden | None:
    """Why nothing of the round may be shown, or None where it may: decision 7, failing closed."""
    if round_.state in ("draft", "deleted"):
        return round_.state
    if reviews.questionnaire_of(round_).mode == "named":
        return None
    if round_.state != "closed":
        return "open"
    return None if round_.shown_groups else "too_few"


def show_round(round_: Round) -> ShownRound:
    """Raises Refused when nothing of the round may be shown."""
    hidden = why_hidden(round_)
    if hidden:
        raise Refused(_REFUSALS[hidden].format(name=round_.name, minimum=round_.settings.minimum))
    questionnaire = reviews.questionnaire_of(round_)
    if questionnaire.mode == "named":
        return _shown(round_, questionnaire, [[group.key] for group in questionnaire.groups])
    return _shown(round_, questionnaire, round_.shown_groups or ())


_REFUSALS: dict[Hidden, str] = {
    "draft": "The round {name} was never opened; there is nothing to show.",
    "deleted": "The answers of the round {name} were deleted at the end of their time; there is nothing to show.",
    "open": "This round is confidential: nothing is shown, or exported, before it is closed.",
    "too_few": "This round is confidential and fewer than {minimum} people sent their answers: "
    "nothing of it can be shown or exported.",
}


def show_round_to(round_: Round, *, by: Actor) -> ShownRound:
    """The same, with a note of who reads the results: once an hour, since pages are loaded many times."""
    shown = show_round(round_)
    if not events.was_noted(by.caller, "results_read", round_.name, by.now - timedelta(hours=1)):
        with writing():
            note(by, "results_read", round_)
    return shown


def results_of(shown: ShownRound) -> Results:
    """All counts and texts by group; the texts of a confidential round in an order of their own."""
    return _with_texts(shown, places_of(shown.questionnaire), responses.read_submitted(shown.round))


def results_of_entry(shown: ShownRound, entry: str) -> Results:
    """The same of one marker, or of the closing entry; nothing else is read."""
    places = [place for place in places_of(shown.questionnaire) if place.entry == entry]
    return _with_texts(shown, places, responses.read_submitted(shown.round, entry))


def counts_of(shown: ShownRound) -> Results:
    """All counts by group, without texts."""
    places = [place for place in places_of(shown.questionnaire) if not place.is_text]
    found = _shown_responses(shown, responses.read_codes_submitted(shown.round))
    return tally_responses(shown.questionnaire, places, found, shown.shows)


def _with_texts(shown: ShownRound, places: Sequence[Place], found: Iterator[StoredResponse]) -> Results:
    results = tally_responses(shown.questionnaire, places, _shown_responses(shown, found), shown.shows)
    if shown.questionnaire.mode == "confidential":
        shuffle_texts(results, shown.round.shuffle_key)
    return results


def _shown_responses(
    shown: ShownRound, found: Iterator[StoredResponse] | Iterator[CountedResponse]
) -> Iterator[ShownResponse]:
    for response in found:
        group = shown.shown_as[response.group].group.key
        entries: Mapping[str, Any] = blur(response.entries, shown.blurred[group])
        yield ShownResponse(group=group, audience=shown.audience(response), entries=entries)


def _shown(round_: Round, questionnaire: Questionnaire, parts: Sequence[Sequence[str]]) -> ShownRound:
    """The round with the groups of each of `parts` (lists of group keys) shown as one."""
    by_key = {group.key: group for group in questionnaire.groups}
    submitted = responses.count_submitted(round_)
    shown_as: dict[str, ShownGroup] = {}
    for part in parts:
        joined = ShownGroup(
            group=join_groups([by_key[key] for key in part], questionnaire.roles),
            parts=tuple(
                ShownPart(audience=frozenset(by_key[key].roles), submitted=submitted.get(key, 0)) for key in part
            ),
        )
        shown_as |= dict.fromkeys(part, joined)
    groups = tuple(dict.fromkeys(shown_as.values()))
    places = places_of(questionnaire) if questionnaire.mode == "confidential" else []
    return ShownRound(
        round=round_,
        questionnaire=questionnaire,
        shown_groups=groups,
        shown_as=shown_as,
        blurred={shown.group.key: blurred_entries(questionnaire, shown, places) for shown in groups},
    )

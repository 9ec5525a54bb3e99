"""The pages of results: a round as a whole, and one marker (or the closing questions) of it."""

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from scrqm_forms.domain.differing import Agenda, Topic, make_agenda, order_topics
from scrqm_forms.domain.errors import NotFound
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.marker import CLOSING
from scrqm_forms.domain.places import Place, places_of
from scrqm_forms.domain.questionnaire import AskedMarker, Questionnaire
from scrqm_forms.domain.results import Results
from scrqm_forms.domain.review import Round
from scrqm_forms.domain.spread import Spread, spread_of
from scrqm_forms.services.results import ShownRound, counts_of, results_of, results_of_entry, show_round_to
from scrqm_forms.storage import invitations, responses


class Took(Struct, frozen=True, kw_only=True):
    """How many of a group sent their answers."""

    group: Group
    sent: int
    invited: int


class PartResults(Struct, frozen=True, kw_only=True):
    """Results of a whole round, or of one entry of it, with what there is to say about them."""

    shown: ShownRound
    results: Results
    places: Sequence[Place]
    #: The groups as shown, those in which nobody was invited left out.
    took: tuple[Took, ...]
    #: Groups of which nobody sent any answers, though some of them may be shown with others.
    silent: tuple[Group, ...]
    #: Every question with an ordered scale, the most pressing first.
    topics: Sequence[Topic]
    spreads: dict[str, Spread] = field(default_factory=dict)

    @property
    def questionnaire(self) -> Questionnaire:
        return self.shown.questionnaire

    @property
    def groups(self) -> tuple[Group, ...]:
        return tuple(each.group for each in self.took)

    @property
    def sent(self) -> int:
        return sum(each.sent for each in self.took)

    def spread(self, column: str) -> Spread:
        """Asked for several times on a page, made once."""
        if column not in self.spreads:
            place = next(place for place in self.places if place.column == column)
            self.spreads[column] = spread_of(place, self.results, self.groups)
        return self.spreads[column]

    @property
    def agenda(self) -> Agenda:
        """Of a whole round: few places, so that one marker does not hide what there is to say of others."""
        return make_agenda(self.topics, self.results, keys_of(self.questionnaire), most=8, of_one=2)

    def is_blurred(self, entry: str, group: Group) -> bool:
        """Whether who set the marker aside is counted with those who left it blank."""
        return entry in self.shown.blurred[group.key]


class EntryResults(PartResults, frozen=True, kw_only=True):
    """Of one marker, with those before and after it; of the closing entry there is no marker."""

    key: str
    marker: AskedMarker | None
    previous: str
    next: str

    @property
    def agenda(self) -> Agenda:
        """Everything there is to say of it."""
        return make_agenda(self.topics, self.results, [self.key], most=len(self.topics), of_one=len(self.topics))

    @property
    def title(self) -> str:
        return f"{self.marker.number}. {self.marker.title}" if self.marker else self.questionnaire.closing_title


class Counted(Struct, frozen=True, kw_only=True):
    """What a closed round keeps coming to. No texts, and small whatever the number of responses."""

    places: Sequence[Place]
    results: Results
    topics: Sequence[Topic]
    spreads: dict[str, Spread] = field(default_factory=dict)


#: Of closed rounds, those read last.
_kept: dict[tuple[object, ...], Counted] = {}
_MOST_KEPT = 16


def read_overview(round_: Round, *, by: Actor) -> PartResults:
    """All counts of a round, without texts. Raises Refused where nothing may be shown."""
    shown = show_round_to(round_, by=by)
    invited = invitations.count_invited(round_)
    took = _took(shown, invited)
    counted = _counted(shown, took)
    return PartResults(
        shown=shown,
        results=counted.results,
        places=counted.places,
        took=took,
        silent=_silent(shown, invited),
        topics=counted.topics,
        spreads=counted.spreads,
    )


def read_whole(round_: Round, *, by: Actor) -> PartResults:
    """All counts and texts of a round. Raises Refused as above."""
    shown = show_round_to(round_, by=by)
    invited = invitations.count_invited(round_)
    took = _took(shown, invited)
    return PartResults(
        shown=shown,
        results=results_of(shown),
        places=places_of(shown.questionnaire),
        took=took,
        silent=_silent(shown, invited),
        topics=_counted(shown, took).topics,
    )


def _counted(shown: ShownRound, took: tuple[Took, ...]) -> Counted:
    """Counted once as long as the round stays as it is; whether it may be shown is asked every time, before this.

    Answers of a closed round can only be deleted, and nobody ever gets a response's random id again: so its ids say
    which answers there are. Of an open round they do not, since answers can be taken back, changed and sent again.
    """
    if shown.round.state != "closed":
        return _count(shown, took)
    key = (shown.round.id, shown.round.shuffle_key, shown.groups, took, responses.ids_submitted(shown.round))
    counted = _kept.get(key)
    if counted is None:
        counted = _count(shown, took)
        forget_overviews(shown.round)
        while len(_kept) >= _MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
        _kept[key] = counted
    return counted


def forget_overviews(round_: Round) -> None:
    """Keep nothing of a round whose answers changed or are deleted."""
    for key in [key for key in list(_kept) if key[0] == round_.id]:
        _kept.pop(key, None)


def _count(shown: ShownRound, took: tuple[Took, ...]) -> Counted:
    places = [place for place in places_of(shown.questionnaire) if not place.is_text]
    results = counts_of(shown)
    groups = [each.group for each in took]
    return Counted(places=places, results=results, topics=order_topics(shown.questionnaire, places, results, groups))


def read_entry_results(round_: Round, key: str, *, by: Actor) -> EntryResults:
    """Counts and texts of one marker or of the closing entry. Raises NotFound, or Refused as above."""
    shown = show_round_to(round_, by=by)
    keys = keys_of(shown.questionnaire)
    if key not in keys:
        raise NotFound(f'There is no marker "{key}" in the round {round_.name}.')
    at = keys.index(key)
    places = [place for place in places_of(shown.questionnaire) if place.entry == key]
    results = results_of_entry(shown, key)
    invited = invitations.count_invited(round_)
    took = _took(shown, invited)
    return EntryResults(
        shown=shown,
        results=results,
        places=places,
        took=took,
        silent=_silent(shown, invited),
        topics=order_topics(shown.questionnaire, places, results, [each.group for each in took]),
        key=key,
        marker=shown.questionnaire.marker(key),
        previous=keys[at - 1] if at else "",
        next=keys[at + 1] if at + 1 < len(keys) else "",
    )


def keys_of(questionnaire: Questionnaire) -> list[str]:
    """Every entry: the markers in order, and the closing entry where anything is asked in it."""
    return [marker.id for marker in questionnaire.markers] + ([CLOSING] if questionnaire.closing else [])


def _took(shown: ShownRound, invited: Mapping[str, int]) -> tuple[Took, ...]:
    took = (
        Took(
            group=each.group,
            sent=sum(part.submitted for part in each.parts),
            invited=sum(invited.get(role, 0) for role in each.group.roles),
        )
        for each in shown.shown_groups
    )
    return tuple(each for each in took if each.invited or each.sent)


def _silent(shown: ShownRound, invited: Mapping[str, int]) -> tuple[Group, ...]:
    nothing = [part.audience for each in shown.shown_groups for part in each.parts if not part.submitted]
    return tuple(
        group
        for group in shown.questionnaire.groups
        if frozenset(group.roles) in nothing and any(invited.get(role) for role in group.roles)
    )

"""Where groups differ and where they are silent: which questions of a round to talk about first.

How far apart two groups are is the **ordinal distance** of their answers: the match distance of Werman, Peleg and
Rosenfeld (1985), known since as the earth mover's distance. Put the answers in their order (Yes, Partly, No), let F and
G be the share of each group that stands at or below each step, and sum |F - G| over the steps but the last, divided by
their number. It is how many steps, on average, the answers of one group would have to be moved to become those of the
other, as a share of the whole scale: 0 where both answered alike, 1 where one said only Yes and the other only No; all
Yes against all Partly is 0.5. It asks nothing of the answers but their order, and is the same whichever end is good.

    Werman, M., Peleg, S. and Rosenfeld, A. (1985) "A distance metric for multidimensional histograms", Computer
    Vision, Graphics, and Image Processing, 32(3), 328-336.
    Vallender, S. S. (1974) "Calculation of the Wasserstein distance between probability distributions on the line",
    Theory of Probability and its Applications, 18(4), 784-786: that the sum over the steps is that distance.

All arithmetic is in fractions, so that ties are ties, and the same answers always give the same order.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate, combinations
from typing import Literal

from msgspec import Struct

from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.places import Place, is_place_asked
from scrqm_forms.domain.questionnaire import Questionnaire
from scrqm_forms.domain.results import Results, Tally

#: Part of a place -> its codes that have an order, from one end to the other. Of a choice nothing is known.
SCALES: Mapping[str, tuple[str, ...]] = {
    "rating": ("yes", "partly", "no"),
    "helped": ("yes", "partly", "no"),
    "judgement": ("met", "partly_met", "not_met"),
}
#: Codes that say nothing of the matter itself: asked, and without an answer.
SILENT = ("not_known", "", "not_my_part")


#: Below the first, answers are close together: on average less than half a step of Yes, Partly, No apart. From the
#: second on they are far apart: a whole step or more.
SOME_WAY, FAR = Fraction(1, 4), Fraction(1, 2)


class Topic(Struct, frozen=True, kw_only=True):
    """A question, or a marker's judgement, as something to talk about."""

    place: Place
    #: The greatest ordinal distance between any two groups; None with fewer than two that answered.
    distance: Fraction | None
    #: The two groups that are as far apart as that, the first such pair in the order of groups.
    apart: tuple[Group, ...]
    #: Share of those asked who gave no answer, on average over the groups; 1 for a group of which nobody answered.
    silence: Fraction
    #: Groups that were asked and of which nobody gave an answer.
    silent: tuple[Group, ...]
    #: Group -> (people who were not in a position to know, people asked), where there are any.
    not_known: tuple[tuple[Group, int, int], ...]
    #: Share of the answers on the scale that are the unfavourable one, on average over the groups.
    unfavourable: Fraction

    @property
    def pressing(self) -> Fraction:
        """What the order goes by; 0 where all groups answered alike and nobody was silent."""
        return (self.distance or Fraction()) + self.silence

    @property
    def how_far(self) -> Literal["close", "some_way", "far"]:
        distance = self.distance or Fraction()
        return "close" if distance < SOME_WAY else "some_way" if distance < FAR else "far"


class Agenda(Struct, frozen=True, kw_only=True):
    """What to talk about first, and the entries of which there is only silence to talk about."""

    topics: tuple[Topic, ...]
    #: Keys of entries that nobody of those shown chose any answer in, in the order asked.
    unanswered: tuple[str, ...]


def make_agenda(topics: Sequence[Topic], results: Results, entries: Sequence[str], *, most: int, of_one: int) -> Agenda:
    """The first `most` of ordered topics, at most `of_one` of each entry, and none of an entry nobody answered.

    `entries` are the keys in the order asked.
    """
    unanswered = {topic.place.entry for topic in topics if not results.answering.get(topic.place.entry)}
    taken: Counter[str] = Counter()
    chosen = []
    for topic in topics:
        entry = topic.place.entry
        if topic.pressing and entry not in unanswered and taken[entry] < of_one:
            taken[entry] += 1
            chosen.append(topic)
    return Agenda(topics=tuple(chosen[:most]), unanswered=tuple(entry for entry in entries if entry in unanswered))


def ordinal_distance(one: Sequence[int], other: Sequence[int]) -> Fraction:
    """From 0 to 1, between two lists of counts over the same scale in its order, neither of them empty."""
    steps = zip(list(accumulate(one))[:-1], list(accumulate(other))[:-1], strict=True)
    between = (abs(Fraction(f, sum(one)) - Fraction(g, sum(other))) for f, g in steps)
    return sum(between, Fraction()) / (len(one) - 1)


def order_topics(
    questionnaire: Questionnaire, places: Sequence[Place], results: Results, groups: Sequence[Group]
) -> list[Topic]:
    """What to talk about, the most pressing first; `groups` are those in which anybody was invited.

    By distance and silence together, which both run from 0 to 1; equals by distance, then by how many gave the
    unfavourable answer, then in the order asked. Places without an ordered scale, or shown of no group, are left out.
    """
    topics = []
    for place in places:
        if place.part in SCALES:
            absent = [
                group
                for group in groups
                if not results.responses[group.key] and is_place_asked(questionnaire, place, group.roles)
            ]
            topics.append(_topic_of(place, results.of(place.column), groups, absent))
    asked = [topic for topic in topics if topic is not None]
    return sorted(asked, key=lambda topic: (-topic.pressing, -(topic.distance or 0), -topic.unfavourable))


def _topic_of(place: Place, tally: Tally, groups: Sequence[Group], absent: Sequence[Group]) -> Topic | None:
    asked = {group: number for group in groups if (number := _asked(tally, group))}
    if not asked:
        return None
    counts = {group: [tally.number(group.key, code) for code in SCALES[place.part]] for group in asked}
    answered = {group: each for group, each in counts.items() if sum(each)}
    silent = {group: Fraction(_silent(tally, group), number) for group, number in asked.items()}
    silent |= {group: Fraction(1) for group in absent}
    known = ((group, tally.number(group.key, "not_known"), number) for group, number in asked.items())
    distance, apart = _furthest(answered)
    return Topic(
        place=place,
        distance=distance,
        apart=apart,
        silence=_mean(list(silent.values())),
        silent=tuple(group for group in groups if silent.get(group) == 1),
        not_known=tuple(each for each in known if each[1]),
        unfavourable=_mean([_unfavourable(place, each) for each in answered.values()]),
    )


def _asked(tally: Tally, group: Group) -> int:
    """People of the group who were asked, of those that sent their answers; 0 where they are not shown."""
    codes = tally.counts.get(group.key)
    return codes.total() - codes["not_asked"] if codes else 0


def _silent(tally: Tally, group: Group) -> int:
    return sum(tally.number(group.key, code) for code in SILENT)


def _furthest(answered: Mapping[Group, Sequence[int]]) -> tuple[Fraction | None, tuple[Group, ...]]:
    furthest: tuple[Fraction | None, tuple[Group, ...]] = (None, ())
    for one, other in combinations(answered, 2):
        distance = ordinal_distance(answered[one], answered[other])
        if furthest[0] is None or distance > furthest[0]:
            furthest = (distance, (one, other) if distance else ())
    return furthest


def _unfavourable(place: Place, counts: Sequence[int]) -> Fraction:
    """A question whose favourable answer is No has its unfavourable one at the other end; some have neither."""
    favourable = place.question.favourable if place.question else "yes"
    if favourable == "none":
        return Fraction()
    return Fraction(counts[0] if favourable == "no" else counts[-1], sum(counts))


def _mean(shares: Sequence[Fraction]) -> Fraction:
    return sum(shares, Fraction()) / len(shares) if shares else Fraction()

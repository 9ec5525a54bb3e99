"""Made-up confidential rounds, and everything that is shown of them, for test_small_groups.py."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from random import Random
from typing import Any

from msgspec import Struct

from scrqm_forms.domain.groups import Group, join_groups, make_groups, merge_small_groups
from scrqm_forms.domain.marker import LibraryMarker, Marker, MarkerSet, Obstacle, Question, Role, Stage
from scrqm_forms.domain.places import Place, cell_of, is_place_asked, places_of
from scrqm_forms.domain.questionnaire import Questionnaire, RoundSettings, freeze_questionnaire
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.results import ShownResponse, tally_responses
from scrqm_forms.domain.showing import ShownGroup, ShownPart, blur, blurred_entries, shows_alone, shows_in_rows

ROLES = tuple(Role(key=key, title=key, plural=f"{key}s") for key in ("ant", "bee", "cow", "dog", "emu"))
SET = MarkerSet(key="tea", title="Tea", prefix="t", citation="Us", stages=(Stage(key="all", title="All"),), roles=ROLES)


class Said(Struct, frozen=True):
    """One response: the group it was given in, and its entries."""

    group: str
    entries: dict[str, Entry]


class MadeUp(Struct, frozen=True):
    """A closed confidential round of which something is shown."""

    questionnaire: Questionnaire
    places: Sequence[Place]
    submitted: dict[str, int]
    #: Group key -> the group it is shown in.
    shown: dict[str, ShownGroup]
    blurred: dict[str, frozenset[str]]

    def audience(self, group: str) -> frozenset[str]:
        return self.questionnaire.audience(group.split("+", maxsplit=1)[0])

    def is_asked(self, place: Place, group: str) -> bool:
        return is_place_asked(self.questionnaire, place, self.audience(group))

    def is_shown(self, place: Place, group: str) -> bool:
        return shows_alone(self.questionnaire, self.shown[group], place)

    def joined(self) -> list[list[str]]:
        """Groups shown together that sent anything: only such can be told apart."""
        found: dict[str, list[str]] = {}
        for group, shown in self.shown.items():
            if self.submitted[group]:
                found.setdefault(shown.group.key, []).append(group)
        return [groups for groups in found.values() if len(groups) > 1]


def make_round(chance: Random) -> MadeUp | None:
    """None where nothing may be shown at all."""
    roles = ROLES[: chance.randint(2, 5)]
    questionnaire = _questionnaire(chance, roles)
    submitted = {group.key: chance.randint(0, questionnaire.minimum + 3) for group in questionnaire.groups}
    parts = merge_small_groups(submitted, questionnaire.groups, questionnaire.minimum)
    places = places_of(questionnaire)
    shown = dict(_shown(part, roles, submitted) for part in parts for part in [part])
    by_group = {group.key: each for part, each in shown.items() for group in part}
    blurred = {each.group.key: blurred_entries(questionnaire, each, places) for each in shown.values()}
    return MadeUp(questionnaire, places, submitted, by_group, blurred) if parts else None


def _shown(
    part: tuple[Group, ...], roles: Sequence[Role], submitted: dict[str, int]
) -> tuple[tuple[Group, ...], ShownGroup]:
    parts = tuple(ShownPart(audience=frozenset(each.roles), submitted=submitted[each.key]) for each in part)
    return part, ShownGroup(group=join_groups(part, roles), parts=parts)


def _questionnaire(chance: Random, roles: Sequence[Role]) -> Questionnaire:
    keys = [role.key for role in roles]
    parts: list[list[str]] = [[] for _ in keys]
    for key in keys:
        chance.choice(parts).append(key)
    settings = RoundSettings(
        purpose="reflect",
        mode="confidential",
        minimum=chance.choice((3, 3, 4, 5, 10)),
        roles=tuple(keys),
        markers=("t1",),
        lengths={key: "brief" for key in keys if chance.random() < 0.25},
    )
    return freeze_questionnaire(
        settings,
        [LibraryMarker(marker=_marker(chance, keys), set=SET, origin="x")],
        base_set=SET,
        roles=roles,
        groups=make_groups(parts, roles),
        vocabulary={},
        board="B",
        review_title="T",
        reference="R",
        keep_until=date(2027, 1, 1),
        made_with={},
    )


def _marker(chance: Random, keys: list[str]) -> Marker:
    def for_whom() -> tuple[str, ...]:
        return tuple(key for key in keys if chance.random() < 0.5) if chance.random() < 0.7 else ()

    return Marker(
        id="t1",
        number=1,
        title="T",
        stage="all",
        statement="S",
        rationale="R",
        source="X",
        wording_status="local",
        questions=tuple(
            Question(
                id=f"q{n}", ask="?", reflect="?", kind=chance.choice(("rating", "rating", "text")), roles=for_whom()
            )
            for n in range(chance.randint(1, 3))
        ),
        obstacles=(Obstacle(id="o", text="O"),) if chance.random() < 0.5 else (),
    )


def make_responses(made: MadeUp, chance: Random) -> list[Said]:
    return [Said(group, _entries(made, group, chance)) for group, n in made.submitted.items() for _ in range(n)]


def _entries(made: MadeUp, group: str, chance: Random) -> dict[str, Entry]:
    """Nothing, set aside, or some of what is asked of the group."""
    if chance.random() < 0.3:
        return chance.choice(({}, {"t1": Entry(not_my_part=True)}))
    asked = [place for place in made.places if made.is_asked(place, group)]
    said = [(place, _answer(place, chance)) for place in asked if chance.random() < 0.7]
    return {"t1": entry_of(said)}


def _answer(place: Place, chance: Random) -> str:
    return chance.choice("xyz") if place.is_text else chance.choice(place.choices[:3]).code


def entry_of(said: Iterable[tuple[Place, str]]) -> Entry:
    """An entry with these answers."""
    answers, comments, reflections, judgement, obstacles = {}, {}, {}, "", []
    for place, answer in said:
        if place.part == "judgement":
            judgement = answer
        elif place.part == "obstacle":
            obstacles += [place.item] if answer else []
        elif place.part == "reflection":
            reflections[place.item] = answer
        else:
            (comments if place.is_text else answers)[place.item] = answer
    kept = {key: text for key, text in comments.items() if text}
    written = {key: text for key, text in reflections.items() if text}
    return Entry(
        answers={key: code for key, code in answers.items() if code},
        comments=kept,
        reflections=written,
        judgement=judgement,
        obstacles=tuple(obstacles),
    )


def show_counts(made: MadeUp, responses: Sequence[Said]) -> dict[tuple[str, str, str], int]:
    """(column, group, code) -> the number on a page, in a chart and in the table of results."""
    tallies = _tally(made, responses).tallies
    return {
        (column, group, code): number
        for column, tally in tallies.items()
        for group, codes in tally.counts.items()
        for code, number in codes.items()
        if number
    }


def show_everything(made: MadeUp, responses: Sequence[Said]) -> tuple[Any, ...]:
    """Counts, texts by place and group, and the rows of the wide and the long table; without any order."""
    tallies = _tally(made, responses).tallies
    texts = {(column, group): sorted(said) for column, tally in tallies.items() for group, said in tally.texts.items()}
    return show_counts(made, responses), texts, Counter(_rows(made, responses))


def _tally(made: MadeUp, responses: Sequence[Said]) -> Any:
    def shows(place: Place, group: str) -> bool:
        return any(made.is_shown(place, key) for key, each in made.shown.items() if each.group.key == group)

    found = (
        ShownResponse(
            group=made.shown[each.group].group.key, audience=made.audience(each.group), entries=_blurred(made, each)
        )
        for each in responses
    )
    return tally_responses(made.questionnaire, made.places, found, shows)


def _rows(made: MadeUp, responses: Sequence[Said]) -> Iterator[tuple[str, ...]]:
    for each in responses:
        shown, entries = made.shown[each.group], _blurred(made, each)
        yield (
            shown.group.key,
            *(
                cell_of(place, entries.get(place.entry), shows_in_rows(made.questionnaire, shown, place))
                for place in made.places
                if not place.is_text
            ),
        )


def _blurred(made: MadeUp, each: Said) -> Any:
    return blur(each.entries, made.blurred[made.shown[each.group].group.key])

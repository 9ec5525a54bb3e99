"""What is shown of groups that had to be joined."""

from datetime import date

import pytest

from scrqm_forms.domain.groups import make_groups
from scrqm_forms.domain.marker import LibraryMarker, Marker, MarkerSet, Question, Role, Stage
from scrqm_forms.domain.places import Place, places_of
from scrqm_forms.domain.questionnaire import Questionnaire, RoundSettings, freeze_questionnaire
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.showing import ShownGroup, ShownPart, blur, blurred_entries, shows_alone, shows_in_rows

ROLES = tuple(Role(key=key, title=key.title(), plural=f"{key}s") for key in ("cook", "guest"))


def _questionnaire(mode: str) -> Questionnaire:
    marker_set = MarkerSet(
        key="tea", title="Tea", prefix="t", citation="Us", stages=(Stage(key="all", title="All"),), roles=ROLES
    )
    marker = Marker(
        id="t1",
        number=1,
        title="Kettle",
        stage="all",
        statement="It boils.",
        rationale="Tea needs it.",
        source="Us",
        wording_status="local",
        questions=(
            Question(id="both", ask="Is it hot?"),
            Question(id="cooks", ask="Is there gas?", roles=("cook",)),
            Question(id="guests", ask="Is there cake?", roles=("guest",)),
        ),
    )
    library_marker = LibraryMarker(marker=marker, set=marker_set, origin="here")
    settings = RoundSettings(purpose="plan", mode=mode, minimum=5, roles=("cook", "guest"), markers=("t1",), lengths={})  # type: ignore[arg-type]
    return freeze_questionnaire(
        settings,
        [library_marker],
        base_set=marker_set,
        roles=ROLES,
        groups=make_groups([["cook"], ["guest"]], ROLES),
        vocabulary={},
        board="B",
        review_title="T",
        reference="R",
        keep_until=date(2027, 1, 1),
        made_with={},
    )


def _joined(cooks: int, guests: int) -> ShownGroup:
    (everyone,) = make_groups([["cook", "guest"]], ROLES)
    parts = (
        ShownPart(audience=frozenset({"cook"}), submitted=cooks),
        ShownPart(audience=frozenset({"guest"}), submitted=guests),
    )
    return ShownGroup(group=everyone, parts=parts)


def _place(questionnaire: Questionnaire, column: str) -> Place:
    return next(place for place in places_of(questionnaire) if place.column == column)


@pytest.mark.parametrize(
    ("column", "in_rows", "alone"),
    [("t1.both.rating", True, True), ("t1.cooks.rating", False, True), ("t1.guests.comment", False, False)],
)
def test_joined_groups_show_in_rows_what_all_were_asked_and_alone_what_enough_were(
    column: str, in_rows: bool, alone: bool
) -> None:
    questionnaire = _questionnaire("confidential")
    place = _place(questionnaire, column)
    shown = _joined(cooks=6, guests=1)
    assert (shows_in_rows(questionnaire, shown, place), shows_alone(questionnaire, shown, place)) == (in_rows, alone)


def test_group_that_sent_nothing_hides_nothing_of_the_one_it_is_joined_with() -> None:
    questionnaire = _questionnaire("confidential")
    assert shows_in_rows(questionnaire, _joined(cooks=6, guests=0), _place(questionnaire, "t1.cooks.rating"))


def test_named_round_hides_nothing() -> None:
    questionnaire = _questionnaire("named")
    place = _place(questionnaire, "t1.guests.rating")
    assert shows_in_rows(questionnaire, _joined(cooks=6, guests=1), place)
    assert shows_alone(questionnaire, _joined(cooks=6, guests=1), place)


def test_that_nobody_was_asked_may_be_shown() -> None:
    questionnaire = _questionnaire("confidential")
    (guests,) = make_groups([["guest"]], ROLES[1:])
    alone = ShownGroup(group=guests, parts=(ShownPart(audience=frozenset({"guest"}), submitted=6),))
    assert shows_alone(questionnaire, alone, _place(questionnaire, "t1.cooks.rating"))


@pytest.mark.parametrize(
    ("cooks", "guests", "blurred"),
    [
        pytest.param(6, 4, {"t1"}, id="some questions are for one part alone"),
        pytest.param(6, 0, set(), id="the other part sent nothing"),
        pytest.param(2, 3, set(), id="all that is shown was asked of both"),
    ],
)
def test_who_set_a_marker_aside_is_blurred_where_the_parts_were_asked_different_things(
    cooks: int, guests: int, blurred: set[str]
) -> None:
    questionnaire = _questionnaire("confidential")
    assert blurred_entries(questionnaire, _joined(cooks, guests), places_of(questionnaire)) == blurred


def test_named_round_blurs_nothing() -> None:
    questionnaire = _questionnaire("named")
    assert not blurred_entries(questionnaire, _joined(6, 4), places_of(questionnaire))


def test_blurred_entry_that_was_set_aside_counts_as_blank() -> None:
    aside, said = Entry(not_my_part=True), Entry(judgement="met")
    assert blur({"t1": aside, "t2": aside, "t3": said}, frozenset({"t1", "t3"})) == {"t2": aside, "t3": said}

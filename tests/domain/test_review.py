"""Keys, dates and settings of reviews and rounds."""

import re
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.marker import ROLES
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.review import (
    Board,
    Review,
    Round,
    board_key_from,
    check_settings,
    next_round_key,
)

SETTINGS = RoundSettings(
    purpose="reflect", mode="confidential", minimum=5, roles=("chair",), markers=("qm01",), lengths={}
)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Invented Board", "invented-board"),
        ("St Mary's Board", "st-marys-board"),
        ("  Ynys Môn / Gwynedd  ", "ynys-mon-gwynedd"),
        ("Board 2 (East & West)", "board-2-east-west"),
        ("A" * 39 + " B", "a" * 39),
        ("Partnership №3", "partnership-no3"),
    ],
)
def test_board_key_is_made_of_the_words_of_its_name(name, key):
    assert board_key_from(name) == key


@given(st.text())
def test_board_key_always_fits_an_address(name):
    key = board_key_from(name)
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", key)
    assert not key.endswith("-")


@pytest.mark.parametrize("name", ["", "!?", "東京"], ids=["empty", "signs", "no_latin_letter"])
def test_name_without_a_latin_letter_gives_the_key_board(name):
    assert board_key_from(name) == "board"


@pytest.mark.parametrize(
    ("taken", "key"),
    [
        ([], "reflect"),
        (["plan", "follow_up"], "reflect"),
        (["reflect"], "reflect_2"),
        (["reflect_2", "reflect"], "reflect_3"),
        (["reflect", "reflect_3"], "reflect_2"),
    ],
)
def test_round_is_called_after_its_purpose_with_a_number_from_the_second_on(taken, key):
    assert next_round_key("reflect", taken) == key


@pytest.mark.parametrize("minimum", [3, 5, 10])
def test_settings_that_a_round_can_be_held_with_are_allowed(minimum):
    check_settings(msgspec.structs.replace(SETTINGS, minimum=minimum), ROLES)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"purpose": "gossip"}, 'Purpose: "gossip" is not one of plan, assure, reflect, follow_up'),
        ({"minimum": 2}, "Smallest group: 2 is not from 3 to 10"),
        ({"minimum": 11}, "Smallest group: 11 is not from 3 to 10"),
        ({"markers": ()}, "Markers: none is chosen"),
        ({"roles": ()}, "Roles: none is chosen"),
        ({"roles": ("chair", "cook")}, 'Roles: "cook" is not one of chair, panel'),
    ],
    ids=["purpose", "minimum_too_small", "minimum_too_large", "no_markers", "no_roles", "unknown_role"],
)
def test_settings_that_no_round_can_be_held_with_are_refused(change, message):
    with pytest.raises(Refused, match=message):
        check_settings(msgspec.structs.replace(SETTINGS, **change), ROLES)


BOARD = Board(id=1, key="tea", name="Tea", vocabulary="scr", support="", plugins=())
REVIEW = Review(id=1, key="QXNTVBRA", board=BOARD, reference="T1", title="T1", keep_until=date(2027, 1, 1))


def round_in(state):
    return Round(
        id=1,
        key="reflect",
        review=REVIEW,
        state=state,
        settings=SETTINGS,
        closes_on=date(2026, 3, 30),
        shuffle_key="",
        shown_groups=None,
        synthetic=False,
    )


@pytest.mark.parametrize(
    ("state", "today", "takes"),
    [
        ("open", date(2026, 3, 30), True),
        ("open", date(2026, 3, 31), False),
        ("draft", date(2026, 3, 1), False),
        ("closed", date(2026, 3, 1), False),
    ],
    ids=["last_day", "day_after", "draft", "closed"],
)
def test_round_takes_answers_while_open_up_to_and_on_its_last_day(state, today, takes):
    assert round_in(state).takes_answers(today) is takes


def test_round_is_called_by_the_keys_of_its_review_and_its_own():
    assert round_in("open").name == "QXNTVBRA/reflect"

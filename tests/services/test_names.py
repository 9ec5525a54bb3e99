"""Names are one line of characters that every format and database can hold, wherever they are typed."""

import msgspec
import pytest

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.marker import ROLES
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services.accounts import check_name
from scrqm_forms.services.boards import change_board, create_board
from scrqm_forms.services.invitations import check_person, read_people
from scrqm_forms.services.reviews import NewReview, create_review
from scrqm_forms.storage.boards import get_board

TYPED, STORED = " N\x00a\x01m\x7fe\r\n = \ud800\ufffe é\u202e ", "N�a�m�e = �� é\u202e"
PERSON = Person(name="Ann", email="", role="chair", agency="")


def board_name(build, typed):
    return create_board(OPERATOR, typed, build.today, key="new").name


def reference(build, typed):
    return create_review(OPERATOR, build.board(), NewReview(reference=typed), build.today).reference


def title(build, typed):
    return create_review(OPERATOR, build.board(), NewReview(reference="R1", title=typed), build.today).title


def name_in_a_list(_build, typed):
    (person,) = read_people('"' + typed + '",,chair', ROLES)
    return person.name


def agency(_build, typed):
    return check_person(msgspec.structs.replace(PERSON, agency=typed), ROLES).agency


def administrator(_build, typed):
    return check_name(typed)


WAYS = [board_name, reference, title, name_in_a_list, agency, administrator]


@pytest.mark.parametrize("way", WAYS)
def test_name_is_one_line_without_characters_that_cannot_be_stored(build, way):
    assert way(build, TYPED) == STORED


@pytest.mark.parametrize("way", WAYS)
def test_name_that_is_too_long_is_refused_with_its_length(build, way):
    assert way(build, "x" * 300) == "x" * 300
    with pytest.raises(Refused, match="found 1,301 characters; expected at most 300"):
        way(build, "x" * 1301)


def test_whom_to_talk_to_is_stored_as_answers_are(build):
    change_board(OPERATOR, build.board("Mine"), support="Ring\r\nus\x00")
    assert get_board(OPERATOR, "mine").support == "Ring\nus�"

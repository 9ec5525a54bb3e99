"""Boards are kept apart: another board's things and things that are not there look the same."""

from datetime import UTC, datetime
from hashlib import sha256

import msgspec
import pytest

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.accounts import find_sign_in_link, make_sign_in_link, use_sign_in_link
from scrqm_forms.services.boards import BoardFaults, change_board, create_board
from scrqm_forms.services.reviews import NewReview, create_review
from scrqm_forms.storage.accounts import caller_of
from scrqm_forms.storage.boards import accent_of, find_logo, get_board, list_boards
from scrqm_forms.storage.reviews import get_review, get_round, list_reviews

NOW = datetime(2026, 3, 2, tzinfo=UTC)
#: As much of a picture as is looked at: 640 by 200 pixels.
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\0\xc8"


def administrator_of(board_key):
    link = find_sign_in_link(make_sign_in_link(NOW, board_key=board_key), NOW)
    said = {"name": "Ann", "email": f"{board_key}@example.org", "password": "three words in a row"}
    return caller_of(use_sign_in_link(link, **said, hash_password=str.upper))


@pytest.fixture
def two_boards(build):
    """(round of a board of one's own, round of another's, somebody who looks after the first)."""
    mine, theirs = build.round(board=build.board("Mine")), build.round(board=build.board("Theirs"))
    return mine, theirs, administrator_of("mine")


def test_board_is_made_with_a_key_from_its_name(build):
    board = create_board(OPERATOR, "  St Mary's Board ", build.today, vocabulary="sar")
    assert (board.key, board.name, board.vocabulary) == ("st-marys-board", "St Mary's Board", "sar")
    assert get_board(OPERATOR, "st-marys-board") == board


def test_key_that_is_taken_is_refused_whoever_has_it(build):
    build.board("Theirs")
    build.board("Mine")
    for caller in (OPERATOR, administrator_of("mine")):
        with pytest.raises(Refused, match='the key "theirs" is taken'):
            create_board(caller, "Theirs", build.today, key="theirs")
    assert len(list_boards(OPERATOR)) == 2


def test_key_made_from_a_name_gets_a_number_if_it_is_taken(build):
    names = ["Tea", "tea!", "TEA", "x" * 40, "x" * 41]
    keys = [create_board(OPERATOR, name, build.today).key for name in names]
    assert keys == ["tea", "tea-2", "tea-3", "x" * 40, f"{'x' * 36}-2"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"name": " "}, "Name: a board needs a name"),
        ({"name": "A", "key": "Upper"}, 'Key: found "Upper"'),
        ({"name": "A", "key": "-a"}, 'Key: found "-a"'),
        ({"name": "A", "key": "a\n"}, "Key: found"),
        ({"name": "A", "key": "x" * 41}, "Key: found"),
        ({"name": "A", "vocabulary": "xyz"}, 'Vocabulary: found "xyz"; expected one of scr, lcspr, sar'),
    ],
    ids=["no_name", "upper_case", "hyphen_first", "line_break", "too_long", "vocabulary"],
)
def test_board_that_lacks_something_is_not_made(build, said, message):
    with pytest.raises(Refused, match=message):
        create_board(OPERATOR, today=build.today, **said)
    assert list_boards(OPERATOR) == []


def test_board_is_changed_but_for_its_key(build):
    board = build.board("Before")
    change_board(OPERATOR, board, name=" After ", vocabulary="lcspr", support="Ring us.", plugins=["b", "a"])
    after = get_board(OPERATOR, "before")
    assert (after.name, after.vocabulary, after.support, after.plugins) == ("After", "lcspr", "Ring us.", ("a", "b"))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"name": " After "}, {"name": "After"}),
        ({"support": ""}, {"support": ""}),
        ({"accent": "7A1F5C"}, {"accent": "#7a1f5c"}),
        ({"accent": ""}, {"accent": ""}),
        ({"logo": PNG + b"another"}, {"logo_sha256": sha256(PNG + b"another").hexdigest()}),
        ({"logo": None}, {"logo_sha256": ""}),
        ({"shows_markers": False}, {"shows_markers": False}),
        ({}, {}),
    ],
    ids=["name", "support", "accent", "no_accent", "logo", "no_logo", "markers", "nothing"],
)
def test_what_is_not_changed_stays(build, changes, fields):
    board = build.board("Before")
    change_board(OPERATOR, board, support="Ring us.", plugins=["a"], accent="#0e5160", logo=PNG)
    before = get_board(OPERATOR, "before")
    change_board(OPERATOR, before, **changes)
    assert get_board(OPERATOR, "before") == msgspec.structs.replace(before, **fields)


def test_everything_wrong_with_a_board_is_named_and_nothing_of_it_stored(build):
    board = build.board("Before")
    with pytest.raises(BoardFaults) as refused:
        change_board(
            OPERATOR, board, name="", vocabulary="xyz", support="Ring us.", accent="red", logo=b"", shows_markers=False
        )
    beginnings = {field: sentence.partition(":")[0] for field, sentence in refused.value.faults.items()}
    assert beginnings == {"name": "Name", "vocabulary": "Vocabulary", "accent": "Colour", "logo": "Logo"}
    assert str(refused.value).splitlines() == list(refused.value.faults.values())
    assert get_board(OPERATOR, "before") == board


def test_logo_is_found_by_its_board_and_digest_alone(build):
    for name in ("Mine", "Theirs", "Without"):
        build.board(name)
    digests = {}
    for key, data in (("mine", PNG), ("theirs", PNG + b"another")):
        change_board(OPERATOR, get_board(OPERATOR, key), logo=data)
        digests[key] = get_board(OPERATOR, key).logo_sha256
    found = find_logo("mine", digests["mine"])
    assert (found.data, found.media_type) == (PNG, "image/png")
    for key, digest in (("mine", digests["theirs"]), ("nobodys", digests["mine"]), ("without", ""), ("mine", "")):
        assert find_logo(key, digest) is None


def test_colour_is_the_board_s_own_or_none(build):
    change_board(OPERATOR, build.board("Mine"), accent="#7a1f5c")
    build.board("Theirs")
    assert [accent_of(key) for key in ("mine", "theirs", "nobodys")] == ["#7a1f5c", "", ""]


def test_boards_are_listed_by_name(build):
    for name in ("Cee", "Ay", "Bee"):
        build.board(name)
    assert [board.name for board in list_boards(OPERATOR)] == ["Ay", "Bee", "Cee"]


def test_administrator_sees_their_own_boards_and_reviews_alone(two_boards):
    mine, _, caller = two_boards
    assert [board.key for board in list_boards(caller)] == ["mine"]
    assert list_reviews(caller) == [mine.review]
    assert get_round(caller, mine.review.key, "reflect") == mine


def test_administrator_who_makes_a_board_looks_after_it(build):
    build.board("Mine")
    caller = administrator_of("mine")
    made = create_board(caller, "Made", build.today)
    assert get_board(caller, "made") == made


def message_of(get, *arguments):
    with pytest.raises(NotFound) as raised:
        get(*arguments)
    return str(raised.value)


@pytest.mark.parametrize("what", ["board", "review", "round", "change"])
def test_what_is_another_board_s_and_what_is_not_there_are_told_apart_by_nothing(build, two_boards, what):
    _, theirs, caller = two_boards
    review = theirs.review

    def change(caller, key):
        board = msgspec.structs.replace(review.board, key=key)
        change_board(caller, board, name="Taken over", accent="#7a1f5c", logo=PNG)

    get, key, other = {
        "board": (get_board, "theirs", "nobodys"),
        "review": (get_review, review.key, "QQQQQQQQ"),
        "round": (lambda caller, key: get_round(caller, key, "reflect"), review.key, "QQQQQQQQ"),
        "change": (change, "theirs", "nobodys"),
    }[what]
    assert message_of(get, caller, key).replace(key, "KEY") == message_of(get, caller, other).replace(other, "KEY")
    assert get_board(OPERATOR, "theirs") == theirs.review.board


def test_reviews_are_listed_by_board_the_newest_first(build, two_boards):
    mine, theirs, _ = two_boards
    later = create_review(OPERATOR, mine.review.board, NewReview(reference="R2"), build.today)
    assert list_reviews(OPERATOR, "mine") == [later, mine.review]
    assert list_reviews(OPERATOR) == [later, theirs.review, mine.review]
    assert list_reviews(OPERATOR, "nobodys") == []

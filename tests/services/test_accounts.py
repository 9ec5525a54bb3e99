"""One-time links for administrators, and the limits on guessing."""

from datetime import UTC, datetime, timedelta

import pytest

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.review import Caller
from scrqm_forms.services.accounts import (
    LIMITS,
    TooManyFailures,
    check_throttle,
    end_sessions,
    find_sign_in_link,
    forget_failures,
    make_sign_in_link,
    note_failure,
    use_sign_in_link,
)
from scrqm_forms.services.boards import create_board
from scrqm_forms.storage.accounts import caller_of, count_administrators
from scrqm_forms.storage.boards import list_boards
from scrqm_forms.storage.database import db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "three words in a row"
SECOND = timedelta(seconds=1)


def hashed(password):
    """Stands for Argon2, which is slow on purpose and the sign-in library's affair."""
    return f"hash of {password[::-1]}"


def use(secret, email="Ann@Example.org ", **said):
    link = find_sign_in_link(secret, NOW)
    assert link is not None
    return use_sign_in_link(
        link, **({"name": "Ann", "email": email, "password": PASSWORD, "hash_password": hashed} | said)
    )


# One-time links


def test_link_makes_an_administrator_of_every_board(build):
    board = build.board()
    administrator = use(make_sign_in_link(NOW))
    assert (administrator.email, administrator.password) == ("ann@example.org", hashed(PASSWORD))
    assert list_boards(caller_of(administrator)) == [board]
    assert create_board(caller_of(administrator), "Later Board", build.today) in list_boards(caller_of(administrator))


def test_link_works_once(build):
    secret = make_sign_in_link(NOW)
    seen_twice = find_sign_in_link(secret, NOW)
    use(secret)
    assert find_sign_in_link(secret, NOW) is None
    with pytest.raises(Refused, match="used already"):
        use_sign_in_link(seen_twice, name="Bo", email="bo@example.org", password=PASSWORD, hash_password=hashed)
    assert count_administrators() == 1


def test_link_lasts_two_days(build):
    secret = make_sign_in_link(NOW)
    assert find_sign_in_link(secret, NOW + timedelta(hours=48)) is not None
    assert find_sign_in_link(secret, NOW + timedelta(hours=48) + SECOND) is None


def test_secret_of_a_sign_in_link_is_not_stored(build):
    secret = make_sign_in_link(NOW)
    assert secret not in repr(build.dump())
    assert len(secret) == 43
    assert find_sign_in_link(build.dump()["sign_in_link"][0]["link_hash"], NOW) is None


def test_link_of_a_board_makes_an_administrator_of_that_board_alone(build):
    mine, _ = build.board("Mine"), build.board("Another")
    caller = caller_of(use(make_sign_in_link(NOW, board_key=mine.key)))
    assert list_boards(caller) == [mine]
    build.board("Later")
    assert list_boards(caller) == [mine]


def test_link_for_an_address_sets_a_new_password_and_ends_its_sessions(build):
    before = use(make_sign_in_link(NOW))
    sessions = before.fs_uniquifier
    link = find_sign_in_link(make_sign_in_link(NOW, email="ANN@example.org"), NOW)
    assert link.email == "ann@example.org"
    after = use_sign_in_link(link, name="", email="", password="four words in a row", hash_password=hashed)
    assert (after.id, after.email, after.name) == (before.id, "ann@example.org", "Ann")
    assert after.password == hashed("four words in a row")
    assert after.fs_uniquifier != sessions
    assert count_administrators() == 1


def test_signing_out_ends_every_session_of_that_administrator_alone(build):
    ann, bo = use(make_sign_in_link(NOW)), use(make_sign_in_link(NOW), email="bo@example.org")
    before = ann.fs_uniquifier, bo.fs_uniquifier
    end_sessions(ann.id)
    db.session.expire_all()
    assert ann.fs_uniquifier != before[0]
    assert bo.fs_uniquifier == before[1]


def test_link_for_a_password_cannot_take_over_another_address(build):
    use(make_sign_in_link(NOW))
    other = use(make_sign_in_link(NOW), email="bo@example.org")
    again = use(make_sign_in_link(NOW, email="ann@example.org"), email="bo@example.org")
    assert (again.email, other.password) == ("ann@example.org", hashed(PASSWORD))


@pytest.mark.parametrize(
    ("wanted", "message"),
    [({"email": "no@example.org"}, 'no administrator "no@example.org"'), ({"board_key": "no"}, 'no board "no"')],
    ids=["address", "board"],
)
def test_link_for_what_is_not_there_is_not_made(build, wanted, message):
    with pytest.raises(NotFound, match=message):
        make_sign_in_link(NOW, **wanted)
    assert build.dump()["sign_in_link"] == []


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"name": " "}, "Name: enter"),
        ({"email": "ann at example"}, "E-mail address: enter"),
        ({"email": "@"}, "E-mail address: enter"),
        ({"password": "x" * 11}, "Password: use at least 12"),
    ],
    ids=["no_name", "no_address", "half_an_address", "short_password"],
)
def test_account_that_lacks_something_is_refused_and_the_link_still_works(build, said, message):
    secret = make_sign_in_link(NOW)
    with pytest.raises(Refused, match=message):
        use(secret, **said)
    assert count_administrators() == 0
    assert use(secret).email == "ann@example.org"


def test_address_is_one_person_s(build):
    use(make_sign_in_link(NOW))
    secret = make_sign_in_link(NOW)
    with pytest.raises(Refused, match="an administrator with this e-mail address already"):
        use(secret, email="ANN@EXAMPLE.ORG")
    assert find_sign_in_link(secret, NOW) is not None
    assert count_administrators() == 1


# Throttling


@pytest.fixture
def instance(build):
    return build.context.instance


def fail(instance, scope, who, times, now=NOW):
    for _ in range(times):
        note_failure(instance, scope, who, now)


@pytest.mark.parametrize("scope", LIMITS)
def test_tries_are_stopped_at_the_limit_and_allowed_again_after_the_window(instance, scope):
    allowed, seconds = LIMITS[scope]
    window = timedelta(seconds=seconds)
    fail(instance, scope, "ann@example.org", allowed - 1)
    check_throttle(instance, scope, "ann@example.org", NOW)
    fail(instance, scope, "ann@example.org", 1, NOW + window - SECOND)
    with pytest.raises(TooManyFailures, match="wait a quarter of an hour"):
        check_throttle(instance, scope, "ann@example.org", NOW + window - SECOND)
    check_throttle(instance, scope, "ann@example.org", NOW + window)


def test_limits_are_10_for_an_account_and_50_for_an_address_in_a_quarter_of_an_hour():
    assert LIMITS == {
        "sign-in account": (10, 900),
        "sign-in address": (50, 900),
        "link address": (50, 900),
    }


def test_tries_of_others_and_of_other_kinds_do_not_count(instance):
    fail(instance, "sign-in address", "192.0.2.7", 50)
    check_throttle(instance, "sign-in address", "192.0.2.8", NOW)
    check_throttle(instance, "link address", "192.0.2.7", NOW)
    check_throttle(instance, "sign-in account", "192.0.2.7", NOW)


def test_new_window_begins_at_nothing(instance):
    later = NOW + timedelta(seconds=901)
    fail(instance, "sign-in account", "ann@example.org", 10)
    fail(instance, "sign-in account", "ann@example.org", 9, later)
    check_throttle(instance, "sign-in account", "ann@example.org", later)


def test_success_forgets_the_failures(instance):
    fail(instance, "sign-in account", "ann@example.org", 10)
    forget_failures(instance, "sign-in account", "ann@example.org")
    check_throttle(instance, "sign-in account", "ann@example.org", NOW)


def test_counters_name_nobody_and_are_cleared_away(build, instance):
    fail(instance, "link address", "192.0.2.7", 2)
    fail(instance, "sign-in account", "ann@example.org", 1)
    stored = repr(build.dump()["throttle"])
    assert "192.0.2.7" not in stored
    assert "ann@example.org" not in stored
    fail(instance, "link address", "192.0.2.8", 1, NOW + timedelta(seconds=900))
    assert [row["failures"] for row in build.dump()["throttle"]] == [1]


def test_nobody_is_an_administrator_from_the_start(app):
    assert count_administrators() == 0
    assert list_boards(Caller(administrator_id=1, every_board=False)) == []

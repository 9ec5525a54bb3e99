"""What may be given, by whom, and to whose account a link may be made."""

import pytest

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.permission import (
    ALL,
    NONE,
    PERMISSIONS,
    Account,
    check_handing_on,
    check_service_stays,
    in_order,
    may_do_all_of,
    read_permissions,
)

MANAGE, READ, SERVICE = (frozenset({key}) for key in PERMISSIONS)


def account(active=True, every_board=False, **boards):
    return Account(id=1, name="Ann", email="ann@example.org", active=active, every_board=every_board, boards=boards)


def test_permissions_are_three_each_in_words():
    assert list(PERMISSIONS) == ["manage", "read_answers", "service"]
    assert all(each.key == key and each.title and each.may.endswith(".") for key, each in PERMISSIONS.items())


def test_permissions_are_told_in_the_same_order_always():
    assert [each.key for each in in_order({"service", "manage"})] == ["manage", "service"]


@pytest.mark.parametrize(
    ("keys", "message"),
    [((), "choose at least one"), (("manage", "everything"), 'found "everything"; expected some of manage, read_')],
    ids=["none", "unknown"],
)
def test_what_is_no_permission_is_refused(keys, message):
    with pytest.raises(Refused, match=message):
        read_permissions(keys)


@pytest.mark.parametrize(
    ("own", "before", "after"),
    [
        (ALL, NONE, ALL),
        (SERVICE, NONE, SERVICE),
        (SERVICE, ALL, MANAGE),  # taken away
        (SERVICE, READ, READ | SERVICE),  # was there before
    ],
    ids=["everything", "own", "taking_away", "kept"],
)
def test_what_one_has_may_be_handed_on_and_anything_taken_away(own, before, after):
    check_handing_on(own, before, after)


@pytest.mark.parametrize("missing", [MANAGE, READ], ids=["manage", "read_answers"])
def test_nobody_gives_what_they_have_not(missing):
    (key,) = missing
    with pytest.raises(Refused, match=f"you cannot give “{PERMISSIONS[key].title}”"):
        check_handing_on(ALL - missing, SERVICE, SERVICE | missing)


@pytest.mark.parametrize(
    ("accounts", "stays"),
    [
        ([account(a=SERVICE)], True),
        ([account(a=MANAGE | READ), account(a=ALL)], True),
        ([account(every_board=True)], True),
        ([account(a=MANAGE | READ)], False),
        ([account(b=ALL)], False),
        ([account(active=False, a=ALL), account(active=False, every_board=True)], False),
        ([], False),
    ],
    ids=["one", "another", "every_board", "without_it", "of_another_board", "disabled", "nobody"],
)
def test_somebody_must_be_able_to_look_after_the_accounts(accounts, stays):
    if stays:
        check_service_stays(accounts, "a")
    else:
        with pytest.raises(Refused, match="nobody else on this board has “Settings and accounts”"):
            check_service_stays(accounts, "a")


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (account(a=ALL), account(a=MANAGE), True),
        (account(a=SERVICE), account(a=SERVICE), True),
        (account(a=SERVICE), account(a=READ), False),
        (account(a=ALL), account(a=MANAGE, b=MANAGE), False),
        (account(a=ALL, b=ALL), account(a=MANAGE, b=MANAGE), True),
        (account(a=ALL), account(every_board=True), False),
        (account(every_board=True), account(every_board=True), True),
    ],
    ids=["less", "the_same", "more", "more_elsewhere", "less_everywhere", "every_board", "both_every_board"],
)
def test_link_to_an_account_is_made_by_those_who_may_do_all_it_may(one, other, may):
    assert may_do_all_of(one, other) is may

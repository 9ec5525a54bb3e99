"""Who looks after a board: invited, changed, helped, taken off, disabled; and each of it noted."""

from datetime import UTC, datetime, timedelta

import pytest

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.permission import ALL
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services import administrators
from scrqm_forms.services.accounts import (
    change_password,
    find_sign_in_link,
    join_board,
    make_sign_in_link,
    use_sign_in_link,
)
from scrqm_forms.storage.accounts import caller_of, find_account, list_accounts
from scrqm_forms.storage.boards import get_board, list_boards, permissions_of
from scrqm_forms.storage.database import db
from scrqm_forms.storage.events import list_events
from scrqm_forms.storage.models import AdministratorRow
from scrqm_forms.storage.sign_in_links import list_invited

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=49)
PASSWORD = "three words in a row"
SERVICE, MANAGE, READ = frozenset({"service"}), frozenset({"manage"}), frozenset({"read_answers"})


def use(secret, email="", password=PASSWORD, now=NOW):
    """The caller that the link makes, or gives a new password."""
    link = find_sign_in_link(secret, now)
    assert link is not None
    name = (email or link.email).partition("@")[0].capitalize()
    row = use_sign_in_link(link, name=name, email=email, password=password, hash_password=str.upper)
    return caller_of(row)


@pytest.fixture
def north(build):
    return build.board("North")


@pytest.fixture
def south(build):
    return build.board("South")


@pytest.fixture
def make(build):
    """`make("bo", board, permissions)`: an administrator; of every board if none is named."""

    def administrator(name, board=None, permissions=ALL):
        email = f"{name}@example.org"
        if board is None:
            return use(make_sign_in_link(NOW), email)
        return use(administrators.invite_administrator(OPERATOR, board, email, permissions, NOW))

    return administrator


@pytest.fixture
def ann(north, make):
    """Looks after the board North, and may do everything there."""
    return make("ann", north)


def sessions_of(caller):
    db.session.expire_all()
    return db.session.get_one(AdministratorRow, caller.administrator_id).fs_uniquifier


def events():
    return [(each.who, each.what, each.board, dict(each.details)) for each in list_events(OPERATOR)]


# Inviting


def test_invited_administrator_may_do_on_that_board_what_was_chosen_and_no_more(build, north, south, ann):
    bo = use(administrators.invite_administrator(ann, north, " Bo@Example.org", ["manage"], NOW))
    assert permissions_of(bo, north) == MANAGE
    assert permissions_of(bo, south) == frozenset()
    assert list_boards(bo) == [north]
    assert find_account("bo@example.org").boards == {"north": MANAGE}


def test_invitation_is_noted_with_the_address_and_without_its_secret(north, ann):
    secret = administrators.invite_administrator(ann, north, "bo@example.org", ["service", "manage"], NOW)
    assert events()[0] == (
        "Ann (ann@example.org)",
        "administrator_invited",
        "north",
        {"administrator": "bo@example.org", "permissions": "manage, service"},
    )
    assert secret not in repr(events())


def test_invited_are_listed_until_they_come_and_also_when_the_link_ran_out(north, ann):
    secret = administrators.invite_administrator(ann, north, "bo@example.org", ["manage"], NOW)
    assert [(each.email, each.permissions) for each in list_invited(north)] == [("bo@example.org", MANAGE)]
    assert find_sign_in_link(secret, LATER) is None
    use(secret)
    assert list_invited(north) == []


def test_inviting_an_address_again_stops_the_link_of_before(north, south, ann, make):
    elsewhere = administrators.invite_administrator(make("eve"), south, "bo@example.org", ["manage"], NOW)
    first = administrators.invite_administrator(ann, north, "bo@example.org", ["manage"], NOW)
    second = administrators.invite_administrator(ann, north, "bo@example.org", ["read_answers"], NOW)
    assert find_sign_in_link(first, NOW) is None
    assert find_sign_in_link(elsewhere, NOW) is not None
    assert permissions_of(use(second), north) == READ


def test_new_link_of_an_invitation_is_for_the_same_and_the_old_one_stops(north, ann):
    first = administrators.invite_administrator(ann, north, "bo@example.org", ["manage"], NOW)
    (invited,) = list_invited(north)
    email, second = administrators.invite_again(ann, north, invited.link_hash, LATER)
    assert (email, find_sign_in_link(first, NOW)) == ("bo@example.org", None)
    assert permissions_of(use(second, now=LATER), north) == MANAGE


def test_invitation_that_is_taken_back_leads_nowhere(north, ann):
    secret = administrators.invite_administrator(ann, north, "bo@example.org", ["manage"], NOW)
    administrators.withdraw_invitation(ann, north, list_invited(north)[0].link_hash, NOW)
    assert find_sign_in_link(secret, NOW) is None
    assert events()[0][1:] == ("administrator_disabled", "north", {"administrator": "bo@example.org"})


def test_invitation_of_another_board_is_not_there(north, south, ann, make):
    secret = administrators.invite_administrator(make("eve"), south, "bo@example.org", ["manage"], NOW)
    theirs = list_invited(south)[0].link_hash
    for change in (administrators.invite_again, administrators.withdraw_invitation):
        with pytest.raises(NotFound):
            change(ann, north, theirs, NOW)
    assert find_sign_in_link(secret, NOW) is not None


@pytest.mark.parametrize(
    ("email", "permissions", "message"),
    [
        ("bo", ["manage"], "E-mail address: enter"),
        ("bo@example.org", [], "Permissions: choose"),
        ("bo@example.org", ["all"], 'Permissions: found "all"'),
        ("ANN@example.org", ["manage"], "among the administrators of this board already"),
        ("eve@example.org", ["manage"], "among the administrators of this board already"),
    ],
    ids=["address", "none", "unknown", "there_already", "every_board"],
)
def test_invitation_that_lacks_something_is_refused(north, ann, make, email, permissions, message):
    make("eve")
    with pytest.raises(Refused, match=message):
        administrators.invite_administrator(ann, north, email, permissions, NOW)
    assert list_invited(north) == []


def test_nobody_invites_with_more_than_they_have(north, ann, make):
    bo = make("bo", north, SERVICE)
    with pytest.raises(Refused, match="cannot give “Read answers”"):
        administrators.invite_administrator(bo, north, "cy@example.org", ["service", "read_answers"], NOW)
    administrators.invite_administrator(ann, north, "cy@example.org", ["service", "read_answers"], NOW)
    with pytest.raises(Refused, match="cannot give “Read answers”"):
        administrators.invite_again(bo, north, list_invited(north)[0].link_hash, NOW)
    assert len(list_invited(north)) == 1


# Somebody who has an account already


def test_account_there_is_already_joins_the_board_and_keeps_its_password(north, south, ann, make):
    bo = make("bo", south, MANAGE)
    before = db.session.get_one(AdministratorRow, bo.administrator_id).password
    link = find_sign_in_link(administrators.invite_administrator(ann, north, "bo@example.org", READ, NOW), NOW)
    assert link.joins == bo.administrator_id
    assert join_board(link) == bo.administrator_id
    assert find_account("bo@example.org").boards == {"north": READ, "south": MANAGE}
    assert db.session.get_one(AdministratorRow, bo.administrator_id).password == before
    with pytest.raises(Refused, match="used already"):
        join_board(link)


def test_invitation_cannot_set_the_password_of_an_account_there_is_already(north, south, ann, make):
    bo = make("bo", south, MANAGE)
    secret = administrators.invite_administrator(ann, north, "bo@example.org", READ, NOW)
    with pytest.raises(Refused, match="already"):
        use(secret)
    assert db.session.get_one(AdministratorRow, bo.administrator_id).password == PASSWORD.upper()


def test_disabled_account_is_not_invited_and_does_not_join(north, south, ann, make):
    bo = make("bo", south, MANAGE)
    link = find_sign_in_link(administrators.invite_administrator(ann, north, "bo@example.org", READ, NOW), NOW)
    administrators.disable_account(OPERATOR, bo.administrator_id, NOW)
    with pytest.raises(Refused, match="is disabled"):
        join_board(link)
    with pytest.raises(Refused, match="is disabled"):
        administrators.invite_administrator(ann, north, "bo@example.org", READ, NOW)


# Changing


def test_changed_permissions_hold_at_once_and_are_noted(north, ann, make):
    bo = make("bo", north, MANAGE)
    administrators.change_permissions(ann, north, bo.administrator_id, ["read_answers"], NOW)
    assert permissions_of(bo, north) == READ
    assert events()[0] == (
        "Ann (ann@example.org)",
        "administrator_changed",
        "north",
        {"administrator": "bo@example.org", "permissions": "read_answers"},
    )


def test_nobody_gives_themselves_or_others_more_than_they_have(north, ann, make):
    bo, cy = make("bo", north, SERVICE), make("cy", north, MANAGE)
    for someone in (bo, cy):
        with pytest.raises(Refused, match="cannot give “Read answers”"):
            administrators.change_permissions(bo, north, someone.administrator_id, ["service", "read_answers"], NOW)
    administrators.change_permissions(bo, north, cy.administrator_id, ["manage", "service"], NOW)
    assert permissions_of(cy, north) == MANAGE | SERVICE


def test_administrator_of_another_board_is_not_there(north, south, ann, make):
    bo = make("bo", south)
    for change in (
        lambda: administrators.change_permissions(ann, north, bo.administrator_id, ["manage"], NOW),
        lambda: administrators.take_off_board(ann, north, bo.administrator_id, NOW),
        lambda: administrators.make_link_for(ann, north, bo.administrator_id, NOW),
    ):
        with pytest.raises(NotFound):
            change()
    assert find_account("bo@example.org").boards == {"south": ALL}


def test_those_who_look_after_every_board_may_do_everything_and_are_not_changed_on_one(north, ann, make):
    eve = make("eve")
    assert permissions_of(eve, north) == ALL
    assert {each.email for each in administrators.list_administrators(north)} == {"ann@example.org", "eve@example.org"}
    for change in (
        lambda: administrators.change_permissions(ann, north, eve.administrator_id, ["manage"], NOW),
        lambda: administrators.take_off_board(ann, north, eve.administrator_id, NOW),
    ):
        with pytest.raises(Refused, match="looks after every board"):
            change()


@pytest.mark.parametrize("way", ["permissions", "take_off"])
def test_last_one_who_looks_after_accounts_cannot_end_that(north, ann, make, way):
    make("bo", north, MANAGE | READ)
    gone = make("cy", north, SERVICE)
    administrators.disable_account(OPERATOR, gone.administrator_id, NOW)

    def end():
        if way == "permissions":
            administrators.change_permissions(ann, north, ann.administrator_id, ["manage", "read_answers"], NOW)
        else:
            administrators.take_off_board(ann, north, ann.administrator_id, NOW)

    with pytest.raises(Refused, match="nobody else on this board has “Settings and accounts”"):
        end()
    assert permissions_of(ann, north) == ALL
    make("di", north, SERVICE)
    end()
    assert "service" not in permissions_of(ann, north)


def test_command_line_may_leave_a_board_without_and_give_it_to_anybody(north, south, ann, make):
    bo = make("bo", south, MANAGE)
    administrators.take_off_board(OPERATOR, north, ann.administrator_id, NOW)
    assert administrators.whom_to_ask(north, "service") == []
    administrators.change_permissions(OPERATOR, north, bo.administrator_id, ["service"], NOW)
    assert administrators.whom_to_ask(north, "service") == ["Bo"]


# Ending access


def test_somebody_taken_off_a_board_is_signed_out_and_keeps_the_others(north, south, ann, make):
    bo = make("bo", south, MANAGE)
    join_board(find_sign_in_link(administrators.invite_administrator(ann, north, "bo@example.org", ALL, NOW), NOW))
    before = sessions_of(bo)
    administrators.take_off_board(ann, north, bo.administrator_id, NOW)
    assert sessions_of(bo) != before
    assert (list_boards(bo), permissions_of(bo, north)) == ([south], frozenset())
    assert events()[0] == (
        "Ann (ann@example.org)",
        "administrator_disabled",
        "north",
        {"administrator": "bo@example.org"},
    )


def test_disabled_account_is_signed_out_and_keeps_its_permissions_for_later(north, ann, make):
    eve, before = make("eve"), sessions_of(ann)
    administrators.disable_account(eve, ann.administrator_id, NOW)
    assert sessions_of(ann) != before
    account = find_account("ann@example.org")
    assert (account.active, account.boards) == (False, {"north": ALL})
    who = {"administrator": "ann@example.org"}
    assert events()[0] == ("Eve (eve@example.org)", "administrator_disabled", "north", who)
    administrators.enable_account(eve, ann.administrator_id, NOW)
    assert find_account("ann@example.org").active
    assert events()[0][1:3] == ("administrator_enabled", "north")


def test_accounts_are_disabled_by_those_who_look_after_every_board(north, ann, make):
    bo = make("bo", north, MANAGE)
    for change in (administrators.disable_account, administrators.enable_account):
        with pytest.raises(Refused, match="by somebody who looks after every board"):
            change(ann, bo.administrator_id, NOW)
    assert find_account("bo@example.org").active


def test_nobody_disables_their_own_account(make):
    eve = make("eve")
    with pytest.raises(Refused, match="cannot disable your own account"):
        administrators.disable_account(eve, eve.administrator_id, NOW)


# Links for those locked out


def test_link_for_somebody_locked_out_gives_a_new_password(north, ann, make):
    bo = make("bo", north, MANAGE)
    secret = administrators.make_link_for(ann, north, bo.administrator_id, NOW)
    assert events()[0] == (
        "Ann (ann@example.org)",
        "administrator_link_made",
        "north",
        {"administrator": "bo@example.org"},
    )
    before = sessions_of(bo)
    assert use(secret, password="four words in a row") == bo
    assert sessions_of(bo) != before


def test_nobody_makes_a_link_to_an_account_that_may_do_more(north, south, ann, make):
    bo, cy = make("bo", north, SERVICE), make("cy", north, MANAGE)
    with pytest.raises(Refused, match="may do more than you may"):
        administrators.make_link_for(bo, north, cy.administrator_id, NOW)
    administrators.change_permissions(OPERATOR, south, cy.administrator_id, ["manage"], NOW)
    with pytest.raises(Refused, match="may do more than you may"):
        administrators.make_link_for(ann, north, cy.administrator_id, NOW)


def test_old_invitation_changes_nothing_for_who_looks_after_the_board_already(north, south, ann, make):
    bo = make("bo", south, MANAGE)
    secret = administrators.invite_administrator(ann, north, "bo@example.org", SERVICE, NOW)
    administrators.change_permissions(OPERATOR, north, bo.administrator_id, MANAGE, NOW)
    link = find_sign_in_link(secret, NOW)
    assert link.joins == bo.administrator_id
    join_board(link)
    assert permissions_of(bo, north) == MANAGE
    assert find_sign_in_link(secret, NOW) is None


def change_permissions(caller, board, someone):
    administrators.change_permissions(caller, board, someone.administrator_id, ALL, NOW)


def take_off(caller, board, someone):
    administrators.take_off_board(caller, board, someone.administrator_id, NOW)


def disable(caller, board, someone):
    administrators.disable_account(OPERATOR, someone.administrator_id, NOW)


def join_another(caller, board, someone):
    other = get_board(OPERATOR, "south")
    secret = administrators.invite_administrator(OPERATOR, other, "bo@example.org", ALL, NOW)
    join_board(find_sign_in_link(secret, NOW))


def new_link(caller, board, someone):
    administrators.make_link_for(caller, board, someone.administrator_id, NOW)


def own_password(caller, board, someone):
    change_password(someone.administrator_id, PASSWORD, str.upper)


@pytest.mark.parametrize("change", [change_permissions, take_off, disable, join_another, new_link, own_password])
def test_link_to_an_account_stops_once_the_account_is_another(north, south, ann, make, change):
    """Made while the account could do little, it must not open one that may do more."""
    bo = make("bo", north, MANAGE)
    secret = administrators.make_link_for(ann, north, bo.administrator_id, NOW)
    change(ann, north, bo)
    assert find_sign_in_link(secret, NOW) is None


def test_no_link_is_made_for_a_disabled_account(north, ann, make):
    bo = make("bo", north, MANAGE)
    administrators.disable_account(OPERATOR, bo.administrator_id, NOW)
    with pytest.raises(Refused, match="is disabled"):
        administrators.make_link_for(ann, north, bo.administrator_id, NOW)
    with pytest.raises(Refused, match="is disabled"):
        make_sign_in_link(NOW, email="bo@example.org")


def test_what_is_refused_is_neither_done_nor_noted(north, ann, make):
    bo = make("bo", north, SERVICE)
    before, accounts = events(), list_accounts()
    with pytest.raises(Refused):
        administrators.change_permissions(bo, north, ann.administrator_id, [], NOW)
    with pytest.raises(Refused):
        administrators.make_link_for(bo, north, ann.administrator_id, NOW)
    assert (events(), list_accounts()) == (before, accounts)

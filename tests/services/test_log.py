"""Who did what: noted with what was done, and never whom it was about or what they said."""

import io
import json
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import WHAT, Actor
from scrqm_forms.domain.improvement import Aim, Root
from scrqm_forms.domain.notes import Notes
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.review import OPERATOR, Caller, Person
from scrqm_forms.hookspecs import Delivery
from scrqm_forms.services.accounts import add_demo_administrator
from scrqm_forms.services.board_markers import change_marker, own_markers, retire_marker
from scrqm_forms.services.boards import change_board, create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.export import find_format, make_export, note_written, write_export
from scrqm_forms.services.improvements import change_improvement, delete_improvement, make_improvement
from scrqm_forms.services.invitations import correct_person, invite_people, make_links, remove_person
from scrqm_forms.services.keeping import hold_round, purge_due, purge_review, release_round, remove_review
from scrqm_forms.services.log import ON_A_PAGE, read_log
from scrqm_forms.services.notes import save_notes
from scrqm_forms.services.outbox import Text
from scrqm_forms.services.results import show_round_to
from scrqm_forms.services.reviews import NewReview, change_review, change_round, create_review, create_round
from scrqm_forms.services.rights import erase_person, export_person
from scrqm_forms.services.rounds import change_groups, close_round, extend_round, open_round, roles_of_round
from scrqm_forms.services.sending import pack_reminders, send_invitations, send_reminders
from scrqm_forms.storage import events

from .conftest import ROLE_KEYS

NOW = datetime(2026, 3, 2, 12, 34, 56, tzinfo=UTC)
BY = Actor(caller=OPERATOR, now=NOW)
#: Somebody else's branch of work: administrators and their permissions.
OTHERS = {what for what in WHAT if what.startswith("administrator_")}
CANARY = "CANARY"


def write_canary(person, secret):
    return Text(subject=f"{CANARY} {person.name}", body=f"{CANARY} {secret}", link=secret)


def do_everything(build, mode):
    """All that somebody who looks after a board can do, with canaries wherever people are named or write."""
    build.write_markers()
    board = create_board(OPERATOR, "Invented Board", build.today, by=BY)
    change_board(OPERATOR, board, support="Ask Jo.", by=BY)
    review = create_review(OPERATOR, board, NewReview(reference="R1"), build.today, by=BY)
    settings = RoundSettings(
        purpose="reflect", mode=mode, minimum=5, roles=ROLE_KEYS, markers=("tea01", "tea03"), lengths={}
    )
    round_ = create_round(build.context, review, settings, build.today, by=BY)
    change_round(build.context, round_, settings, round_.closes_on - timedelta(days=1), build.today, by=BY)
    people = [
        Person(name=f"{CANARY} name {n}", email=f"{CANARY}{n}@example.org", role="practitioner", agency=f"{CANARY} of")
        for n in range(7)
    ]
    round_ = build.again(round_)
    invite_people(round_, people, by=BY)
    corrected = Person(name=f"{CANARY} other", email=f"{CANARY}@example.org", role="practitioner", agency="")
    correct_person(round_, 1, corrected, roles_of_round(build.context, round_), by=BY)
    remove_person(round_, 7, by=BY)
    change_groups(build.context, round_, [["practitioner", "panel"], ["chair", "lead_reviewer", "business_unit"]])
    change_groups(build.context, round_, [], by=BY)
    open_round(build.context, build.again(round_), build.today, by=BY)
    links = make_links(build.again(round_), by=BY)
    post = Delivery(key="post", label="Post", deliver=print)
    send_invitations(build.context, build.again(round_), post, write_canary, press="1", by=BY)
    send_reminders(build.context, build.again(round_), post, write_canary, press="2", by=BY)
    mail_merge = context().plugins.deliveries["mail-merge"]
    pack_reminders(context(), build.again(round_), mail_merge, write_canary, by=BY)
    links = make_links(build.again(round_), again=True)
    extend_round(build.again(round_), round_.closes_on, build.today, by=BY)
    for link in links:
        build.answer(link, f"{CANARY} answer")
    hold_round(build.again(round_), by=BY)
    release_round(build.again(round_), by=BY)
    close_round(build.again(round_), build.today, by=BY)
    show_round_to(build.again(round_), by=BY)
    exporting = make_export(build.again(round_), find_format(context(), "csv"), by=BY)
    note_written(exporting, write_export(exporting, io.BytesIO()), by=BY)
    export_person(build.again(round_), 1, by=BY)
    if mode == "named":
        erase_person(build.again(round_), 1, by=BY)
    talk(board, build.again(round_))
    (marker, _own), *_more = own_markers(build.context, board)
    change_marker(board, msgspec.structs.replace(marker.marker, title="Pot"), marker.set, 0, by=BY)
    retire_marker(board, marker.marker.id, 1, by=BY)
    keep_until = round_.review.keep_until - timedelta(days=9)
    change_review(review, NewReview(reference="R1", keep_until=keep_until), build.today, by=BY)
    purge_review(build.again(round_).review, keep_until + timedelta(days=1), by=BY)
    purge_due(build.today + timedelta(days=5000), by=BY)
    mistake = create_review(OPERATOR, board, NewReview(reference="R2"), build.today, by=BY)
    remove_review(mistake, "R2", by=BY)
    return board, round_, links


def talk(board, round_):
    """Notes, and improvements of which one stays."""
    save_notes(round_, "tea01", Notes(agreed=f"{CANARY} note"), 0, by=BY)
    aim = Aim(change=f"{CANARY} change", owner=f"{CANARY} owner")
    made = [make_improvement(board, round_.review, Root(marker="tea01"), aim, by=BY) for _ in range(2)]
    change_improvement(made[0], msgspec.structs.replace(aim, state="agreed"), 1, by=BY)
    delete_improvement(made[1], by=BY)


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_everything_that_is_done_is_noted(build, mode):
    do_everything(build, mode)
    noted = {row["what"] for row in build.dump()["event"]}
    expected = WHAT.keys() - OTHERS - (set() if mode == "named" else {"person_erased"})
    assert noted == expected


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_no_note_holds_a_name_an_address_an_answer_or_a_token(build, mode):
    _, _, links = do_everything(build, mode)
    noted = json.dumps(build.dump()["event"])
    assert CANARY not in noted
    assert not any(link.secret in noted for link in links)


def test_participants_leave_no_note(build):
    _, links = build.open_round({"mode": "confidential"}, practitioner=5)
    build.answer_all(links)
    assert build.dump()["event"] == []


def test_note_has_who_what_where_and_the_minute(build):
    board, round_, _ = do_everything(build, "named")
    (opened,) = [each for each in events.list_events(OPERATOR, board.key) if each.what == "round_opened"]
    assert (opened.who, opened.about, opened.board) == ("command line", round_.name, board.key)
    assert opened.at == datetime(2026, 3, 2, 12, 34, tzinfo=UTC)
    assert opened.details["mode"] == "named"


def test_administrator_is_named(build):
    board = build.board()
    ann = Caller(administrator_id=add_demo_administrator("Ann Ojo", "ann@example.org"), every_board=True)
    change_board(ann, board, name="Other Board", by=Actor(caller=ann, now=NOW))
    assert [each.who for each in events.list_events(OPERATOR, board.key)] == ["Ann Ojo (ann@example.org)"]


def test_what_is_refused_is_not_noted(build):
    round_, _ = build.open_round({"mode": "confidential"}, practitioner=5)
    with pytest.raises(Refused):
        remove_person(round_, 1, by=BY)
    with pytest.raises(Refused):
        show_round_to(round_, by=BY)
    with pytest.raises(Refused):
        make_export(round_, find_format(context(), "csv"), by=BY)
    assert build.dump()["event"] == []


def test_nothing_is_noted_where_nothing_was_changed(build):
    round_ = build.round()
    change_round(build.context, round_, round_.settings, round_.closes_on, build.today, by=BY)
    change_groups(build.context, round_, [], by=BY)
    same = NewReview(reference="R1", keep_until=round_.review.keep_until)
    change_review(round_.review, same, build.today, by=BY)
    assert build.dump()["event"] == []


def test_reading_results_is_noted_once_an_hour(build):
    round_, _ = build.open_round(chair=1)
    for minutes in (0, 5, 59, 62):
        show_round_to(round_, by=Actor(caller=OPERATOR, now=NOW + timedelta(minutes=minutes)))
    assert [row["what"] for row in build.dump()["event"]] == ["results_read"] * 2


def test_log_is_read_a_page_at_a_time_newest_first(build):
    board = build.board()
    for n in range(ON_A_PAGE + 1):
        change_board(OPERATOR, board, name=f"Board {n}", by=Actor(caller=OPERATOR, now=NOW + timedelta(minutes=n)))
    first, second = read_log(OPERATOR, board.key, 1), read_log(OPERATOR, board.key, 2)
    assert (len(first.events), first.has_older) == (ON_A_PAGE, True)
    assert (len(second.events), second.has_older) == (1, False)
    assert first.events[0].at > first.events[-1].at > second.events[0].at


def test_log_of_another_board_is_not_read(build):
    board = build.board()
    change_board(OPERATOR, board, name="Changed", by=BY)
    stranger = Caller(administrator_id=add_demo_administrator("Ben", "ben@example.org"), every_board=False)
    assert read_log(stranger, board.key, 1).events == []

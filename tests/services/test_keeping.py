"""Holds, deleting at the end of the time, and what is left of it: nothing in any file."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.keeping import OnHold
from scrqm_forms.domain.marker import ROLES
from scrqm_forms.domain.notes import Notes
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.export import find_format, make_export
from scrqm_forms.services.invitations import correct_person, invite_people, make_links, remove_person
from scrqm_forms.services.keeping import (
    find_certificates,
    find_due,
    find_endings,
    hold_round,
    purge_due,
    purge_review,
    release_round,
    remove_review,
    warn_of,
)
from scrqm_forms.services.notes import save_notes
from scrqm_forms.services.responding import (
    NotOpen,
    begin_response,
    find_participant,
    read_entries,
    save_entry,
    submit_response,
    take_back,
    withdraw_response,
)
from scrqm_forms.services.results import why_hidden
from scrqm_forms.services.reviews import NewReview, change_review, create_review
from scrqm_forms.services.rights import erase_person
from scrqm_forms.services.rounds import close_round, extend_round
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage import database, invitations, reviews
from scrqm_forms.storage.database import db
from scrqm_forms.storage.keeping import delete_kept
from scrqm_forms.storage.models import EntryRow, ResponseRow
from scrqm_forms.web.app import create_app

from .conftest import Build

BY = Actor(caller=OPERATOR, now=datetime(2026, 3, 2, 12, 34, 56, tzinfo=UTC))
CONFIDENTIAL = {"mode": "confidential"}


def after(round_):
    """The first day on which answers are due to be deleted."""
    return round_.review.keep_until + timedelta(days=1)


def counts(build):
    return {table: len(build.dump()[table]) for table in ("response", "entry", "invitation", "questionnaire")}


# Holds

#: Whatever changes something of a round, by whom it is done.
CHANGES = {
    "begin": lambda build, round_, links: begin_response(build.participant(links[2]), build.today),
    "save": lambda build, round_, links: build.save(links[1], "tea01", Entry(judgement="met")),
    "submit": lambda build, round_, links: submit_response(build.participant(links[1]), build.today),
    "take_back": lambda build, round_, links: take_back(build.participant(links[0]), build.today),
    "withdraw": lambda build, round_, links: withdraw_response(build.participant(links[0]), build.today),
    "invite": lambda build, round_, links: invite_people(round_, build.people({"panel": 1})),
    "correct": lambda build, round_, links: correct_person(
        round_, 1, Person(name="Else", email="", role="chair", agency=""), ROLES
    ),
    "remove": lambda build, round_, links: remove_person(round_, 3),
    "erase": lambda build, round_, links: erase_person(round_, 1, by=BY),
    "link": lambda build, round_, links: make_links(round_, 1),
    "links": lambda build, round_, links: make_links(round_, again=True),
    "extend": lambda build, round_, links: extend_round(round_, build.today + timedelta(days=9), build.today),
    "close": lambda build, round_, links: close_round(round_, build.today),
    "sample": lambda build, round_, links: fill_round(round_, 5, 1, build.today),
    "hold_again": lambda build, round_, links: hold_round(round_, by=BY),
    "review": lambda build, round_, links: change_review(
        round_.review, NewReview(reference="R1", keep_until=build.today + timedelta(days=90)), build.today
    ),
    "remove_review": lambda build, round_, links: remove_review(round_.review, "R1", by=BY),
    "purge": lambda build, round_, links: purge_review(round_.review, after(round_), by=BY),
}


@pytest.fixture
def held(build):
    """A named round on hold: one person has sent their answers, one has begun, one has not."""
    round_, links = build.open_round(chair=3)
    build.answer(links[0], "Kept as it is.")
    build.begin(links[1])
    hold_round(round_, by=BY)
    return build.again(round_), links


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_of_a_round_on_hold_can_be_changed(build, held, change):
    round_, links = held
    before = build.dump()
    with pytest.raises(Refused):
        CHANGES[change](build, round_, links)
    assert build.dump() == before


@pytest.mark.parametrize("change", sorted(CHANGES.keys() - {"hold_again", "remove_review", "purge", "sample"}))
def test_everything_is_as_before_when_the_hold_ends(build, held, change):
    round_, links = held
    release_round(round_, by=BY)
    CHANGES[change](build, build.again(round_), links)


def test_participant_is_told_that_answers_are_kept(build, held):
    with pytest.raises(NotOpen, match=r"on hold for now\. Your answers are kept as they are"):
        CHANGES["save"](build, *held)
    assert read_entries(build.participant(held[1][0]))["tea01"][0].reflections == {"helped": "Kept as it is."}


def test_administrator_is_told_that_the_round_is_on_hold(build, held):
    with pytest.raises(OnHold, match="/reflect is on hold: nothing of it can be changed or deleted"):
        CHANGES["close"](build, *held)


def test_round_on_hold_is_left_alone_by_purge_until_the_hold_ends(build, held):
    round_, _ = held
    before = counts(build)
    assert purge_due(after(round_), by=BY).rounds == []
    assert counts(build) == before
    release_round(round_, by=BY)
    assert [each.round.name for each in purge_due(after(round_), by=BY).rounds] == [round_.name]


def test_hold_is_for_rounds_that_were_opened(build):
    with pytest.raises(Refused, match="nothing to hold"):
        hold_round(build.round(), by=BY)


def test_round_that_is_not_on_hold_cannot_be_released(build):
    with pytest.raises(Refused, match="is not on hold"):
        release_round(build.open_round(chair=1)[0], by=BY)


# Deleting at the end of the time


@pytest.fixture
def answered(build):
    """A named and a confidential round of two reviews, in which people answered."""
    named, links = build.open_round(chair=2)
    build.answer_all(links)
    confidential, links = build.open_round(CONFIDENTIAL, practitioner=5)
    build.answer_all(links)
    return build.close(named), build.close(confidential)


def test_answers_are_kept_through_the_day_that_was_promised(build, answered):
    before = build.dump()
    for round_ in answered:
        with pytest.raises(Refused, match="Answers are kept until 02 March 2027"):
            purge_review(round_.review, round_.review.keep_until, by=BY)
    assert find_due(OPERATOR, answered[0].review.keep_until) == []
    assert purge_due(answered[0].review.keep_until, by=BY).rounds == []
    assert build.dump() == before


def test_purge_deletes_answers_people_and_links_and_keeps_the_questionnaire(build, answered):
    assert counts(build) == {"response": 7, "entry": 26, "invitation": 7, "questionnaire": 2}
    deleted = purge_due(after(answered[0]), by=BY)
    assert deleted.wiped
    assert counts(build) == {"response": 0, "entry": 0, "invitation": 0, "questionnaire": 2}
    assert [build.again(round_).state for round_ in answered] == ["deleted", "deleted"]


def test_purge_of_one_review_leaves_the_other(build, answered):
    named, confidential = answered
    purge_review(named.review, after(named), by=BY)
    assert counts(build) == {"response": 5, "entry": 20, "invitation": 5, "questionnaire": 2}
    assert build.again(confidential).state == "closed"


def test_links_lead_nowhere_after_purge(build):
    round_, links = build.open_round(chair=1)
    build.answer(links[0])
    purge_review(round_.review, after(round_), by=BY)
    assert find_participant(links[0].secret) is None


def test_certificate_says_what_when_how_many_and_by_whom(build, answered):
    named, _ = answered
    purge_review(named.review, after(named), by=BY)
    (event,) = find_certificates(named.review)
    assert (event.what, event.about, event.who) == ("purged", named.name, "command line")
    assert event.at == datetime(2026, 3, 2, 12, 34, tzinfo=UTC)
    assert event.details == {
        "responses": 2,
        "entries": 6,
        "invitations": 2,
        "keep_until": "2027-03-02",
        "questionnaire_sha256": reviews.questionnaire_digest(named),
    }


def test_nothing_is_shown_or_exported_after_purge(build, answered):
    named, _ = answered
    purge_review(named.review, after(named), by=BY)
    assert why_hidden(build.again(named)) == "deleted"
    with pytest.raises(Refused, match="were deleted at the end of their time"):
        make_export(build.again(named), find_format(context(), "excel"))


@pytest.mark.parametrize("change", ["invite", "close", "extend", "review", "remove_review", "purge"])
def test_nothing_of_a_round_can_be_changed_after_purge(build, change):
    round_, links = build.open_round(chair=3)
    build.answer_all(links)
    purge_review(round_.review, after(round_), by=BY)
    before = build.dump()
    with pytest.raises(Refused):
        CHANGES[change](build, build.again(round_), links)
    assert build.dump() == before


def test_people_of_a_round_that_was_never_opened_are_deleted_too(build):
    round_ = build.round()
    build.invite(round_, chair=2)
    purge_review(round_.review, after(round_), by=BY)
    assert counts(build)["invitation"] == 0
    assert build.again(round_).state == "draft"


def test_nothing_is_left_to_delete_a_second_time(build, answered):
    named, _ = answered
    purge_review(named.review, after(named), by=BY)
    with pytest.raises(Refused, match="nothing to delete"):
        purge_review(named.review, after(named), by=BY)


# Warnings


@pytest.mark.parametrize(
    ("days", "expected"),
    [(31, None), (30, "soon"), (8, "soon"), (7, "close"), (0, "close"), (-1, "due")],
)
def test_warning_comes_thirty_and_seven_days_before(build, answered, days, expected):
    named, _ = answered
    today = named.review.keep_until - timedelta(days=days)
    assert warn_of(named.review, today) == expected
    shown = find_endings(OPERATOR, named.review.board.key, today)
    assert shown == ([(named.review, expected)] if expected else [])


def test_nobody_is_warned_where_there_is_nothing_to_delete(build, answered):
    named, _ = answered
    purge_review(named.review, after(named), by=BY)
    assert warn_of(named.review, after(named)) is None
    assert find_endings(OPERATOR, named.review.board.key, after(named)) == []


def test_day_can_be_moved_earlier_but_not_later_once_people_were_told(build):
    round_, _ = build.open_round(chair=1)
    told = round_.review.keep_until
    with pytest.raises(Refused, match="moved earlier, but not later"):
        change_review(round_.review, NewReview(reference="R1", keep_until=told + timedelta(days=1)), build.today)
    change_review(round_.review, NewReview(reference="R1", keep_until=told - timedelta(days=9)), build.today)
    with pytest.raises(Refused, match="moved earlier, but not later"):
        change_review(build.again(round_).review, NewReview(reference="R1", keep_until=told), build.today)
    assert build.again(round_).review.keep_until == told - timedelta(days=9)


def test_day_cannot_be_moved_before_the_last_day_of_answering(build):
    round_, _ = build.open_round(chair=1)
    earlier = NewReview(reference="R1", keep_until=round_.closes_on - timedelta(days=1))
    with pytest.raises(Refused, match="the last day of answering"):
        change_review(round_.review, earlier, build.today)


def test_name_stays_once_people_were_told(build):
    round_, _ = build.open_round(chair=1)
    with pytest.raises(Refused, match="told its name"):
        change_review(round_.review, NewReview(reference="R2", keep_until=round_.review.keep_until), build.today)


# Withdrawing


@pytest.mark.parametrize("settings", [{}, CONFIDENTIAL], ids=["named", "confidential"])
@pytest.mark.parametrize("sent", [True, False], ids=["sent", "begun"])
def test_withdrawn_answers_are_gone_and_the_link_can_begin_again(build, settings, sent):
    _, links = build.open_round(settings, practitioner=5)
    build.answer_all(links[1:])
    if sent:
        build.answer(links[0], "Taken out.")
    else:
        build.begin(links[0])
        build.save(links[0], "tea01", Entry(reflections={"helped": "Taken out."}))
    withdraw_response(build.participant(links[0]), build.today)
    assert build.participant(links[0]).response is None
    assert build.participant(links[0]).invitation.state == "not_begun"
    assert "Taken out." not in repr(build.dump())
    assert len(build.dump()["response"]) == 4
    build.answer(links[0], "Begun again.")
    assert "Begun again." in repr(build.dump())


def test_nothing_is_withdrawn_after_closing(build):
    round_, links = build.open_round(CONFIDENTIAL, practitioner=5)
    build.answer_all(links)
    build.close(round_)
    with pytest.raises(NotOpen, match="closed"):
        withdraw_response(build.participant(links[0]), build.today)
    assert len(build.dump()["response"]) == 5


def test_withdrawing_leaves_no_note(build):
    _, links = build.open_round(CONFIDENTIAL, practitioner=5)
    build.answer_all(links)
    withdraw_response(build.participant(links[0]), build.today)
    assert build.dump()["event"] == []


# A review begun by mistake


def test_review_in_which_nobody_answered_is_deleted_whole(build):
    round_, _ = build.open_round(chair=2)
    remove_review(round_.review, "R1", by=BY)
    dump = build.dump()
    assert [len(dump[table]) for table in ("review", "round", "questionnaire", "invitation")] == [0, 0, 0, 0]
    assert [row["what"] for row in dump["event"]] == ["review_deleted"]
    with pytest.raises(NotFound):
        reviews.get_review(OPERATOR, round_.review.key)


def test_review_without_rounds_is_deleted(build):
    review = create_review(OPERATOR, build.board(), NewReview(reference="R1"), build.today)
    remove_review(review, " R1 ", by=BY)
    assert build.dump()["review"] == []


def test_review_with_answers_is_not_deleted_as_a_mistake(build):
    round_, links = build.open_round(chair=1)
    build.begin(links[0])
    with pytest.raises(Refused, match=r"holds answers.*\(purge\)"):
        remove_review(round_.review, "R1", by=BY)
    assert len(build.dump()["review"]) == 1


def test_review_on_which_notes_were_written_is_not_deleted_as_a_mistake(build):
    round_, _links = build.open_round({}, practitioner=1)
    save_notes(round_, "tea01", Notes(agreed="Ring first."), 0, by=BY)
    with pytest.raises(Refused, match="Notes were written"):
        remove_review(round_.review, "R1", by=BY)
    save_notes(round_, "tea01", Notes(), 1, by=BY)
    remove_review(round_.review, "R1", by=BY)


def test_review_is_deleted_only_when_its_reference_is_typed(build):
    round_, _ = build.open_round(chair=1)
    with pytest.raises(Refused, match='type "R1"'):
        remove_review(round_.review, "r2", by=BY)
    assert len(build.dump()["review"]) == 1


# Nothing in any file

CANARY, OTHER = "CANARY", "KEPT"


class Plain(dbapi2.Connection):
    """As the program opens it, but for the key."""

    def cursor(self, factory=None):
        return super().cursor(PlainCursor)

    def execute(self, sql, *values):
        return self.cursor().execute(sql, *values)


class PlainCursor(dbapi2.Cursor):
    left_out: tuple[str, ...] = ("PRAGMA key",)

    def execute(self, sql, *values):
        return self if sql.startswith(self.left_out) else super().execute(sql, *values)


@pytest.fixture
def plain(tmp_path, today, monkeypatch):
    """A builder over an instance whose database is not encrypted: the same code, the same tables, legible files."""
    connect = dbapi2.connect
    monkeypatch.setattr(dbapi2, "connect", lambda *args, **more: connect(*args, factory=Plain, **more))
    with make_app(tmp_path / "plain").app_context():
        build = Build(context(), today)
        build.write_markers()
        yield build
        db.session.remove()
        db.engine.dispose()


def fill(build, mark, people, chance):
    """A round in which people wrote, changed and sent much, all of it marked."""
    round_ = build.round(markers=("tea01", "tea02"))
    listed = [
        Person(name=f"{mark} name {n}", email=f"{mark}{n}@example.org", role="chair", agency=f"{mark} agency {n}")
        for n in range(people)
    ]
    invite_people(round_, listed)
    links = make_links(round_)
    round_ = build.open(round_)
    for link in links:
        build.begin(link)
    versions = dict.fromkeys([(link, key) for link in links for key in ("tea01", "tea02")], 0)
    for _ in range(3):
        for link in links:
            for key in ("tea01", "tea02"):
                text = f"{mark} text " + "y" * chance.choice([5, 50, 300, 900, 3000, 9000])
                entry = Entry(comments={"full": text} if key == "tea01" else {}, reflections={"helped": text})
                version = versions[link, key]
                versions[link, key], _replaced = save_entry(build.participant(link), key, entry, version, build.today)
    for link in links:
        submit_response(build.participant(link), build.today)
    return build.again(round_), links


def found_in_files(build, mark):
    """Files of the instance in which the mark stands anywhere."""
    files = [path for path in build.context.instance.path.rglob("*") if path.is_file()]
    return {path.name: path.read_bytes().count(mark.encode()) for path in files if mark.encode() in path.read_bytes()}


def test_no_deleted_byte_remains_in_any_file_of_the_instance(plain):
    chance = random.Random(1)
    fill(plain, OTHER, 6, chance)
    round_, _ = fill(plain, CANARY, 12, chance)
    assert found_in_files(plain, CANARY).keys() >= {"scrqm-forms.db-wal"}
    db.session.execute(sa.text("update review set keep_until = '2027-01-01' where id = :id"), {"id": round_.review.id})
    db.session.commit()
    review = plain.again(round_).review
    assert purge_review(review, after(plain.again(round_)), by=BY).wiped
    assert found_in_files(plain, CANARY) == {}
    assert found_in_files(plain, OTHER).keys() == {"scrqm-forms.db"}


def test_copies_that_split_pages_leave_behind_are_gone_too(plain):
    """SQLite overwrites a deleted row where it lay last, and not where it lay before its page was split."""
    chance = random.Random(1)
    kept, gone = (plain.open(plain.round(markers=("tea01",))) for _ in range(2))
    ids = [f"{chance.getrandbits(100):026x}" for _ in range(120)]
    with database.writing():
        db.session.execute(
            sa.insert(ResponseRow),
            [
                {"id": key, "round_id": (kept, gone)[n % 2].id, "link_hash": key, "group_key": "g", "submitted": True}
                for n, key in enumerate(ids)
            ],
        )
    for _ in range(4):
        with database.writing():
            for n, key in enumerate(ids):
                for marker in range(12):
                    if chance.random() > 0.4:
                        text = (OTHER, CANARY)[n % 2] + "y" * chance.choice([5, 50, 300, 900, 3000, 9000])
                        db.session.merge(EntryRow(response_id=key, key=f"qm{marker:02}", version=1, document=text))
    with database.writing():
        delete_kept(gone)
    assert database.wipe_deleted(rebuild=True)
    assert found_in_files(plain, CANARY) == {}


def test_erased_person_is_in_no_file_either(plain):
    round_, _ = fill(plain, OTHER, 6, random.Random(1))
    listed = [Person(name=f"{CANARY} name", email=f"{CANARY}@example.org", role="chair", agency=CANARY)]
    invite_people(round_, listed)
    (link,) = make_links(round_)
    plain.answer(link, f"{CANARY} text " + "y" * 900)
    person = next(each for each in invitations.list_invitations(round_) if CANARY in each.person.name)
    erase_person(round_, person.id, by=BY)
    assert found_in_files(plain, CANARY) == {}


def test_withdrawn_text_is_overwritten_at_once_and_gone_from_the_log_after_a_checkpoint(plain):
    _, (link, other) = fill(plain, CANARY, 2, random.Random(1))
    withdraw_response(plain.participant(link), plain.today)
    withdraw_response(plain.participant(other), plain.today)
    assert database.wipe_deleted(rebuild=False)
    assert f"{CANARY} text" not in str(plain.dump())
    files = [path for path in plain.context.instance.path.rglob("*") if path.is_file()]
    assert not any(f"{CANARY} text".encode() in path.read_bytes() for path in files)


def test_log_that_somebody_reads_from_is_said_not_to_be_emptied(plain):
    _, (link, _other) = fill(plain, CANARY, 2, random.Random(1))
    reader = db.engine.raw_connection()
    reader.cursor().execute("PRAGMA busy_timeout = 0")
    cursor = reader.cursor()
    cursor.execute("BEGIN")
    cursor.execute("select count(*) from entry").fetchone()
    withdraw_response(plain.participant(link), plain.today)
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    assert not database.wipe_deleted(rebuild=False)
    cursor.execute("ROLLBACK")
    reader.close()
    assert database.wipe_deleted(rebuild=False)


def test_person_erased_while_somebody_reads_is_cleaned_from_the_files_at_the_next_start(plain):
    round_, _links = fill(plain, CANARY, 2, random.Random(1))
    person = invitations.list_invitations(round_)[0]
    reader = db.engine.raw_connection()
    cursor = reader.cursor()
    cursor.execute("BEGIN")
    cursor.execute("select count(*) from entry").fetchone()
    db.session.rollback()
    with db.engine.connect() as connection:  # the one that is taken next
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    assert not erase_person(round_, person.id, by=BY)
    cursor.execute("ROLLBACK")
    reader.close()
    assert database.has_traces()
    create_app(plain.context.instance.path, local=True)
    assert not database.has_traces()


def test_what_is_left_to_clean_is_forgotten_only_when_all_pages_were_written_anew(plain):
    Path(f"{db.engine.url.database}{database.TRACES}").touch()
    assert database.wipe_deleted(rebuild=False)
    assert database.has_traces()
    assert database.wipe_deleted(rebuild=True)
    assert not database.has_traces()

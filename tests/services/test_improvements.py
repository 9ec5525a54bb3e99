"""The register: saving without losing anybody's words, its history, and what it keeps for how long."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from scrqm_forms.domain.errors import InvalidAnswers, NewerVersion, NotFound, Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.improvement import Aim, Root
from scrqm_forms.domain.keeping import OnHold, improvement_kept_until, notes_kept_until
from scrqm_forms.domain.notes import Notes
from scrqm_forms.domain.review import OPERATOR, Caller
from scrqm_forms.services.improvements import (
    change_improvement,
    delete_improvement,
    find_open_alike,
    make_improvement,
    root_in,
)
from scrqm_forms.services.keeping import (
    find_certificates,
    hold_round,
    purge_due,
    purge_review,
    release_round,
    remove_review,
)
from scrqm_forms.services.notes import save_notes
from scrqm_forms.storage import events, improvements, notes, reviews

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
AIM = Aim(change="Ring the agencies first.", owner="Business unit")
NOTES = Notes(agreed="The plan was good.", differed="Whether it was kept.", will_do="Ring first.")


def by(day=NOW):
    return Actor(caller=OPERATOR, now=day)


@pytest.fixture
def filled(build):
    """A named round that is open and answered."""
    round_, links = build.open_round(lead_reviewer=1, practitioner=1)
    build.answer_all(links)
    return build.again(round_)


def make(round_, marker="tea01", aim=AIM):
    root = root_in(reviews.questionnaire_of(round_), marker, "full", "note")
    return make_improvement(round_.review.board, round_.review, root, aim, by=by())


def test_improvement_keeps_where_it_comes_from_in_words(filled):
    made = make(filled)
    assert made.root == Root(
        made_from="note", marker="tea01", marker_title="1. Kettle", question="Was the kettle full?"
    )  # fmt: skip
    assert (made.review_key, made.aim, made.version) == (filled.review.key, AIM, 1)


def test_history_says_who_changed_what_and_when(filled):
    made = make(filled)
    later = NOW + timedelta(days=3)
    change_improvement(made, msgspec.structs.replace(AIM, state="agreed", owner="Chair"), 1, by=by(later))
    first, second = improvements.list_changes(made)
    assert {(each.field, each.after) for each in first.fields} == {("change", AIM.change), ("owner", AIM.owner)}
    assert [(each.field, each.before, each.after) for each in second.fields] == [
        ("owner", "Business unit", "Chair"),
        ("state", "proposed", "agreed"),
    ]
    assert (second.who, second.at) == ("command line", later)
    what = [(each.what, each.details) for each in events.list_events(OPERATOR, filled.review.board.key)]
    assert what[:2] == [
        ("improvement_changed", {"improvement": made.key, "state": "agreed"}),
        ("improvement_made", {"improvement": made.key}),
    ]


def test_two_people_never_overwrite_each_other(filled):
    made = make(filled)
    change_improvement(made, msgspec.structs.replace(AIM, outcome="Mine."), 1, by=by())
    with pytest.raises(NewerVersion):
        change_improvement(made, msgspec.structs.replace(AIM, outcome="Theirs."), 1, by=by())
    stored = improvements.get_improvement(OPERATOR, made.key)
    assert (stored.aim.outcome, stored.version) == ("Mine.", 2)
    assert len(improvements.list_changes(made)) == 2


def test_what_is_stored_already_is_neither_a_change_nor_a_conflict(filled):
    made = make(filled)
    assert change_improvement(made, AIM, 7, by=by()).version == 1
    assert len(improvements.list_changes(made)) == 1


def test_state_that_is_not_allowed_stores_nothing(filled):
    made = make(filled)
    with pytest.raises(InvalidAnswers):
        change_improvement(made, msgspec.structs.replace(AIM, state="closed", because="It did."), 1, by=by())
    assert improvements.get_improvement(OPERATOR, made.key).aim == AIM


def test_open_ones_on_the_same_marker_are_found_across_reviews(build, filled):
    made, other = make(filled), make(filled, "tea02")
    board = filled.review.board
    assert [each.key for each in find_open_alike(build.context, board, "tea01")] == [made.key]
    change_improvement(made, msgspec.structs.replace(AIM, state="decided_against", because="No."), 1, by=by())
    assert find_open_alike(build.context, board, "tea01") == []
    assert [each.key for each in find_open_alike(build.context, board, "tea02")] == [other.key]
    assert find_open_alike(build.context, board, "") == []
    assert find_open_alike(build.context, build.board("Another"), "tea02") == []


def test_improvement_of_another_board_is_not_there(build, filled):
    made = make(filled)
    with pytest.raises(NotFound):
        improvements.get_improvement(Caller(administrator_id=99, every_board=False), made.key)


def test_improvement_of_a_confidential_round_holds_no_key_of_any_response(build):
    round_, links = build.open_round({"mode": "confidential"}, practitioner=5)
    build.answer_all(links)
    made = make(build.close(round_), aim=Aim(change="Text 1"))
    dump = build.dump()
    rows = [dump["improvement"][0], *dump["improvement_change"], *dump["note"]]
    known = {each["id"] for each in dump["response"]} | {each["link_hash"] for each in dump["response"]}
    assert made.aim.change == "Text 1"
    assert not any(
        str(value) in known or any(key in str(value) for key in known) for row in rows for value in row.values()
    )


def test_deleted_improvement_leaves_nothing_behind(build, filled):
    made = make(filled)
    delete_improvement(made, by=by())
    assert build.dump()["improvement"] == build.dump()["improvement_change"] == []
    assert events.list_events(OPERATOR)[0].what == "improvement_deleted"


def test_hold_keeps_notes_and_what_came_from_the_review(filled):
    made = make(filled)
    save_notes(filled, "tea01", NOTES, 0, by=by())
    hold_round(filled, by=by())
    with pytest.raises(OnHold):
        save_notes(filled, "tea01", Notes(), 1, by=by())
    with pytest.raises(OnHold):
        delete_improvement(made, by=by())
    assert purge_due(date(2050, 1, 1), by=by()).outlived.notes == []
    assert notes.count_notes(filled) == len(improvements.list_improvements(filled.review.board)) == 1
    release_round(filled, by=by())
    assert save_notes(filled, "tea01", Notes(), 1, by=by()) == 2


def test_notes_are_saved_over_the_version_they_were_made_from(filled):
    assert save_notes(filled, "tea01", NOTES, 0, by=by()) == 1
    assert save_notes(filled, "tea01", NOTES, 0, by=by()) == 1
    with pytest.raises(NewerVersion):
        save_notes(filled, "tea01", Notes(agreed="Other."), 0, by=by())
    assert notes.read_notes(filled) == {"tea01": (NOTES, 1)}
    written = [each.details for each in events.list_events(OPERATOR) if each.what == "notes_written"]
    assert written == [{"marker": "tea01"}]


def test_notes_need_results_that_may_be_shown(build):
    round_, _ = build.open_round({"mode": "confidential"}, practitioner=5)
    with pytest.raises(Refused):
        save_notes(round_, "tea01", NOTES, 0, by=by())


def test_notes_on_a_marker_that_is_not_asked_are_refused(filled):
    with pytest.raises(NotFound):
        save_notes(filled, "tea99", NOTES, 0, by=by())


def test_answers_go_first_notes_two_years_later_improvements_six_after_their_last_change(build, filled):
    made = make(filled)
    save_notes(filled, "tea01", NOTES, 0, by=by())
    review = filled.review
    deleted = purge_due(review.keep_until + timedelta(days=1), by=by())
    assert [each.kept.responses for each in deleted.rounds] == [2]
    assert not deleted.outlived
    assert notes.read_notes(filled) == {"tea01": (NOTES, 1)}
    end = notes_kept_until(review.keep_until)
    assert end == review.keep_until.replace(year=review.keep_until.year + 2)
    assert not purge_due(end, by=by()).outlived
    outlived = purge_due(end + timedelta(days=1), by=by()).outlived
    assert [(each.round.name, each.notes) for each in outlived.notes] == [(filled.name, 1)]
    assert notes.read_notes(filled) == {}
    end = improvement_kept_until(made.changed_on)
    assert end == date(2032, 3, 2)
    assert not purge_due(end, by=by()).outlived
    assert [number for _, number in purge_due(end + timedelta(days=1), by=by()).outlived.improvements] == [1]
    assert build.dump()["improvement"] == []


def test_certificates_count_notes_and_improvements(filled):
    make(filled)
    save_notes(filled, "tea01", NOTES, 0, by=by())
    purge_due(date(2040, 1, 1), by=by())
    found = find_certificates(filled.review)
    assert [each.what for each in found] == ["purged", "notes_purged"]
    assert found[1].details == {"notes": 1, "keep_until": "2029-03-02"}
    assert ("improvements_purged", {"improvements": 1}) in [
        (each.what, each.details) for each in events.list_events(OPERATOR)
    ]


def test_review_page_deletes_notes_that_are_due_too(filled):
    save_notes(filled, "tea01", NOTES, 0, by=by())
    after = filled.review.keep_until + timedelta(days=1)
    assert purge_review(filled.review, after, by=by()).outlived.notes == []
    with pytest.raises(Refused, match="nothing to delete"):
        purge_review(filled.review, after, by=by())
    assert len(purge_review(filled.review, date(2040, 1, 1), by=by()).outlived.notes) == 1


def test_improvement_stays_when_its_review_was_begun_by_mistake(build):
    round_, _ = build.open_round(lead_reviewer=1)
    made = make(round_)
    remove_review(round_.review, "R1", by=by())
    stored = improvements.get_improvement(OPERATOR, made.key)
    assert (stored.review_key, stored.reference, stored.root.marker) == ("", "", "tea01")

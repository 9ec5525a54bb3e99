"""Opening freezes; extending and closing keep to their rules."""

import io
from datetime import date, timedelta

import pytest

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.presenting import ExportOptions
from scrqm_forms.domain.questionnaire import canonical_json, digest_of
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.boards import change_board
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.export import find_format, make_export, write_export
from scrqm_forms.services.responding import find_participant, read_entries
from scrqm_forms.services.reviews import NewReview, change_round, create_review, create_round
from scrqm_forms.services.rounds import (
    change_groups,
    close_round,
    extend_round,
    groups_of_round,
    open_round,
    preview_groups,
    preview_questionnaire,
)
from scrqm_forms.storage.database import db
from scrqm_forms.storage.reviews import (
    get_review,
    list_reviews,
    list_rounds,
    questionnaire_digest,
    questionnaire_of,
    round_by_id,
)

DAY = timedelta(days=1)


def csv_of_every_table(round_):
    fmt = find_format(context(), "csv")
    files = {}
    for table in (
        "responses",
        "answers",
        "reflections",
        "results",
        "codebook",
        "participation",
        "notes",
        "improvements",
        "register",
    ):
        stream = io.BytesIO()
        write_export(make_export(round_, fmt, ExportOptions(tables=(table,) if table else ())), stream)
        files[table] = stream.getvalue()
    return files


# Freezing


def edit_wording(folder):
    for file in folder.glob("0*.toml"):
        text = file.read_text().replace("kettle", "samovar").replace("Table", "Bench").replace('"no_water"', '"no_gas"')
        file.write_text(text)


def delete_files(folder):
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def break_files(folder):
    for file in folder.iterdir():
        file.write_text("= not TOML")


@pytest.mark.parametrize("spoil", [edit_wording, delete_files, break_files])
def test_opened_round_stays_the_same_whatever_happens_to_the_marker_files(build, instance_path, spoil):
    round_, links = build.open_round({"mode": "named"}, chair=2)
    build.answer(links[0], tea01=Entry(answers={"full": "no"}, comments={"full": "Half."}, obstacles=("no_water",)))
    build.begin(links[1])
    build.save(links[1], "tea01", Entry(judgement="met", comments={"plan": "A draft."}))
    before = questionnaire_of(round_), read_entries(build.participant(links[1])), csv_of_every_table(round_)
    spoil(build.marker_folder)
    with make_app(instance_path).app_context():
        again = round_by_id(round_.id)
        participant = find_participant(links[1].secret)
        assert (questionnaire_of(again), read_entries(participant), csv_of_every_table(again)) == before
        assert participant.ask("tea01").obstacles == ("no_water",)
        db.session.remove()
        db.engine.dispose()


def test_questionnaire_is_stored_with_the_digest_of_exactly_what_is_stored(build):
    round_, _ = build.open_round(chair=1)
    (row,) = build.dump()["questionnaire"]
    assert digest_of(row["document"]) == row["sha256"] == questionnaire_digest(round_)
    assert canonical_json(questionnaire_of(round_)) == row["document"]


def test_opening_gives_the_digest_of_what_was_previewed(build):
    round_ = build.round()
    previewed = digest_of(canonical_json(preview_questionnaire(build.context, round_)))
    assert open_round(build.context, round_, build.today) == previewed


def test_board_that_is_renamed_keeps_its_name_in_an_open_round(build):
    round_, _ = build.open_round(chair=1)
    board = round_.review.board
    change_board(OPERATOR, board, name="Renamed", vocabulary="sar", support="", plugins=[])
    frozen = questionnaire_of(build.again(round_))
    assert (frozen.board, frozen.vocabulary["review"]) == (board.name, "serious case review")


def test_draft_has_no_questionnaire_yet(build):
    with pytest.raises(NotFound, match="is not open yet"):
        questionnaire_of(build.round())


def test_draft_follows_the_marker_files(build):
    round_ = build.round()
    edit_wording(build.marker_folder)
    frozen = questionnaire_of(build.open(round_))
    assert frozen.marker("tea01").questions[0].text == "Was the samovar full?"


# Transitions


@pytest.mark.parametrize("state", ["open", "closed"])
def test_round_is_opened_once(build, state):
    round_, _ = build.open_round(chair=1)
    round_ = build.close(round_) if state == "closed" else round_
    before = build.dump()
    with pytest.raises(Refused, match=f"is {state} already"):
        open_round(build.context, round_, build.today)
    assert build.dump() == before


def test_two_who_open_a_round_at_once_open_it_once(build):
    draft = build.round()
    digest = open_round(build.context, draft, build.today)
    before = build.dump()
    with pytest.raises(Refused, match="by somebody else meanwhile"):
        open_round(build.context, draft, build.today)
    assert build.dump() == before
    assert questionnaire_digest(draft) == digest


def test_round_is_not_opened_with_settings_that_somebody_changed_meanwhile(build):
    seen = build.round(mode="named")
    change_round(build.context, seen, build.settings(mode="confidential"), seen.closes_on, build.today)
    with pytest.raises(Refused, match="by somebody else meanwhile"):
        open_round(build.context, seen, build.today)
    assert build.again(seen).state == "draft"


def test_draft_cannot_be_closed(build):
    with pytest.raises(Refused, match="is not open"):
        close_round(build.round(), build.today)


def test_closed_round_stays_closed(build):
    round_ = build.close(build.open_round(chair=1)[0])
    with pytest.raises(Refused, match="is not open"):
        close_round(round_, build.today)
    with pytest.raises(Refused, match="stays closed"):
        extend_round(round_, round_.closes_on + DAY, build.today)


def test_open_round_takes_no_other_settings_even_from_one_who_saw_a_draft(build):
    draft = build.round()
    open_ = build.open(draft)
    for seen in (open_, draft):
        with pytest.raises(Refused, match="its questionnaire is frozen"):
            change_round(build.context, seen, build.settings(mode="confidential"), seen.closes_on, build.today)
        with pytest.raises(Refused, match="its groups are fixed"):
            change_groups(build.context, seen, [seen.settings.roles])
    assert build.again(open_).settings == draft.settings


def test_draft_takes_other_settings(build):
    round_ = build.round()
    settings = build.settings(markers=("tea02",), mode="confidential")
    change_round(build.context, round_, settings, round_.closes_on + DAY, build.today)
    again = build.again(round_)
    assert (again.settings, again.closes_on) == (settings, round_.closes_on + DAY)


# Dates


def test_round_is_extended_and_takes_answers_longer(build):
    round_, _ = build.open_round(chair=1)
    extend_round(round_, round_.closes_on + DAY, build.today)
    assert build.again(round_).takes_answers(round_.closes_on + DAY)


def test_closing_date_can_be_today(build):
    round_, _ = build.open_round(chair=1)
    extend_round(round_, build.today, build.today)
    assert build.again(round_).closes_on == build.today


@pytest.mark.parametrize(
    ("closes_on", "message"),
    [
        pytest.param(date(2026, 3, 1), "01 March 2026 is past", id="past"),
        pytest.param(date(2027, 3, 3), "is after 02 March 2027, until when answers are kept", id="after_keeping"),
    ],
)
def test_closing_date_out_of_reach_is_refused(build, closes_on, message):
    round_, _ = build.open_round(chair=1)
    with pytest.raises(Refused, match=message):
        extend_round(round_, closes_on, build.today)
    with pytest.raises(Refused, match=message):
        build.round(closes_on=closes_on)
    assert build.again(round_).closes_on == round_.closes_on


def test_draft_whose_closing_date_has_passed_is_not_opened(build):
    round_ = build.round()
    with pytest.raises(Refused, match="is past"):
        open_round(build.context, round_, round_.closes_on + DAY)
    assert build.again(round_).state == "draft"


def test_review_is_not_kept_until_a_day_that_is_past(build):
    board = build.board()
    with pytest.raises(Refused, match="Keep answers until: 02 March 2026 is not in the future"):
        create_review(OPERATOR, board, NewReview(reference="R", keep_until=build.today), build.today)
    assert list_reviews(OPERATOR) == []


def test_closing_date_is_by_itself_four_weeks_off_and_never_after_the_day_of_deletion(build):
    board = build.board()
    soon = create_review(OPERATOR, board, NewReview(reference="R", keep_until=build.today + DAY), build.today)
    late = create_review(OPERATOR, board, NewReview(reference="R"), build.today)
    dates = [create_round(build.context, each, build.settings(), build.today).closes_on for each in (soon, late)]
    assert dates == [build.today + DAY, build.today + 28 * DAY]


# Reviews and their rounds


def test_rounds_of_a_review_are_called_after_their_purpose(build):
    review = build.round().review
    create_round(build.context, review, build.settings(purpose="follow_up"), build.today)
    create_round(build.context, review, build.settings(), build.today)
    assert [each.key for each in list_rounds(get_review(OPERATOR, review.key))] == ["reflect", "follow_up", "reflect_2"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"markers": ("tea01", "tea09")}, "Markers: tea09 not found for this board"),
        ({"markers": ("tea01", "tea01")}, "Markers: one is named twice"),
        ({"markers": ()}, "Markers: none is chosen"),
        ({"roles": ("cook",)}, 'Roles: "cook" is not one of'),
        ({"minimum": 2}, "Smallest group: 2"),
    ],
    ids=["unknown_marker", "marker_twice", "no_marker", "unknown_role", "minimum_too_small"],
)
def test_round_that_could_not_be_held_is_not_made(build, change, message):
    with pytest.raises(Refused, match=message):
        build.round(**change)
    assert build.dump()["round"] == []


def test_review_needs_a_reference(build):
    with pytest.raises(Refused, match="Reference: a review needs a reference"):
        create_review(OPERATOR, build.board(), NewReview(reference=" "), build.today)


def test_round_whose_purpose_is_changed_is_called_after_the_new_one(build):
    round_ = build.round()
    create_round(build.context, round_.review, build.settings(purpose="plan"), build.today)
    for purpose, key in (("plan", "plan_2"), ("plan", "plan_2"), ("reflect", "reflect")):
        now = build.again(round_)
        change_round(build.context, now, build.settings(purpose=purpose), now.closes_on, build.today)
        assert build.again(round_).key == key


# Groups


def titles(groups):
    return [group.title for group in groups]


def test_groups_of_a_confidential_draft_follow_who_is_invited(build):
    round_ = build.round(mode="confidential")
    assert titles(groups_of_round(build.context, round_)) == ["everyone"]
    build.invite(round_, practitioner=5, chair=3, panel=2)
    rest = "chairs and board members, panel members, lead reviewers and business unit staff"
    assert titles(groups_of_round(build.context, round_)) == ["practitioners", rest]


def test_groups_are_fixed_at_opening(build):
    round_, _ = build.open_round({"mode": "confidential"}, practitioner=5)
    build.invite(round_, chair=6)
    assert titles(groups_of_round(build.context, round_)) == ["everyone"]


def test_confidential_round_is_not_opened_with_a_group_too_small(build):
    round_ = build.round(mode="confidential")
    build.invite(round_, practitioner=4, chair=6)
    change_groups(build.context, round_, [["practitioner"], ["chair", "panel", "lead_reviewer", "business_unit"]])
    with pytest.raises(Refused, match="The group practitioners has 4 people invited"):
        build.open(round_)
    again = build.again(round_)
    assert again.state == "draft"
    assert build.dump()["questionnaire"] == []


def test_chosen_groups_are_frozen_and_can_be_given_up_before(build):
    round_ = build.round(mode="confidential")
    build.invite(round_, practitioner=5, chair=5, panel=5)
    change_groups(build.context, round_, [["chair", "practitioner"], ["panel", "lead_reviewer", "business_unit"]])
    assert [group.key for group in questionnaire_of(build.open(round_)).groups] == [
        "chair+practitioner",
        "panel+lead_reviewer+business_unit",
    ]
    other = build.round(mode="confidential")
    change_groups(build.context, other, [["chair", "practitioner"], ["panel", "lead_reviewer", "business_unit"]])
    change_groups(build.context, build.again(other), [])
    assert titles(groups_of_round(build.context, build.again(other))) == ["everyone"]


def test_preview_counts_people_and_markers_of_each_group(build):
    round_ = build.round(mode="confidential")
    build.invite(round_, practitioner=6, chair=5)
    found = [(each.group.key, each.people, each.markers) for each in preview_groups(build.context, round_)]
    rest = "panel+lead_reviewer+business_unit"
    assert found == [(f"chair+{rest}", 5, 2), ("practitioner", 6, 2)]


def test_preview_of_a_named_role_counts_the_markers_of_that_role(build):
    found = {each.group.key: each.markers for each in preview_groups(build.context, build.round())}
    assert found == {"chair": 2, "panel": 2, "lead_reviewer": 2, "business_unit": 2, "practitioner": 2}

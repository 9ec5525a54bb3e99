"""Begin, save, submit, take back: nothing that was typed is lost, and nothing is counted twice."""

import re
from datetime import timedelta

import pytest

from scrqm_forms.domain.errors import InvalidAnswers, NewerVersion, Refused
from scrqm_forms.domain.response import Entry
from scrqm_forms.services.responding import (
    AlreadySubmitted,
    NotOpen,
    NotOpenYet,
    begin_response,
    find_participant,
    read_entries,
    save_entry,
    submit_response,
    take_back,
)
from scrqm_forms.services.rounds import extend_round
from scrqm_forms.services.sample import fill_round

DAY = timedelta(days=1)
MODES = pytest.mark.parametrize("mode", ["named", "confidential"])


def responses(build):
    return build.dump()["response"]


# Finding


def test_link_of_a_draft_works_once_the_round_is_open(build):
    round_ = build.round()
    (link,) = build.invite(round_, chair=1)
    with pytest.raises(NotOpenYet, match="will work once the board opens"):
        find_participant(link.secret)
    build.open(round_)
    assert build.participant(link).invitation.person.role == "chair"


@pytest.mark.parametrize("secret", ["", "guess", "T" * 43], ids=["empty", "short", "as_long"])
def test_guessed_link_leads_nowhere(build, secret):
    build.open_round(chair=1)
    assert find_participant(secret) is None


def test_looking_at_a_link_changes_nothing(build):
    _, (link,) = build.open_round(chair=1)
    before = build.dump()
    assert build.participant(link).response is None
    assert build.dump() == before


# Beginning


@MODES
def test_beginning_twice_gives_one_response(build, mode):
    _, (link,) = build.open_round({"mode": mode}, chair=1)
    seen = build.participant(link)
    begin_response(seen, build.today)
    begin_response(seen, build.today)
    (row,) = responses(build)
    assert build.participant(link).response.id == row["id"]
    assert build.participant(link).invitation.state == "begun"


def test_beginning_again_after_sending_keeps_it_sent(build):
    _, (link,) = build.open_round(chair=1)
    build.answer(link)
    begin_response(build.participant(link), build.today)
    assert build.participant(link).invitation.state == "submitted"


def test_named_response_says_whose_it_is(build):
    _, (link,) = build.open_round({"mode": "named"}, panel=1)
    build.answer(link)
    (row,) = responses(build)
    assert (row["role"], row["group_key"], row["submitted_on"]) == ("panel", "panel", "2026-03-02")
    assert row["invitation_id"] == build.participant(link).invitation.id


def test_confidential_response_says_the_group_and_nothing_else_of_whose_it_is(build):
    round_, links = build.open_round({"mode": "confidential"}, chair=3, panel=3)
    build.answer(links[0])
    (row,) = responses(build)
    said = {key: value for key, value in row.items() if value is not None}
    assert said.keys() == {"id", "round_id", "link_hash", "group_key", "submitted"}
    assert said["group_key"] == build.participant(links[0]).group.key == "+".join(round_.settings.roles)


def test_round_of_made_up_responses_takes_no_real_ones(build):
    round_, (link,) = build.open_round(chair=1)
    seen = build.participant(link)
    fill_round(round_, 5, 1, build.today)
    for participant in (seen, build.participant(link)):
        with pytest.raises(Refused, match="made-up responses"):
            begin_response(participant, build.today)
    assert len(responses(build)) == 5


# Saving


def test_entry_saved_is_read_back_with_its_version(build):
    _, (link,) = build.open_round(chair=1)
    build.begin(link)
    first, second = Entry(judgement="met"), Entry(answers={"full": "no"}, obstacles=("no_water",))
    assert build.save(link, "tea01", first) == 1
    assert build.save(link, "tea01", second, 1) == 2
    assert read_entries(build.participant(link)) == {"tea01": (second, 2)}


@pytest.mark.parametrize("version", [0, 1, 3], ids=["from_none", "from_an_older_one", "from_one_there_never_was"])
def test_save_from_another_version_keeps_what_is_there(build, version):
    _, (link,) = build.open_round(chair=1)
    build.begin(link)
    build.save(link, "tea01", Entry(judgement="met"))
    newer = Entry(judgement="not_met", comments={"full": "Typed elsewhere."})
    build.save(link, "tea01", newer, 1)
    with pytest.raises(NewerVersion):
        build.save(link, "tea01", Entry(judgement="partly_met"), version)
    assert read_entries(build.participant(link)) == {"tea01": (newer, 2)}


@pytest.mark.parametrize("version", [0, 1], ids=["first_save", "second_save"])
def test_same_save_sent_twice_is_saved_once_and_no_conflict(build, version):
    _, (link,) = build.open_round(chair=1)
    build.begin(link)
    if version:
        build.save(link, "tea01", Entry(judgement="not_met"))
    typed = Entry(judgement="met", comments={"full": "a\r\nb"})
    assert [build.save(link, "tea01", typed, version) for _ in range(2)] == [version + 1] * 2
    assert read_entries(build.participant(link))["tea01"][1] == version + 1


def test_equal_text_saved_from_an_old_page_keeps_the_version_that_others_go_by(build):
    _, (link,) = build.open_round(chair=1)
    build.begin(link)
    same = Entry(comments={"full": "a"}, judgement="met")
    versions = [build.save(link, "tea01", same, version) for version in (0, 1, 0, 7)]
    assert versions == [1] * 4
    assert build.save(link, "tea01", Entry(comments={"full": "more"}), 1) == 2


def test_text_is_normalised_and_the_replacements_are_told(build):
    _, (link,) = build.open_round(chair=1)
    participant = build.begin(link)
    typed = Entry(comments={"full": "a\r\nb\x00"}, reflections={"helped": ""})
    assert save_entry(participant, "tea01", typed, 0, build.today) == (1, 1)
    assert read_entries(build.participant(link))["tea01"][0] == Entry(comments={"full": "a\nb\ufffd"})


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, "\U0001f469\u200d\U0001f467 \u202eabc\u202c", "'; DROP TABLE entry; --", "\n" * 300, " \t "],
    ids=["100_000_characters", "emoji_and_direction_marks", "sql", "line_breaks", "blanks"],
)
def test_text_is_stored_as_typed(build, text):
    _, (link,) = build.open_round(chair=1)
    build.begin(link)
    build.save(link, "tea01", Entry(comments={"full": text}))
    assert read_entries(build.participant(link))["tea01"][0].comments == {"full": text}


def test_answers_that_are_not_offered_store_nothing(build):
    _, (link,) = build.open_round(chair=1)
    build.begin(link)
    with pytest.raises(InvalidAnswers, match="answer-leaf"):
        build.save(link, "tea01", Entry(judgement="met", answers={"leaf": "oolong"}))
    assert read_entries(build.participant(link)) == {}


@pytest.mark.parametrize("key", ["tea02", "tea09"], ids=["marker_for_others", "no_marker"])
def test_entry_that_is_not_asked_stores_nothing(build, key):
    _, (link,) = build.open_round({"mode": "named"}, practitioner=1)
    build.begin(link)
    with pytest.raises(Refused, match="not asked of you"):
        build.save(link, key, Entry(judgement="met"))
    assert build.dump()["entry"] == []


def test_nothing_is_saved_before_beginning(build):
    _, (link,) = build.open_round(chair=1)
    with pytest.raises(Refused):
        build.save(link, "tea01", Entry(judgement="met"))


def test_whole_marker_is_set_aside_and_what_was_typed_stays(build):
    _, (link,) = build.open_round(chair=1)
    build.begin(link)
    aside = Entry(not_my_part=True, comments={"full": "Typed before."})
    build.save(link, "tea01", aside)
    assert read_entries(build.participant(link))["tea01"][0] == aside


# Sending


@MODES
def test_sending_twice_gives_one_receipt(build, mode):
    _, (link,) = build.open_round({"mode": mode}, chair=1)
    build.begin(link)
    receipts = {submit_response(build.participant(link), day) for day in (build.today, build.today + DAY)}
    assert receipts == {build.participant(link).receipt}
    (row,) = responses(build)
    assert row["submitted"] == 1
    assert row["submitted_on"] == (str(build.today) if mode == "named" else None)
    assert build.participant(link).invitation.state == "submitted"


def test_receipt_does_not_give_the_link_away(build):
    _, (link,) = build.open_round(chair=1)
    build.begin(link)
    receipt = submit_response(build.participant(link), build.today)
    assert re.fullmatch("([A-Z2-7]{4}-?){4}", receipt)
    assert receipt not in repr(build.dump())


def test_nothing_is_compulsory(build):
    round_, (link,) = build.open_round(chair=1)
    build.begin(link)
    submit_response(build.participant(link), build.today)
    assert [row["tea01.judgement"] for row in build.rows(round_, "responses")] == [""]


def test_nothing_is_sent_before_beginning(build):
    _, (link,) = build.open_round(chair=1)
    with pytest.raises(Refused, match="nothing to send"):
        submit_response(build.participant(link), build.today)


def test_what_was_sent_is_not_changed_by_an_old_page(build):
    _, (link,) = build.open_round(chair=1)
    old_page = build.begin(link)
    build.save(link, "tea01", Entry(judgement="met"))
    submit_response(build.participant(link), build.today)
    with pytest.raises(AlreadySubmitted):
        save_entry(old_page, "tea01", Entry(judgement="not_met"), 1, build.today)
    assert read_entries(build.participant(link)) == {"tea01": (Entry(judgement="met"), 1)}


@MODES
def test_taking_back_lets_the_answers_be_changed_and_sent_again(build, mode):
    _, (link,) = build.open_round({"mode": mode}, chair=1)
    build.answer(link)
    take_back(build.participant(link), build.today)
    (row,) = responses(build)
    assert (row["submitted"], row["submitted_on"]) == (0, None)
    assert build.participant(link).invitation.state == "begun"
    assert build.save(link, "tea01", Entry(judgement="not_met"), 1) == 2
    assert submit_response(build.participant(link), build.today) == build.participant(link).receipt


# The end of a round


@pytest.fixture(params=["closed_by_hand", "last_day_past"])
def after_the_end(request, build):
    """(link of somebody who began, link of somebody who sent, what they see, the day) once the round has ended."""
    round_, links = build.open_round(chair=3)
    build.begin(links[0])
    build.answer(links[1])
    seen = [build.participant(link) for link in links]
    if request.param == "closed_by_hand":
        build.close(round_)
        return seen, build.today
    return seen, round_.closes_on + DAY


def test_ended_round_takes_nothing_even_from_pages_opened_before(build, after_the_end):
    (begun, sent, fresh), day = after_the_end
    before = build.dump()
    for attempt in (
        lambda: begin_response(fresh, day),
        lambda: save_entry(begun, "tea01", Entry(judgement="met"), 0, day),
        lambda: submit_response(begun, day),
        lambda: take_back(sent, day),
    ):
        with pytest.raises(NotOpen, match="This round is closed"):
            attempt()
    assert build.dump() == before


def test_receipt_can_still_be_had_after_the_end(after_the_end):
    (_, sent, _), day = after_the_end
    assert submit_response(sent, day) == sent.receipt


def test_last_day_is_a_day_of_answering(build):
    round_, (link,) = build.open_round(chair=1)
    begin_response(build.participant(link), round_.closes_on)
    assert build.participant(link).response is not None


def test_extended_round_takes_answers_again(build):
    round_, (link,) = build.open_round(chair=1)
    day = round_.closes_on + DAY
    extend_round(round_, day, day)
    begin_response(build.participant(link), day)
    assert build.participant(link).response is not None

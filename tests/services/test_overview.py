"""The overview of a round: never stale and never of what may not be shown, though counts of closed rounds are kept."""

from datetime import UTC, datetime

import pytest

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services import overview
from scrqm_forms.services.overview import read_entry_results, read_overview
from scrqm_forms.services.responding import submit_response, take_back
from scrqm_forms.services.results import counts_of, results_of, show_round
from scrqm_forms.services.rights import erase_person

BY = Actor(caller=OPERATOR, now=datetime(2026, 3, 2, 12, tzinfo=UTC))
CONFIDENTIAL = {"mode": "confidential"}


def judged(build, round_):
    """How many of each group said so of tea01."""
    return read_overview(build.again(round_), by=BY).results.of("tea01.judgement").counts


def test_overview_counts_what_the_whole_results_count(build):
    round_, links = build.open_round(CONFIDENTIAL, practitioner=6, chair=6)
    build.answer_all(links)
    shown = show_round(build.close(round_))
    found, whole = counts_of(shown), results_of(shown)
    assert found.responses == whole.responses
    assert {key: tally.counts for key, tally in found.tallies.items()} == {
        key: tally.counts for key, tally in whole.tallies.items() if tally.counts
    }


def test_overview_of_an_open_round_is_that_of_now(build):
    round_, links = build.open_round({"mode": "named"}, chair=1)
    build.answer(links[0])
    assert judged(build, round_) == {"chair": {"met": 1}}
    take_back(build.participant(links[0]), build.today)
    build.save(links[0], "tea01", Entry(judgement="not_met"), 1)
    submit_response(build.participant(links[0]), build.today)
    assert judged(build, round_) == {"chair": {"not_met": 1}}


def test_overview_of_a_closed_round_is_kept_and_dropped_with_a_person(build):
    round_, links = build.open_round({"mode": "named"}, chair=2)
    build.answer(links[0], tea01=Entry(judgement="not_met"))
    build.answer(links[1])
    round_ = build.close(round_)
    first = read_overview(round_, by=BY)
    assert read_overview(build.again(round_), by=BY).results is first.results
    erase_person(build.again(round_), 1, by=BY)
    assert not [key for key in overview._kept if key[0] == round_.id]
    assert judged(build, round_) == {"chair": {"met": 1}}


def test_no_more_overviews_are_kept_than_are_needed(build, monkeypatch):
    monkeypatch.setattr(overview, "_MOST_KEPT", 2)
    for _ in range(3):
        round_, _ = build.open_round({"mode": "named"}, chair=1)
        read_overview(build.close(round_), by=BY)
    assert len(overview._kept) == 2


def test_nothing_is_kept_of_texts(build):
    round_, links = build.open_round({"mode": "named"}, chair=1)
    build.answer(links[0], "Not to be kept.")
    read_overview(build.close(round_), by=BY)
    assert "Not to be kept." not in repr(overview._kept)


@pytest.mark.parametrize("sent", [6, 4])
def test_confidential_round_has_no_overview_and_no_marker_before_it_may_be_shown(build, sent):
    round_, links = build.open_round(CONFIDENTIAL, practitioner=6)
    build.answer_all(links[:sent])
    round_ = build.again(round_) if sent > 5 else build.close(round_)
    for read in (lambda: read_overview(round_, by=BY), lambda: read_entry_results(round_, "tea01", by=BY)):
        with pytest.raises(Refused):
            read()


def test_marker_reads_nothing_of_another(build):
    round_, links = build.open_round({"mode": "named"}, chair=1)
    build.answer(links[0], "Said of all.", tea01=Entry(judgement="met", reflections={"helped": "The kettle."}))
    found = read_entry_results(build.close(round_), "tea01", by=BY)
    assert found.results.of("tea01.helped").texts == {"chair": ["The kettle."]}
    assert "Said of all." not in repr(found.results)


def test_markers_lead_from_one_to_the_next(build):
    round_, _ = build.open_round({"mode": "named"}, chair=1)
    way = [read_entry_results(round_, key, by=BY) for key in ("tea01", "tea02", "tea03", "closing")]
    assert [(each.previous, each.next) for each in way] == [
        ("", "tea02"),
        ("tea01", "tea03"),
        ("tea02", "closing"),
        ("tea03", ""),
    ]
    with pytest.raises(NotFound):
        read_entry_results(round_, "tea09", by=BY)


def test_groups_that_said_nothing_are_named_and_those_not_invited_left_out(build):
    round_, links = build.open_round({"mode": "named"}, chair=1, panel=2)
    build.answer(links[1])
    found = read_overview(build.again(round_), by=BY)
    assert [(each.group.key, each.sent, each.invited) for each in found.took] == [("chair", 0, 1), ("panel", 1, 2)]
    assert [group.key for group in found.silent] == ["chair"]

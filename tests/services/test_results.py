"""Results of a named round: each role on its own, shown while it is open."""

from scrqm_forms.domain.response import Entry
from scrqm_forms.services.results import results_of, show_round


def test_named_round_is_shown_by_role_while_it_is_open(build):
    round_, links = build.open_round({"mode": "named"}, chair=1, practitioner=2)
    build.answer(links[0], tea01=Entry(judgement="not_met", answers={"plan": "no"}))
    build.answer_all(links[1:])
    shown = show_round(build.again(round_))
    found = results_of(shown)
    assert [group.title for group in shown.groups][::4] == ["chairs and board members", "practitioners"]
    assert found.responses == {"chair": 1, "practitioner": 2}
    assert found.of("tea01.judgement").counts == {"chair": {"not_met": 1}, "practitioner": {"met": 2}}
    assert found.of("tea01.plan.rating").counts == {"chair": {"no": 1}, "practitioner": {"not_asked": 2}}
    assert found.of("tea03.judgement").counts == {"chair": {"not_asked": 1}, "practitioner": {"met": 2}}


def test_named_round_has_no_minimum(build):
    round_, links = build.open_round({"mode": "named"}, chair=1)
    build.answer(links[0], "All alone.")
    found = results_of(show_round(build.close(round_)))
    assert found.of("closing.went_well.text").texts == {"chair": ["All alone."]}


def test_named_round_with_nothing_sent_yet_shows_nothing(build):
    round_, links = build.open_round({"mode": "named"}, chair=2)
    build.begin(links[0])
    build.save(links[0], "tea01", Entry(judgement="met"))
    found = results_of(show_round(build.again(round_)))
    assert found.responses == {}
    assert found.of("tea01.judgement").counts == {}


def test_brief_length_is_not_asked_the_ratings(build):
    settings = {"mode": "named", "lengths": {"practitioner": "brief"}}
    round_, links = build.open_round(settings, practitioner=1, panel=1)
    build.answer_all(links)
    found = results_of(show_round(build.again(round_)))
    assert found.of("tea01.full.rating").counts == {"practitioner": {"not_asked": 1}, "panel": {"": 1}}
    assert found.of("tea01.judgement").counts == {"practitioner": {"met": 1}, "panel": {"met": 1}}


def test_results_of_one_round_hold_nothing_of_another(build):
    first, links = build.open_round({"mode": "named"}, chair=2)
    _, others = build.open_round({"mode": "named"}, chair=1)
    build.answer(links[0], "Ours.")
    build.answer(others[0], "Theirs.")
    found = results_of(show_round(build.again(first)))
    assert found.of("closing.went_well.text").texts == {"chair": ["Ours."]}

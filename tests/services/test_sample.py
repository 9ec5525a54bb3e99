"""Made-up responses: marked as such, never mixed with real ones."""

from collections import Counter

import msgspec
import pytest

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.response import ask_of, check_entry, read_entry
from scrqm_forms.services.invitations import invite_people
from scrqm_forms.services.results import results_of, show_round
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage.reviews import questionnaire_of

MODES = pytest.mark.parametrize("mode", ["named", "confidential"])


@MODES
def test_ten_responses_are_spread_over_the_roles_and_can_be_shown(build, mode):
    round_ = build.open(build.round(mode=mode))
    fill_round(round_, 10, 1, build.today)
    round_ = build.close(round_)
    assert round_.synthetic
    assert Counter(row["role"] for row in build.dump()["invitation"]) == dict.fromkeys(round_.settings.roles, 2)
    responses = results_of(show_round(round_)).responses
    assert responses == (
        dict.fromkeys(round_.settings.roles, 2) if mode == "named" else {"+".join(round_.settings.roles): 10}
    )


@MODES
def test_made_up_entries_are_what_the_questionnaire_allows(build, mode):
    round_ = build.open(build.round(mode=mode, lengths={"practitioner": "brief"}))
    fill_round(round_, 20, 1, build.today)
    questionnaire = questionnaire_of(round_)
    dump = build.dump()
    groups = {row["id"]: row["group_key"].split("+")[0] for row in dump["response"]}
    for row in dump["entry"]:
        ask = ask_of(questionnaire, row["key"], questionnaire.audience(groups[row["response_id"]]))
        check_entry(ask, read_entry(row["document"]))
    assert len(dump["entry"]) >= 40


def test_same_seed_gives_the_same_answers(build):
    rounds = [build.open(build.round()) for _ in range(3)]
    for round_, seed in zip(rounds, (5, 5, 6), strict=True):
        fill_round(round_, 10, seed, build.today)
    same, again, other = (sorted(row["document"] for row in entries_of(build, round_)) for round_ in rounds)
    assert same == again != other


def entries_of(build, round_):
    dump = build.dump()
    ids = {row["id"] for row in dump["response"] if row["round_id"] == round_.id}
    return [row for row in dump["entry"] if row["response_id"] in ids]


def test_named_made_up_responses_belong_to_made_up_people_and_one_each(build):
    round_ = build.round(mode="named")
    build.invite(round_, chair=1, panel=2)
    round_ = build.open(round_)
    fill_round(round_, 10, 1, build.today)
    fill_round(build.again(round_), 5, 2, build.today)
    rows = build.rows(round_, "responses")
    assert len({row["name"] for row in rows}) == len(rows) == 15
    assert all(row["name"].startswith("Synthetic person") for row in rows)


def test_people_who_come_after_in_the_alphabet_are_given_no_made_up_response(build):
    round_ = build.round(mode="named")
    (person,) = build.people({"chair": 1})
    invite_people(round_, [msgspec.structs.replace(person, name="Zoe Example")])
    round_ = build.open(round_)
    fill_round(round_, 5, 1, build.today)
    assert "Zoe Example" not in {row["name"] for row in build.rows(round_, "responses")}


def test_round_with_a_real_response_takes_no_made_up_ones(build):
    round_, links = build.open_round(chair=1)
    build.begin(links[0])
    before = build.dump()
    with pytest.raises(Refused, match="holds real responses"):
        fill_round(build.again(round_), 10, 1, build.today)
    assert build.dump() == before


def test_round_of_made_up_responses_takes_more_of_them_and_no_people(build):
    round_ = build.open(build.round())
    fill_round(round_, 5, 1, build.today)
    fill_round(build.again(round_), 5, 2, build.today)
    assert len(build.dump()["response"]) == 10
    with pytest.raises(Refused, match="made-up responses; nobody can be invited"):
        invite_people(build.again(round_), build.people({"chair": 1}))


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_round_that_is_not_open_takes_no_made_up_responses(build, state):
    round_ = build.round()
    round_ = round_ if state == "draft" else build.close(build.open(round_))
    with pytest.raises(Refused, match="is not open"):
        fill_round(round_, 10, 1, build.today)

"""A person's rights: everything held about them, and erasing it."""

import json
from datetime import UTC, datetime

import pytest

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.results import results_of, show_round
from scrqm_forms.services.rights import as_document, erase_person, export_person, find_people

BY = Actor(caller=OPERATOR, now=datetime(2026, 3, 2, 12, tzinfo=UTC))
CONFIDENTIAL = {"mode": "confidential"}
SAID = Entry(
    answers={"full": "no", "leaf": "green"},
    comments={"full": "Half “full”,\nat best."},
    judgement="not_met",
    obstacles=("no_water",),
    reflections={"helped": "Nobody."},
)


def document_of(build, round_, invitation_id=1):
    held = export_person(build.again(round_), invitation_id, by=BY)
    return json.loads(json.dumps(as_document(held, build.today)))


def test_export_has_details_state_and_every_answer_in_words_and_codes(build):
    round_, links = build.open_round(chair=2)
    build.answer(links[0], tea01=SAID)
    found = document_of(build, round_)
    assert found["person"] == {
        "name": "Name of chair 1",
        "email": "chair1@example.org",
        "role": "chair",
        "agency": "Agency chair 1",
    }
    assert (found["state"], found["sent"], found["sent_on"]) == ("submitted", True, "2026-03-02")
    first = found["answers"][0]
    assert first["to"] == "1. Kettle"
    assert {(each["question"], each["answer"], each["code"]) for each in first["said"]} >= {
        ("Was the kettle full?", "No", "no"),
        ("Was the kettle full?", "Half “full”,\nat best.", ""),
        ("Which leaf was it?", "Green", "green"),
        ("There was no water.", "Came up", "met"),
    }
    assert [each["to"] for each in found["answers"]][1] == "2. Table"


def test_every_saved_answer_is_exported(build):
    round_, links = build.open_round(chair=1)
    build.answer(links[0], tea01=SAID)
    said = document_of(build, round_)["answers"][0]["said"]
    values = {*SAID.answers.values(), *SAID.comments.values(), *SAID.reflections.values(), SAID.judgement}
    assert values <= {each["code"] or each["answer"] for each in said} | {each["answer"] for each in said}


def test_what_is_not_sent_or_was_set_aside_is_exported_too(build):
    round_, links = build.open_round(chair=1)
    build.begin(links[0])
    build.save(links[0], "tea01", Entry(not_my_part=True, reflections={"helped": "Set aside later."}))
    found = document_of(build, round_)
    assert (found["state"], found["sent"], found["sent_on"]) == ("begun", False, None)
    assert found["answers"][0]["set_aside"]
    assert found["answers"][0]["said"][0]["answer"] == "Set aside later."


def test_export_has_nobody_elses_answers(build):
    round_, links = build.open_round(chair=2)
    build.answer(links[0], "Mine.")
    build.answer(links[1], "Theirs.")
    assert "Theirs." not in json.dumps(document_of(build, round_))


def test_confidential_export_has_the_details_and_says_why_not_the_answers(build):
    round_, links = build.open_round(CONFIDENTIAL, practitioner=5)
    build.answer(links[0], "Apart.")
    found = document_of(build, round_)
    assert found["person"]["name"] == "Name of practitioner 1"
    assert found["answers"] is None
    assert "nothing joins the two" in found["why"]
    assert "Apart." not in json.dumps(found)


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_erased_person_is_gone_with_all_they_wrote(build, closed):
    round_, links = build.open_round(chair=2)
    build.answer(links[0], "To be erased.")
    build.answer(links[1], "To be kept.")
    if closed:
        build.close(round_)
    erase_person(build.again(round_), 1, by=BY)
    rows = repr({table: rows for table, rows in build.dump().items() if table != "questionnaire"})
    assert "To be erased." not in rows
    assert "chair 1" not in rows
    assert "chair1@" not in rows
    assert "To be kept." in rows
    shown = show_round(build.again(round_))
    assert "To be erased." not in repr(results_of(shown))
    assert [row["name"] for row in build.rows(round_, "responses")] == ["Name of chair 2"]


def test_nobody_is_erased_from_a_confidential_round(build):
    round_, links = build.open_round(CONFIDENTIAL, practitioner=5)
    build.answer_all(links)
    before = build.dump()
    with pytest.raises(Refused, match="nothing joins a person to their answers"):
        erase_person(round_, 1, by=BY)
    assert build.dump() == before


def test_person_of_another_round_is_not_erased(build):
    first, _ = build.open_round(chair=1)
    build.open_round(chair=1)
    before = build.dump()
    with pytest.raises(NotFound):
        erase_person(first, 2, by=BY)
    with pytest.raises(NotFound):
        export_person(first, 2, by=BY)
    assert build.dump() == before


def test_person_is_found_by_address_in_any_case(build):
    round_, _ = build.open_round(chair=2)
    assert [(each.name, key) for each, key in find_people(round_.review, " CHAIR2@example.org")] == [(round_.name, 2)]
    for address in ("nobody@example.org", ""):
        with pytest.raises(NotFound, match="Nobody with this e-mail address"):
            find_people(round_.review, address)

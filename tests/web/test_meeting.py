"""The conversation: the meeting view, its notes, and the pack."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.domain.response import Entry

from .page import Page
from .page import get_page as get_page_by
from .world import CONFIDENTIAL, Asked, World

GetPage = Callable[..., Page]


@pytest.fixture
def asked(world: World, ann: FlaskClient) -> Asked:
    """A round in which two groups differ, and one person suggests something."""
    asked = world.open_round({"lead_reviewer": 1, "panel": 1})
    for role, code in (("lead_reviewer", "yes"), ("panel", "no")):
        reflections = {"helped": "Tea.", "change_next": f"Ring first, says {role}."}
        entry = Entry(answers={"full": code, "leaf": "green"}, judgement="met", reflections=reflections)
        world.answer(asked.secrets[role][0], entries={"tea01": entry})
    return asked


def meeting(asked: Asked, step: str = "1", entry: str = "tea01") -> str:
    return f"{asked.address}meeting/{entry}?step={step}"


def test_meeting_shows_one_thing_at_a_time_from_the_marker_to_the_notes(asked: Asked, get_page: GetPage) -> None:
    page = get_page(f"{asked.address}results/tea01").follow("Talk about it: one thing at a time, with notes")
    headings = [page.heading]
    while "Next" in page.links:
        page = page.follow("Next")
        headings.append(page.heading)
    assert headings[:2] == ["1. Kettle", "Was the kettle full?"]
    for heading in ("The marker as a whole", "Which leaf was it?", "Obstacles that came up", "What helped?"):
        assert heading in headings, heading
    assert headings[-1] == "Notes"
    assert len(set(headings)) == len(headings)
    page = page.send(button="Save, then next marker")
    assert page.heading == "2. Table"
    page = page.follow("Previous marker")
    assert page.heading == "Notes"
    assert page.send(button="Save, then back").heading == headings[-2]


@pytest.mark.parametrize(
    ("button", "leads_to"),
    [
        pytest.param("Save, then next marker", "2. Table", id="next"),
        pytest.param("Save, then back", "What, if anything, should be different next time?", id="back"),
        pytest.param("Save, then results", "1. Kettle", id="results"),
        pytest.param("Save, and make an improvement from these notes", "Add an improvement", id="improvement"),
    ],
)
def test_going_on_from_the_notes_saves_them(asked: Asked, get_page: GetPage, button: str, leads_to: str) -> None:
    mine, theirs = get_page(meeting(asked, "notes")), get_page(meeting(asked, "notes"))
    page = theirs.send({"notes-will_do": "Ring."}, button=button)
    assert page.heading == leads_to
    assert get_page(meeting(asked, "notes")).fields["notes-will_do"] == "Ring."
    assert mine.send(button=button).heading == leads_to, "who typed nothing is asked nothing"
    page = mine.send({"notes-will_do": "Write."}, button=button, status=409)
    assert page.send(button="Save").heading == leads_to
    assert get_page(meeting(asked, "notes")).fields["notes-will_do"] == "Ring.\n\nWrite."


def test_groups_stand_side_by_side_with_their_numbers(asked: Asked, get_page: GetPage) -> None:
    page = get_page(meeting(asked, "2"))
    rows = {row[0]: row[1:4] for row in page.rows("Was the kettle full?")}
    assert rows["Lead reviewers"] == ["1 100%", "0", "0"]
    assert rows["Panel members"] == ["0", "0", "1 100%"]


def test_notes_are_saved_and_stand_in_the_pack(asked: Asked, get_page: GetPage) -> None:
    page = get_page(meeting(asked, "notes"))
    page = page.send(
        {"notes-agreed": "It was hot.\n\nVery.", "notes-will_do": "Ring <first>."}, button="Save the notes"
    )
    assert "The notes are saved." in page.notices
    assert page.fields["notes-agreed"] == "It was hot.\n\nVery."
    page = get_page(f"{asked.address}pack")
    for text in ("Where we agreed It was hot. Very.", "What we will do Ring <first>.", "Ring first, says panel."):
        assert text in page.text, text


def test_pack_holds_the_markers_that_are_chosen(asked: Asked, get_page: GetPage) -> None:
    page = get_page(f"{asked.address}pack")
    assert [each.text for each in page.main.find("h2")][-1] == "The review as a whole"
    page = get_page(f"{asked.address}pack?markers=tea01&markers=nothing")
    assert [each.text for each in page.main.find("h2")] == ["1. Kettle"]


def test_pack_names_in_a_line_what_nobody_answered(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round({"lead_reviewer": 1})
    entry = Entry(answers={"full": "yes"}, judgement="met")
    nothing = {"tea02": Entry(), "closing": Entry()}
    world.answer(asked.secrets["lead_reviewer"][0], entries={"tea01": entry, **nothing})
    page = get_page(f"{asked.address}pack")
    assert [each.text for each in page.main.find("h2")] == ["1. Kettle"]
    assert "Nobody answered: 2. Table; 3. Cups; The review as a whole." in page.text
    within = page.text.split("Nobody answered: ")[2]
    assert "Which leaf was it?" in within
    assert "Obstacles that came up" not in page.text
    assert page.heads("1. Kettle: Was the kettle full?") == ["Group", "Yes"]
    page = get_page(meeting(asked, "notes", "tea02"))
    page.send({"notes-agreed": "Nobody knows."}, button="Save the notes")
    assert "2. Table" in [each.text for each in get_page(f"{asked.address}pack").main.find("h2")]


def test_two_who_write_notes_see_both_and_lose_nothing(asked: Asked, get_page: GetPage) -> None:
    mine, theirs = get_page(meeting(asked, "notes")), get_page(meeting(asked, "notes"))
    theirs.send({"notes-agreed": "Theirs."}, button="Save the notes")
    page = mine.send({"notes-agreed": "Mine.", "notes-differed": "Also mine."}, button="Save the notes", status=409)
    assert page.heading == "Choose what to keep"
    page = page.send(button="Save")
    assert page.fields["notes-agreed"] == "Theirs.\n\nMine."
    assert page.fields["notes-differed"] == "Also mine."


def test_improvement_is_made_from_a_suggestion_a_question_and_a_note(asked: Asked, get_page: GetPage) -> None:
    step = next(n for n in range(1, 20) if "different next time" in get_page(meeting(asked, str(n))).heading)
    page = get_page(meeting(asked, str(step))).send(button="Make an improvement from this")
    assert page.fields["aim-change"] == "Ring first, says panel."
    page = page.send({"aim-change": "Ring first."}, button="Save")
    assert "A participant’s suggestion" in page.text
    page = get_page(meeting(asked, "2")).follow("Make an improvement from this question")
    assert "Ring first." in page.links
    page = page.send({"aim-change": "Ring again."}, button="Save")
    assert "Was the kettle full?" in page.text
    assert page.follow("Back to the conversation").heading == "Was the kettle full?"
    page = get_page(meeting(asked, "notes"))
    page = page.send({"notes-will_do": "Ring."}, button="Save, and make an improvement from these notes")
    assert page.fields["aim-change"] == "Ring."
    page = page.send({"aim-change": "Ring thrice."}, button="Save")
    assert "A note of the conversation" in page.text
    assert page.follow("Back to the conversation").fields["notes-will_do"] == "Ring."


def test_hold_leaves_notes_to_be_read(world: World, asked: Asked, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(meeting(asked, "notes"))
    page.send({"notes-agreed": "Before."}, button="Save the notes")
    page = get_page(meeting(asked, "notes"))
    get_page(asked.address).send(button="Put this round on hold")
    page = page.send({"notes-agreed": "After."}, button="Save the notes", status=409)
    assert "After." in page.html
    page = get_page(meeting(asked, "notes"))
    assert "Save the notes" not in page.buttons
    assert page.fields["notes-agreed"] == "Before."


def test_nothing_of_a_confidential_round_is_shown_before_it_is_closed(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round({"practitioner": 6}, **CONFIDENTIAL)
    for secret in asked.secrets["practitioner"]:
        world.answer(secret, "A secret text.")
    for path in ("meeting/tea01", "meeting/tea01?step=notes", "pack"):
        page = get_page(f"{asked.address}{path}")
        assert "A secret text." not in page.html
        assert "Save the notes" not in page.buttons
    world.close(asked)
    assert "A secret text." in get_page(f"{asked.address}pack").text


def test_notes_can_be_read_after_the_answers_are_deleted(
    web_app: Flask, asked: Asked, ann: FlaskClient, get_page: GetPage
) -> None:
    get_page(meeting(asked, "notes")).send({"notes-agreed": "It was hot."}, button="Save the notes")
    web_app.config["NOW"] += timedelta(days=400)
    review = f"/boards/north/reviews/{asked.review_key}/"
    page = get_page(f"{review}delete-answers")
    assert "notes of the conversation, until 2 March 2029" in page.text
    page.send({"sure": "yes"}, button="Delete the answers")
    page = get_page(asked.address).follow("Notes of the conversation")
    assert "It was hot." in page.text
    assert "Ring first" not in page.html
    web_app.config["NOW"] += timedelta(days=800)
    page = get_page(review).follow("Delete the notes").send({"sure": "yes"}, button="Delete the answers")
    assert "Markers with notes of the conversation 1" in page.text


def test_those_who_only_read_write_notes_and_make_no_improvements(
    world: World, asked: Asked, sign_in_once: Callable[..., FlaskClient]
) -> None:
    reader = sign_in_once(world.app.test_client(), world.administrator("rea@example.org", "north", ["read_answers"]))
    page = get_page_by(reader, meeting(asked, "notes"))
    assert "Save, and make an improvement from these notes" not in page.buttons
    page.send({"notes-agreed": "It was."}, button="Save the notes")


def test_nothing_leads_from_unsaved_notes_without_saving_them(asked: Asked, get_page: GetPage) -> None:
    """But the link that skips to the content, which stays on the page."""
    assert list(get_page(meeting(asked, "notes")).links) == ["Skip to the main content"]


def test_pack_offers_the_word_document_only_where_there_is_one(asked: Asked, web_app: Flask, get_page: GetPage) -> None:
    formats = web_app.extensions["scrqm_forms"].plugins.formats
    assert "As a Word document" in get_page(f"{asked.address}pack").links
    word = formats.pop("word")
    assert "Word" not in get_page(f"{asked.address}pack").text
    formats["word"] = word

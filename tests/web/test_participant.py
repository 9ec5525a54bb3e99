"""Participants' pages, from the link to the receipt."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.domain.response import Entry
from scrqm_forms.services.invitations import make_links
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage import invitations
from scrqm_forms.web.participant import MOST_LINKS
from scrqm_forms.web.security import LARGEST_REQUEST

from .page import Page
from .page import get_page as get_page_by
from .world import SUPPORT, Asked, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]

#: Groups of a confidential round in which practitioners stand apart: 6 of them, 6 others.
ENOUGH = {"lead_reviewer": 2, "panel": 4, "practitioner": 6}
CONFIDENTIAL = {"mode": "confidential", "minimum": 5}


def statuses(page: Page) -> dict[str, str]:
    """Title -> status of every line of the task list."""
    return {
        task.find("a")[0].text: next(each.text for each in task.walk() if "tag" in each.classes)
        for task in page.with_class("task")
    }


def legends(page: Page) -> list[str]:
    return [each.text for each in page.main.find("legend")]


# The link and the start page


def test_opening_a_link_changes_nothing(world: World, get_page: GetPage) -> None:
    link = world.open_round().link
    before = world.dump()
    get_page(link)
    assert world.dump() == before


def test_start_leads_to_the_markers_by_303(world: World, get_page: GetPage, client: FlaskClient) -> None:
    link = world.open_round().link
    response = client.post(link, data=get_page(link).data())
    assert response.status_code == 303
    assert get_page(response.location).heading == "Your markers"


def test_start_takes_the_secret_out_of_the_address(world: World, begin: Begin) -> None:
    asked = world.open_round()
    page = begin(asked.link)
    assert asked.secrets["lead_reviewer"][0] not in page.html


def test_starting_begins_the_response_once(world: World, begin: Begin) -> None:
    asked = world.open_round()
    begin(asked.link)
    once = world.dump()
    begin(asked.link)
    assert world.dump() == once
    assert len(once["response"]) == 1


def test_start_page_of_a_named_round_says_who_sees_what(world: World, get_page: GetPage) -> None:
    text = get_page(world.open_round().link).text
    assert "This round is named. Those who look after it for Northshire Board see your answers with your name" in text
    assert "There is no smallest group" in text
    for other in ("confidential", "stored apart", "mixed order", "invited)"):
        assert other not in text


def test_start_page_of_a_confidential_round_names_the_group_and_the_minimum(world: World, get_page: GetPage) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    text = get_page(f"/i/{asked.secrets['practitioner'][0]}").text
    assert "This round is confidential. Your answers are stored apart from your name." in text
    assert "They are shown as: practitioners (6 invited)." in text
    assert "before the round is closed and at least 5 people have sent their answers" in text
    for other in ("This round is named", "with your name", "There is no smallest group"):
        assert other not in text


def test_start_page_of_joined_roles_names_them_all(world: World, get_page: GetPage) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    text = get_page(f"/i/{asked.secrets['panel'][0]}").text
    assert (
        "shown as: chairs and board members, panel members, lead reviewers and business unit staff (6 invited)" in text
    )


def test_start_page_says_what_cannot_be_ruled_out(world: World, get_page: GetPage) -> None:
    text = get_page(world.open_round(ENOUGH, **CONFIDENTIAL).link).text
    assert "whoever runs the server could watch it" in text
    assert "whoever hands out the links could open one first" in text
    assert "copies made at different times could be compared" in text


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_start_page_says_until_when_and_what_else_matters(world: World, get_page: GetPage, mode: str) -> None:
    page = get_page(world.open_round(mode=mode).link)
    assert "The July review (reference 2026-07)" in page.text
    assert "as: lead reviewer" in page.text
    assert "on any device, until 9 March 2026" in page.text
    assert "Northshire Board keeps your answers until 2 March 2027" in page.text
    assert "A court could order them to be shown, and they could be asked for under information law" in page.text
    assert "A new worry about a child does not belong here." in page.text
    assert SUPPORT in page.text
    assert "Tea House (2016) Tea quality markers." in page.root.text


def test_start_page_estimates_minutes_for_the_length(world: World, get_page: GetPage) -> None:
    markers = tuple(f"qm{n:02}" for n in range(1, 19))
    asked = world.open_round({"panel": 1, "lead_reviewer": 1}, markers=markers, lengths={"panel": "brief"})
    brief, full = (
        int(re.findall(r"About (\d+) minutes", get_page(f"/i/{asked.secrets[role][0]}").text)[0])
        for role in ("panel", "lead_reviewer")
    )
    assert 15 <= brief < full <= 120


def test_start_page_of_a_round_that_plans_does_not_look_back(world: World, get_page: GetPage) -> None:
    assert get_page(world.open_round(purpose="plan").link).heading == "How this serious case review is run"


def test_start_page_keeps_its_promise_after_the_board_changes(world: World, get_page: GetPage) -> None:
    asked = world.open_round()
    (world.marker_folder / "01-kettle.toml").unlink()
    page = get_page(asked.link)
    assert "Northshire Board would like to know" in page.text
    assert list(statuses(page.send())) == ["Kettle", "Table", "The review as a whole"]


def test_start_page_of_a_closed_round_says_so_and_has_no_start(world: World, get_page: GetPage) -> None:
    asked = world.open_round()
    world.close(asked)
    page = get_page(asked.link)
    assert page.notices.startswith("This round is closed. It took answers until 9 March 2026.")
    assert page.buttons == []


def test_start_page_past_the_last_day_says_closed(web_app: Flask, world: World, get_page: GetPage) -> None:
    asked = world.open_round()
    web_app.config["NOW"] += timedelta(days=8)
    assert get_page(asked.link).notices.startswith("This round is closed.")


def test_start_page_on_the_last_day_still_starts(web_app: Flask, world: World, get_page: GetPage) -> None:
    asked = world.open_round()
    web_app.config["NOW"] += timedelta(days=7)
    assert get_page(asked.link).buttons == ["Start"]


def test_closed_round_can_still_be_read_by_who_began(world: World, get_page: GetPage, begin: Begin) -> None:
    asked = world.open_round()
    begin(asked.link).follow("Kettle").send({"reflection-helped": "The urn."})
    world.close(asked)
    page = get_page(asked.link).send(button="Go on")
    assert "Yours were not sent" in page.text
    assert "The urn." in page.follow("See or keep a copy of my answers").text


def test_start_page_of_a_synthetic_round_says_so_and_has_no_start(
    web_app: Flask, world: World, get_page: GetPage
) -> None:
    asked = world.open_round()
    with web_app.app_context():
        fill_round(world.stored(asked), 2, 1, world.today)
    page = get_page(asked.link)
    assert "This is a trial with made-up responses." in page.notices
    assert page.buttons == []


def test_link_of_a_round_not_yet_open_leads_nowhere(world: World, get_page: GetPage) -> None:
    page = get_page(world.round().link, 403)
    assert page.heading == "Not open yet"
    assert page.buttons == []


@pytest.mark.parametrize(
    "secret", ["x", "a" * 43, "a" * 500, "%2e%2e", "é" * 43], ids=["short", "43", "long", "dots", "é"]
)
def test_wrong_link_says_what_to_do(get_page: GetPage, secret: str) -> None:
    page = get_page(f"/i/{secret}", 404)
    assert page.heading == "This link does not work"
    assert "ask the person who sent it for a new one" in page.text


def test_guessing_links_is_turned_away_until_the_window_passes(
    web_app: Flask, client: FlaskClient, get_page: GetPage
) -> None:
    found = [client.get(f"/i/{n:043}").status_code for n in range(51)]
    assert found == [404] * 50 + [429]
    assert get_page(f"/i/{'a' * 43}", 429).heading == "Too many tries"
    web_app.config["NOW"] += timedelta(minutes=15)
    assert client.get(f"/i/{'a' * 43}").status_code == 404


def test_good_link_works_whoever_else_guesses_from_the_same_address(
    world: World, client: FlaskClient, get_page: GetPage
) -> None:
    link = world.open_round().link
    for n in range(51):
        client.get(f"/i/{n:043}")
    assert get_page(link).buttons == ["Start"]


def test_guessing_from_one_address_leaves_others_free(client: FlaskClient) -> None:
    for n in range(51):
        client.get(f"/i/{n:043}")
    assert client.get(f"/i/{'a' * 43}", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404


def test_replaced_link_leads_nowhere(web_app: Flask, world: World, begin: Begin, get_page: GetPage) -> None:
    asked = world.open_round()
    tasks = begin(asked.link)
    with web_app.app_context():
        (invitation,) = invitations.list_invitations(world.stored(asked))
        make_links(world.stored(asked), only=invitation.id)
    get_page(asked.link, 404)
    assert get_page(tasks.path, 403).heading == "Open your link again"


def test_new_link_of_a_named_round_leads_to_what_was_written(web_app: Flask, world: World, begin: Begin) -> None:
    asked = world.open_round()
    begin(asked.link).follow("Kettle").send({"judgement": "met"})
    with web_app.app_context():
        (invitation,) = invitations.list_invitations(world.stored(asked))
        (new,) = make_links(world.stored(asked), only=invitation.id)
    assert statuses(begin(f"/i/{new.secret}"))["Kettle"] == "Answered"


# The task list


@pytest.mark.parametrize(
    ("role", "markers"),
    [("lead_reviewer", ["Kettle", "Table"]), ("practitioner", ["Kettle", "Cups"])],
)
def test_task_list_shows_the_markers_of_the_role_only(
    world: World, begin: Begin, role: str, markers: list[str]
) -> None:
    page = begin(world.open_round({role: 1}).link)
    assert list(statuses(page)) == [*markers, "The review as a whole"]


def test_task_list_of_a_confidential_round_is_that_of_the_whole_group(world: World, begin: Begin) -> None:
    page = begin(world.open_round({"practitioner": 1}, **CONFIDENTIAL).link)
    assert list(statuses(page)) == ["Kettle", "Table", "Cups", "The review as a whole"]


def test_task_list_stands_under_stages(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link)
    assert [each.text for each in page.with_class("stage-heading")] == ["Brewing", "Pouring", "To close"]


def test_task_list_tells_where_each_entry_stands(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round({"panel": 1}, markers=("tea01", "tea02", "qm01", "qm02")).link)
    tasks.follow("Kettle").send({"judgement": "met"})
    tasks.follow("Table").send({"reflection-helped": "Legs."})
    tasks.follow("Referral").send(button="This was not my part of the review")
    assert list(statuses(_again(tasks)).values()) == [
        "Answered",
        "Started",
        "Not my part",
        "Not started",
        "Not started",
    ]


def test_task_list_names_a_local_marker(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round({"practitioner": 1}).link)
    hints = {
        task.find("a")[0].text: [each.text for each in task.walk() if "hint" in each.classes]
        for task in tasks.with_class("task")
    }
    assert hints == {"Kettle": [], "Cups": ["Local marker"], "The review as a whole": []}


def test_entry_of_another_role_is_not_there(world: World, begin: Begin, get_page: GetPage) -> None:
    tasks = begin(world.open_round({"practitioner": 1}).link)
    assert get_page(f"{tasks.path}tea02", 404).heading == "Page not found"


def _again(page: Page) -> Page:
    return get_page_by(page.client, page.path)


# One entry


def test_full_entry_asks_every_question(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    assert legends(page) == [
        "Was the kettle full?",
        "Was there a spare?",
        "Which leaf was it?",
        "Did any of these get in the way?",
        "All in all, was this marker met?",
    ]
    assert list(page.fields) == [
        "answer-full",
        "comment-full",
        "answer-spare",
        "comment-spare",
        "comment-why",
        "answer-leaf",
        "comment-leaf",
        "reflection-how_known",
        "obstacles",
        "judgement",
        "reflection-helped",
        "reflection-hindered",
        "reflection-change_next",
    ]


def test_not_applicable_is_offered_only_where_a_question_is_conditional(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    usual = ["Yes", "Partly", "No", "I was not in a position to know"]
    assert page.group("Was the kettle full?") == usual
    assert page.group("Was there a spare?") == [*usual[:3], "Not applicable", usual[3]]


def test_nothing_is_picked_beforehand(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    assert not any(page.fields.values())


def test_entry_shows_statement_rationale_and_guidance(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    assert page.heading == "Kettle"
    for text in ("The serious case review has a kettle.", "Tea is hot.", "Water boils.", "None identified."):
        assert text in page.text


def test_brief_entry_shows_the_questions_as_an_aid(world: World, begin: Begin) -> None:
    page = begin(world.open_round({"practitioner": 1}).link).follow("Kettle")
    assert "Questions to help you think Was the kettle full?" in page.text
    assert legends(page) == ["Did any of these get in the way?", "All in all, was this marker met?"]
    assert not [name for name in page.fields if name.startswith(("answer-", "comment-"))]


def test_closing_entry_asks_about_the_review_as_a_whole(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("The review as a whole")
    assert list(page.fields) == ["comment-went_well"]
    assert page.buttons == ["Save and continue", "Save and come back later"]


def test_published_wording_says_so_and_asks_to_look_back(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Table")
    assert "published wording" in page.text.split("Table")[0]
    assert "Please answer them looking back: was it so at the time? Is there a table?" in page.text


def test_brief_published_wording_asks_to_look_back_too(world: World, begin: Begin) -> None:
    page = begin(world.open_round(lengths={"lead_reviewer": "brief"}).link).follow("Table")
    assert "Please answer them looking back: was it so at the time? Is there a table?" in page.text


def test_local_marker_says_so(world: World, begin: Begin) -> None:
    page = begin(world.open_round({"practitioner": 1}).link).follow("Cups")
    assert "local marker of this board" in page.text.split("Cups")[0]


def test_every_text_box_reminds_to_name_no_one(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    for title in ("Kettle", "Table", "The review as a whole"):
        page = tasks.follow(title)
        notes = {each["id"]: each.text for each in page.root.walk()}
        for box in page.main.find("textarea"):
            said = " ".join(notes[key] for key in box["aria-describedby"].split())
            assert "no names, initials, dates, places or schools" in said, box["name"]


def test_every_shipped_marker_has_a_sound_page(world: World, begin: Begin) -> None:
    markers = tuple(f"qm{n:02}" for n in range(1, 19))
    tasks = begin(world.open_round(markers=markers, roles=("lead_reviewer",)).link)
    titles = [task.find("a")[0].text for task in tasks.with_class("task")]
    assert len(titles) > 10
    for title in titles:
        assert tasks.follow(title).heading == title


def test_support_contact_stands_with_every_entry_and_at_the_end(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link)
    assert SUPPORT in page.text
    assert SUPPORT in page.follow("Kettle").text
    assert SUPPORT in page.follow("Check and send").send(button="Send my answers").text


# Saving


def test_save_and_continue_leads_to_the_next_entry(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    assert page.send(button="Save and continue").heading == "Table"


def test_save_and_continue_from_the_last_entry_leads_to_check(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("The review as a whole")
    assert page.send(button="Save and continue").heading == "Check your answers before you send them"


def test_saving_answers_by_303(world: World, begin: Begin, client: FlaskClient) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    assert client.post(page.path, data=page.data()).status_code == 303


def test_save_and_come_back_later_keeps_what_was_typed(world: World, begin: Begin) -> None:
    asked = world.open_round()
    page = begin(asked.link).follow("Kettle")
    later = page.send({"reflection-helped": "The urn."}, button="Save and come back later")
    assert later.heading == "What you saved is kept"
    assert "until 9 March 2026" in later.text
    assert _again(page).fields["reflection-helped"] == "The urn."


def test_same_link_on_another_device_leads_to_what_was_saved(web_app: Flask, world: World, begin: Begin) -> None:
    asked = world.open_round()
    begin(asked.link).follow("Kettle").send({"reflection-helped": "The urn."})
    there = begin(asked.link, web_app.test_client())
    assert there.follow("Kettle").fields["reflection-helped"] == "The urn."


def test_not_my_part_sets_a_marker_aside_and_goes_on(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    page = tasks.follow("Kettle").send(button="This was not my part of the review")
    assert page.heading == "Table"
    assert statuses(_again(tasks))["Kettle"] == "Not my part"


def test_not_my_part_keeps_what_was_typed_and_is_taken_back_by_saving(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    entry = tasks.follow("Kettle")
    entry.send({"reflection-helped": "The urn."}, button="This was not my part of the review")
    again = _again(entry)
    assert again.fields["reflection-helped"] == "The urn."
    assert "You set this marker aside." in again.text
    again.send(button="Save and continue")
    assert statuses(_again(tasks))["Kettle"] == "Started"


@pytest.mark.parametrize(
    ("values", "stored"),
    [
        ({}, Entry()),
        ({"answer-full": "not_known"}, Entry(answers={"full": "not_known"})),
        ({"answer-leaf": "green"}, Entry(answers={"leaf": "green"})),
        ({"comment-full": "Half."}, Entry(comments={"full": "Half."})),
        ({"comment-why": "Thirst."}, Entry(comments={"why": "Thirst."})),
        ({"judgement": "not_met"}, Entry(judgement="not_met")),
        ({"obstacles": ["no_water", "no_gas"]}, Entry(obstacles=("no_water", "no_gas"))),
        ({"reflection-change_next": "Two kettles."}, Entry(reflections={"change_next": "Two kettles."})),
    ],
    ids=["nothing", "rating", "choice", "comment", "text", "judgement", "obstacles", "reflection"],
)
def test_incomplete_draft_is_saved_as_it_is(world: World, begin: Begin, values: dict[str, str], stored: Entry) -> None:
    asked = world.open_round()
    page = begin(asked.link).follow("Kettle")
    page.send(values)
    assert world.entries(asked.secrets["lead_reviewer"][0]) == {"tea01": stored}
    assert {name: value for name, value in _again(page).fields.items() if value} == values


def test_answer_can_be_made_blank_again(world: World, begin: Begin) -> None:
    asked = world.open_round()
    page = begin(asked.link).follow("Kettle")
    page.send({"reflection-helped": "The urn.", "obstacles": ["no_gas"]})
    _again(page).send({"reflection-helped": "", "obstacles": []})
    assert world.entries(asked.secrets["lead_reviewer"][0]) == {"tea01": Entry()}


@pytest.mark.parametrize(
    "text",
    [
        "\nA line left free.",
        "\n\n\nThree.",
        "one\ntwo\n\nthree\n",
        "trailing spaces   ",
        "  leading, and a tab\t",
        "👩🏽‍💻 🏴󠁧󠁢󠁷󠁬󠁳󠁿 😀",
        "e\u0301 is not \u00e9, nor \u212b \u00c5",
        "</textarea><b>&amp; \"quoted\" 'too' &lt;",
        "{{ 7 * 7 }} {review} %s %(name)s",
        "=1+1",
        "\u202eright to left\u202c \u200b\ufeff",
        "x" * 100_000,
        "😀\n" * 50_000,
    ],
    ids=[
        "leading_newline",
        "leading_newlines",
        "lines",
        "trailing_spaces",
        "leading_spaces",
        "emoji",
        "accents",
        "markup",
        "braces",
        "formula",
        "invisible",
        "100000",
        "100000_emoji",
    ],
)
def test_text_comes_back_exactly_as_typed(world: World, begin: Begin, text: str) -> None:
    asked = world.open_round()
    page = begin(asked.link).follow("Kettle")
    page.send({"reflection-helped": text})
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"].reflections == {"helped": text}
    assert _again(page).fields["reflection-helped"] == text


@pytest.mark.parametrize("field", ["comment-full", "comment-why", "reflection-how_known", "reflection-hindered"])
def test_every_kind_of_text_box_gives_its_text_back(world: World, begin: Begin, field: str) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    page.send({field: "\n 1 < 2\n"})
    assert _again(page).fields[field] == "\n 1 < 2\n"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"], ids=["CRLF", "CR", "LF"])
def test_line_ends_are_stored_as_line_feeds(world: World, begin: Begin, client: FlaskClient, end: str) -> None:
    asked = world.open_round()
    page = begin(asked.link).follow("Kettle")
    client.post(page.path, data=page.data().to_dict() | {"reflection-helped": f"one{end}two{end}"})
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"].reflections == {"helped": "one\ntwo\n"}


def test_longest_text_is_counted_with_line_ends_as_one(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    assert page.send({"reflection-helped": "\n" * 100_000}).heading == "Table"


@pytest.mark.parametrize(
    ("title", "field"),
    [("Kettle", "reflection-helped"), ("Kettle", "comment-full"), ("The review as a whole", "comment-went_well")],
    ids=["reflection", "comment", "closing"],
)
def test_longer_text_is_refused_with_its_count_and_stays_in_the_box(
    world: World, begin: Begin, title: str, field: str
) -> None:
    asked = world.open_round()
    text = "é" * 100_001
    page = begin(asked.link).follow(title).send({field: text}, status=422)
    assert page.errors == {field: "This text has 100,001 characters; there is room for 100,000. Please shorten it."}
    assert page.fields[field] == text
    (box,) = page.main.find("textarea", id=field)
    assert box["aria-invalid"] == "true"
    assert f"{field}-error" in box["aria-describedby"]
    assert world.entries(asked.secrets["lead_reviewer"][0]) == {}


def test_shortened_text_is_then_saved(world: World, begin: Begin) -> None:
    refused = begin(world.open_round().link).follow("Kettle").send({"reflection-helped": "x" * 100_001}, status=422)
    assert refused.send({"reflection-helped": "x"}).heading == "Table"


@pytest.mark.parametrize(
    "values",
    [{"answer-full": "maybe"}, {"answer-full": "not_applicable"}, {"judgement": "yes"}, {"obstacles": ["storm"]}],
    ids=["rating", "not_offered", "judgement", "obstacle"],
)
def test_answer_that_is_not_offered_is_refused_with_the_text_kept(
    world: World, begin: Begin, values: dict[str, str]
) -> None:
    asked = world.open_round()
    page = begin(asked.link).follow("Kettle").send(values | {"reflection-helped": "The urn."}, status=422)
    assert list(page.errors) == list(values)
    assert page.fields["reflection-helped"] == "The urn."
    assert world.entries(asked.secrets["lead_reviewer"][0]) == {}


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1b", "\x7f", "\x85", "\ufffe", "\uffff"], ids=ascii)
def test_character_that_cannot_be_stored_is_replaced_with_a_note(world: World, begin: Begin, character: str) -> None:
    asked = world.open_round()
    page = begin(asked.link).follow("Kettle").send({"reflection-helped": f"a{character}b"})
    assert "Some characters that cannot be stored were replaced" in page.notices
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"].reflections == {"helped": "a\ufffdb"}


def test_usual_text_is_saved_without_a_note(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Kettle").send({"reflection-helped": "a\tb\nc \ufffd"})
    assert page.notices == ""


def test_sixteen_megabytes_are_saved(world: World, begin: Begin, client: FlaskClient) -> None:
    questions = "".join(f'[[questions]]\nid = "q{n}"\nask = "{n}?"\nkind = "text"\n' for n in range(1, 10))
    marker = (world.marker_folder / "03-cups.toml").read_text().replace("tea03", "tea04").split("[[questions]]")[0]
    (world.marker_folder / "04-urn.toml").write_text(marker.replace("number = 3", "number = 4") + questions)
    asked = world.open_round(markers=("tea04",))
    page = begin(asked.link).follow("Cups")
    boxes = [name for name in page.fields if name.startswith(("comment-", "reflection-"))]
    data = page.data(dict.fromkeys(boxes, "😀" * 100_000))
    response = client.post(page.path, data=data)
    assert 15_500_000 < int(response.request.headers["Content-Length"]) < 16_000_000
    assert response.status_code == 303
    stored = world.entries(asked.secrets["lead_reviewer"][0])["tea04"]
    assert {len(text) for text in (*stored.comments.values(), *stored.reflections.values())} == {100_000}


def test_more_than_fits_is_answered_by_a_sentence(world: World, begin: Begin) -> None:
    asked = world.open_round()
    page = begin(asked.link).follow("Kettle").send({"reflection-helped": "x" * LARGEST_REQUEST}, status=413)
    assert page.heading == "That is too much at once"
    assert "nothing was saved. Press Back: your text is still there." in page.text
    assert world.entries(asked.secrets["lead_reviewer"][0]) == {}


# Saved elsewhere meanwhile


@pytest.fixture
def conflict(web_app: Flask, world: World, begin: Begin) -> tuple[Asked, Page]:
    """An entry saved on another device after it was opened here, and what saving here then shows."""
    asked = world.open_round()
    here = begin(asked.link).follow("Kettle")
    there = begin(asked.link, web_app.test_client()).follow("Kettle")
    there.send({"reflection-helped": "Typed there.", "comment-why": "Only there.", "judgement": "met"})
    return asked, here.send({"reflection-helped": "Typed here.", "judgement": "not_met"}, status=409)


def test_conflict_keeps_own_text_in_the_boxes(conflict: tuple[Asked, Page]) -> None:
    _, page = conflict
    assert page.fields["reflection-helped"] == "Typed here."
    assert page.fields["judgement"] == "not_met"


def test_conflict_shows_what_was_saved_elsewhere(conflict: tuple[Asked, Page]) -> None:
    _, page = conflict
    assert list(page.errors) == ["elsewhere"]
    (elsewhere,) = page.root.find(id="elsewhere")
    for text in ("Typed there.", "Only there.", "Met"):
        assert text in elsewhere.text
    assert "Typed here." not in elsewhere.text


def test_conflict_stores_nothing(world: World, conflict: tuple[Asked, Page]) -> None:
    asked, _ = conflict
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"].reflections == {"helped": "Typed there."}


def test_saving_after_a_conflict_settles_it(world: World, conflict: tuple[Asked, Page]) -> None:
    asked, page = conflict
    assert page.send({"comment-why": "Only there."}).heading == "Table"
    stored = world.entries(asked.secrets["lead_reviewer"][0])["tea01"]
    assert stored == Entry(judgement="not_met", comments={"why": "Only there."}, reflections={"helped": "Typed here."})


def test_setting_aside_elsewhere_is_shown_too(web_app: Flask, world: World, begin: Begin) -> None:
    asked = world.open_round()
    here = begin(asked.link).follow("Kettle")
    begin(asked.link, web_app.test_client()).follow("Kettle").send(button="This was not my part of the review")
    page = here.send({"reflection-helped": "Typed here."}, status=409)
    assert "Set aside as not your part of the review" in page.root.find(id="elsewhere")[0].text


def test_pressing_save_twice_is_no_conflict(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    page.send({"reflection-helped": "The urn."})
    assert page.send({"reflection-helped": "The urn."}).heading == "Table"


# Checking, sending, taking back


def test_check_page_shows_every_answer_and_the_blanks(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send(
        {"answer-full": "partly", "comment-full": "Half.", "judgement": "partly_met", "obstacles": ["no_gas"]}
    )
    tasks.follow("Table").send(button="This was not my part of the review")
    page = _again(tasks).follow("Check and send")
    assert "Was the kettle full? Partly Half." in page.text
    assert "Was there a spare? Not answered" in page.text
    assert "Obstacles that came up There was no gas." in page.text
    assert "Your judgement of this marker Partly met" in page.text
    assert "Table Not my part of the review." in page.text
    assert "The review as a whole Nothing answered." in page.text


def test_change_leads_to_the_field_and_back_to_check(world: World, begin: Begin, client: FlaskClient) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"judgement": "met"})
    entry = _again(tasks).follow("Check and send").follow("Change Kettle: What helped?")
    response = client.post(entry.form()["action"], data=entry.data({"reflection-helped": "The urn."}))
    assert urlsplit(response.location).fragment == "tea01"
    page = get_page_by(client, response.location)
    assert page.heading == "Check your answers before you send them"
    assert "The urn." in page.text
    assert page.root.find(id="tea01")


@pytest.mark.parametrize("role", ["lead_reviewer", "practitioner"])
def test_every_change_link_leads_to_its_field(world: World, begin: Begin, role: str) -> None:
    tasks = begin(world.open_round({role: 1}).link)
    for title in list(statuses(tasks))[:-1]:
        tasks.follow(title).send({"judgement": "met"})
    check = _again(tasks).follow("Check and send")
    changes = [link for link in check.links if link.startswith("Change")]
    assert len(changes) > 10
    for link in changes:
        check.follow(link)


def test_fault_found_after_change_still_leads_back_to_check(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"judgement": "met"})
    entry = _again(tasks).follow("Check and send").follow("Change Kettle: What helped?")
    refused = entry.send({"reflection-helped": "x" * 100_001}, status=422)
    assert refused.send({"reflection-helped": "x"}).heading == "Check your answers before you send them"


def test_sending_gives_a_receipt_and_marks_the_person_as_done(world: World, begin: Begin) -> None:
    asked = world.open_round()
    done = begin(asked.link).follow("Check and send").send(button="Send my answers")
    assert done.heading == "Your answers were sent. Thank you."
    (receipt,) = done.with_class("code")
    assert len(receipt.text) == 19
    assert "submitted" in world.dump()["invitation"][0]


def test_sending_twice_gives_the_same_receipt(world: World, begin: Begin) -> None:
    check = begin(world.open_round().link).follow("Check and send")
    first = check.send(button="Send my answers")
    before = world.dump()
    second = check.send(button="Send my answers")
    assert first.with_class("code")[0].text == second.with_class("code")[0].text
    assert world.dump() == before


def test_nothing_answered_can_be_sent(world: World, begin: Begin) -> None:
    done = begin(world.open_round().link).follow("Check and send").send(button="Send my answers")
    assert done.heading.startswith("Your answers were sent.")


def test_receipt_is_shown_only_after_sending(world: World, begin: Begin, get_page: GetPage) -> None:
    tasks = begin(world.open_round().link)
    assert get_page(f"{tasks.path}done").heading == "Your markers"


def test_sent_answers_can_be_taken_back_changed_and_sent_again(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"reflection-helped": "The urn."})
    _again(tasks).follow("Check and send").send(button="Send my answers")
    back = _again(tasks).send(button="Take my answers back to change them")
    assert "Your answers are with you again." in back.notices
    entry = back.follow("Kettle")
    assert entry.fields["reflection-helped"] == "The urn."
    entry.send({"reflection-helped": "The samovar."})
    assert (
        _again(tasks)
        .follow("Check and send")
        .send(button="Send my answers")
        .heading.startswith("Your answers were sent")
    )


def test_sent_answers_show_their_receipt_in_the_task_list(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    done = tasks.follow("Check and send").send(button="Send my answers")
    assert done.with_class("code")[0].text in _again(tasks).notices


def test_sent_answers_offer_no_saving(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Check and send").send(button="Send my answers")
    page = tasks.follow("Kettle")
    assert page.buttons == []
    assert "You have sent your answers, so they cannot be changed here." in page.notices


def test_answers_cannot_be_taken_back_once_the_round_is_closed(world: World, begin: Begin) -> None:
    asked = world.open_round()
    tasks = begin(asked.link)
    tasks.follow("Check and send").send(button="Send my answers")
    offered = _again(tasks)
    world.close(asked)
    before = world.dump()
    refused = offered.send(button="Take my answers back to change them")
    assert "This round is closed" in refused.notices
    assert refused.buttons == []
    assert world.dump() == before


def test_sending_after_closing_is_refused_on_the_page(world: World, begin: Begin) -> None:
    asked = world.open_round()
    check = begin(asked.link).follow("Check and send")
    world.close(asked)
    page = check.send(button="Send my answers", status=409)
    assert page.errors == {"": "This round is closed, so answers can no longer be changed."}


# No word is lost


@pytest.mark.parametrize("what", ["closed", "past", "sent"])
def test_typed_text_is_given_back_when_it_cannot_be_saved(
    web_app: Flask, world: World, begin: Begin, what: str
) -> None:
    asked = world.open_round()
    tasks = begin(asked.link)
    entry = tasks.follow("Kettle")
    if what == "closed":
        world.close(asked)
    elif what == "past":
        web_app.config["NOW"] += timedelta(days=8)
    else:
        tasks.follow("Check and send").send(button="Send my answers")
    page = entry.send({"reflection-helped": "\nThe urn.", "answer-full": "yes"}, status=409)
    assert page.fields["reflection-helped"] == "\nThe urn."
    assert page.fields["answer-full"] == "yes"
    assert "is not saved" in page.notices
    assert list(page.errors) == [""]


def test_text_given_back_is_saved_after_taking_back(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    entry = tasks.follow("Kettle")
    tasks.follow("Check and send").send(button="Send my answers")
    kept = entry.send({"reflection-helped": "The urn."}, status=409)
    _again(tasks).send(button="Take my answers back to change them")
    assert kept.send().heading == "Table"


def test_expired_cookie_gives_the_text_back(world: World, begin: Begin, client: FlaskClient) -> None:
    entry = begin(world.open_round().link).follow("Kettle")
    client.delete_cookie("scrqm_forms")
    page = entry.send({"reflection-helped": "\nThe urn.", "comment-full": "Half."}, status=400)
    assert page.heading == "Open your link again, then press Save"
    assert page.fields == {"comment-full": "Half.", "reflection-helped": "\nThe urn."}


def test_text_given_back_saves_once_the_link_is_opened_again(world: World, begin: Begin, client: FlaskClient) -> None:
    asked = world.open_round()
    entry = begin(asked.link).follow("Kettle")
    client.delete_cookie("scrqm_forms")
    values = {"reflection-helped": "\nThe urn.", "answer-full": "yes", "obstacles": ["no_water", "no_gas"]}
    kept = entry.send(values, status=400)
    begin(asked.link)
    assert kept.send().heading == "Table"
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"] == Entry(
        answers={"full": "yes"}, obstacles=("no_water", "no_gas"), reflections={"helped": "\nThe urn."}
    )


def test_page_without_its_cookie_asks_for_the_link(world: World, begin: Begin, client: FlaskClient) -> None:
    tasks = begin(world.open_round().link)
    client.delete_cookie("scrqm_forms")
    for path in ("", "tea01", "check", "done", "later", "copy", "copy.txt"):
        assert get_page_by(client, tasks.path + path, 403).heading == "Open your link again"


@pytest.mark.parametrize("token", ["", "no-token-at-all", "ImFiYyI.aZZZZZ.forged"], ids=["empty", "junk", "forged"])
def test_text_with_a_bad_token_is_given_back_and_saves_when_pressed_again(
    world: World, begin: Begin, token: str
) -> None:
    asked = world.open_round()
    entry = begin(asked.link).follow("Kettle")
    values = {"reflection-helped": "\nThe urn.", "answer-full": "yes", "obstacles": ["no_gas"], "judgement": "met"}
    page = entry.send(values | {"csrf_token": token}, status=400)
    assert {name: value for name, value in page.fields.items() if value} == values
    assert "press Save again" in page.errors[""]
    assert world.entries(asked.secrets["lead_reviewer"][0]) == {}
    assert page.send().heading == "Table"
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"].reflections == {"helped": "\nThe urn."}


def test_token_lasts_as_long_as_the_cookie(world: World, begin: Begin, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = begin(world.open_round().link).follow("Kettle")
    later = int(time.time()) + 30 * 86_400
    monkeypatch.setattr("itsdangerous.TimestampSigner.get_timestamp", lambda self: later)
    assert entry.send({"judgement": "met"}).heading == "Table"


# Several people at one browser


def test_browser_forgets_a_link_when_asked_to(world: World, begin: Begin) -> None:
    asked = world.open_round({"lead_reviewer": 2})
    mine, other = (begin(link) for link in asked.links)
    mine.follow("Kettle").send({"reflection-helped": "The urn."})
    left = mine.follow("Stop for now").send(button="Forget my link here")
    assert left.heading == "You have left"
    get_page_by(mine.client, mine.path, 403)
    assert _again(other).heading == "Your markers"
    assert begin(asked.links[0]).follow("Kettle").fields["reflection-helped"] == "The urn."


def test_several_links_work_side_by_side_in_one_browser(world: World, begin: Begin) -> None:
    asked = world.open_round({"lead_reviewer": 1, "practitioner": 1})
    first, second = (begin(link) for link in asked.links)
    first.follow("Kettle").send({"reflection-helped": "First."})
    second.follow("Kettle").send({"reflection-helped": "Second."})
    texts = [world.entries(secret)["tea01"].reflections["helped"] for (secret,) in asked.secrets.values()]
    assert texts == ["First.", "Second."]


def test_the_newest_links_of_a_browser_are_kept(world: World, begin: Begin) -> None:
    asked = world.open_round({"lead_reviewer": MOST_LINKS + 1})
    pages = [begin(link) for link in asked.links]
    assert get_page_by(pages[0].client, pages[0].path, 403).heading == "Open your link again"
    assert {_again(page).heading for page in pages[1:]} == {"Your markers"}


def test_the_handle_of_somebody_else_leads_nowhere(web_app: Flask, world: World, begin: Begin) -> None:
    asked = world.open_round({"lead_reviewer": 2})
    mine, other = begin(asked.links[0]), begin(asked.links[1], web_app.test_client())
    page = get_page_by(mine.client, other.path, 403)
    assert page.heading == "Open your link again"


def test_saving_under_the_handle_of_somebody_else_stores_nothing(web_app: Flask, world: World, begin: Begin) -> None:
    asked = world.open_round({"lead_reviewer": 2})
    mine, other = begin(asked.links[0]), begin(asked.links[1], web_app.test_client())
    entry = mine.follow("Kettle")
    before = world.dump()
    response = mine.client.post(f"{other.path}tea01", data=entry.data({"reflection-helped": "Not mine."}))
    assert response.status_code == 400
    assert world.dump() == before


# The copy to keep


@pytest.fixture
def answered(world: World, begin: Begin) -> Page:
    """The task list of somebody who has answered and sent."""
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"answer-full": "yes", "reflection-helped": "The urn,\n\n  & the <samovar>."})
    tasks.follow("Table").send(button="This was not my part of the review")
    _again(tasks).follow("Check and send").send(button="Send my answers")
    return _again(tasks)


def test_copy_page_holds_the_answers_and_the_receipt(answered: Page) -> None:
    page = answered.follow("See or keep a copy of my answers")
    assert page.heading == "My answers"
    assert "Was the kettle full? Yes" in page.text
    assert "The urn, & the <samovar>." in page.text
    assert answered.main.find("strong")[0].text in page.text


def test_copy_page_before_sending_says_so(world: World, begin: Begin, get_page: GetPage) -> None:
    tasks = begin(world.open_round().link)
    assert "Not sent yet." in get_page(f"{tasks.path}copy").text


def test_copy_file_is_plain_text_to_keep(answered: Page, client: FlaskClient) -> None:
    response = client.get(f"{answered.path}copy.txt")
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-answers.txt"'


def test_copy_file_holds_the_text_to_the_letter(answered: Page, client: FlaskClient) -> None:
    text = client.get(f"{answered.path}copy.txt").text
    assert "Was the kettle full?\r\nYes\r\n" in text
    assert "What helped?\r\nThe urn,\r\n\r\n  & the <samovar>.\r\n" in text
    assert f"Receipt: {answered.main.find('strong')[0].text}" in text
    assert "Table\r\n-----\r\nNot my part of the review" in text
    assert "Tea House (2016) Tea quality markers." in text
    assert "\n" not in text.replace("\r\n", "")


def test_copy_of_a_confidential_round_names_nobody(world: World, begin: Begin, client: FlaskClient) -> None:
    tasks = begin(world.open_round(ENOUGH, **CONFIDENTIAL).link)
    assert "Pat" not in client.get(f"{tasks.path}copy.txt").text

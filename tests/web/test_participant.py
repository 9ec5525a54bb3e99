"""Participants' pages: the link, the start page, the task list, one entry."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.services.invitations import make_links
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage import invitations
from scrqm_forms.web.visit import MOST_LINKS

from .page import Page
from .page import get_page as get_page_by
from .world import CONFIDENTIAL, ENOUGH, SUPPORT, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]


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


WORDED = {
    "plan": (
        "Before this serious case review begins",
        "How it is prepared",
        "All in all, is what this marker needs prepared?",
        "Getting ready as a whole",
    ),
    "assure": (
        "How this serious case review is going",
        "How it is now",
        "All in all, is this marker met so far?",
        "The review so far",
    ),
    "reflect": (
        "Looking back at how the serious case review was run",
        "How it was",
        "All in all, was this marker met?",
        "The review as a whole",
    ),
    "follow_up": (
        "Some time after the serious case review",
        "How you see it now",
        "All in all, as you see it today, was this marker met?",
        "What has lasted",
    ),
}


@pytest.mark.parametrize("purpose", WORDED)
def test_pages_are_worded_for_the_purpose(world: World, begin: Begin, get_page: GetPage, purpose: str) -> None:
    start, how, judgement, closing = WORDED[purpose]
    link = world.open_round(purpose=purpose).link
    assert get_page(link).heading == start
    tasks = begin(link)
    assert closing in tasks.statuses
    page = tasks.follow("Kettle")
    assert how in [each.text for each in page.main.find("h2")]
    assert judgement in page.legends


def test_start_page_keeps_its_promise_after_the_board_changes(world: World, get_page: GetPage) -> None:
    asked = world.open_round()
    (world.marker_folder / "01-kettle.toml").unlink()
    page = get_page(asked.link)
    assert "Northshire Board would like to know" in page.text
    assert list(page.send().statuses) == ["Kettle", "Table", "The review as a whole"]


def test_start_page_of_a_closed_round_says_so_and_has_no_start(world: World, get_page: GetPage) -> None:
    asked = world.open_round()
    world.close(asked)
    page = get_page(asked.link)
    assert page.notices.startswith("This round is closed. It took answers until 2 March 2026.")
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
    assert begin(f"/i/{new.secret}").statuses["Kettle"] == "Answered"


# The task list


@pytest.mark.parametrize(
    ("role", "markers"),
    [("lead_reviewer", ["Kettle", "Table"]), ("practitioner", ["Kettle", "Cups"])],
)
def test_task_list_shows_the_markers_of_the_role_only(
    world: World, begin: Begin, role: str, markers: list[str]
) -> None:
    page = begin(world.open_round({role: 1}).link)
    assert list(page.statuses) == [*markers, "The review as a whole"]


def test_task_list_of_a_confidential_round_is_that_of_the_whole_group(world: World, begin: Begin) -> None:
    page = begin(world.open_round({"practitioner": 1}, **CONFIDENTIAL).link)
    assert list(page.statuses) == ["Kettle", "Table", "Cups", "The review as a whole"]


def test_task_list_stands_under_stages(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link)
    assert [each.text for each in page.with_class("stage-heading")] == ["Brewing", "Pouring", "To close"]


def test_task_list_tells_where_each_entry_stands(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round({"panel": 1}, markers=("tea01", "tea02", "qm01", "qm02")).link)
    tasks.follow("Kettle").send({"judgement": "met"})
    tasks.follow("Table").send({"reflection-helped": "Legs."})
    tasks.follow("Referral").send(button="This was not my part of the review")
    assert list(tasks.again().statuses.values()) == [
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


# One entry


def test_full_entry_asks_every_question(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    assert page.legends == [
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
    for text in ("The serious case review has a kettle.", "Tea is hot.", "Water boils."):
        assert text in page.text
    assert "Equality and diversity" not in page.text


def test_brief_entry_shows_the_questions_as_an_aid(world: World, begin: Begin) -> None:
    page = begin(world.open_round({"practitioner": 1}).link).follow("Kettle")
    assert "Questions to help you think Was the kettle full?" in page.text
    assert page.legends == ["Did any of these get in the way?", "All in all, was this marker met?"]
    assert not [name for name in page.fields if name.startswith(("answer-", "comment-"))]


def test_closing_entry_asks_about_the_review_as_a_whole(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("The review as a whole")
    assert list(page.fields) == ["comment-went_well"]
    assert page.buttons == ["Save and continue", "Save and stop for now"]


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
            assert "No names, initials, dates, places or schools." in said, box["name"]


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


# Several people at one browser


def test_browser_forgets_a_link_when_asked_to(world: World, begin: Begin) -> None:
    asked = world.open_round({"lead_reviewer": 2})
    mine, other = (begin(link) for link in asked.links)
    mine.follow("Kettle").send({"reflection-helped": "The urn."})
    left = mine.follow("Stop for now").send(button="Forget my link here")
    assert left.heading == "You have left"
    get_page_by(mine.client, mine.path, 403)
    assert other.again().heading == "Your markers"
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
    assert {page.again().heading for page in pages[1:]} == {"Your markers"}


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

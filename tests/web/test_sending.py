"""Checking, sending, taking back, and the copy to keep."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from .page import Page
from .page import get_page as get_page_by
from .world import CONFIDENTIAL, ENOUGH, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]


# Checking, sending, taking back


def test_check_page_shows_every_answer_and_the_blanks(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send(
        {"answer-full": "partly", "comment-full": "Half.", "judgement": "partly_met", "obstacles": ["no_gas"]}
    )
    tasks.follow("Table").send(button="This was not my part of the review")
    page = tasks.again().follow("Check and send")
    assert "Was the kettle full? Partly Half." in page.text
    assert "Was there a spare? Not answered" in page.text
    assert "Obstacles that came up There was no gas." in page.text
    assert "Your judgement of this marker Partly met" in page.text
    assert "Table Not my part of the review." in page.text
    assert page.text.partition("Left blank")[2].split("Send your answers")[0].strip() == "The review as a whole"


def test_change_leads_to_the_field_and_back_to_check(world: World, begin: Begin, client: FlaskClient) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"judgement": "met"})
    entry = tasks.again().follow("Check and send").follow("Change Kettle: What helped?")
    response = client.post(entry.form()["action"], data=entry.data({"reflection-helped": "The urn."}))
    assert urlsplit(response.location).fragment == "tea01"
    page = get_page_by(client, response.location)
    assert page.heading == "Check your answers before you send them"
    assert "The urn." in page.text
    assert page.root.find(id="tea01")


@pytest.mark.parametrize("role", ["lead_reviewer", "practitioner"])
def test_every_change_link_leads_to_its_field(world: World, begin: Begin, role: str) -> None:
    tasks = begin(world.open_round({role: 1}).link)
    for title in list(tasks.statuses)[:-1]:
        tasks.follow(title).send({"judgement": "met"})
    check = tasks.again().follow("Check and send")
    changes = [link for link in check.links if link.startswith("Change")]
    assert len(changes) > 10
    for link in changes:
        check.follow(link)


def test_fault_found_after_change_still_leads_back_to_check(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"judgement": "met"})
    entry = tasks.again().follow("Check and send").follow("Change Kettle: What helped?")
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
    tasks.again().follow("Check and send").send(button="Send my answers")
    back = tasks.again().send(button="Take my answers back to change them")
    assert "Your answers are with you again." in back.notices
    entry = back.follow("Kettle")
    assert entry.fields["reflection-helped"] == "The urn."
    entry.send({"reflection-helped": "The samovar."})
    assert (
        tasks.again()
        .follow("Check and send")
        .send(button="Send my answers")
        .heading.startswith("Your answers were sent")
    )


def test_sent_answers_show_their_receipt_in_the_task_list(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    done = tasks.follow("Check and send").send(button="Send my answers")
    assert done.with_class("code")[0].text in tasks.again().notices


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
    offered = tasks.again()
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


# The copy to keep


@pytest.fixture
def answered(world: World, begin: Begin) -> Page:
    """The task list of somebody who has answered and sent."""
    tasks = begin(world.open_round().link)
    tasks.follow("Kettle").send({"answer-full": "yes", "reflection-helped": "The urn,\n\n  & the <samovar>."})
    tasks.follow("Table").send(button="This was not my part of the review")
    tasks.again().follow("Check and send").send(button="Send my answers")
    return tasks.again()


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

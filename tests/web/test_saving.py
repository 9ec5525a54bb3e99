"""Saving an entry: every text as typed, nothing refused, nothing lost."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.domain.response import Entry
from scrqm_forms.web.security import LARGEST_REQUEST

from .page import Page
from .page import get_page as get_page_by
from .world import Asked, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]


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
    later = page.send({"reflection-helped": "The urn."}, button="Save and stop for now")
    assert later.heading == "What you saved is kept"
    assert "until 9 March 2026" in later.text
    assert page.again().fields["reflection-helped"] == "The urn."


def test_same_link_on_another_device_leads_to_what_was_saved(web_app: Flask, world: World, begin: Begin) -> None:
    asked = world.open_round()
    begin(asked.link).follow("Kettle").send({"reflection-helped": "The urn."})
    there = begin(asked.link, web_app.test_client())
    assert there.follow("Kettle").fields["reflection-helped"] == "The urn."


def test_not_my_part_sets_a_marker_aside_and_goes_on(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    page = tasks.follow("Kettle").send(button="This was not my part of the review")
    assert page.heading == "Table"
    assert tasks.again().statuses["Kettle"] == "Not my part"


def test_not_my_part_keeps_what_was_typed_and_is_taken_back_by_saving(world: World, begin: Begin) -> None:
    tasks = begin(world.open_round().link)
    entry = tasks.follow("Kettle")
    entry.send({"reflection-helped": "The urn."}, button="This was not my part of the review")
    again = entry.again()
    assert again.fields["reflection-helped"] == "The urn."
    assert "You set this marker aside." in again.text
    again.send(button="Save and continue")
    assert tasks.again().statuses["Kettle"] == "Started"


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
    assert {name: value for name, value in page.again().fields.items() if value} == values


def test_answer_can_be_made_blank_again(world: World, begin: Begin) -> None:
    asked = world.open_round()
    page = begin(asked.link).follow("Kettle")
    page.send({"reflection-helped": "The urn.", "obstacles": ["no_gas"]})
    page.again().send({"reflection-helped": "", "obstacles": []})
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
    assert page.again().fields["reflection-helped"] == text


@pytest.mark.parametrize("field", ["comment-full", "comment-why", "reflection-how_known", "reflection-hindered"])
def test_every_kind_of_text_box_gives_its_text_back(world: World, begin: Begin, field: str) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    page.send({field: "\n 1 < 2\n"})
    assert page.again().fields[field] == "\n 1 < 2\n"


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


def test_conflict_shows_both_texts_side_by_side(conflict: tuple[Asked, Page]) -> None:
    _, page = conflict
    assert page.heading == "Choose what to keep"
    sides = {
        each.find("h2")[0].text: [side.text for side in each.find("p") if "kept" in side.classes]
        for each in page.with_class("section")
    }
    assert sides == {
        "Why was it tea?": ["Nothing", "Only there."],
        "Your judgement of this marker": ["Not met", "Met"],
        "What helped?": ["Typed here.", "Typed there."],
    }


def test_conflict_stores_nothing(world: World, conflict: tuple[Asked, Page]) -> None:
    asked, _ = conflict
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"].reflections == {"helped": "Typed there."}


def test_what_is_kept_if_nothing_is_chosen_loses_no_text(world: World, conflict: tuple[Asked, Page]) -> None:
    asked, page = conflict
    joined = page.send()
    assert joined.heading == "Kettle"
    assert joined.fields["reflection-helped"] == "Typed there.\n\nTyped here."
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"] == Entry(
        judgement="not_met",
        comments={"why": "Only there."},
        reflections={"helped": "Typed there.\n\nTyped here."},
    )


@pytest.mark.parametrize(
    ("pick", "text"),
    [("here", "Typed here."), ("elsewhere", "Typed there."), ("both", "Typed there.\n\nTyped here.")],
)
def test_what_is_chosen_is_kept(world: World, conflict: tuple[Asked, Page], pick: str, text: str) -> None:
    asked, page = conflict
    page.send({"pick-reflection-helped": pick, "pick-judgement": "elsewhere", "pick-comment-why": "here"})
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"] == Entry(
        judgement="met", reflections={"helped": text}
    )


def test_save_elsewhere_while_choosing_shows_both_again(
    web_app: Flask, world: World, begin: Begin, conflict: tuple[Asked, Page]
) -> None:
    asked, page = conflict
    there = begin(asked.link, web_app.test_client()).follow("Kettle")
    there.send({"reflection-helped": "And again."})
    again = page.send(status=409)
    texts = [each.text for each in again.with_class("kept")]
    assert "Typed here." in texts
    assert "And again." in texts
    assert again.send().fields["reflection-helped"] == "And again.\n\nTyped here."


def test_joined_text_that_is_too_long_comes_back_to_be_shortened(web_app: Flask, world: World, begin: Begin) -> None:
    asked = world.open_round()
    here = begin(asked.link).follow("Kettle")
    begin(asked.link, web_app.test_client()).follow("Kettle").send({"reflection-helped": "a" * 60_000})
    page = here.send({"reflection-helped": "b" * 60_000}, status=409).send(status=422)
    assert page.fields["reflection-helped"] == "a" * 60_000 + "\n\n" + "b" * 60_000
    assert "120,002 characters" in page.errors["reflection-helped"]
    assert page.send({"reflection-helped": "Short."}).heading == "Table"


def test_change_of_what_was_saved_is_a_conflict_too(web_app: Flask, world: World, begin: Begin) -> None:
    asked = world.open_round()
    begin(asked.link).follow("Kettle").send({"reflection-helped": "First."})
    here = begin(asked.link).follow("Kettle")
    begin(asked.link, web_app.test_client()).follow("Kettle").send({"reflection-helped": "Typed there."})
    here.send({"reflection-helped": "Typed here."}, status=409)
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"].reflections == {"helped": "Typed there."}


def test_setting_aside_elsewhere_is_shown_too(web_app: Flask, world: World, begin: Begin) -> None:
    asked = world.open_round()
    here = begin(asked.link).follow("Kettle")
    begin(asked.link, web_app.test_client()).follow("Kettle").send(button="This was not my part of the review")
    page = here.send({"reflection-helped": "Typed here."}, status=409)
    assert "set aside as not your part of the review" in page.text


def test_pressing_save_twice_is_no_conflict(world: World, begin: Begin) -> None:
    page = begin(world.open_round().link).follow("Kettle")
    page.send({"reflection-helped": "The urn."})
    assert page.send({"reflection-helped": "The urn."}).heading == "Table"


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
    tasks.again().send(button="Take my answers back to change them")
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

"""The register of improvements, as those who look after a board see it."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from .page import Page
from .page import get_page as get_page_by
from .world import Asked, World

GetPage = Callable[..., Page]
REGISTER = "/boards/north/improvements"


@pytest.fixture
def asked(world: World, ann: FlaskClient) -> Asked:
    return world.closed_round({"lead_reviewer": 1})


def add(page: Page, change: str = "Ring the agencies first.", status: int = 200, **values: str) -> Page:
    fields = {name if name in ("marker", "review") else f"aim-{name}": value for name, value in values.items()}
    return page.send({"aim-change": change, **fields}, button="Save", status=status)


def test_improvement_is_written_freely_and_stands_in_the_register(asked: Asked, get_page: GetPage) -> None:
    page = get_page(REGISTER).follow("Add an improvement")
    page = add(page, owner="Business unit", due_on="2026-05-01", marker="tea01", review=asked.review_key)
    assert page.heading == "Ring the agencies first."
    assert "The improvement is in the register." in page.notices
    page = get_page(REGISTER)
    for text in ("Proposed", "1. Kettle", "Business unit", "1 May 2026", "2026-07", "1 improvement"):
        assert text in page.text, text
    assert "1 improvement in the register" in get_page(f"/boards/north/reviews/{asked.review_key}/").links


def test_what_is_missing_is_said_and_what_was_typed_given_back(asked: Asked, get_page: GetPage) -> None:
    page = add(get_page(f"{REGISTER}/new"), "", 422, outcome="Calm.", state="agreed")
    assert page.errors["aim-change"] == "Say what should be different."
    assert set(page.errors) == {"aim-change", "aim-owner"}
    assert page.fields["aim-outcome"] == "Calm."


def test_open_ones_on_the_marker_are_shown_before_another_is_added(
    world: World, asked: Asked, get_page: GetPage
) -> None:
    world.improvement(asked, "Ring first.")
    page = add(get_page(f"{REGISTER}/new"), "Ring early.", 422, marker="tea01")
    assert "Does this already exist?" in page.text
    assert "Ring first." in page.links
    assert page.fields["aim-change"] == "Ring early."
    page = page.send(button="Save")
    assert page.heading == "Ring early."


def test_looking_whether_it_exists_stores_nothing(world: World, asked: Asked, get_page: GetPage) -> None:
    page = get_page(f"{REGISTER}/new")
    page = page.send({"aim-change": "Ring early.", "marker": "tea01"}, button="Does it exist already?")
    assert "No improvement is open on this marker." in page.text
    assert not world.dump()["improvement"]


def test_suggestion_is_copied_as_text_and_its_marker_and_question_with_it(
    world: World, asked: Asked, ann: FlaskClient, get_page: GetPage
) -> None:
    token = get_page(f"{REGISTER}/new").root.find("input", name="csrf_token")[0]["value"]
    form = {
        "csrf_token": token,
        "round": f"{asked.review_key}/reflect",
        "marker": "tea01",
        "question": "full",
        "made_from": "suggestion",
        "text": "Ring first <b>.",
    }
    page = Page(ann, ann.post(f"{REGISTER}/new", data=form))
    assert page.fields["aim-change"] == "Ring first <b>."
    assert not world.dump()["improvement"]
    page = page.send(button="Save")
    for text in ("A participant’s suggestion", "Was the kettle full?", "1. Kettle", "2026-07"):
        assert text in page.text, text


def test_improvement_is_moved_on_with_its_history(world: World, asked: Asked, get_page: GetPage) -> None:
    key = world.improvement(asked)
    page = get_page(f"{REGISTER}/{key}").follow("Change it, or move it on")
    page = page.send({"aim-state": "decided_against"}, button="Save", status=422)
    assert page.errors == {"aim-because": "Say why it was decided against: the yearly report has to."}
    page = page.send({"aim-because": "Too dear."}, button="Save")
    assert "Saved." in page.notices
    for text in ("Decided not to", "Too dear.", "State: Proposed → Decided not to", "Kept until 2 March 2032"):
        assert text in page.text, text


def test_two_who_change_one_improvement_see_both_texts_and_choose(
    world: World, asked: Asked, get_page: GetPage
) -> None:
    address = f"{REGISTER}/{world.improvement(asked)}/change"
    mine, theirs = get_page(address), get_page(address)
    theirs.send({"aim-outcome": "Theirs.", "aim-owner": "Chair"}, button="Save")
    page = mine.send({"aim-outcome": "Mine.", "aim-owner": "Panel"}, button="Save", status=409)
    assert page.heading == "Choose what to keep"
    assert page.text.index("Mine.") < page.text.index("Theirs.")
    page = page.send({"pick-outcome": "both", "pick-owner": "elsewhere"}, button="Save")
    assert "Theirs. Mine." in page.text
    assert "Chair" in page.text


def test_choice_between_two_texts_waits_when_there_is_a_third(world: World, asked: Asked, get_page: GetPage) -> None:
    address = f"{REGISTER}/{world.improvement(asked)}/change"
    mine, theirs = get_page(address), get_page(address)
    theirs.send({"aim-outcome": "Theirs."}, button="Save")
    page = mine.send({"aim-outcome": "Mine."}, button="Save", status=409)
    get_page(address).send({"aim-outcome": "Third."}, button="Save")
    page = page.send({"pick-outcome": "here"}, button="Save", status=409)
    assert page.text.index("Mine.") < page.text.index("Third.")


def test_register_is_narrowed_and_sorted(world: World, asked: Asked, get_page: GetPage) -> None:
    world.improvement(asked, "Late.", owner="Health", state="agreed", due_on=world.today.replace(day=1))
    world.improvement(asked, "Other.", marker="tea02", owner="Chair")
    page = get_page(f"{REGISTER}?overdue=yes")
    assert [row[:2] for row in page.rows("1 improvement")] == [["Late.", "Agreed Overdue"]]
    page = get_page(f"{REGISTER}?owner=chair&sort=owner")
    assert [row[0] for row in page.rows("1 improvement")] == ["Other."]
    assert [row[0] for row in get_page(f"{REGISTER}?sort=newest").rows("2 improvements")] == ["Other.", "Late."]
    assert "None is like that." in get_page(f"{REGISTER}?state=closed").text


def test_summary_of_a_year_is_to_be_pasted(world: World, asked: Asked, get_page: GetPage) -> None:
    world.improvement(asked, "Ring first.")
    page = get_page(REGISTER).follow("Summary of a year")
    assert "1 January 2026 to 31 December 2026" in page.text
    assert "1 improvement to how reviews are run was found" in page.text
    assert asked.review_key not in page.main.text
    before = get_page(f"{REGISTER}/year?year=2024-25").main.text
    assert "No improvement to how reviews are run was found. None was done." in " ".join(before.split())
    assert "0 " not in before.partition("It names no review.")[2].partition("Found")[0].partition("2025")[2]


def test_deleting_asks_to_be_sure(world: World, asked: Asked, get_page: GetPage) -> None:
    page = get_page(f"{REGISTER}/{world.improvement(asked)}").follow("Delete it now")
    page = page.send(button="Delete it", status=422)
    page = page.send({"sure": "yes"}, button="Delete it")
    assert "deleted, with its history" in page.text
    assert not world.dump()["improvement"]
    assert not world.dump()["improvement_change"]


def test_improvement_of_another_board_is_not_under_ones_own_address(
    world: World, asked: Asked, get_page: GetPage
) -> None:
    world.board("south", "Southshire Board")
    get_page(f"/boards/south/improvements/{world.improvement(asked)}", status=404)


def test_those_who_may_not_manage_see_the_register_and_change_nothing(
    world: World, sign_in_once: Callable[..., FlaskClient], client: FlaskClient, asked: Asked
) -> None:
    key = world.improvement(asked)
    reader = sign_in_once(world.app.test_client(), world.administrator("rea@example.org", "north", ["read_answers"]))
    assert "Add an improvement" not in get_page_by(reader, REGISTER).links
    assert "Change it, or move it on" not in get_page_by(reader, f"{REGISTER}/{key}").links


def test_register_is_exported_as_a_file_with_what_is_on_its_page(
    world: World, asked: Asked, ann: FlaskClient, get_page: GetPage
) -> None:
    world.improvement(asked, "=Ring first.", owner="Chair", state="agreed")
    links = get_page(REGISTER).links
    response = ann.get(next(href for text, href in links.items() if text.startswith("CSV")))
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [(row["state"], row["owner"], row["marker"]) for row in rows] == [("agreed", "Chair", "tea01")]
    assert rows[0]["change"].endswith("=Ring first.")

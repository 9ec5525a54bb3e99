"""A marker written or changed in the browser, question by question, and seen as each role will see it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scrqm_forms.domain.marker import Marker
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.context import context
from scrqm_forms.services.reviews import markers_of_board
from scrqm_forms.storage import boards
from scrqm_forms.storage.board_markers import last_version

from .page import Page
from .world import World

GetPage = Callable[..., Page]
OWN = "/boards/north/markers"
KEEP = "Keep for this board"
NEW = {
    "title": "Tea for the family",
    "stage": "setup",
    "statement": "The family of the {subject} is given tea.",
    "rationale": "It is kind.",
    "q-1-ask": "Is tea offered?",
    "q-1-reflect": "Was tea offered?",
}


@pytest.fixture(autouse=True)
def signed_in(world: World, ann: FlaskClient) -> None:
    world.board()


def marker(world: World, key: str) -> Marker:
    with world.app.app_context():
        found = markers_of_board(context(), boards.get_board(OPERATOR, "north"))
        return next(each.marker for each in found if each.marker.id == key)


def write(get_page: GetPage, **more: str) -> Page:
    """The form of a new marker of the board's own set, looked at."""
    page = get_page(OWN).follow("Write a marker")
    assert page.fields["set"] == "supplement"
    page = get_page(f"{OWN}/new?set=supplement")
    return page.send(NEW | {name.replace("_", "-"): value for name, value in more.items()}, button="Look at it")


def test_marker_is_written_seen_and_kept(world: World, get_page: GetPage) -> None:
    page = write(get_page)
    assert "The family of the child is given tea." in page.text
    assert "Was tea offered?" in page.legends
    page = page.send(button=KEEP)
    assert (page.path, page.heading) == (f"{OWN}/own01", "Tea for the family")
    made = marker(world, "own01")
    assert (made.wording_status, made.number, made.source) == ("local", 1, "Northshire Board (2026).")
    assert [(each.id, each.ask, each.reflect, each.roles) for each in made.questions] == [
        ("q1", "Is tea offered?", "Was tea offered?", ())
    ]
    assert f"{OWN}/own01" in get_page(OWN).links.values()


def test_questions_are_added_moved_and_taken_out_without_a_script(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/new?set=supplement").send(NEW, button="Add another question")
    page = page.send({"q-2-ask": "Which?", "q-2-kind": "choice", "q-2-options": "Green\nBlack"}, "Add another question")
    page = page.send({"q-3-ask": "Why?", "q-3-kind": "text", "q-3-roles": ["chair", "panel"]}, "Move question 3 up")
    assert [page.fields[f"q-{n}-ask"] for n in (1, 2, 3)] == ["Is tea offered?", "Why?", "Which?"]
    page = page.send(button="Take question 1 out").send(button="Look at it").send(button=KEEP)
    why, which = marker(world, "own01").questions
    assert (why.kind, why.roles, why.favourable) == ("text", ("chair", "panel"), "none")
    assert [each.text for each in which.options] == ["Green", "Black"]


def test_role_that_is_not_asked_is_told_so(get_page: GetPage) -> None:
    page = get_page(f"{OWN}/new?set=supplement").send(NEW | {"q-1-roles": ["chair"]}, button="Look at it")
    assert "Was tea offered?" in page.legends
    page = page.send({"role": "practitioner"}, button="Show")
    assert "it is not shown to them" in page.text
    page = page.send({"role": "chair", "purpose": "plan"}, button="Show")
    assert "Is tea offered?" in page.legends


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": " "}, "title"),
        ({"statement": "Of the {reveiw}."}, "statement"),
        ({"rationale": ""}, "rationale"),
        ({"number": "x"}, "number"),
        ({"q-1-ask": "", "q-1-reflect": "Was it?"}, "q-1-ask"),
        ({"q-1-ask": "", "q-1-reflect": ""}, "q-1-ask"),
        ({"q-1-reflect": "Was the {kettel}?"}, "q-1-reflect"),
        ({"q-1-kind": "choice", "q-1-options": "One"}, "q-1-options"),
        ({"obstacles": "No time.\nNo {tme}."}, "obstacles"),
    ],
)
def test_fault_is_told_at_its_field_and_everything_given_back(
    get_page: GetPage, typed: dict[str, str], field: str
) -> None:
    page = get_page(f"{OWN}/new?set=supplement").send(NEW | typed, button="Look at it", status=422)
    assert list(page.errors) == [field]
    assert {name: page.fields[name] for name in NEW | typed} == NEW | typed


def test_new_marker_kept_twice_is_one(world: World, get_page: GetPage) -> None:
    page = write(get_page)
    page.send(button=KEEP)
    assert page.send(button=KEEP).path == f"{OWN}/own01"
    with world.app.app_context():
        assert last_version(boards.get_board(OPERATOR, "north"), "own01") == 1


def test_number_of_another_marker_is_refused(get_page: GetPage) -> None:
    page = get_page(f"{OWN}/new?set=tea")
    assert page.fields["number"] == "4"
    page = page.send(NEW | {"stage": "brew", "number": "1"}, button="Look at it", status=422)
    assert page.errors == {"number": "Number: 1 is that of Kettle. Choose another."}


def test_number_of_a_retired_marker_is_not_given_again(get_page: GetPage) -> None:
    write(get_page).send(button=KEEP).send(button="Retire this marker")
    assert get_page(f"{OWN}/new?set=supplement").fields["number"] == "2"
    page = get_page(f"{OWN}/new?set=supplement").send(NEW | {"number": "1"}, button="Look at it", status=422)
    assert "was that of another marker" in page.errors["number"]


def test_what_was_typed_since_is_shown_before_it_is_kept(get_page: GetPage) -> None:
    page = write(get_page).send({"q-1-reflect": "Was tea poured?"}, button=KEEP)
    assert "Was tea poured?" in page.legends
    get_page(f"{OWN}/own01", 404)


def test_marker_is_changed_and_its_questions_keep_their_ids(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/edit").send({"q-2-reflect": "Was there any plan?"}, button="Look at it")
    assert "taken out: a (end)" in page.text
    page.send(button=KEEP)
    made = marker(world, "tea01")
    assert [each.id for each in made.questions] == ["full", "plan", "spare", "why", "leaf"]
    assert made.questions[1].reflect == "Was there any plan?"
    assert made.questions[1].original.reflect == "Was there a plan?"
    assert [made.questions[n].original for n in (0, 2, 3, 4)] == [None] * 4


def test_wording_looking_back_that_was_forgotten_is_named(get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/edit").send({"q-2-ask": "Is there any plan?"}, button="Look at it")
    assert "not the wording that is used looking back: 2." in page.notices


def test_settings_that_change_are_told_in_words(get_page: GetPage) -> None:
    typed = {"q-2-roles": [], "q-1-unfavourable": "yes", "q-1-conditional": "yes"}
    page = get_page(f"{OWN}/tea01/edit").send(typed, button="Look at it")
    for words in (
        "Who is asked: taken out: chairs and board members, panel members → added: everyone",
        "The good answer: taken out: yes → added: no",
        "“Not applicable” is offered: taken out: no → added: yes",
    ):
        assert words in page.text, words


def test_form_that_is_not_changed_is_the_same_marker(world: World, get_page: GetPage) -> None:
    before = marker(world, "tea01")
    page = get_page(f"{OWN}/tea01/edit").send(button="Look at it")
    assert "The same as you have now." in page.text
    page.send(button=KEEP)
    assert marker(world, "tea01") == before


def test_question_answered_otherwise_is_another_one(world: World, get_page: GetPage) -> None:
    get_page(f"{OWN}/tea01/edit").send({"q-1-kind": "text"}, button="Look at it").send(button=KEEP)
    first = marker(world, "tea01").questions[0]
    assert (first.id, first.lineage) == ("q1", ("tea/tea01.full",))


def test_published_marker_that_is_reworded_is_adapted(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea02/edit").send({"q-1-ask": "Is there a large table?"}, button="Look at it")
    assert "no longer the published one" in page.notices
    page.send(button=KEEP)
    made = marker(world, "tea02")
    assert (made.wording_status, made.questions[0].original.ask) == ("adapted", "Is there a table?")
    get_page(f"{OWN}/tea02/edit").send({"q-1-ask": "Is there a table?"}, button="Look at it").send(button=KEEP)
    assert marker(world, "tea02").questions[0].original is None


def test_kept_marker_is_seen_as_each_role_sees_it(get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/preview?role=practitioner&purpose=plan")
    assert "Is the kettle full?" in page.legends
    assert "Is there a plan?" not in page.legends
    assert "Is there a plan?" in get_page(f"{OWN}/tea01/preview?role=chair&purpose=plan").legends

"""Two administrators change one marker at once: the second sees both texts, chooses or joins, and loses nothing."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from scrqm_forms.domain.errors import NewerVersion
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.marker import Marker
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services import board_markers as own
from scrqm_forms.services.context import context
from scrqm_forms.storage import board_markers, boards

from .page import Page
from .test_board_markers import TEXT, versions
from .world import World

GetPage = Callable[..., Page]
OWN = "/boards/north/markers"
KEEP, LOOK, OUTCOME = "Keep for this board", "Look at it", "Look at the outcome"


@pytest.fixture(autouse=True)
def signed_in(world: World, ann: FlaskClient) -> None:
    world.board()


def marker(world: World, key: str = "tea01") -> Marker:
    with world.app.app_context():
        return own.marker_now(context(), boards.get_board(OPERATOR, "north"), key).marker


def change_elsewhere(world: World, key: str = "tea01", **texts: str) -> None:
    """Somebody else keeps the marker with these texts."""
    with world.app.app_context():
        board = boards.get_board(OPERATOR, "north")
        now = own.marker_now(context(), board, key)
        by = Actor(caller=OPERATOR, now=world.app.config["NOW"])
        own.change_marker(board, replace(now.marker, **texts), now.set, board_markers.last_version(board, key), by=by)


def retire_elsewhere(world: World, key: str = "tea01") -> None:
    with world.app.app_context():
        by = Actor(caller=OPERATOR, now=world.app.config["NOW"])
        board = boards.get_board(OPERATOR, "north")
        own.retire_marker(board, key, board_markers.last_version(board, key), by=by)


def marked(page: Page) -> list[str]:
    return [each.text for each in page.main.find("mark")]


def chosen(page: Page) -> dict[str, str | list[str]]:
    return {name.removeprefix("pick-"): pick for name, pick in page.fields.items() if name.startswith("pick-")}


# Question by question


def test_both_texts_are_shown_with_their_words_marked(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/edit").send({"q-1-ask": "Is the kettle hot?", "title": "Pot"}, button=LOOK)
    world.change_marker("tea01", "Is the kettle new?")
    page = page.send(button=KEEP, status=409)
    assert "kept another wording of “Kettle”" in page.errors["both"]
    assert marked(page) == ["only here: hot (end)", "only here: new (end)"]
    assert page.main.find("summary")[0].text == "What only one of you changed: 1 place"
    assert chosen(page) == {"title": "here", "ask-full": ""}
    assert marker(world).questions[0].ask == "Is the kettle new?"


def test_what_is_chosen_is_seen_before_it_is_kept(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/edit").send({"q-1-ask": "Is the kettle hot?", "title": "Pot"}, button=LOOK)
    world.change_marker("tea01", "Is the kettle new?")
    page = page.send(button=KEEP, status=409)
    joined = page.send({"pick-ask-full": "both"}, button=OUTCOME)
    assert "one text now stands after the other" in joined.notices
    page = page.send({"pick-ask-full": "here"}, button=OUTCOME)
    assert "one text" not in page.text
    assert (page.fields["q-1-ask"], page.fields["title"]) == ("Is the kettle hot?", "Pot")
    assert "taken out: new (end)" in page.text
    assert marker(world).questions[0].ask == "Is the kettle new?"
    page.send(button=KEEP)
    assert (marker(world).title, marker(world).questions[0].ask) == ("Pot", "Is the kettle hot?")


def test_what_each_of_them_changed_alone_is_kept_together(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/edit").send({"q-2-roles": ["chair"], "statement": "Mine."}, button=LOOK)
    change_elsewhere(world, rationale="Theirs.", title="Pot")
    page = page.send(button=KEEP, status=409)
    assert "Question 2: how it is answered, and by whom" in page.text
    assert "of “Kettle” on" in page.errors["both"]
    assert set(chosen(page)) == {"title", "statement", "rationale", "settings-plan"}
    page.send(button=OUTCOME).send(button=KEEP)
    made = marker(world)
    assert (made.title, made.statement, made.rationale) == ("Pot", "Mine.", "Theirs.")
    assert made.questions[1].roles == ("chair",)


def test_it_is_told_at_the_first_look_already(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/edit")
    world.change_marker("tea01", "Is the kettle new?")
    page = page.send({"title": "Pot"}, button="Add another question")
    page = page.send({"q-6-ask": "Mine?", "q-6-kind": "text"}, button=LOOK, status=409)
    assert "Question 6 of yours, which the other wording has not" in page.text
    page.send(button=OUTCOME).send(button=KEEP)
    assert [each.ask for each in marker(world).questions][::5] == ["Is the kettle new?", "Mine?"]


def test_another_change_while_choosing_is_shown_too(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/edit").send({"title": "Pot"}, button=LOOK)
    world.change_marker("tea01", "Is the kettle new?")
    page = page.send(button=KEEP, status=409)
    world.change_marker("tea01", "Is the kettle old?")
    page = page.send(button=OUTCOME, status=409)
    assert marked(page)[-1] == "only here: old (end)"
    assert page.send(button=OUTCOME).fields["title"] == "Pot"


def test_button_pressed_twice_keeps_one_version(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/edit").send({"title": "Pot"}, button=LOOK)
    page.send(button=KEEP)
    page = page.send(button=KEEP)
    assert "Kept for this board." in page.notices
    assert versions(world, "tea01") == [(1, "changed")]


@pytest.mark.parametrize("way", ["edit", "change"])
def test_marker_retired_meanwhile_gives_the_text_back_and_can_be_kept(
    world: World, get_page: GetPage, way: str
) -> None:
    new = {"title": "Tea", "stage": "setup", "statement": "Tea.", "rationale": "Kind.", "q-1-ask": "Is there tea?"}
    get_page(f"{OWN}/new?set=supplement").send(new, button=LOOK).send(button=KEEP)
    page = get_page(f"{OWN}/own01/{way}")
    typed = (
        {"q-1-ask": "Is tea hot?"} if way == "edit" else {"text": page.fields["text"].replace("there tea", "tea hot")}
    )
    retire_elsewhere(world, "own01")
    page = page.send(typed, button=LOOK, status=409)
    assert "retired “Tea”" in page.errors["both"]
    page.send(button=OUTCOME).send(button=KEEP)
    assert marker(world, "own01").questions[0].ask == "Is tea hot?"
    assert versions(world, "own01")[0] == (3, "changed")


def test_older_version_is_never_overwritten_even_if_it_was_not_seen_to_be_older(world: World) -> None:
    """Between looking and storing somebody else may store: told in the transaction itself."""
    world.change_marker("tea01", "Is the kettle new?")
    with world.app.app_context():
        board, by = boards.get_board(OPERATOR, "north"), Actor(caller=OPERATOR, now=world.app.config["NOW"])
        now = own.marker_now(context(), board, "tea01")
        with pytest.raises(NewerVersion):
            own.change_marker(board, now.marker, now.set, 0, by=by)


@pytest.mark.parametrize("way", ["edit", "change"])
def test_what_both_changed_has_to_be_chosen_and_nothing_is_lost(world: World, get_page: GetPage, way: str) -> None:
    page = get_page(f"{OWN}/tea01/{way}")
    if way == "edit":
        page = page.send({"q-1-ask": "Is the kettle hot?", "title": "Pot"}, button=LOOK)
    else:
        text = page.fields["text"].replace("Is the kettle full?", "Is the kettle hot?").replace("Kettle", "Pot", 1)
        page = page.send({"text": text}, button=LOOK)
    world.change_marker("tea01", "Is the kettle new?")
    page = page.send(button=KEEP, status=409).send({"pick-title": "elsewhere"}, button=OUTCOME, status=422)
    assert page.errors["pick-ask-full"] == "Question 1: choose what to keep."
    assert chosen(page) == {"title": "elsewhere", "ask-full": ""}
    assert page.main.find("summary")[0].text == "What only one of you changed: 1 place"
    page = page.send({"pick-ask-full": "here"}, button=OUTCOME)
    assert "Is the kettle hot?" in page.html
    page.send(button=KEEP)
    assert (marker(world).title, marker(world).questions[0].ask) == ("Kettle", "Is the kettle hot?")


# As one text


def test_text_and_what_was_kept_meanwhile_are_shown_and_joined(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/change")
    text = page.fields["text"].replace("Is the kettle full?", "Is the kettle hot?").replace("boils.", "boils.\n- Mine.")
    page = page.send({"text": text}, button=LOOK)
    change_elsewhere(world, statement="The {review} has one kettle.")
    page = page.send(button=KEEP, status=409)
    assert chosen(page) == {"statement": "elsewhere", "ask-full": "here", "knowledge": "here"}
    page = page.send(button=OUTCOME)
    assert "The {review} has one kettle." in page.fields["text"]
    assert "Is the kettle hot?" in page.fields["text"]
    page.send(button=KEEP)
    made = marker(world)
    assert (made.statement, made.questions[0].ask) == ("The {review} has one kettle.", "Is the kettle hot?")
    assert made.knowledge == ("Water boils.", "Mine.")


def test_text_that_cannot_be_read_is_given_back_whatever_happened_meanwhile(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/change")
    world.change_marker("tea01", "Is the kettle new?")
    page = page.send({"text": "Kettle"}, button=LOOK, status=422)
    assert page.fields["text"].strip() == "Kettle"


# Importing


def read(get_page: GetPage, text: str = TEXT) -> Page:
    return get_page(f"{OWN}/import").send({"text": text}, button="Read it")


def test_import_of_what_was_changed_meanwhile_shows_both(world: World, get_page: GetPage) -> None:
    page = read(get_page)
    change_elsewhere(world, "qm08", title="Cups")
    page = page.send(button=KEEP, status=409)
    assert "kept another wording of “Kettle care”" in page.errors["both"]
    assert "8. Kettle care: Statement" in page.text
    assert versions(world, "qm08") == [(1, "changed")]


def test_two_imports_of_one_marker_are_joined_only_where_somebody_chose_so(world: World, get_page: GetPage) -> None:
    mine = read(get_page, TEXT.replace("It warms.", "It is warm."))
    read(get_page, TEXT.replace("Is there a {kettle}?", "Have you a kettle?")).send(button=KEEP)
    page = mine.send(button=KEEP, status=409)
    assert chosen(page) == {"qm08-rationale": "", "qm08-ask-plan": ""}
    page = page.send(button=OUTCOME, status=422)
    assert page.errors["pick-qm08-rationale"] == "8. Kettle care: Why this matters: choose what to keep."
    page = page.send({"pick-qm08-rationale": "here"}, button=OUTCOME, status=422)
    assert chosen(page) == {"qm08-rationale": "here", "qm08-ask-plan": ""}
    assert list(page.errors) == ["both", "pick-qm08-ask-plan"]
    page.send({"pick-qm08-ask-plan": "elsewhere"}, button=OUTCOME).send(button=KEEP)
    made = marker(world, "qm08")
    assert (made.rationale, made.questions[0].ask) == ("It is warm.", "Have you a kettle?")


@pytest.mark.parametrize(
    ("pick", "kept", "told"),
    [
        ("here", [(2, "imported"), (1, "changed")], "“Kettle care” is kept"),
        ("elsewhere", [(1, "changed")], "what was kept meanwhile stays"),
    ],
)
def test_one_of_the_two_is_kept_whole(
    world: World, get_page: GetPage, pick: str, kept: list[tuple[int, str]], told: str
) -> None:
    page = read(get_page)
    change_elsewhere(world, "qm08", title="Cups")
    page = page.send(button=KEEP, status=409)
    page = page.send({f"pick-{field}": pick for field in chosen(page)}, button=OUTCOME)
    page = page.send(button=KEEP) if pick == "here" else page
    assert told in page.notices
    assert versions(world, "qm08") == kept
    status = marker(world, "qm08").wording_status
    assert status == ("published" if pick == "here" else "adapted")


def test_what_is_put_together_of_two_is_no_longer_published(world: World, get_page: GetPage) -> None:
    read(get_page).send(button=KEEP)
    page = read(get_page, TEXT.replace("It warms.", "It is warm."))
    change_elsewhere(world, "qm08", statement="The kettle is new.")
    page = page.send(button=KEEP, status=409).send(button=OUTCOME)
    assert "adapted wording" in page.text
    assert "It is warm." in page.text
    assert marker(world, "qm08").rationale == "It warms."
    page.send(button=KEEP)
    made = marker(world, "qm08")
    assert (made.statement, made.rationale, made.wording_status) == ("The kettle is new.", "It is warm.", "adapted")


def test_text_mended_after_choosing_is_read_afresh(world: World, get_page: GetPage) -> None:
    page = read(get_page)
    change_elsewhere(world, "qm08", title="Cups")
    page = page.send(button=KEEP, status=409).send({"pick-qm08-title": "elsewhere"}, button=OUTCOME)
    assert "8. Cups" in page.text
    page = page.send({"text": TEXT.replace("Kettle care", "Kettles")}, button="Read it again")
    assert "8. Kettles" in page.text


def test_import_pressed_twice_loses_nothing(world: World, get_page: GetPage) -> None:
    page = read(get_page)
    page.send(button=KEEP)
    assert "is kept for this board" in page.send(button=KEEP).notices

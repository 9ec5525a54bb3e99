"""A question that a board reworded: its original is one tap away for everyone who reads it, and in the codebook."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scrqm_forms.domain.questionnaire import canonical_json
from scrqm_forms.domain.table import Cell, Table
from scrqm_forms.services.results import show_round
from scrqm_forms.services.tables.codebook import codebook_table
from scrqm_forms.services.tables.obstacles import obstacles_table
from scrqm_forms.storage.reviews import questionnaire_of

from .page import Page, get_page
from .world import World

GetPage = Callable[..., Page]
OWN = "/boards/north/markers"
TOLD, TOLD_OF_STATEMENT = "Original wording", "Original wording of the statement"


@pytest.fixture(autouse=True)
def reworded(world: World, ann: FlaskClient) -> None:
    """The published question of tea02, and both wordings of the first question of tea01."""
    world.board()
    page = get_page(ann, f"{OWN}/tea02/edit").send({"q-1-ask": "Is there a large table?"}, button="Look at it")
    page.send(button="Keep for this board")
    typed = {"q-1-ask": "Is the kettle hot?", "q-1-reflect": "Was the kettle hot?"}
    get_page(ann, f"{OWN}/tea01/edit").send(typed, button="Look at it").send(button="Keep for this board")


def reword_statement(ann: FlaskClient, text: str) -> None:
    page = get_page(ann, f"{OWN}/tea01/edit").send({"statement": text}, button="Look at it")
    page.send(button="Keep for this board")


def folded(page: Page, told: str = TOLD) -> list[str]:
    """What stands under each such heading."""
    found = [each for each in page.main.find("details") if each.find("summary")[0].text == told]
    return [" ".join(part.text for part in each.find("p")) for each in found]


def rows_of(table: Table) -> list[dict[str, Cell]]:
    names = [column.id for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows()]


def test_participant_finds_the_original_one_tap_away(world: World, client: FlaskClient) -> None:
    asked = world.open_round({"lead_reviewer": 1})
    tasks = get_page(client, asked.link).send()
    page = tasks.follow("Kettle")
    assert "Was the kettle hot?" in page.legends
    assert folded(page) == ["Was the kettle full?"]
    assert folded(tasks.follow("Table")) == ["Is there a table?"]


def test_original_is_frozen_with_the_round(world: World, client: FlaskClient, ann: FlaskClient) -> None:
    asked = world.open_round({"lead_reviewer": 1})
    get_page(ann, f"{OWN}/tea02").send(button="Retire this marker")
    assert folded(get_page(client, asked.link).send().follow("Table")) == ["Is there a table?"]


def test_question_that_was_not_reworded_has_none(world: World, client: FlaskClient, ann: FlaskClient) -> None:
    get_page(ann, f"{OWN}/tea01").send(button="Retire this marker")
    asked = world.open_round({"lead_reviewer": 1})
    assert folded(get_page(client, asked.link).send().follow("Kettle")) == []


def test_public_page_has_both_wordings_of_the_original(client: FlaskClient) -> None:
    assert folded(get_page(client, "/markers/north/tea01")) == ["Is the kettle full? Was the kettle full?"]
    assert folded(get_page(client, "/markers/north/tea03")) == []


@pytest.mark.parametrize("purpose", ["plan", "reflect"])
def test_statement_that_was_reworded_has_its_original_beside_it(
    world: World, client: FlaskClient, ann: FlaskClient, purpose: str
) -> None:
    reword_statement(ann, "The {board} has a kettle.")
    reword_statement(ann, "Our {board} has a kettle.")
    asked = world.open_round({"lead_reviewer": 1}, purpose=purpose)
    page = get_page(client, asked.link).send().follow("Kettle")
    assert page.with_class("lead")[0].text == "Our board has a kettle."
    assert folded(page, TOLD_OF_STATEMENT) == ["The serious case review has a kettle."]
    for address in ("/markers/north/tea01", f"{OWN}/tea01/preview", f"{asked.address}preview?role=chair"):
        assert folded(get_page(ann, address), TOLD_OF_STATEMENT) == ["The serious case review has a kettle."], address


def test_statement_put_back_as_it_was_has_none(ann: FlaskClient) -> None:
    reword_statement(ann, "Our {board} has a kettle.")
    reword_statement(ann, "The {review} has a kettle.")
    assert folded(get_page(ann, "/markers/north/tea01"), TOLD_OF_STATEMENT) == []


def test_original_statement_goes_along_with_the_file(world: World, ann: FlaskClient) -> None:
    world.board("south", "Southshire Board")
    reword_statement(ann, "Our {board} has a kettle.")
    file = ann.get(f"{OWN}/tea01/toml").get_data(as_text=True)
    assert 'original_statement = "The {review} has a kettle."' in file
    page = get_page(ann, "/boards/south/markers/import").send({"text": file}, button="Read it")
    page.send(button="Keep for this board")
    assert ann.get("/boards/south/markers/tea01/toml").get_data(as_text=True) == file


def test_what_was_not_reworded_leaves_nothing_in_the_frozen_form(world: World) -> None:
    """A questionnaire that was stored before there were originals keeps its digest."""
    asked = world.open_round({"lead_reviewer": 1}, markers=("tea03",))
    with world.app.app_context():
        frozen = questionnaire_of(world.stored(asked))
    assert "original" not in canonical_json(frozen)


def test_codebook_has_both(world: World, ann: FlaskClient) -> None:
    reword_statement(ann, "Our {board} has a kettle.")
    asked = world.closed_round({"lead_reviewer": 1})
    with world.app.app_context():
        rows = rows_of(codebook_table(show_round(world.stored(asked))))
    found = {row["column"]: (row["wording"], row["original_wording"], row["wording_status"]) for row in rows}
    assert found["tea02.table.rating"] == ("Is there a large table?", "Is there a table?", "adapted")
    assert found["tea01.full.rating"][:2] == ("Was the kettle hot?", "Was the kettle full?")
    assert found["tea01.spare.rating"][1] == ""
    assert found["tea01.judgement"][:2] == ("Our board has a kettle.", "The serious case review has a kettle.")
    assert found["tea02.judgement"][1] == ""


@pytest.fixture
def reworded_obstacle(ann: FlaskClient) -> None:
    """The first twice, the second not; a third that the board added."""
    for text in ("The {board} had no water.", "Our {board} had no water."):
        page = get_page(ann, f"{OWN}/tea01/edit")
        page = page.send({"obstacles": f"{text}\nThere was no gas.\nOurs."}, button="Look at it")
        page.send(button="Keep for this board")


@pytest.mark.usefixtures("reworded_obstacle")
def test_reworded_obstacle_has_its_original_beside_it(world: World, client: FlaskClient, ann: FlaskClient) -> None:
    asked = world.open_round({"lead_reviewer": 1})
    page = get_page(client, asked.link).send().follow("Kettle")
    options = next(each for each in page.with_class("options") if "Our board had no water." in each.text)
    assert [each.text for each in options.find("details")] == [f"{TOLD} There was no water."]
    for address in ("/markers/north/tea01", f"{OWN}/tea01/preview", f"{asked.address}preview?role=chair"):
        assert "There was no water." in folded(get_page(ann, address)), address


@pytest.mark.usefixtures("reworded_obstacle")
def test_reworded_obstacle_keeps_its_column_and_stands_in_the_tables_with_its_original(world: World) -> None:
    asked = world.closed_round({"lead_reviewer": 1})
    with world.app.app_context():
        shown = show_round(world.stored(asked))
        codebook_rows, obstacle_rows = rows_of(codebook_table(shown)), rows_of(obstacles_table(shown))
    codebook = {row["item"]: row for row in codebook_rows if row["part"] == "obstacle"}
    assert [*codebook] == ["no_water", "no_gas", "o1"]
    assert codebook["no_water"]["column"] == "tea01.obstacles.no_water"
    originals = {key: row["original_wording"] for key, row in codebook.items()}
    assert originals == {"no_water": "There was no water.", "no_gas": "", "o1": ""}
    assert {row["item"]: row["original_wording"] for row in obstacle_rows} == originals


@pytest.mark.usefixtures("reworded_obstacle")
def test_original_of_an_obstacle_goes_along_with_the_file(world: World, ann: FlaskClient) -> None:
    world.board("south", "Southshire Board")
    file = ann.get(f"{OWN}/tea01/toml").get_data(as_text=True)
    assert 'original = "There was no water."' in file
    page = get_page(ann, "/boards/south/markers/import").send({"text": file}, button="Read it")
    page.send(button="Keep for this board")
    assert ann.get("/boards/south/markers/tea01/toml").get_data(as_text=True) == file


@pytest.mark.usefixtures("reworded_obstacle")
def test_obstacle_put_back_as_it_was_has_none(ann: FlaskClient) -> None:
    page = get_page(ann, f"{OWN}/tea01/edit").send({"obstacles": "There was no water."}, button="Look at it")
    page.send(button="Keep for this board")
    file = ann.get(f"{OWN}/tea01/toml").get_data(as_text=True)
    assert 'id = "no_water"\ntext = "There was no water."' in file
    assert "original = " not in file

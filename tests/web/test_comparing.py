"""Markers compared on a page, for whoever may read them."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from scrqm_forms.domain.marker_writer import marker_as_toml
from scrqm_forms.web.words import day as day_said

from .page import Page
from .world import World

GetPage = Callable[..., Page]


@pytest.fixture
def north(world: World) -> str:
    return f"/markers/{world.board()}/"


def stand_in(world: World, old: str, new: str) -> None:
    """A marker of the instance in the place of the shipped marker 8, one question reworded."""
    shipped = world.app.extensions["scrqm_forms"].library().markers["qm08"]
    text = marker_as_toml(shipped.marker)
    assert old in text
    folder = world.marker_folder.parent / "scr"
    folder.mkdir(exist_ok=True)
    (folder / "08.toml").write_text(text.replace(old, new))


def words(page: Page, tag: str) -> list[str]:
    return [
        each.text.removeprefix("taken out: ").removeprefix("added: ").removesuffix(" (end)")
        for each in page.main.find(tag)
    ]


def test_marker_is_compared_with_what_ships_in_the_boards_words(world: World, north: str, get_page: GetPage) -> None:
    stand_in(world, "Is the work running smoothly", "Is the {review} running smoothly")
    page = get_page(north + "qm08").follow("Compare with the wording shipped with the program")
    assert (words(page, "del"), words(page, "ins")) == (["work"], ["serious case review"])
    assert [each.text for each in page.main.find("h3")] == ["Question 3"]
    assert "Reworded." in page.text


def test_lists_of_a_text_are_lists(world: World, north: str, get_page: GetPage) -> None:
    stand_in(world, "Good organisation is also a kindness.", "Good organisation is:\\n- a kindness\\n- a duty\\n\\nSo.")
    page = get_page(f"{north}compare?before=shipped:qm08&after=qm08")
    items = [each.text for each in page.with_class("change")[0].find("li")]
    assert items == ["a kindness", "added: a duty (end)"]


def test_change_of_who_is_asked_is_said_plainly(world: World, north: str, get_page: GetPage) -> None:
    stand_in(world, 'id = "on_schedule"', 'id = "on_schedule"\nkind = "text"')
    page = get_page(f"{north}compare?before=shipped:qm08&after=qm08")
    assert "How it is asked has changed." in page.text
    assert "How it is answered: taken out: yes, partly or no" in page.text


def test_two_markers_are_chosen_and_compared(north: str, get_page: GetPage) -> None:
    page = get_page(f"{north}tea01").follow("Compare with another marker")
    assert "Choose what to compare it with" in page.text
    page = get_page(f"{north}compare?before=tea01&after=tea02")
    assert [each.text for each in page.main.find("h2")] == ["2. Table"]
    assert "Compared with marker 1, Kettle" in page.text


def test_set_compared_with_itself_is_the_same(north: str, get_page: GetPage) -> None:
    assert "the same, word for word" in get_page(f"{north}compare?before=tea&after=tea").text


def test_marker_that_is_not_there_is_as_if_none_was_chosen(north: str, get_page: GetPage) -> None:
    assert words(get_page(f"{north}compare?before=qm08&after=exb01"), "ins") == []
    assert words(get_page(f"{north}compare?before=/etc/passwd&after=../tea"), "ins") == []


def offered(page: Page) -> list[str]:
    return [each.text for each in page.main.find("select", name="before")[0].find("option")]


def test_set_is_called_a_set_however_few_markers_it_has(world: World, north: str, get_page: GetPage) -> None:
    assert "Tea Quality Markers: the whole set" in offered(get_page(f"{north}compare"))
    for name in ("02-table.toml", "03-cups.toml"):
        (world.marker_folder / name).unlink()
    labels = offered(get_page(f"{north}compare"))
    assert "Tea Quality Markers: the whole set" in labels
    assert "1. Kettle, of Tea Quality Markers" in labels


def test_earlier_versions_are_compared_by_who_keeps_the_markers(
    world: World, north: str, ann: FlaskClient, get_page: GetPage
) -> None:
    for ask in ("Is the kettle new?", "Is the kettle old?", "Is the kettle hot?"):
        world.change_marker("tea01", ask)
    page = get_page(f"{north}compare")
    labels = [label for label in offered(page) if "Kettle" in label]
    day = f"({day_said(world.today)})"
    assert [label.removesuffix(", of Tea Quality Markers") for label in labels] == [
        "1. Kettle",
        f"1. Kettle, version 2 {day}",
        f"1. Kettle, version 1 {day}",
    ]
    page = get_page(f"{north}compare?before=tea01@1&after=tea01")
    assert (words(page, "del"), words(page, "ins")) == (["new"], ["hot"])


def test_versions_of_a_retired_marker_are_compared_too(
    world: World, north: str, ann: FlaskClient, get_page: GetPage
) -> None:
    world.change_marker("tea01", "Is the kettle new?")
    get_page("/boards/north/markers/tea01").send(button="Retire this marker")
    (world.marker_folder / "01-kettle.toml").unlink()
    page = get_page(f"{north}compare?before=tea01@1&after=tea02")
    assert [label for label in offered(page) if "Kettle" in label] == [
        f"1. Kettle, version 1 ({day_said(world.today)}), of Tea Quality Markers"
    ]
    assert "Compared with marker 1, Kettle" in page.text


def test_earlier_versions_are_not_for_everybody(world: World, north: str, get_page: GetPage) -> None:
    world.change_marker("tea01", "Is the kettle new?")
    world.change_marker("tea01", "Is the kettle old?")
    page = get_page(f"{north}compare?before=tea01@1&after=tea01")
    assert not [label for label in offered(page) if "version" in label]
    assert "Two versions" not in page.text
    assert words(page, "del") == []


def test_board_that_hides_its_markers_compares_none(world: World, get_page: GetPage) -> None:
    get_page("/markers/nowhere/compare", 404)

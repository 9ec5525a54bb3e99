"""The markers as pages for anybody: read, searched, linked to and printed, as far as a board shows them."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.boards import change_board
from scrqm_forms.storage import boards
from scrqm_forms.storage.database import db, writing
from scrqm_forms.storage.models import BoardRow

from .page import Element, Page
from .world import World

GetPage = Callable[..., Page]


@pytest.fixture
def north(world: World) -> str:
    return f"/markers/{world.board()}/"


def hide_markers(world: World, key: str = "north") -> None:
    with world.app.app_context(), writing():
        db.session.execute(sa.update(BoardRow).where(BoardRow.key == key).values(shows_markers=False))


def change_vocabulary(world: World, vocabulary: str) -> None:
    with world.app.app_context():
        board = boards.get_board(OPERATOR, "north")
        change_board(OPERATOR, board, name=board.name, vocabulary=vocabulary, support="", plugins=["example_board"])


def edit_marker(world: World, file: str, old: str, new: str) -> None:
    path = world.marker_folder / file
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def place(page: Page, key: str) -> Element:
    (found,) = page.root.find(id=key)
    return found


def marks(page: Page) -> list[str]:
    return [each.text for each in page.main.find("mark")]


# Which board


def test_only_board_that_shows_its_markers_is_gone_to(north: str, world: World, get_page: GetPage) -> None:
    world.board("south", "Southshire Board")
    hide_markers(world, "south")
    assert get_page("/markers/").path == north


def test_board_is_chosen_where_several_show_their_markers(world: World, north: str, get_page: GetPage) -> None:
    world.board("south", "Southshire Board")
    page = get_page("/markers/")
    assert [each.text for each in page.with_class("task")] == ["Northshire Board", "Southshire Board"]
    assert page.follow("Northshire Board").path == north


def test_no_board_that_shows_its_markers_is_said_so(world: World, get_page: GetPage) -> None:
    assert "No board shows its markers here" in get_page("/markers/", 404).text
    world.board()
    hide_markers(world)
    assert "No board shows its markers here" in get_page("/markers/", 404).text


@pytest.mark.parametrize("page", ["", "?q=kettle", "all", "tea01"])
def test_board_that_hides_its_markers_is_as_if_it_were_not_there(
    world: World, north: str, get_page: GetPage, page: str
) -> None:
    get_page(north + page)
    hide_markers(world)
    assert get_page(north + page, 404).html == get_page(f"/markers/nowhere/{page}", 404).html


def test_marker_that_the_board_has_not_is_not_there(north: str, get_page: GetPage) -> None:
    assert get_page(f"{north}exb01", 404).html == get_page(f"{north}tea99", 404).html


# The list


def test_list_has_every_marker_by_set_and_stage(north: str, get_page: GetPage) -> None:
    page = get_page(north)
    assert [each.text for each in page.main.find("h2")] == [
        "Serious Case Review Quality Markers",
        "Tea Quality Markers",
    ]
    stages = ["Review setup", "Running the review", "Review outputs", "Brewing", "Pouring"]
    assert [each.text for each in page.main.find("h3")] == stages
    tasks = page.with_class("task")
    assert len(tasks) == 21
    assert [each.find("a")[0].text for each in tasks[-3:]] == ["1. Kettle", "2. Table", "3. Cups"]
    assert tasks[-3].find("span")[0].text == "The serious case review has a kettle."
    assert page.follow("1. Kettle").heading == "Kettle"


def test_list_is_in_the_boards_words_and_has_its_own_markers(world: World, north: str, get_page: GetPage) -> None:
    change_vocabulary(world, "sar")
    text = get_page(north).text
    assert "The safeguarding adults review has a kettle." in text
    assert "1. Looking after the people who take part" in text


def test_set_is_cited_at_the_foot(north: str, get_page: GetPage) -> None:
    (foot,) = get_page(north).root.find("footer")
    assert "NSPCC/SCIE (2016) Serious case review quality markers. London: NSPCC/SCIE." in foot.text
    assert "Tea House (2016) Tea quality markers." in foot.text


# One marker


def test_marker_has_all_its_sections(north: str, get_page: GetPage) -> None:
    page = get_page(f"{north}tea01")
    assert [each.text for each in page.main.find("h2")] == [
        "Why this matters",
        "Questions",
        "What is known",
        "Equality and diversity",
        "Known obstacles",
        "Where the wording comes from",
    ]
    for text in ("Brewing", "The serious case review has a kettle.", "Tea is hot.", "Water boils."):
        assert text in page.text
    assert place(page, "obstacle-no_gas").text == "There was no gas."


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("01-kettle.toml", "Nothing is written under this heading."),
        ("02-table.toml", "The copy that this was imported from has nothing under this heading."),
    ],
)
def test_heading_with_nothing_under_it_claims_nothing(
    world: World, north: str, get_page: GetPage, file: str, told: str
) -> None:
    if file == "02-table.toml":
        edit_marker(world, file, "[[questions]]", "guidance = []\n[[questions]]")
    page = get_page(f"{north}tea{file[:2]}")
    assert told in page.text
    assert "None identified" not in page.text


def test_what_the_publication_says_of_itself_stays(world: World, north: str, get_page: GetPage) -> None:
    edit_marker(world, "01-kettle.toml", "equality = []", 'equality = ["None identified."]')
    assert "Equality and diversity None identified." in get_page(f"{north}tea01").text


def test_marker_says_where_its_wording_comes_from(world: World, north: str, get_page: GetPage) -> None:
    assert "instance/markers/tea/01-kettle.toml" in get_page(f"{north}tea01").text
    statuses = {"tea01": "Adapted: ", "tea02": "Published: ", "tea03": "Local: "}
    assert [key for key, word in statuses.items() if word not in get_page(f"{north}{key}").text] == []
    folder = world.marker_folder.parent / "scr"
    folder.mkdir()
    text = (world.marker_folder / "02-table.toml").read_text()
    (folder / "own.toml").write_text(text.replace("tea02", "qm08").replace('"pour"', '"running"'))
    page = get_page(f"{north}qm08")
    assert "instance/markers/scr/own.toml, in the place of markers/scr/08-scr-management.toml" in page.text


def test_question_is_given_in_both_wordings_where_they_differ(north: str, get_page: GetPage) -> None:
    page = get_page(f"{north}tea01")
    assert place(page, "question-full").text == "Is the kettle full? Was the kettle full? Link to question 1 of Kettle"
    assert "asked looking back" in page.text
    page = get_page(f"{north}tea02")
    assert place(page, "question-table").text == "Is there a table? Link to question 1 of Table"
    assert "asked looking back" not in page.text


def test_question_says_what_is_to_choose_from_and_for_whom_it_is(north: str, get_page: GetPage) -> None:
    page = get_page(f"{north}tea01")
    assert "To choose from: Black; Green" in place(page, "question-leaf").text
    assert "Only for: chairs and board members, panel members." in place(page, "question-plan").text
    assert "For: practitioners." in get_page(f"{north}tea03").text


def test_every_question_has_a_link_to_itself_with_a_name_of_its_own(north: str, get_page: GetPage) -> None:
    page = get_page(f"{north}tea01")
    links = {name: address for name, address in page.links.items() if name.startswith("Link to question")}
    assert list(links.values()) == [f"#question-{key}" for key in ("full", "plan", "spare", "why", "leaf")]
    assert page.follow("Link to question 2 of Kettle").path == page.path


def test_markers_lead_to_each_other_and_back(north: str, get_page: GetPage) -> None:
    page = get_page(f"{north}qm18").follow("Next: Kettle").follow("Next: Table")
    assert page.follow("Previous: Kettle").heading == "Kettle"
    assert page.follow("Markers").path == north
    assert not any(name.startswith("Previous:") for name in get_page(f"{north}qm01").links)
    assert not any(name.startswith("Next:") for name in get_page(f"{north}tea03").links)


def test_wording_of_a_marker_cannot_become_markup(world: World, north: str, get_page: GetPage) -> None:
    edit_marker(world, "01-kettle.toml", "Tea is hot.", "<script>alert(1)</script> & <b>hot</b>")
    edit_marker(world, "01-kettle.toml", 'title = "Kettle"', "title = '<i>Kettle</i>'")
    edit_marker(world, "01-kettle.toml", "Is the kettle full?", "Is <b>it</b> full?")
    for path in ("", "all", "tea01", "tea02", "?q=hot+script", "?q=kettle", "?q=it+full"):
        page = get_page(north + path)
        assert page.main.find("script", "b", "i") == [], path
    assert "<script>alert(1)</script> & <b>hot</b>" in get_page(f"{north}tea01").text


# All on one page


def test_all_markers_stand_on_one_page_with_contents(north: str, get_page: GetPage) -> None:
    page = get_page(north).follow("All of them on one page, to print")
    (contents,) = page.root.find("nav", **{"aria-label": "Contents"})
    links = [each["href"] for each in contents.find("a")]
    assert links == [f"#qm{n:02}" for n in range(1, 19)] + ["#tea01", "#tea02", "#tea03"]
    assert [each["id"] for each in page.main.find("section")] == [link[1:] for link in links]
    kettle = place(page, "tea01").text
    for text in ("1. Kettle", "Is the kettle full?", "Was the kettle full?", "There was no gas.", "Tea House (2016)."):
        assert text in kettle
    assert page.follow("Link to question 1 of Table").path == page.path


# Searching


def test_search_names_the_place_marks_the_words_and_leads_there(north: str, get_page: GetPage) -> None:
    page = get_page(north)
    (box,) = page.root.find("form", role="search")
    assert (box["method"], box["action"], page.fields) == ("get", north, {"q": ""})
    page = get_page(f"{north}?q=KETTL%C3%89+full")
    assert page.heading == "1 marker with: kettle, full"
    assert page.title.startswith(page.heading)
    assert page.fields == {"q": "KETTLÉ full"}
    assert marks(page) == ["Kettle", "kettle", "full"]
    assert page.follow("Question 1, Kettle").address == f"{north}tea01"
    assert page.links["Question 1, Kettle"] == f"{north}tea01#question-full"


@pytest.mark.parametrize(
    ("query", "link", "anchor"),
    [
        ("gas", "Known obstacle 2, Kettle", "#obstacle-no_gas"),
        ("boils", "What is known, Kettle", "#knowledge"),
        ("green", "Question 5, an answer offered, Kettle", "#question-leaf"),
        ("was+plan", "Question 2, looking back, Kettle", "#question-plan"),
        ("has+kettle", "Statement, Kettle", ""),
    ],
    ids=["obstacle", "knowledge", "answer offered", "looking back", "statement"],
)
def test_search_finds_words_wherever_they_stand(
    north: str, get_page: GetPage, query: str, link: str, anchor: str
) -> None:
    page = get_page(f"{north}?q={query}")
    assert page.links[link] == f"{north}tea01{anchor}"
    page.follow(link)


def test_search_that_finds_nothing_helps(north: str, get_page: GetPage) -> None:
    page = get_page(f"{north}?q=zzz+gas")
    assert page.heading == "No marker with: zzz, gas"
    assert "zzz: no marker" in page.text
    assert "gas: 1 marker" in page.text
    assert page.follow("gas").heading == "1 marker with: gas"
    assert page.follow("See all markers").path == north
    assert "only the beginning of a word" in get_page(f"{north}?q=zzz").text


@pytest.mark.parametrize("query", ["%3F", "%00", "%F0%9F%99%82"], ids=["mark", "control", "picture"])
def test_search_for_no_word_says_so(north: str, get_page: GetPage, query: str) -> None:
    assert get_page(f"{north}?q={query}").heading == "Nothing to look for"


def test_search_for_blanks_is_the_list(north: str, get_page: GetPage) -> None:
    assert get_page(f"{north}?q=++").text == get_page(north).text


def test_search_for_very_much_is_answered(north: str, get_page: GetPage) -> None:
    assert get_page(f"{north}?q={'+'.join(f'w{n}' for n in range(5000))}").heading.startswith("No marker with: w0, w1,")


def test_what_is_searched_for_cannot_become_markup(north: str, get_page: GetPage) -> None:
    page = get_page(f'{north}?q=a<script>"x"</script>%27><b>kettle')
    assert page.main.find("script", "b", "mark") == []
    assert page.fields == {"q": 'a<script>"x"</script>\'><b>kettle'}


# How they are reached, and by whom


def test_readers_get_no_cookie(north: str, client: FlaskClient) -> None:
    for path in ("", "?q=kettle", "all", "tea01"):
        assert client.get(north + path).headers.getlist("Set-Cookie") == [], path


def test_sign_in_page_leads_to_the_markers_while_a_board_shows_them(
    world: World, north: str, get_page: GetPage
) -> None:
    assert get_page("/sign-in").follow("Read the markers").path == north
    hide_markers(world)
    assert "Read the markers" not in get_page("/sign-in").links


def test_menu_leads_to_the_markers_while_the_board_shows_them(
    world: World, north: str, ann: FlaskClient, get_page: GetPage
) -> None:
    page = get_page("/boards/north/").follow("Markers")
    assert page.path == north
    assert page.follow("Boards and reviews").path == "/boards/"
    hide_markers(world)
    assert "Markers" not in get_page("/boards/north/").links


def test_marker_that_cannot_be_read_takes_no_page_down(world: World, north: str, get_page: GetPage) -> None:
    edit_marker(world, "01-kettle.toml", "{review}", "{kettle}")
    assert "Kettle" not in get_page(north).text
    assert get_page(f"{north}all").root.find(id="tea01") == []
    assert get_page(f"{north}?q=cups").heading == "1 marker with: cups"

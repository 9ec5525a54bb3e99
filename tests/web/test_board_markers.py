"""A board's own markers in the browser: nothing is kept before it was looked at, nothing is overwritten."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.context import context
from scrqm_forms.services.reviews import markers_of_board
from scrqm_forms.shipped import shipped_folder
from scrqm_forms.storage import board_markers, boards
from scrqm_forms.storage.reviews import questionnaire_of

from .page import Page
from .world import World

GetPage = Callable[..., Page]
OWN = "/boards/north/markers"
KEEP = "Keep for this board"
TEXT = """SCR Quality Markers

Quality Marker 8: Kettle care

Quality statement

The kettle is hot.

Rationale

It warms.

How might you know if you are meeting this quality marker?

1. Is there a {kettle}?
2. What is in it?

Tackling some common obstacles

- A spare kettle helps.

Back to top
"""


@pytest.fixture(autouse=True)
def signed_in(world: World, ann: FlaskClient) -> None:
    world.board()


def first_questions(world: World, board: str = "north") -> dict[str, str]:
    """Marker id -> what its first question asks, for every marker that a board can choose."""
    with world.app.app_context():
        found = markers_of_board(context(), boards.get_board(OPERATOR, board))
        return {each.marker.id: each.marker.questions[0].ask for each in found}


def versions(world: World, key: str) -> list[tuple[int, str]]:
    with world.app.app_context():
        found = board_markers.list_latest(boards.get_board(OPERATOR, "north"))
        if key not in [each.marker_id for each in found]:
            return []
        own = board_markers.list_versions(boards.get_board(OPERATOR, "north"), key)
        return [(each.version, each.change) for each in own]


def change(get_page: GetPage, old: str, new: str, key: str = "tea01") -> Page:
    """The marker as it would be kept, with these words in the place of those."""
    page = get_page(f"{OWN}/{key}/change")
    assert old in page.fields["text"]
    return page.send({"text": page.fields["text"].replace(old, new)}, button="Look at it")


# Importing


def test_pasted_document_is_shown_with_its_warnings_before_it_is_kept(world: World, get_page: GetPage) -> None:
    page = get_page(OWN).follow("Import markers").send({"text": TEXT}, button="Read it")
    for words in (
        "8. Kettle care",
        "The kettle is hot.",
        "Is there a {kettle}?",
        "Back to top",
    ):
        assert words in page.text, words
    assert page.fields["text"].strip() == TEXT.strip()
    assert versions(world, "qm08") == []


def test_document_that_was_looked_at_is_kept_for_this_board_only(world: World, get_page: GetPage) -> None:
    world.board("south", "Southshire Board")
    page = get_page(f"{OWN}/import").send({"text": TEXT}, button="Read it").send(button=KEEP)
    assert "“Kettle care” is kept for this board." in page.notices
    assert first_questions(world)["qm08"] == "Is there a {{kettle}}?"
    assert first_questions(world, "south")["qm08"] != first_questions(world)["qm08"]
    assert not list(world.marker_folder.parent.glob("scr/*.toml"))
    assert "in the place of markers/scr/08" in get_page("/markers/north/qm08").text


def test_text_that_was_mended_is_read_again_before_it_is_kept(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/import").send({"text": TEXT}, button="Read it")
    page = page.send({"text": TEXT.replace("Is there a", "Have you a")}, button=KEEP)
    assert "Have you a {kettle}?" in page.text
    assert versions(world, "qm08") == []
    page.send(button=KEEP)
    assert first_questions(world)["qm08"] == "Have you a {{kettle}}?"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Paste a text, or choose a file."),
        ("Quality Markers\n\nKettle\nCups", "not a marker"),
        (TEXT.replace("Quality Marker 8: Kettle care", ""), "write its number below"),
        (TEXT.replace("SCR Quality Markers", ""), "choose its set below"),
        ('id = "qm08"\n[[questions]]\nid = "x"', "missing"),
    ],
    ids=["nothing", "list", "unnumbered", "no set", "broken file"],
)
def test_what_cannot_be_imported_is_refused_and_given_back(
    world: World, get_page: GetPage, text: str, reason: str
) -> None:
    page = get_page(f"{OWN}/import").send({"text": text}, button="Read it", status=422)
    assert reason in page.errors["text"]
    assert page.fields["text"].strip() == text.strip()
    assert versions(world, "qm08") == []


def test_number_that_is_asked_for_is_asked_for_in_sight(get_page: GetPage) -> None:
    text = TEXT.replace("Quality Marker 8: Kettle care", "")
    page = get_page(f"{OWN}/import")
    assert "open" not in page.main.find("details")[0].attrs
    page = page.send({"text": text}, button="Read it", status=422)
    assert "open" in page.main.find("details")[0].attrs


def test_set_that_was_told_by_less_than_its_name_is_named_with_the_list_in_sight(get_page: GetPage) -> None:
    text = TEXT.replace("SCR Quality Markers", "").replace("The kettle is", "The SCR is")
    page = get_page(f"{OWN}/import").send({"text": text}, button="Read it")
    assert "if it is of another set, choose its set below" in page.text
    (folded,) = [each for each in page.main.find("details") if "does not say which marker" in each.text]
    assert "open" in folded.attrs


def test_roles_that_all_questions_have_are_said_once(get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea02/change").send(button="Look at it")
    assert page.text.count("Only for:") == 1
    assert get_page(f"{OWN}/tea01/change").send(button="Look at it").text.count("Only for:") == 1


def test_file_never_takes_the_place_of_a_text_that_was_typed(get_page: GetPage) -> None:
    file = (BytesIO(TEXT.encode()), "marker.txt")
    page = get_page(f"{OWN}/import").send({"text": "Half a marker"}, button="Read it", status=422, file=file)
    assert "Empty the box to read the file" in page.errors["text"]
    assert page.fields["text"].strip() == "Half a marker"
    file = (BytesIO(TEXT.encode()), "marker.txt")
    assert "8. Kettle care" in get_page(f"{OWN}/import").send(button="Read it", file=file).text


def test_file_that_cannot_be_read_is_refused_in_a_sentence(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/import")
    refused = {
        b"": "The file is empty.",
        b"\xd0\xcf\x11\xe0 old": "The file is a Word document of the old kind (.doc)",
        b"%PDF-1.7 no more": "The file is no PDF that can be read",
        b"PK\x03\x04 no more": "The file is no Word document that can be read",
        b"\x89PNG\r\n\x1a\n\0": "The file is not plain text",
    }
    for data, reason in refused.items():
        answer = page.send(button="Read it", status=422, file=(BytesIO(data), "marker"))
        assert reason in answer.errors["file"]
        assert "text" not in answer.errors
    assert versions(world, "qm08") == []


def test_text_of_a_file_that_holds_no_marker_is_given_back_with_what_is_wrong_with_it(get_page: GetPage) -> None:
    page = get_page(f"{OWN}/import").send(button="Read it", status=422, file=(BytesIO(b"Kettles\nCups"), "a.txt"))
    assert "not a marker" in page.errors["text"]
    assert page.fields["text"].strip() == "Kettles\nCups"


def test_only_sets_that_the_board_has_are_offered(world: World, get_page: GetPage) -> None:
    assert "example" in world.app.extensions["scrqm_forms"].library().sets
    (sets,) = get_page(f"{OWN}/import").main.find("select", name="set")
    offered = [each["value"] for each in sets.find("option")]
    assert {"", "scr", "sar", "tea", "supplement"} <= {*offered}
    assert "example" not in offered


def test_answers_to_choose_from_are_shown_before_it_is_kept(get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/change").send(button="Look at it")
    assert "Which leaf? To choose from: Black; Green" in page.text


def test_lists_within_a_text_are_shown_as_lists(world: World, get_page: GetPage) -> None:
    text = TEXT.replace("It warms.", "It takes:\n\n• <b>leaves</b>\n• water.").replace(
        "- A spare kettle helps.", "Knowledge base\n\n• Two reasons:\n    • warmth\n    • taste.\n• None else."
    )
    page = get_page(f"{OWN}/import").send({"text": text}, button="Read it")
    assert inner_lists(page) == [["<b>leaves</b>", "water."], ["warmth", "taste."]]
    page.send(button=KEEP)
    assert inner_lists(get_page("/markers/north/qm08")) == [["<b>leaves</b>", "water."], ["warmth", "taste."]]
    assert "- warmth" in get_page(f"{OWN}/qm08/change").fields["text"]


def inner_lists(page: Page) -> list[list[str]]:
    """Those in the rationale, or within an item, where no word is marked."""
    lists = [each for each in page.main.find("ul") if not each.find("ul", "ins")]
    inner = [each for each in lists if "None else." not in each.text]
    return [[item.text for item in each.find("li")] for each in inner if "leaves" in each.text or "taste" in each.text]


def test_ids_that_an_import_gave_up_are_not_given_to_others(world: World, get_page: GetPage) -> None:
    own = TEXT.replace("Marker 8:", "Marker 88:")
    first = own.replace("A spare kettle helps.", "A spare kettle helps.\n- Milk is short.")
    second = first.replace("- Milk is short.\n", "").replace("2. What is in it?\n", "")
    third = first.replace("What is in it?", "Is it quite another?").replace("Milk is short.", "Sugar is short.")
    ids = []
    for text in (first, second, third):
        get_page(f"{OWN}/import").send({"text": text}, button="Read it").send(button=KEEP)
        with world.app.app_context():
            board = boards.get_board(OPERATOR, "north")
            marker = next(
                each.marker for each in markers_of_board(context(), board) if each.marker.title == "Kettle care"
            )
        ids.append([*(each.id for each in marker.questions), *(each.id for each in marker.obstacles or ())])
    assert ids[1] == [ids[0][0], ids[0][2]]
    assert [each in ids[0] for each in ids[2]] == [True, False, True, False]


def test_number_can_be_given(world: World, get_page: GetPage) -> None:
    text = TEXT.replace("Quality Marker 8: Kettle care", "")
    page = get_page(f"{OWN}/import").send({"text": text, "number": "8", "set": "scr"}, button="Read it")
    page.send(button=KEEP)
    assert versions(world, "qm08") == [(1, "imported")]


def test_downloaded_file_is_imported_as_it_was(world: World, get_page: GetPage, ann: FlaskClient) -> None:
    world.change_marker("tea01", "Is the kettle new?")
    file = ann.get(f"{OWN}/tea01/toml").get_data(as_text=True)
    world.change_marker("tea01", "Is the kettle old?")
    get_page(f"{OWN}/import").send({"text": file}, button="Read it").send(button=KEEP)
    assert first_questions(world)["tea01"] == "Is the kettle new?"
    assert ann.get(f"{OWN}/tea01/toml").get_data(as_text=True) == file


@pytest.mark.parametrize(
    ("chosen", "told"),
    [("supplement", '"own" for "Our own markers": change "xx01"'), ("", '"sar" for "Safeguarding Adult Review')],
)
def test_file_whose_id_fits_no_set_is_refused_in_a_sentence(
    world: World, get_page: GetPage, ann: FlaskClient, chosen: str, told: str
) -> None:
    world.change_marker("tea01", "Is the kettle new?")
    file = ann.get(f"{OWN}/tea01/toml").get_data(as_text=True).replace('"tea01"', '"xx01"')
    page = get_page(f"{OWN}/import").send({"text": file, "set": chosen}, button="Read it", status=422)
    assert page.errors["text"].startswith('The marker file gives the marker the id "xx01", but an id begins with ')
    assert told in page.errors["text"]
    assert ("choose another set" in page.errors["text"]) == bool(chosen)


def test_file_is_checked_against_the_chosen_set(world: World, get_page: GetPage, ann: FlaskClient) -> None:
    world.change_marker("tea01", "Is the kettle new?")
    file = ann.get(f"{OWN}/tea01/toml").get_data(as_text=True)
    page = get_page(f"{OWN}/import").send({"text": file, "set": "supplement"}, button="Read it", status=422)
    assert 'id "tea01"' in page.errors["text"]
    assert "1. Kettle" in get_page(f"{OWN}/import").send({"text": file}, button="Read it").text


def test_markers_stand_under_their_set_in_order_of_number(world: World, get_page: GetPage) -> None:
    keys = ("tea03", "qm10", "tea01", "qm09")
    for key in keys:
        world.change_marker(key, "Is it new?")
    kept = parts_of(get_page(OWN), "Kept by this board")
    assert [(heading, [title.partition(".")[0] for title in titles]) for heading, titles in kept] == [
        ("Serious Case Review Quality Markers", ["9", "10"]),
        ("Tea Quality Markers", ["1", "3"]),
    ]
    for key in keys:
        get_page(f"{OWN}/{key}").send(button="Retire this marker")
    page = get_page(OWN)
    assert parts_of(page, "Retired") == kept
    assert ("Tea Quality Markers", ["1. Kettle", "2. Table", "3. Cups"]) in parts_of(page, "As they come")


def parts_of(page: Page, heading: str) -> list[tuple[str, list[str]]]:
    """What stands below a heading: each set and its markers."""
    parts: list[tuple[str, list[str]]] = []
    own = False
    for each in page.main.find("h2", "h3", "a"):
        own = each.text == heading if each.tag == "h2" else own
        if own and each.tag == "h3":
            parts.append((each.text, []))
        elif own and each.tag == "a":
            assert parts, "no heading above it"
            parts[-1][1].append(each.text)
    return parts


@pytest.mark.parametrize("key", ["example", "biscuits"], ids=["of_other_boards", "of_nobody"])
def test_set_that_was_not_offered_is_refused(get_page: GetPage, key: str) -> None:
    page = get_page(f"{OWN}/import")
    assert key not in [each["value"] for each in page.main.find("option")]
    page = page.send({"text": TEXT, "set": key}, button="Read it", status=422)
    assert page.errors == {"set": "Set: this board has none of that name. Choose one from the list."}
    assert page.fields["text"].strip() == TEXT.strip()


def test_marker_file_of_a_set_that_the_board_has_not_is_refused(world: World, get_page: GetPage) -> None:
    file = (shipped_folder("plugins") / "example_board" / "markers").glob("01-*.toml")
    text = next(file).read_text(encoding="utf-8")
    page = get_page(f"{OWN}/import").send({"text": text}, button="Read it", status=422)
    assert page.errors["text"].endswith("which this board does not have.")
    assert page.fields["text"].strip() == text.strip()


# Changing


def test_question_is_reworded_and_keeps_its_id(world: World, get_page: GetPage) -> None:
    page = change(get_page, "Is the kettle full?", "Is the kettle of the {review} full?")
    assert "Is the kettle of the serious case review full?" in page.text
    assert "looking back" in page.text
    page = page.send(button=KEEP)
    assert page.path == f"{OWN}/tea01"
    assert versions(world, "tea01") == [(1, "changed")]
    with world.app.app_context():
        own = markers_of_board(context(), boards.get_board(OPERATOR, "north"))
        first, second, *_others = next(each.marker for each in own if each.marker.id == "tea01").questions
    assert (first.id, first.reflect) == ("full", None)
    assert (second.id, second.reflect, second.roles) == ("plan", "Was there a plan?", ("chair", "panel"))


def test_id_of_a_question_that_was_taken_out_as_a_text_is_not_given_to_another(world: World, get_page: GetPage) -> None:
    ids = []
    plan = "2. Is there a plan?\n"
    new = f"{plan}3. Is there a cosy?\n"
    for old, text in ((plan, new), ("3. Is there a cosy?\n", ""), (plan, new.replace("a cosy", "a cake stand"))):
        page = get_page(f"{OWN}/tea01/change")
        assert old in page.fields["text"]
        page.send({"text": page.fields["text"].replace(old, text)}, button="Look at it").send(button=KEEP)
        with world.app.app_context():
            own = markers_of_board(context(), boards.get_board(OPERATOR, "north"))
            questions = next(each.marker for each in own if each.marker.id == "tea01").questions
            ids.append([question.id for question in questions])
    (first,), (last,) = set(ids[0]) - set(ids[1]), set(ids[2]) - set(ids[1])
    assert first != last


def test_questions_are_put_in_another_order_with_all_that_belongs_to_them(world: World, get_page: GetPage) -> None:
    old = "1. Is the kettle full?\n2. Is there a plan?\n"
    change(get_page, old, "1. Is there a plan?\n2. Is the kettle full?\n").send(button=KEEP)
    with world.app.app_context():
        own = markers_of_board(context(), boards.get_board(OPERATOR, "north"))
        questions = next(each.marker for each in own if each.marker.id == "tea01").questions
    assert [(question.id, question.reflect) for question in questions[:2]] == [
        ("plan", "Was there a plan?"),
        ("full", "Was the kettle full?"),
    ]


def test_unknown_placeholder_is_named_and_nothing_is_kept(world: World, get_page: GetPage) -> None:
    page = get_page(f"{OWN}/tea01/change")
    text = page.fields["text"].replace("Is the kettle full?", "Is the {kettel} full?")
    page = page.send({"text": text}, button="Look at it", status=422)
    assert page.errors["text"].startswith("Question 1: “{kettel}” is not a name that is filled in.")
    assert "{review}: serious case review" in page.text
    assert page.fields["text"].strip() == text.strip()


def test_round_that_is_open_keeps_its_wording(world: World, get_page: GetPage) -> None:
    asked = world.open_round({"chair": 1})
    change(get_page, "Is the kettle full?", "Is the kettle hot?").send(button=KEEP)
    with world.app.app_context():
        frozen = questionnaire_of(world.stored(asked)).marker("tea01")
    assert frozen.questions[0].text == "Was the kettle full?"


def test_first_version_is_compared_with_the_wording_that_came(world: World, get_page: GetPage) -> None:
    world.change_marker("tea02", "Is there a large table?")
    page = get_page(f"{OWN}/tea02")
    assert "What differs from the wording that came with the program" in page.text
    assert "added: large (end)" in page.text
    assert "Once retired, it gives way to the wording that came with the program." in page.text
    page = page.send(button="Retire this marker")
    assert "has the one again that came with the program" in page.text


def test_open_round_says_that_its_wording_is_not_the_librarys(world: World, get_page: GetPage) -> None:
    asked = world.open_round({"chair": 1})
    assert "has changed since" not in get_page(asked.address).notices
    world.change_marker("tea02", "Is there a large table?")
    page = get_page(asked.address)
    assert "The wording of one marker has changed since this round was opened." in page.notices
    page = page.follow("See what changed")
    assert "added: large (end)" in page.text
    assert "Kettle" not in page.text
    (world.marker_folder / "03-cups.toml").unlink()
    notices = get_page(asked.address).notices
    assert "The wording of one marker has changed since this round was opened." in notices
    assert "One of its markers is no longer among those of this board." in notices
    assert "3. Cups" in get_page(f"{asked.address}wording").text


def test_closed_round_and_round_not_open_say_nothing(world: World, get_page: GetPage) -> None:
    closed, draft = world.closed_round({"chair": 1}), world.round({"chair": 1})
    world.change_marker("tea02", "Is there a large table?")
    assert "has changed since" not in get_page(closed.address).notices
    assert get_page(f"{draft.address}wording").path == draft.address
    assert "added: large (end)" in get_page(f"{closed.address}wording").text


# Versions


def test_versions_are_kept_compared_retired_and_brought_back(world: World, get_page: GetPage) -> None:
    world.change_marker("tea01", "Is the kettle new?")
    world.change_marker("tea01", "Is the kettle old?")
    page = get_page(f"{OWN}/tea01")
    assert [each.text for each in page.main.find("h3")] == ["Version 2: changed", "Version 1: changed"]
    assert "taken out: new (end)" in page.text
    page = page.send(button="Retire this marker")
    assert first_questions(world)["tea01"] == "Is the kettle full?"
    assert "1. Kettle" in get_page(OWN).links
    page = page.send({"version": "1"}, button="Bring version 1 back")
    assert first_questions(world)["tea01"] == "Is the kettle new?"
    assert versions(world, "tea01") == [(4, "restored"), (3, "retired"), (2, "changed"), (1, "changed")]


def test_changes_are_noted_in_the_log(get_page: GetPage) -> None:
    change(get_page, "Is the kettle full?", "Is the kettle hot?").send(button=KEEP)
    assert "changed a marker of the board" in get_page("/boards/north/log").text


def test_marker_that_the_board_never_kept_is_not_there(get_page: GetPage) -> None:
    get_page(f"{OWN}/tea02", 404)
    get_page(f"{OWN}/exb99/change", 404)


@pytest.mark.parametrize("button", ["Retire this marker", "Bring version 1 back"])
def test_page_shown_before_a_change_says_who_changed_it_and_changes_nothing(
    world: World, get_page: GetPage, button: str
) -> None:
    for ask in ("Is the kettle old?", "Is the kettle older?"):
        world.change_marker("tea01", ask)
    page = get_page(f"{OWN}/tea01")
    world.change_marker("tea01", "Is the kettle new?")
    page = page.send(button=button, status=409)
    assert "kept another wording of “Kettle” on 2 March 2026" in page.errors["version-3"]
    assert "Nothing was changed" in page.errors["version-3"]
    assert [each.find("summary")[0].text for each in page.main.find("details", open="")] == [
        "What changed against version 2"
    ]
    assert versions(world, "tea01")[0] == (3, "changed")
    page = page.send(button=button)
    assert versions(world, "tea01")[0][0] == 4


def test_page_shown_before_a_retirement_says_who_retired_it(world: World, get_page: GetPage) -> None:
    world.change_marker("tea01", "Is the kettle new?")
    page = get_page(f"{OWN}/tea01")
    page.send(button="Retire this marker")
    page = page.send(button="Retire this marker", status=409)
    assert page.errors["version-2"].startswith("Ann (ann@example.org) retired “Kettle” on 2 March 2026")
    assert versions(world, "tea01")[0] == (2, "retired")

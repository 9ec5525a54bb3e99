"""Results and exports."""

import csv
import io
import zipfile
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from scrqm_forms.domain.response import Entry

from .page import Page
from .world import CONFIDENTIAL, ENOUGH, Asked, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]


FULL = Entry(
    answers={"full": "no", "spare": "not_applicable", "leaf": "green"},
    comments={"full": "Half full at best.", "why": "=Thirst"},
    judgement="partly_met",
    obstacles=("no_water",),
    reflections={"helped": "The urn.\n\nAnd <milk>."},
)


@pytest.fixture
def answered(world: World, ann: FlaskClient) -> Asked:
    """An open named round of two lead reviewers and a practitioner, all of whom have answered."""
    asked = world.open_round({"lead_reviewer": 2, "practitioner": 1})
    world.answer(asked.secrets["lead_reviewer"][0], entries={"tea01": FULL, "tea02": Entry(not_my_part=True)})
    world.answer(asked.secrets["lead_reviewer"][1])
    world.answer(asked.secrets["practitioner"][0])
    return asked


def test_results_count_answers_by_question_and_group(answered: Asked, get_page: GetPage) -> None:
    page = get_page(answered.address).follow("See results")
    judged = page.rows("Judgement: Kettle")
    assert ["lead reviewers", "1", "1"] in judged
    heads = [[th.text for th in table.find("thead")[0].find("th")] for table in page.main.find("table")]
    assert ["Group", "Met", "Partly met"] in heads
    assert page.rows("Was the kettle full?")[2][0] == "lead reviewers"


def test_results_keep_every_reason_for_no_answer_apart(answered: Asked, get_page: GetPage) -> None:
    page = get_page(f"{answered.address}results")
    tables = {table.find("caption")[0].text: table for table in page.main.find("table")}
    head = [th.text for th in tables["Was the kettle full?"].find("thead")[0].find("th")]
    assert head == ["Group", "No", "No answer", "Not asked"]
    head = [th.text for th in tables["Judgement: Table"].find("thead")[0].find("th")]
    assert head == ["Group", "Met", "Not asked", "Not my part of the review"]


def test_results_show_texts_as_typed(answered: Asked, get_page: GetPage) -> None:
    page = get_page(f"{answered.address}results")
    assert "Half full at best." in page.text
    assert "The urn. And <milk>." in page.text
    assert "Well said." in page.text


def test_results_of_a_round_nobody_answered_are_a_page(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(f"{world.open_round().address}results")
    assert page.heading == "Results"
    assert "Nobody has sent answers yet." in page.text


def test_excel_export_opens_with_every_table(answered: Asked, ann: FlaskClient, get_page: GetPage) -> None:
    form = get_page(answered.address).follow("Export").form("Download: Excel workbook")
    response = ann.get(form["action"], query_string={each["name"]: each["value"] for each in form.find("input")})
    name = answered.review_key
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}-reflect.xlsx"'
    book = load_workbook(io.BytesIO(response.data))
    assert {"responses", "answers", "codebook", "participation"} <= {sheet.title for sheet in book}


def test_excel_export_keeps_text_as_text(answered: Asked, ann: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(ann.get(f"{answered.address}export?format=excel").data))
    cells = [cell for row in book["responses"].iter_rows() for cell in row if cell.value == "=Thirst"]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize("table", ["responses", "answers", "codebook", "participation"])
def test_csv_export_writes_the_table_that_is_named(answered: Asked, ann: FlaskClient, table: str) -> None:
    response = ann.get(f"{answered.address}export?format=csv&table={table}")
    assert response.content_type.startswith("text/csv")
    assert f'-{table}.csv"' in response.headers["Content-Disposition"]
    assert len(list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))) > 1


def test_csv_export_writes_responses_unless_told_otherwise(answered: Asked, ann: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(ann.get(f"{answered.address}export?format=csv").data.decode("utf-8-sig"))))
    assert sorted(row["name"] for row in rows) == ["Pat lead_reviewer 1", "Pat lead_reviewer 2", "Pat practitioner 1"]
    assert {row["tea01.why.text"] for row in rows} == {"'=Thirst", ""}


def test_export_page_offers_every_table_and_option_and_each_is_there(
    answered: Asked, ann: FlaskClient, get_page: GetPage
) -> None:
    form = get_page(f"{answered.address}export-options").form("Download")
    offered: dict[str, list[str]] = {}
    for field in form.find("input"):
        offered.setdefault(field["name"], []).append(field["value"])
    assert offered["table"][:3] == ["about", "responses", "answers"]
    assert offered["responses"] == ["submitted", "all"]
    for name, values in offered.items():
        for value in values:
            query = {"format": "csv", "table": "responses"} | {name: value}
            assert ann.get(form["action"], query_string=query).status_code == 200, (name, value)


def test_export_page_says_what_each_table_is_for(answered: Asked, get_page: GetPage) -> None:
    text = get_page(f"{answered.address}export-options").text
    assert "Reflections: What people wrote in their own words, a row for each text: for reading." in text


def test_several_tables_of_a_format_of_one_come_as_a_zip(answered: Asked, ann: FlaskClient) -> None:
    response = ann.get(f"{answered.address}export?format=csv-exact&table=codebook&table=responses")
    assert response.headers["Content-Disposition"].endswith('reflect.zip"')
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert archive.namelist() == ["responses.csv", "codebook.csv"]


@pytest.mark.parametrize(("mode", "said"), [("named", False), ("confidential", True)])
def test_export_page_says_what_a_confidential_round_leaves_out(
    world: World, ann: FlaskClient, get_page: GetPage, mode: str, said: bool
) -> None:
    asked = world.closed_round(ENOUGH, mode=mode)
    page = get_page(f"{asked.address}export-options")
    assert ("What a confidential round leaves out" in page.text) is said
    assert ("with their names" in page.notices) is not said


@pytest.mark.parametrize(
    "query", ["format=pdf", "format=csv&table=secrets", "format=excel&table=x", "headings=x", "responses=x"]
)
def test_export_that_there_is_not_is_refused_as_a_page(answered: Asked, get_page: GetPage, query: str) -> None:
    page = get_page(f"{answered.address}export?{query}", 409)
    assert "is not one of" in page.text


@pytest.fixture
def confidential(world: World, ann: FlaskClient) -> Asked:
    """An open confidential round in which everybody has answered."""
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    for n, secret in enumerate(secret for secrets in asked.secrets.values() for secret in secrets):
        world.answer(secret, f"Text {n:02}.")
    return asked


@pytest.mark.parametrize("address", ["results", "export-options", "export?format=csv", "export?format=excel"])
def test_confidential_round_shows_nothing_while_open(
    confidential: Asked, ann: FlaskClient, get_page: GetPage, address: str
) -> None:
    page = get_page(confidential.address + address, 409 if "?" in address else 200)
    assert "nothing is shown, or exported, before it is closed" in page.text
    assert not page.main.find("table", "form")
    assert "Text 0" not in page.html


def test_confidential_round_offers_no_results_while_open(confidential: Asked, get_page: GetPage) -> None:
    page = get_page(confidential.address)
    assert "This round is confidential: nothing is shown" in page.text
    assert not {"See results", "Export"} & page.links.keys()


def test_results_not_shown_yet_say_what_will_be_there_and_when(confidential: Asked, get_page: GetPage) -> None:
    page = get_page(f"{confidential.address}results")
    assert page.heading == "No results yet"
    assert "12 of 12 have sent theirs so far. The last day of answering is 9 March 2026." in page.text


@pytest.mark.parametrize("address", ["results", "export-options"])
def test_results_of_a_round_being_set_up_lead_back_to_it(
    world: World, ann: FlaskClient, get_page: GetPage, address: str
) -> None:
    asked = world.round()
    assert get_page(asked.address + address).follow("Go on setting it up").path == asked.address


@pytest.mark.parametrize("address", ["results", "export-options", "export?format=csv", "export?format=excel"])
def test_confidential_round_shows_nothing_of_too_few(
    world: World, ann: FlaskClient, get_page: GetPage, address: str
) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    for secret in asked.secrets["panel"]:
        world.answer(secret)
    world.close(asked)
    page = get_page(asked.address + address, 409 if "?" in address else 200)
    assert "fewer than 5 people sent their answers" in page.text
    assert not page.main.find("table", "form")


def test_confidential_results_are_shown_by_group_once_closed(
    world: World, confidential: Asked, get_page: GetPage
) -> None:
    world.close(confidential)
    page = get_page(confidential.address).follow("See results")
    assert "practitioners (6)" in page.text
    assert "Pat" not in page.text
    assert "Texts stand in mixed order." in page.text


def test_confidential_results_join_a_group_that_is_too_small(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    for secret in [*asked.secrets["practitioner"], *asked.secrets["panel"]]:
        world.answer(secret)
    world.close(asked)
    assert "everyone (10)" in get_page(f"{asked.address}results").text


def test_confidential_export_parts_texts_from_answers(world: World, confidential: Asked, ann: FlaskClient) -> None:
    world.close(confidential)
    book = load_workbook(io.BytesIO(ann.get(f"{confidential.address}export?format=excel").data))
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    with_text = {name for name, rows in sheets.items() if any("Text 0" in str(cell) for row in rows for cell in row)}
    assert with_text == {"reflections"}
    assert "Pat" not in str(sheets)


def test_confidential_people_page_shows_states_only(confidential: Asked, get_page: GetPage) -> None:
    states = {row[-1] for row in get_page(f"{confidential.address}people/").rows("12 people")}
    assert states == {"Sent"}

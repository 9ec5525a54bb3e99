"""Results and exports."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from openpyxl import load_workbook

from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.wording import JUDGEMENT_LABELS, OTHER_LABELS, RATING_LABELS
from scrqm_forms.services.results import show_round
from scrqm_forms.services.sample import fill_round
from scrqm_forms.web.words import upper_first

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


def head_of(page: Page, caption: str) -> list[str]:
    (table,) = [table for table in page.main.find("table") if table.find("caption")[0].text == caption]
    return [th.text for th in table.find("thead")[0].find("th")]


def test_results_count_judgements_by_marker_and_group(answered: Asked, get_page: GetPage) -> None:
    page = get_page(answered.address).follow("See results")
    assert head_of(page, "Judgement: Kettle") == ["Group", "Met", "Partly met", "Not met"]
    assert page.rows("Judgement: Kettle") == [
        ["Lead reviewers", "1 50%", "1 50%", "0"],
        ["Practitioners", "1 100%", "0", "0"],
        ["All together", "2 67%", "1 33%", "0"],
    ]


def test_marker_page_counts_answers_by_question_and_group(answered: Asked, get_page: GetPage) -> None:
    page = get_page(f"{answered.address}results").follow("1. Kettle")
    assert page.rows("Was the kettle full?")[0] == ["Lead reviewers", "0", "0", "1 100%", "1", "0"]
    assert page.rows("How many said so")[0] == ["There was no water.", "1", "0"]


def test_results_keep_every_reason_for_no_answer_apart(answered: Asked, get_page: GetPage) -> None:
    kettle, table = (get_page(f"{answered.address}results/{key}") for key in ("tea01", "tea02"))
    assert head_of(kettle, "Was the kettle full?") == ["Group", "Yes", "Partly", "No", "No answer", "Not asked"]
    assert head_of(kettle, "Was there a spare?")[4] == "Not applicable"
    assert head_of(table, "Judgement")[4:] == ["Not asked", "Not my part of the review"]


def test_marker_page_shows_texts_as_typed(answered: Asked, get_page: GetPage) -> None:
    page = get_page(f"{answered.address}results/tea01")
    assert "Half full at best." in page.text
    assert "The urn. And <milk>." in page.text
    assert "Well said." in get_page(f"{answered.address}results/closing").text


def test_marker_page_sets_groups_side_by_side(answered: Asked, get_page: GetPage) -> None:
    page = get_page(f"{answered.address}results/tea01")
    assert head_of(page, "Questions down, groups across") == ["Question", "Lead reviewers", "Practitioners"]
    rows = {row[0]: row[1:] for row in page.rows("Questions down, groups across")}
    assert rows["The marker as a whole"] == ["1 Met 1 Partly met", "1 Met"]
    assert rows["Was the kettle full?"] == ["1 No 1 without an answer 1 comment Half full at best.", "1 not asked"]


def test_group_that_said_nothing_is_named(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round({"chair": 2, "panel": 1})
    world.answer(asked.secrets["panel"][0])
    page = get_page(f"{asked.address}results/tea02")
    assert "Nobody answered of: chairs and board members." in page.text
    assert page.rows("Questions down, groups across")[0] == ["The marker as a whole", "Nobody answered", "1 Met"]
    assert "No answer from chairs and board members (nobody sent answers)." in page.text


def test_talk_about_these_first_begins_where_groups_differ_most(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round({"chair": 1, "panel": 1})
    said = {"full": ("yes", "partly"), "plan": ("yes", "no"), "spare": ("not_known", "not_known")}
    for n, role in enumerate(("chair", "panel")):
        entry = Entry(answers={key: codes[n] for key, codes in said.items()}, judgement="met")
        world.answer(asked.secrets[role][0], entries={"tea01": entry})
    page = get_page(f"{asked.address}results/tea01")
    (topics,) = page.with_class("topics")
    assert [link.text for link in topics.find("a")] == [
        "Was there a plan?",
        "Was there a spare?",
        "Was the kettle full?",
    ]
    assert (
        "chairs and board members (1 Yes) and panel members (1 No). They are far apart. Distance 1.00 of 1"
        in topics.text
    )
    assert "panel members (1 not in a position to know)." in topics.text
    assert "Werman, Peleg and Rosenfeld" in page.text


def test_marker_nobody_answered_is_one_line_and_no_marker_takes_more_than_two_places(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round({"chair": 1, "panel": 1})
    for role, code, judgement in (("chair", "yes", "met"), ("panel", "no", "not_met")):
        kettle = Entry(answers=dict.fromkeys(("full", "plan", "spare"), code), judgement=judgement)
        world.answer(asked.secrets[role][0], entries={"tea01": kettle, "tea02": Entry(reflections={"helped": "Us."})})
    (topics,) = get_page(f"{asked.address}results").with_class("topics")
    markers = [item.text for item in topics.find("li") if "Nobody chose" in item.text]
    assert markers == ["Nobody chose any answer on 2. Table"]
    assert topics.text.count("1. Kettle") == 2
    assert topics.text.strip().endswith(markers[0])
    page = get_page(f"{asked.address}results/tea02")
    assert "Nobody chose any answer on this marker." in page.text
    assert not page.with_class("topics")


def test_chart_says_in_words_what_it_draws(answered: Asked, get_page: GetPage) -> None:
    page = get_page(f"{answered.address}results/tea01")
    texts = [svg.find("desc")[0].text for svg in page.with_class("chart")]
    assert texts[0] == "Lead reviewers: Met 1, Partly met 1, Not met 0. Practitioners: Met 1, Partly met 0, Not met 0."
    assert 'style="' not in page.html


@pytest.mark.parametrize("entry", ["nonsense", "tea99"])
def test_marker_that_was_not_asked_has_no_results(answered: Asked, get_page: GetPage, entry: str) -> None:
    get_page(f"{answered.address}results/{entry}", 404)


def test_results_of_a_round_nobody_answered_are_a_page(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(f"{world.open_round().address}results")
    assert page.heading == "Results"
    assert "Nobody has sent answers yet." in page.text


def test_excel_export_opens_with_every_table(answered: Asked, ann: FlaskClient, get_page: GetPage) -> None:
    form = get_page(answered.address).follow("Export").form("Download")
    chosen = [each for each in form.find("input") if each["type"] == "checkbox" or "checked" in each.attrs]
    response = ann.get(form["action"], query_string=[(each["name"], each["value"]) for each in chosen])
    name = answered.review_key
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}-reflect.xlsx"'
    book = load_workbook(io.BytesIO(response.data))
    assert {"responses", "answers", "codebook", "participation"} <= {sheet.title for sheet in book}


def test_results_in_words_are_readable_and_drawn(answered: Asked, ann: FlaskClient) -> None:
    address = f"{answered.address}export?format=excel&table=results&table=codebook&values=labels"
    book = load_workbook(io.BytesIO(ann.get(address).data))
    heading, *rows = book["results"].iter_rows(values_only=True)
    row = next(row for row in rows if row[heading.index("column")] == "tea01.judgement")
    said = dict(zip(heading, row, strict=True))
    assert (said["marker_title"], said["group"], said["label"]) == ("Kettle", "Lead reviewers", "Met")
    assert "code" not in said
    assert [chart.title.tx.rich.p[0].r[0].t for chart in book["charts"]._charts] == ["Lead reviewers", "Practitioners"]


def test_log_has_the_whole_sha_256_of_the_file(answered: Asked, ann: FlaskClient, get_page: GetPage) -> None:
    data = ann.get(f"{answered.address}export?format=csv").data
    board = answered.address.partition("reviews/")[0]
    assert hashlib.sha256(data).hexdigest() in get_page(f"{board}log").text


def test_excel_export_keeps_text_as_text(answered: Asked, ann: FlaskClient) -> None:
    book = load_workbook(io.BytesIO(ann.get(f"{answered.address}export?format=excel").data))
    cells = [cell for row in book["responses"].iter_rows() for cell in row if cell.value == "=Thirst"]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize("table", ["responses", "answers", "results", "codebook", "participation"])
def test_csv_export_writes_the_table_that_is_named(answered: Asked, ann: FlaskClient, table: str) -> None:
    response = ann.get(f"{answered.address}export?format=csv&table={table}")
    assert response.content_type.startswith("text/csv")
    assert f'-{table}.csv"' in response.headers["Content-Disposition"]
    assert len(list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))) > 1


def test_export_is_read_after_every_request_but_its_own(
    answered: Asked, ann: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    precedence = ann.application.extensions["scrqm_forms"].precedence
    seen: list[int] = []

    def note(*_sender: object, **_more: object) -> None:
        seen.append(precedence.under_way)

    with template_rendered.connected_to(note):
        ann.get(answered.address)
    assert seen == [1]
    monkeypatch.setattr(precedence, "after_requests", lambda rows: note() or rows)
    assert ann.get(f"{answered.address}export?format=csv").data
    assert seen == [1, 0]
    assert precedence.under_way == 0


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
            with ann.get(form["action"], query_string=query) as response:
                assert response.status_code == 200, (name, value)


def test_export_page_begins_with_what_people_can_read(answered: Asked, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(f"{answered.address}export-options")
    query = page.data(button="Download").to_dict(flat=False) | {"format": "csv", "table": "responses"}
    text = ann.get(f"{answered.address}export", query_string=query).data.decode("utf-8-sig")
    heading, *rows = csv.reader(io.StringIO(text))
    assert "1. Was the kettle full?" in heading
    assert {row[heading.index("Role")] for row in rows} == {"Lead reviewer", "Practitioner or first-line manager"}


def test_every_format_can_be_downloaded_as_the_page_offers_it(
    answered: Asked, ann: FlaskClient, get_page: GetPage
) -> None:
    page = get_page(f"{answered.address}export-options")
    usual = page.data(button="Download").to_dict(flat=False)
    offered = [field["value"] for field in page.form("Download").find("input") if field["name"] == "format"]
    assert {"csv", "excel", "word"} <= {*offered}
    for key in offered:
        for values in ("labels", "codes", "both"):
            query = usual | {"format": [key], "values": [values]}
            with ann.get(f"{answered.address}export", query_string=query) as response:
                assert response.status_code == 200, (key, values)
                assert response.data


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
    ("query", "said"),
    [
        ("format=pdf", 'Format: "pdf" is not one of csv, csv-exact, excel'),
        ("format=", 'Format: "" is not one of csv, csv-exact, excel'),
        ("format=%00%ff", "is not one of csv, csv-exact, excel"),
        ("format=<script>alert(1)</script>", 'Format: "<script>alert(1)</script>" is not one of'),
        ("format=csv&table=secrets", 'Table: "secrets" is not one of about, responses, answers'),
        ("format=csv&table=all&table=x", 'Table: "x" is not one of about, responses, answers'),
        ("format=excel&table=responses,answers", 'Table: "responses,answers" is not one of about'),
        ("format=excel&table=../about", 'Table: "../about" is not one of about'),
        ("headings=x", 'Headings: "x" is not one of ids, wording, both.'),
        ("headings=IDS&values=x&table=x", 'Headings: "IDS" is not one of ids, wording, both.'),
        ("values=labels%20", 'Values: "labels " is not one of codes, labels, both.'),
        ("format=csv&values=x&values=codes", 'Values: "x" is not one of codes, labels, both.'),
        ("responses=x", 'Responses: "x" is not one of submitted, all.'),
        ("format=excel&" + "&".join(f"table={n}" for n in range(900)), 'Table: "0" is not one of about'),
    ],
)
def test_export_that_there_is_not_is_a_wrong_request_and_says_what_there_is(
    answered: Asked, get_page: GetPage, query: str, said: str
) -> None:
    page = get_page(f"{answered.address}export?{query}", 400)
    assert page.heading == "There is a problem"
    assert said in page.text
    assert "Traceback" not in page.html


def test_everybody_s_rows_of_a_confidential_round_are_against_the_rules(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.closed_round(ENOUGH, **CONFIDENTIAL)
    page = get_page(f"{asked.address}export?format=csv&responses=all", 409)
    assert "a confidential round has only those that were sent" in page.text


@pytest.fixture
def confidential(world: World, ann: FlaskClient) -> Asked:
    """An open confidential round in which everybody has answered."""
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    for n, secret in enumerate(secret for secrets in asked.secrets.values() for secret in secrets):
        world.answer(secret, f"Text {n:02}.")
    return asked


@pytest.mark.parametrize(
    "address", ["results", "results/tea01", "export-options", "export?format=csv", "export?format=excel"]
)
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


@pytest.mark.parametrize(
    "address", ["results", "results/tea01", "export-options", "export?format=csv", "export?format=excel"]
)
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
    assert "practitioners (6 of 6)" in page.text
    assert "Pat" not in page.text
    assert "Texts stand in mixed order." in page.text


def test_confidential_results_join_a_group_that_is_too_small(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    for secret in [*asked.secrets["practitioner"], *asked.secrets["panel"]]:
        world.answer(secret)
    world.close(asked)
    assert "everyone (10 of 12)" in get_page(f"{asked.address}results").text


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


# Pages and table agree


LABELS = {**RATING_LABELS, **JUDGEMENT_LABELS, **OTHER_LABELS, "black": "Black", "green": "Green"}


def cells_of(page: Page) -> dict[tuple[str, str, str], str]:
    """(question id or "judgement", group, label) -> what stands there, but nought and what is not shown."""
    cells = {}
    for section in page.with_class("counted"):
        head = [th.text for th in section.find("thead")[0].find("th")]
        for row in section.find("tbody")[0].find("tr"):
            group, *numbers = [cell.text for cell in row.find("th", "td")]
            cells |= {(section["id"], group, label): text for label, text in zip(head[1:], numbers, strict=True)}
    return {key: text for key, text in cells.items() if text not in ("0", "–") and key[1] != "All together"}


def exported(ann: FlaskClient, asked: Asked, titles: dict[str, str]) -> dict[str, dict[tuple[str, str, str], str]]:
    """Marker -> the same cells from the table of results."""
    text = ann.get(f"{asked.address}export?format=csv&table=results").data.decode("utf-8-sig")
    found: dict[str, dict[tuple[str, str, str], str]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["count"] != "0" and row["part"] != "obstacle":
            key = (row["item"] or "judgement", titles[row["group"]], LABELS[row["code"]])
            percent = f" {row['percent']}%" if row["percent"] else ""
            found.setdefault(row["marker"], {})[key] = row["count"] + percent
    return found


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_every_cell_of_the_pages_stands_in_the_table_of_results(
    web_app: Flask, world: World, ann: FlaskClient, get_page: GetPage, mode: str
) -> None:
    asked = world.open_round(ENOUGH, mode=mode)
    with web_app.app_context():
        fill_round(world.stored(asked), 40, 7, world.today)
    world.close(asked)
    with web_app.app_context():
        titles = {group.key: upper_first(group.title) for group in show_round(world.stored(asked)).groups}
    cells = exported(ann, asked, titles)
    for marker in ("tea01", "tea02", "tea03"):
        assert cells_of(get_page(f"{asked.address}results/{marker}")) == cells[marker]
    overview = cells_of(get_page(f"{asked.address}results"))
    judged = {
        (marker, *key[1:]): text for marker in cells for key, text in cells[marker].items() if key[0] == "judgement"
    }
    assert overview == judged
    assert len(judged) > 8


def test_obstacles_of_a_group_that_answered_nothing_on_the_marker_are_not_nought(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round({"chair": 1, "panel": 1})
    world.answer(asked.secrets["chair"][0], entries={"tea01": Entry(judgement="met")})
    world.answer(asked.secrets["panel"][0], entries={"tea01": Entry()})
    page = get_page(f"{asked.address}results/tea01")
    assert page.rows("How many said so")[0] == ["There was no water.", "0", "–"]
    text = ann.get(f"{asked.address}export?format=csv&table=results").data.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["column"] == "tea01.obstacles.no_water"]
    found = {(row["group"], row["code"]): row["count"] for row in rows}
    assert (found["chair", "met"], found["panel", ""], ("panel", "met") in found) == ("0", "1", False)


def test_obstacles_stand_in_the_table_of_results(answered: Asked, ann: FlaskClient, get_page: GetPage) -> None:
    text = ann.get(f"{answered.address}export?format=csv&table=results").data.decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["part"] == "obstacle" and row["code"] == "met"]
    page = get_page(f"{answered.address}results/tea01").rows("How many said so")
    assert [row["count"] for row in rows if row["marker"] == "tea01"] == [cell for row in page for cell in row[1:]]

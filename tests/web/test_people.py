"""Who is invited to a round, and their links."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import encode_multipart

from .page import Page, links_on
from .world import CONFIDENTIAL, ENOUGH, World

GetPage = Callable[..., Page]
Begin = Callable[..., Page]

PEOPLE = """name,email,role,agency
Sam Adeyemi,sam@example.org,chair,Health
Ira Novak,ira@example.org,Lead reviewer,Independent
"""


def add(people: Page, text: str = "", status: int = 200, **more: Any) -> Page:
    """Paste a list into the page of people, or upload a file."""
    return people.send({"people": text} if text else {}, button="Add", status=status, **more)


def test_people_are_added_from_a_pasted_list(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE)
    assert "2 added." in page.notices
    assert ["Ira Novak", "Lead reviewer", "Independent", "ira@example.org", "not made", "Not started"] in page.rows(
        "3 people"
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_pasted_list_may_come_from_a_spreadsheet(
    world: World, ann: FlaskClient, get_page: GetPage, separator: str
) -> None:
    asked = world.round()
    line = separator.join(["Sam Adeyemi", "sam@example.org", "chair", "Health"])
    page = add(get_page(f"{asked.address}people/"), line)
    assert "Sam Adeyemi" in page.links


@pytest.mark.parametrize(
    "content",
    [
        PEOPLE.encode(),
        b"\xef\xbb\xbf" + PEOPLE.replace("\n", "\r\n").encode(),
        PEOPLE.replace("Ira", "Zo\xeb").encode("cp1252"),
    ],
    ids=["utf8", "bom", "cp1252"],
)
def test_people_are_added_from_a_file(world: World, ann: FlaskClient, get_page: GetPage, content: bytes) -> None:
    asked = world.round()
    page = add(get_page(f"{asked.address}people/"), file=(io.BytesIO(content), "people.csv"))
    assert "2 added." in page.notices
    assert "Sam Adeyemi" in page.links
    assert {"Ira Novak", "Zo\xeb Novak"} & page.links.keys()


def test_people_who_are_there_are_left_as_they_are(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE)
    assert "1 added." in add(page, PEOPLE + "Kim,kim@example.org,panel,\n").notices


def test_pasted_list_may_be_long(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    form = get_page(f"{world.round().address}people/")
    boundary, body = encode_multipart(form.data({"people": "\n" * 600_000 + PEOPLE}, "Add"))
    response = ann.post(form.path, data=body, content_type=f"multipart/form-data; boundary={boundary}")
    assert response.status_code == 303
    assert "2 added." in form.again().notices


def test_faults_of_a_list_are_named_and_the_text_kept(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    before = world.dump()["invitation"]
    text = "Sam,sam@example.org,chair,Health\nIra,not-an-address,panel,\n\nKim,kim@example.org,king,\n"
    page = add(get_page(f"{asked.address}people/"), text, status=422)
    faults = page.with_class("error-summary")[0].text
    assert 'Line 2: "not-an-address" is not an e-mail address' in faults
    assert 'Line 4: the role "king" is not one of chair' in faults
    assert page.fields["people"] == text
    assert world.dump()["invitation"] == before


def test_faults_of_a_file_put_its_text_into_the_box(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    file = (io.BytesIO(b"Sam,sam@example.org,king,Health\r\n"), "people.csv")
    page = add(get_page(f"{asked.address}people/"), file=file, status=422)
    assert page.fields["people"] == "Sam,sam@example.org,king,Health\n"
    assert "king" in page.errors["people"]


def test_nobody_in_the_list_is_said(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = add(get_page(f"{world.round().address}people/"), " ", status=422)
    assert "There is nobody in this list" in page.errors["people"]


def test_pasted_list_survives_a_bad_token(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(f"{world.round().address}people/")
    refused = page.send({"people": PEOPLE, "csrf_token": "no-token"}, button="Add", status=400)
    assert [box.content.removeprefix("\n") for box in refused.main.find("textarea")] == [PEOPLE]


def test_person_is_corrected(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    new = {"name": "Pat Ngata", "email": "pat@example.org", "role": "panel", "agency": "Police"}
    page = person.send(new, button="Save")
    assert ["Pat Ngata", "Panel or sub-group member", "Police", "pat@example.org", "made", "Not started"] in page.rows(
        "1 people"
    )


@pytest.mark.parametrize(
    "values", [{"name": ""}, {"email": "not-an-address"}, {"role": "king"}], ids=["name", "email", "role"]
)
def test_faulty_correction_is_refused_with_the_form_kept(
    world: World, ann: FlaskClient, get_page: GetPage, values: dict[str, str]
) -> None:
    asked = world.open_round()
    before = world.dump()["invitation"]
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    page = person.send(values | {"agency": "Police"}, button="Save", status=422)
    assert page.errors
    assert page.fields["agency"] == "Police"
    assert world.dump()["invitation"] == before


def test_role_is_fixed_once_somebody_has_begun(world: World, ann: FlaskClient, get_page: GetPage, begin: Begin) -> None:
    asked = world.open_round()
    begin(asked.link)
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    assert "has begun" in " ".join(person.send({"role": "panel"}, button="Save", status=422).errors.values())


def test_person_who_has_not_begun_is_taken_out(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1").send(button="Take out of this round")
    assert "Nobody is invited yet." in page.text
    get_page(asked.link, 404)


def test_person_who_has_begun_stays(world: World, ann: FlaskClient, get_page: GetPage, begin: Begin) -> None:
    asked = world.open_round()
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    begin(asked.link)
    page = person.send(button="Take out of this round", status=422)
    assert "has begun answering" in " ".join(page.errors.values())
    assert "Take out of this round" not in page.buttons


def test_nobody_is_taken_out_of_an_open_confidential_round(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    person = get_page(f"{asked.address}people/").follow("Pat panel 1")
    assert "Take out of this round" not in person.buttons
    data = person.data().to_dict() | {"action": "remove"}
    assert ann.post(person.path, data=data).status_code == 422


def test_nobody_changes_groups_in_an_open_confidential_round(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    person = get_page(f"{asked.address}people/").follow("Pat panel 1")
    assert "another group" in " ".join(person.send({"role": "practitioner"}, button="Save", status=422).errors.values())
    assert person.send({"role": "lead_reviewer"}, button="Save").heading == "People"


def test_new_link_takes_the_place_of_the_lost_one(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1").send(button="Make a new link")
    (link,) = links_on(page).values()
    assert get_page(link).buttons == ["Start"]
    get_page(asked.link, 404)


@pytest.mark.parametrize(
    ("mode", "said"),
    [("named", "leads to what was already written"), ("confidential", "begins anew")],
)
def test_person_page_says_what_a_new_link_leads_to(
    world: World, ann: FlaskClient, get_page: GetPage, mode: str, said: str
) -> None:
    asked = world.open_round(mode=mode)
    assert said in get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1").text


def test_new_link_is_refused_after_sending_in_confidence(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round(mode="confidential")
    world.answer(asked.secrets["lead_reviewer"][0])
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    page = person.send(button="Make a new link", status=422)
    assert "answer twice" in " ".join(page.errors.values())


def test_links_are_shown_once(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    people = add(get_page(f"{asked.address}people/"), PEOPLE)
    page = people.send(button="Make the links")
    assert list(links_on(page)) == ["Sam Adeyemi", "Ira Novak"]
    assert "These links are shown this once." in page.notices
    assert people.send(button="Make the links").text == "Links Everyone has a link already."


def test_lost_list_of_links_is_made_anew(world: World, ann: FlaskClient, get_page: GetPage, begin: Begin) -> None:
    asked = world.open_round({"lead_reviewer": 2})
    begin(asked.links[0])
    page = get_page(f"{asked.address}people/").send(button="Make new links")
    assert list(links_on(page)) == ["Pat lead_reviewer 2"]
    get_page(asked.links[0])
    get_page(asked.links[1], 404)


def test_links_shown_lead_to_start_pages(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE).send(button="Make the links")
    for link in links_on(page).values():
        assert get_page(link).buttons == ["Start"]


def test_links_file_holds_the_links_of_the_page(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    people = PEOPLE + '"=1+1",eve@example.org,panel,@home\n'
    page = add(get_page(f"{asked.address}people/"), people).send(button="Make the links")
    response = ann.post(f"{asked.address}people/links.csv", data=page.data())
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="links-{asked.review_key}-reflect.csv"'
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [list(row.values())[:4] for row in rows] == [
        ["Sam Adeyemi", "sam@example.org", "chair", "Health"],
        ["Ira Novak", "ira@example.org", "lead_reviewer", "Independent"],
        ["'=1+1", "eve@example.org", "panel", "'@home"],
    ]
    shown = sorted(links_on(page).values())
    assert sorted(row["link"].removeprefix("http://localhost") for row in rows) == shown


def test_links_file_holds_no_link_of_another_round(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked, other = world.open_round(), world.open_round()
    data = get_page(f"{asked.address}people/").data().to_dict() | {"secret": other.secrets["lead_reviewer"][0]}
    text = ann.post(f"{asked.address}people/links.csv", data=data).text
    assert text.strip() == "\ufeffname,email,role,agency,link"


@pytest.fixture
def base_url(monkeypatch: pytest.MonkeyPatch, instance_path: Path) -> None:
    monkeypatch.setenv("SCRQM_FORMS_BASE_URL", "https://reflect.example.org/")


@pytest.mark.usefixtures("base_url")
def test_links_begin_with_the_address_that_is_set(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    people = add(get_page(f"{world.round().address}people/"), PEOPLE)
    links = links_on(people.send(button="Make the links")).values()
    assert [link.startswith("https://reflect.example.org/i/") for link in links] == [True, True]


def test_more_people_and_links_follow_after_opening(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE)
    assert "2 have no link yet." in page.text

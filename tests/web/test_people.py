"""Who is invited to a round, and their links."""

import csv
import io
import re
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
    assert ["Ira Novak", "Lead reviewer", "Independent", "ira@example.org"] in page.rows("3 people")


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
        "1 person"
    )


@pytest.mark.parametrize(
    "values",
    [{"name": ""}, {"email": "not-an-address"}, {"role": "king"}]
    + [{field: "x" * 301} for field in ("name", "email", "agency")],
    ids=["name", "email", "role", "long_name", "long_email", "long_agency"],
)
def test_faulty_correction_is_refused_at_its_field_with_the_form_kept(
    world: World, ann: FlaskClient, get_page: GetPage, values: dict[str, str]
) -> None:
    asked = world.open_round()
    before = world.dump()["invitation"]
    person = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    typed = {"agency": "Police"} | values
    page = person.send(typed, button="Save", status=422)
    assert list(page.errors) == list(values)
    assert page.fields["agency"] == typed["agency"]
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
    before = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    world.answer(asked.secrets["lead_reviewer"][0])
    page = before.send(button="Make a new link", status=422)
    assert "answer twice" in " ".join(page.errors.values())
    assert "Make a new link" not in page.buttons
    assert "answer twice, so none can be made" in page.text


def test_person_who_began_in_confidence_is_said_to_begin_again_before_a_new_link_is_made(
    world: World, ann: FlaskClient, get_page: GetPage, begin: Begin
) -> None:
    asked = world.open_round(mode="confidential")
    assert "begin again" not in get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1").notices
    begin(asked.link)
    assert "begin again" in get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1").notices


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (("named", "begun"), "What is not sent is not shown"),
        (("named", "submitted"), "take their answers back themselves"),
        (("confidential", "not_begun"), "told how many are in their group"),
        (("confidential", "submitted"), "nobody can tell which answers are theirs"),
    ],
)
def test_person_who_cannot_be_taken_out_is_explained_with_what_to_do_instead(
    world: World, ann: FlaskClient, get_page: GetPage, begin: Begin, where: tuple[str, str], said: str
) -> None:
    mode, state = where
    asked = world.open_round(mode=mode)
    if state == "begun":
        begin(asked.link)
    elif state == "submitted":
        world.answer(asked.secrets["lead_reviewer"][0])
    page = get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1")
    assert "Take out of this round" not in page.buttons
    assert said in page.text


def test_links_are_shown_once(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    people = add(get_page(f"{asked.address}people/"), PEOPLE)
    page = people.send(button="Make the links")
    assert list(links_on(page)) == ["Sam Adeyemi", "Ira Novak"]
    assert "These links are shown this once." in page.notices
    assert "Everyone has a link already." in people.send(button="Make the links").text


def test_links_are_not_made_before_the_round_is_open(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE)
    before = world.dump()["invitation"]
    assert "Make the links" not in page.buttons
    refused = ann.post(f"{asked.address}people/links", data={"csrf_token": page.data().to_dict()["csrf_token"]})
    assert "Open the round first" in refused.text
    assert world.dump()["invitation"] == before


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
    response = ann.post(f"{asked.address}people/links/file", data=page.data(button="A CSV file for mail merge"))
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
    text = ann.post(f"{asked.address}people/links/file", data=data | {"by": "mail-merge"}).text
    assert text.strip() == "\ufeffname,email,role,agency,link,subject,message"


@pytest.fixture
def base_url(monkeypatch: pytest.MonkeyPatch, instance_path: Path) -> None:
    monkeypatch.setenv("SCRQM_FORMS_BASE_URL", "https://reflect.example.org/")


@pytest.mark.usefixtures("base_url")
def test_links_begin_with_the_address_that_is_set(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    people = add(get_page(f"{world.open_round().address}people/"), PEOPLE)
    links = links_on(people.send(button="Make the links")).values()
    assert [link.startswith("https://reflect.example.org/i/") for link in links] == [True, True]


def test_more_people_and_links_follow_after_opening(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE)
    assert "2 people have no link yet." in page.text


def test_people_page_gives_the_addresses_of_those_who_have_not_sent(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.open_round({"panel": 2, "lead_reviewer": 1})
    world.answer(asked.secrets["panel"][0])
    page = get_page(f"{asked.address}people/")
    assert "lead_reviewer1@example.org; panel2@example.org" in page.with_class("digest")[0].text


def test_line_of_a_fault_is_the_one_an_editor_shows(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    text = '\nSam,sam@example.org,chair,"Health\nand care"\nIra,ira@example.org,king,\n'
    page = add(get_page(f"{world.round().address}people/"), text, status=422)
    assert page.errors["people"].startswith("Line 4: ")


# Letters


def letters_on(page: Page) -> list[str]:
    """The messages ready to be sent."""
    return [box.content.removeprefix("\n") for box in page.main.find("textarea")]


@pytest.mark.parametrize(
    ("mode", "said", "unsaid"),
    [
        ("named", "see your answers with your name", "confidential"),
        ("confidential", "stored apart from your name", "round is named"),
    ],
)
def test_letter_holds_the_link_and_what_the_start_page_promises(
    world: World, ann: FlaskClient, get_page: GetPage, mode: str, said: str, unsaid: str
) -> None:
    asked = world.open_round({"panel": 6}, mode=mode)
    page = get_page(f"{asked.address}people/").send(button="Make new links")
    letter, link = letters_on(page)[0], links_on(page)["Pat panel 1"]
    start = get_page(link).text
    assert link in letter
    assert said in letter
    assert unsaid not in letter
    for promise in ("The July review", "9 March 2026", "2 March 2027", "Jo in the business unit"):
        assert promise in letter
        assert promise in start
    (minutes,) = {match for text in (letter, start) for match in re.findall(r"bout (\d+) minutes", text)}
    assert minutes


def test_letter_of_a_name_with_a_percent_sign_is_whole(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = add(get_page(f"{asked.address}people/"), "Sam 100%(s,,chair,").send(button="Make the links")
    assert letters_on(page)[0].startswith("Dear Sam 100%(s,\n")


def test_links_file_holds_the_letters_of_the_page(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    page = add(get_page(f"{asked.address}people/"), PEOPLE).send(button="Make the links")
    rows = list(
        csv.DictReader(
            io.StringIO(
                ann.post(f"{asked.address}people/links/file", data=page.data(button="A CSV file for mail merge")).text[
                    1:
                ]
            )
        )
    )
    assert [row["message"] for row in rows] == letters_on(page)
    assert {row["subject"] for row in rows} == {"Your view of how the review was run: The July review"}


@pytest.mark.parametrize(
    ("purpose", "subject", "said"),
    [
        ("plan", "Your view before the review begins", "what should be prepared before it begins"),
        ("assure", "Your view of how the review is going", "while there is time to change things"),
        ("reflect", "Your view of how the review was run", "what should be different next time"),
        ("follow_up", "Your view some time after the review", "what has lasted"),
    ],
)
def test_letter_is_worded_for_the_purpose(
    world: World, ann: FlaskClient, get_page: GetPage, purpose: str, subject: str, said: str
) -> None:
    asked = world.open_round(purpose=purpose)
    page = get_page(f"{asked.address.replace('reflect', purpose)}people/").send(button="Make new links")
    assert f"{subject}: The July review" in page.html
    assert said in letters_on(page)[0]

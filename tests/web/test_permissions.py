"""Managing without reading, reading without managing: what each sees of a round. Single pages: test_access.py."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.storage.invitations import list_invitations

from .page import Page
from .page import get_page as get_page_by
from .world import CONFIDENTIAL, ENOUGH, SUPPORT, Asked, World

Enter = Callable[..., FlaskClient]
TEXT = "The kettle sang beautifully."
NAME = "Pat lead_reviewer 1"
CSV = "export?format=csv&table=responses"


@pytest.fixture
def enter(web_app: Flask, world: World, sign_in_once: Enter) -> Enter:
    """`enter("manage", ...)`: a browser of an administrator of the board North with these permissions alone."""
    world.board()

    def with_permissions(*permissions: str) -> FlaskClient:
        who = world.administrator(f"{'-'.join(permissions)}@example.org", "north", permissions)
        return sign_in_once(web_app.test_client(), who)

    return with_permissions


def read_everything(client: FlaskClient, start: str) -> str:
    """The text of every page that can be reached from one by links, and of what buttons that only show lead to."""
    seen: dict[str, str] = {}
    waiting = [start, *(start + path for path in ("people/", "results", "export-options", CSV, "preview"))]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.startswith(("/boards/", "/account")):
            continue
        response = client.get(path, follow_redirects=True)
        seen[path] = response.get_data(as_text=True)
        if response.content_type.startswith("text/html"):
            waiting += [href.partition("#")[0] for href in Page(client, response).links.values()]
    return "\n".join(seen.values())


def test_who_manages_a_named_round_sees_the_people_and_no_answer(world: World, enter: Enter) -> None:
    asked = world.open_round()
    world.answer(asked.secrets["lead_reviewer"][0], TEXT)
    read = read_everything(enter("manage", "service"), asked.address)
    assert NAME in read
    assert TEXT not in read


def test_who_reads_a_named_round_sees_answers_with_their_names(world: World, enter: Enter) -> None:
    asked = world.open_round()
    world.answer(asked.secrets["lead_reviewer"][0], TEXT)
    read = read_everything(enter("read_answers"), asked.address)
    assert TEXT in read
    assert NAME in read
    assert "lead_reviewer1@example.org" not in read


def test_who_reads_a_confidential_round_sees_nobody_s_name(world: World, enter: Enter) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    for secrets in asked.secrets.values():
        for secret in secrets:
            world.answer(secret, TEXT)
    world.close(asked)
    read = read_everything(enter("read_answers"), asked.address)
    assert TEXT in read
    assert "Pat " not in read


def test_who_reads_a_confidential_round_is_not_shown_a_person_either(world: World, enter: Enter) -> None:
    """What is held about a person of such a round is no answer, only who they are."""
    for asked, status in ((world.open_round(), 200), (world.open_round(ENOUGH, **CONFIDENTIAL), 403)):
        with world.app.app_context():
            (first, *_others) = list_invitations(world.stored(asked))
        response = enter("read_answers").get(f"{asked.address}people/{first.id}/data")
        assert response.status_code == status
        assert ("Pat " in response.text) is (status == 200)


def person_page(client: FlaskClient, asked: Asked) -> Page:
    return get_page_by(client, f"{asked.address}people/").follow(NAME)


def test_new_link_to_what_somebody_wrote_is_for_those_who_may_read_it(world: World, enter: Enter) -> None:
    """A link to a named response shows the answers to whoever opens it."""
    asked = world.open_round()
    world.answer(asked.secrets["lead_reviewer"][0], TEXT)
    client = enter("manage")
    page = person_page(client, asked)
    assert "Make a new link" not in page.buttons
    assert "only somebody who may read answers can make one" in page.text
    before = world.dump()
    response = client.post(page.path, data=page.data(button="Save").to_dict() | {"action": "link"})
    assert (response.status_code, "/i/" in response.text) == (403, False)
    assert world.dump() == before
    assert "/i/" in person_page(enter("manage", "read_answers"), asked).send(button="Make a new link").text


@pytest.mark.parametrize("settings", [{}, {**CONFIDENTIAL}], ids=["named", "confidential"])
def test_new_link_for_somebody_who_has_not_started_is_a_matter_of_managing(
    world: World, enter: Enter, settings: dict[str, object]
) -> None:
    asked = world.open_round(ENOUGH, **settings)
    assert "/i/" in person_page(enter("manage"), asked).send(button="Make a new link").text


def test_new_link_in_a_confidential_round_begins_anew_so_who_manages_makes_it(
    world: World, enter: Enter, get_page: Callable[..., Page], begin: Callable[..., Page]
) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    begin(asked.link)
    page = person_page(enter("manage"), asked)
    assert page.with_class("tag")[0].text == "Started"
    (link,) = [row[-1] for row in page.send(button="Make a new link").rows("1 link")]
    assert get_page(link.removeprefix("http://localhost")).buttons == ["Start"]


def test_links_made_for_all_lead_to_nobody_s_answers(world: World, enter: Enter) -> None:
    asked = world.open_round({"lead_reviewer": 2})
    world.answer(asked.secrets["lead_reviewer"][0], TEXT)
    page = get_page_by(enter("manage"), f"{asked.address}people/").send(button="Make new links")
    assert [row[0] for row in page.rows("1 link")] == ["Pat lead_reviewer 2"]


def test_round_page_offers_what_one_may_do(world: World, enter: Enter) -> None:
    asked = world.open_round()
    offered = {
        "manage": {"People and links", "Close the round"},
        "read_answers": {"See results", "Export"},
        "service": set(),
    }
    everything = {each for some in offered.values() for each in some}
    for permission, wanted in offered.items():
        page = get_page_by(enter(permission), asked.address)
        assert everything & page.links.keys() == wanted, permission
        assert page.buttons == (["Move", "Put this round on hold"] if permission == "manage" else [])
        assert "0 of 1 sent" in page.text
        assert "The questionnaire" in page.links


def test_round_being_set_up_shows_its_steps_to_all_and_leads_on_who_manages(world: World, enter: Enter) -> None:
    asked = world.round()
    for permission in ("manage", "read_answers"):
        page = get_page_by(enter(permission), asked.address)
        steps = [title for title in page.statuses if title in page.links]
        assert len(page.statuses) == 5
        assert len(steps) == (5 if permission == "manage" else 0)


def test_check_links_to_the_settings_for_those_who_may_change_them(world: World, enter: Enter) -> None:
    address = f"{world.round().address}check"
    for permissions, linked in ((("manage",), False), (("manage", "service"), True)):
        page = get_page_by(enter(*permissions), address)
        assert SUPPORT in page.text
        assert ("Change Whom participants can talk to" in page.links) is linked


def test_what_was_typed_is_given_back_when_the_permission_was_taken_away_meanwhile(
    web_app: Flask, world: World, enter: Enter
) -> None:
    client = enter("manage", "read_answers")
    page = get_page_by(client, f"{world.open_round().address}people/")
    world.administrator("manage-read_answers@example.org", "north", ["read_answers"])
    refused = page.send({"people": "Eve Long, eve@example.org, Chair"}, button="Add", status=403)
    assert "Eve Long" in " ".join(map(str, refused.fields.values()))

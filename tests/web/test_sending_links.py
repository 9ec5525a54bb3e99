"""Administrators send invitations and reminders through the pages; their state stands beside each person."""

import csv
import io
import re
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.hookspecs import CannotSend, Delivery, Message, TryLater
from scrqm_forms.services.context import context
from scrqm_forms.services.outbox import send_due
from scrqm_forms.services.sender import start_sender

from .page import Page
from .page import get_page as get_page_by
from .world import CONFIDENTIAL, Asked, World

GetPage = Callable[..., Page]
PEOPLE = "Sam Adeyemi,sam@example.org,chair,Health\nIra Novak,,panel,\n"


class Post:
    """A way that sends: keeps what it was given, or raises for an address."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.raises: dict[str, Exception] = {}
        self.arrived = threading.Event()

    def deliver(self, message: Message) -> None:
        if error := self.raises.get(message.email):
            raise error
        self.sent.append(message)
        self.arrived.set()


@pytest.fixture
def post(web_app: Flask) -> Iterator[Post]:
    post = Post()
    plugins = web_app.extensions["scrqm_forms"].plugins
    before = dict(plugins.deliveries), dict(plugins.owners)
    plugins.deliveries["post"] = Delivery(key="post", label="Carrier pigeon", deliver=post.deliver)
    plugins.owners["delivery post"] = "export_csv"
    yield post
    plugins.deliveries, plugins.owners = before


def go_out(app: Flask) -> None:
    with app.app_context():
        send_due(context(), datetime.now(UTC))


def people_of(page: Page) -> dict[str, str]:
    """Name -> what became of the message."""
    (table,) = page.root.find("table")
    return {row[0]: row[-1] for row in ([cell.text for cell in tr.find("th", "td")] for tr in table.find("tr")[1:])}


def invited(world: World, ann: FlaskClient, **settings: object) -> tuple[Asked, Page]:
    """An open round in which two have no link yet, one of them no address."""
    asked = world.open_round(**settings)
    page = get_page_by(ann, f"{asked.address}people/")
    return asked, page.send({"people": PEOPLE}, button="Add")


def test_links_are_sent_at_a_press(world: World, post: Post, ann: FlaskClient, get_page: GetPage) -> None:
    _asked, page = invited(world, ann)
    page = page.send(button="Make and send the links: Carrier pigeon")
    assert "1 message goes out now." in page.notices
    assert people_of(page) == {"Sam Adeyemi": "Waiting to go", "Pat lead_reviewer 1": "", "Ira Novak": ""}
    go_out(world.app)
    page = page.again()
    assert people_of(page)["Sam Adeyemi"] == "Sent"
    (message,) = post.sent
    assert message.email == "sam@example.org"
    assert message.link in message.body
    assert get_page(message.link.removeprefix("http://localhost")).buttons == ["Start"]
    assert "One person has no link yet." in page.text


def test_the_same_press_twice_sends_once(world: World, post: Post, ann: FlaskClient) -> None:
    asked, page = invited(world, ann)
    data = page.data(button="Make and send the links: Carrier pigeon")
    for _ in range(2):
        assert ann.post(f"{asked.address}people/send", data=data).status_code == 303
    go_out(world.app)
    assert len(post.sent) == 1
    assert get_page_by(ann, post.sent[0].link.removeprefix("http://localhost")).buttons == ["Start"]


def test_what_went_wrong_stands_on_the_page_of_the_person(world: World, post: Post, ann: FlaskClient) -> None:
    asked, page = invited(world, ann)
    post.raises["sam@example.org"] = CannotSend("there is no such address")
    page.send(button="Make and send the links: Carrier pigeon")
    go_out(world.app)
    page = get_page_by(ann, f"{asked.address}people/")
    assert people_of(page)["Sam Adeyemi"] == "Could not be sent"
    person = page.follow("Sam Adeyemi")
    assert "Invitation: Could not be sent (there is no such address)." in person.text
    post.raises.clear()
    again = person.send(button="Make and send a new link: Carrier pigeon")
    go_out(world.app)
    assert people_of(again.again())["Sam Adeyemi"] == "Sent"


def test_server_that_is_asleep_keeps_nobody_waiting(world: World, post: Post, ann: FlaskClient) -> None:
    _asked, page = invited(world, ann)
    post.raises["sam@example.org"] = TryLater("asleep")
    page = page.send(button="Make and send the links: Carrier pigeon")
    go_out(world.app)
    assert people_of(page.again())["Sam Adeyemi"] == "Waiting to go"


def test_way_that_is_not_there_is_told(world: World, post: Post, ann: FlaskClient) -> None:
    asked, page = invited(world, ann)
    data = page.data(button="Make and send the links: Carrier pigeon").to_dict() | {"by": "balloon"}
    response = ann.post(f"{asked.address}people/send", data=data, follow_redirects=True)
    assert "Delivery: “balloon”" in response.text.replace("&#34;", '"').replace('"balloon"', "“balloon”")


# Reminders


def test_reminder_is_looked_over_before_it_is_sent(world: World, post: Post, ann: FlaskClient) -> None:
    asked = world.open_round({"lead_reviewer": 2, "panel": 1})
    world.answer(asked.secrets["panel"][0])
    page = get_page_by(ann, f"{asked.address}people/").follow("Write reminders")
    assert "2 people have a link and have not sent their answers." in page.text
    assert "Lead reviewers: 2" in page.text
    assert "Panel members" not in page.text
    assert "it brings a new link to the 2 people who have not started" in page.text
    assert "A reminder: your view of The July review, until 9 March 2026" in page.text
    page = page.send({"by": "post"})
    assert "2 messages go out now." in page.notices
    go_out(world.app)
    assert {message.email for message in post.sent} == {"lead_reviewer1@example.org", "lead_reviewer2@example.org"}
    assert all(message.link and message.link in message.body for message in post.sent)


def test_confidential_reminder_has_no_link_and_says_so(world: World, post: Post, ann: FlaskClient) -> None:
    asked = world.open_round({"practitioner": 6}, **CONFIDENTIAL)
    page = get_page_by(ann, f"{asked.address}people/remind")
    assert "The reminder carries no link: nothing joins a person to what they have written" in page.text
    page.send({"by": "post"})
    go_out(world.app)
    assert len(post.sent) == 6
    assert {message.link for message in post.sent} == {""}
    assert not any("/i/" in message.body for message in post.sent)
    assert all("Please use the personal link you were sent before." in message.body for message in post.sent)


def test_reminders_as_files_change_nothing_and_are_noted(world: World, ann: FlaskClient) -> None:
    asked = world.open_round({"lead_reviewer": 2})
    page = get_page_by(ann, f"{asked.address}people/remind")
    before = world.dump()
    response = ann.post(f"{asked.address}people/remind", data=page.data({"by": "eml"}))
    assert re.fullmatch(r'attachment; filename="reminders-\w{8}-reflect\.zip"', response.headers["Content-Disposition"])
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert archive.namelist() == ["001.eml", "002.eml"]
        assert b"/i/" not in archive.read("001.eml")
    response = ann.post(f"{asked.address}people/remind", data=page.data({"by": "mail-merge"}))
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [(row["email"], row["link"]) for row in rows] == [(f"lead_reviewer{n}@example.org", "") for n in (1, 2)]
    after = world.dump()
    assert [row[4] for row in after.pop("event")] == ["reminders_packed"] * 2
    assert after == {table: rows for table, rows in before.items() if table != "event"}


@pytest.mark.parametrize("faulty", [{"groups": []}, {"by": []}], ids=["no_group", "no_way"])
def test_reminder_to_nobody_is_refused_at_its_field(
    world: World, post: Post, ann: FlaskClient, faulty: dict[str, list[str]]
) -> None:
    asked = world.open_round()
    page = get_page_by(ann, f"{asked.address}people/remind").send(faulty, status=422)
    (field,) = faulty
    assert page.root.find("a", href=f"#{field}")
    go_out(world.app)
    assert post.sent == []


def test_nobody_is_left_to_remind(world: World, ann: FlaskClient) -> None:
    for asked in (world.closed_round(), world.round()):
        assert "Nobody can answer now" in get_page_by(ann, f"{asked.address}people/remind").text


def test_links_page_offers_every_file_that_a_plugin_gives(world: World, ann: FlaskClient) -> None:
    asked, page = invited(world, ann)
    links = page.send(button="Make the links")
    data = links.data(button="E-mails to open in a mail program (.eml)")
    response = ann.post(f"{asked.address}people/links/file", data=data)
    assert response.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.data)) as archive:
        assert archive.namelist() == ["001.eml", "without-an-address.txt"]
        assert b"http://localhost/i/" in archive.read("001.eml").replace(b"=\r\n", b"")


def test_outbox_is_sent_while_pages_are_served(world: World, post: Post, ann: FlaskClient) -> None:
    _asked, page = invited(world, ann)
    sender = start_sender(world.app, pause=0.01)
    assert sender is not None
    try:
        page.send(button="Make and send the links: Carrier pigeon")
        assert post.arrived.wait(20)
    finally:
        sender.stop()
    assert [message.email for message in post.sent] == ["sam@example.org"]


def test_nothing_sends_where_no_plugin_can(web_app: Flask) -> None:
    assert start_sender(web_app) is None

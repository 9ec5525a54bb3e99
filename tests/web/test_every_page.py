"""Every address that answers with a page is fetched, and so checked as every page is (page.faults_of)."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from .page import Page, get_page
from .test_access import GETS, Doors
from .world import CONFIDENTIAL, World

#: What answers with a file, or leads elsewhere whatever is done.
NO_PAGES = {
    "static",
    "asset",
    "look.sheet",
    "look.logo",
    "participant.copy_file",
    "results.export",
    "board_markers.download",
    "register.export",
    "health.is_running",
    "health.is_ready",
    "boards.first_page",
    "security.static",
    "security.verify",
}


def test_every_page_is_sound(web_app: Flask, world: World, ann: FlaskClient, begin: Callable[..., Page]) -> None:
    """In states that between them show every page. A new route has its row in test_access.py already."""
    doors = Doors(web_app, world)
    world.board("south", "Southshire Board")
    begin(f"/i/{doors.secret}", ann)
    draft, closed = world.round({"panel": 5}, **CONFIDENTIAL), world.closed_round({"panel": 5}, **CONFIDENTIAL)
    adapter = web_app.url_map.bind("localhost")

    def fetch(address: str, by: FlaskClient = ann) -> str:
        """The endpoint arrived at."""
        found: str = adapter.match(get_page(by, address).path)[0]
        return found

    rows = [row for row in GETS if adapter.match(doors.address(row))[0] not in NO_PAGES]
    arrived = {fetch(doors.address(row)) for row in rows} | {fetch("/sign-in", web_app.test_client())}
    world.answer(doors.secret)
    arrived |= {fetch(doors.address(row)) for row in rows if "<handle>" in row}
    for asked in (draft, closed):
        person = {"int:invitation_id": get_page(ann, f"{asked.address}people/").links["Pat panel 1"].rpartition("/")[2]}
        within = [row for row in rows if "<round_key>" in row]
        arrived |= {fetch(doors.address(row, review_key=asked.review_key, **person)) for row in within}
    pages = {rule.endpoint for rule in web_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - NO_PAGES == arrived

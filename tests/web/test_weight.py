"""What a phone on a poor line has to fetch."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.services.context import context
from scrqm_forms.services.demo import fill_demo
from scrqm_forms.services.invitations import make_links
from scrqm_forms.services.responding import take_back
from scrqm_forms.storage.invitations import list_invitations

from .page import Page, get_page
from .world import World, found

LARGEST_PAGE, LARGEST_SCRIPT = 40_000, 7_000


@pytest.fixture
def links(web_app: Flask, world: World, instance_path: Path) -> list[str]:
    """To the demonstration, one for each role; answers that were sent are taken back."""
    with web_app.app_context():
        round_ = fill_demo(context(), world.today).round
        one_each = {each.person.role: each for each in list_invitations(round_)}
        secrets = {make_links(round_, each.id)[0].secret: each for each in one_each.values()}
        for secret, invitation in secrets.items():
            if invitation.state == "submitted":
                take_back(found(secret), world.today)
        return [f"/i/{secret}" for secret in secrets]


def weight(page: Page) -> int:
    """Bytes of a page, as sent, with its stylesheets and scripts."""
    parts = [each["href"] for each in page.root.find("link", rel="stylesheet")]
    parts += [each["src"] for each in page.root.find("script")]
    assert len(parts) == 2
    return len(page.response.data) + sum(len(page.client.get(part).data) for part in parts)


def test_heaviest_marker_page_with_style_and_script_stays_under_40_000_bytes(
    client: FlaskClient, links: list[str]
) -> None:
    weights = {}
    for link in links:
        tasks = get_page(client, link).send()
        for title in tasks.statuses:
            page = tasks.follow(title)
            weights[page.path] = weight(page)
    assert len(weights) > 80
    assert {path: number for path, number in weights.items() if number >= LARGEST_PAGE} == {}


def test_script_stays_small_enough_to_be_read(web_app: Flask) -> None:
    script = Path(web_app.static_folder or "") / "entry.js"
    assert len(script.read_bytes()) < LARGEST_SCRIPT

"""The rounds of one review side by side."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services.context import context
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.reviews import create_round
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage.reviews import get_review

from .page import Page
from .world import CONFIDENTIAL, ENOUGH, ROLE_KEYS, Asked, World

GetPage = Callable[..., Page]


def again(world: World, asked: Asked, people: dict[str, int], **settings: Any) -> Asked:
    """An open round more of the same review."""
    usual: dict[str, Any] = {"mode": "named", "minimum": 5, "roles": ROLE_KEYS, "markers": ("tea01",), "lengths": {}}
    with world.app.app_context():
        review = get_review(OPERATOR, asked.review_key)
        chosen = RoundSettings(**(usual | settings))
        round_ = create_round(context(), review, chosen, world.today, world.today + timedelta(days=7))
        invited = [(role, n) for role, number in people.items() for n in range(number)]
        invite_people(round_, [Person(name=f"Pat {role} {n}", email="", role=role, agency="") for role, n in invited])
        open_round(context(), round_, world.today)
        secrets: dict[str, list[str]] = {}
        for link in make_links(round_):
            secrets.setdefault(link.person.role, []).append(link.secret)
    address = asked.address.replace("/reflect/", f"/{round_.key}/")
    return Asked(id=round_.id, address=address, board_key="north", review_key=asked.review_key, secrets=secrets)


@pytest.fixture
def planned(world: World, ann: FlaskClient) -> Asked:
    """A round of two that looked back, whose review was planned by two others."""
    asked = world.open_round({"chair": 1, "panel": 1})
    for secrets in asked.secrets.values():
        world.answer(secrets[0], entries={"tea01": Entry(judgement="met", answers={"full": "no"})})
    before = again(world, asked, {"chair": 1, "panel": 1}, purpose="plan")
    for secrets in before.secrets.values():
        world.answer(secrets[0], entries={"tea01": Entry(judgement="not_met", answers={"full": "yes"})})
    return asked


def review_of(asked: Asked) -> str:
    return asked.address.removesuffix("reflect/")


def test_rounds_stand_side_by_side_question_by_question(planned: Asked, get_page: GetPage) -> None:
    page = get_page(review_of(planned)).follow("The rounds side by side")
    rows = page.rows("Judgement: 1. Kettle")
    assert rows == [
        ["Looking back: chairs and board members", "1 100%", "0", "0"],
        ["Planning: chairs and board members", "0", "0", "1 100%"],
        ["Looking back: panel members", "1 100%", "0", "0"],
        ["Planning: panel members", "0", "0", "1 100%"],
    ]
    kettle = page.follow("1. Kettle")
    assert "Looking back: Was the kettle full?" in kettle.text
    assert "Planning: Is the kettle full?" in kettle.text
    assert kettle.rows("Is the kettle full?")[1] == ["Planning: chairs and board members", "1 100%", "0", "0"]


def test_one_round_has_nothing_beside_it(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.open_round()
    assert "The rounds side by side" not in get_page(review_of(asked)).links
    assert "There is nothing to set side by side yet." in get_page(f"{review_of(asked)}rounds/").text
    get_page(f"{review_of(asked)}rounds/tea99", 404)


def test_confidential_round_stands_beside_others_once_it_may_be_shown(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    """In groups that hold together in every round: those of the confidential round, whatever a named one shows."""
    asked = world.closed_round(ENOUGH, **CONFIDENTIAL)
    open_ = again(world, asked, ENOUGH, purpose="follow_up", **CONFIDENTIAL)
    named = again(world, asked, {"panel": 1, "chair": 1, "practitioner": 1}, purpose="assure")
    for links in (*open_.secrets.values(), *named.secrets.values()):
        for secret in links:
            world.answer(secret)
    page = get_page(f"{review_of(asked)}rounds/tea01")
    assert "Nothing can be shown of: Following up (follow_up)" in page.text
    rest = "chairs and board members, panel members, lead reviewers and business unit staff"
    assert [row[:2] for row in page.rows("The marker as a whole")] == [
        [f"Looking back: {rest}", "6 100%"],
        [f"Taking stock: {rest}", "2 100%"],
        ["Looking back: practitioners", "6 100%"],
        ["Taking stock: practitioners", "1 100%"],
    ]

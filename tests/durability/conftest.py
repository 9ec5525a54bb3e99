"""An instance with an open round, served by a real program."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage.database import db

from .service import Service

PEOPLE = 50
MARKERS = ("qm08",)


def fill(path: Path) -> list[str]:
    """Make an instance with an open round of 50 people; the paths of their links."""
    today = datetime.now(UTC).date()
    settings = RoundSettings(
        purpose="reflect", mode="confidential", minimum=5, roles=("lead_reviewer",), markers=MARKERS, lengths={}
    )
    with make_app(path).app_context():
        board = create_board(OPERATOR, "Northshire Board", today, key="north")
        review = create_review(OPERATOR, board, NewReview(reference="2026-07", title="The July review"), today)
        round_ = create_round(context(), review, settings, today, today + timedelta(days=7))
        people = [Person(name=f"Person {n}", email="", role="lead_reviewer", agency="") for n in range(PEOPLE)]
        invite_people(round_, people)
        open_round(context(), round_, today)
        links = [f"/i/{link.secret}" for link in make_links(round_)]
        db.session.remove()
        db.engine.dispose()
    return links


@pytest.fixture
def links(instance_path: Path) -> list[str]:
    return fill(instance_path)


@pytest.fixture
def service(instance_path: Path, links: list[str]) -> Iterator[Service]:
    service = Service(instance_path)
    service.start()
    yield service
    service.end()

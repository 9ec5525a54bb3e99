"""One invented marker set about making tea, and questionnaires frozen from it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from scrqm_forms.domain.groups import make_groups
from scrqm_forms.domain.marker import LibraryMarker, Marker, MarkerSet, Obstacle, Option, Question, Role, Stage
from scrqm_forms.domain.questionnaire import Questionnaire, RoundSettings, freeze_questionnaire

#: host answers all, cook most, guest little.
ROLES = (
    Role(key="host", title="Host", plural="hosts"),
    Role(key="cook", title="Cook", plural="cooks"),
    Role(key="guest", title="Guest", plural="guests"),
)

TEA = MarkerSet(
    key="tea",
    title="Tea Quality Markers",
    prefix="tea",
    citation="Tea House (2016) Tea quality markers.",
    stages=(
        Stage(key="shop", title="Shopping"),
        Stage(key="brew", title="Brewing"),
        Stage(key="pour", title="Pouring"),
    ),
    roles=ROLES,
    closing=(
        Question(id="went_well", ask="What goes well in this {review}?", reflect="What went well?", kind="text"),
        Question(id="again", ask="Would you come again?", conditional=True),
    ),
)

KETTLE = Marker(
    id="tea01",
    number=1,
    title="Kettle care",
    stage="brew",
    statement="The {review} has a kettle.",
    rationale="{Board} tea is hot.",
    source="Tea House (2016)",
    wording_status="adapted",
    questions=(
        Question(id="full", ask="Is the kettle full?", reflect="Was the kettle of the {review} full?"),
        Question(id="plan", ask="Is there a plan?", reflect="Was there a plan?", roles=("host", "cook")),
        Question(id="spare", ask="Is there a spare?", reflect="Was there a spare?", conditional=True),
        Question(id="why", ask="Why?", reflect="Why was it so?", kind="text"),
        Question(
            id="leaf",
            ask="Which leaf?",
            reflect="Which leaf was it?",
            kind="choice",
            options=(Option(id="black", text="Black"), Option(id="green", text="Green, for the {subject}")),
        ),
    ),
    knowledge=("Every {family} knows.",),
    equality=(),
    guidance=("See {guidance}.",),
    obstacles=(Obstacle(id="no_water", text="The {board} had no water."), Obstacle(id="no_gas", text="No gas.")),
)

TABLE = Marker(
    id="tea02",
    number=2,
    title="Table",
    stage="pour",
    statement="There is a table.",
    rationale="Tea is put down.",
    source="Tea House (2016)",
    wording_status="published",
    questions=(Question(id="p1", ask="Is there a table?", roles=("host",), published=1),),
)


def library_marker(marker: Marker, marker_set: MarkerSet = TEA) -> LibraryMarker:
    return LibraryMarker(marker=marker, set=marker_set, origin=f"markers/tea/{marker.id}.toml")


def freeze_tea(**changes: Any) -> Questionnaire:
    """A questionnaire of both markers, looking back, named, each role on its own; `changes` to any part of that."""
    settings = {
        "purpose": "reflect",
        "mode": "named",
        "minimum": 5,
        "roles": ("host", "cook", "guest"),
        "markers": ("tea01", "tea02"),
        "lengths": {"guest": "brief"},
    }
    settings |= {key: changes.pop(key) for key in list(changes) if key in settings}
    parts = changes.pop("parts", (("host",), ("cook",), ("guest",)))
    rest = {
        "base_set": TEA,
        "roles": ROLES,
        "groups": make_groups(parts, ROLES),
        "vocabulary": {
            "review": "tea party",
            "board": "tea board",
            "subject": "guest",
            "family": "household",
            "guidance": "The Book of Tea",
        },
        "board": "Bwrdd Te Môn",
        "review_title": "Tea of March",
        "reference": "TEA-1",
        "keep_until": date(2027, 3, 2),
        "made_with": {"scrqm-forms": "0.1"},
    }
    chosen = changes.pop("chosen", (library_marker(KETTLE), library_marker(TABLE)))
    return freeze_questionnaire(RoundSettings(**settings), chosen, **(rest | changes))


@pytest.fixture(scope="session")
def freeze() -> Callable[..., Questionnaire]:
    return freeze_tea


@pytest.fixture(scope="session")
def kettle() -> LibraryMarker:
    """Marker tea01: a question of every kind, some of them not for guests, two obstacles."""
    return library_marker(KETTLE)


@pytest.fixture(scope="session")
def table() -> LibraryMarker:
    """Marker tea02: one question, for hosts alone, that has no looking-back wording."""
    return library_marker(TABLE)

"""Every page as a browser shows it: what axe finds, narrow screens, names of groups, and where the focus goes."""

from collections.abc import Callable

import pytest

from .inspection import Inspection
from .site import FAULTS, PAGES

Inspect = Callable[[str], Inspection]


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", PAGES | FAULTS)
def test_axe_finds_no_fault(inspect: Inspect, name: str, width: int) -> None:
    assert inspect(name).violations[width] == []


@pytest.mark.parametrize("name", PAGES | FAULTS)
def test_page_does_not_scroll_sideways_on_a_small_phone(inspect: Inspect, name: str) -> None:
    assert inspect(name).narrowest <= 320


@pytest.mark.parametrize("name", PAGES | FAULTS)
def test_nothing_is_blocked_or_missing_or_asked_of_another_host(inspect: Inspect, name: str) -> None:
    assert inspect(name).amiss == []


@pytest.mark.parametrize("name", FAULTS)
def test_summary_of_faults_takes_the_focus(inspect: Inspect, name: str) -> None:
    assert inspect(name).is_summary_focused
    assert inspect(name).title.startswith("Error:")


@pytest.mark.parametrize(
    "name", ["entry full", "entry brief", "entry local", "new round", "round settings", "round groups"]
)
def test_every_group_of_radios_is_found_by_its_question(inspect: Inspect, name: str) -> None:
    found = inspect(name)
    assert found.groups == found.legends != []

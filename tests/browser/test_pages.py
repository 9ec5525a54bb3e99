"""Every page as a browser shows it: what axe finds and what it cannot see."""

from collections.abc import Callable

import pytest
from flask import Flask

from .inspection import Inspection
from .pages import FAULTS, NO_FAULTS, NO_PAGES, PAGES, endpoint_of
from .site import Site

#: What is not there in earnest.
NOT_FOUND = {"error: not found", "participant.start: wrong link", "markers.choose_board: none"}
Inspect = Callable[[str], Inspection]
every_page = pytest.mark.parametrize("name", PAGES | FAULTS)
every_fault = pytest.mark.parametrize("name", FAULTS)


def endpoints(app: Flask, method: str) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ())}


def test_every_route_has_its_page_and_every_form_its_faults(standing_site: Site) -> None:
    """A new route needs a line in pages.py."""
    pages, faults = (set(map(endpoint_of, names)) for names in (PAGES, FAULTS))
    assert endpoints(standing_site.app, "GET") - NO_PAGES.keys() <= pages
    assert endpoints(standing_site.app, "POST") - NO_FAULTS.keys() <= faults | {"people.save_person"}


@every_page
def test_page_stands_where_its_name_says(inspect: Inspect, standing_site: Site, name: str) -> None:
    adapter = standing_site.app.url_map.bind("127.0.0.1")
    allowed = adapter.allowed_methods(inspect(name).path)
    found = {adapter.match(inspect(name).path, method=method)[0] for method in allowed}
    assert endpoint_of(name) in (found or {"error"})
    assert inspect(name).status != 404 or name in NOT_FOUND


@every_page
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_no_fault(inspect: Inspect, name: str, width: int) -> None:
    assert inspect(name).violations[width] == []


@every_page
def test_page_does_not_scroll_sideways_on_a_small_phone(inspect: Inspect, name: str) -> None:
    assert inspect(name).narrowest <= 320


@every_page
def test_page_does_not_scroll_sideways_with_text_set_far_apart(inspect: Inspect, name: str) -> None:
    assert inspect(name).spaced <= 320


@every_page
def test_nothing_is_blocked_or_missing_or_asked_of_another_host(inspect: Inspect, name: str) -> None:
    assert inspect(name).amiss == []


@every_page
def test_every_question_over_radios_or_boxes_names_its_group(inspect: Inspect, name: str) -> None:
    assert inspect(name).unnamed == []


@every_fault
def test_every_error_is_told_with_its_field(inspect: Inspect, name: str) -> None:
    assert inspect(name).untold == []


@every_fault
def test_summary_of_faults_takes_the_focus_and_leads_to_the_fields(inspect: Inspect, name: str) -> None:
    assert inspect(name).is_summary_focused
    assert inspect(name).astray == []


@every_fault
def test_title_says_that_there_is_an_error(inspect: Inspect, name: str) -> None:
    assert inspect(name).title.startswith("Error: ")


def test_no_two_different_pages_share_a_title(inspect: Inspect) -> None:
    """The same page for another person does: titles stay in a browser's history, so names are kept out of some."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for name in PAGES | FAULTS:
        endpoints, headings = found.setdefault(inspect(name).title, (set(), set()))
        endpoints.add(endpoint_of(name))
        headings.add(inspect(name).heading)
    assert [title for title, (pages, headings) in found.items() if len(pages) > 1 and len(headings) > 1] == []

"""Every page as a browser shows it: what axe finds and what it cannot see."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from .inspection import Inspection
from .pages import FAULTS, NO_FAULTS, NO_PAGES, PAGES, endpoint_of
from .site import Site

#: What is not there in earnest.
NOT_FOUND = {"error: not found", "participant.start: wrong link", "markers.choose_board: none"}
Inspect = Callable[[str], Inspection]


@pytest.fixture(scope="session")
def titles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file in which every process notes the titles it has seen."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "titles.jsonl"


def endpoints(app: Flask, method: str) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ())}


def test_every_route_has_its_page_and_every_form_its_faults(standing_site: Site) -> None:
    """A new route needs a line in pages.py."""
    pages, faults = (set(map(endpoint_of, names)) for names in (PAGES, FAULTS))
    assert endpoints(standing_site.app, "GET") - NO_PAGES.keys() <= pages
    assert endpoints(standing_site.app, "POST") - NO_FAULTS.keys() <= faults | {"people.save_person"}


@pytest.mark.parametrize("name", PAGES | FAULTS)
def test_page_is_as_every_page_must_be(inspect: Inspect, standing_site: Site, titles: Path, name: str) -> None:
    """One test a page, since a browser's visit is what takes the time; all that is wrong is told at once."""
    page = inspect(name)
    found = faults_of_page(standing_site.app, name, page) | (faults_of_error(page) if name in FAULTS else {})
    found["shares its title with"] = same_title(titles, name, page)
    assert {what: wrong for what, wrong in found.items() if wrong} == {}


def faults_of_page(app: Flask, name: str, page: Inspection) -> dict[str, object]:
    return {
        "stands elsewhere": is_elsewhere(app, name, page) and page.path,
        "found by axe on a phone": page.violations[360],
        "found by axe on a desk": page.violations[1280],
        "scrolls sideways on a small phone": page.narrowest > 320 and page.narrowest,
        "scrolls sideways with text set far apart": page.spaced > 320 and page.spaced,
        "blocked, missing or asked of another host": page.amiss,
        "questions over radios or boxes whose group has no name": page.unnamed,
    }


def faults_of_error(page: Inspection) -> dict[str, object]:
    return {
        "not told with its field": page.untold,
        "summary without the focus": not page.is_summary_focused,
        "leads to no field": page.astray,
        "title does not say Error": not page.title.startswith("Error: ") and page.title,
    }


def is_elsewhere(app: Flask, name: str, page: Inspection) -> bool:
    adapter = app.url_map.bind("127.0.0.1")
    found = {adapter.match(page.path, method=method)[0] for method in adapter.allowed_methods(page.path)}
    return endpoint_of(name) not in (found or {"error"}) or (page.status == 404 and name not in NOT_FOUND)


def same_title(titles: Path, name: str, page: Inspection) -> list[str]:
    """Other pages of this title, of those seen so far in any process.

    The same page for another person does: titles stay in a browser's history, so names are kept out of some.
    """
    with titles.open("a", encoding="utf-8") as seen:
        seen.write(json.dumps([page.title, endpoint_of(name), page.heading]) + "\n")
    others = [json.loads(line) for line in titles.read_text(encoding="utf-8").splitlines()]
    same = {(endpoint, heading) for title, endpoint, heading in others if title == page.title}
    is_fault = len({endpoint for endpoint, _ in same}) > 1 and len({heading for _, heading in same}) > 1
    return sorted(endpoint for endpoint, _ in same) if is_fault else []

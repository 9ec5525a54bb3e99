"""A browser, and the demonstration served to it. With no Chromium these skip; with REQUIRE_BROWSER=1 they fail."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, Response

from scrqm_forms.services.demo import Demo
from scrqm_forms.web.app import create_app

from .chromium import MISSING, launch_arguments
from .inspection import Inspection, inspect_page
from .pages import FAULTS, PAGES
from .site import Site, fill, open_copy, serve
from .states import serve_standing


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = launch_arguments()
    if arguments is None:
        pytest.fail(MISSING) if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip(MISSING)
    return browser_type_launch_args | arguments


@pytest.fixture(scope="session")
def base_url() -> None:
    """In place of the plugin's own, which makes pytest 9 warn."""


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Demo]:
    """An instance that holds the demonstration, to be copied."""
    path = tmp_path_factory.mktemp("demo") / "instance"
    return path, fill(path)


@pytest.fixture
def site(filled: tuple[Path, Demo], tmp_path: Path) -> Iterator[Site]:
    """The demonstration, for one test to change."""
    site = open_copy(*filled, tmp_path / "instance")
    with serve(site.app) as site.url:
        yield site


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """A program that nobody has used yet."""
    app = create_app(tmp_path / "instance", local=True)
    with serve(app) as url:
        yield Site(url, app)


@pytest.fixture(scope="session")
def standing_site(filled: tuple[Path, Demo], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration and rounds in every state, for many tests to look at."""
    with serve_standing(*filled, tmp_path_factory.mktemp("standing")) as site:
        yield site


def watch(context: BrowserContext) -> list[str]:
    """Fills up with what is amiss: a message on the console (a blocked style or script would be one), a script that
    fails, a file that is missing, a request to another host."""
    faults: list[str] = []

    def check_request(request: Request) -> None:
        if not request.url.startswith("http://127.0.0.1:"):
            faults.append(f"asked for {request.url}")

    def check_response(response: Response) -> None:
        """What a script is answered when it saves may well be that it cannot."""
        told = response.request.is_navigation_request() or response.request.resource_type == "fetch"
        if response.status >= 400 and not told:
            faults.append(f"{response.status} for {response.url}")

    def check_message(message: ConsoleMessage) -> None:
        # The status of an error page is told there too, and is no fault of the page.
        if not message.text.startswith("Failed to load resource"):
            faults.append(message.text)

    context.on("request", check_request)
    context.on("response", check_response)
    context.on("console", check_message)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.set_default_timeout(10_000)
    return faults


@pytest.fixture
def context(context: BrowserContext) -> Iterator[BrowserContext]:
    """A browser's memory of its own, in which nothing may be amiss at the end of the test."""
    faults = watch(context)
    yield context
    assert faults == []


@pytest.fixture(scope="session")
def inspect(browser: Browser, standing_site: Site) -> Iterator[Callable[[str], Inspection]]:
    """`inspect(name)`: visits a page of `pages.py`, and tells what there is to find on it."""
    context = browser.new_context(accept_downloads=False)
    faults, page = watch(context), context.new_page()
    answers: list[int] = []
    page.on("response", lambda response: response.request.is_navigation_request() and answers.append(response.status))

    def visit(name: str) -> Inspection:
        page.set_viewport_size({"width": 1280, "height": 800})
        faults.clear()
        (PAGES | FAULTS)[name](standing_site, page)
        page.wait_for_load_state()
        return inspect_page(page, answers[-1], faults)

    yield visit
    context.close()

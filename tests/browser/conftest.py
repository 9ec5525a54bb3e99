"""A browser, and the demonstration served to it. With no Chromium these skip; with REQUIRE_BROWSER=1 they fail."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, Response
from werkzeug.serving import make_server

from scrqm_forms.services.demo import Demo, fill_demo
from scrqm_forms.storage.database import db
from scrqm_forms.web.app import create_app
from scrqm_forms.web.demo import add_demo_links

from .inspection import Inspection, inspect_page
from .site import FAULTS, PAGES, Site, add_rounds

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        reason = "no Chromium: apt-get install chromium, or name one in CHROMIUM"
        pytest.fail(reason) if os.environ.get("REQUIRE_BROWSER") == "1" else pytest.skip(reason)
    return {**browser_type_launch_args, "executable_path": found, "args": list(FLAGS)}


@pytest.fixture(scope="session")
def base_url() -> None:
    """In place of the plugin's own, which makes pytest 9 warn."""


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """The app's address while it is served."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Demo]:
    """An instance that holds the demonstration, to be copied."""
    path = tmp_path_factory.mktemp("demo") / "instance"
    app = create_app(path)
    with app.app_context():
        demo = fill_demo(app.extensions["scrqm_forms"], date.today())  # noqa: DTZ011  as the command line does
        db.engine.dispose()
    return path, demo


@pytest.fixture
def site(filled: tuple[Path, Demo], tmp_path: Path) -> Iterator[Site]:
    """The demonstration as `scrqm-forms demo` shows it, for one test to change."""
    path, demo = filled
    app = create_app(shutil.copytree(path, tmp_path / "instance"))
    administrator, results = add_demo_links(app, demo)
    with serve(app) as url:
        yield Site(url, app, administrator, results, f"/i/{demo.participant}")


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[Site]:
    """A program that nobody has used yet."""
    app = create_app(tmp_path / "instance")
    with serve(app) as url:
        yield Site(url, app)


@pytest.fixture(scope="session")
def standing_site(filled: tuple[Path, Demo], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demonstration and a round in every state, for many tests to look at."""
    path, demo = filled
    app = create_app(shutil.copytree(path, tmp_path_factory.mktemp("standing") / "instance"))
    administrator, results = add_demo_links(app, demo)
    site = Site("", app, administrator, results, f"/i/{demo.participant}")
    add_rounds(site)
    with serve(app) as url:
        site.url = url
        yield site


def watch(context: BrowserContext) -> list[str]:
    """Fills up with what is amiss: a message on the console (a blocked style or script would be one), a script that
    fails, a file that is missing, a request to another host."""
    faults: list[str] = []

    def check_request(request: Request) -> None:
        if not request.url.startswith("http://127.0.0.1:"):
            faults.append(f"asked for {request.url}")

    def check_response(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
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
    """`inspect(name)`: what there is to find on a page of `site.PAGES`, each of which is visited once."""
    context = browser.new_context(accept_downloads=False)
    faults, page = watch(context), context.new_page()

    @cache
    def visit(name: str) -> Inspection:
        page.set_viewport_size({"width": 1280, "height": 800})
        faults.clear()
        (PAGES | FAULTS)[name](standing_site, page)
        page.wait_for_load_state()
        return inspect_page(page, faults)

    yield visit
    context.close()

"""What is served, and how a browser gets into it."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Locator, Page
from werkzeug.serving import make_server

from scrqm_forms.services.accounts import make_sign_in_link
from scrqm_forms.services.demo import Demo, fill_demo
from scrqm_forms.storage.database import db
from scrqm_forms.web.app import create_app
from scrqm_forms.web.demo import add_demo_links


class Site:
    """A program that is served, with the keys to it."""

    def __init__(self, url: str, app: Flask, administrator: str = "", results: str = "", participant: str = "") -> None:
        self.url, self.app = url, app
        #: Paths of the demonstration's three links.
        self.administrator, self.results, self.participant = administrator, results, participant
        #: Name -> path of a round's page; name and number -> path of somebody's link to it.
        self.rounds: dict[str, str] = {}
        self.links: dict[str, str] = {}
        #: Name of a link -> address of the task list that it led to.
        self.tasks: dict[str, str] = {}
        #: Address of a program that nobody has used yet.
        self.empty: Site | None = None

    def welcome(self, email: str | None = None) -> str:
        """Address of a new one-time link: for a new administrator, or for one who lost the password."""
        with self.app.app_context():
            return f"{self.url}/welcome/{make_sign_in_link(datetime.now(UTC), email=email)}"

    def begin(self, page: Page, link: str) -> str:
        """Open a link and press Start; the address of the task list."""
        page.goto(f"{self.url}{link}")
        leave(page, page.get_by_role("button", name="Start").or_(page.get_by_role("button", name="Go on")))
        return page.url

    def enter(self, page: Page, path: str = "") -> None:
        """Go to a page as the demonstration's administrator."""
        page.goto(f"{self.url}{path or self.administrator}")
        if "/sign-in" in page.url:
            page.goto(f"{self.url}{self.administrator}")
            page.goto(f"{self.url}{path}")

    @contextmanager
    def days_later(self, days: int) -> Iterator[None]:
        """For the pages it is that many days later."""
        self.app.config["NOW"] = datetime.now(UTC) + timedelta(days=days)
        try:
            yield
        finally:
            self.app.config["NOW"] = None


def leave(page: Page, target: Locator) -> None:
    """Press what leads to another page, and wait until that is whole: a click alone is done before it is."""
    with page.expect_event("load"):
        target.click()


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


def fill(path: Path) -> Demo:
    """Make an instance that holds the demonstration."""
    app = create_app(path, local=True)
    with app.app_context():
        demo = fill_demo(app.extensions["scrqm_forms"], date.today())  # noqa: DTZ011  as the command line does
        db.engine.dispose()
    return demo


def open_copy(filled: Path, demo: Demo, path: Path) -> Site:
    """The demonstration as `scrqm-forms demo` shows it, from a copy of its instance; not served yet."""
    app = create_app(shutil.copytree(filled, path), local=True)
    administrator, results = add_demo_links(app, demo)
    return Site("", app, administrator, results, f"/i/{demo.participant}")

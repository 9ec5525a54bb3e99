"""Saving while somebody types, in a real browser: whatever comes in between, the text stays or comes back."""

import queue
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from werkzeug.serving import BaseWSGIServer, make_server

from scrqm_forms.domain.links import handle_of
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services.context import context as context_of_app
from scrqm_forms.services.demo import Demo
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.responding import (
    Participant,
    begin_response,
    find_participant,
    read_entries,
    save_entry,
    submit_response,
)
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage import boards
from scrqm_forms.storage.database import db
from scrqm_forms.storage.reviews import round_by_id
from scrqm_forms.web.app import create_app

from .conftest import watch

PHONE = {"width": 360, "height": 740}
KEY = "qm08"
AUTOSAVE = f"**/{KEY}/autosave"

pytestmark = pytest.mark.browser_context_args(viewport=PHONE, timezone_id="Europe/London")
without_scripts = pytest.mark.browser_context_args(viewport=PHONE, java_script_enabled=False)


def today() -> date:
    return datetime.now().astimezone().date()


def find(secret: str) -> Participant:
    participant = find_participant(secret)
    assert participant is not None
    return participant


def make_secrets(app: Flask, number: int) -> list[str]:
    """Of links to a round of its own that asks for one marker."""
    roles = ("chair",)
    settings = RoundSettings(purpose="reflect", mode="named", minimum=5, roles=roles, markers=(KEY,), lengths={})
    with app.app_context():
        review = create_review(OPERATOR, boards.get_board(OPERATOR, "example"), NewReview(reference="saving"), today())
        round_ = create_round(context_of_app(), review, settings, today(), today() + timedelta(days=7))
        people = [Person(name=f"Pat {n}", email=f"pat{n}@example.org", role="chair", agency="") for n in range(number)]
        invite_people(round_, people)
        secrets = [link.secret for link in make_links(round_)]
        open_round(context_of_app(), round_by_id(round_.id), today())
    return secrets


class Program:
    """A round with a link for every test, in a program that can be stopped, and started again at the same address."""

    def __init__(self, path: Path) -> None:
        self.path, self.port = path, 0
        #: Status of every answer to the script, in order.
        self.answers: queue.Queue[int] = queue.Queue()
        self.server: BaseWSGIServer | None = None
        self.start()
        self.secrets = iter(make_secrets(self.app, 60))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        if self.server is not None:
            return
        self.app: Flask = create_app(self.path)
        server = make_server("127.0.0.1", self.port, self._listen, threaded=True)
        self.server, self.port = server, server.port
        self.thread = threading.Thread(target=server.serve_forever)
        self.thread.start()

    def stop(self) -> None:
        if self.server is None:
            return
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.server = None
        with self.app.app_context():
            db.engine.dispose()

    def begin(self, secret: str) -> str:
        """The cookie of a browser in which somebody has pressed Start."""
        with self.app.app_context():
            begin_response(find(secret), today())
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(signer.dumps({"links": [secret]}))

    def _listen(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        def note(status: str, *rest: Any) -> Any:
            if environ["PATH_INFO"].endswith("/autosave"):
                self.answers.put(int(status[:3]))
            return start_response(status, *rest)

        return self.app.wsgi_app(environ, note)


@pytest.fixture(scope="module")
def program(filled: tuple[Path, Demo], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    program = Program(shutil.copytree(filled[0], tmp_path_factory.mktemp("saving") / "instance"))
    yield program
    program.stop()


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> Iterator[BrowserContext]:
    """Here the script's requests may fail; nothing else may be amiss."""
    context = new_context()
    faults = watch(context)
    yield context
    assert [fault for fault in faults if "/autosave" not in fault] == []


class Visit:
    """Somebody's entry, open in a tab, at five seconds to 14:03."""

    def __init__(self, program: Program, page: Page) -> None:
        program.answers.queue.clear()
        self.program, self.page, self.secret = program, page, next(program.secrets)
        page.clock.install(time=datetime(2026, 3, 2, 14, 2, 55, tzinfo=UTC))
        page.context.add_cookies([{"name": "scrqm_forms", "value": program.begin(self.secret), "url": program.url}])
        page.goto(f"{program.url}/r/{handle_of(self.secret)}/{KEY}")
        # As a person does; a browser asks only those who have touched the page.
        self.box.click()

    def open_link(self) -> None:
        """In another tab."""
        page = self.page.context.new_page()
        page.goto(f"{self.program.url}/i/{self.secret}")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your markers")

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("What helped?")

    @property
    def saved(self) -> Locator:
        return self.page.locator("#saved")

    def stored(self) -> str | None:
        """What the program has of it, once it has answered the script."""
        return self.entry().reflections.get("helped")

    def entry(self) -> Entry:
        with self.program.app.app_context():
            return read_entries(find(self.secret)).get(KEY, (Entry(), 0))[0]

    def answered(self) -> int:
        """Wait for the next answer to the script."""
        return self.program.answers.get(timeout=10)

    def wait(self, seconds: int) -> None:
        """Let the page's clock go on."""
        self.page.clock.fast_forward(seconds * 1000)

    def stop_the_clock(self) -> None:
        """It only goes on by `wait`."""
        self.page.clock.pause_at(datetime(2026, 3, 2, 14, 3, tzinfo=UTC))

    def press(self, name: str = "Save and continue", page: Page | None = None) -> None:
        (page or self.page).get_by_role("button", name=name, exact=True).click()

    def save_elsewhere(self, text: str, version: int = 0) -> None:
        """On another device."""
        with self.program.app.app_context():
            save_entry(find(self.secret), KEY, Entry(reflections={"helped": text}), version, today())

    def leave(self) -> None:
        """Close the tab, as people do: the browser may ask."""
        self.page.close(run_before_unload=True)

    def stays_when_asked(self) -> None:
        """The browser asks before the tab is closed; the answer is to stay."""
        with self.page.expect_event("dialog") as asked:
            self.leave()
        assert asked.value.type == "beforeunload"
        asked.value.dismiss()
        expect(self.box).to_be_visible()

    def come_back(self) -> None:
        """From another tab."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.fixture
def visit(program: Program, page: Page) -> Iterator[Visit]:
    yield Visit(program, page)
    program.start()


NOW = "Saved at 14:0"
LATER = "Saved at 14:03"


# While somebody types


def test_text_is_stored_ten_seconds_after_the_last_key_and_said_to_be(visit: Visit) -> None:
    visit.stop_the_clock()
    visit.box.fill("\nThe urn.")
    visit.wait(9)
    expect(visit.saved).to_have_text("")
    visit.wait(1)
    expect(visit.saved).to_have_text(LATER)
    assert visit.stored() == "\nThe urn."
    assert visit.answered() == 200


def test_text_is_stored_once_a_minute_while_somebody_goes_on_typing(visit: Visit) -> None:
    visit.stop_the_clock()
    for letter in "abcdefg":
        visit.box.press_sequentially(letter)
        visit.wait(9)
    assert visit.answered() == 200
    assert visit.stored() == "abcdefg"


def test_choice_and_a_box_that_is_left_are_stored_at_once(visit: Visit) -> None:
    visit.page.get_by_label("Partly met").check()
    assert visit.answered() == 200
    assert visit.entry().judgement == "partly_met"
    visit.box.fill("The urn.")
    visit.page.get_by_label("What got in the way?").click()
    assert visit.answered() == 200
    expect(visit.saved).to_contain_text(NOW)
    assert visit.stored() == "The urn."


def test_nothing_is_sent_while_nothing_is_changed(visit: Visit) -> None:
    visit.come_back()
    visit.wait(120)
    visit.page.reload()
    assert visit.program.answers.empty()


def hide(visit: Visit) -> None:
    visit.come_back()


def follow_a_link(visit: Visit) -> None:
    visit.page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<a href=/left>Out</a>')")
    visit.page.get_by_role("link", name="Out").click()
    expect(visit.page.locator("#saved")).to_have_count(0)


def go_elsewhere(visit: Visit) -> None:
    visit.page.goto(f"{visit.program.url}/left")


def go_back(visit: Visit) -> None:
    visit.page.go_back()  # to the browser's own empty page


def close_the_tab(visit: Visit) -> None:
    visit.leave()


def press_stop(visit: Visit) -> None:
    visit.press("Stop for now")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("What you saved is kept")


@pytest.mark.parametrize("leave", [hide, follow_a_link, go_elsewhere, go_back, close_the_tab, press_stop])
def test_text_is_stored_when_the_page_is_left_unasked(visit: Visit, leave: Callable[[Visit], None]) -> None:
    visit.box.fill("The urn.")
    leave(visit)
    assert visit.answered() == 200
    assert visit.stored() == "The urn."


def test_nothing_is_kept_in_the_browser(visit: Visit) -> None:
    visit.box.fill("The urn.")
    visit.wait(10)
    expect(visit.saved).to_have_text(LATER)
    kept = "[localStorage.length, sessionStorage.length]"
    assert visit.page.evaluate(kept) == [0, 0]
    assert visit.page.evaluate("indexedDB.databases()") == []
    assert visit.page.evaluate("caches.keys()") == []
    assert "urn" not in str(visit.page.evaluate("history.state"))


# The network, the program and what stands before it


def test_without_a_network_text_stays_leaving_is_asked_about_and_it_saves_itself_later(visit: Visit) -> None:
    visit.box.fill("The urn.")
    visit.page.context.set_offline(True)
    visit.stays_when_asked()
    visit.press()
    expect(visit.saved).to_contain_text("Not saved yet. What you typed stays on this page")
    expect(visit.box).to_have_value("The urn.")
    visit.page.context.set_offline(False)
    expect(visit.saved).to_contain_text(NOW)
    assert visit.stored() == "The urn."


def test_program_that_is_started_again_gets_the_text(visit: Visit) -> None:
    visit.box.fill("The urn.")
    visit.program.stop()
    visit.wait(10)
    expect(visit.saved).to_contain_text("Not saved yet.")
    visit.press()
    expect(visit.saved).to_contain_text("Not saved yet.")
    visit.program.start()
    visit.wait(15)
    expect(visit.saved).to_contain_text("Saved at")
    assert visit.stored() == "The urn."


def test_button_does_not_lead_to_the_page_of_a_proxy_whose_program_is_away(visit: Visit) -> None:
    visit.page.route(f"**/{KEY}*/**", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    visit.box.fill("The urn.")
    visit.press()
    expect(visit.saved).to_contain_text("Not saved yet.")
    expect(visit.box).to_have_value("The urn.")
    visit.stays_when_asked()
    visit.page.unroute_all()
    visit.press()
    expect(visit.box).to_have_count(0)
    assert visit.stored() == "The urn."


def test_answer_that_never_arrived_is_no_conflict(visit: Visit) -> None:
    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    visit.page.route(AUTOSAVE, lose_the_answer, times=1)
    visit.box.fill("The urn.")
    visit.wait(10)
    expect(visit.saved).to_contain_text("Not saved yet.")
    assert visit.stored() == "The urn."
    visit.box.fill("The urn. And more.")
    visit.wait(15)
    expect(visit.saved).to_contain_text("Saved at")
    assert visit.stored() == "The urn. And more."


# Cookie and token


def lose_cookie(visit: Visit) -> None:
    visit.page.context.clear_cookies()
    visit.wait(10)
    expect(visit.saved).to_contain_text("Open your link again in another tab")
    visit.open_link()


def lose_token(visit: Visit) -> None:
    visit.page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(each => each.value = '')")


@pytest.mark.parametrize("lose", [lose_cookie, lose_token])
def test_text_saves_itself_on_coming_back_after_a_loss(visit: Visit, lose: Callable[[Visit], None]) -> None:
    visit.box.fill("\nThe urn.")
    lose(visit)
    visit.come_back()
    expect(visit.saved).to_contain_text("Saved at")
    assert visit.stored() == "\nThe urn."


@pytest.mark.parametrize("lose", [lose_cookie, lose_token])
def test_button_saves_after_a_loss(visit: Visit, lose: Callable[[Visit], None]) -> None:
    visit.box.fill("The urn.")
    lose(visit)
    visit.press()
    expect(visit.box).to_have_count(0)
    assert visit.stored() == "The urn."


def test_leaving_is_asked_about_while_the_cookie_is_gone(visit: Visit) -> None:
    visit.box.fill("The urn.")
    visit.page.context.clear_cookies()
    visit.wait(10)
    expect(visit.saved).to_contain_text("Open your link again")
    visit.stays_when_asked()
    visit.press()
    visit.page.get_by_label("Your text 1").click()
    with visit.page.expect_event("dialog") as asked:
        visit.leave()
    asked.value.dismiss()
    expect(visit.page.get_by_label("Your text 1")).to_have_value("The urn.")


# Two tabs


def test_second_tab_is_told_and_both_texts_are_shown_and_joined(visit: Visit) -> None:
    visit.box.fill("Typed here.")
    visit.save_elsewhere("Typed there.")
    visit.wait(10)
    expect(visit.saved).to_contain_text("also changed in another window. Press Save to see both")
    visit.stays_when_asked()
    visit.press()
    expect(visit.page.locator(".kept")).to_have_text(["Typed here.", "Typed there."])
    visit.page.get_by_label("Both").click()
    with visit.page.expect_event("dialog") as asked:
        visit.leave()
    asked.value.dismiss()
    visit.press("Save")
    expect(visit.box).to_have_value("Typed there.\n\nTyped here.")
    assert visit.stored() == "Typed there.\n\nTyped here."


def test_text_that_the_browser_brings_back_does_not_go_over_a_newer_one(visit: Visit) -> None:
    visit.box.fill("Old.")
    visit.wait(10)
    expect(visit.saved).to_have_text(LATER)
    visit.save_elsewhere("Newer.", version=1)
    visit.page.reload()
    # As Firefox does after a restart, once the page's script has run.
    visit.box.evaluate("each => { each.value = 'Old.'; each.dispatchEvent(new Event('input', {bubbles: true})); }")
    visit.wait(10)
    expect(visit.saved).to_contain_text("also changed in another window")
    assert visit.stored() == "Newer."


def test_page_reloaded_with_unsaved_text_loses_nothing(visit: Visit) -> None:
    visit.box.fill("The urn.")
    visit.page.reload()
    assert visit.answered() == 200
    visit.page.reload()
    expect(visit.box).to_have_value("The urn.")


# The button


def test_button_pressed_while_a_save_is_on_its_way_waits_for_it(visit: Visit) -> None:
    held: queue.Queue[Route] = queue.Queue()
    visit.page.route(AUTOSAVE, held.put, times=1)
    visit.box.fill("The urn.")
    with visit.page.expect_request(AUTOSAVE):
        visit.wait(10)
    visit.box.press_sequentially("!")
    visit.press()
    expect(visit.saved).to_contain_text("Saving")
    visit.page.wait_for_timeout(0)
    held.get(timeout=10).continue_()
    expect(visit.box).to_have_count(0)
    assert visit.stored() == "The urn.!"


def test_button_pressed_twice_saves_once(visit: Visit) -> None:
    visit.box.fill("The urn.")
    visit.page.get_by_role("button", name="Save and continue").dblclick()
    expect(visit.box).to_have_count(0)
    assert visit.stored() == "The urn."
    visit.save_elsewhere("Second version.", version=1)


def test_enter_on_a_choice_saves(visit: Visit) -> None:
    visit.box.fill("The urn.")
    visit.page.get_by_label("Partly met").press("Enter")
    expect(visit.box).to_have_count(0)
    assert visit.stored() == "The urn."


def test_too_long_text_is_counted_refused_with_its_count_and_stays(visit: Visit) -> None:
    text = "é" * 100_001
    visit.box.fill(text)
    expect(visit.page.locator(".count")).to_have_text("1 more than fits")
    visit.wait(10)
    expect(visit.saved).to_contain_text("This text has 100,001 characters; there is room for 100,000.")
    visit.stays_when_asked()
    visit.press()
    expect(visit.page.locator(".error-summary")).to_contain_text("This text has 100,001 characters")
    expect(visit.box).to_have_value(text)
    visit.box.fill("Short.")
    visit.press()
    expect(visit.box).to_have_count(0)
    assert visit.stored() == "Short."


def test_answers_sent_meanwhile_leave_the_text_on_the_page_and_leaving_is_asked_about(visit: Visit) -> None:
    visit.box.fill("The urn.")
    with visit.program.app.app_context():
        submit_response(find(visit.secret), today())
    visit.wait(10)
    expect(visit.saved).to_contain_text("Your answers were sent.")
    visit.press()
    expect(visit.box).to_have_value("The urn.")
    visit.box.click()
    visit.stays_when_asked()


# Every box, and without scripts


TEXTS = [
    "\n\nA line left free. " + "word " * 9_990,
    "👩🏽‍💻 🏴󠁧󠁢󠁷󠁬󠁳󠁿\n😀 e\u0301 \u00e9 \u212b",
    "שלום \u202eright to left\u202c سلام \u200b\ufeff",
    "</textarea><b>&amp; \"quoted\" 'too' &#10; {{ 7 * 7 }}\ttab  ",
]


@pytest.mark.parametrize(
    "scripts", [pytest.param(True, id="scripts"), pytest.param(False, id="no_scripts", marks=without_scripts)]
)
def test_every_box_is_kept_through_restart_and_lost_cookie_and_token(visit: Visit, scripts: bool) -> None:
    boxes = visit.page.locator("textarea:visible")
    typed = {}
    for n, box in enumerate(boxes.all()):
        typed[box.get_attribute("name")] = TEXTS[n % len(TEXTS)]
        box.fill(TEXTS[n % len(TEXTS)])
    assert len(typed) >= len(TEXTS)
    visit.program.stop()
    visit.program.start()
    visit.page.context.clear_cookies()
    if scripts:
        visit.wait(15)  # a save may have met with the program gone
        expect(visit.saved).to_contain_text("Open your link again")
    else:
        visit.press()
        expect(visit.page.get_by_role("heading", level=1)).to_have_text("Open your link again, then press Save")
    # The cookie of a new visit takes no token of the old one.
    visit.open_link()
    visit.press("Save and continue" if scripts else "Save")
    expect(visit.box).to_have_count(0)
    entry = visit.entry()
    texts = {f"comment-{key}": text for key, text in entry.comments.items()}
    assert texts | {f"reflection-{key}": text for key, text in entry.reflections.items()} == typed


@without_scripts
def test_without_scripts_a_lost_token_brings_the_text_back(visit: Visit) -> None:
    visit.box.fill("\nThe urn.")
    visit.page.context.clear_cookies()
    visit.open_link()
    visit.press()
    expect(visit.page.locator(".error-summary")).to_contain_text("press Save again")
    visit.press()
    expect(visit.box).to_have_count(0)
    assert visit.stored() == "\nThe urn."


@without_scripts
def test_without_scripts_both_texts_are_shown_and_joined(visit: Visit) -> None:
    visit.box.fill("Typed here.")
    visit.save_elsewhere("Typed there.")
    visit.press()
    expect(visit.page.locator(".kept")).to_have_text(["Typed here.", "Typed there."])
    visit.press("Save")
    expect(visit.box).to_have_value("Typed there.\n\nTyped here.")

"""Two browsers with three tabs on one link, in every order: what was acknowledged is there, what was typed is shown.

Each piece of text is one word that occurs once, so that where it is can be told. A word that was acknowledged may go
only when a person took it away: deleted it in a tab that showed it, or did not pick it on the choosing page.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flask.testing import FlaskClient
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from scrqm_forms.domain.links import receipt_of

from .page import Page, checked, get_page
from .script import Script
from .world import World

BOXES = ("reflection-helped", "comment-full")
TABS, BROWSERS = st.integers(0, 2), st.integers(0, 1)
EXAMPLES, STEPS = 25, 30
LOST = "Open your link again, then press Save"


def words_in(text: str) -> set[str]:
    return set(re.findall(r"\bword\d+\b", text))


class Tab:
    """A tab with the entry open, and what its person has typed there since."""

    def __init__(self, page: Page) -> None:
        #: Of the choosing page: box -> words typed here, words saved meanwhile.
        self.sides: dict[str, tuple[set[str], set[str]]] = {}
        self.show(page)

    def show(self, page: Page) -> None:
        self.page = page
        self.typed: dict[str, str] = {}
        #: Words that the page has shown.
        self.seen = words_in(page.html)
        #: What the script has changed of the form's hidden fields.
        self.hidden: dict[str, str] = {}
        self.stopped = False
        if page.heading != LOST:  # which carries a choice along
            self.sides = dict(_sides_on(page))

    @property
    def boxes(self) -> dict[str, str]:
        """What the form would send, be it in a box or carried along unseen."""
        sent = self.page.data(self.typed)
        return {name: sent.get(name, "") for name in BOXES}

    @property
    def words(self) -> set[str]:
        return words_in(" ".join(self.boxes.values()))

    @property
    def can_save(self) -> bool:
        return any(text.startswith("Save") for text in self.page.buttons)

    @property
    def can_type(self) -> bool:
        return self.can_save and self.page.heading == "Kettle"


def _sides_on(page: Page) -> Iterator[tuple[str, tuple[set[str], set[str]]]]:
    for section in page.with_class("section"):
        sides = [words_in(each.content) for each in section.find("p") if "kept" in each.classes]
        if sides:
            yield section.find("input")[0]["name"].removeprefix("pick-"), (sides[0], sides[1])


class Tabs(RuleBasedStateMachine):
    world: World
    secret: str
    #: The database before anybody has pressed Start.
    before: bytes

    def __init__(self) -> None:
        super().__init__()
        self.world.fingerprint()  # closes the database
        self.world.database.write_bytes(self.before)
        # Two tabs share a browser, and so its cookie; the third is on another device.
        desk, phone = self.browsers = [self.world.app.test_client() for _ in range(2)]
        self.knows_link = [True, True]
        self.home = self.open_link(desk).path
        self.open_link(phone)
        self.tabs = [Tab(get_page(browser, f"{self.home}tea01")) for browser in (desk, desk, phone)]
        self.acknowledged: set[str] = set()
        self.number = 0

    def open_link(self, browser: FlaskClient) -> Page:
        """The task list."""
        self.knows_link[self.browsers.index(browser)] = True
        return get_page(browser, f"/i/{self.secret}").send()

    def acknowledge(self, kept: set[str], given_up: set[str]) -> None:
        self.acknowledged = self.acknowledged - given_up | kept

    @invariant()
    def every_acknowledged_word_is_stored(self) -> None:
        stored = words_in(str(self.world.entries(self.secret)))
        assert self.acknowledged <= stored, f"lost: {self.acknowledged - stored}"

    # What people do

    @rule(n=TABS, box=st.sampled_from(BOXES), adds=st.booleans())
    def type(self, n: int, box: str, adds: bool) -> None:
        """A new word, after what is there or in its place."""
        tab = self.tabs[n]
        if tab.can_type:
            self.number += 1
            word = f"word{self.number}"
            tab.typed[box] = f"{tab.boxes[box]} {word}" if adds else word
            tab.seen.add(word)

    @rule(n=TABS)
    def pause(self, n: int) -> None:
        """The script saves what was typed."""
        tab = self.tabs[n]
        if tab.can_type and not tab.stopped and 'data-autosave="' in tab.page.html:
            script = Script(tab.page)
            script.sent |= tab.boxes | tab.hidden
            told = self.autosave(script)
            if "token" in told:
                tab.hidden["csrf_token"] = script.sent["csrf_token"] = told["token"]
                told = self.autosave(script)
                assert "token" not in told
            if "version" in told:
                tab.hidden["version"] = told["version"]
                self.acknowledge(tab.words, tab.seen - tab.words)
            tab.stopped = "stop" in told

    @staticmethod
    def autosave(script: Script) -> dict[str, Any]:
        answer = script.page.client.post(script.address, data=script.sent)
        told: dict[str, Any] = answer.get_json()
        assert (answer.status_code == 200) == ("version" in told)
        return told

    @rule(n=TABS, pick=st.sampled_from(["as proposed", "here", "elsewhere", "both"]), aside=st.booleans())
    def press_save(self, n: int, pick: str, aside: bool) -> None:
        """On whatever page the tab shows; on the choosing page with the same pick for all."""
        tab = self.tabs[n]
        if not tab.can_save:
            return
        asked = [name for name in tab.page.fields if name.startswith("pick-") and pick != "as proposed"]
        button = "This was not my part of the review" if aside and tab.can_type else ""
        sent = tab.page.data(tab.typed | tab.hidden | dict.fromkeys(asked, pick), button)
        answer = tab.page.client.post(tab.page.form()["action"], data=sent)
        if answer.status_code == 303:
            kept, given_up = self.chosen(tab, sent) if "joins" in sent else (tab.words, tab.seen - tab.words)
            self.acknowledge(kept, given_up)
            tab.show(get_page(tab.page.client, f"{self.home}tea01"))
        else:
            typed = tab.words
            tab.show(checked(tab.page.client, answer, answer.status_code))
            assert typed == tab.words, "what was typed is not on the page that came back"

    @staticmethod
    def chosen(tab: Tab, sent: Mapping[str, str]) -> tuple[set[str], set[str]]:
        """(words kept, words given up) by the picks that are sent."""
        given_up: set[str] = set()
        for box, (here, elsewhere) in tab.sides.items():
            pick = sent[f"pick-{box}"]
            # One that holds the other is proposed alone, and loses nothing: there the difference is empty.
            given_up |= {"here": elsewhere - here, "elsewhere": here - elsewhere, "both": set()}[pick]
        shown = set().union(tab.words, *(side for sides in tab.sides.values() for side in sides))
        return shown - given_up, given_up

    @rule(n=TABS)
    def reload(self, n: int) -> None:
        """What was typed in this tab and not saved is given up."""
        client = self.tabs[n].page.client
        if self.knows_link[self.browsers.index(client)]:
            self.tabs[n].show(get_page(client, f"{self.home}tea01"))

    @rule(n=TABS)
    def lose_the_token(self, n: int) -> None:
        self.tabs[n].hidden["csrf_token"] = ""

    @rule(n=BROWSERS)
    def lose_the_cookie(self, n: int) -> None:
        self.browsers[n].delete_cookie("scrqm_forms")
        self.knows_link[n] = False

    @rule(n=BROWSERS)
    def open_the_link_again(self, n: int) -> None:
        self.open_link(self.browsers[n])

    @rule(n=BROWSERS)
    def send(self, n: int) -> None:
        tasks = self.open_link(self.browsers[n])
        if "Check and send" in tasks.links:
            done = tasks.follow("Check and send").send(button="Send my answers")
            assert [each.text for each in done.with_class("code")] == [receipt_of(self.secret)]

    @rule(n=BROWSERS)
    def take_back(self, n: int) -> None:
        tasks = self.open_link(self.browsers[n])
        if "Check and send" not in tasks.links:
            tasks.send(button="Take my answers back to change them")


def test_no_acknowledged_word_is_lost_whatever_is_done_in_three_tabs(world: World) -> None:
    Tabs.world, Tabs.secret = world, world.open_round().link.removeprefix("/i/")
    Tabs.before = world.database.read_bytes()
    run_state_machine_as_test(
        Tabs, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, print_blob=True)
    )

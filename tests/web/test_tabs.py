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
from werkzeug.test import TestResponse

from scrqm_forms.domain.links import handle_of, receipt_of
from scrqm_forms.domain.response import Entry
from scrqm_forms.services.responding import submit_response, take_back

from .page import Page
from .script import Script
from .world import World, found

#: Of the marker with the shortest page.
BOXES = ("reflection-helped", "reflection-hindered")
TABS, PICKS = st.integers(0, 2), st.sampled_from(["as proposed", "here", "elsewhere", "both"])
EXAMPLES, STEPS = 20, 25
LOST = "Open your link again, then press Save"


def words_in(text: str) -> set[str]:
    return set(re.findall(r"\bword\d+\b", text))


class Tab:
    """A tab with the entry open, and what its person has typed there since."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        self.client, self.address = client, address
        #: Of the choosing page: box -> words typed here, words saved meanwhile.
        self.sides: dict[str, tuple[set[str], set[str]]] = {}
        self.load()

    def load(self) -> None:
        #: Words that have stood in its boxes since: what is gone from there was taken away by somebody who saw it.
        self.seen: set[str] = set()
        self.show(self.client.get(self.address))

    def show(self, answer: TestResponse) -> None:
        """Checked by other tests: here there are too many."""
        self.page = page = Page(self.client, answer)
        self.typed: dict[str, str] = {}
        self.seen |= self.words
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
        return self.can_save and self.page.heading == "Cups"


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
        desk, phone = self.world.app.test_client(), self.world.app.test_client()
        self.open_link(desk)
        self.open_link(phone)
        self.tabs = [Tab(browser, f"/r/{handle_of(self.secret)}/tea03") for browser in (desk, desk, phone)]
        self.acknowledged: set[str] = set()
        self.number = 0

    def open_link(self, browser: FlaskClient) -> None:
        browser.set_cookie("scrqm_forms", self.world.visit(self.secret)[0])

    def acknowledge(self, kept: set[str], given_up: set[str]) -> None:
        self.acknowledged = self.acknowledged - given_up | kept

    @invariant()
    def every_acknowledged_word_is_stored(self) -> None:
        entry = self.world.entries(self.secret).get("tea03", Entry())
        stored = words_in(" ".join(entry.reflections.values()))
        assert self.acknowledged <= stored, f"lost: {self.acknowledged - stored}"

    # What people do

    @rule(n=TABS, box=st.sampled_from(BOXES), adds=st.booleans(), saves=st.booleans())
    def type(self, n: int, box: str, adds: bool, saves: bool) -> None:
        """A new word, after what is there or in its place."""
        self.add_word(self.tabs[n], box, adds)
        if saves:
            self.pause(self.tabs[n])

    @rule(n=TABS, m=TABS, box=st.sampled_from(BOXES), adds=st.booleans())
    def type_in_two(self, n: int, m: int, box: str, adds: bool) -> None:
        """The first saves, and then the other, which has not seen that."""
        for tab in (self.tabs[n], self.tabs[m]):
            self.add_word(tab, box, adds)
        self.pause(self.tabs[n])
        self.press(self.tabs[m])

    def add_word(self, tab: Tab, box: str, adds: bool) -> None:
        if tab.can_type:
            self.number += 1
            word = f"word{self.number}"
            tab.typed[box] = f"{tab.boxes[box]} {word}" if adds else word
            tab.seen.add(word)

    def pause(self, tab: Tab) -> None:
        """The script saves what was typed."""
        if not tab.can_type or tab.stopped or 'data-autosave="' not in tab.page.html:
            return
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

    @rule(n=TABS, pick=PICKS, token=st.sampled_from(["kept", "lost"]))
    def press_save(self, n: int, pick: str, token: str) -> None:
        """On whatever page the tab shows; on the choosing page with the same pick for all."""
        tab = self.tabs[n]
        tab.hidden |= {"csrf_token": ""} if token == "lost" else {}
        self.press(tab, pick)

    def press(self, tab: Tab, pick: str = "as proposed", button: str = "") -> None:
        if not tab.can_save:
            return
        asked = [name for name in tab.page.fields if name.startswith("pick-") and pick != "as proposed"]
        sent = tab.page.data(tab.typed | tab.hidden | dict.fromkeys(asked, pick), button)
        answer = tab.client.post(tab.page.form()["action"], data=sent)
        typed = tab.words
        kept, given_up = self.chosen(tab, sent) if "joins" in sent else (typed, tab.seen - typed)
        if answer.status_code == 303:
            self.acknowledge(kept, given_up)
            tab.load()
        else:
            tab.show(answer)
            # A choice that came too late is shown as it was made.
            expected = [typed, kept] if "joins" in sent and tab.can_type else [typed]
            assert tab.words in expected, "what was typed is not on the page that came back"

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
    def set_aside(self, n: int) -> None:
        if self.tabs[n].can_type:
            self.press(self.tabs[n], button="This was not my part of the review")

    @rule(n=TABS)
    def reload(self, n: int) -> None:
        """What was typed in this tab and not saved is given up."""
        self.tabs[n].load()

    @rule(n=TABS, pick=PICKS, scripted=st.booleans())
    def save_without_the_cookie(self, n: int, pick: str, scripted: bool) -> None:
        """And open the link again."""
        tab = self.tabs[n]
        tab.client.delete_cookie("scrqm_forms")
        self.pause(tab) if scripted else self.press(tab, pick)
        self.open_link(tab.client)

    @rule(n=TABS, scripted=st.booleans())
    def save_while_sent(self, n: int, scripted: bool) -> None:
        """Sent from elsewhere before, and taken back after."""
        with self.world.app.app_context():
            assert submit_response(found(self.secret), self.world.today) == receipt_of(self.secret)
        self.pause(self.tabs[n]) if scripted else self.press(self.tabs[n])
        with self.world.app.app_context():
            take_back(found(self.secret), self.world.today)


def test_no_acknowledged_word_is_lost_whatever_is_done_in_three_tabs(world: World) -> None:
    Tabs.world, Tabs.secret = world, world.open_round({"practitioner": 1}).link.removeprefix("/i/")
    Tabs.before = world.database.read_bytes()
    run_state_machine_as_test(
        Tabs, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, print_blob=True)
    )

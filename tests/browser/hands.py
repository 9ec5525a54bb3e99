"""How a person does things on a page: with a mouse or a finger, or with the keyboard alone."""

import pytest
from playwright.sync_api import Locator, Page, expect

#: The focus shows on what has it, or on the option around it. Behind the last of a page comes the browser itself, and
#: within a date its own button, which the browser frames.
IS_FOCUS_SHOWN = """() => {
    const found = document.activeElement, around = found.closest('.options label');
    return found === document.body || (found.type === 'date' && !found.matches(':focus'))
        || [found, around].some(each => each && getComputedStyle(each).outlineStyle !== 'none');
}"""


class Hand:
    """Clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str) -> None:
        """A button that sends its form."""
        self._leave(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str, within: str = "main") -> None:
        """The first link of that name."""
        self._leave(self.page.locator(within).get_by_role("link", name=name, exact=True).first)

    def save(self, button: Locator) -> None:
        """A button or link that keeps a file."""
        self._use(button)

    def open(self, summary: str, around: Locator | None = None) -> None:
        """A text that opens more below it."""
        found = (around or self.page.locator("main")).locator("summary", has_text=summary).first
        if not found.evaluate("each => each.parentElement.open"):
            self._use(found)

    def fill(self, label: str, text: str, around: Locator | None = None) -> None:
        self._type((around or self.page).get_by_label(label, exact=True), text)

    def choose(self, group: str, option: str) -> None:
        """One of several radios, or a box to tick."""
        target = self.page.get_by_role("group", name=group).get_by_label(option)
        self._tick(target)
        expect(target).to_be_checked()

    def tick(self, label: str) -> None:
        self._tick(self.page.get_by_label(label))

    def select(self, label: str, option: str) -> None:
        self.page.get_by_label(label).select_option(label=option)

    def _leave(self, target: Locator) -> None:
        with self.page.expect_event("load"):
            self._use(target)

    def _use(self, target: Locator) -> None:
        target.click()

    def _tick(self, target: Locator) -> None:
        target.check()

    def _type(self, target: Locator, text: str) -> None:
        target.fill(text)


class Keys(Hand):
    """Tab, Enter, space, arrows and letters; everything that is passed on the way must show the focus."""

    def reach(self, target: Locator) -> None:
        """Press Tab until `target` has the focus."""
        wanted = target.element_handle()
        for _ in range(250):
            if wanted.evaluate("each => each === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(IS_FOCUS_SHOWN), "the focus does not show"
        pytest.fail(f"{target} is not reached with the Tab key")

    def select(self, label: str, option: str) -> None:
        """As many letters as tell the option from those before it."""
        target = self.page.get_by_label(label)
        self.reach(target)
        self.page.keyboard.type(option)
        expect(target.locator("option:checked")).to_have_text(option)

    def _use(self, target: Locator) -> None:
        self.reach(target)
        self.page.keyboard.press("Enter")

    def _tick(self, target: Locator) -> None:
        """A group of radios is one stop, at the one that is chosen or else the first: the arrows go on from there."""
        stop = target
        if target.get_attribute("type") == "radio":
            group = f"input[name='{target.get_attribute('name')}']"
            chosen = self.page.locator(f"{group}:checked")
            stop = chosen if chosen.count() else self.page.locator(group).first
        self.reach(stop)
        self.page.keyboard.press("Space")
        while not target.is_checked():
            self.page.keyboard.press("ArrowDown")

    def _type(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

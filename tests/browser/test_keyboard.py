"""With the keyboard: in which order the focus goes through a page, whether it shows, and that nothing lies over it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import watch
from .hands import IS_FOCUS_SHOWN
from .pages import FAULTS, PAGES
from .site import Site

#: A desk; a phone; and what is left of a window of 1280 by 1024 pixels where everything is four times as large.
WINDOWS = [(1280, 800), (360, 640), (320, 256)]

#: Everything that can have the focus, in the document's order, and where it stands. Of radios the first has it.
_STOPS = """() => {
    const can = 'a[href], button, input, select, textarea, summary, [tabindex]';
    window.stops = [...document.querySelectorAll(can)].filter(each => {
        const group = document.querySelectorAll(`input[type=radio][name="${each.name}"]`);
        const chosen = [...group].find(one => one.checked) || group[0];
        return each.tabIndex >= 0 && each.type !== 'hidden' && each.checkVisibility()
            && (each.type !== 'radio' || each === chosen);
    });
    return window.stops.map(each => {
        const place = each.getBoundingClientRect();
        return { what: (each.id || each.textContent).trim(), top: place.top, bottom: place.bottom, left: place.left };
    });
}"""
#: Number of the stop that has the focus, and where it is if the bar that stays at the top lies over part of it, or the
#: window ends before it. (Of a large text box a browser shows the line that is written in.)
_STOP = """() => {
    const found = document.activeElement, place = (found.closest('.options label') || found).getBoundingClientRect();
    const bar = document.querySelector('.bar'), over = bar && !bar.contains(found) && bar.getBoundingClientRect();
    const isUnder = over && place.top < over.bottom - 1 && place.bottom > over.top + 1;
    const isOut = place.bottom < 1 || place.top > innerHeight - 1;
    return [window.stops.indexOf(found), isUnder || isOut ? [place.top, place.bottom].join() : ''];
}"""


@pytest.fixture(scope="module")
def page_of_standing_site(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    faults = watch(context)
    yield context.new_page()
    assert faults == []
    context.close()


@pytest.fixture(params=WINDOWS, ids=lambda window: f"{window[0]}x{window[1]}")
def window(request: pytest.FixtureRequest, page_of_standing_site: Page) -> Page:
    width, height = request.param
    page_of_standing_site.set_viewport_size({"width": width, "height": height})
    return page_of_standing_site


def walk(page: Page, key: str, stops: int) -> tuple[list[int], list[str]]:
    """(stops by number, in the order in which they were come to; what is wrong on the way)"""
    order, faults = [], []
    while len(order) < stops:
        page.keyboard.press(key)
        number, hidden = page.evaluate(_STOP)
        if number < 0 or (order and number == order[-1]):  # the parts of a date are one stop
            if number < 0 and order:
                break
            continue
        order.append(number)
        faults += [f"{number} is hidden: {hidden}"] if hidden else []
        faults += [] if page.evaluate(IS_FOCUS_SHOWN) else [f"{number} does not show that it has the focus"]
    return order, faults


def does_follow(after: dict[str, Any], before: dict[str, Any]) -> bool:
    """As one reads: further down, or to the right in the same row."""
    is_in_row = after["top"] < before["bottom"] and after["bottom"] > before["top"]
    return bool(after["left"] > before["left"] if is_in_row else after["top"] >= before["bottom"])


@pytest.mark.parametrize(
    "name", ["entries.show: full", "entries.show: not saved", "participant.check", "grouping.show_groups: chosen"]
)
def test_focus_goes_through_a_page_as_it_is_read_and_back(standing_site: Site, window: Page, name: str) -> None:
    PAGES[name](standing_site, window)
    window.evaluate("scrollTo(0, 0)")
    window.mouse.click(2, 2)  # so that Tab begins at the top
    stops = window.evaluate(_STOPS)
    seen = stops[1:]  # the first, which skips to the content, stands nowhere
    assert [(before, after) for before, after in pairwise(seen) if not does_follow(after, before)] == []
    assert walk(window, "Tab", len(stops)) == (list(range(len(stops))), [])
    backwards = walk(window, "Shift+Tab", len(stops) - 1)
    assert backwards == (list(range(len(stops) - 1))[::-1], [])


@pytest.mark.parametrize(
    ("name", "field", "keys"),
    [("entries.save: too long", "How do you know?", "Short. "), ("reviews.close: not sure", "I am sure", " ")],
)
def test_from_the_summary_of_faults_one_goes_straight_into_the_field(
    standing_site: Site, window: Page, name: str, field: str, keys: str
) -> None:
    FAULTS[name](standing_site, window)
    expect(window.locator(".error-summary")).to_be_focused()
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    target = window.get_by_label(field)
    expect(target).to_be_focused()
    assert window.evaluate("() => document.activeElement.getBoundingClientRect().top >= 0")
    window.keyboard.press("ControlOrMeta+a")
    window.keyboard.type(keys)
    if keys.isspace():
        expect(target).to_be_checked()
    else:
        expect(target).to_have_value(keys)

"""What a browser can tell of a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from msgspec import Struct
from playwright.sync_api import Page

_AXE: str = Axe().axe_script


class Inspection(Struct, frozen=True, kw_only=True):
    #: Messages, missing files, requests to other hosts.
    amiss: list[str]
    #: The summary of faults has the focus.
    is_summary_focused: bool
    title: str
    #: Questions over radios, as read, and as a screen reader finds them.
    legends: list[str]
    groups: list[str]
    #: Width in pixels of the window -> what axe finds.
    violations: dict[int, list[str]]
    #: Pixels taken up sideways where there are 320.
    narrowest: int


def inspect_page(page: Page, amiss: list[str]) -> Inspection:
    """The page as it is now; its window has another size afterwards."""
    focused = page.locator(".error-summary:focus").count() == 1
    legends = [each.inner_text() for each in page.locator("fieldset:has(input[type=radio]) > legend").all()]
    groups = [text for text in legends if page.get_by_role("group", name=text, exact=True).count() == 1]
    page.evaluate(_AXE)
    return Inspection(
        is_summary_focused=focused,
        title=page.title(),
        legends=legends,
        groups=groups,
        violations={width: _violations_at(page, width) for width in (1280, 360)},
        narrowest=_width_at(page, 320),
        amiss=list(amiss),
    )


def _violations_at(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    found: list[Any] = page.evaluate(
        "axe.run({resultTypes: ['violations'], preload: false}).then(result => result.violations)"
    )
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found]


def _width_at(page: Page, width: int) -> int:
    page.set_viewport_size({"width": width, "height": 640})
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found

"""What a browser can tell of a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from msgspec import Struct
from playwright.sync_api import Page, TimeoutError

_AXE: str = Axe().axe_script
#: Every success criterion of levels A and AA that axe has a rule for, and what it holds to be good practice.
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
#: What depends on how wide the window is; names, roles, languages and colours are the same at every width.
_OF_LAYOUT = ["target-size", "scrollable-region-focusable", "css-orientation-lock", "link-in-text-block"]
#: As far apart as a reader may set text without losing any: https://www.w3.org/TR/WCAG22/#text-spacing.
_SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } "
    "p { margin-bottom: 2em !important }"
)


class Inspection(Struct, frozen=True, kw_only=True):
    #: Path that the page stands at.
    path: str
    #: What the server answered: HTTP's number.
    status: int
    title: str
    heading: str
    #: Messages, missing files, requests to other hosts.
    amiss: list[str]
    #: The summary of faults has the focus.
    is_summary_focused: bool
    #: Links of that summary that do not put the focus on a field, its error in sight.
    astray: list[str]
    #: Questions over radios or boxes that no group of that name stands for in the tree that screen readers are given.
    unnamed: list[str]
    #: Sentences about a fault that are not part of any field's description in that tree.
    untold: list[str]
    #: Width in pixels of the window -> what axe finds: narrow as it is served, wide with everything open.
    violations: dict[int, list[str]]
    #: Pixels taken up sideways where there are 320: with everything open, and then with text far apart.
    narrowest: int
    spaced: int


def inspect_page(page: Page, status: int, amiss: list[str]) -> Inspection:
    """The page as it is now; it looks different afterwards."""
    focused = page.locator(".error-summary").count() == 1 and _gets_focus(page, ".error-summary")
    page.evaluate(_AXE)
    named, described = _names_told(page)
    legends = page.evaluate(_LEGENDS)
    narrow = _violations_at(page, 360, {"type": "rule", "values": _OF_LAYOUT})
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
    return Inspection(
        path=page.evaluate("location.pathname"),
        status=status,
        title=page.title(),
        heading=page.locator("h1").inner_text(),
        amiss=list(amiss),
        is_summary_focused=focused,
        unnamed=[text for text in legends if named.count(text) != 1],
        untold=[text for text in page.evaluate(_ERRORS) if not any(text in each for each in described)],
        violations={360: narrow, 1280: _violations_at(page, 1280, {"type": "tag", "values": _TAGS})},
        astray=page.evaluate(_FOLLOW_SUMMARY),
        narrowest=_width_at(page, 320),
        spaced=_spaced_width(page),
    )


def _gets_focus(page: Page, selector: str) -> bool:
    """A browser gives `autofocus` its due when it first draws the page, which may be after it was loaded."""
    try:
        page.locator(f"{selector}:focus").wait_for(timeout=3_000)
    except TimeoutError:
        return False
    return True


#: Read as a tree of names reads them: white space as one blank, and nothing of what is folded.
_LEGENDS = """[...document.querySelectorAll('fieldset > legend')]
    .filter(each => !each.closest('details:not([open])'))
    .map(each => each.textContent.trim().replace(/\\s+/g, ' '))"""
_ERRORS = """[...document.querySelectorAll('.error')].map(each => each.textContent.trim().replace(/\\s+/g, ' '))"""
_FOLLOW_SUMMARY = """async () => {
    const astray = [], bar = document.querySelector('.bar');
    for (const link of document.querySelectorAll('.error-summary a')) {
        link.click();
        await new Promise(requestAnimationFrame);
        const found = document.activeElement, error = document.getElementById(`${found.id}-error`);
        const place = (error || found).getBoundingClientRect();
        const isField = found.matches('input, select, textarea, [tabindex]');
        const isSeen = place.top >= (bar ? bar.getBoundingClientRect().bottom : 0) - 1 && place.top < innerHeight;
        if (`#${found.id}` !== link.hash || !isField || !isSeen) astray.push([link.hash, found.id, place.top].join());
    }
    return astray;
}"""


def _names_told(page: Page) -> tuple[list[str], list[str]]:
    """(names of groups, descriptions of anything) in Chromium's accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    told = [each for each in nodes if not each.get("ignored")]
    named = [each["name"]["value"] for each in told if each["role"]["value"] in ("group", "radiogroup")]
    return named, [each["description"]["value"] for each in told if "description" in each]


def _violations_at(page: Page, width: int, only: dict[str, Any]) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    options = {"resultTypes": ["violations"], "preload": False, "runOnly": only}
    found: list[Any] = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found]


def _width_at(page: Page, width: int) -> int:
    page.set_viewport_size({"width": width, "height": 640})
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found


def _spaced_width(page: Page) -> int:
    """A sheet that is made by a script stands outside of the page's policy."""
    script = "text => { const own = new CSSStyleSheet(); own.replaceSync(text); document.adoptedStyleSheets.push(own) }"
    page.evaluate(script, _SPACED)
    found: int = page.evaluate("document.documentElement.scrollWidth")
    return found

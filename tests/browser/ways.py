"""How to get to a page: each of these is, or makes, a function that leads a browser there."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from .site import Site, leave

Way = Callable[[Site, Page], None]
#: "endpoint", or "endpoint: state" -> how to get there.
Ways = dict[str, Way]


def at(path: str) -> Way:
    """Anybody's page; "{open 3}" in it is somebody's link."""
    return lambda site, page: _goto(page, site.url + path.format(demo=site.participant, **site.links))


def of(link: str, path: str = "") -> Way:
    """A page of whoever holds a link."""
    return lambda site, page: begin(site, page, link, path)


def begin(site: Site, page: Page, link: str, path: str = "") -> str:
    """Begin with a link, then go to a page; the address of the task list.

    A browser that has begun before goes there at once, unless it has forgotten the link meanwhile.
    """
    if link in site.tasks:
        answer = page.goto(site.tasks[link] + path)
        if answer and answer.ok:
            return site.tasks[link]
    tasks = site.tasks[link] = site.begin(page, site.participant if link == "demo" else site.links[link])
    _goto(page, tasks + path)
    return tasks


def admin(path: str) -> Way:
    """A page of an administrator's; "{open}" in it is the round of that name."""
    return lambda site, page: site.enter(page, path.format(review=review_of(site), **site.rounds))


def review_of(site: Site, name: str = "draft") -> str:
    """Path of the review that a round is of."""
    return site.rounds[name].removesuffix("reflect/")


def press(path: str, button: str, fields: dict[str, str] | None = None, tick: str = "") -> Way:
    """To an administrator's page, fill in fields by their labels, and press a button."""

    def go(site: Site, page: Page) -> None:
        admin(path)(site, page)
        for label, text in (fields or {}).items():
            page.get_by_label(label, exact=True).fill(text)
        if tick:
            page.get_by_label(tick).check()
        send(page, button)

    return go


def send(page: Page, button: str) -> None:
    """Press a button that sends its form; an entry is saved by its script first, which also changes the address."""
    leave(page, page.get_by_role("button", name=button, exact=True))


def without_token(page: Page) -> None:
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(each => each.value = '')")


def send_meanwhile(page: Page, address: str, **texts: str) -> None:
    """What another tab would send: the form of this one, with other texts; reflections by their prompts' ids.

    (A tab closed while it loads hangs.)
    """
    script = "Object.fromEntries(new FormData(document.querySelector('main form')))"
    fields: dict[str, Any] = page.evaluate(script)
    page.request.post(address, form=fields | {_field_of(key): text for key, text in texts.items()})


def _field_of(key: str) -> str:
    return key if "-" in key else f"reflection-{key}"


def _goto(page: Page, address: str) -> None:
    if page.url != address:
        page.goto(address)

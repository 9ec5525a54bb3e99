"""Administrators: the register of improvements, and one improvement."""

from playwright.sync_api import Page

from .site import Site, leave
from .ways import Ways, admin, press, send, send_meanwhile

REGISTER = "/boards/example/improvements"


def improvement(site: Site, page: Page, path: str = "") -> None:
    """One that is open and late."""
    site.enter(page, f"{REGISTER}?owner=Late+owner")
    leave(page, page.locator("tbody a"))
    if path:
        page.goto(f"{page.url}{path}")


def change(site: Site, page: Page) -> None:
    improvement(site, page, "/change")


def delete(site: Site, page: Page) -> None:
    improvement(site, page, "/delete")


def no_reason(site: Site, page: Page) -> None:
    change(site, page)
    page.get_by_label("Decided not to").check()
    page.get_by_label("Evidence, or the reason").fill("")
    send(page, "Save")


def meanwhile(site: Site, page: Page) -> None:
    change(site, page)
    send_meanwhile(page, page.url, **{"aim-outcome": f"Theirs {page.evaluate('performance.timeOrigin')}."})
    page.get_by_label("The outcome wanted").fill("Mine.")
    send(page, "Save")


def unsure(site: Site, page: Page) -> None:
    delete(site, page)
    send(page, "Delete it")


PAGES: Ways = {
    "register.show": admin(REGISTER),
    "register.show: nothing": admin("/boards/second/improvements"),
    "register.show: none found": admin(f"{REGISTER}?state=closed&owner=nobody"),
    "register.year": admin(f"{REGISTER}/year"),
    "improvements.new": admin(f"{REGISTER}/new"),
    "improvements.new: alike": admin(f"{REGISTER}/new?marker=qm08"),
    "improvements.show": improvement,
    "improvements.change": change,
    "improvements.ask_to_delete": delete,
}
FAULTS: Ways = {
    "improvements.make: says nothing": press(f"{REGISTER}/new", "Save"),
    "improvements.save: no reason": no_reason,
    "improvements.save: meanwhile": meanwhile,
    "improvements.delete: not sure": unsure,
}

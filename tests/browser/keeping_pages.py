"""Administrators: deleting answers and reviews, and what a person may ask about themselves."""

from playwright.sync_api import Page

from .administrator_pages import no_round
from .round_pages import person
from .site import Site, leave
from .ways import Way, Ways, review_of, send


def review(name: str, page_name: str = "") -> Way:
    """A page of the review that a round is of."""
    return lambda site, page: site.enter(page, f"{review_of(site, name)}{page_name}")


def begun_by_mistake(site: Site, page: Page) -> None:
    no_round(site, page)
    leave(page, page.get_by_role("link", name="Begun by mistake"))


def wrong_reference(site: Site, page: Page) -> None:
    begun_by_mistake(site, page)
    page.get_by_label("Type the reference").fill("another")
    send(page, "Delete this review")


def unsure(site: Site, page: Page) -> None:
    review("due", "delete-answers")(site, page)
    send(page, "Delete the answers")


def asks(name: str, link: str, who: str = "Pat 0") -> Way:
    """What somebody asks about themselves: followed from their page."""

    def go(site: Site, page: Page) -> None:
        person(name, who)(site, page)
        leave(page, page.get_by_role("link", name=link))

    return go


def asks_of(name: str, page_name: str) -> Way:
    """The same by its address, where no link leads."""

    def go(site: Site, page: Page) -> None:
        person(name)(site, page)
        page.goto(f"{page.url}/{page_name}")

    return go


def shown(name: str, who: str = "Pat 0") -> Way:
    def go(site: Site, page: Page) -> None:
        asks(name, "Everything held", who)(site, page)
        page.get_by_label("This person has asked").check()
        send(page, "Show it, to read or print")

    return go


def not_asked(site: Site, page: Page) -> None:
    asks("waiting", "Everything held")(site, page)
    send(page, "Show it, to read or print")


def not_sure(site: Site, page: Page) -> None:
    asks("waiting", "Erase this person")(site, page)
    send(page, "Erase")


PAGES: Ways = {
    "reviews.show_review: kept for days": review("ending"),
    "reviews.show_review: kept too long": review("due"),
    "reviews.show_review: deleted": review("deleted"),
    "reviews.correct_review: opened": review("waiting", "details"),
    "keeping.ask_to_purge": review("due", "delete-answers"),
    "keeping.ask_to_purge: not yet": review("ending", "delete-answers"),
    "keeping.ask_to_purge: nothing": review("deleted", "delete-answers"),
    "keeping.certificate": review("deleted", "certificate"),
    "keeping.certificate: none": review("waiting", "certificate"),
    "keeping.ask_to_remove": begun_by_mistake,
    "keeping.ask_to_remove: answered": review("waiting", "delete"),
    "rights.ask_to_export: named": asks("waiting", "Everything held"),
    "rights.ask_to_export: confidential": asks("open", "Everything held"),
    "rights.export: named": shown("waiting"),
    "rights.export: confidential": shown("open"),
    "rights.export: long": shown("big", "Robin 03"),
    "rights.ask_to_erase": asks("waiting", "Erase this person"),
    "rights.ask_to_erase: confidential": asks_of("open", "erase"),
    "rights.ask_to_erase: on hold": asks_of("held", "erase"),
}
FAULTS: Ways = {
    "keeping.purge: not sure": unsure,
    "keeping.remove: wrong reference": wrong_reference,
    "rights.export: not asked": not_asked,
    "rights.erase: not sure": not_sure,
}

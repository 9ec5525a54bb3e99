"""Administrators: the conversation on a marker, and the pack."""

from playwright.sync_api import Page

from .site import Site
from .ways import Ways, admin, send, send_meanwhile


def notes(site: Site, page: Page) -> None:
    admin("{closed}meeting/qm08?step=notes")(site, page)


def meanwhile(site: Site, page: Page) -> None:
    notes(site, page)
    theirs = f"Theirs {page.evaluate('performance.timeOrigin')}."
    send_meanwhile(page, page.url.partition("?")[0], **{"notes-agreed": theirs})
    page.get_by_label("Where we agreed").fill("Mine.")
    send(page, "Save the notes")


PAGES: Ways = {
    "meeting.show": admin("{closed}meeting/qm08"),
    "meeting.show: a question": admin("{closed}meeting/qm08?step=3"),
    "meeting.show: suggestions": admin("{closed}meeting/qm01?step=notes"),
    "meeting.show: notes": notes,
    "meeting.show: of the whole": admin("{closed}meeting/closing"),
    "meeting.show: nothing to show": admin("{open}meeting/qm08"),
    "meeting.pack": admin("{closed}pack"),
    "meeting.pack: nobody answered": admin("{none_sent}pack"),
    "meeting.pack: answers deleted": admin("{deleted}pack"),
}
FAULTS: Ways = {"meeting.save: meanwhile": meanwhile}

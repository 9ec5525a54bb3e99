"""Administrators: the markers that a board keeps for itself. On the second board, which no other page needs."""

from playwright.sync_api import Page

from .site import Site
from .ways import Ways, admin, press, send

OWN = "/boards/second/markers"
TEXT = """Quality Marker 88: Kettle care

Quality statement

The kettle is hot, and stays so.

Rationale

It warms.

How might you know if you are meeting this quality marker?

1. Is there a kettle?
2. Are these ready:
    - the spoons
    - the sugar?
"""


def read(site: Site, page: Page) -> None:
    site.enter(page, f"{OWN}/import")
    page.get_by_label("The text", exact=True).fill(TEXT)
    send(page, "Read it")


def keep(site: Site, page: Page) -> None:
    read(site, page)
    send(page, "Keep for this board")


def look(site: Site, page: Page) -> None:
    site.enter(page, f"{OWN}/qm08/change")
    box = page.get_by_label("The marker", exact=True)
    box.fill(box.input_value().replace("Is the work running", f"Is it {page.evaluate('performance.timeOrigin')}"))
    send(page, "Look at it")


def changed(site: Site, page: Page) -> None:
    look(site, page)
    send(page, "Keep for this board")


def unknown_word(site: Site, page: Page) -> None:
    site.enter(page, f"{OWN}/qm08/change")
    box = page.get_by_label("The marker", exact=True)
    box.fill(box.input_value().replace("{review}", "{reviw}"))
    send(page, "Look at it")


PAGES: Ways = {
    "board_markers.show": admin(OWN),
    "board_markers.show: kept": keep,
    "board_markers.begin_import": admin(f"{OWN}/import"),
    "board_markers.read_import: read": read,
    "board_markers.begin_change": admin(f"{OWN}/qm07/change"),
    "board_markers.save_change: looked at": look,
    "board_markers.show_marker": changed,
}
FAULTS: Ways = {
    "board_markers.read_import: nothing": press(f"{OWN}/import", "Read it"),
    "board_markers.save_change: unknown word": unknown_word,
}

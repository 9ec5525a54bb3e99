"""Administrators: the markers that a board keeps for itself. On the second board, which no other page needs."""

from msgspec.structs import replace
from playwright.sync_api import Page

from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services import board_markers as own
from scrqm_forms.services.context import context
from scrqm_forms.storage import boards
from scrqm_forms.storage.board_markers import last_version

from .making import operator
from .site import Site
from .ways import Ways, admin, press, send

OWN = "/boards/second/markers"
TEXT = """SCR Quality Marker 88: Kettle care

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


def fill_in(site: Site, page: Page) -> None:
    site.enter(page, f"{OWN}/new?set=supplement")
    words = {
        "Title": "Tea",
        "Statement": "There is tea.",
        "Why this matters": "It warms.",
        "The question": "Is there tea?",
    }
    for label, text in words.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Review setup", exact=True).check(force=True)


def write(site: Site, page: Page) -> None:
    fill_in(site, page)
    send(page, "Add another question")


def untitled(site: Site, page: Page) -> None:
    site.enter(page, f"{OWN}/qm09/edit")
    page.get_by_label("Title", exact=True).fill("")
    send(page, "Look at it")


def edited(site: Site, page: Page) -> None:
    site.enter(page, f"{OWN}/qm09/edit")
    page.get_by_label("The question", exact=True).first.fill("Is it otherwise?")
    send(page, "Look at it")


def meanwhile(site: Site, key: str) -> None:
    """Somebody else keeps another wording."""
    with site.app.app_context():
        board = boards.get_board(OPERATOR, "second")
        now = own.marker_now(context(), board, key)
        marker = replace(now.marker, statement=f"{now.marker.statement} And more.")
        own.change_marker(board, marker, now.set, last_version(board, key), by=operator())


def both(site: Site, page: Page) -> None:
    site.enter(page, f"{OWN}/qm10/edit")
    page.get_by_label("Statement", exact=True).fill("It is so.")
    meanwhile(site, "qm10")
    send(page, "Look at it")


def outcome(site: Site, page: Page) -> None:
    both(site, page)
    page.get_by_label("What I have here", exact=True).first.check(force=True)
    send(page, "Look at the outcome")


def nothing_chosen(site: Site, page: Page) -> None:
    both(site, page)
    send(page, "Look at the outcome")


def both_texts(site: Site, page: Page) -> None:
    site.enter(page, f"{OWN}/qm11/change")
    box = page.get_by_label("The marker", exact=True)
    box.fill(box.input_value().replace("1. ", "1. Is it true? "))
    meanwhile(site, "qm11")
    send(page, "Look at it")


def both_imported(site: Site, page: Page) -> None:
    keep(site, page)
    read(site, page)
    meanwhile(site, "qm88")
    send(page, "Keep for this board")


PAGES: Ways = {
    "marker_drafts.begin_new": admin(f"{OWN}/new"),
    "marker_drafts.begin_new: in a set": admin(f"{OWN}/new?set=supplement"),
    "marker_drafts.save_new: another question": write,
    "marker_drafts.begin_edit": admin(f"{OWN}/qm09/edit"),
    "marker_drafts.save_edit: looked at": edited,
    "marker_drafts.save_edit: outcome of two": outcome,
    "marker_drafts.preview": admin(f"{OWN}/qm09/preview"),
    "board_markers.show": admin(OWN),
    "board_markers.show: kept": keep,
    "marker_imports.begin_import": admin(f"{OWN}/import"),
    "marker_imports.read_import: read": read,
    "marker_texts.begin_change": admin(f"{OWN}/qm07/change"),
    "marker_texts.save_change: looked at": look,
    "board_markers.show_marker": changed,
}
FAULTS: Ways = {
    "marker_drafts.save_edit: changed by two": both,
    "marker_drafts.save_edit: nothing chosen of two": nothing_chosen,
    "marker_texts.save_change: changed by two": both_texts,
    "marker_imports.read_import: changed by two": both_imported,
    "marker_drafts.save_new: nothing typed": press(f"{OWN}/new?set=supplement", "Look at it"),
    "marker_drafts.save_edit: no title": untitled,
    "marker_imports.read_import: nothing": press(f"{OWN}/import", "Read it"),
    "marker_texts.save_change: unknown word": unknown_word,
}

"""Pages of those who were asked, and of those whose link or address leads elsewhere."""

from datetime import datetime

from playwright.sync_api import Page

from .big import LONG_TEXT
from .site import Site
from .ways import Ways, at, begin, of, send, send_meanwhile, without_token

TOO_LONG = "x" * 100_001


def entry(site: Site, page: Page, key: str = "qm08", link: str = "open 1") -> str:
    """The page of one marker; its address."""
    return begin(site, page, link, key) + key


def saved(site: Site, page: Page) -> None:
    """By the page's own script, while it is open."""
    entry(site, page, "qm08", "open 2")
    page.get_by_label("What helped?").fill(f"Typed {datetime.now().astimezone()}")
    page.get_by_label("What helped?").blur()
    page.get_by_text("Saved at").first.wait_for()


def not_saved(site: Site, page: Page) -> None:
    """The same without a connection."""
    entry(site, page, "qm08", "open 2")
    page.route("**/autosave", lambda route: route.abort())
    page.get_by_label("What helped?").fill(f"Typed {datetime.now().astimezone()}")
    page.get_by_label("What helped?").blur()
    page.locator("#saved.unsaved").wait_for()
    page.unroute("**/autosave")


def marked(site: Site, page: Page) -> None:
    """What may tell who somebody is, found in what they wrote."""
    address = entry(site, page, "qm08", "open 2")
    page.get_by_label("What got in the way?").fill("Mrs Okafor rang 07700 900123.\nThe Ashdowns of SW1A 1AA did not.")
    send(page, "Save and continue")
    page.goto(address.replace("qm08", "check"))


def not_my_part(site: Site, page: Page) -> None:
    address = entry(site, page, "qm11", "open 2")
    send(page, "This was not my part of the review")
    page.goto(address)


def left(site: Site, page: Page) -> None:
    begin(site, page, "open 2", "later")
    send(page, "Forget my link here")


def taken_back(site: Site, page: Page) -> None:
    begin(site, page, "sent 0")
    send(page, "Take my answers back to change them")


def sent_again(site: Site, page: Page) -> None:
    tasks = begin(site, page, "waiting 0")
    if page.get_by_role("button", name="Take my answers back").count():
        send(page, "Take my answers back to change them")
    page.goto(f"{tasks}check")
    send(page, "Send my answers")


def withdrawn(site: Site, page: Page) -> None:
    begin(site, page, "withdrawn 0", "withdraw")
    send(page, "Delete everything I wrote")


def failed(site: Site, page: Page) -> None:
    """The program's own fault."""
    entry(site, page)
    page.get_by_label("What helped?").fill("Typed.")
    views = site.app.view_functions
    before = views["entries.save"]
    views["entries.save"] = lambda **_: 1 / 0
    try:
        send(page, "Save and continue")
    finally:
        views["entries.save"] = before


def too_long(site: Site, page: Page) -> None:
    entry(site, page)
    page.get_by_label("How do you know?").fill(TOO_LONG)
    send(page, "Save and continue")


def conflict(site: Site, page: Page) -> None:
    address = entry(site, page, "qm11")
    send_meanwhile(page, address, helped="Typed there.", hindered=str(datetime.now().astimezone()))
    page.get_by_label("What helped?").fill("Typed here.")
    send(page, "Save and continue")


def long_conflict(site: Site, page: Page) -> None:
    address = entry(site, page, "qm01", "big 9")
    send_meanwhile(page, address, helped=f"{datetime.now().astimezone()} {LONG_TEXT}")
    page.get_by_label("What helped?").fill(f"{LONG_TEXT} again")
    page.get_by_label("Met", exact=True).check()
    send(page, "Save and continue")


def joined(site: Site, page: Page) -> None:
    conflict(site, page)
    send(page, "Save")


def sent_meanwhile(site: Site, page: Page) -> None:
    """Saving what was sent from another tab meanwhile."""
    tasks = begin(site, page, "sent 0")
    if page.get_by_role("button", name="Take my answers back").count():
        send(page, "Take my answers back to change them")
    page.goto(f"{tasks}qm11")
    send_meanwhile(page, f"{tasks}check")
    page.get_by_label("What helped?").fill("Typed.")
    send(page, "Save and continue")


def saved_too_late(site: Site, page: Page) -> None:
    entry(site, page)
    page.get_by_label("What helped?").fill("Typed.")
    with site.days_later(30):
        send(page, "Save and continue")


def withdrawn_too_late(site: Site, page: Page) -> None:
    begin(site, page, "open 1", "withdraw")
    with site.days_later(30):
        send(page, "Delete everything I wrote")


def sent_too_late(site: Site, page: Page) -> None:
    begin(site, page, "open 1", "check")
    with site.days_later(30):
        send(page, "Send my answers")


def no_token(site: Site, page: Page) -> None:
    """The cookie is another's: the script is given a new token, so it must not run."""
    entry(site, page)
    page.get_by_label("What helped?").fill("Typed.")
    without_token(page)
    page.evaluate("document.getElementById('entry').submit()")
    page.wait_for_url("**/qm08")
    page.get_by_role("heading", name="There is a problem").wait_for()


def no_cookie(site: Site, page: Page) -> None:
    entry(site, page)
    page.get_by_label("What helped?").fill("Typed.")
    page.context.clear_cookies()
    send(page, "Save and continue")


def stranger(site: Site, page: Page) -> None:
    page.context.clear_cookies()
    page.goto(f"{site.url}/r/nobody/")


PAGES: Ways = {
    "participant.start: named": at("{demo}"),
    "participant.start: confidential": at("{open 4}"),
    "participant.start: begun": at("{open 1}"),
    "participant.start: sent": at("{sent 0}"),
    "participant.start: past the day": at("{past 1}"),
    "participant.start: closed": at("{closed 0}"),
    "participant.start: not open yet": at("{draft_with_people 0}"),
    "participant.start: on hold": at("{held 1}"),
    "participant.start: withdrawn": withdrawn,
    "participant.start: trial": at("{trial 0}"),
    "participant.start: long": at("{big 11}"),
    "participant.start: wrong link": at("/i/nobody"),
    "participant.tasks": of("demo"),
    "participant.tasks: begun": of("open 2"),
    "participant.tasks: sent": of("sent 0"),
    "participant.tasks: closed": of("closed 0"),
    "participant.tasks: closed unsent": of("past 0"),
    "participant.tasks: on hold": of("held 1"),
    "participant.tasks: long": of("big 9"),
    "participant.tasks: no cookie": stranger,
    "participant.tasks: taken back": taken_back,
    "entries.show: full": of("open 3", "qm08"),
    "entries.show: brief": of("demo", "qm11"),
    "entries.show: local": of("demo", "exb01"),
    "entries.show: closing": of("demo", "closing"),
    "entries.show: from the check": of("open 1", "qm08?from=check"),
    "entries.show: not my part": not_my_part,
    "entries.show: saved": saved,
    "entries.show: not saved": not_saved,
    "entries.show: long": of("big 9", "qm01"),
    "entries.show: sent": of("open 0", "qm08"),
    "entries.show: closed": of("closed 0", "qm08"),
    "entries.show: on hold": of("held 1", "qm11"),
    "entries.save: no cookie": no_cookie,
    "entries.save: failed": failed,
    "entries.save: joined": joined,
    "participant.ask_to_withdraw: named": of("demo", "withdraw"),
    "participant.ask_to_withdraw: confidential": of("open 0", "withdraw"),
    "participant.ask_to_withdraw: closed": of("closed 0", "withdraw"),
    "participant.ask_to_withdraw: on hold": of("held 1", "withdraw"),
    "participant.later: confidential": of("open 2", "later"),
    "participant.later: named": of("demo", "later"),
    "participant.left": left,
    "participant.check: blank": of("demo", "check"),
    "participant.check": of("open 2", "check"),
    "participant.check: marked": marked,
    "participant.check: long": of("big 9", "check"),
    "participant.done: confidential": of("closed 0", "done"),
    "participant.done: named": sent_again,
    "participant.copy: not sent": of("open 2", "copy"),
    "participant.copy: sent": of("closed 5", "copy"),
    "participant.copy: long": of("big 8", "copy"),
    "error: not found": at("/nowhere"),
}
FAULTS: Ways = {
    "entries.save: too long": too_long,
    "entries.save: saved elsewhere": conflict,
    "entries.save: saved elsewhere, long": long_conflict,
    "entries.save: no token": no_token,
    "entries.save: sent meanwhile": sent_meanwhile,
    "entries.save: past the day": saved_too_late,
    "participant.submit: past the day": sent_too_late,
    "participant.withdraw: past the day": withdrawn_too_late,
}

"""Administrators: who looks after a board, what each may do, one's own account, and the log."""

from playwright.sync_api import Page

from .site import Site, leave
from .states import BEN, PASSWORD
from .ways import Way, Ways, admin, press, send

ACCOUNTS = "/boards/example/administrators"


def as_ben(path: str) -> Way:
    """As somebody who may only set reviews up, on one board."""

    def go(site: Site, page: Page) -> None:
        page.context.clear_cookies()
        page.goto(f"{site.url}/sign-in")
        page.get_by_label("E-mail address").fill(BEN)
        page.get_by_label("Password").fill(PASSWORD)
        send(page, "Sign in")
        page.goto(site.url + path.format(**site.rounds))
        page.context.clear_cookies()

    return go


def administrator(name: str) -> Way:
    def go(site: Site, page: Page) -> None:
        site.enter(page, ACCOUNTS)
        leave(page, page.get_by_role("link", name=name, exact=True))

    return go


def invited(site: Site, page: Page) -> None:
    site.enter(page, ACCOUNTS)
    page.get_by_label("E-mail address").fill("joy@example.org")
    page.get_by_label("Read answers").check()
    send(page, "Make the link")


def none_left(site: Site, page: Page) -> None:
    administrator("Ben Achebe")(site, page)
    page.get_by_label("Manage reviews").uncheck()
    send(page, "Save")


def link_made(site: Site, page: Page) -> None:
    administrator("Ben Achebe")(site, page)
    send(page, "Make a new link")


PAGES: Ways = {
    "administrators.list_administrators": admin(ACCOUNTS),
    "administrators.administrator": administrator("Ben Achebe"),
    "administrators.administrator: disabled": administrator("Eve Wu"),
    "administrators.administrator: of every board": administrator("Demo administrator"),
    "administrators.invitation": administrator("ida@example.org"),
    "administrators.invitation: ran out": administrator("late@example.org"),
    "administrators.invite": invited,
    "administrators.change_administrator: a new link": link_made,
    "account.show": admin("/account"),
    "account.show: of one board": as_ben("/account"),
    "boards.show_board: few permissions": as_ben("/boards/example/"),
    "boards.settings: not allowed": as_ben("/boards/example/settings"),
    "results.show: not allowed": as_ben("{closed}results"),
    "reviews.show_round: few permissions": as_ben("{closed}"),
    "log.show": admin("/boards/example/log"),
    "log.show: nothing": admin("/boards/second/log?page=9"),
}
FAULTS: Ways = {
    "administrators.invite: no permission": press(ACCOUNTS, "Make the link", {"E-mail address": "joy@example.org"}),
    "administrators.invite: no address": press(ACCOUNTS, "Make the link", tick="Read answers"),
    "administrators.change_administrator: no permission": none_left,
    "account.save_name: blank": press("/account", "Save the name", {"Name": ""}),
    "account.save_password: wrong": press("/account", "Change the password", {"Present password": "not it"}),
}

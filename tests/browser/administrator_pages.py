"""Administrators' pages apart from those of a round, and the pages of signing in and of the markers."""

from playwright.sync_api import Page

from .big import picture
from .site import Site, leave
from .ways import Ways, admin, at, press, review_of, send


def sign_in(site: Site, page: Page) -> None:
    page.context.clear_cookies()
    page.goto(f"{site.url}/sign-in")


def wrong_password(site: Site, page: Page) -> None:
    sign_in(site, page)
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password").fill("not a password")
    send(page, "Sign in")


def welcome(site: Site, page: Page) -> None:
    page.goto(site.welcome())


def lost_password(site: Site, page: Page) -> None:
    page.goto(site.welcome("demo@example.org"))


def short_password(site: Site, page: Page) -> None:
    welcome(site, page)
    page.get_by_label("Password").fill("short")
    page.get_by_label("Your name").fill("Ann")
    page.get_by_label("E-mail address").fill("ann@example.org")
    send(page, "Set up and sign in")


def enter_empty(site: Site, page: Page) -> None:
    """Into a program that nobody has used yet, as its first administrator."""
    assert site.empty is not None
    page.goto(site.empty.welcome())
    email = f"ann{page.evaluate('performance.timeOrigin')}@example.org"
    for label, text in (("Your name", "Ann"), ("E-mail address", email), ("Password", "three words here")):
        page.get_by_label(label).fill(text)
    send(page, "Set up and sign in")


def no_markers(site: Site, page: Page) -> None:
    assert site.empty is not None
    page.goto(f"{site.empty.url}/markers/")


def no_picture(site: Site, page: Page) -> None:
    site.enter(page, "/boards/example/settings")
    page.get_by_label("Logo", exact=True).set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": b"not a picture"}
    )
    send(page, "Save")


def light_colour(site: Site, page: Page) -> None:
    """Several faults at once, the logo's among them: a browser forgets the file."""
    site.enter(page, "/boards/example/settings")
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_label("Colour").fill("#ffff00")
    page.get_by_label("Logo", exact=True).set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": picture()}
    )
    send(page, "Save")


def saved(site: Site, page: Page) -> None:
    site.enter(page, "/boards/second/settings")
    send(page, "Save")


def no_reference(site: Site, page: Page) -> None:
    site.enter(page, f"{review_of(site)}details")
    page.get_by_label("Reference").fill("")
    send(page, "Save and continue")


def review_named(reference: str) -> str:
    return f"/boards/example/?q={reference.replace(' ', '+')}"


def no_round(site: Site, page: Page) -> None:
    site.enter(page, review_named("no round"))
    leave(page, page.get_by_role("link", name="no round", exact=True))


PAGES: Ways = {
    "markers.choose_board": at("/markers/"),
    "markers.choose_board: none": no_markers,
    "markers.list_markers": at("/markers/example/"),
    "markers.list_markers: found": at("/markers/example/?q=family"),
    "markers.list_markers: found, long": at("/markers/big/?q=review"),
    "markers.list_markers: not found": at("/markers/example/?q=teapot"),
    "markers.list_markers: not together": at("/markers/example/?q=media+chair+teapot"),
    "markers.list_markers: nothing to look for": at("/markers/example/?q=%3F"),
    "markers.show_all": at("/markers/example/all"),
    "comparing.compare": at("/markers/example/compare?before=qm08"),
    "comparing.compare: compared": at("/markers/example/compare?before=qm08&after=qm07"),
    "comparing.compare: same": at("/markers/example/compare?before=scr&after=scr"),
    "markers.show_marker": at("/markers/example/qm08"),
    "markers.show_marker: local": at("/markers/big/exb01"),
    "security.login": sign_in,
    "sign_in.welcome": welcome,
    "sign_in.welcome: lost password": lost_password,
    "boards.list_boards": admin("/boards/"),
    "boards.list_boards: none": enter_empty,
    "boards.new_board": admin("/boards/new"),
    "boards.show_board": admin("/boards/example/"),
    "boards.show_board: no review": admin("/boards/second/"),
    "boards.show_board: many": admin("/boards/big/?page=2"),
    "boards.show_board: found": admin("/boards/example/?q=open"),
    "boards.show_board: not found": admin("/boards/example/?q=nothing"),
    "boards.show_board: saved": saved,
    "boards.settings": admin("/boards/example/settings"),
    "boards.settings: own look": admin("/boards/big/settings"),
    "plugins.show": admin("/plugins"),
    "reviews.new_review": admin("/boards/example/reviews/new"),
    "reviews.show_review": admin("{review}"),
    "reviews.show_review: no round": no_round,
    "reviews.correct_review": admin("{review}details"),
    "reviews.correct_review: a step": admin("{review}details?round=reflect"),
}
FAULTS: Ways = {
    "security.login: wrong password": wrong_password,
    "sign_in.accept: short password": short_password,
    "boards.add_board: no name": press("/boards/new", "Save"),
    "boards.save_settings: several": light_colour,
    "boards.save_settings: no picture": no_picture,
    "reviews.add_review: no reference": press("/boards/example/reviews/new", "Continue"),
    "reviews.save_review: no reference": no_reference,
    "reviews.save_review: past day": press(
        "{review}details", "Save and continue", {"Keep answers until": "2020-01-01"}
    ),
}

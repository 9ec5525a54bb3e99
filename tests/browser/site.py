"""What is served, and every page of it by name."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from flask import Flask
from playwright.sync_api import Page

from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services.accounts import make_sign_in_link
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.responding import begin_response, find_participant, submit_response
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import close_round, open_round
from scrqm_forms.storage import boards
from scrqm_forms.storage.reviews import round_by_id

LONG = "x" * 100_001


class Site:
    def __init__(self, url: str, app: Flask, administrator: str = "", results: str = "", participant: str = "") -> None:
        self.url, self.app = url, app
        #: Paths of the demonstration's three links.
        self.administrator, self.results, self.participant = administrator, results, participant
        #: Name -> path of a round's page, and of somebody's link to it.
        self.rounds: dict[str, str] = {}
        self.links: dict[str, str] = {}

    def welcome(self) -> str:
        with self.app.app_context():
            return f"{self.url}/welcome/{make_sign_in_link(datetime.now().astimezone())}"

    def begin(self, page: Page, link: str) -> str:
        """Open a link and press Start; the address of the task list."""
        page.goto(f"{self.url}{link}")
        page.get_by_role("button", name="Start").or_(page.get_by_role("button", name="Go on")).click()
        return page.url

    def enter(self, page: Page, path: str = "") -> None:
        """Go to a page as the demonstration's administrator."""
        page.goto(f"{self.url}{path or self.administrator}")
        if "/sign-in" in page.url:
            page.goto(f"{self.url}{self.administrator}")
            page.goto(f"{self.url}{path}")


def add_rounds(site: Site) -> None:
    """A second board, and rounds of the first in every state."""
    with site.app.app_context():
        create_board(OPERATOR, "Second Board", _today())
        for name, mode, people in (
            ("draft", "named", 0),
            ("draft_with_people", "confidential", 6),
            ("open", "confidential", 6),
            ("sent", "named", 1),
            ("closed", "confidential", 6),
        ):
            _add_round(site, name, mode, people)


def _today() -> date:
    return datetime.now().astimezone().date()


def _add_round(site: Site, name: str, mode: str, people: int) -> None:
    today = _today()
    board = boards.get_board(OPERATOR, "example")
    review = create_review(OPERATOR, board, NewReview(reference=name), today)
    settings = RoundSettings(
        purpose="reflect",
        mode=mode,  # type: ignore[arg-type]
        minimum=5,
        roles=("chair", "practitioner"),
        markers=("qm01", "qm08", "qm11"),
        lengths={"practitioner": "brief"},
    )
    round_ = create_round(context(), review, settings, today, today + timedelta(days=7))
    persons = [
        Person(name=f"Pat {n}", email=f"pat{n}@example.org", role="practitioner", agency="") for n in range(people)
    ]
    invite_people(round_, persons)
    site.rounds[name] = f"/boards/example/reviews/{review.key}/{round_.key}/"
    secrets = [link.secret for link in make_links(round_)]
    site.links[name] = f"/i/{secrets[0]}" if secrets else ""
    if not name.startswith("draft"):
        open_round(context(), round_by_id(round_.id), today)
    if name in ("sent", "closed"):
        for secret in secrets:
            _send(secret)
    if name == "closed":
        close_round(round_by_id(round_.id), today)


def _send(secret: str) -> None:
    today = _today()
    for do in (begin_response, submit_response):
        participant = find_participant(secret)
        assert participant is not None
        do(participant, today)


def _entry(site: Site, page: Page, link: str = "open", key: str = "qm08") -> str:
    address = f"{site.begin(page, site.links[link])}{key}"
    page.goto(address)
    return address


def _save(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def too_long(site: Site, page: Page) -> None:
    _entry(site, page, "open")
    page.get_by_label("How do you know?").fill(LONG)
    _save(page)


def _send_meanwhile(page: Page, address: str, **texts: str) -> None:
    """What another tab would send: the form of this one, with other texts. (A tab closed while it loads hangs.)"""
    script = "Object.fromEntries(new FormData(document.querySelector('main form')))"
    fields: dict[str, str | float | bool] = page.evaluate(script)
    page.request.post(address, form=fields | {f"reflection-{key}": text for key, text in texts.items()})


def conflict(site: Site, page: Page) -> None:
    address = _entry(site, page, "open", "qm11")
    _send_meanwhile(page, address, helped="Typed there.", hindered=str(datetime.now().astimezone()))
    page.get_by_label("What helped?").fill("Typed here.")
    _save(page)


def sent_meanwhile(site: Site, page: Page) -> None:
    """Saving what was sent from another tab meanwhile."""
    tasks = site.begin(page, site.links["sent"])
    page.get_by_role("button", name="Take my answers back").click()
    page.goto(f"{tasks}qm11")
    _send_meanwhile(page, f"{tasks}check")
    page.get_by_label("What helped?").fill("Typed.")
    _save(page)


def no_token(site: Site, page: Page) -> None:
    _entry(site, page, "open")
    page.get_by_label("What helped?").fill("Typed.")
    page.evaluate("document.querySelectorAll('[name=csrf_token]').forEach(each => each.value = '')")
    _save(page)


def no_cookie(site: Site, page: Page) -> None:
    _entry(site, page, "open")
    page.get_by_label("What helped?").fill("Typed.")
    page.context.clear_cookies()
    _save(page)


def pasted(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['draft']}people/")
    page.get_by_label("Paste a list").fill("Sam,sam@example.org,king,")
    page.get_by_role("button", name="Add").click()


def press(path: str, button: str, clear: str = "") -> Callable[[Site, Page], None]:
    """To an administrator's page, empty a field, and press a button."""

    def go(site: Site, page: Page) -> None:
        site.enter(page, path.format(**site.rounds))
        if clear:
            page.get_by_label(clear).fill("")
        page.get_by_role("button", name=button, exact=True).click()

    return go


def links(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['open']}people/")
    page.get_by_label("Paste a list").fill(f"Sam {datetime.now().astimezone()},,chair,")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="Make the links").click()


def no_markers(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['draft']}markers")
    page.get_by_role("button", name="None", exact=True).click()
    page.get_by_role("button", name="Save and continue").click()


def person(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['draft_with_people']}people/")
    page.get_by_role("link", name="Pat 0").click()


def no_name(site: Site, page: Page) -> None:
    person(site, page)
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Save").click()


def sign_in(site: Site, page: Page) -> None:
    page.context.clear_cookies()
    page.goto(f"{site.url}/sign-in")


def wrong_password(site: Site, page: Page) -> None:
    sign_in(site, page)
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password").fill("not a password")
    page.get_by_role("button", name="Sign in").click()


def short_password(site: Site, page: Page) -> None:
    page.goto(site.welcome())
    page.get_by_role("button", name="Set up and sign in").click()


def at(path: str) -> Callable[[Site, Page], None]:
    """Anybody's page."""
    return lambda site, page: _goto(page, site.url + path.format(**site.links, demo=site.participant))


def of(link: str, path: str = "") -> Callable[[Site, Page], None]:
    """A page of whoever holds a link."""
    return lambda site, page: _goto(page, site.begin(page, site.links.get(link) or site.participant) + path)


def admin(path: str) -> Callable[[Site, Page], None]:
    """A page of an administrator's."""
    return lambda site, page: site.enter(page, path.format(**site.rounds))


def _goto(page: Page, address: str) -> None:
    if page.url != address:
        page.goto(address)


#: Name -> how to get there. Together every template, in every state in which it looks different.
PAGES: dict[str, Callable[[Site, Page], None]] = {
    "start named": at("{demo}"),
    "start confidential": at("{open}"),
    "start closed": at("{closed}"),
    "start not open yet": at("{draft_with_people}"),
    "tasks": of("demo"),
    "tasks sent": of("sent"),
    "tasks closed": of("closed"),
    "entry full": of("open", "qm08"),
    "entry brief": of("demo", "qm11"),
    "entry local": of("demo", "exb01"),
    "entry sent": of("sent", "qm11"),
    "closing": of("demo", "closing"),
    "later": of("open", "later"),
    "check": of("open", "check"),
    "done": of("closed", "done"),
    "copy": of("closed", "copy"),
    "open link": at("/r/nobody/"),
    "open link with text": no_cookie,
    "wrong link": at("/i/nobody"),
    "not found": at("/nowhere"),
    "sign in": sign_in,
    "welcome": lambda site, page: _goto(page, site.welcome()),
    "boards": admin("/boards/"),
    "new board": admin("/boards/new"),
    "board": admin("/boards/example/"),
    "board settings": admin("/boards/example/settings"),
    "plugins": admin("/plugins"),
    "new review": admin("/boards/example/reviews/new"),
    "review": lambda site, page: site.enter(page, site.rounds["draft"].removesuffix("reflect/")),
    "new round": lambda site, page: site.enter(page, site.rounds["draft"].replace("reflect/", "new-round")),
    "review details": lambda site, page: site.enter(page, site.rounds["draft"].replace("reflect/", "details")),
    "round settings": admin("{draft}settings"),
    "round markers": admin("{draft}markers"),
    "round groups": admin("{draft_with_people}groups"),
    "round check": admin("{draft}check"),
    "round check with people": admin("{draft_with_people}check"),
    "round close": admin("{open}close"),
    "round draft": admin("{draft}"),
    "round with people": admin("{draft_with_people}"),
    "round open": admin("{open}"),
    "round closed": admin("{closed}"),
    "round named": admin(""),
    "people none": admin("{draft}people/"),
    "people": admin("{open}people/"),
    "person": person,
    "people closed": admin("{closed}people/"),
    "links": links,
    "preview": admin("{draft}preview?role=practitioner"),
    "results": admin("{closed}results"),
    "no results": admin("{open}results"),
    "export": admin("{closed}export-options"),
    "search of reviews": admin("/boards/example/?q=nothing"),
}
#: The same for pages that say what is wrong.
FAULTS: dict[str, Callable[[Site, Page], None]] = {
    "entry too long": too_long,
    "entry saved elsewhere": conflict,
    "entry without token": no_token,
    "entry sent meanwhile": sent_meanwhile,
    "sign in wrong": wrong_password,
    "welcome blank": short_password,
    "board without name": press("/boards/example/settings", "Save", "Name"),
    "review without reference": press("/boards/example/reviews/new", "Continue"),
    "round without mode": lambda site, page: press(site.rounds["draft"].replace("reflect/", "new-round"), "Continue")(
        site, page
    ),
    "markers none": no_markers,
    "smallest group blank": press("{draft_with_people}groups", "Save and continue", "Smallest group"),
    "people faulty": pasted,
    "person without name": no_name,
    "close without tick": press("{open}close", "Close the round"),
    "date missing": press("{open}", "Move", "Last day of answering"),
}

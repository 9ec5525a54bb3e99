"""Administrators' pages of a round: setting up, people, the round itself, results and export."""

from datetime import datetime

from playwright.sync_api import Page

from .big import LONG_NAME, LONG_TEXT
from .site import Site, leave
from .states import close_meanwhile
from .ways import Way, Ways, admin, press, send, without_token


def links_made(site: Site, page: Page) -> None:
    """Links of somebody without an e-mail address and of somebody with one."""
    site.enter(page, f"{site.rounds['nobody']}people/")
    name = f"Sam {datetime.now().astimezone()}"
    page.get_by_label("Paste a list").fill(f"{name},,chair,\n{name},sam@example.org,chair,")
    send(page, "Add")
    send(page, "Make the links")


def all_have_links(site: Site, page: Page) -> None:
    """The same form sent twice."""
    links_made(site, page)
    page.reload()


def added(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['draft']}people/")
    page.get_by_label("Paste a list").fill("Ira,ira@example.org,chair,")
    send(page, "Add")


def person(name: str, who: str = "Pat 0") -> Way:
    def go(site: Site, page: Page) -> None:
        site.enter(page, f"{site.rounds[name]}people/")
        leave(page, page.get_by_role("link", name=who).first)

    return go


def new_link(site: Site, page: Page) -> None:
    person("waiting", "Pat 2")(site, page)
    send(page, "Make a new link")


def nameless(site: Site, page: Page) -> None:
    person("draft_with_people")(site, page)
    page.get_by_label("Name", exact=True).fill("")
    send(page, "Save")


def people_without_token(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['open']}people/")
    page.get_by_label("Paste a list").fill("Sam,sam@example.org,chair,")
    without_token(page)
    send(page, "Add")


def reminded_nobody(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['waiting']}people/remind")
    for each in page.get_by_role("checkbox").all():
        each.uncheck()
    send(page, "Make the reminders")


def people_of_closed(site: Site, page: Page) -> None:
    """Links are made of a round that somebody else closed meanwhile."""
    site.enter(page, site.rounds["meanwhile"])
    close_meanwhile(site)
    send(page, "Make the links")


def ticked_at_once(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['draft']}markers")
    leave(page, page.get_by_role("button", name="Only:").first)


def no_markers(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['draft']}markers")
    send(page, "None")
    send(page, "Save and continue")


def no_roles(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['draft']}markers")
    for each in page.locator("select").all():
        each.select_option("none")
    send(page, "Save and continue")


def groups_shown(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['draft_with_people']}groups")
    send(page, "Save and show the groups")


def opened_too_late(site: Site, page: Page) -> None:
    site.enter(page, f"{site.rounds['draft_with_people']}check")
    with site.days_later(30):
        send(page, "Open the round")


PAGES: Ways = {
    "set_up.new_round": admin("{review}new-round"),
    "set_up.round_settings": admin("{draft}settings"),
    "set_up.round_settings: from the check": admin("{draft_past}settings?from=check"),
    "asking.markers: named": admin("{draft}markers"),
    "asking.markers: confidential": admin("{draft_with_people}markers"),
    "asking.save_markers: ticked at once": ticked_at_once,
    "people.list_people: nobody": admin("{draft_small}people/"),
    "people.list_people: a step": admin("{draft_with_people}people/"),
    "people.list_people: from the check": admin("{draft_with_people}people/?from=check"),
    "people.list_people: added": added,
    "people.list_people: no links": admin("{meanwhile}people/"),
    "people.list_people: waiting": admin("{open}people/"),
    "people.list_people: closed": admin("{closed}people/"),
    "people.list_people: long": admin("{big}people/"),
    "people.add_people: no token": people_without_token,
    "people.person: being set up": person("draft_with_people"),
    "people.person: named": person("waiting", "Pat 2"),
    "people.person: named, begun": person("waiting", "Pat 1"),
    "people.person: named, sent": person("waiting", "Pat 0"),
    "people.person: confidential": person("open", "Pat 4"),
    "people.person: confidential, begun": person("open", "Pat 1"),
    "people.person: confidential, sent": person("open", "Pat 0"),
    "people.person: on hold": person("held"),
    "people.person: closed": person("closed"),
    "people.person: long": person("big", "Wolfe"),
    "people.make": links_made,
    "sending.ask_to_remind: named": admin("{waiting}people/remind"),
    "sending.ask_to_remind: confidential": admin("{open}people/remind"),
    "sending.ask_to_remind: nobody": admin("{closed}people/remind"),
    "sending.ask_to_remind: long": admin("{big}people/remind"),
    "people.make: everyone has one": all_have_links,
    "people.save_person: a new link": new_link,
    "grouping.show_groups: proposed": admin("{draft_with_people}groups"),
    "grouping.show_groups: chosen": admin("{draft_small}groups"),
    "grouping.show_groups: saved": groups_shown,
    "set_up.check: nobody": admin("{draft}check"),
    "set_up.check": admin("{draft_with_people}check"),
    "set_up.check: group too small": admin("{draft_small}check"),
    "set_up.check: past the day": admin("{draft_past}check"),
    "reviews.show_round: being set up": admin("{draft}"),
    "reviews.show_round: set up": admin("{draft_with_people}"),
    "reviews.show_round: no links": admin("{meanwhile}"),
    "reviews.show_round: named": admin(""),
    "reviews.show_round: waiting": admin("{waiting}"),
    "reviews.show_round: confidential": admin("{open}"),
    "reviews.show_round: all sent": admin("{sent}"),
    "reviews.show_round: past the day": admin("{past}"),
    "reviews.show_round: closed": admin("{closed}"),
    "reviews.show_round: too few": admin("{few}"),
    "reviews.show_round: on hold": admin("{held}"),
    "reviews.show_round: kept for days": admin("{ending}"),
    "reviews.show_round: kept too long": admin("{due}"),
    "reviews.show_round: deleted": admin("{deleted}"),
    "reviews.show_round: trial": admin("{trial}"),
    "reviews.show_round: long": admin("{big}"),
    "reviews.ask_to_close: early": admin("{waiting}close"),
    "reviews.ask_to_close: too few": admin("{past}close"),
    "reviews.preview: being set up": admin("{draft_with_people}preview?role=practitioner"),
    "outdated.compare": admin("{big}wording"),
    "reviews.preview: frozen": admin("{big}preview"),
    "results.show: confidential": admin("{closed}results"),
    "results.show: named": admin("{waiting}results"),
    "results.show: trial": admin("{trial}results"),
    "results.show: long": admin("{big}results"),
    "results.show: nobody yet": admin("{nobody}results"),
    "results.show: nobody": admin("{none_sent}results"),
    "results.show: being set up": admin("{draft}results"),
    "results.show: open": admin("{open}results"),
    "results.show: too few": admin("{few}results"),
    "results.show_entry: confidential": admin("{closed}results/qm08"),
    "results.show_entry: named": admin("{waiting}results/qm08"),
    "results.show_entry: long": admin("{big}results/qm08"),
    "results.show_entry: closing": admin("{big}results/closing"),
    "results.show_entry: nobody yet": admin("{nobody}results/qm08"),
    "side_by_side.show: nothing yet": admin("{review}rounds/"),
    "side_by_side.show_entry: nothing yet": admin("{closed}../rounds/qm08"),
    "results.export_options: named": admin("{big}export-options"),
    "results.export_options: confidential": admin("{closed}export-options"),
    "results.export_options: nobody": admin("{none_sent}export-options"),
    "results.export_options: open": admin("{open}export-options"),
}
FAULTS: Ways = {
    "set_up.add_round: no mode": press("{review}new-round", "Continue"),
    "set_up.save_round: no day": press("{draft}settings", "Save and continue", {"Last day of answering": ""}),
    "asking.save_markers: none": no_markers,
    "asking.save_markers: no role": no_roles,
    "people.add_people: faulty lines": press(
        "{draft}people/", "Add", {"Paste a list": f"Sam,sam@example.org,king,\nIra\n,{LONG_NAME},chair,\n{LONG_TEXT}"}
    ),
    "people.save_person: no name": nameless,
    "people.make: closed meanwhile": people_of_closed,
    "sending.remind: nobody": reminded_nobody,
    "grouping.save_groups: no number": press("{draft_with_people}groups", "Save and continue", {"Smallest group": ""}),
    "set_up.open_: past the day": opened_too_late,
    "reviews.extend: no day": press("{open}", "Move", {"Last day of answering": ""}),
    "reviews.close: not sure": press("{open}close", "Close the round"),
}

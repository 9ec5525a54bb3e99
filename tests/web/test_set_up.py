"""Setting a review and its round up, a step a page, until it is opened."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from .page import Page, links_on
from .world import CONFIDENTIAL, ENOUGH, ROLE_KEYS, SUPPORT, WHO, World

GetPage = Callable[..., Page]

PEOPLE = "".join(f"Pat {n},pat{n}@example.org,practitioner,Health\n" for n in range(6)) + "Ira,,panel,\nKim,,chair,\n"
GOES_ON = "Save and continue"


def progress_line(page: Page) -> str:
    """Where one is: "Step 3 of 6"."""
    return page.with_class("eyebrow")[0].text.partition(" \u00b7")[0]


def back_from(page: Page) -> str:
    """Where the link at the top leads."""
    (link,) = page.root.find("nav", **{"class": "back wrap"})[0].find("a")
    return link["href"]


# All steps


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_new_board_is_led_from_its_first_review_to_links_that_work(world: World, get_page: GetPage, mode: str) -> None:
    page = get_page(world.welcome()).send(WHO).follow("Set up a board").send({"name": "Northshire Board"})
    shown = [page := page.follow("Begin a review")]
    shown.append(page := page.send({"reference": "2026-07"}, button="Continue"))
    shown.append(page := page.send({"mode": mode}, button="Continue"))
    shown.append(page := page.send(button=GOES_ON))
    shown.append(page := page.send({"people": PEOPLE}, button="Continue"))
    if mode == "confidential":
        shown.append(page := page.send(button=GOES_ON))
    of = len(shown)
    exact = [f"Step {n} of {of}" for n in range(3, of + 1)]
    assert [progress_line(step) for step in shown] == ["Step 1 of 5 or 6", "Step 2 of 5 or 6", *exact]
    assert page.heading == "Check and open"
    page = page.send(button="Open the round")
    assert "The round is open. Now make the links and send them." in page.notices
    links = links_on(page.send(button="Make the links"))
    assert len(links) == 8
    for link in links.values():
        assert get_page(link).buttons == ["Start"]


@pytest.mark.parametrize("mode", ["named", "confidential"])
def test_going_back_step_by_step_keeps_everything(world: World, ann: FlaskClient, get_page: GetPage, mode: str) -> None:
    lengths = dict.fromkeys(ROLE_KEYS, "full")
    asked = world.round(ENOUGH, mode=mode, markers=("tea02", "tea01"), lengths=lengths)
    page = get_page(f"{asked.address}check")
    before = world.dump()
    titles = []
    while page.heading not in ("Looking back", ""):
        titles.append(page.heading)
        page = get_page(back_from(page))
    groups = ["Groups"] if mode == "confidential" else []
    assert titles == ["Check and open", *groups, "People", "What to ask", "Named or confidential", "The review"]
    page = page.follow("1. The review")
    while page.heading != "Check and open":
        page = page.send(button="Continue" if "Continue" in page.buttons else GOES_ON)
    assert world.dump() == before


def test_round_left_half_way_says_what_is_done_and_what_is_next(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    world.board()
    page = get_page("/boards/north/reviews/new").send({"reference": "2026-07"})
    review = get_page(page.path.removesuffix("new-round"))
    assert review.statuses == {
        "1. The review": "Done",
        "2. Named or confidential": "To do next",
        "3. What to ask": "Later",
        "4. People": "Later",
        "Check and open": "Later",
    }
    page.send({"mode": "confidential"})
    draft = review.again().follow("Looking back")
    assert draft.statuses == {
        "1. The review": "Done",
        "2. Named or confidential": "Done",
        "3. What to ask": "Done",
        "4. People": "To do next",
        "5. Groups": "Later",
        "6. Check and open": "Later",
    }
    draft.follow("Continue: People").send({"people": PEOPLE}, button="Continue")
    assert [*draft.again().statuses.values()][3:] == ["Done", "Done", "To do next"]


def test_changing_one_thing_from_the_check_leads_back_to_it(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    check = get_page(world.round(ENOUGH, **CONFIDENTIAL).address + "check")
    changes = [title for title in check.links if title.startswith("Change ") and "talk to" not in title]
    assert len(changes) == 9
    for title in changes:
        page = check.follow(title)
        assert back_from(page) == check.path
        assert page.send(button="Continue" if "Continue" in page.buttons else GOES_ON).path == check.path, title


@pytest.mark.parametrize("step", ["settings", "markers", "groups", "check"])
def test_steps_of_an_open_round_lead_to_the_round(world: World, ann: FlaskClient, get_page: GetPage, step: str) -> None:
    asked = world.open_round(ENOUGH, **CONFIDENTIAL)
    assert get_page(asked.address + step).path == asked.address


def test_named_round_has_no_groups_to_choose(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    assert get_page(f"{asked.address}groups").path == asked.address
    assert not [title for title in get_page(asked.address).links if "Groups" in title]


# The review


def test_review_begins_and_leads_to_its_round(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.board()
    form = get_page("/boards/north/").follow("Begin a review")
    assert form.fields["keep_until"] == "2027-03-02"
    page = form.send({"reference": "2026-07", "title": "The July review"})
    assert page.heading == "Named or confidential"
    assert "The July review" in page.text


def test_review_without_title_is_called_by_its_reference(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    world.board()
    page = get_page("/boards/north/reviews/new").send({"reference": "2026-07"})
    assert "Step 2 of 5 or 6 \u00b7 2026-07" in page.text
    details = get_page(page.path.replace("new-round", "details"))
    assert (details.fields["reference"], details.fields["title"]) == ("2026-07", "")


@pytest.mark.parametrize("step", ["new", "details"])
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"reference": " "}, "reference"),
        ({"reference": "R" * 301}, "reference"),
        ({"reference": "R", "title": "T" * 301}, "title"),
        ({"reference": "R", "keep_until": "2026-03-02"}, "keep_until"),
        ({"reference": "R", "keep_until": "31/12/2027"}, "keep_until"),
    ],
    ids=["no_reference", "long_reference", "long_title", "not_future", "no_day"],
)
def test_review_that_lacks_something_is_refused_at_its_field(
    world: World, ann: FlaskClient, get_page: GetPage, step: str, values: dict[str, str], field: str
) -> None:
    key = world.round().review_key
    place = f"{key}/details" if step == "details" else "new"
    before = world.dump()["review"]
    page = get_page(f"/boards/north/reviews/{place}").send(values, status=422)
    assert list(page.errors) == [field]
    assert {name: page.fields[name] for name in values} == values
    assert world.dump()["review"] == before


def test_review_is_put_right_until_a_round_opens(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    review = get_page(f"/boards/north/reviews/{asked.review_key}/")
    form = review.follow("Change the reference, title or day")
    page = form.send({"reference": "2026-08", "title": "The August review", "keep_until": "2026-12-31"})
    assert (page.path, page.heading) == (review.path, "The August review")
    assert "kept until 31 December 2026" in page.text
    get_page(f"{asked.address}check").send(button="Open the round")
    refused = form.send({"reference": "2026-09"}, status=422)
    assert "were told its name" in refused.errors[""]
    assert "Change the reference, title or day" not in review.again().links
    assert "reference" not in review.again().follow("Move the day earlier").fields


def test_answers_are_not_kept_for_shorter_than_a_round_is_answered(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.round()
    form = get_page(f"/boards/north/reviews/{asked.review_key}/details")
    page = form.send({"keep_until": "2026-03-08"}, status=422)
    assert "before 09 March 2026, the last day of answering" in page.errors["keep_until"]


# Named or confidential


@pytest.fixture
def round_form(world: World, ann: FlaskClient, get_page: GetPage) -> Page:
    """The form of a new round of a new review."""
    world.board()
    return get_page("/boards/north/reviews/new").send({"reference": "2026-07"})


def test_new_round_proposes_the_usual_but_no_mode(round_form: Page) -> None:
    assert round_form.fields == {"mode": "", "purpose": "reflect", "closes_on": "2026-03-30"}


@pytest.mark.parametrize("step", ["new-round", "settings"])
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"mode": "gossip"}, "mode"),
        ({"mode": "named", "purpose": "gossip"}, "purpose"),
        ({"mode": "named", "closes_on": "2026-03-01"}, "closes_on"),
        ({"mode": "named", "closes_on": "2027-03-03"}, "closes_on"),
        ({"mode": "named", "closes_on": "soon"}, "closes_on"),
    ],
    ids=["mode", "purpose", "past", "after_keeping", "no_day"],
)
def test_round_that_lacks_something_is_refused_at_its_field(
    world: World, ann: FlaskClient, get_page: GetPage, step: str, values: dict[str, str], field: str
) -> None:
    asked = world.round()
    page = get_page(
        f"{asked.address}settings" if step == "settings" else f"/boards/north/reviews/{asked.review_key}/{step}"
    )
    before = world.dump()["round"]
    page = page.send(values, status=422)
    assert list(page.errors) == [field]
    assert page.fields["closes_on"] == values.get("closes_on", page.fields["closes_on"])
    assert world.dump()["round"] == before


def test_new_round_without_a_mode_is_refused(world: World, round_form: Page) -> None:
    assert list(round_form.send(status=422).errors) == ["mode"]
    assert world.dump()["round"] == []


def test_round_can_be_changed_until_it_opens(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    get_page(f"{asked.address}settings").send({"mode": "confidential", "closes_on": "2026-03-20"})
    get_page(f"{asked.address}markers").send({"markers": ["tea01"]}, button=GOES_ON)
    get_page(f"{asked.address}groups").send({"minimum": "4"}, button=GOES_ON)
    page = get_page(f"{asked.address}check").send(button="Open the round")
    assert "Confidential, smallest group 4 \u00b7 1 marker \u00b7 last day of answering: 20 March 2026" in page.text


def test_open_round_keeps_its_settings(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    settings, markers = get_page(f"{asked.address}settings"), get_page(f"{asked.address}markers")
    get_page(f"{asked.address}check").send(button="Open the round")
    before = world.dump()["round"]
    settings.send({"mode": "confidential"}, status=422)
    markers.send({"markers": ["tea01"]}, button=GOES_ON, status=409)
    assert world.dump()["round"] == before


def test_draft_whose_day_has_passed_can_still_be_changed(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    world.app.config["NOW"] += timedelta(days=8)
    page = get_page(f"{asked.address}markers").send({"markers": ["tea01"]}, button=GOES_ON)
    assert page.heading == "People"
    check = get_page(f"{asked.address}check")
    assert "The last day of answering is past." in check.notices
    assert "Open the round" not in check.buttons


def test_second_round_of_a_purpose_gets_a_number(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = get_page(f"/boards/north/reviews/{asked.review_key}/").follow("Add a round").send({"mode": "named"})
    assert page.path == asked.address.replace("/reflect/", "/reflect_2/") + "markers"
    assert "Looking back (2)" in get_page(f"/boards/north/reviews/{asked.review_key}/").links


# What to ask


@pytest.fixture
def markers(world: World, ann: FlaskClient, get_page: GetPage) -> Page:
    """The markers of a round that asks them all, in an order of its own."""
    return get_page(f"{world.round(markers=('tea03', 'tea01', 'tea02')).address}markers")


def hints_on(page: Page) -> dict[str, str]:
    """Role -> its markers and minutes."""
    found = {each["id"].removesuffix("-hint"): each.text for each in page.with_class("hint") if each["id"]}
    return {key.removeprefix("length-"): text for key, text in found.items() if key.startswith("length-")}


def test_usual_round_asks_the_first_set_and_practitioners_briefly(round_form: Page) -> None:
    fields = round_form.send({"mode": "named"}).fields
    assert fields["markers"] == [f"qm{n:02}" for n in range(1, 19)]
    assert {role: fields[f"length-{role}"] for role in ROLE_KEYS} == {
        "chair": "full",
        "panel": "full",
        "lead_reviewer": "full",
        "business_unit": "full",
        "practitioner": "brief",
    }


def test_local_and_published_markers_are_offered_as_such(markers: Page) -> None:
    assert markers.group("Pouring") == ["2. Table (published wording)", "3. Cups (local marker)"]


def test_each_marker_says_what_it_asks_and_of_whom(markers: Page) -> None:
    titles = {each.find("summary")[0].text: each.text for each in markers.main.find("details")}
    assert "Was there a plan? (Chair or board member, Panel or sub-group member)" in titles["1. Kettle"]
    assert "Was the kettle full? (Everyone)" in titles["1. Kettle"]
    assert "The serious case review has a kettle." in titles["1. Kettle"]


def numbers_on(page: Page, role: str) -> list[int]:
    """[markers, minutes] of a role."""
    return [int(number) for number in re.findall(r"\d+", hints_on(page)[role])]


def test_minutes_follow_what_is_ticked_and_the_length(markers: Page) -> None:
    assert hints_on(markers)["panel"] == "2 markers, about 10 minutes"
    every = markers.send(button="All")
    kept = every.send({"length-panel": "brief", "length-chair": "none"}, button="Save and work out the minutes")
    assert kept.path == markers.path
    (asked, long), (still, short) = numbers_on(every, "panel"), numbers_on(kept, "panel")
    assert asked == still == 20
    assert 30 <= short < long <= 120
    assert "chair" in hints_on(every)
    assert "chair" not in hints_on(kept)
    assert kept.fields["length-chair"] == "none"


@pytest.mark.parametrize(
    ("button", "ticked"),
    [("None", set()), ("Only: Pouring", {"tea02", "tea03"}), ("Only: Brewing", {"tea01"})],
)
def test_several_markers_are_ticked_at_once_with_what_was_chosen_kept(
    world: World, markers: Page, button: str, ticked: set[str]
) -> None:
    before = world.dump()["round"]
    page = markers.send({"length-chair": "brief", "length-panel": "none"}, button=button)
    assert set(page.fields["markers"]) == ticked
    assert (page.fields["length-chair"], page.fields["length-panel"]) == ("brief", "none")
    assert world.dump()["round"] == before


def test_all_markers_are_ticked_at_once(markers: Page) -> None:
    page = markers.send({"markers": []}, button="All")
    assert len(page.fields["markers"]) == 18 + 3


def test_order_made_on_the_command_line_is_kept_until_other_markers_are_chosen(world: World, markers: Page) -> None:
    def asked() -> str:
        (row,) = world.dump()["round"]
        return next(str(value) for value in row if "markers" in str(value))

    markers.send(button=GOES_ON)
    assert '["tea03","tea01","tea02"]' in asked()
    markers.send({"markers": ["tea01", "tea03"]}, button=GOES_ON)
    assert '["tea01","tea03"]' in asked()


def test_preview_shows_what_was_just_chosen(markers: Page) -> None:
    page = markers.send({"markers": ["tea01"]}, button="Save and preview")
    assert page.heading == "The questionnaire"
    assert [each.text for each in page.main.find("h2")] == ["Kettle", "The review as a whole"]
    assert back_from(page) == markers.path


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"markers": []}, "markers"),
        ({"markers": ["qm99"]}, "markers"),
        ({f"length-{role}": "none" for role in ROLE_KEYS}, "length-chair"),
        ({"length-lead_reviewer": "none"}, "length-chair"),
    ],
    ids=["no_markers", "unknown", "nobody", "role_with_people"],
)
def test_questionnaire_that_cannot_be_is_refused_at_its_field(
    world: World, markers: Page, values: dict[str, str | list[str]], field: str
) -> None:
    before = world.dump()["round"]
    page = markers.send(values, button=GOES_ON, status=422)
    assert list(page.errors) == [field]
    shown = {name: value for name, value in values.items() if value != ["qm99"]}
    assert {name: page.fields[name] for name in shown} == shown
    assert world.dump()["round"] == before


def test_marker_that_is_no_longer_there_leads_back_to_the_choice(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.round()
    (world.marker_folder / "01-kettle.toml").unlink()
    page = get_page(asked.address)
    assert page.statuses["3. What to ask"] == "To do next"
    page = page.follow("Continue: What to ask").send(button=GOES_ON)
    assert page.heading == "People"


@pytest.mark.parametrize("page", ["check", "people/", "groups"])
def test_pages_after_the_choice_lead_back_to_it_when_a_marker_is_no_longer_there(
    world: World, ann: FlaskClient, get_page: GetPage, page: str
) -> None:
    asked = world.round({"panel": 5}, **CONFIDENTIAL)
    (world.marker_folder / "01-kettle.toml").unlink()
    shown = get_page(f"{asked.address}{page}")
    assert shown.path == f"{asked.address}markers"
    assert "no longer there" in shown.notices


# People


def test_continuing_adds_the_people_in_the_box(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = get_page(f"{asked.address}people/").send({"people": PEOPLE}, button="Continue")
    assert page.heading == "Check and open"
    assert "8 added." in page.notices


def test_continuing_with_a_faulty_list_loses_nothing(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = get_page(f"{asked.address}people/").send({"people": "Sam,,king,"}, button="Continue", status=422)
    assert page.fields["people"] == "Sam,,king,"


# Groups


def groups_on(page: Page) -> list[tuple[str, str]]:
    """(group, people invited)"""
    return [(row[0], row[1]) for row in page.rows("How answers would be shown now")]


OTHERS = "chairs and board members, panel members, lead reviewers and business unit staff"


def test_groups_follow_who_is_invited(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round({"practitioner": 4, "panel": 6}, **CONFIDENTIAL)
    assert len(groups_on(get_page(f"{asked.address}groups"))) == 1
    get_page(f"{asked.address}people/").send({"people": PEOPLE}, button="Add")
    assert ("practitioners", "10") in groups_on(get_page(f"{asked.address}groups"))


def test_too_few_people_are_shown_as_everyone(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round({"chair": 1, "practitioner": 4}, **CONFIDENTIAL)
    assert groups_on(get_page(f"{asked.address}groups")) == [("everyone", "5")]


def test_groups_can_be_chosen_and_proposed_again(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(f"{world.round(ENOUGH, **CONFIDENTIAL).address}groups")
    assert groups_on(page) == [("practitioners", "6"), (OTHERS, "6")]
    joined = {f"group-{role}": "B" for role in ROLE_KEYS}
    page = page.send({"how": "chosen"} | joined, button="Save and show the groups")
    assert groups_on(page) == [("everyone", "12")]
    assert page.fields["how"] == "chosen"
    page = page.send({"how": "proposed"}, button="Save and show the groups")
    assert len(groups_on(page)) == 2


@pytest.mark.parametrize("minimum", ["2", "11", "eleven", ""])
def test_smallest_group_that_cannot_be_is_refused(
    world: World, ann: FlaskClient, get_page: GetPage, minimum: str
) -> None:
    page = get_page(f"{world.round(ENOUGH, **CONFIDENTIAL).address}groups")
    before = world.dump()["round"]
    page = page.send({"minimum": minimum, "how": "chosen", "group-chair": "B"}, button=GOES_ON, status=422)
    assert list(page.errors) == ["minimum"]
    assert (page.fields["minimum"], page.fields["how"], page.fields["group-chair"]) == (minimum, "chosen", "B")
    assert world.dump()["round"] == before


# Check and open


def test_check_shows_everything_that_is_set(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(f"{world.round(ENOUGH, **CONFIDENTIAL).address}check")
    rows = {row.find("dt")[0].text: row.find("dd")[0].text for row in page.with_class("summary-row")}
    needs = "minutes for 2 markers"
    assert rows == {
        "Review": "The July review Reference: 2026-07",
        "Answers are kept until": "2 March 2027",
        "Purpose": "Looking back",
        "Named or confidential": "Confidential",
        "Last day of answering": "9 March 2026 (in 7 days)",
        "Markers": "3: Kettle, Table, Cups",
        "Time each person needs": f"practitioners: about 5 {needs} {OTHERS}: about 10 {needs}",
        "People": "12 invited Panel or sub-group member: 4 Lead reviewer: 2 Practitioner or first-line manager: 6",
        "Answers are shown as": f"practitioners (6 invited) {OTHERS} (6 invited) Smallest group: 5",
        "Whom participants can talk to": SUPPORT,
    }


def test_check_says_that_opening_cannot_be_undone_before_its_button(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    page = get_page(f"{world.round().address}check")
    assert page.text.index("Opening cannot be undone.") < page.text.rindex("Open the round")


@pytest.mark.parametrize(
    ("people", "settings", "said"),
    [
        ({"panel": 3}, CONFIDENTIAL, "3 invited, and nothing can be shown before 5 have sent"),
        ({"panel": 4, "practitioner": 6}, CONFIDENTIAL, "Fewer than 5 panel members are invited (4)"),
        ({"panel": 3}, {}, "Nobody is invited yet from: chairs and board members, lead reviewers"),
        ({"panel": 3}, {"closes_on": date(2026, 3, 3)}, "The last day of answering is near: tomorrow."),
        ({"panel": 3}, {"markers": [f"qm{n:02}" for n in range(1, 19)]}, "minutes is a lot to ask of panel members"),
    ],
    ids=["too_few", "joined", "empty_role", "near", "long"],
)
def test_check_warns_of_what_may_be_amiss(
    world: World, ann: FlaskClient, get_page: GetPage, people: dict[str, int], settings: dict[str, object], said: str
) -> None:
    page = get_page(f"{world.round(people, **settings).address}check")
    assert said in page.notices
    assert "Open the round" in page.buttons


def test_check_warns_of_nobody_invited_and_of_people_without_an_address(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.round()
    get_page(f"{asked.address}people/").follow("Pat lead_reviewer 1").send(button="Take out of this round")
    assert "Nobody is invited yet." in get_page(f"{asked.address}check").notices
    get_page(f"{asked.address}people/").send({"people": PEOPLE}, button="Add")
    page = get_page(f"{asked.address}check")
    assert "Nobody is invited yet." not in page.notices
    assert "Without an e-mail address: 2." in page.notices


def test_check_of_a_round_in_good_order_warns_of_nothing(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(f"{world.round(dict.fromkeys(ROLE_KEYS, 1)).address}check")
    assert page.notices == ""


def test_small_group_of_a_confidential_round_keeps_it_from_opening(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.round(ENOUGH, **CONFIDENTIAL)
    before = get_page(f"{asked.address}check")
    alone = {f"group-{role}": letter for role, letter in zip(ROLE_KEYS, "ABCDE", strict=True)}
    page = get_page(f"{asked.address}groups").send({"how": "chosen"} | alone, button=GOES_ON)
    assert "The group panel members has 4 people invited; it needs 5." in page.notices
    assert "Open the round" not in page.buttons
    assert "a confidential round needs 5" in before.send(button="Open the round", status=409).errors[""]
    assert get_page(asked.link, 403).buttons == []


def test_opening_freezes_the_questionnaire_and_names_its_digest(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    asked = world.round()
    page = get_page(f"{asked.address}check").send(button="Open the round")
    (digest,) = page.with_class("digest")
    (world.marker_folder / "01-kettle.toml").unlink()
    assert get_page(asked.address).with_class("digest")[0].text == digest.text
    assert "The serious case review has a kettle." in get_page(f"{asked.address}preview").text


def test_opening_twice_is_refused(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    page = get_page(f"{world.round().address}check")
    page.send(button="Open the round")
    assert "open already" in page.send(button="Open the round", status=409).text


# The preview


def test_preview_shows_what_each_role_is_asked(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    asked = world.round()
    page = get_page(f"{asked.address}preview")
    assert "Was there a plan?" in page.text
    page = get_page(f"{asked.address}preview?role=practitioner")
    assert "Was there a plan?" not in page.text
    assert "2 markers, about 5 minutes. Length: brief: the questions are shown as an aid" in page.text
    assert page.fields["role"] == "practitioner"


def test_preview_of_a_confidential_round_says_that_a_group_is_asked_the_same(
    world: World, ann: FlaskClient, get_page: GetPage
) -> None:
    page = get_page(f"{world.round(**CONFIDENTIAL).address}preview?role=practitioner")
    assert "The group of this role: everyone." in page.text
    assert "Was there a plan?" in page.text


def test_preview_of_an_unknown_role_shows_the_first(world: World, ann: FlaskClient, get_page: GetPage) -> None:
    assert get_page(f"{world.round().address}preview?role=king").fields["role"] == "chair"

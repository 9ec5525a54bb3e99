"""The steps of setting a round up: where one is, what comes before and after, and what is done."""

from flask import request, url_for
from msgspec import Struct

from scrqm_forms.domain.questionnaire import Mode
from scrqm_forms.domain.review import Board, Review, Round
from scrqm_forms.services.readiness import Readiness
from scrqm_forms.web.language import _, ngettext
from scrqm_forms.web.places import may, review_address, round_address
from scrqm_forms.web.words import MODE, PURPOSE, day

#: Step -> (title, page), in order. Groups are a step of confidential rounds only.
STEPS = {
    "review": (_("The review"), "reviews.correct_review"),
    "round": (_("Named or confidential"), "set_up.round_settings"),
    "markers": (_("What to ask"), "asking.markers"),
    "people": (_("People"), "people.list_people"),
    "groups": (_("Groups"), "grouping.show_groups"),
    "check": (_("Check and open"), "set_up.check"),
}
_STATUS = {
    "done": (_("Done"), "done"),
    "next": (_("To do next"), "begun"),
    "later": (_("Later"), "none"),
}


class Task(Struct, frozen=True, kw_only=True):
    """A step in the list of steps; its address is empty where there is no such page yet."""

    href: str
    title: str
    hint: str
    status_text: str
    status_kind: str


class Step(Struct, frozen=True, kw_only=True):
    """Where somebody is. Addresses are empty where there is no such page yet."""

    #: "Step 3 of 6"; empty outside of a set-up.
    line: str
    here: str
    #: Address and name of the page before.
    before: tuple[str, str]
    #: Address of the next page; of the check, for those who came from there to change something.
    after: str
    #: Address of the list of steps.
    overview: str


def first_step(board: Board) -> Step:
    """Of a review that is not made yet."""
    home = url_for("boards.show_board", board_key=board.key)
    return Step(line=_line("review", None), here="", before=(home, _("Reviews")), after="", overview="")


def step_of_review(review: Review, has_rounds: bool) -> Step:
    """Of a review that is made, apart from any round."""
    home = review_address("reviews.show_review", review)
    return Step(
        line="" if has_rounds else _line("review", None),
        here=review_address("reviews.correct_review", review),
        before=(home, review.title),
        after=home if has_rounds else review_address("set_up.new_round", review),
        overview=home,
    )


def second_step(review: Review) -> Step:
    """Of a round that is not made yet."""
    home = review_address("reviews.show_review", review)
    return Step(line=_line("round", None), here="", before=(home, review.title), after="", overview=home)


def step_of(round_: Round, key: str) -> Step:
    keys = _keys(round_.settings.mode)
    place = keys.index(key)
    overview = round_address("reviews.show_round", round_)
    check = round_address("set_up.check", round_)
    if is_from_check():
        before, after = (check, STEPS["check"][0]), check
    else:
        before = (_address(round_, keys[place - 1]), STEPS[keys[place - 1]][0]) if place else (overview, _("All steps"))
        after = _address(round_, keys[place + 1]) if place + 1 < len(keys) else ""
    return Step(
        line=_line(key, round_.settings.mode),
        here=_address(round_, key),
        before=before,
        after=after,
        overview=overview,
    )


def is_from_check() -> bool:
    """Whether somebody came from the check to change one thing."""
    return request.args.get("from") == "check"


def tasks_of(round_: Round, ready: Readiness | None) -> list[Task]:
    """What is done and what is next, with links for those who may set rounds up.

    `ready` is None where the markers chosen are no longer there.
    """
    settings = round_.settings
    hints = {
        "review": f"{_('Reference')} {round_.review.reference}",
        "round": f"{PURPOSE[settings.purpose]}. {MODE[settings.mode]}. "
        + _("Last day of answering: %(day)s.") % {"day": day(round_.closes_on)},
        "markers": _markers_hint(round_, ready),
        "people": _("%(number)s invited") % {"number": ready.people} if ready else "",
        "groups": ", ".join(f"{each.group.title} ({each.people})" for each in ready.groups) if ready else "",
        "check": _("Read everything over, then open the round."),
    }
    following = next_key(ready)
    may_set_up = may("manage", round_.review.board)
    return [
        _task(
            f"{n}. {STEPS[key][0]}",
            _address(round_, key) if may_set_up else "",
            _status_of(key, following),
            hints[key],
        )
        for n, key in enumerate(_keys(settings.mode), 1)
    ]


def next_key(ready: Readiness | None) -> str:
    """The first step that is not done. Everything else has been asked for, or stands as proposed."""
    if ready is None:
        return "markers"
    return "check" if ready.people else "people"


def tasks_of_new(review: Review) -> list[Task]:
    """The steps of a review that has no round yet."""
    first, second = (f"{n}. {STEPS[key][0]}" for n, key in enumerate(("review", "round"), 1))
    later = [f"3. {STEPS['markers'][0]}", f"4. {STEPS['people'][0]}", STEPS["check"][0]]
    reference = f"{_('Reference')} {review.reference}"
    may_set_up = may("manage", review.board)
    return [
        _task(first, review_address("reviews.correct_review", review) if may_set_up else "", "done", reference),
        _task(second, review_address("set_up.new_round", review) if may_set_up else "", "next"),
        *(_task(title, "", "later") for title in later),
    ]


def _status_of(key: str, following: str) -> str:
    if key == following:
        return "next"
    return "later" if key == "check" or (key == "groups" and following == "people") else "done"


def _task(title: str, href: str, status: str, hint: str = "") -> Task:
    text, kind = _STATUS[status]
    return Task(href=href, title=title, hint=hint, status_text=text, status_kind=kind)


def _markers_hint(round_: Round, ready: Readiness | None) -> str:
    if ready is None:
        return _("Some of the markers chosen are no longer there. Choose again.")
    markers, roles = len(round_.settings.markers), len(round_.settings.roles)
    asked = ngettext("%(num)s marker", "%(num)s markers", markers) % {"num": markers}
    whom = ngettext("%(num)s role", "%(num)s roles", roles) % {"num": roles}
    return f"{asked}, {whom}. {minutes_range([each.minutes for each in ready.groups])}"


def minutes_range(minutes: list[int]) -> str:
    low, high = min(minutes), max(minutes)
    if low == high:
        return _("About %(high)s minutes each.") % {"high": high}
    return _("From %(low)s to %(high)s minutes each.") % {"low": low, "high": high}


def _address(round_: Round, key: str) -> str:
    if key == "review":
        return review_address("reviews.correct_review", round_.review, round=round_.key)
    return round_address(STEPS[key][1], round_)


def _keys(mode: Mode) -> list[str]:
    return [key for key in STEPS if key != "groups" or mode == "confidential"]


def _line(key: str, mode: Mode | None) -> str:
    """Until it is settled whether the round is named, there may be one step more or less."""
    if mode is None:
        number = list(STEPS).index(key) + 1
        return _("Step %(number)s of 5 or 6") % {"number": number}
    keys = _keys(mode)
    return _("Step %(number)s of %(of)s") % {"number": keys.index(key) + 1, "of": len(keys)}

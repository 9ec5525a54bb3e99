"""What an administrator reads over before a round is opened: everything set, and what may be amiss."""

from collections.abc import Sequence

from flask import url_for

from scrqm_forms.domain.marker import LibraryMarker
from scrqm_forms.domain.review import Round
from scrqm_forms.services.readiness import Readiness
from scrqm_forms.web.language import _, ngettext
from scrqm_forms.web.places import may, review_address, round_address
from scrqm_forms.web.words import MODE, PURPOSE, Row, day

#: Minutes from which few people take part, and days in which few find the time (assumptions of ours).
LONG, SHORT = 60, 7


def rows_of_check(round_: Round, ready: Readiness, offered: Sequence[LibraryMarker]) -> list[Row]:
    """Every setting with a link to where it is changed."""
    review, settings = round_.review, round_.settings
    first = review_address("reviews.correct_review", review, round=round_.key) + "&from=check"
    of_round, of_markers, of_people, of_groups = (
        round_address(page, round_) + "?from=check"
        for page in ("set_up.round_settings", "asking.markers", "people.list_people", "grouping.show_groups")
    )
    rows = [
        _row(_("Review"), f"{review.title}\n" + _("Reference: %(text)s") % {"text": review.reference}, first),
        _row(_("Answers are kept until"), day(review.keep_until), first),
        _row(_("Purpose"), PURPOSE[settings.purpose], of_round),
        _row(_("Named or confidential"), MODE[settings.mode], of_round),
        _row(_("Last day of answering"), f"{day(round_.closes_on)} ({_days(ready.days_left)})", of_round),
        _row(_("Markers"), _markers(round_, offered), of_markers),
        _row(_("Time each person needs"), _minutes(ready), of_markers),
        _row(_("People"), _people(ready), of_people),
    ]
    if ready.improvements:
        rows.insert(6, _row(_("Improvements that come back"), "\n".join(ready.improvements), of_markers))
    if settings.mode == "confidential":
        rows.append(_row(_("Answers are shown as"), _groups(round_, ready), of_groups))
    support = url_for("boards.settings", board_key=review.board.key) if may("service", review.board) else ""
    return [*rows, _row(_("Whom participants can talk to"), review.board.support, support)]


def _row(key: str, value: str, href: str) -> Row:
    """Without a link where the reader may not change it."""
    return Row(key=key, value=value, href=href, action=_("Change"), hidden=key)


def _days(left: int) -> str:
    if left < 0:
        return _("past")
    return _("today") if left == 0 else _("tomorrow") if left == 1 else _("in %(days)s days") % {"days": left}


def _markers(round_: Round, offered: Sequence[LibraryMarker]) -> str:
    titles = {each.marker.id: each.marker.title for each in offered}
    chosen = round_.settings.markers
    return f"{len(chosen)}: " + ", ".join(titles[key] for key in chosen)


def _minutes(ready: Readiness) -> str:
    one = _("%(group)s: about %(minutes)s minutes for %(num)s marker")
    many = _("%(group)s: about %(minutes)s minutes for %(num)s markers")
    return "\n".join(
        ngettext(one, many, each.markers) % {"group": each.group.title, "minutes": each.minutes, "num": each.markers}
        for each in ready.groups
    )


def _people(ready: Readiness) -> str:
    if not ready.people:
        return _("Nobody yet")
    parts = [f"{role.title}: {number}" for role, number in ready.invited if number]
    return "\n".join([_("%(number)s invited") % {"number": ready.people}, *parts])


def _groups(round_: Round, ready: Readiness) -> str:
    line = _("%(group)s (%(people)s invited)")
    groups = [line % {"group": each.group.title, "people": each.people} for each in ready.groups]
    smallest = _("Smallest group: %(number)s") % {"number": round_.settings.minimum}
    return "\n".join([*groups, smallest])


def warnings_of(round_: Round, ready: Readiness) -> list[str]:
    """What may be amiss; none of it keeps the round from opening."""
    return [*_warnings_of_people(round_, ready), *_warnings_of_groups(round_, ready), *_warnings_of_time(ready)] + (
        [] if round_.review.board.support else [_NO_SUPPORT]
    )


_NO_SUPPORT = _(
    "Nobody is named whom participants can talk to. Looking back can be hard: "
    "add a name and number in the board settings."
)


def _warnings_of_people(round_: Round, ready: Readiness) -> list[str]:
    found = []
    minimum = round_.settings.minimum
    confidential = round_.settings.mode == "confidential"
    if not ready.people and confidential:
        found.append(_("Nobody is invited yet. Opened like this, all answers will be shown as one group for good."))
    elif not ready.people:
        found.append(_("Nobody is invited yet. You can add people after opening too."))
    elif confidential and ready.people < minimum:
        values = {"people": ready.people, "minimum": minimum}
        found.append(
            _("%(people)s invited, and nothing can be shown before %(minimum)s have sent their answers.") % values
        )
    empty = [role.plural for role, number in ready.invited if not number]
    if ready.people and empty:
        found.append(_("Nobody is invited yet from: %(roles)s.") % {"roles": ", ".join(empty)})
    if ready.without_email:
        text = _("Without an e-mail address: %(number)s. Their links have to reach them in another way.")
        found.append(text % {"number": ready.without_email})
    return found


def _warnings_of_groups(round_: Round, ready: Readiness) -> list[str]:
    text = _(
        "Fewer than %(minimum)s %(role)s are invited (%(people)s), so they are shown together with others: %(group)s."
    )
    people = {role.key: number for role, number in ready.invited}
    return [
        text
        % {
            "minimum": round_.settings.minimum,
            "role": role.plural,
            "people": people[role.key],
            "group": group.group.title,
        }
        for role, group in ready.joined
    ]


def _warnings_of_time(ready: Readiness) -> list[str]:
    found = []
    if 0 <= ready.days_left < SHORT:
        text = _("The last day of answering is near: %(when)s. People may need longer to find the time.")
        found.append(text % {"when": _days(ready.days_left)})
    for each in ready.groups:
        if each.minutes > LONG and each.people:
            values = {"minutes": each.minutes, "group": each.group.title}
            text = _(
                "About %(minutes)s minutes is a lot to ask of %(group)s. Fewer markers, or the brief length, take less."
            )
            found.append(text % values)
    return found

"""How values read on a page."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask import Flask
from markupsafe import Markup, escape
from msgspec import Struct

from scrqm_forms.domain.marker import Role
from scrqm_forms.domain.permission import in_order
from scrqm_forms.domain.questionnaire import AskedMarker, AskedQuestion, Choice, questions_for
from scrqm_forms.domain.table import Table
from scrqm_forms.domain.wording import OTHER_LABELS
from scrqm_forms.web.language import _


class Row(Struct, frozen=True, kw_only=True):
    """One question with the answer given; `href` leads to where it can be changed."""

    key: str
    value: str
    href: str = ""
    action: str = ""
    #: What the link is about, for screen readers.
    hidden: str = ""


STATUS = {
    "not_begun": (_("Not started"), "none"),
    "begun": (_("Started"), "begun"),
    "answered": (_("Answered"), "done"),
    "not_my_part": (_("Not my part"), "aside"),
}
INVITATION_STATE = {
    "not_begun": (_("Not started"), "none"),
    "begun": (_("Started"), "begun"),
    "submitted": (_("Sent"), "done"),
}
ROUND_STATE = {
    "draft": (_("Being set up"), "none"),
    "open": (_("Open"), "begun"),
    "closed": (_("Closed"), "done"),
    "deleted": (_("Answers deleted"), "aside"),
}
PURPOSE = {
    "plan": _("Planning"),
    "assure": _("Taking stock"),
    "reflect": _("Looking back"),
    "follow_up": _("Following up"),
}
MODE = {
    "named": _("Named"),
    "confidential": _("Confidential"),
}
#: What kind of answer it is, where the question does not say.
PART = {
    "comment": _("comment"),
    "judgement": _("judgement"),
    "obstacle": _("obstacle"),
}
WORDING = {
    "published": _("published wording"),
    "adapted": _("adapted wording"),
    "local": _("local marker"),
}


def add_filters(app: Flask) -> None:
    app.jinja_env.filters |= {
        "day": day,
        "moment": moment,
        "until_deleted": until_deleted,
        "paragraphs": paragraphs,
        "lines": lines,
        "map_rows": rows_of,
        "map_choices": choices_of,
        "without_links": without_links,
        "map_roles": choices_of_roles,
        "map_markers": choices_of_markers,
        "map_tables": choices_of_tables,
        "asked_of": questions_for,
        "codes_of": codes_of,
        "titles": titles_of,
    }
    app.jinja_env.globals |= {
        "purpose_words": PURPOSE,
        "mode_words": MODE,
        "part_words": PART,
        "wording_words": WORDING,
        "round_state_words": ROUND_STATE,
        "invitation_state_words": INVITATION_STATE,
    }


def rows_of(pairs: list[tuple[str, str]]) -> list[Row]:
    """Rows of a summary list, from pairs of question and answer."""
    return [Row(key=key, value=value) for key, value in pairs]


def without_links(rows: list[Row]) -> list[Row]:
    return [Row(key=row.key, value=row.value) for row in rows]


def choices_of(things: Sequence[Any]) -> list[Choice]:
    """Choices from things with an id and a text."""
    return [Choice(code=thing.id, label=thing.text) for thing in things]


def choices_of_roles(roles: Sequence[Role]) -> list[Choice]:
    return [Choice(code=role.key, label=role.title) for role in roles]


def choices_of_markers(markers: Iterable[AskedMarker]) -> list[Choice]:
    """Markers to choose; those that are not in our own words say so."""
    found = []
    for marker in markers:
        status = "" if marker.wording_status == "adapted" else f" ({WORDING[marker.wording_status]})"
        found.append(Choice(code=marker.id, label=f"{marker.number}. {marker.title}{status}"))
    return found


def choices_of_tables(tables: Iterable[Table]) -> list[Choice]:
    return [Choice(code=table.key, label=table.title) for table in tables]


def codes_of(question: AskedQuestion) -> list[tuple[str, str]]:
    """(code, label) of a question's own choices, and of what else results tell apart."""
    return [(choice.code, choice.label) for choice in question.choices] + list(OTHER_LABELS.items())


def titles_of(permissions: Iterable[str]) -> str:
    """Manage reviews, Read answers"""
    return ", ".join(each.title for each in in_order(permissions))


def day(value: date) -> str:
    """3 March 2026"""
    return f"{value.day} {value:%B %Y}"


def moment(value: datetime) -> str:
    """3 March 2026, 14:05; where the server stands."""
    local = value.astimezone()
    return f"{day(local)}, {local:%H:%M}"


def until_deleted(keep_until: date, today: date) -> str:
    """When answers are to be deleted: after the last day on which they are kept."""
    days = (keep_until - today).days
    if days < 0:
        return _("Answers were kept until %(day)s, and are due to be deleted.") % {"day": day(keep_until)}
    if days == 0:
        return _("Answers are to be deleted after today, %(day)s.") % {"day": day(keep_until)}
    if days == 1:
        return _("Answers are to be deleted after tomorrow, %(day)s.") % {"day": day(keep_until)}
    return _("Answers are to be deleted after %(day)s (in %(days)s days).") % {"day": day(keep_until), "days": days}


def paragraphs(text: str) -> Markup:
    """Text as paragraphs: a blank line parts them, a single line break stays one."""
    parts = [part for part in text.strip().split("\n\n") if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(Markup("<br>").join(_lines(part))) for part in parts)


def lines(text: str) -> Markup:
    """Text with its line breaks: an item of a list may hold items of its own."""
    return Markup("<br>").join(_lines(text))


def _lines(part: str) -> list[Any]:
    return [escape(line) for line in part.strip().split("\n")]

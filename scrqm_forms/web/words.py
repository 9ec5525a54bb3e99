"""How values read on a page."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from flask import Flask
from msgspec import Struct

from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.kinds import KINDS
from scrqm_forms.domain.marker import Role
from scrqm_forms.domain.permission import in_order
from scrqm_forms.domain.questionnaire import AskedMarker, AskedObstacle, Choice, Questionnaire, questions_for
from scrqm_forms.domain.wording import OTHER_LABELS
from scrqm_forms.services.overview import EntryResults, PartResults
from scrqm_forms.web.charts import count_head, count_rows, draw_chart
from scrqm_forms.web.language import _
from scrqm_forms.web.marked_words import with_marks
from scrqm_forms.web.settings_said import settings_said
from scrqm_forms.web.texts import lines, paragraphs, quotes, with_lists


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
    "helped": _("did it help"),
    "judgement": _("judgement"),
    "obstacle": _("obstacle"),
}
#: After a number, where an answer's own label does not read well.
CODE = {
    "not_known": _("not in a position to know"),
    "not_applicable": _("not applicable"),
    "": _("without an answer"),
    "not_my_part": _("not their part"),
    "not_asked": _("not asked"),
}
#: How a question is answered.
KIND = {
    "rating": _("Yes, partly or no, with room for a comment"),
    "text": _("In their own words"),
    "choice": _("One of several answers"),
}
WORDING = {
    "published": _("published wording"),
    "adapted": _("adapted wording"),
    "local": _("local marker"),
}


def add_parts(app: Flask) -> None:
    """`ui` and `question_ui`: the pages' building blocks, made once and not for every page. To be called when all else
    is there that templates know, since they know no more than that.
    """
    for name, template in (("ui", "_macros.html"), ("question_ui", "participant/_questions.html")):
        app.jinja_env.globals[name] = app.jinja_env.get_template(template).module


def add_filters(app: Flask) -> None:
    app.jinja_env.filters |= {
        "day": day,
        "moment": moment,
        "until_deleted": until_deleted,
        "paragraphs": paragraphs,
        "with_lists": with_lists,
        "with_marks": with_marks,
        "quotes": quotes,
        "lines": lines,
        "map_rows": rows_of,
        "map_choices": choices_of,
        "map_originals": originals_of,
        "without_links": without_links,
        "map_roles": choices_of_roles,
        "map_markers": choices_of_markers,
        "map_pairs": choices_of_pairs,
        "asked_of": questions_for,
        "titles": titles_of,
        "upper_first": upper_first,
        "by_stage": by_stage,
        "select_blurred": blurred_of,
        "count_head": count_head,
        "count_rows": count_rows,
        "draw_chart": draw_chart,
        "settings_said": settings_said,
    }
    app.jinja_env.globals |= {
        "purpose_words": PURPOSE,
        "mode_words": MODE,
        "part_words": PART,
        "wording_words": WORDING,
        "code_words": CODE,
        "other_labels": OTHER_LABELS,
        "kinds": KINDS,
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


def originals_of(obstacles: Sequence[AskedObstacle]) -> dict[str, str]:
    """Id of each that was reworded -> its original wording."""
    return {each.id: each.original for each in obstacles if each.original}


def choices_of_roles(roles: Sequence[Role]) -> list[Choice]:
    return [Choice(code=role.key, label=role.title) for role in roles]


def choices_of_markers(markers: Iterable[AskedMarker]) -> list[Choice]:
    """Markers to choose; those that are not in our own words say so."""
    found = []
    for marker in markers:
        status = "" if marker.wording_status == "adapted" else f" ({WORDING[marker.wording_status]})"
        found.append(Choice(code=marker.id, label=f"{marker.number}. {marker.title}{status}"))
    return found


def choices_of_pairs(pairs: Iterable[tuple[str, str]]) -> list[Choice]:
    return [Choice(code=code, label=label) for code, label in pairs]


def titles_of(permissions: Iterable[str]) -> str:
    """Manage reviews, Read answers"""
    return ", ".join(each.title for each in in_order(permissions))


def upper_first(text: str) -> str:
    """As a sentence or a heading begins."""
    return text[:1].upper() + text[1:]


def by_stage(questionnaire: Questionnaire) -> list[tuple[str, list[AskedMarker]]]:
    """(title of the stage, its markers)."""
    return [
        (stage.title, [marker for marker in questionnaire.markers if marker.stage == stage.key])
        for stage in questionnaire.stages
    ]


def blurred_of(groups: Iterable[Group], part: PartResults, entry: str = "") -> list[Group]:
    """The groups of which nobody learns who set this marker aside."""
    key = entry or (part.key if isinstance(part, EntryResults) else "")
    return [group for group in groups if part.is_blurred(key, group)]


def day(value: date) -> str:
    """3 March 2026"""
    return f"{value.day} {value:%B %Y}"


def day_or_text(value: str) -> str:
    """A day as stored, 2026-03-03, as people read it; anything else as it is."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return value


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

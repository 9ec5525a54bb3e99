"""A participant's own answers as they read them over: for checking, and as a copy to keep."""

from collections.abc import Iterator, Mapping

from flask import url_for
from markupsafe import Markup
from msgspec import Struct

from scrqm_forms.domain.joining import Difference, find_differences
from scrqm_forms.domain.places import Place, is_place_asked, places_of
from scrqm_forms.domain.response import Entry
from scrqm_forms.services.responding import Participant
from scrqm_forms.web.language import _
from scrqm_forms.web.marking import Found, MarkedText, mark_value, marked_text
from scrqm_forms.web.two_texts import TwoTexts, lay_side_by_side
from scrqm_forms.web.words import Row

#: Parts of an entry whose wording is not the question as it was put.
_TITLES = {"judgement": _("Your judgement of this marker"), "obstacle": _("Obstacles that came up")}


class Task(Struct, frozen=True, kw_only=True):
    """A line of the task list."""

    href: str
    title: str
    hint: str
    status_text: str
    status_kind: str
    #: Answered, or set aside.
    is_done: bool


class Section(Struct, frozen=True, kw_only=True):
    """One entry's answers."""

    key: str
    title: str
    href: str
    not_my_part: bool
    rows: list[Row]

    @property
    def is_blank(self) -> bool:
        return not any(row.value for row in self.rows)

    @property
    def is_left_blank(self) -> bool:
        return self.is_blank and not self.not_my_part


def summary_of(
    participant: Participant, entries: Mapping[str, tuple[Entry, int]], found: Found | None = None
) -> list[Section]:
    """Every entry in order, with every question and the answer given, blanks too; marked where something was found."""
    sections = []
    places = places_of(participant.questionnaire)
    for key in participant.entry_keys:
        ask = participant.ask(key)
        if ask is None:
            continue
        entry = entries[key][0] if key in entries else Entry()
        mine = [place for place in places if place.entry == key and _is_asked(participant, place)]
        href = _address(participant, key)
        rows = [] if entry.not_my_part else _rows(mine, entry, href, ask.title, found or {})
        sections.append(Section(key=key, title=ask.title, href=href, not_my_part=entry.not_my_part, rows=rows))
    return sections


def texts_of(participant: Participant, entries: Mapping[str, tuple[Entry, int]]) -> dict[str, str]:
    """Column id -> what was written there, of all that would be sent."""
    return {place.column: text for place, text in _written(participant, entries)}


def marked_texts(participant: Participant, entries: Mapping[str, tuple[Entry, int]], found: Found) -> list[MarkedText]:
    """The texts in which something was found, in the order asked, each with a link to its field."""
    marked = []
    for place, text in _written(participant, entries):
        if place.column in found:
            ask = participant.ask(place.entry)
            title = f"{ask.title if ask else ''}: {place.wording}"
            href = f"{_address(participant, place.entry)}#{_field_of(place)}"
            marked.append(marked_text(place, text, found, title, href))
    return marked


def _written(participant: Participant, entries: Mapping[str, tuple[Entry, int]]) -> Iterator[tuple[Place, str]]:
    for place in places_of(participant.questionnaire):
        entry = entries[place.entry][0] if place.entry in entries else Entry()
        if place.is_text and not entry.not_my_part and _is_asked(participant, place) and (text := place.find(entry)):
            yield place, text


def _address(participant: Participant, key: str) -> str:
    return url_for("entries.show", handle=participant.handle, key=key) + "?from=check"


def choices_between(participant: Participant, key: str, here: Entry, elsewhere: Entry) -> list[TwoTexts]:
    """What differs between two versions of an entry, in the order asked."""
    places = [place for place in places_of(participant.questionnaire) if place.entry == key]
    fields = list(dict.fromkeys(_field_of(place) for place in places))
    found = sorted(find_differences(here, elsewhere), key=lambda each: fields.index(each.field))
    return [_two_texts(each, [place for place in places if _field_of(place) == each.field]) for each in found]


def _two_texts(each: Difference, places: list[Place]) -> TwoTexts:
    """`places`: one, or all the obstacles."""
    first = places[0]
    wording = _TITLES.get(first.part, first.wording)
    if first.part == "comment":
        wording = _("Comment: %(question)s") % {"question": wording}
    labels = {choice.code: choice.label for choice in first.choices}
    labels |= {place.item: place.wording for place in places if place.part == "obstacle"}

    def read(value: str) -> str:
        return value if first.is_text else "\n".join(labels.get(line, line) for line in value.splitlines())

    return lay_side_by_side(each, wording, read)


def _is_asked(participant: Participant, place: Place) -> bool:
    return is_place_asked(participant.questionnaire, place, participant.audience)


def _rows(places: list[Place], entry: Entry, href: str, title: str, found: Found) -> list[Row]:
    """A row per question, its comment with it; the obstacles in one row."""
    rows = []
    has_obstacles = any(place.part == "obstacle" for place in places)
    met = [place.wording for place in places if place.part == "obstacle" and place.find(entry)]
    comments = {p.item: mark_value(p, p.find(entry), found) for p in places if p.part == "comment"}
    for place in places:
        if place.part in ("comment", "obstacle"):
            continue
        value = place.find(entry)
        label = next((choice.label for choice in place.choices if choice.code == value), None)
        comment = comments.get(place.item, "") if place.question and place.choices else ""
        if place.part == "judgement" and has_obstacles:
            rows.append(_row(_TITLES["obstacle"], "\n".join(met), href, "obstacles", title))
        wording = _TITLES.get(place.part, place.wording)
        said = mark_value(place, value, found) if label is None else label
        rows.append(_row(wording, _join(said, comment), href, _field_of(place), title))
    return rows


def _join(said: str, comment: str) -> str:
    """One under the other; a text with marks in it stays as it is, and the other one is escaped."""
    line = Markup("\n") if isinstance(said, Markup) or isinstance(comment, Markup) else "\n"
    return line.join(part for part in (said, comment) if part)


def _row(key: str, value: str, href: str, field: str, title: str) -> Row:
    return Row(key=key, value=value, href=f"{href}#{field}", action=_("Change"), hidden=f"{title}: {key}")


def _field_of(place: Place) -> str:
    if place.part in ("judgement", "obstacle"):
        return "judgement" if place.part == "judgement" else "obstacles"
    if place.part == "helped":
        return f"helped-{place.item}"
    if place.question is None:
        return f"reflection-{place.item}"
    return f"comment-{place.item}" if place.is_text else f"answer-{place.item}"


def copy_as_text(participant: Participant, sections: list[Section]) -> str:
    """The copy to keep, as plain text."""
    questionnaire = participant.questionnaire
    lines = [_("My answers"), questionnaire.review_title, questionnaire.board, ""]
    if participant.response is not None and participant.response.submitted:
        lines += [f"{_('Receipt')}: {participant.receipt}", ""]
    for section in sections:
        lines += ["", section.title, "-" * len(section.title)]
        if section.not_my_part:
            lines += [_("Not my part of the review"), ""]
        elif section.is_blank:
            lines += [_("Nothing answered"), ""]
        for row in [] if section.is_blank else section.rows:
            lines += [row.key, row.value or _("Not answered"), ""]
    return "\r\n".join("\n".join([*lines, *questionnaire.citations, ""]).split("\n"))

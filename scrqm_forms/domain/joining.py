"""Two texts of one thing, written in two windows or by two people: what differs, and what is kept of each."""

import re
from collections.abc import Callable, Mapping
from typing import Literal

import msgspec
from msgspec import Struct

from scrqm_forms.domain.response import Entry, fields_of

#: What to keep: what was typed here, what was saved elsewhere, or one after the other.
Pick = Literal["here", "elsewhere", "both"]


class Difference(Struct, frozen=True, kw_only=True):
    """One answer that is not the same in both. `field` is named as in the form: `comment-plan`, `judgement`."""

    field: str
    #: A code, a text, or for the obstacles their ids, parted by line feeds.
    here: str
    elsewhere: str
    #: Both can be kept: it is a text, or several can be ticked.
    can_join: bool
    #: What loses nothing, where that is possible.
    usual: Pick


def find_differences(here: Entry, elsewhere: Entry) -> list[Difference]:
    """Both as they are stored (`response.tidy_entry`). Whether a marker was set aside is not told here."""
    return find_field_differences(_fields_of(here), _fields_of(elsewhere), _joins)


def join_entries(here: Entry, elsewhere: Entry, picks: Mapping[str, str]) -> Entry:
    """What is kept by `picks`, form field -> Pick; where nothing valid is picked, what loses nothing."""
    return _entry_of(join_fields(_fields_of(here), _fields_of(elsewhere), picks, _joins), here)


def _joins(field: str) -> bool:
    return field == "obstacles" or not field.startswith(("answer-", "helped-", "judgement"))


def find_field_differences(
    here: Mapping[str, str],
    elsewhere: Mapping[str, str],
    joins: Callable[[str], bool],
    began: Mapping[str, str] | None = None,
) -> list[Difference]:
    """The same of any two forms, field -> what stands in it; `joins(field)`: whether both can be kept of one.

    `began`: what both were made from, where that is known; what only one of them changed is then usually kept.
    """
    fields = [*here, *(field for field in elsewhere if field not in here)]
    found = [
        _difference(field, here.get(field, ""), elsewhere.get(field, ""), joins(field))
        for field in fields
        if here.get(field, "") != elsewhere.get(field, "")
    ]
    return found if began is None else [_as_changed(each, began.get(each.field, "")) for each in found]


def _as_changed(each: Difference, began: str) -> Difference:
    changed: dict[str, Pick] = {each.here: "elsewhere", each.elsewhere: "here"}
    return msgspec.structs.replace(each, usual=changed.get(began, each.usual))


def join_fields(
    here: Mapping[str, str],
    elsewhere: Mapping[str, str],
    picks: Mapping[str, str],
    joins: Callable[[str], bool],
    began: Mapping[str, str] | None = None,
) -> dict[str, str]:
    kept = dict(here)
    for each in find_field_differences(here, elsewhere, joins, began):
        offered = {"here": each.here, "elsewhere": each.elsewhere} | ({"both": _joined(each)} if each.can_join else {})
        kept[each.field] = offered.get(picks.get(each.field, ""), offered[each.usual])
    return kept


def _difference(field: str, here: str, elsewhere: str, can_join: bool) -> Difference:
    return Difference(
        field=field,
        here=here,
        elsewhere=elsewhere,
        can_join=can_join,
        usual=_usual_pick(field, here, elsewhere, can_join),
    )


def _usual_pick(field: str, here: str, elsewhere: str, can_join: bool) -> Pick:
    if not elsewhere:
        return "here"
    if not here:
        return "elsewhere"
    if not can_join:
        return "here"
    if field != "obstacles":
        if _holds(elsewhere, here):
            return "elsewhere"
        if _holds(here, elsewhere):
            return "here"
    return "both"


def _holds(text: str, part: str) -> bool:
    """Whether `part` stands in `text` in words of its own: "Not me" does not hold "No"."""
    before, after = (r"(?<!\w)" if part[0].isalnum() else ""), (r"(?!\w)" if part[-1].isalnum() else "")
    return re.search(f"{before}{re.escape(part)}{after}", text) is not None


def _joined(each: Difference) -> str:
    if each.field == "obstacles":
        return "\n".join(dict.fromkeys([*each.elsewhere.splitlines(), *each.here.splitlines()]))
    return "\n\n".join(text for text in (each.elsewhere, each.here) if text)


def _fields_of(entry: Entry) -> dict[str, str]:
    """Form field -> what stands in it; the obstacles in one, parted by line feeds."""
    found = {field: value for field, value in fields_of(entry) if field != "obstacles"}
    return found | ({"obstacles": "\n".join(entry.obstacles)} if entry.obstacles else {})


def _entry_of(fields: Mapping[str, str], like: Entry) -> Entry:
    def part(name: str) -> dict[str, str]:
        return {field.removeprefix(name): value for field, value in fields.items() if field.startswith(name) and value}

    return msgspec.structs.replace(
        like,
        answers=part("answer-"),
        comments=part("comment-"),
        helped=part("helped-"),
        reflections=part("reflection-"),
        obstacles=tuple(fields.get("obstacles", "").splitlines()),
        judgement=fields.get("judgement", ""),
    )

"""Two texts of one entry, written in two windows or on two devices: what differs, and what is kept of each."""

import re
from collections.abc import Mapping
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
    mine, theirs = _fields_of(here), _fields_of(elsewhere)
    fields = [*mine, *(field for field in theirs if field not in mine)]
    return [
        _difference(field, mine.get(field, ""), theirs.get(field, ""))
        for field in fields
        if mine.get(field) != theirs.get(field)
    ]


def join_entries(here: Entry, elsewhere: Entry, picks: Mapping[str, str]) -> Entry:
    """What is kept by `picks`, form field -> Pick; where nothing valid is picked, what loses nothing."""
    mine = _fields_of(here)
    for each in find_differences(here, elsewhere):
        kept = {"here": each.here, "elsewhere": each.elsewhere} | ({"both": _joined(each)} if each.can_join else {})
        mine[each.field] = kept.get(picks.get(each.field, ""), kept[each.usual])
    return _entry_of(mine, here)


def _difference(field: str, here: str, elsewhere: str) -> Difference:
    can_join = field == "obstacles" or not field.startswith(("answer-", "judgement"))
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
        reflections=part("reflection-"),
        obstacles=tuple(fields.get("obstacles", "").splitlines()),
        judgement=fields.get("judgement", ""),
    )

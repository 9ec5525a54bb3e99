"""Two markers or sets side by side, for whoever may read the board's markers."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask_security import current_user

from scrqm_forms.domain.comparing import Change
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.services.comparing import Side, board_sides, compare_sides
from scrqm_forms.services.context import context
from scrqm_forms.services.reading import board_showing_markers
from scrqm_forms.web.language import _
from scrqm_forms.web.markers import SECTIONS
from scrqm_forms.web.places import may
from scrqm_forms.web.words import day

pages = Blueprint("comparing", __name__)


@pages.get("/markers/<board_key>/compare")
def compare(board_key: str) -> str:
    board = board_showing_markers(board_key)
    keeps = current_user.is_authenticated and may("manage", board)
    sides = board_sides(context(), board, with_versions=keeps)
    before, after = (sides.get(request.args.get(name, "")) for name in ("before", "after"))
    return render_template(
        "markers/compare.html",
        board=board,
        has_versions=any(each.version or each.is_shipped for each in sides.values()),
        choices=_choices(sides),
        before=before,
        after=after,
        compared=compare_sides(before, after) if before and after else None,
        name_of=name_of,
        told_of=told_of,
    )


def _choices(sides: Mapping[str, Side]) -> list[Choice]:
    """Each side by its title, and by its set too where there are several: both may have a "1. Referral"."""
    several = len({side.set for side in sides.values()}) > 1
    named = [Choice(code=key, label=_label(side, several)) for key, side in sides.items()]
    return [Choice(code="", label=_("Choose one")), *named]


def _label(side: Side, several: bool) -> str:
    title = side.title
    if side.version:
        told = {"title": title, "number": side.version.version, "day": day(side.version.at.astimezone())}
        title = _("%(title)s, version %(number)s (%(day)s)") % told
    if side.is_set:
        title = _("%(title)s: the whole set") % {"title": title}
    elif several:
        title = _("%(title)s, of %(set)s") % {"title": title, "set": side.set}
    return _("%(title)s (as shipped)") % {"title": title} if side.is_shipped else title


def name_of(change: Change) -> str:
    """ "Question 3", "Statement"."""
    names = SECTIONS | {"title": _("Title")}
    return str(names[change.part]) % {"number": change.after or change.before or ""}


def told_of(change: Change) -> list[str]:
    """What became of it, a few words each."""
    words = {
        "added": _("Added"),
        "removed": _("Taken out"),
        "reworded": _("Reworded"),
        "moved": _moved(change),
        "settings": _("How it is asked has changed") if change.part == "question" else _("The heading has changed"),
    }
    return [words[kind] for kind in change.kinds]


def _moved(change: Change) -> str:
    if change.origin:
        return _("Moved here from marker %(marker)s") % {"marker": change.origin.partition(".")[0]}
    return _("Moved from place %(before)s to %(after)s") % {"before": change.before, "after": change.after}

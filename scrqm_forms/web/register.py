"""Administrators: the register of a board's improvements, and what a year brought."""

from collections.abc import Iterable

from flask import Blueprint, Response, render_template, request

from scrqm_forms.domain.improvement import STATES, Improvement
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.register import SORTS, Filter, find_improvements, year_of, years_between
from scrqm_forms.services.context import context
from scrqm_forms.services.export import find_format, make_register_export
from scrqm_forms.services.helped import find_asked
from scrqm_forms.services.improvements import sum_up_year
from scrqm_forms.storage import improvements
from scrqm_forms.web.clock import today
from scrqm_forms.web.downloads import send_export
from scrqm_forms.web.language import _
from scrqm_forms.web.places import board_at, may
from scrqm_forms.web.sign_in import actor, caller

pages = Blueprint("register", __name__, url_prefix="/boards/<board_key>/improvements")


@pages.get("")
def show(board_key: str) -> str:
    board = board_at(board_key, "see")
    every = improvements.list_improvements(board)
    wanted = _filter()
    return render_template(
        "admin/register.html",
        board=board,
        every=every,
        found=find_improvements(every, wanted, today()),
        wanted=wanted,
        offered=_offered(every),
        states=STATES,
        today=today(),
        formats=sorted(context().plugins.formats.values(), key=lambda fmt: (fmt.single_table, fmt.key)),
        asked=find_asked(caller(), board) if every and may("read_answers", board) else {},
    )


def _filter() -> Filter:
    asked = request.args
    return Filter(
        state=asked.get("state", ""),
        marker=asked.get("marker", ""),
        owner=asked.get("owner", ""),
        review=asked.get("review", ""),
        overdue=asked.get("overdue") == "yes",
        sort=asked.get("sort", "due"),
    )


def _offered(every: Iterable[Improvement]) -> dict[str, list[Choice]]:
    """What can be chosen in each filter: what there is."""
    rows = list(every)
    return {
        "state": _choices([("open", _("All that are open")), *STATES.items()]),
        "marker": _choices(sorted({(each.root.marker, each.root.marker_title) for each in rows if each.root.marker})),
        "owner": _choices(sorted({(each.aim.owner, each.aim.owner) for each in rows if each.aim.owner})),
        "review": _choices(sorted({(each.review_key, each.reference) for each in rows if each.review_key})),
        "sort": [Choice(code=code, label=_(label)) for code, label in SORTS.items()],
    }


def _choices(pairs: Iterable[tuple[str, str]]) -> list[Choice]:
    return [Choice(code="", label=_("All")), *(Choice(code=code, label=_(label)) for code, label in pairs)]


@pages.get("/export")
def export(board_key: str) -> Response:
    """The whole register, in any format that is there; what participants said of it for those who may read answers."""
    board = board_at(board_key, "see")
    fmt = find_format(context(), request.args.get("format", "excel"))
    shows_helped = may("read_answers", board)
    return send_export(lambda: make_register_export(board, fmt, shows_helped=shows_helped, by=actor()))


@pages.get("/year")
def year(board_key: str) -> str:
    """What a year brought, to paste into a yearly report."""
    board = board_at(board_key, "see")
    every = improvements.list_improvements(board)
    years = years_between(min([each.made_on for each in every], default=today()), today())
    chosen = year_of(request.args.get("year", "")) or years[0]
    return render_template(
        "admin/register_year.html",
        board=board,
        summary=sum_up_year(board, chosen, today()),
        running=chosen.ends >= today(),
        years=[Choice(code=each.key, label=_name_of(each.key)) for each in years],
        states=STATES,
    )


def _name_of(key: str) -> str:
    first, dash, last = key.partition("-")
    if not dash:
        return _("%(year)s, January to December") % {"year": first}
    return _("April %(first)s to March %(last)s") % {"first": first, "last": f"20{last}"}

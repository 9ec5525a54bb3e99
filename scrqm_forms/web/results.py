"""Administrators: results of a round, and its export."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from scrqm_forms.domain.presenting import CHOICES, ExportOptions
from scrqm_forms.domain.review import Round
from scrqm_forms.hookspecs import ExportFormat
from scrqm_forms.services.context import context
from scrqm_forms.services.export import find_format, list_tables, make_export
from scrqm_forms.services.overview import read_entry_results, read_overview
from scrqm_forms.services.progress import progress_of, total_of
from scrqm_forms.services.results import Hidden, why_hidden
from scrqm_forms.storage import responses
from scrqm_forms.web.downloads import send_export
from scrqm_forms.web.language import _
from scrqm_forms.web.places import round_at
from scrqm_forms.web.sign_in import actor

pages = Blueprint("results", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>/<round_key>")

#: Option -> (choice, what it says).
CHOICE_WORDS = {
    "responses": (
        ("submitted", _("Those that were sent")),
        ("all", _("Everybody invited; what somebody has not sent is never in it")),
    ),
    "headings": (
        ("wording", _("The wording as it was asked")),
        ("ids", _("Short names, which stay the same over rounds: qm08.judgement")),
        ("both", _("Both: the short name, then the wording")),
    ),
    "values": (
        ("labels", _("In words, as people chose them: Partly met")),
        ("codes", _("As codes: partly_met")),
        ("both", _("Both, in two columns")),
    ),
}


@pages.get("/results")
def show(board_key: str, review_key: str, round_key: str) -> str:
    round_ = round_at(board_key, review_key, round_key, "read_answers")
    hidden = why_hidden(round_)
    if hidden:
        return nothing_page(round_, hidden)
    part = read_overview(round_, by=actor())
    return render_template("admin/results.html", board=round_.review.board, round=round_, part=part)


@pages.get("/results/<entry>")
def show_entry(board_key: str, review_key: str, round_key: str, entry: str) -> str:
    """One marker, or "closing"."""
    round_ = round_at(board_key, review_key, round_key, "read_answers")
    hidden = why_hidden(round_)
    if hidden:
        return nothing_page(round_, hidden)
    part = read_entry_results(round_, entry, by=actor())
    return render_template("admin/results_entry.html", board=round_.review.board, round=round_, part=part)


@pages.get("/export-options")
def export_options(board_key: str, review_key: str, round_key: str) -> str:
    """What can be exported, in which formats, and what is in it."""
    round_ = round_at(board_key, review_key, round_key, "read_answers")
    hidden = why_hidden(round_)
    if hidden:
        return nothing_page(round_, hidden)
    return render_template(
        "admin/export.html",
        board=round_.review.board,
        round=round_,
        number=sum(responses.count_submitted(round_).values()),
        tables=[(table.key, f"{_(table.title)}: {_(table.about)}") for table in list_tables(round_)],
        formats=[(fmt.key, _file_of(fmt)) for fmt in _formats()],
        choices=CHOICE_WORDS,
    )


@pages.get("/export")
def export(board_key: str, review_key: str, round_key: str) -> Response:
    """The round in one format, sent as it is made; `table`, as often as wanted, names tables."""
    round_ = round_at(board_key, review_key, round_key, "read_answers")
    fmt = find_format(context(), request.args.get("format", "excel"))
    chosen: dict[str, Any] = {key: request.args[key] for key in CHOICES if request.args.get(key)}
    options = ExportOptions(**chosen, tables=tuple(key for key in request.args.getlist("table") if key))
    return send_export(lambda: make_export(round_, fmt, options, by=actor()))


def _formats() -> list[ExportFormat]:
    """Those that hold everything first."""
    return sorted(context().plugins.formats.values(), key=lambda fmt: (fmt.single_table, fmt.key))


def _file_of(fmt: ExportFormat) -> str:
    if fmt.single_table:
        return _("%(label)s: a file for each table; several come in a zip") % {"label": fmt.label}
    return _("%(label)s: one file of all the tables") % {"label": fmt.label}


def nothing_page(round_: Round, hidden: Hidden) -> str:
    """What will be here, when, and what to do now."""
    total = total_of(progress_of(round_)) if hidden in ("open", "too_few") else None
    board = round_.review.board
    return render_template("admin/no_results.html", board=board, round=round_, hidden=hidden, total=total)

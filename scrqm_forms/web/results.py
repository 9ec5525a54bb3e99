"""Administrators: results of a round, and its export."""

import io

from flask import Blueprint, Response, make_response, render_template, request

from scrqm_forms.domain.review import Round
from scrqm_forms.services.context import context
from scrqm_forms.services.export import find_format, make_export, seconds_needed, write_export
from scrqm_forms.services.overview import read_entry_results, read_overview
from scrqm_forms.services.progress import progress_of, total_of
from scrqm_forms.services.results import Hidden, show_round, why_hidden
from scrqm_forms.services.tables import tables_of
from scrqm_forms.storage import responses
from scrqm_forms.web.language import _
from scrqm_forms.web.places import round_at
from scrqm_forms.web.sign_in import actor

pages = Blueprint("results", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>/<round_key>")

#: Responses from which an export is announced to take a while.
MANY = 500


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
    shown = show_round(round_)
    number = sum(responses.count_submitted(round_).values())
    formats = sorted(context().plugins.formats.values(), key=lambda fmt: (fmt.single_table, fmt.key))
    return render_template(
        "admin/export.html",
        board=round_.review.board,
        round=round_,
        number=number,
        groups=shown.groups,
        tables=[(table, _(table.about)) for table in tables_of(shown)],
        formats=[(fmt, seconds_needed(number, fmt) if number > MANY else 0) for fmt in formats],
    )


@pages.get("/export")
def export(board_key: str, review_key: str, round_key: str) -> Response:
    """The whole round in one format; `table` names one for formats of a single table."""
    round_ = round_at(board_key, review_key, round_key, "read_answers")
    fmt = find_format(context(), request.args.get("format", "excel"))
    made = make_export(round_, fmt, request.args.get("table") or None, by=actor())
    stream = io.BytesIO()
    write_export(made, fmt, stream)
    table = f"-{made.options['table']}" if fmt.single_table else ""
    name = f"{round_.review.key}-{round_.key}{table}{fmt.suffix}"
    response = make_response(stream.getvalue())
    response.headers["Content-Type"] = fmt.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def nothing_page(round_: Round, hidden: Hidden) -> str:
    """What will be here, when, and what to do now."""
    total = total_of(progress_of(round_)) if hidden in ("open", "too_few") else None
    board = round_.review.board
    return render_template("admin/no_results.html", board=board, round=round_, hidden=hidden, total=total)

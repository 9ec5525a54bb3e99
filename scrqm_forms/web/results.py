"""Administrators: results of a round, and its export."""

import io

from flask import Blueprint, Response, make_response, render_template, request

from scrqm_forms.domain.kinds import KINDS
from scrqm_forms.domain.questionnaire import Questionnaire
from scrqm_forms.domain.wording import JUDGEMENT_LABELS, OTHER_LABELS
from scrqm_forms.services.context import context
from scrqm_forms.services.export import find_format, make_export, write_export
from scrqm_forms.services.results import results_of, show_round
from scrqm_forms.web.places import round_at

pages = Blueprint("results", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>/<round_key>")


@pages.get("/results")
def show(board_key: str, review_key: str, round_key: str) -> str:
    round_ = round_at(board_key, review_key, round_key)
    shown = show_round(round_)
    return render_template(
        "admin/results.html",
        board=round_.review.board,
        round=round_,
        questionnaire=shown.questionnaire,
        groups=shown.groups,
        results=results_of(shown),
        kinds=KINDS,
        judgements=list({**JUDGEMENT_LABELS, **OTHER_LABELS}.items()),
        stages=_by_stage(shown.questionnaire),
    )


@pages.get("/export")
def export(board_key: str, review_key: str, round_key: str) -> Response:
    """The whole round in one format; `table` names one for formats of a single table."""
    round_ = round_at(board_key, review_key, round_key)
    fmt = find_format(context(), request.args.get("format", "excel"))
    made = make_export(round_, fmt, request.args.get("table") or None)
    stream = io.BytesIO()
    write_export(made, fmt, stream)
    table = f"-{made.options['table']}" if fmt.single_table else ""
    name = f"{round_.review.key}-{round_.key}{table}{fmt.suffix}"
    response = make_response(stream.getvalue())
    response.headers["Content-Type"] = fmt.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _by_stage(questionnaire: Questionnaire) -> list[tuple[str, list[object]]]:
    return [
        (stage.title, [marker for marker in questionnaire.markers if marker.stage == stage.key])
        for stage in questionnaire.stages
    ]

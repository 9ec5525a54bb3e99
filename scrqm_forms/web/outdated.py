"""Administrators: where a round's frozen wording is no longer what the board's markers say."""

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from scrqm_forms.services.context import context
from scrqm_forms.services.rounds import outdated_wording
from scrqm_forms.web.comparing import name_of, told_of
from scrqm_forms.web.places import round_address, round_at

pages = Blueprint("outdated", __name__, url_prefix="/boards/<board_key>/reviews")


@pages.get("/<review_key>/<round_key>/wording")
def compare(board_key: str, review_key: str, round_key: str) -> str | Response:
    round_ = round_at(board_key, review_key, round_key, "see")
    if round_.state not in ("open", "closed"):
        return redirect(round_address("reviews.show_round", round_))
    return render_template(
        "admin/outdated.html",
        board=round_.review.board,
        round=round_,
        outdated=outdated_wording(context(), round_),
        name_of=name_of,
        told_of=told_of,
    )

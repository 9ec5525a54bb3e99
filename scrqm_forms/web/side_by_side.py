"""Administrators: the rounds of one review side by side."""

from flask import Blueprint, render_template

from scrqm_forms.domain.review import Round
from scrqm_forms.services.side_by_side import read_side_by_side
from scrqm_forms.web.places import review_at
from scrqm_forms.web.sign_in import actor
from scrqm_forms.web.words import PURPOSE

pages = Blueprint("side_by_side", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>/rounds")


@pages.get("/")
def show(board_key: str, review_key: str) -> str:
    """How each marker was judged."""
    review = review_at(board_key, review_key, "read_answers")
    found = read_side_by_side(review, None, name_of, by=actor())
    return render_template("admin/side_by_side.html", board=review.board, review=review, found=found, entry="")


@pages.get("/<entry>")
def show_entry(board_key: str, review_key: str, entry: str) -> str:
    """Everything that was counted of one marker."""
    review = review_at(board_key, review_key, "read_answers")
    found = read_side_by_side(review, entry, name_of, by=actor())
    return render_template("admin/side_by_side.html", board=review.board, review=review, found=found, entry=entry)


def name_of(round_: Round) -> str:
    """The purpose, with a number from the second round of that purpose on."""
    number = round_.key.removeprefix(round_.settings.purpose).strip("_")
    return f"{PURPOSE[round_.settings.purpose]} {number}".strip()

"""Administrators: a round's hold, deleting answers when their time is over, and a review begun by mistake."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.keeping import is_due, notes_kept_until
from scrqm_forms.domain.review import Review
from scrqm_forms.services.keeping import (
    check_removable,
    find_certificates,
    find_kept,
    hold_round,
    purge_review,
    release_round,
    remove_review,
)
from scrqm_forms.services.outliving import find_notes
from scrqm_forms.storage import reviews
from scrqm_forms.storage.improvements import list_improvements
from scrqm_forms.web.clock import today
from scrqm_forms.web.language import _
from scrqm_forms.web.places import placed, review_address, review_at, round_address, round_at
from scrqm_forms.web.sign_in import actor

pages = Blueprint("keeping", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>")


@pages.post("/<round_key>/hold")
def hold(board_key: str, review_key: str, round_key: str) -> Response:
    round_ = round_at(board_key, review_key, round_key, "manage")
    hold_round(round_, by=actor())
    flash(_("The round is on hold. Those who open their link are told so."), "success")
    return redirect(round_address("reviews.show_round", round_), 303)


@pages.post("/<round_key>/release")
def release(board_key: str, review_key: str, round_key: str) -> Response:
    round_ = round_at(board_key, review_key, round_key, "manage")
    release_round(round_, by=actor())
    flash(_("The hold has ended."), "success")
    return redirect(round_address("reviews.show_round", round_), 303)


@pages.get("/delete-answers")
def ask_to_purge(board_key: str, review_key: str) -> str:
    return _purge_page(review_at(board_key, review_key, "manage"), [])


@pages.post("/delete-answers")
def purge(board_key: str, review_key: str) -> Response | tuple[str, int]:
    review = review_at(board_key, review_key, "manage")
    if request.form.get("sure") != "yes":
        return _purge_page(review, [("sure", _("Tick the box to say that you are sure: it cannot be undone."))]), 422
    try:
        deleted = purge_review(review, today(), by=actor())
    except Refused as error:
        return _purge_page(review, [("", str(error))]), 409
    say_deleted(_("The answers are deleted. This page certifies it."), deleted.wiped)
    return redirect(review_address("keeping.certificate", review), 303)


@pages.get("/certificate")
def certificate(board_key: str, review_key: str) -> str:
    """What was deleted at the end of its time, when, by whom and how many; to print."""
    review = review_at(board_key, review_key, "see")
    rounds = {each.name: each for each in reviews.list_rounds(review)}
    found = [
        (rounds[event.about], event, date.fromisoformat(str(event.details["keep_until"])))
        for event in find_certificates(review)
    ]
    return render_template("admin/certificate.html", board=review.board, review=review, certificates=found)


@pages.get("/delete")
def ask_to_remove(board_key: str, review_key: str) -> str:
    return _remove_page(review_at(board_key, review_key, "manage"), "", [])


@pages.post("/delete")
def remove(board_key: str, review_key: str) -> Response | tuple[str, int]:
    review = review_at(board_key, review_key, "manage")
    typed = request.form.get("reference", "")
    try:
        wiped = remove_review(review, typed, by=actor())
    except Refused as error:
        return _remove_page(review, typed, [placed(error, {"Reference": "reference"}, "")]), 422
    say_deleted(_("The review is deleted."), wiped)
    return redirect(url_for("boards.show_board", board_key=board_key), 303)


def say_deleted(sentence: str, wiped: bool) -> None:
    """That something is gone; and, where it is so, that traces may be left for a while."""
    flash(sentence, "success")
    if not wiped:
        flash(
            _(
                "Somebody was reading meanwhile, so traces may still be in the database's files. They are cleaned with "
                "the next deletion, every night where that is set up, or when the program is next started."
            ),
            "warning",
        )


def _purge_page(review: Review, errors: list[tuple[str, str]]) -> str:
    kept = find_kept(review)
    return render_template(
        "admin/purge.html",
        board=review.board,
        review=review,
        errors=errors,
        due=is_due(review, today()),
        going=[each for each in kept if not each.round.on_hold],
        held=[each for each in kept if each.round.on_hold],
        notes=[each for each in find_notes(review) if not each.round.on_hold],
        notes_until=notes_kept_until(review.keep_until),
        today=today(),
    )


def _remove_page(review: Review, typed: str, errors: list[tuple[str, str]]) -> str:
    """Why it cannot be deleted, or the form that asks to type its reference."""
    refusal = ""
    try:
        check_removable(review)
    except Refused as error:
        refusal = str(error)
    people = sum(each.kept.invitations for each in find_kept(review))
    return render_template(
        "admin/remove_review.html",
        board=review.board,
        review=review,
        typed=typed,
        errors=[each for each in errors if each[0]] if refusal else errors,
        refusal=refusal,
        rounds=reviews.list_rounds(review),
        people=people,
        improvements=[each for each in list_improvements(review.board) if each.review_key == review.key],
    )

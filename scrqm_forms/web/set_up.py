"""Administrators: what a round is, and the last look before it is opened. The steps between have files of their own."""

from datetime import date
from typing import Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import DateField, Form, RadioField

from scrqm_forms.domain.address import find_link_fault
from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.questionnaire import PURPOSES, Choice, Mode, Purpose
from scrqm_forms.domain.review import USUAL_ROUND, Review, Round
from scrqm_forms.services.context import context
from scrqm_forms.services.readiness import look_over
from scrqm_forms.services.reviews import change_round, create_round, markers_of_board, usual_settings
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage import reviews
from scrqm_forms.web.clock import today
from scrqm_forms.web.language import _
from scrqm_forms.web.looking_over import rows_of_check, warnings_of
from scrqm_forms.web.places import placed, review_at, round_address, round_at
from scrqm_forms.web.sign_in import actor
from scrqm_forms.web.steps import Step, second_step, step_of

pages = Blueprint("set_up", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>")

MODES = [
    Choice(code="named", label=_("Named: answers are shown with the person's name, role and organisation")),
    Choice(code="confidential", label=_("Confidential: answers are shown by group only, once enough have answered")),
]
PURPOSES_OFFERED = [
    Choice(code="reflect", label=_("Looking back: the review is over")),
    Choice(code="plan", label=_("Planning: before it begins")),
    Choice(code="assure", label=_("Taking stock: while it runs")),
    Choice(code="follow_up", label=_("Following up: some months later")),
]
_FIELDS = {
    "Purpose": "purpose",
    "How will answers be shown": "mode",
    "Last day of answering": "closes_on",
}


class RoundForm(Form):  # type: ignore[misc]
    purpose = RadioField(validate_choice=False)
    mode = RadioField(validate_choice=False)
    closes_on = DateField()


@pages.get("/new-round")
def new_round(board_key: str, review_key: str) -> str:
    review = review_at(board_key, review_key, "manage")
    form = RoundForm(data={"purpose": "reflect", "closes_on": min(today() + USUAL_ROUND, review.keep_until)})
    return _round_page(review, second_step(review), form, [])


@pages.post("/new-round")
def add_round(board_key: str, review_key: str) -> Response | tuple[str, int]:
    review = review_at(board_key, review_key, "manage")
    form = RoundForm(request.form)
    try:
        settings = usual_settings(context(), review.board, *_purpose_and_mode(form))
        round_ = create_round(context(), review, settings, today(), closing_date(form), by=actor())
    except Refused as error:
        return _round_page(review, second_step(review), form, [placed(error, _FIELDS, "")]), 422
    return redirect(round_address("asking.markers", round_), 303)


@pages.get("/<round_key>/settings")
def round_settings(board_key: str, review_key: str, round_key: str) -> str | Response:
    round_ = round_at(board_key, review_key, round_key, "manage")
    if round_.state != "draft":
        return _to_round(round_)
    chosen = round_.settings
    data = {"purpose": chosen.purpose, "mode": chosen.mode, "closes_on": round_.closes_on}
    return _round_page(round_.review, step_of(round_, "round"), RoundForm(data=data), [])


@pages.post("/<round_key>/settings")
def save_round(board_key: str, review_key: str, round_key: str) -> Response | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key, "manage")
    form = RoundForm(request.form)
    try:
        purpose, mode = _purpose_and_mode(form)
        settings = msgspec.structs.replace(round_.settings, purpose=purpose, mode=mode)
        change_round(context(), round_, settings, closing_date(form), today(), by=actor())
    except Refused as error:
        return _round_page(round_.review, step_of(round_, "round"), form, [placed(error, _FIELDS, "")]), 422
    return redirect(step_of(reviews.round_by_id(round_.id), "round").after, 303)


def _purpose_and_mode(form: RoundForm) -> tuple[Purpose, Mode]:
    purpose: Purpose = form.purpose.data
    mode: Mode = form.mode.data
    if purpose not in PURPOSES:
        raise Refused(_("Purpose: choose what this round is for."))
    if mode not in ("named", "confidential"):
        raise Refused(_("How will answers be shown: choose named or confidential."))
    return purpose, mode


def closing_date(form: Any) -> date:
    """Of any form with a field `closes_on`."""
    if form.closes_on.data is None:
        raise Refused(_("Last day of answering: enter a day."))
    found: date = form.closes_on.data
    return found


def _round_page(review: Review, step: Step, form: RoundForm, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "admin/round_form.html",
        board=review.board,
        review=review,
        step=step,
        form=form,
        errors=errors,
        modes=MODES,
        purposes=PURPOSES_OFFERED,
    )


@pages.get("/<round_key>/check")
def check(board_key: str, review_key: str, round_key: str) -> str | Response:
    round_ = round_at(board_key, review_key, round_key, "manage")
    return _to_round(round_) if round_.state != "draft" else _check_page(round_, [])


@pages.post("/<round_key>/open")
def open_(board_key: str, review_key: str, round_key: str) -> Response | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key, "manage")
    try:
        open_round(context(), round_, today(), by=actor())
    except Refused as error:
        if round_.state != "draft":
            raise
        return _check_page(round_, [("", str(error))]), 409
    flash(_("The round is open. Now make the links and send them."), "success")
    return _to_round(round_, 303)


def _check_page(round_: Round, errors: list[tuple[str, str]]) -> str:
    ready = look_over(context(), round_, today())
    settings = context().instance.settings
    unreachable = find_link_fault(settings.base_url, settings.local)
    return render_template(
        "admin/check.html",
        board=round_.review.board,
        round=round_,
        step=step_of(round_, "check"),
        errors=errors,
        ready=ready,
        rows=rows_of_check(round_, ready, markers_of_board(context(), round_.review.board)),
        warnings=[*([unreachable] if unreachable else []), *warnings_of(round_, ready)],
    )


def _to_round(round_: Round, code: int = 302) -> Response:
    return redirect(round_address("reviews.show_round", round_), code)

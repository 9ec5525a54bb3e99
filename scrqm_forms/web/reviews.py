"""Administrators: reviews, and a round from its opening to its closing."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, Form, StringField

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.keeping import notes_kept_until
from scrqm_forms.domain.questionnaire import minutes_needed
from scrqm_forms.domain.review import USUAL_KEEPING, Review, Round
from scrqm_forms.services.context import context
from scrqm_forms.services.keeping import find_certificates, is_removable, warn_of
from scrqm_forms.services.outliving import find_notes
from scrqm_forms.services.progress import progress_of, total_of
from scrqm_forms.services.readiness import Readiness, look_over
from scrqm_forms.services.results import why_hidden
from scrqm_forms.services.reviews import NewReview, change_review, create_review
from scrqm_forms.services.rounds import (
    close_round,
    extend_round,
    outdated_wording,
    preview_closing,
    preview_groups,
    preview_questionnaire,
)
from scrqm_forms.storage import invitations, reviews
from scrqm_forms.storage.improvements import list_improvements
from scrqm_forms.web.clock import today
from scrqm_forms.web.language import _
from scrqm_forms.web.places import board_at, placed, review_at, round_address, round_at
from scrqm_forms.web.set_up import closing_date
from scrqm_forms.web.sign_in import actor, caller
from scrqm_forms.web.steps import (
    STEPS,
    Step,
    first_step,
    next_key,
    step_of,
    step_of_review,
    tasks_of,
    tasks_of_new,
)
from scrqm_forms.web.words import day

pages = Blueprint("reviews", __name__, url_prefix="/boards/<board_key>/reviews")


class ReviewForm(Form):  # type: ignore[misc]
    reference = StringField()
    title = StringField()
    keep_until = DateField()


class DateForm(Form):  # type: ignore[misc]
    closes_on = DateField()


@pages.get("/new")
def new_review(board_key: str) -> str:
    board = board_at(board_key, "manage")
    form = ReviewForm(data={"keep_until": today() + USUAL_KEEPING})
    return _review_page(first_step(board), form, [], board=board)


@pages.post("/new")
def add_review(board_key: str) -> Response | tuple[str, int]:
    board = board_at(board_key, "manage")
    form = ReviewForm(request.form)
    try:
        review = create_review(caller(), board, _details_from(form), today(), by=actor())
    except Refused as error:
        return _review_page(first_step(board), form, [_placed(error)], board=board), 422
    return redirect(url_for("set_up.new_round", board_key=board_key, review_key=review.key), 303)


@pages.get("/<review_key>/details")
def correct_review(board_key: str, review_key: str) -> str:
    review = review_at(board_key, review_key, "manage")
    title = "" if review.title == review.reference else review.title
    form = ReviewForm(data={"reference": review.reference, "title": title, "keep_until": review.keep_until})
    return _review_page(_step_of(review), form, [], board=review.board, review=review)


@pages.post("/<review_key>/details")
def save_review(board_key: str, review_key: str) -> Response | tuple[str, int]:
    review = review_at(board_key, review_key, "manage")
    told = {"reference": review.reference, "title": review.title} if _is_told(review) else {}
    form = ReviewForm(request.form, data=told)
    try:
        change_review(review, _details_from(form), today(), by=actor())
    except Refused as error:
        return _review_page(_step_of(review), form, [_placed(error)], board=review.board, review=review), 422
    return redirect(_step_of(review).after, 303)


def _is_told(review: Review) -> bool:
    """Whether participants were told the review's name and how long answers are kept."""
    return any(round_.state != "draft" for round_ in reviews.list_rounds(review))


def _step_of(review: Review) -> Step:
    """The step of the round that the address names, or else of the review by itself."""
    key = request.args.get("round")
    if key:
        return step_of(round_at(review.board.key, review.key, key, "manage"), "review")
    return step_of_review(review, bool(reviews.list_rounds(review)))


def _details_from(form: ReviewForm) -> NewReview:
    if form.keep_until.data is None and any(form.keep_until.raw_data or ()):
        raise Refused(_("Keep answers until: enter a day like 31 12 2027."))
    return NewReview(reference=form.reference.data or "", title=form.title.data or "", keep_until=form.keep_until.data)


def _placed(error: Refused) -> tuple[str, str]:
    return placed(error, {"Keep answers until": "keep_until", "Reference": "reference", "Title": "title"}, "")


def _review_page(step: Step, form: ReviewForm, errors: list[tuple[str, str]], **values: Any) -> str:
    told = "review" in values and _is_told(values["review"])
    return render_template("admin/review_form.html", step=step, form=form, errors=errors, told=told, **values)


@pages.get("/<review_key>/")
def show_review(board_key: str, review_key: str) -> str:
    review = review_at(board_key, review_key, "see")
    rounds = reviews.list_rounds(review)
    return render_template(
        "admin/review.html",
        board=review.board,
        review=review,
        rounds=rounds,
        can_change=not _is_told(review),
        tasks=tasks_of_new(review),
        warning=warn_of(review, today()),
        today=today(),
        certified=bool(find_certificates(review)),
        can_remove=is_removable(review),
        improvements=[each for each in list_improvements(review.board) if each.review_key == review.key],
        notes=find_notes(review),
        notes_until=notes_kept_until(review.keep_until),
    )


@pages.get("/<review_key>/<round_key>/")
def show_round(board_key: str, review_key: str, round_key: str) -> str:
    round_ = round_at(board_key, review_key, round_key, "see")
    if round_.state == "deleted":
        return _deleted_page(round_)
    return _draft_page(round_) if round_.state == "draft" else _round_page(round_)


@pages.post("/<review_key>/<round_key>/extend")
def extend(board_key: str, review_key: str, round_key: str) -> Response | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key, "manage")
    form = DateForm(request.form)
    if round_.state == "draft":
        raise Refused(_("This round is not open yet. Its last day is among its settings."))
    try:
        extend_round(round_, closing_date(form), today(), by=actor())
    except Refused as error:
        field = "" if round_.state == "closed" else "closes_on"
        return _round_page(round_, [(field, str(error))], form), 409
    flash(_("The date is moved. Nobody is told of it by this program."), "success")
    return redirect(round_address("reviews.show_round", round_), 303)


@pages.get("/<review_key>/<round_key>/close")
def ask_to_close(board_key: str, review_key: str, round_key: str) -> str | Response:
    round_ = round_at(board_key, review_key, round_key, "manage")
    if round_.state != "open":
        return redirect(round_address("reviews.show_round", round_))
    return _close_page(round_, [])


@pages.post("/<review_key>/<round_key>/close")
def close(board_key: str, review_key: str, round_key: str) -> Response | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key, "manage")
    if request.form.get("sure") != "yes" and round_.state == "open":
        error = _("Tick the box to say that you are sure: a closed round cannot be opened again.")
        return _close_page(round_, [("sure", error)]), 422
    close_round(round_, today(), by=actor())
    flash(_("The round is closed."), "success")
    return redirect(round_address("reviews.show_round", round_), 303)


@pages.get("/<review_key>/<round_key>/preview")
def preview(board_key: str, review_key: str, round_key: str) -> str:
    """The questionnaire as each role will see it; frozen once the round is open."""
    round_ = round_at(board_key, review_key, round_key, "see")
    draft = round_.state == "draft"
    questionnaire = preview_questionnaire(context(), round_) if draft else reviews.questionnaire_of(round_)
    role = request.args.get("role") or questionnaire.roles[0].key
    if role not in {each.key for each in questionnaire.roles}:
        role = questionnaire.roles[0].key
    audience = questionnaire.audience(role)
    return render_template(
        "admin/preview.html",
        board=round_.review.board,
        round=round_,
        questionnaire=questionnaire,
        role=role,
        audience=audience,
        group=questionnaire.group_of(role),
        minutes=minutes_needed(questionnaire, audience),
    )


def _draft_page(round_: Round) -> str:
    ready = _ready(round_)
    following = next_key(ready)
    return render_template(
        "admin/round_draft.html",
        board=round_.review.board,
        round=round_,
        tasks=tasks_of(round_, ready),
        following=step_of(round_, following).here,
        following_title=STEPS[following][0],
    )


def _deleted_page(round_: Round) -> str:
    found = [
        event for event in find_certificates(round_.review) if (event.what, event.about) == ("purged", round_.name)
    ]
    return render_template(
        "admin/round_deleted.html",
        board=round_.review.board,
        round=round_,
        deleted_on=day(found[-1].at.astimezone()) if found else "",
        digest=reviews.questionnaire_digest(round_),
    )


def _ready(round_: Round) -> Readiness | None:
    """None where a marker that was chosen is no longer there."""
    try:
        return look_over(context(), round_, today())
    except Refused:
        return None


def _round_page(round_: Round, errors: Sequence[tuple[str, str]] = (), form: DateForm | None = None) -> str:
    parts = progress_of(round_)
    people = invitations.list_invitations(round_)
    return render_template(
        "admin/round.html",
        board=round_.review.board,
        round=round_,
        errors=list(errors),
        form=form or DateForm(data={"closes_on": round_.closes_on}),
        parts=parts,
        total=total_of(parts),
        previews=preview_groups(context(), round_),
        without_link=sum(not each.has_link for each in people),
        digest=reviews.questionnaire_digest(round_),
        outdated=outdated_wording(context(), round_) if round_.state == "open" else None,
        hidden=why_hidden(round_),
        warning=warn_of(round_.review, today()),
        today=today(),
        past=round_.state == "open" and round_.closes_on < today(),
        days_left=(round_.closes_on - today()).days,
    )


def _close_page(round_: Round, errors: Sequence[tuple[str, str]]) -> str:
    return render_template(
        "admin/close.html",
        board=round_.review.board,
        round=round_,
        errors=list(errors),
        total=total_of(progress_of(round_)),
        shown=preview_closing(round_),
        early=today() <= round_.closes_on,
    )

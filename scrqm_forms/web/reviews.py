"""Administrators: reviews, setting up a round, opening, extending and closing it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response
from wtforms import DateField, Form, IntegerField, RadioField, SelectMultipleField, StringField

from scrqm_forms.domain.errors import Refused, ScrqmFormsError
from scrqm_forms.domain.groups import USUAL_MINIMUM
from scrqm_forms.domain.marker import LibraryMarker, Role
from scrqm_forms.domain.questionnaire import PURPOSES, Choice, Purpose, RoundSettings
from scrqm_forms.domain.review import USUAL_KEEPING, USUAL_ROUND, Board, Round
from scrqm_forms.services.context import context
from scrqm_forms.services.reviews import (
    NewReview,
    base_set,
    change_round,
    create_review,
    create_round,
    markers_of_board,
    roles_of,
)
from scrqm_forms.services.rounds import (
    change_groups,
    close_round,
    extend_round,
    groups_of_round,
    open_round,
    preview_groups,
    preview_questionnaire,
    roles_of_round,
)
from scrqm_forms.storage import invitations, reviews
from scrqm_forms.web.clock import today
from scrqm_forms.web.language import _
from scrqm_forms.web.places import board_at, review_at, round_address, round_at
from scrqm_forms.web.sign_in import caller
from scrqm_forms.web.words import PURPOSE

pages = Blueprint("reviews", __name__, url_prefix="/boards/<board_key>/reviews")

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


class ReviewForm(Form):  # type: ignore[misc]
    reference = StringField()
    title = StringField()
    keep_until = DateField()


class RoundForm(Form):  # type: ignore[misc]
    purpose = RadioField(validate_choice=False)
    mode = RadioField(validate_choice=False)
    minimum = IntegerField()
    markers = SelectMultipleField(validate_choice=False)
    roles = SelectMultipleField(validate_choice=False)
    brief = SelectMultipleField(validate_choice=False)
    closes_on = DateField()


class MarkerChoice(Struct, frozen=True, kw_only=True):
    """A marker to choose, with how many of its questions each role is asked."""

    marker: LibraryMarker
    asked: list[str]


@pages.get("/new")
def new_review(board_key: str) -> str:
    board = board_at(board_key)
    return _review_page(board, ReviewForm(data={"keep_until": today() + USUAL_KEEPING}), [])


@pages.post("/new")
def add_review(board_key: str) -> Response | tuple[str, int]:
    board = board_at(board_key)
    form = ReviewForm(request.form)
    new = NewReview(reference=form.reference.data or "", title=form.title.data or "", keep_until=form.keep_until.data)
    try:
        if form.keep_until.raw_data and form.keep_until.raw_data[0] and form.keep_until.data is None:
            raise Refused(_("Keep until: enter a day like 31 12 2027."))
        review = create_review(caller(), board, new, today())
    except Refused as error:
        return _review_page(board, form, [_placed(error, {"Keep until": "keep_until"}, "reference")]), 422
    return redirect(url_for("reviews.new_round", board_key=board_key, review_key=review.key), 303)


@pages.get("/<review_key>/")
def show_review(board_key: str, review_key: str) -> str | Response:
    review = review_at(board_key, review_key)
    rounds = reviews.list_rounds(review)
    if not rounds:
        return redirect(url_for("reviews.new_round", board_key=board_key, review_key=review_key))
    return render_template("admin/review.html", board=review.board, review=review, rounds=rounds)


@pages.get("/<review_key>/new-round")
def new_round(board_key: str, review_key: str) -> str:
    review = review_at(board_key, review_key)
    markers = markers_of_board(context(), review.board)
    ids = [each.marker.id for each in markers if each.set.key == markers[0].set.key]
    data = {
        "purpose": "reflect",
        "minimum": USUAL_MINIMUM,
        "markers": ids,
        "roles": [role.key for role in roles_of(base_set(markers))],
        "brief": ["practitioner"],
        "closes_on": min(today() + USUAL_ROUND, review.keep_until),
    }
    return _round_page(review.board, review, None, RoundForm(data=data), [])


@pages.post("/<review_key>/new-round")
def add_round(board_key: str, review_key: str) -> Response | tuple[str, int]:
    review = review_at(board_key, review_key)
    form = RoundForm(request.form)
    try:
        round_ = create_round(context(), review, _settings_from(form), today(), _closing_date(form))
    except Refused as error:
        return _round_page(review.board, review, None, form, [_placed(error, _ROUND_FIELDS, "markers")]), 422
    flash(_("The round is set up. Now invite people."), "success")
    return redirect(round_address("people.list_people", round_), 303)


@pages.get("/<review_key>/<round_key>/")
def show_round(board_key: str, review_key: str, round_key: str) -> str:
    return _show(round_at(board_key, review_key, round_key))


@pages.get("/<review_key>/<round_key>/settings")
def round_settings(board_key: str, review_key: str, round_key: str) -> str | Response:
    round_ = round_at(board_key, review_key, round_key)
    if round_.state != "draft":
        return redirect(round_address("reviews.show_round", round_))
    chosen = round_.settings
    data = {
        "purpose": chosen.purpose,
        "mode": chosen.mode,
        "minimum": chosen.minimum,
        "markers": list(chosen.markers),
        "roles": list(chosen.roles),
        "brief": [role for role, length in chosen.lengths.items() if length == "brief"],
        "closes_on": round_.closes_on,
    }
    return _round_page(round_.review.board, round_.review, round_, RoundForm(data=data), [])


@pages.post("/<review_key>/<round_key>/settings")
def save_round(board_key: str, review_key: str, round_key: str) -> Response | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key)
    form = RoundForm(request.form)
    try:
        settings = _settings_from(form)
        if set(settings.roles) == set(round_.settings.roles):
            settings = msgspec.structs.replace(settings, groups=round_.settings.groups)
        change_round(context(), round_, settings, _closing_date(form), today())
    except Refused as error:
        errors = [_placed(error, _ROUND_FIELDS, "markers")]
        return _round_page(round_.review.board, round_.review, round_, form, errors), 422
    flash(_("Saved."), "success")
    return redirect(round_address("reviews.show_round", reviews.round_by_id(round_.id)), 303)


@pages.post("/<review_key>/<round_key>/groups")
def save_groups(board_key: str, review_key: str, round_key: str) -> Response | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key)
    parts: dict[str, list[str]] = {}
    if request.form.get("action") != "propose":
        for role in roles_of_round(context(), round_):
            parts.setdefault(request.form.get(f"group-{role.key}", role.key), []).append(role.key)
    return _then_show(round_, lambda: change_groups(context(), round_, list(parts.values())), _("Saved."))


@pages.post("/<review_key>/<round_key>/open")
def open_(board_key: str, review_key: str, round_key: str) -> Response | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key)
    message = _("The round is open. Now make the links and send them.")
    return _then_show(round_, lambda: open_round(context(), round_, today()), message)


@pages.post("/<review_key>/<round_key>/extend")
def extend(board_key: str, review_key: str, round_key: str) -> Response | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key)
    return _then_show(
        round_, lambda: extend_round(round_, _closing_date(RoundForm(request.form)), today()), _("The date is moved.")
    )


@pages.post("/<review_key>/<round_key>/close")
def close(board_key: str, review_key: str, round_key: str) -> Response | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key)
    if request.form.get("sure") != "yes":
        errors = [("sure", _("Tick the box to say that you are sure: a closed round cannot be opened again."))]
        return _show(round_, errors), 422
    return _then_show(round_, lambda: close_round(round_, today()), _("The round is closed."))


@pages.get("/<review_key>/<round_key>/preview")
def preview(board_key: str, review_key: str, round_key: str) -> str:
    """The questionnaire as each role will see it; frozen once the round is open."""
    round_ = round_at(board_key, review_key, round_key)
    draft = round_.state == "draft"
    questionnaire = preview_questionnaire(context(), round_) if draft else reviews.questionnaire_of(round_)
    role = request.args.get("role") or questionnaire.roles[0].key
    if role not in {each.key for each in questionnaire.roles}:
        role = questionnaire.roles[0].key
    return render_template(
        "admin/preview.html",
        board=round_.review.board,
        round=round_,
        questionnaire=questionnaire,
        role=role,
        audience=questionnaire.audience(role),
    )


_ROUND_FIELDS = {
    "Purpose": "purpose",
    "Mode": "mode",
    "Smallest group": "minimum",
    "Markers": "markers",
    "Roles": "roles",
    "Closing date": "closes_on",
}


def _settings_from(form: RoundForm) -> RoundSettings:
    """Raises Refused, naming the field, for what cannot be a setting at all."""
    if form.purpose.data not in PURPOSES:
        raise Refused(_("Purpose: choose what this round is for."))
    if form.mode.data not in ("named", "confidential"):
        raise Refused(_("Mode: choose whether answers are named or confidential. It cannot be changed later."))
    if form.minimum.data is None:
        raise Refused(_("Smallest group: enter a whole number from 3 to 10."))
    purpose: Purpose = form.purpose.data
    return RoundSettings(
        purpose=purpose,
        mode=form.mode.data,
        minimum=form.minimum.data,
        roles=tuple(form.roles.data or ()),
        markers=tuple(form.markers.data or ()),
        lengths={role: "brief" if role in (form.brief.data or ()) else "full" for role in form.roles.data or ()},
    )


def _closing_date(form: RoundForm) -> date:
    if form.closes_on.data is None:
        raise Refused(_("Closing date: enter a day."))
    found: date = form.closes_on.data
    return found


def _placed(error: ScrqmFormsError, fields: dict[str, str], otherwise: str) -> tuple[str, str]:
    """(field, sentence) for the error summary: the sentence begins with the field's label."""
    return fields.get(str(error).partition(":")[0], otherwise), str(error)


def _then_show(round_: Round, do: Any, message: str) -> Response | tuple[str, int]:
    try:
        do()
    except Refused as error:
        return _show(round_, [("", str(error))]), 409
    flash(message, "success")
    return redirect(round_address("reviews.show_round", round_), 303)


def _show(round_: Round, errors: Sequence[tuple[str, str]] = ()) -> str:
    roles = roles_of_round(context(), round_)
    groups = groups_of_round(context(), round_)
    return render_template(
        "admin/round.html",
        board=round_.review.board,
        round=round_,
        errors=list(errors),
        roles=roles,
        group_of={role: group.key for group in groups for role in group.roles},
        previews=preview_groups(context(), round_),
        states=invitations.count_states(round_),
        people=invitations.list_invitations(round_),
        digest=reviews.questionnaire_digest(round_),
        formats=sorted(context().plugins.formats.values(), key=lambda fmt: fmt.key),
        past=round_.state == "open" and not round_.takes_answers(today()),
    )


def _review_page(board: Board, form: ReviewForm, errors: list[tuple[str, str]]) -> str:
    return render_template("admin/review_form.html", board=board, form=form, errors=errors)


def _round_page(board: Board, review: Any, round_: Round | None, form: RoundForm, errors: list[tuple[str, str]]) -> str:
    markers = markers_of_board(context(), board)
    roles = roles_of(base_set(markers))
    return render_template(
        "admin/round_form.html",
        board=board,
        review=review,
        round=round_,
        form=form,
        errors=errors,
        modes=MODES,
        purposes=PURPOSES_OFFERED,
        roles=roles,
        stages=_by_stage(markers, roles),
        purpose_words=PURPOSE,
    )


def _by_stage(markers: Sequence[LibraryMarker], roles: Sequence[Role]) -> list[tuple[str, list[MarkerChoice]]]:
    titles = {stage.key: stage.title for each in markers for stage in each.set.stages}
    found: dict[str, list[MarkerChoice]] = {}
    for each in markers:
        asked = [role.title for role in roles if _asks(each, role)]
        found.setdefault(titles[each.marker.stage], []).append(MarkerChoice(marker=each, asked=asked))
    return list(found.items())


def _asks(each: LibraryMarker, role: Role) -> bool:
    return any(not question.roles or role.key in question.roles for question in each.marker.questions)

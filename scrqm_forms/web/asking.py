"""Administrators: who takes part in a round, at what length, and which markers they are asked."""

from collections.abc import Mapping, Sequence

import msgspec
from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response
from wtforms import Form, SelectMultipleField

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.improvement import STATES
from scrqm_forms.domain.questionnaire import Choice, Length, RoundSettings
from scrqm_forms.domain.review import Round
from scrqm_forms.services.coming_back import find_returning
from scrqm_forms.services.context import context
from scrqm_forms.services.readiness import RolePreview, freeze_all_offered, preview_roles
from scrqm_forms.services.reviews import base_set, change_round, markers_of_board, roles_of
from scrqm_forms.web.clock import today
from scrqm_forms.web.language import _
from scrqm_forms.web.places import placed, round_address, round_at
from scrqm_forms.web.sign_in import actor
from scrqm_forms.web.steps import step_of

pages = Blueprint("asking", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>/<round_key>/markers")

#: "none" is no length: the role takes no part.
LENGTHS = [
    Choice(code="full", label=_("Full: every question")),
    Choice(code="brief", label=_("Brief: a judgement and short reflections")),
    Choice(code="none", label=_("Takes no part")),
]


class MarkersForm(Form):  # type: ignore[misc]
    markers = SelectMultipleField(validate_choice=False)
    returning = SelectMultipleField(validate_choice=False)


@pages.get("")
def markers(board_key: str, review_key: str, round_key: str) -> str | Response:
    round_ = round_at(board_key, review_key, round_key, "manage")
    if round_.state != "draft":
        return redirect(round_address("reviews.show_round", round_))
    chosen = round_.settings
    lengths = {role: chosen.lengths.get(role, "full") for role in chosen.roles}
    return _markers_page(round_, chosen.markers, lengths, chosen.left_out, [])


@pages.post("")
def save_markers(board_key: str, review_key: str, round_key: str) -> Response | str | tuple[str, int]:
    """Save; or only give the page back with other markers ticked, for the buttons that tick several at once."""
    round_ = round_at(board_key, review_key, round_key, "manage")
    ticked = MarkersForm(request.form).markers.data or []
    action, _colon, which = request.form.get("action", "save").partition(":")
    lengths = _lengths_typed()
    left_out = _left_out(round_)
    if action == "tick":
        return _markers_page(round_, _ticked_at_once(round_, which), lengths, left_out, [])
    settings = _asking(round_, ticked, lengths, left_out)
    try:
        change_round(context(), round_, settings, round_.closes_on, today(), by=actor())
    except Refused as error:
        fault = placed(error, {"Roles": f"length-{_roles_offered(round_)[0]}"}, "markers")
        return _markers_page(round_, ticked, lengths, left_out, [fault]), 422
    if action == "preview":
        return redirect(round_address("reviews.preview", round_), 303)
    if action == "work_out":
        return redirect(f"{request.full_path.rstrip('?')}#roles", 303)
    return redirect(step_of(round_, "markers").after, 303)


def _lengths_typed() -> dict[str, str]:
    """Role key -> length, of those that take part."""
    typed = {name.removeprefix("length-"): value for name, value in request.form.items() if name.startswith("length-")}
    return {role: value for role, value in typed.items() if value in ("full", "brief")}


def _left_out(round_: Round) -> tuple[str, ...]:
    """Keys of improvements that were offered and are not ticked; those not offered this time stay as they were."""
    form = MarkersForm(request.form)
    offered, ticked = request.form.getlist("offered"), form.returning.data or []
    before = [key for key in round_.settings.left_out if key not in offered]
    return (*before, *(key for key in offered if key not in ticked))


def _ticked_at_once(round_: Round, which: str) -> list[str]:
    """Ids of all markers, of those of a stage, or of none."""
    offered = markers_of_board(context(), round_.review.board)
    return [each.marker.id for each in offered if which in ("all", each.marker.stage)]


def _roles_offered(round_: Round) -> list[str]:
    return [role.key for role in roles_of(base_set(markers_of_board(context(), round_.review.board)))]


def _asking(round_: Round, ticked: Sequence[str], lengths: Mapping[str, str], left_out: Sequence[str]) -> RoundSettings:
    """The round's settings with these markers, roles and improvements. An order and groups that still fit are kept."""
    before = round_.settings
    roles = tuple(role for role in _roles_offered(round_) if role in lengths)
    chosen: dict[str, Length] = {role: "brief" if lengths[role] == "brief" else "full" for role in roles}
    return msgspec.structs.replace(
        before,
        markers=before.markers if set(ticked) == set(before.markers) else tuple(ticked),
        roles=roles,
        lengths=chosen,
        left_out=tuple(left_out),
        groups=before.groups if set(roles) == set(before.roles) else (),
    )


def _markers_page(
    round_: Round,
    ticked: Sequence[str],
    lengths: Mapping[str, str],
    left_out: Sequence[str],
    errors: list[tuple[str, str]],
) -> str:
    if round_.state != "draft":
        raise Refused(_("This round is open; its questionnaire is frozen."))
    offered = freeze_all_offered(context(), round_)
    return render_template(
        "admin/markers_form.html",
        board=round_.review.board,
        round=round_,
        step=step_of(round_, "markers"),
        errors=errors,
        offered=offered,
        ticked=ticked,
        lengths=LENGTHS,
        length_of=lengths,
        previews=_previews(round_, ticked, lengths, left_out),
        returning=_returning(round_),
        left_out=left_out,
    )


def _returning(round_: Round) -> list[Choice]:
    """Improvements that could come back, each once; none in a round that plans."""
    if round_.settings.purpose == "plan":
        return []
    rows = [each for found in find_returning(context(), round_.review.board).values() for each in found]
    return [
        Choice(code=each.key, label=f"{each.root.marker_title}: {each.aim.change} ({_(STATES[each.aim.state])})")
        for each in {each.key: each for each in rows}.values()
    ]


def _previews(
    round_: Round, ticked: Sequence[str], lengths: Mapping[str, str], left_out: Sequence[str]
) -> list[RolePreview]:
    """None where nothing could be asked like this."""
    if not ticked or not lengths:
        return []
    try:
        return preview_roles(context(), round_, _asking(round_, ticked, lengths, left_out))
    except Refused:
        return []

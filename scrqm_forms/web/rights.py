"""Administrators: what a person may ask of a board: everything held about them, and that it is erased."""

import json

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.review import Round
from scrqm_forms.services import rights
from scrqm_forms.services.context import context
from scrqm_forms.services.rounds import roles_of_round
from scrqm_forms.storage import invitations
from scrqm_forms.web.clock import today
from scrqm_forms.web.keeping import say_deleted
from scrqm_forms.web.language import _
from scrqm_forms.web.places import require, round_address, round_at
from scrqm_forms.web.sign_in import actor

pages = Blueprint(
    "rights",
    __name__,
    url_prefix="/boards/<board_key>/reviews/<review_key>/<round_key>/people/<int:invitation_id>",
)


@pages.get("/data")
def ask_to_export(board_key: str, review_key: str, round_key: str, invitation_id: int) -> str:
    return _page("person_data.html", _round_to_read(board_key, review_key, round_key), invitation_id, [])


@pages.post("/data")
def export(board_key: str, review_key: str, round_key: str, invitation_id: int) -> str | Response | tuple[str, int]:
    """Shown, or as a file, and noted: it holds what the person has not sent, which is shown to nobody otherwise."""
    round_ = _round_to_read(board_key, review_key, round_key)
    invitations.get_invitation(round_, invitation_id)
    if request.form.get("asked") != "yes":
        fault = _("Tick the box if the person has asked for it. Otherwise this is not for anybody to read.")
        return _page("person_data.html", round_, invitation_id, [("asked", fault)]), 422
    held = rights.export_person(round_, invitation_id, by=actor())
    if request.form.get("action") == "file":
        return _file(round_, rights.as_document(held, today()))
    titles = {role.key: role.title for role in roles_of_round(context(), round_)}
    return render_template(
        "admin/person_held.html",
        board=round_.review.board,
        round=round_,
        held=held,
        invitation=held.invitation,
        role=titles.get(held.invitation.person.role, held.invitation.person.role),
        today=today(),
        not_found=rights.WHY_NOT_FOUND,
    )


def _round_to_read(board_key: str, review_key: str, round_key: str) -> Round:
    """Who takes part in a confidential round is for those who manage it: with its answers no names are seen."""
    round_ = round_at(board_key, review_key, round_key, "read_answers")
    if round_.settings.mode == "confidential":
        require("manage", round_.review.board)
    return round_


def _file(round_: Round, document: dict[str, object]) -> Response:
    response = make_response(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    name = f"person-{round_.review.key}-{round_.key}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@pages.get("/erase")
def ask_to_erase(board_key: str, review_key: str, round_key: str, invitation_id: int) -> str:
    return _page("erase.html", round_at(board_key, review_key, round_key, "manage"), invitation_id, [])


@pages.post("/erase")
def erase(board_key: str, review_key: str, round_key: str, invitation_id: int) -> AnyResponse | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key, "manage")
    invitations.get_invitation(round_, invitation_id)
    if request.form.get("sure") != "yes":
        fault = _("Tick the box to say that you are sure: it cannot be undone.")
        return _page("erase.html", round_, invitation_id, [("sure", fault)]), 422
    try:
        wiped = rights.erase_person(round_, invitation_id, by=actor())
    except Refused as error:
        return _page("erase.html", round_, invitation_id, [("", str(error))]), 409
    say_deleted(_("Erased."), wiped)
    return redirect(round_address("people.list_people", round_), 303)


def _page(template: str, round_: Round, invitation_id: int, errors: list[tuple[str, str]]) -> str:
    return render_template(
        f"admin/{template}",
        board=round_.review.board,
        round=round_,
        invitation=invitations.get_invitation(round_, invitation_id),
        errors=errors,
        not_erased=rights.WHY_NOT_ERASED,
    )

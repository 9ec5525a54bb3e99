"""Administrators: who is invited to a round, and their links."""

import csv
import io

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, SelectField, StringField, TextAreaField

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.links import link_hash
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.review import Person, Round
from scrqm_forms.services.context import context
from scrqm_forms.services.invitations import (
    FIELDS,
    Link,
    PeopleFaults,
    correct_person,
    decode_people,
    invite_people,
    make_links,
    read_people,
    remove_person,
    safe_cell,
)
from scrqm_forms.services.rounds import preview_groups, roles_of_round
from scrqm_forms.storage import invitations
from scrqm_forms.web.language import _
from scrqm_forms.web.places import round_address, round_at

pages = Blueprint("people", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>/<round_key>/people")


class PeopleForm(Form):  # type: ignore[misc]
    people = TextAreaField()


class PersonForm(Form):  # type: ignore[misc]
    name = StringField()
    email = StringField()
    role = SelectField(validate_choice=False)
    agency = StringField()


@pages.get("/")
def list_people(board_key: str, review_key: str, round_key: str) -> str:
    return _page(round_at(board_key, review_key, round_key), "", [])


@pages.post("/")
def add_people(board_key: str, review_key: str, round_key: str) -> AnyResponse | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key)
    text = PeopleForm(request.form).people.data or ""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        text = decode_people(upload.read())
    try:
        added = invite_people(round_, read_people(text, roles_of_round(context(), round_)))
    except PeopleFaults as error:
        return _page(round_, text, [("people", fault) for fault in error.faults]), 422
    except Refused as error:
        return _page(round_, text, [("", str(error))]), 409
    flash(_("%(number)s added.") % {"number": added}, "success")
    return redirect(round_address("people.list_people", round_), 303)


@pages.get("/<int:invitation_id>")
def person(board_key: str, review_key: str, round_key: str, invitation_id: int) -> str:
    round_ = round_at(board_key, review_key, round_key)
    found = invitations.get_invitation(round_, invitation_id)
    data = {field: getattr(found.person, field) for field in FIELDS}
    return _person_page(round_, invitation_id, PersonForm(data=data), [])


@pages.post("/<int:invitation_id>")
def save_person(
    board_key: str, review_key: str, round_key: str, invitation_id: int
) -> AnyResponse | tuple[str, int] | str:
    round_ = round_at(board_key, review_key, round_key)
    form = PersonForm(request.form)
    action = request.form.get("action")
    try:
        if action == "remove":
            remove_person(round_, invitation_id)
        elif action == "link":
            return _links_page(round_, make_links(round_, only=invitation_id))
        else:
            person = Person(**{field: (form[field].data or "").strip() for field in FIELDS})
            correct_person(round_, invitation_id, person, roles_of_round(context(), round_))
    except Refused as error:
        return _person_page(round_, invitation_id, form, [("name", str(error))]), 422
    flash(_("Taken out.") if action == "remove" else _("Saved."), "success")
    return redirect(round_address("people.list_people", round_), 303)


@pages.post("/links")
def make(board_key: str, review_key: str, round_key: str) -> tuple[str, int] | str:
    round_ = round_at(board_key, review_key, round_key)
    try:
        return _links_page(round_, make_links(round_, again=request.form.get("again") == "yes"))
    except Refused as error:
        return _page(round_, "", [("", str(error))]), 409


@pages.post("/links.csv")
def links_file(board_key: str, review_key: str, round_key: str) -> Response:
    """The links of the page just shown, as a file: they are sent along, since they are stored nowhere."""
    round_ = round_at(board_key, review_key, round_key)
    secrets = {link_hash(secret, "invitation"): secret for secret in request.form.getlist("secret")}
    found = invitations.links_in_use(round_, secrets)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow((*FIELDS, "link"))
    for key, invitation in sorted(found.items(), key=lambda item: (item[1].person.role, item[1].person.name)):
        cells = [safe_cell(getattr(invitation.person, field)) for field in FIELDS]
        writer.writerow([*cells, _link_address(secrets[key])])
    response = make_response(stream.getvalue().encode("utf-8-sig"))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="links-{round_.review.key}-{round_.key}.csv"'
    return response


def _link_address(secret: str) -> str:
    base = context().instance.settings.base_url.rstrip("/")
    path = url_for("participant.start", secret=secret)
    return f"{base}{path}" if base else url_for("participant.start", secret=secret, _external=True)


def _links_page(round_: Round, links: list[Link]) -> str:
    rows = [(link.person, link.secret, _link_address(link.secret)) for link in links]
    return render_template("admin/links.html", board=round_.review.board, round=round_, rows=rows)


def _page(round_: Round, text: str, errors: list[tuple[str, str]]) -> str:
    roles = roles_of_round(context(), round_)
    return render_template(
        "admin/people.html",
        board=round_.review.board,
        round=round_,
        text=text,
        errors=errors,
        people=invitations.list_invitations(round_),
        previews=preview_groups(context(), round_),
        role_titles={role.key: role.title for role in roles},
        roles=roles,
    )


def _person_page(round_: Round, invitation_id: int, form: PersonForm, errors: list[tuple[str, str]]) -> str:
    roles = [Choice(code=role.key, label=role.title) for role in roles_of_round(context(), round_)]
    return render_template(
        "admin/person.html",
        board=round_.review.board,
        round=round_,
        invitation=invitations.get_invitation(round_, invitation_id),
        form=form,
        roles=roles,
        errors=errors,
    )

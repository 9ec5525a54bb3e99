"""Administrators: who is invited to a round, and their links."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, SelectField, StringField, TextAreaField

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.links import link_hash
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.review import Invitation, Person, Round
from scrqm_forms.services.context import context
from scrqm_forms.services.invitations import (
    FIELDS,
    PeopleFaults,
    correct_person,
    decode_people,
    invite_people,
    link_leads_to_answers,
    make_links,
    read_people,
    remove_person,
    safe_cell,
)
from scrqm_forms.services.rounds import roles_of_round
from scrqm_forms.storage import invitations, reviews
from scrqm_forms.web.language import _
from scrqm_forms.web.letters import Letter, write_letter
from scrqm_forms.web.places import require, round_address, round_at
from scrqm_forms.web.sign_in import actor
from scrqm_forms.web.steps import step_of

pages = Blueprint("people", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>/<round_key>/people")


class SentLink(Struct, frozen=True, kw_only=True):
    """A link as it is shown this once, with a letter to send it in."""

    person: Person
    secret: str
    address: str
    letter: Letter


class PeopleForm(Form):  # type: ignore[misc]
    people = TextAreaField()


class PersonForm(Form):  # type: ignore[misc]
    name = StringField()
    email = StringField()
    role = SelectField(validate_choice=False)
    agency = StringField()


@pages.get("/")
def list_people(board_key: str, review_key: str, round_key: str) -> str:
    return _page(round_at(board_key, review_key, round_key, "manage"), "", [])


@pages.post("/")
def add_people(board_key: str, review_key: str, round_key: str) -> AnyResponse | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key, "manage")
    text = PeopleForm(request.form).people.data or ""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        text = "\n".join(part for part in (text.rstrip(), decode_people(upload.read())) if part)
    if request.form.get("action") == "continue" and round_.state == "draft" and not text.strip():
        return redirect(step_of(round_, "people").after, 303)
    try:
        added = invite_people(round_, read_people(text, roles_of_round(context(), round_)), by=actor())
    except PeopleFaults as error:
        return _page(round_, text, [("people", fault) for fault in error.faults]), 422
    except Refused as error:
        return _page(round_, text, [("", str(error))]), 409
    flash(_("%(number)s added.") % {"number": added}, "success")
    if request.form.get("action") == "continue" and round_.state == "draft":
        return redirect(step_of(round_, "people").after, 303)
    return redirect(request.full_path.rstrip("?"), 303)


@pages.get("/<int:invitation_id>")
def person(board_key: str, review_key: str, round_key: str, invitation_id: int) -> str:
    round_ = round_at(board_key, review_key, round_key, "manage")
    found = invitations.get_invitation(round_, invitation_id)
    return _person_page(round_, invitation_id, _form_of(found), [])


@pages.post("/<int:invitation_id>")
def save_person(
    board_key: str, review_key: str, round_key: str, invitation_id: int
) -> AnyResponse | tuple[str, int] | str:
    round_ = round_at(board_key, review_key, round_key, "manage")
    form = PersonForm(request.form)
    action = request.form.get("action")
    try:
        if action == "link":
            if link_leads_to_answers(round_, invitations.get_invitation(round_, invitation_id)):
                require("read_answers", round_.review.board)
            return _make_links(round_, only=invitation_id)
        if action == "remove":
            remove_person(round_, invitation_id, by=actor())
        else:
            person = Person(**{field: (form[field].data or "").strip() for field in FIELDS})
            correct_person(round_, invitation_id, person, roles_of_round(context(), round_), by=actor())
    except Refused as error:
        shown = form if action == "save" else _form_of(invitations.get_invitation(round_, invitation_id))
        return _person_page(round_, invitation_id, shown, [_placed(error, action)]), 422
    flash(_("Taken out.") if action == "remove" else _("Saved."), "success")
    return redirect(round_address("people.list_people", round_), 303)


def _placed(error: Refused, action: str | None) -> tuple[str, str]:
    """(field, sentence); the sentences of a faulty line do not begin with the field's label."""
    text = str(error)
    marks = {"Role:": "role", "the role": "role", "the name": "name", "e-mail address;": "email"}
    field = next((field for mark, field in marks.items() if mark in text), "") if action == "save" else ""
    return field, text[0].upper() + text[1:]


def _form_of(invitation: Invitation) -> PersonForm:
    return PersonForm(data={field: getattr(invitation.person, field) for field in FIELDS})


@pages.post("/links")
def make(board_key: str, review_key: str, round_key: str) -> tuple[str, int] | str:
    round_ = round_at(board_key, review_key, round_key, "manage")
    try:
        return _make_links(round_, again=request.form.get("again") == "yes")
    except Refused as error:
        return _page(round_, "", [("", str(error))]), 409


@pages.post("/links.csv")
def links_file(board_key: str, review_key: str, round_key: str) -> Response:
    """The links of the page just shown, as a file: they are sent along, since they are stored nowhere."""
    round_ = round_at(board_key, review_key, round_key, "manage")
    secrets = {link_hash(secret, "invitation"): secret for secret in request.form.getlist("secret")}
    found = invitations.links_in_use(round_, secrets)
    in_order = sorted(found.items(), key=lambda item: (item[1].person.role, item[1].person.name))
    links = _with_letters(round_, ((invitation.person, secrets[key]) for key, invitation in in_order))
    response = make_response(_links_as_csv(links).encode("utf-8-sig"))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="links-{round_.review.key}-{round_.key}.csv"'
    return response


def _link_address(secret: str) -> str:
    base = context().instance.settings.base_url.rstrip("/")
    path = url_for("participant.start", secret=secret)
    return f"{base}{path}" if base else url_for("participant.start", secret=secret, _external=True)


def _links_as_csv(links: Iterable[SentLink]) -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow((*FIELDS, "link", "subject", "message"))
    for link in links:
        cells = [getattr(link.person, field) for field in FIELDS]
        writer.writerow(map(safe_cell, [*cells, link.address, link.letter.subject, link.letter.body]))
    return stream.getvalue()


def _make_links(round_: Round, **which: Any) -> str:
    """Make links and show them, this once. Raises Refused before the round is open: a letter says what it promises."""
    if round_.state == "draft":
        raise Refused(_("Open the round first. Links are made once it is open."))
    links = _with_letters(round_, ((link.person, link.secret) for link in make_links(round_, by=actor(), **which)))
    return render_template("admin/links.html", board=round_.review.board, round=round_, links=list(links))


def _with_letters(round_: Round, made: Iterable[tuple[Person, str]]) -> Iterable[SentLink]:
    questionnaire = reviews.questionnaire_of(round_)
    for person, secret in made:
        address = _link_address(secret)
        letter = write_letter(round_, questionnaire, person, address)
        yield SentLink(person=person, secret=secret, address=address, letter=letter)


def _page(round_: Round, text: str, errors: list[tuple[str, str]]) -> str:
    roles = roles_of_round(context(), round_)
    people = invitations.list_invitations(round_)
    return render_template(
        "admin/people.html",
        board=round_.review.board,
        round=round_,
        step=step_of(round_, "people") if round_.state == "draft" else None,
        text=text,
        errors=errors,
        people=people,
        without_link=sum(not each.has_link for each in people),
        not_sent=[each for each in people if each.state != "submitted"],
        role_titles={role.key: role.title for role in roles},
        roles=roles,
    )


def _person_page(round_: Round, invitation_id: int, form: PersonForm, errors: list[tuple[str, str]]) -> str:
    invitation = invitations.get_invitation(round_, invitation_id)
    roles = [Choice(code=role.key, label=role.title) for role in roles_of_round(context(), round_)]
    return render_template(
        "admin/person.html",
        board=round_.review.board,
        round=round_,
        invitation=invitation,
        link_shows_answers=link_leads_to_answers(round_, invitation),
        form=form,
        roles=roles,
        errors=errors,
    )

"""Administrators: who is invited to a round, and their links."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form, SelectField, StringField, TextAreaField

from scrqm_forms.domain.errors import Refused
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
)
from scrqm_forms.services.outbox import find_delivery, packers, senders
from scrqm_forms.services.rounds import roles_of_round
from scrqm_forms.services.sending import new_press, send_invitations
from scrqm_forms.storage import invitations, outbox
from scrqm_forms.web.language import _
from scrqm_forms.web.places import require, round_address, round_at
from scrqm_forms.web.sending import STATE, invitations_by, say_queued, with_letters
from scrqm_forms.web.sign_in import actor
from scrqm_forms.web.steps import step_of

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
            if by := request.form.get("by"):
                return _send_link(round_, invitation_id, by)
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


def _send_link(round_: Round, invitation_id: int, by: str) -> AnyResponse:
    """Make one person's link anew and send it."""
    if not invitations.get_invitation(round_, invitation_id).person.email:
        raise Refused(_("There is no e-mail address to send it to."))
    number = send_invitations(
        context(),
        round_,
        find_delivery(by, senders(context())),
        invitations_by(round_),
        press=request.form.get("press") or new_press(),
        by=actor(),
        only=invitation_id,
    )
    say_queued(number)
    return redirect(round_address("people.list_people", round_), 303)


def _placed(error: Refused, action: str | None) -> tuple[str, str]:
    """(field, sentence); the sentences of a faulty line do not begin with the field's label."""
    text = str(error)
    marks = {"Role:": "role", "the role": "role", "the name": "name", "name:": "name", "organisation:": "agency"}
    marks |= {"e-mail address;": "email", "e-mail address:": "email"}
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


def _make_links(round_: Round, **which: Any) -> str:
    """Make links and show them, this once. Raises Refused before the round is open: a letter says what it promises."""
    if round_.state == "draft":
        raise Refused(_("Open the round first. Links are made once it is open."))
    links = with_letters(round_, ((link.person, link.secret) for link in make_links(round_, by=actor(), **which)))
    return render_template(
        "admin/links.html", board=round_.review.board, round=round_, links=list(links), packers=packers(context())
    )


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
        senders=senders(context()),
        press=new_press(),
        sent_to={key: STATE[each.state] for key, each in outbox.list_latest(round_).items()},
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
        senders=senders(context()),
        press=new_press(),
        message=outbox.list_latest(round_).get(invitation_id),
        message_words=STATE,
        errors=errors,
    )

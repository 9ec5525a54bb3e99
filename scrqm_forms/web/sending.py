"""Administrators: invitations and reminders, by whatever way a plugin gives."""

from collections.abc import Iterable

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from scrqm_forms.domain.errors import Refused, ScrqmFormsError
from scrqm_forms.domain.links import link_hash
from scrqm_forms.domain.review import Person, Round
from scrqm_forms.hookspecs import Delivery
from scrqm_forms.services.context import context
from scrqm_forms.services.outbox import Text, find_delivery, packers, senders
from scrqm_forms.services.sending import (
    Compose,
    gets_new_link,
    new_press,
    pack_links,
    pack_reminders,
    plan_reminders,
    send_invitations,
    send_reminders,
)
from scrqm_forms.storage import invitations, reviews
from scrqm_forms.web.language import _, ngettext
from scrqm_forms.web.letters import invitation_writer, reminder_writer, write_letter
from scrqm_forms.web.places import round_address, round_at
from scrqm_forms.web.sign_in import actor

pages = Blueprint("sending", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>/<round_key>/people")

#: What became of a message -> how it reads.
STATE = {
    "waiting": _("Waiting to go"),
    "sending": _("Going out"),
    "sent": _("Sent"),
    "failed": _("Could not be sent"),
    "unknown": _("Perhaps sent"),
    "dropped": _("Not sent: no longer needed"),
}


class SentLink(Struct, frozen=True, kw_only=True):
    """A link as it is shown this once, with a letter to send it in."""

    person: Person
    secret: str
    address: str
    letter: Text


def link_address(secret: str) -> str:
    base = context().instance.settings.base_url.rstrip("/")
    path = url_for("participant.start", secret=secret)
    return f"{base}{path}" if base else url_for("participant.start", secret=secret, _external=True)


def with_letters(round_: Round, made: Iterable[tuple[Person, str]]) -> Iterable[SentLink]:
    questionnaire = reviews.questionnaire_of(round_)
    for person, secret in made:
        address = link_address(secret)
        letter = write_letter(round_, questionnaire, person, address)
        yield SentLink(person=person, secret=secret, address=address, letter=letter)


def invitations_by(round_: Round) -> Compose:
    return invitation_writer(round_, reviews.questionnaire_of(round_), link_address)


@pages.post("/send")
def send(board_key: str, review_key: str, round_key: str) -> AnyResponse | tuple[str, int]:
    """Make links for those who have none (`again`: new ones for all who have not started) and send them."""
    round_ = round_at(board_key, review_key, round_key, "manage")
    try:
        delivery = find_delivery(request.form.get("by", ""), senders(context()))
        number = send_invitations(
            context(),
            round_,
            delivery,
            invitations_by(round_),
            press=request.form.get("press") or new_press(),
            by=actor(),
            again=request.form.get("again") == "yes",
        )
    except ScrqmFormsError as error:
        flash(str(error), "error")
    else:
        say_queued(number)
    return redirect(round_address("people.list_people", round_), 303)


def say_queued(number: int) -> None:
    said = ngettext("%(num)s message goes out now.", "%(num)s messages go out now.", number) % {"num": number}
    flash(f"{said} {_('The list below says what became of each; load it again in a minute.')}", "success")


@pages.post("/links/file")
def links_file(board_key: str, review_key: str, round_key: str) -> Response:
    """The links of the page just shown, as a file: they are sent along, since they are stored nowhere."""
    round_ = round_at(board_key, review_key, round_key, "manage")
    delivery = find_delivery(request.form.get("by", ""), packers(context()))
    by_hash = {link_hash(secret, "invitation"): secret for secret in request.form.getlist("secret")}
    found = {by_hash[key]: each for key, each in invitations.links_in_use(round_, by_hash).items()}
    data = pack_links(context(), round_, delivery, invitations_by(round_), found)
    return _file(data, delivery, f"links-{round_.review.key}-{round_.key}")


@pages.get("/remind")
def ask_to_remind(board_key: str, review_key: str, round_key: str) -> str:
    return _remind_page(round_at(board_key, review_key, round_key, "manage"), [])


@pages.post("/remind")
def remind(board_key: str, review_key: str, round_key: str) -> AnyResponse | tuple[str, int]:
    round_ = round_at(board_key, review_key, round_key, "manage")
    groups = request.form.getlist("groups")
    try:
        if not groups:
            raise Refused(_("Groups: tick at least one."))
        by = find_delivery(request.form.get("by", ""), [*senders(context()), *packers(context())])
        compose = reminder_writer(round_, reviews.questionnaire_of(round_), link_address)
        if by.pack is not None:
            data, _number = pack_reminders(context(), round_, by, compose, groups, by=actor())
            return _file(data, by, f"reminders-{round_.review.key}-{round_.key}")
        press = request.form.get("press") or new_press()
        number = send_reminders(context(), round_, by, compose, press=press, by=actor(), groups=groups)
    except ScrqmFormsError as error:
        field = {"Groups": "groups", "Delivery": "by"}.get(str(error).partition(":")[0], "")
        return _remind_page(round_, [(field, str(error))]), 422 if field else 409
    say_queued(number)
    return redirect(round_address("people.list_people", round_), 303)


def _remind_page(round_: Round, errors: list[tuple[str, str]]) -> str:
    """Who would get what, before anything goes out."""
    if round_.state == "draft":
        return render_template("admin/remind.html", board=round_.review.board, round=round_, plans=[], errors=errors)
    questionnaire = reviews.questionnaire_of(round_)
    plans = [(group, plan_reminders(round_, [group.key])) for group in questionnaire.groups]
    everybody = [each for _group, plan in plans for each in plan.to]
    first = next(iter(everybody), None)
    sample = reminder_writer(round_, questionnaire, lambda secret: secret)
    return render_template(
        "admin/remind.html",
        board=round_.review.board,
        round=round_,
        plans=plans,
        number=len(everybody),
        new_links=sum(gets_new_link(round_, each) for each in everybody),
        letter=sample(first.person, "") if first else None,
        senders=senders(context()),
        packers=packers(context()),
        press=request.form.get("press") or new_press(),
        chosen=request.form.getlist("groups") if errors else [group.key for group, plan in plans if plan.to],
        by=request.form.get("by", ""),
        errors=errors,
    )


def _file(data: bytes, delivery: Delivery, name: str) -> Response:
    response = make_response(data)
    response.headers["Content-Type"] = delivery.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}{delivery.suffix}"'
    return response

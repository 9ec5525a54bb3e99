"""Invitations and reminders: who gets one, with which link, on which way."""

import io
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import BinaryIO

import msgspec
from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.links import link_hash
from scrqm_forms.domain.review import Invitation, Person, Round
from scrqm_forms.hookspecs import Delivery
from scrqm_forms.services.context import Context
from scrqm_forms.services.invitations import make_link
from scrqm_forms.services.noting import changing, note
from scrqm_forms.services.outbox import Text, message_to, queue_message
from scrqm_forms.services.plugin_faults import note_fault, note_working
from scrqm_forms.storage import invitations, outbox, reviews
from scrqm_forms.storage.database import writing

#: Writes to a person, with the secret of their link or "" where the message carries none.
Compose = Callable[[Person, str], Text]


class Reminding(Struct, frozen=True, kw_only=True):
    """Who would be reminded, and who has not sent answers and cannot be."""

    to: list[Invitation]
    without_email: list[Invitation]
    #: They have to be invited first.
    without_link: list[Invitation]


def new_press() -> str:
    """Stands in a form with a button that sends: pressed twice, it sends once."""
    return secrets.token_urlsafe(16)


def send_invitations(  # noqa: PLR0913  who, how and by whom, each named
    context: Context,
    round_: Round,
    delivery: Delivery,
    compose: Compose,
    *,
    press: str,
    by: Actor,
    only: int | None = None,
    again: bool = False,
) -> int:
    """Make links for people with an e-mail address, as `make_links` would, and queue them; how many.

    Raises Refused for a round that is not open: an invitation says what it promises.
    """
    _check_sending(context, round_)
    with changing(round_):
        if number := outbox.was_pressed(round_, press):
            return number
        people = [each for each in _wanted(round_, only, again) if each.person.email]
        for each in people:
            text = compose(each.person, make_link(round_, each))
            queue_message(context, each, text, press=press, kind="invitation", delivery=delivery.key, now=by.now)
        note(by, "invitations_sent", round_, people=len(people), delivery=delivery.key)
    return len(people)


def pack_invitations(
    context: Context, round_: Round, delivery: Delivery, compose: Compose, stream: BinaryIO, *, by: Actor
) -> int:
    """Make links for all who have none and write them into a file; how many. Where that fails no link is made."""
    _check_sending(context, round_)
    with _guard(context, delivery), changing(round_):
        people = _wanted(round_, None, False)
        texts = [(each, compose(each.person, make_link(round_, each))) for each in people]
        _pack(round_, delivery, texts, stream)
        note(by, "links_made", round_, people=len(people))
    return len(people)


def pack_links(
    context: Context, round_: Round, delivery: Delivery, compose: Compose, secrets_of: Mapping[str, Invitation]
) -> bytes:
    """The links just made, by their secrets, in a file."""
    found = sorted(secrets_of.items(), key=lambda item: (item[1].person.role, item[1].person.name))
    stream = io.BytesIO()
    with _guard(context, delivery):
        _pack(round_, delivery, [(each, compose(each.person, secret)) for secret, each in found], stream)
    return stream.getvalue()


def plan_reminders(round_: Round, groups: Collection[str] = ()) -> Reminding:
    """Who has not sent their answers, of these groups (keys; all without any). Raises Refused for an unknown one."""
    roles = _roles_in(round_, groups)
    waiting = [
        each for each in invitations.list_invitations(round_) if each.state != "submitted" and each.person.role in roles
    ]
    return Reminding(
        to=[each for each in waiting if each.has_link and each.person.email],
        without_email=[each for each in waiting if each.has_link and not each.person.email],
        without_link=[each for each in waiting if not each.has_link],
    )


def gets_new_link(round_: Round, invitation: Invitation) -> bool:
    """In a named round a reminder brings a new link to who has not begun. For all others the old one goes on working:
    a new one would cut off who is writing, and in a confidential round they would have to begin anew.
    """
    return round_.settings.mode == "named" and invitation.state == "not_begun"


def send_reminders(  # noqa: PLR0913  who, how and by whom, each named
    context: Context,
    round_: Round,
    delivery: Delivery,
    compose: Compose,
    *,
    press: str,
    by: Actor,
    groups: Collection[str] = (),
) -> int:
    """Queue reminders to those who have not sent their answers; how many."""
    _check_sending(context, round_)
    with changing(round_):
        if number := outbox.was_pressed(round_, press):
            return number
        people = plan_reminders(round_, groups).to
        for each in people:
            secret = secrets.token_urlsafe(32) if gets_new_link(round_, each) else ""
            text = compose(each.person, secret)
            if secret:
                text = msgspec.structs.replace(text, new_link=link_hash(secret, "invitation"))
            queue_message(context, each, text, press=press, kind="reminder", delivery=delivery.key, now=by.now)
        note(by, "reminders_sent", round_, people=len(people), delivery=delivery.key)
    return len(people)


def pack_reminders(
    context: Context,
    round_: Round,
    delivery: Delivery,
    compose: Compose,
    groups: Collection[str] = (),
    *,
    by: Actor,
) -> tuple[bytes, int]:
    """Reminders in a file, without links: it may be made twice, or never be sent. How many they are."""
    _check_sending(context, round_)
    plan = plan_reminders(round_, groups)
    people = sorted([*plan.to, *plan.without_email], key=lambda each: (each.person.role, each.person.name))
    stream = io.BytesIO()
    with _guard(context, delivery):
        _pack(round_, delivery, [(each, compose(each.person, "")) for each in people], stream)
    with writing():  # a round on hold may be reminded in this way: nothing of it changes
        note(by, "reminders_packed", round_, people=len(people), delivery=delivery.key)
    return stream.getvalue(), len(people)


class _Broken(Exception):
    """Raised from what a plugin raised."""


def _pack(round_: Round, delivery: Delivery, texts: Iterable[tuple[Invitation, Text]], stream: BinaryIO) -> None:
    messages = [message_to(round_, each, text, secrets.token_hex(16)) for each, text in texts]
    try:
        if delivery.pack is None:
            raise TypeError("this delivery writes no file")
        delivery.pack(messages, stream)
    except (Exception, SystemExit) as error:
        raise _Broken from error


@contextmanager
def _guard(context: Context, delivery: Delivery) -> Iterator[None]:
    """Around the transaction in which a plugin writes a file. Raises Refused, with the reason in the log."""
    thing = f"delivery {delivery.key}"
    try:
        yield
    except _Broken as broken:
        error = broken.__cause__ or broken
        note_fault(context, "register_deliveries", thing, error)
        raise Refused(
            f'The delivery "{delivery.key}" failed ({type(error).__name__}); nothing was written and no link made. '
            "The reason is in the log and on the page Plugins; other ways are not affected."
        ) from error
    note_working(context, "register_deliveries", thing)


def _wanted(round_: Round, only: int | None, again: bool) -> list[Invitation]:
    if only is not None:
        return [invitations.get_invitation(round_, only)]
    people = invitations.list_invitations(round_)
    return [each for each in people if not each.has_link or (again and each.state == "not_begun")]


def _roles_in(round_: Round, groups: Collection[str]) -> set[str]:
    known = {group.key: group for group in reviews.questionnaire_of(round_).groups}
    if unknown := [key for key in groups if key not in known]:
        raise Refused(f"Groups: {', '.join(unknown)} not known; expected some of {', '.join(known)}.")
    return {role for key in (groups or known) for role in known[key].roles}


def _check_sending(context: Context, round_: Round) -> None:
    context.check_links()
    if round_.state != "open":
        raise Refused("Messages can be sent while the round is open; this one is not.")

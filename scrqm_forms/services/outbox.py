"""The outbox: messages are queued where a button is pressed, and sent where nobody waits for it.

Each is claimed by one sender before it is handed over, so that it goes out at most once. What certainly was not sent is
tried again, later each time; of what broke half-way nobody knows, so it is not sent again, and the people page says so.
"""

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from scrqm_forms.domain.errors import NotFound, ScrqmFormsError, place_of
from scrqm_forms.domain.message import Message
from scrqm_forms.domain.review import Invitation, Round
from scrqm_forms.domain.sealing import NONCE, NotSealed, seal, unseal
from scrqm_forms.hookspecs import CannotSend, Delivery, TryLater
from scrqm_forms.services.context import Context
from scrqm_forms.services.plugin_faults import note_fault
from scrqm_forms.storage import invitations, outbox, reviews
from scrqm_forms.storage.database import writing
from scrqm_forms.storage.outbox import Kind, OutboxState, Queued

log = logging.getLogger(__name__)

#: How long to wait after each time that it was not sent; then it is given up.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
#: Longer than any sending may take.
LEASE = timedelta(minutes=15)
#: While a round is on hold nothing goes out.
HELD = timedelta(minutes=15)
_LONGEST_REASON = 200


class Text(Struct, frozen=True, kw_only=True):
    """What a message says; stored encrypted, and only until it is over."""

    subject: str
    body: str
    link: str = ""
    #: Hash of that link where it is to be in force only once it is on its way: until then the one before works.
    new_link: str = ""


def queue_message(  # noqa: PLR0913  all that a message is, each named
    context: Context, invitation: Invitation, text: Text, *, press: str, kind: Kind, delivery: str, now: datetime
) -> None:
    """Put a message into the outbox; in the transaction of what it tells of."""
    key = secrets.token_hex(16)
    document = msgspec.json.encode(text).decode()
    sealed = seal(context.instance.key("outbox"), document, key, secrets.token_bytes(NONCE))
    queued = Queued(
        key=key, invitation_id=invitation.id, round_id=0, kind=kind, delivery=delivery, tries=0, sealed=sealed
    )
    outbox.add_message(queued, press, int(now.timestamp()))


def send_due(context: Context, now: datetime) -> Counter[str]:
    """Try everything that is due; how many came to be in which state."""
    done: Counter[str] = Counter()
    begun = time.monotonic()
    with writing():
        done["unknown"] += outbox.give_up_lost(int(now.timestamp()))
    for key in outbox.find_due(int(now.timestamp())):
        # A slow mail server takes its time with each: the lease of the last must not begin with the first.
        if state := _send(context, key, now + timedelta(seconds=time.monotonic() - begun)):
            done[state] += 1
    return +done


def _send(context: Context, key: str, now: datetime) -> OutboxState | None:
    """What became of one message; None when it was not tried."""
    with writing():
        queued = outbox.find_waiting(key)
        if queued is None:
            return None
        text = _open(context, queued)
        if not _may_go(queued, text, now) or not outbox.claim(key, int((now + LEASE).timestamp())):
            return None
        before = invitations.exchange_link(queued.invitation_id, text.new_link) if text and text.new_link else None
    state, reason = _deliver(context, queued, text)
    if state == "waiting" and queued.tries >= len(WAITS):
        state = "failed"
    with writing():
        if before and text and state in ("waiting", "failed"):
            invitations.exchange_link(queued.invitation_id, before, only=text.new_link)
        if state == "waiting":
            due_at = int((now + WAITS[queued.tries]).timestamp())
            outbox.set_waiting(key, queued.tries + 1, due_at, reason[:_LONGEST_REASON])
        else:
            outbox.set_over(key, state, reason[:_LONGEST_REASON])
    return state


def _open(context: Context, queued: Queued) -> Text | None:
    """None where it can be read no more: sealed with another key, or altered."""
    try:
        document = unseal(context.instance.key("outbox"), queued.sealed, queued.key)
    except NotSealed:
        return None
    return msgspec.json.decode(document, type=Text)


def _may_go(queued: Queued, text: Text | None, now: datetime) -> bool:
    """Whether it is still right to send it; what is not is dropped: a new link too, for who has begun with the old."""
    round_ = reviews.round_by_id(queued.round_id)
    if round_.state == "open" and round_.on_hold:
        outbox.put_off(queued.key, int((now + HELD).timestamp()))
        return False
    state = invitations.get_invitation(round_, queued.invitation_id).state
    is_too_late = state == "submitted" or (state == "begun" and text is not None and text.new_link)
    if round_.state != "open" or (queued.kind == "reminder" and is_too_late):
        outbox.drop(queued.key)
        return False
    return True


def _deliver(context: Context, queued: Queued, text: Text | None) -> tuple[OutboxState, str]:
    """(state from now on, why)."""
    delivery = context.plugins.deliveries.get(queued.delivery)
    if delivery is None or delivery.deliver is None:
        return "waiting", f'the plugin that gives the delivery "{queued.delivery}" is not at work'
    if text is None:
        return "failed", "the message could not be read any more"
    round_ = reviews.round_by_id(queued.round_id)
    try:
        message = message_to(round_, invitations.get_invitation(round_, queued.invitation_id), text, queued.key)
    except NotFound:
        return "failed", "the person is no longer there"
    if not message.email:
        return "failed", "there is no e-mail address"
    state, reason = _hand_over(context, delivery.key, delivery.deliver, message)
    return state, reason + _NEW_LINK if state == "unknown" and text.new_link else reason


#: Nobody knows whether it arrived, so the link in it is the one in force.
_NEW_LINK = "; if it did not arrive, make a new link: the one sent before no longer works"


def _hand_over(
    context: Context, key: str, deliver: Callable[[Message], None], message: Message
) -> tuple[OutboxState, str]:
    try:
        deliver(message)
    except TryLater as error:
        return "waiting", str(error)
    except CannotSend as error:
        return "failed", str(error)
    except (Exception, SystemExit) as error:
        log.error("delivery %s broke: %s", key, place_of(error))
        note_fault(context, "register_deliveries", f"delivery {key}", error)
        return "unknown", f"sending broke half-way ({type(error).__name__})"
    return "sent", ""


def message_to(round_: Round, invitation: Invitation, text: Text, key: str) -> Message:
    person = invitation.person
    return Message(
        id=key,
        name=person.name,
        email=person.email,
        role=person.role,
        agency=person.agency,
        subject=text.subject,
        body=text.body,
        link=text.link,
        board=round_.review.board.name,
    )


def senders(context: Context) -> list[Delivery]:
    """Ways that send by themselves, through the outbox."""
    return [each for each in context.plugins.deliveries.values() if each.deliver is not None]


def packers(context: Context) -> list[Delivery]:
    """Ways that write a file, which whoever asked for it sends."""
    return [each for each in context.plugins.deliveries.values() if each.pack is not None]


def find_delivery(key: str, among: list[Delivery]) -> Delivery:
    """Raises ScrqmFormsError naming those there are."""
    found = next((each for each in among if each.key == key), None)
    if found is None:
        known = ", ".join(each.key for each in among) or "none (docs/running.md says how to set one up)"
        raise ScrqmFormsError(f'Delivery: "{key}" is not one of {known}.')
    return found

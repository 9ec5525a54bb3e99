"""What a participant does: begin, save an entry, submit, take a submission back."""

from datetime import date

from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.groups import Group
from scrqm_forms.domain.keeping import HELD
from scrqm_forms.domain.links import handle_of, link_hash, receipt_of
from scrqm_forms.domain.marker import Role
from scrqm_forms.domain.questionnaire import Questionnaire, entry_keys
from scrqm_forms.domain.response import Entry, EntryAsk, ask_of, check_entry, tidy_entry
from scrqm_forms.domain.review import Invitation, Round
from scrqm_forms.storage import invitations, responses, reviews
from scrqm_forms.storage.database import writing
from scrqm_forms.storage.holders import find_holder
from scrqm_forms.storage.keeping import delete_response
from scrqm_forms.storage.responses import Response


class NotOpen(Refused):
    """The round takes no answers (any more)."""


class NotOpenYet(Refused):
    """The link is good, and its round is still being set up."""


class AlreadySubmitted(Refused):
    """The answers were sent; they have to be taken back before they can be changed."""


class Participant(Struct, frozen=True, kw_only=True):
    """Whoever holds a link, with all that their pages need. `response` is None until they have begun."""

    secret: str
    invitation: Invitation
    round: Round
    questionnaire: Questionnaire
    response: Response | None

    @property
    def handle(self) -> str:
        return handle_of(self.secret)

    @property
    def receipt(self) -> str:
        return receipt_of(self.secret)

    @property
    def role(self) -> Role:
        return self.questionnaire.role(self.invitation.person.role)

    @property
    def group(self) -> Group:
        return self.questionnaire.group_of(self.role.key)

    @property
    def audience(self) -> frozenset[str]:
        return self.questionnaire.audience(self.role.key)

    @property
    def entry_keys(self) -> tuple[str, ...]:
        return entry_keys(self.questionnaire, self.audience)

    def ask(self, key: str) -> EntryAsk | None:
        return ask_of(self.questionnaire, key, self.audience)


def find_participant(secret: str) -> Participant | None:
    """Whom a link belongs to; None for a link that leads nowhere. Raises NotOpenYet."""
    found = find_holder(link_hash(secret, "invitation"), link_hash(secret, "response"))
    if found is None:
        return None
    if found.round.state == "draft":
        raise NotOpenYet(
            "Your link is right, and will work once the board opens the questions. Please try again later."
        )
    return Participant(
        secret=secret,
        invitation=found.invitation,
        round=found.round,
        questionnaire=reviews.questionnaire_of(found.round, found.digest),
        response=found.response,
    )


def begin_response(participant: Participant, today: date) -> None:
    """Make the response that entries are saved to; nothing happens when it is there already."""
    with writing():
        if _check_open(participant, today).synthetic:
            raise Refused("This round holds made-up responses for a trial; real answers cannot be added to it.")
        if responses.find_response(link_hash(participant.secret, "response")) is not None:
            return
        named = participant.questionnaire.mode == "named"
        responses.add_response(
            participant.round,
            link_hash(participant.secret, "response"),
            participant.group.key,
            invitation_id=participant.invitation.id if named else None,
            role=participant.role.key if named else None,
        )
        invitations.set_state(participant.invitation.id, "begun")


def count_group(participant: Participant) -> int:
    """How many people are invited in the participant's group."""
    invited = invitations.count_invited(participant.round)
    return sum(invited.get(role, 0) for role in participant.group.roles)


def read_entries(participant: Participant) -> dict[str, tuple[Entry, int]]:
    """Entry key -> (entry, version) of what was saved so far."""
    return responses.read_entries(participant.response) if participant.response else {}


def save_entry(participant: Participant, key: str, entry: Entry, version: int, today: date) -> tuple[int, int]:
    """Save one entry over the version it was made from; returns (new version, characters that had to be replaced).

    Raises NotOpen, AlreadySubmitted, InvalidAnswers or NewerVersion; nothing is stored then.
    """
    ask = participant.ask(key)
    if ask is None or participant.response is None:
        raise Refused("This is not asked of you.")
    tidy, replaced = tidy_entry(entry)
    check_entry(ask, tidy)
    with writing():
        _check_open(participant, today)
        response = responses.find_response(link_hash(participant.secret, "response"), to_change=True)
        if response is None or response.submitted:
            raise AlreadySubmitted("Your answers were sent. Take them back first if you want to change them.")
        return responses.store_entry(response, key, tidy, version), replaced


def submit_response(participant: Participant, today: date) -> str:
    """Send the answers; the receipt. Sending again changes nothing and gives the same receipt."""
    _set_submitted(participant, True, today)
    return participant.receipt


def take_back(participant: Participant, today: date) -> None:
    """Undo sending, until the round closes; everything stays as it was written."""
    _set_submitted(participant, False, today)


def withdraw_response(participant: Participant, today: date) -> None:
    """Delete what was written, sent or not, until the round closes. The link stays, and can begin anew."""
    with writing():
        _check_open(participant, today)
        response = responses.find_response(link_hash(participant.secret, "response"))
        if response is None:
            return
        delete_response(response)
        invitations.set_state(participant.invitation.id, "not_begun")


def _set_submitted(participant: Participant, submitted: bool, today: date) -> None:
    with writing():
        response = responses.find_response(link_hash(participant.secret, "response"))
        if response is None:
            _check_open(participant, today)
            raise Refused("There is nothing to send yet.")
        if response.submitted == submitted:
            return
        _check_open(participant, today)
        named = participant.questionnaire.mode == "named"
        responses.set_submitted(response, submitted, today if named and submitted else None)
        invitations.set_state(participant.invitation.id, "submitted" if submitted else "begun")


def _check_open(participant: Participant, today: date) -> Round:
    """The round, read anew: it may have been closed, or the link replaced, since the participant was found."""
    round_ = invitations.renew_round(participant.round, link_hash(participant.secret, "invitation"))
    if round_ is None:
        raise NotOpen("This link was replaced by a new one. Please use the new link.")
    if not round_.takes_answers(today):
        raise NotOpen(HELD if round_.on_hold else "This round is closed, so answers can no longer be changed.")
    return round_

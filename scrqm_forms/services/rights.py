"""A person's rights: everything held about one person, and erasing it.

In a confidential round nothing joins a person to their answers, so only the holder of the link can read or withdraw
them (`responding.withdraw_response`), and only until the round closes.
"""

from datetime import date
from typing import Any

from msgspec import Struct

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.marker import CLOSING
from scrqm_forms.domain.places import Place, places_of
from scrqm_forms.domain.questionnaire import Questionnaire
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import Invitation, Review, Round
from scrqm_forms.services.noting import changing, note
from scrqm_forms.services.overview import forget_overviews
from scrqm_forms.storage import invitations, keeping, responses, reviews
from scrqm_forms.storage.database import wipe_deleted, writing
from scrqm_forms.storage.responses import PersonResponse


class HeldAnswer(Struct, frozen=True, kw_only=True):
    """One thing that a person said, as they read it and as it is stored."""

    question: str
    #: "rating", "comment", "judgement" ... (domain/kinds.py)
    part: str
    answer: str
    code: str


class HeldEntry(Struct, frozen=True, kw_only=True):
    """What a person said to one marker, or to close; also where they set it aside afterwards."""

    title: str
    not_my_part: bool
    answers: list[HeldAnswer]


class Held(Struct, frozen=True, kw_only=True):
    """Everything held about one person in one round."""

    round: Round
    invitation: Invitation
    #: Of a confidential round, None: it cannot be found.
    response: PersonResponse | None
    entries: list[HeldEntry]


def find_people(review: Review, email: str) -> list[tuple[Round, int]]:
    """(round, invitation id) of everybody with this address. Raises NotFound when there is nobody."""
    wanted = email.strip().casefold()
    found = [
        (round_, each.id)
        for round_ in reviews.list_rounds(review)
        for each in invitations.list_invitations(round_)
        if each.person.email.casefold() == wanted and wanted
    ]
    if not found:
        raise NotFound(f"Nobody with this e-mail address is invited in the review {review.key}.")
    return found


def export_person(round_: Round, invitation_id: int, *, by: Actor) -> Held:
    """Everything held about a person, what they have not sent too: it is theirs to ask for."""
    with writing():
        found = _held(round_, invitation_id)
        note(by, "person_exported", round_)
    return found


def erase_person(round_: Round, invitation_id: int, *, by: Actor) -> bool:
    """Delete a person of a named round with all that they wrote, also after closing. It cannot be undone.

    False while traces may be left in the database's files (database.wipe_deleted).
    """
    with changing(round_) as now:
        invitations.get_invitation(round_, invitation_id)
        check_erasable(now)
        kept = keeping.delete_person(round_, invitation_id)
        forget_overviews(round_)
        note(by, "person_erased", round_, responses=kept.responses, entries=kept.entries)
    return wipe_deleted(rebuild=True)


def check_erasable(round_: Round) -> None:
    """Raises Refused where nobody can tell which answers are a person's."""
    if round_.settings.mode == "confidential" and round_.state != "draft":
        raise Refused(WHY_NOT_ERASED)


WHY_NOT_ERASED = (
    "This round is confidential: nothing joins a person to their answers, so nobody can tell which to erase. Until the "
    "last day of answering, they can withdraw what they wrote themselves, through their link."
)


def _held(round_: Round, invitation_id: int) -> Held:
    invitation = invitations.get_invitation(round_, invitation_id)
    response = responses.find_of_person(round_, invitation_id) if round_.settings.mode == "named" else None
    entries: list[HeldEntry] = []
    if response is not None:
        entries = _entries_of(reviews.questionnaire_of(round_), response.entries)
    return Held(round=round_, invitation=invitation, response=response, entries=entries)


def _entries_of(questionnaire: Questionnaire, entries: dict[str, Entry]) -> list[HeldEntry]:
    places = places_of(questionnaire)
    keys = [marker.id for marker in questionnaire.markers] + [CLOSING]
    return [
        HeldEntry(
            title=_title_of(questionnaire, key),
            not_my_part=entries[key].not_my_part,
            answers=[
                _answer_of(place, code) for place in places if place.entry == key and (code := place.find(entries[key]))
            ],
        )
        for key in keys
        if key in entries
    ]


def _title_of(questionnaire: Questionnaire, key: str) -> str:
    marker = questionnaire.marker(key)
    return f"{marker.number}. {marker.title}" if marker else questionnaire.closing_title


def _answer_of(place: Place, code: str) -> HeldAnswer:
    answer = next((choice.label for choice in place.choices if choice.code == code), code)
    return HeldAnswer(question=place.wording, part=place.part, answer=answer, code="" if place.is_text else code)


def as_document(held: Held, today: date) -> dict[str, Any]:
    """For a file: what a person would be sent."""
    round_, invitation = held.round, held.invitation
    found: dict[str, Any] = {
        "about": {
            "board": round_.review.board.name,
            "review": round_.review.title,
            "reference": round_.review.reference,
            "round": round_.name,
            "mode": round_.settings.mode,
            "kept_until": round_.review.keep_until.isoformat(),
            "written_on": today.isoformat(),
        },
        "person": {field: getattr(invitation.person, field) for field in ("name", "email", "role", "agency")},
        "state": invitation.state,
        "has_link": invitation.has_link,
    }
    if round_.settings.mode == "confidential":
        return found | {"answers": None, "why": WHY_NOT_FOUND}
    if held.response is not None:
        sent_on = held.response.submitted_on
        found |= {"sent": held.response.submitted, "sent_on": sent_on.isoformat() if sent_on else None}
    return found | {"answers": [_entry_as_document(each) for each in held.entries]}


WHY_NOT_FOUND = (
    "This round is confidential: answers are stored apart from people, and nothing joins the two. The person's own "
    "link shows them what they wrote."
)


def _entry_as_document(entry: HeldEntry) -> dict[str, Any]:
    said = [{field: getattr(each, field) for field in ("question", "part", "answer", "code")} for each in entry.answers]
    return {"to": entry.title, "set_aside": entry.not_my_part, "said": said}

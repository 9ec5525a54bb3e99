"""Invite people, correct them, and make the links they answer through."""

import csv
import io
import re
import secrets
from collections.abc import Iterator, Sequence

from msgspec import Struct

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.links import link_hash
from scrqm_forms.domain.marker import Role
from scrqm_forms.domain.names import tidy_name
from scrqm_forms.domain.review import Invitation, Person, Round
from scrqm_forms.services.context import context
from scrqm_forms.services.noting import changing, note
from scrqm_forms.storage import invitations, outbox, reviews

FIELDS = ("name", "email", "role", "agency")


class Link(Struct, frozen=True, kw_only=True):
    """A person's link, shown this once."""

    person: Person
    secret: str


class PeopleFaults(Refused):
    """Lines of a list of people that cannot be read; one sentence each in `faults`."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


def read_people(text: str, roles: Sequence[Role]) -> list[Person]:
    """People from a pasted list or CSV: name, email, role, agency, with or without a heading.

    Separated by commas, semicolons or tabs (a range copied from a spreadsheet). A role may be given by key or title,
    in any case. Raises PeopleFaults naming every line at fault.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        numbered = [(n, [cell.strip() for cell in row]) for n, row in _numbered_rows(text) if any(map(str.strip, row))]
    except csv.Error as error:  # a cell of more than 131,072 characters
        raise PeopleFaults(["A cell of this list never ends; is a quotation mark opened and not closed?"]) from error
    order: tuple[str, ...] = FIELDS
    if numbered and {"name", "role"} <= {cell.lower() for cell in numbered[0][1]}:
        order = tuple(cell.lower() for cell in numbered[0][1])
        numbered = numbered[1:]
    people, faults = [], []
    for n, row in numbered:
        try:
            people.append(_person(dict(zip(order, row, strict=False)), roles))
        except Refused as error:
            faults.append(f"Line {n}: {error}")
    if not people and not faults:
        faults.append("There is nobody in this list; expected a line per person: name, email, role, agency.")
    if faults:
        raise PeopleFaults(faults)
    return people


def decode_people(data: bytes) -> str:
    """A file as spreadsheets save it: UTF-8, or else Windows-1252."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def check_person(person: Person, roles: Sequence[Role]) -> Person:
    """The person with the role's key. Raises Refused naming what is missing or unknown."""
    return _person({field: getattr(person, field) for field in FIELDS}, roles)


def invite_people(round_: Round, people: Sequence[Person], *, by: Actor | None = None) -> int:
    """Add those who are not in the round yet (by e-mail address and role, or name and role); returns how many."""
    with changing(round_) as now:
        if now.state == "closed":
            raise Refused("This round is closed; nobody can be invited any more.")
        if now.synthetic:
            raise Refused("This round holds made-up responses; nobody can be invited to it.")
        known = {_identity(invitation.person) for invitation in invitations.list_invitations(round_)}
        new = list({_identity(person): person for person in people if _identity(person) not in known}.values())
        invitations.add_invitations(round_, new)
        note(by, "people_invited", round_, people=len(new))
    return len(new)


def correct_person(
    round_: Round, invitation_id: int, person: Person, roles: Sequence[Role], *, by: Actor | None = None
) -> None:
    """Put a name, address, role or agency right. The role is fixed once somebody has begun: it says what is asked."""
    person = check_person(person, roles)
    with changing(round_):
        before = invitations.get_invitation(round_, invitation_id)
        if before.state != "not_begun" and before.person.role != person.role:
            raise Refused("Role: this person has begun, so the role can no longer change.")
        _check_group(round_, before.person.role, person.role)
        invitations.change_invitation(round_, invitation_id, person)
        note(by, "person_corrected", round_)


def _check_group(round_: Round, before: str, after: str) -> None:
    """An open confidential round told people as which group they are shown, and how many are in it."""
    if round_.state == "draft" or round_.settings.mode == "named":
        return
    questionnaire = reviews.questionnaire_of(round_)
    if questionnaire.group_of(before) != questionnaire.group_of(after):
        raise Refused("Role: this confidential round is open, and the change would move the person to another group.")


def remove_person(round_: Round, invitation_id: int, *, by: Actor | None = None) -> None:
    """Take somebody out who has not begun."""
    with changing(round_) as now:
        if invitations.get_invitation(round_, invitation_id).state != "not_begun":
            raise Refused("This person has begun answering and can no longer be taken out.")
        if now.state != "draft" and round_.settings.mode == "confidential":
            raise Refused("This confidential round was opened: people in it were told how many are in their group.")
        invitations.remove_invitation(round_, invitation_id)
        note(by, "person_removed", round_)


def make_links(round_: Round, only: int | None = None, *, again: bool = False, by: Actor | None = None) -> list[Link]:
    """Links for everyone who has none yet, or a new one for the invitation `only`; the one it had stops working.

    `again`: new ones for all who have not begun, for when a list of links was lost before it was sent.

    In a named round the new link leads to what was already written. In a confidential one it begins anew, since
    nothing joins a person to a response; for somebody who has submitted it is refused, or they could answer twice.
    """
    context().check_links()
    with changing(round_) as now:
        if now.state == "closed":
            raise Refused("This round is closed; links would lead nowhere.")
        if only is None:
            people = invitations.list_invitations(round_)
            wanted = [each for each in people if not each.has_link or (again and each.state == "not_begun")]
        else:
            wanted = [invitations.get_invitation(round_, only)]
        made = [Link(person=invitation.person, secret=make_link(round_, invitation)) for invitation in wanted]
        note(by, "links_made", round_, people=len(made))
    return made


def make_link(round_: Round, invitation: Invitation) -> str:
    """Secret of a new link, in the transaction of whoever asks; what was to be sent with the old one is not."""
    secret = secrets.token_urlsafe(32)
    confidential = round_.settings.mode == "confidential"
    if confidential and invitation.state == "submitted":
        raise Refused("This person has sent their answers; a new link would let them answer twice.")
    outbox.drop_waiting(invitation.id)
    invitations.set_link(round_, invitation.id, link_hash(secret, "invitation"))
    if confidential:
        invitations.set_state(invitation.id, "not_begun")
    else:
        invitations.move_response(round_, invitation.id, link_hash(secret, "response"))
    return secret


def link_leads_to_answers(round_: Round, invitation: Invitation) -> bool:
    """Whether a new link would show what somebody wrote to whoever makes it."""
    return round_.settings.mode == "named" and invitation.state != "not_begun"


def safe_cell(text: str) -> str:
    """A cell of a list of links: a spreadsheet would take these first characters for a formula.

    An apostrophe stays as it is, unlike in exports of answers: names begin with it, and letters are made of this list.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) else text


def _numbered_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line each begins on, as an editor counts: a cell in quotes may span lines."""
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    begins = 1
    for row in reader:
        yield begins, row
        begins = reader.line_num + 1


def _delimiter(text: str) -> str:
    first = next((line for line in text.split("\n") if line.strip()), "")
    return max(",;\t", key=first.count)


def _identity(person: Person) -> tuple[str, str]:
    return (person.email or person.name).casefold(), person.role


def _role_called(typed: str, roles: Sequence[Role]) -> str | None:
    """The key of the role called so: by its key, its title or a part of that, in the singular or plural."""
    known: dict[str, str] = {}
    for role in roles:
        names = [role.key, role.title, role.plural, role.plural.removesuffix("s")]
        names += [name for whole in (role.title, role.plural.replace(" and ", " or ")) for name in whole.split(" or ")]
        for name in names:
            known.setdefault(name.casefold(), role.key)
    return known.get(typed) or known.get(typed.replace(" ", "_")) or known.get(typed.removesuffix("s"))


#: Field -> what it is called in a sentence.
_WORDS = {"name": "name", "email": "e-mail address", "role": "role", "agency": "organisation"}


def _person(cells: dict[str, str], roles: Sequence[Role]) -> Person:
    name, email, role, agency = (tidy_name(cells.get(field, ""), words) for field, words in _WORDS.items())
    if not name:
        raise Refused("the name is missing.")
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise Refused(f'"{email}" is not an e-mail address; leave it empty if there is none.')
    key = _role_called(role.casefold(), roles)
    if key is None:
        raise Refused(f'the role "{role}" is not one of {", ".join(each.key for each in roles)}.')
    return Person(name=name, email=email, role=key, agency=agency)

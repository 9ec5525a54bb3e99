"""An invitation or a reminder, and the e-mail made of it."""

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from msgspec import Struct


class Message(Struct, frozen=True, kw_only=True):
    """An invitation or a reminder to one person, ready to go."""

    #: Random, and the same each time that sending is tried.
    id: str
    name: str
    #: May be empty for `pack`; `deliver` only gets those who have one.
    email: str
    #: Role key.
    role: str
    agency: str
    subject: str
    #: Plain text; lines end with a line feed. Holds the link.
    body: str
    #: The person's own link; empty in a reminder that carries none.
    link: str
    #: The board's name.
    board: str


def make_email(message: Message, sender: str = "", date: datetime | None = None) -> EmailMessage:
    """As it goes over the wire, or, without a sender, as a draft for a mail program.

    Raises ValueError for an address that is none.
    """
    email = EmailMessage(policy=SMTP if message.email.isascii() else SMTPUTF8)
    email["To"] = _address(message.name, message.email)
    email["Subject"] = _line(message.subject)
    if sender:
        email["From"] = _address(message.board, sender)
        email["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
        email["Auto-Submitted"] = "auto-generated"  # nobody's out-of-office note comes back
    else:
        email["X-Unsent"] = "1"  # mail programs open it ready to send
    if date is not None:
        email["Date"] = date
    email.set_content(message.body, cte="quoted-printable")
    return email


def _address(name: str, email: str) -> Address:
    if not _ADDRESS.fullmatch(email):
        raise ValueError("not an e-mail address")
    username, _at, domain = email.rpartition("@")
    return Address(_line(name), username, domain)


#: One that needs no quoting; other alphabets too.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*")


def _line(text: str) -> str:
    """Without line breaks, which would begin another header."""
    return " ".join(text.split())

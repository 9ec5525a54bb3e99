"""Invitations and reminders as files, which an administrator sends: no mail server is needed.

`mail-merge` is a spreadsheet with a row for each person; `eml` an archive with an e-mail for each, which mail programs
open ready to send.
"""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from scrqm_forms.domain.message import make_email
from scrqm_forms.hookspecs import Delivery, Message, hookimpl

__version__ = "1"

FIELDS = ("name", "email", "role", "agency", "link", "subject", "message")
#: First characters that spreadsheets act on.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@hookimpl
def register_deliveries(settings: Mapping[str, Any]) -> list[Delivery]:
    return [
        Delivery(
            key="mail-merge",
            label="A CSV file for mail merge",
            pack=write_rows,
            media_type="text/csv; charset=utf-8",
            suffix=".csv",
        ),
        Delivery(
            key="eml",
            label="E-mails to open in a mail program (.eml)",
            pack=write_emails,
            media_type="application/zip",
            suffix=".zip",
        ),
    ]


def write_rows(messages: Sequence[Message], stream: BinaryIO) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for each in messages:
        cells = (each.name, each.email, each.role, each.agency, each.link, each.subject, each.body)
        writer.writerow([_safe(cell) for cell in cells])
    text.detach()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def write_emails(messages: Sequence[Message], stream: BinaryIO) -> None:
    """An e-mail for everybody with an address; the names of the files name nobody."""
    emails = [_email(each) for each in messages]
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, email in enumerate(filter(None, emails), 1):
            archive.writestr(zipfile.ZipInfo(f"{number:03}.eml"), email)
        without = [each for each, email in zip(messages, emails, strict=True) if email is None]
        if without:
            lines = [line for each in without for line in (each.name, each.link or "(no link)", "")]
            archive.writestr(zipfile.ZipInfo("without-an-address.txt"), "\r\n".join(lines))


def _email(message: Message) -> bytes | None:
    """None without an address that e-mail can be sent to."""
    try:
        return make_email(message).as_bytes() if message.email else None
    except ValueError:
        return None

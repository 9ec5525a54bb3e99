"""What the forms for a text that becomes a marker send: the text, what decides how it is read, and what is wrong."""

import hashlib
import re
from collections.abc import Sequence

from flask import request

from scrqm_forms.web.forms import number_in
from scrqm_forms.web.language import _


def text_typed() -> str:
    """The text as typed; browsers send its line ends their own way."""
    return request.form.get("text", "").replace("\r\n", "\n")


def number_typed() -> int | None:
    typed = request.form.get("number", "").strip()
    return number if 0 < (number := number_in(typed)) < 10_000 else None


def is_kept(text: str) -> bool:
    """Whether it is to be kept: only what was shown before can be."""
    return request.form.get("action") == "keep" and request.form.get("seen") == digest_of(text)


def digest_of(text: str) -> str:
    """Of the text and all that decides how it is read: what is kept is what was shown."""
    said = "\0".join([text.strip("\n"), request.form.get("number", ""), request.form.get("set", "")])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def first_of(faults: Sequence[str]) -> str:
    """One at a time, without the name of a file that nobody sees: they often are the same mistake."""
    first = re.sub(r"; expected [^;]+(?=; did you mean)", "", faults[0].partition(": ")[2])
    return (
        first
        if len(faults) == 1
        else _("%(fault)s (and %(number)s more)") % {"fault": first, "number": len(faults) - 1}
    )

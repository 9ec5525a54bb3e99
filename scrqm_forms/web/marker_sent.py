"""What the forms for a text that becomes a marker send: the text, what decides how it is read, and what is wrong."""

import hashlib
import re
from collections.abc import Sequence

from flask import request

from scrqm_forms.domain.published_match import NAME_NUMBER
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
    """One at a time: they often are the same mistake."""
    first = in_plain_words(faults[0])
    if len(faults) == 1:
        return first
    return _("%(fault)s (and %(number)s more)") % {"fault": first, "number": len(faults) - 1}


#: What `name_set` asks for.
_NAME_SET = re.compile(r"name it with --set \w+(?: or --set \w+)*")
#: A brace or a name in braces that stands for nothing: where it stands, and what is told of it.
_BRACE = re.compile(r'(?:question (\d+): )?(?:\w+ \d+: )?(\w+)(?: \d+)?: found "([{}].*?)"(?: alone)?; (.*)')


def in_plain_words(fault: str) -> str:
    """A definition's fault without the name of a file that nobody sees; one of braces for people who know no files."""
    said = fault.partition(": ")[2]
    found = _BRACE.fullmatch(said)
    if found is None:
        return said[:1].upper() + said[1:]
    question, part, name, rest = found.groups()
    place = _("Question %(number)s") % {"number": question} if question else _PARTS.get(part, _("The text"))
    if len(name) == 1:
        return _("%(place)s: write “%(twice)s” for a brace that is to be seen.") % {"place": place, "twice": name * 2}
    guess = re.search(r'did you mean "(.+?)"', rest)
    unknown = _("%(place)s: “%(name)s” is not a name that is filled in.") % {"place": place, "name": name}
    return f"{unknown} {_guessed(guess[1]) if guess else _('Those that are stand below.')}"


def _guessed(name: str) -> str:
    return _("Did you mean “%(name)s”?") % {"name": name}


_PARTS = {
    "statement": _("Statement"),
    "rationale": _("Why this matters"),
    "text": _("Known obstacles"),
    "knowledge": _("What is known"),
    "equality": _("Equality and diversity"),
    "guidance": _("Statutory guidance"),
}


def on_this_page(text: str) -> str:
    """What an import asks for, as a page asks for it."""
    return _NAME_SET.sub(_("choose its set below"), text.replace(NAME_NUMBER, _("write its number below")))

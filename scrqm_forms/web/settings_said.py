"""What a question says of itself apart from its text, before and after a change, as people read it."""

from collections.abc import Iterator

from scrqm_forms.domain.comparing import Change
from scrqm_forms.domain.marker import ROLES
from scrqm_forms.services.context import context
from scrqm_forms.web.language import _

NAMES = {
    "kind": _("How it is answered"),
    "roles": _("Who is asked"),
    "favourable": _("The good answer"),
    "conditional": _("“Not applicable” is offered"),
    "options": _("Answers to choose from"),
    "published": _("Place in the published list"),
    "section": _("The section"),
}
_VALUES = {
    "kind": {"rating": _("yes, partly or no"), "text": _("in their own words"), "choice": _("one of several answers")},
    "favourable": {"yes": _("yes"), "no": _("no"), "none": _("neither yes nor no")},
    "conditional": {"true": _("yes"), "false": _("no")},
    "roles": {"-": _("everyone")},
    "options": {"-": _("none")},
    "published": {"-": _("none")},
    "section": {"not there": _("not there"), "empty": _("there, with nothing under it")},
}


def settings_said(change: Change) -> Iterator[tuple[str, str, str]]:
    """(name, before, after) of each setting that differs."""
    for name, (before, after) in change.settings.items():
        yield NAMES[name], _read(name, before), _read(name, after)


def _read(name: str, value: str) -> str:
    if name != "roles" or value == "-":
        return _VALUES.get(name, {}).get(value, value)
    plurals = {role.key: role.plural for each in context().library().sets.values() for role in each.roles or ROLES}
    return ", ".join(plurals.get(key, key) for key in value.split(", "))

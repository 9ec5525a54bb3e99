"""Where the pages answer: under the address that is set, over HTTPS; over plain HTTP on the machine itself only."""

from flask import Flask, request

from scrqm_forms.domain.address import is_this_machine, name_in, name_of
from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.services.context import context
from scrqm_forms.web.language import _
from scrqm_forms.web.security import is_loopback

#: Asked by programs on the machine itself.
HEALTH = {"health.is_running", "health.is_ready"}


class WrongAddress(ScrqmFormsError):
    """A name that is not this service's: a link made from it could lead anywhere."""


class NotEncrypted(ScrqmFormsError):
    """What is typed could be read on the way."""


def guard_addresses(app: Flask) -> None:
    app.before_request(_check_address)


def _check_address() -> None:
    if request.endpoint in ("static", "asset"):  # the page that says no has its looks from there
        return
    settings = context().instance.settings
    ours, asked = name_of(settings.base_url), name_in(request.host)
    inside = is_this_machine(asked) and (settings.local or is_this_machine(ours) or request.endpoint in HEALTH)
    if ours and asked != ours and not inside:
        sentence = _("This service is at %(address)s. If you were sent another address, please tell whoever sent it.")
        raise WrongAddress(sentence % {"address": settings.base_url})
    if request.endpoint not in HEALTH and not request.is_secure and not is_loopback():
        raise NotEncrypted(
            _(
                "What you type might be read by others on its way, so nothing is shown or taken here. If the address "
                "begins with http://, change that to https:// and try again. If it begins with https:// already, "
                "please tell the person who sent it to you; for them: the setting trusted_proxies puts it right."
            )
        )

"""Links that lead nowhere: counted by address, so that nobody can try many. A good link always works."""

from typing import NoReturn

from flask import abort, request

from scrqm_forms.services.accounts import check_throttle, note_failure
from scrqm_forms.services.context import context
from scrqm_forms.web.clock import now


def turn_away() -> NoReturn:
    """404, or 429 for an address that has tried too many."""
    instance, who = context().instance, request.remote_addr or ""
    check_throttle(instance, "link address", who, now())
    note_failure(instance, "link address", who, now())
    abort(404, description="link")

"""Administrators: who did what for a board."""

from flask import Blueprint, render_template, request

from scrqm_forms.domain.event import WHAT
from scrqm_forms.services.log import read_log
from scrqm_forms.web.language import _
from scrqm_forms.web.places import board_at
from scrqm_forms.web.sign_in import caller

pages = Blueprint("log", __name__)

#: Detail of an event -> how it reads. What is not named here is shown by its own name.
DETAILS = {
    "people": _("people"),
    "mode": _("mode"),
    "closes_on": _("last day of answering"),
    "keep_until": _("kept until"),
    "questionnaire_sha256": _("questionnaire"),
    "responses": _("people’s answers"),
    "entries": _("entries"),
    "invitations": _("invitations"),
    "rounds": _("rounds"),
    "format": _("format"),
    "delivery": _("sent by"),
    "table": _("table"),
    "sha256": _("SHA-256"),
    "bytes": _("bytes"),
    "administrator": _("administrator"),
    "permissions": _("permissions"),
    "improvement": _("improvement"),
    "improvements": _("improvements"),
    "notes": _("markers with notes"),
    "marker": _("marker"),
    "state": _("state"),
}
#: Letters of a digest that are enough to tell it by.
_SHORT = 12


@pages.get("/boards/<board_key>/log")
def show(board_key: str) -> str:
    board = board_at(board_key, "see")
    found = read_log(caller(), board_key, request.args.get("page", 1, type=int))
    rows = [
        (event, _(WHAT.get(event.what, event.what)), [_detail(*each) for each in event.details.items()])
        for event in found.events
    ]
    return render_template("admin/log.html", board=board, found=found, rows=rows)


def _detail(key: str, value: str | int) -> tuple[str, str]:
    """A file's SHA-256 whole, since somebody may hold the file against it."""
    is_long = isinstance(value, str) and len(value) == 64 and key != "sha256"
    return DETAILS.get(key, key), f"{str(value)[:_SHORT]}…" if is_long else str(value)

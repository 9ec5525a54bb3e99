"""What a person sees when something cannot be done: a sentence, never a traceback; and any text they typed."""

import logging
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from scrqm_forms.domain.errors import CannotStore, NotFound, Refused, ScrqmFormsError, place_of
from scrqm_forms.domain.permission import NotAllowed
from scrqm_forms.services.accounts import TooManyFailures
from scrqm_forms.services.administrators import whom_to_ask
from scrqm_forms.services.responding import NotOpenYet
from scrqm_forms.services.reviews import MarkersGone
from scrqm_forms.web.addresses import NotEncrypted, WrongAddress
from scrqm_forms.web.language import _
from scrqm_forms.web.security import LARGEST_REQUEST
from scrqm_forms.web.visit import find_typed

log = logging.getLogger(__name__)

#: Status -> (heading, sentence).
_PAGES = {
    401: (_("You are signed out"), _("Nothing was changed. Sign in again in another tab, then send this again.")),
    404: (_("Page not found"), _("There is nothing at this address. If you followed a link, check that it is whole.")),
    405: (_("That cannot be done here"), _("Go back, and try from the page before.")),
    413: (
        _("That is too much at once"),
        _("More was sent than fits, so nothing was saved. Press Back: your text is still there. Then shorten it."),
    ),
    429: (_("Too many tries"), _("Please wait a quarter of an hour and try again.")),
    500: (_("Something went wrong"), _("It is our fault, not yours. Please try again in a moment.")),
}
_LINK = (
    _("This link does not work"),
    _("Check that the whole link was copied. If it still does not work, ask the person who sent it for a new one."),
)


def add_error_pages(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _token_error)
    app.register_error_handler(NotFound, lambda error: _page(404))
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(NotOpenYet, lambda error: _page(403, _("Not open yet"), str(error)))
    app.register_error_handler(MarkersGone, _choose_markers_again)
    app.register_error_handler(Refused, lambda error: _page(409, _("That cannot be done now"), str(error)))
    app.register_error_handler(TooManyFailures, lambda error: _page(429))
    app.register_error_handler(WrongAddress, lambda error: _page(400, _("This is not the right address"), str(error)))
    app.register_error_handler(NotEncrypted, lambda error: _page(403, _("This connection may not be safe"), str(error)))
    app.register_error_handler(CannotStore, lambda error: _page(503, _("Not saved"), str(error)))
    app.register_error_handler(ScrqmFormsError, lambda error: _page(400, _("There is a problem"), str(error)))
    app.register_error_handler(Exception, _unexpected)


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    if error.response is not None or (error.code or 500) < 400:
        return error
    if error.code == 404 and error.description == "link":
        return _page(404, *_LINK)
    if error.code == 401:
        if find_typed()["texts"]:
            return _page(401)
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("security.login", next=wanted))
    return _page(error.code or 500)


def _token_error(error: CSRFError) -> tuple[Any, int]:
    """The token of a form is missing or belongs to another visit. Nothing typed is lost."""
    from scrqm_forms.web import entries

    reason = _(
        "This page had been open for long, so nothing was saved yet. What you typed is still here: press Save again."
    )
    if request.endpoint == "entries.autosave":
        return entries.refuse_autosave()
    if request.endpoint == "entries.save":
        return entries.give_back(reason)
    return _page(400, _("Please try again"), _("This page had been open for long. Go back, reload it, and try again."))


def _choose_markers_again(error: MarkersGone) -> tuple[str, int] | Response:
    """A marker chosen for a draft is not there any more: on to the page where others are chosen."""
    places = request.view_args or {}
    if request.method != "GET" or request.endpoint == "asking.markers" or "round_key" not in places:
        return _page(409, _("That cannot be done now"), str(error))
    flash(_("A marker that was chosen is no longer there. Look over the markers, then press Save."), "warning")
    return redirect(url_for("asking.markers", **places))


def _not_allowed(error: NotAllowed) -> tuple[str, int]:
    """An administrator who lacks a permission: which, whom to ask for it, and any long text they had typed."""
    typed = [text for _name, text in find_typed()["texts"]]
    page = render_template(
        "admin/not_allowed.html",
        board=error.board,
        permission=error.permission,
        ask=whom_to_ask(error.board, error.permission.key) if error.board else [],
        typed=typed,
    )
    return page, 403


def _unexpected(error: Exception) -> tuple[str, int]:
    log.error("%s: %s", request.endpoint, place_of(error))
    return _page(500)


def _page(status: int, heading: str = "", message: str = "") -> tuple[str, int]:
    usual = _PAGES.get(status, (_("That did not work"), _("Go back, and try again.")))
    found = find_typed() if request.method == "POST" and (request.content_length or 0) <= LARGEST_REQUEST else {}
    return render_template("error.html", heading=heading or usual[0], message=message or usual[1], **found), status

"""Administrators: who looks after a board, and what each of them may do."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from msgspec import Struct
from werkzeug.wrappers import Response
from wtforms import EmailField, Form, SelectMultipleField

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.permission import (
    Account,
    InvitedAdministrator,
    Permissions,
    in_order,
)
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.review import Board
from scrqm_forms.services import administrators
from scrqm_forms.services.context import context
from scrqm_forms.storage.boards import permissions_of
from scrqm_forms.storage.sign_in_links import get_invited, list_invited
from scrqm_forms.web.clock import now
from scrqm_forms.web.language import _
from scrqm_forms.web.places import board_at, placed
from scrqm_forms.web.sign_in import caller

pages = Blueprint("administrators", __name__, url_prefix="/boards/<board_key>/administrators")

Answer = Response | str | tuple[str, int]
_FIELDS = {"E-mail address": "email", "Permissions": "permissions"}


class InviteForm(Form):  # type: ignore[misc]
    email = EmailField()
    permissions = SelectMultipleField(validate_choice=False)


class Invited(Struct, frozen=True, kw_only=True):
    """An invitation as the list shows it."""

    link_hash: str
    email: str
    permissions: Permissions
    expires_at: datetime
    expired: bool


@pages.get("")
def list_administrators(board_key: str) -> str:
    return _list_page(board_at(board_key, "service"), InviteForm(), [])


@pages.post("")
def invite(board_key: str) -> Answer:
    board = board_at(board_key, "service")
    form = InviteForm(request.form)
    email = form.email.data or ""
    try:
        secret = administrators.invite_administrator(caller(), board, email, form.permissions.data or [], now())
    except Refused as error:
        return _list_page(board, form, [placed(error, _FIELDS, "email")]), 422
    return _link_page(board, secret, email.strip().lower(), invited=True)


@pages.get("/invited/<link_hash>")
def invitation(board_key: str, link_hash: str) -> str:
    """The address holds what a link is found by, which opens nothing itself."""
    return _invitation_page(board_at(board_key, "service"), link_hash, [])


@pages.post("/invited/<link_hash>")
def change_invitation(board_key: str, link_hash: str) -> Answer:
    """A new link in the place of one that was lost or ran out; or none any more."""
    board = board_at(board_key, "service")
    try:
        if request.form.get("action") == "again":
            email, secret = administrators.invite_again(caller(), board, link_hash, now())
            return _link_page(board, secret, email, invited=True)
        administrators.withdraw_invitation(caller(), board, link_hash, now())
    except Refused as error:
        return _invitation_page(board, link_hash, [("", str(error))]), 422
    flash(_("The invitation is taken back. Its link no longer works."), "success")
    return redirect(url_for("administrators.list_administrators", board_key=board.key), 303)


@pages.get("/<int:administrator_id>")
def administrator(board_key: str, administrator_id: int) -> str:
    board = board_at(board_key, "service")
    account = administrators.get_administrator(board, administrator_id)
    return _administrator_page(board, account, account.on(board.key), [])


@pages.post("/<int:administrator_id>")
def change_administrator(board_key: str, administrator_id: int) -> Answer:
    board = board_at(board_key, "service")
    account = administrators.get_administrator(board, administrator_id)
    try:
        return _ACTIONS.get(request.form.get("action", ""), _save)(board, account)
    except Refused as error:
        chosen = request.form.getlist("permissions") if request.form.get("action") == "save" else account.on(board.key)
        return _administrator_page(board, account, chosen, [placed(error, _FIELDS_OF_ONE, "")]), 422


#: The field is on the page unless somebody looks after every board.
_FIELDS_OF_ONE = {"Permissions": "permissions"}


def _save(board: Board, account: Account) -> Response:
    chosen = request.form.getlist("permissions")
    administrators.change_permissions(caller(), board, account.id, chosen, now())
    return _done(board, _("Saved. It holds from now on."))


def _make_link(board: Board, account: Account) -> str:
    secret = administrators.make_link_for(caller(), board, account.id, now())
    return _link_page(board, secret, account.email, invited=False)


def _take_off(board: Board, account: Account) -> Response:
    administrators.take_off_board(caller(), board, account.id, now())
    return _done(board, _("%(name)s no longer looks after this board.") % {"name": account.name})


def _disable(board: Board, account: Account) -> Response:
    administrators.disable_account(caller(), account.id, now())
    return _done(board, _("The account is disabled. %(name)s is signed out everywhere.") % {"name": account.name})


def _enable(board: Board, account: Account) -> Response:
    administrators.enable_account(caller(), account.id, now())
    return _done(board, _("The account is enabled. Its password is the one of before."))


_ACTIONS: dict[str, Callable[[Board, Account], Response | str]] = {
    "save": _save,
    "link": _make_link,
    "take_off": _take_off,
    "disable": _disable,
    "enable": _enable,
}


def _done(board: Board, message: str) -> Response:
    """Back to the list; to the reviews, for those who have just given away the permission that the list needs."""
    flash(message, "success")
    still = "service" in permissions_of(caller(), board)
    page = "administrators.list_administrators" if still else "boards.first_page"
    return redirect(url_for(page, board_key=board.key) if still else url_for(page), 303)


def _list_page(board: Board, form: InviteForm, errors: Sequence[tuple[str, str]]) -> str:
    return render_template(
        "admin/administrators.html",
        board=board,
        form=form,
        errors=list(errors),
        accounts=administrators.list_administrators(board),
        invited=[_invited(each) for each in list_invited(board)],
        choices=_choices(permissions_of(caller(), board)),
        own_id=caller().administrator_id,
    )


def _invitation_page(board: Board, link_hash: str, errors: list[tuple[str, str]]) -> str:
    found = get_invited(board, link_hash)
    return render_template("admin/invited.html", board=board, invited=_invited(found), errors=errors)


def _invited(each: InvitedAdministrator) -> Invited:
    return Invited(
        link_hash=each.link_hash,
        email=each.email,
        permissions=each.permissions,
        expires_at=datetime.fromtimestamp(each.expires_at, UTC),
        expired=each.expires_at < now().timestamp(),
    )


def _administrator_page(
    board: Board, account: Account, chosen: Sequence[str] | Permissions, errors: Sequence[tuple[str, str]]
) -> str:
    own = permissions_of(caller(), board)
    return render_template(
        "admin/administrator.html",
        board=board,
        account=account,
        errors=list(errors),
        chosen=chosen,
        choices=_choices(own | account.on(board.key)),
        can_link=administrators.can_make_link_for(caller(), account),
        is_self=account.id == caller().administrator_id,
        every_board=caller().every_board,
    )


def _choices(permissions: Permissions) -> list[Choice]:
    """What may be ticked, with what it means."""
    label = Markup("<strong>{}.</strong> {}")
    return [Choice(code=each.key, label=label.format(each.title, each.may)) for each in in_order(permissions)]


def _link_page(board: Board, secret: str, email: str, *, invited: bool) -> str:
    base = context().instance.settings.base_url.rstrip("/")
    path = url_for("sign_in.welcome", secret=secret)
    address = f"{base}{path}" if base else url_for("sign_in.welcome", secret=secret, _external=True)
    return render_template("admin/administrator_link.html", board=board, address=address, email=email, invited=invited)

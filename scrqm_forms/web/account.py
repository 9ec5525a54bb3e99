"""An administrator's own account: name, password, and what they may do where."""

from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security import current_user, hash_password, login_user
from werkzeug.wrappers import Response
from wtforms import Form, PasswordField, StringField

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.permission import in_order
from scrqm_forms.services.accounts import SHORTEST_PASSWORD, change_name, change_password
from scrqm_forms.storage import boards
from scrqm_forms.storage.database import db
from scrqm_forms.web.language import _
from scrqm_forms.web.places import placed
from scrqm_forms.web.sign_in import Administrator, caller, knows_password

pages = Blueprint("account", __name__, url_prefix="/account")


class NameForm(Form):  # type: ignore[misc]
    name = StringField()


class PasswordForm(Form):  # type: ignore[misc]
    present = PasswordField()
    password = PasswordField()


@pages.get("")
def show() -> str:
    return _page([])


@pages.post("/name")
def save_name() -> Response | tuple[str, int]:
    own_id = _own_id()
    form = NameForm(request.form)
    try:
        change_name(own_id, form.name.data or "")
    except Refused as error:
        return _page([("name", str(error))], form), 422
    flash(_("Your name is saved."), "success")
    return redirect(url_for("account.show"), 303)


@pages.post("/password")
def save_password() -> Response | tuple[str, int]:
    """Whoever finds a browser signed in must not be able to keep the account: the present password is asked for."""
    own_id = _own_id()
    form = PasswordForm(request.form)
    try:
        if not knows_password(db.session.get_one(Administrator, own_id), form.present.data or ""):
            raise Refused(_("Present password: this is not your present password. Try again."))
        change_password(own_id, form.password.data or "", hash_password)
    except Refused as error:
        return _page([placed(error, {"Present password": "present"}, "password")]), 422
    login_user(db.session.get_one(Administrator, own_id))
    flash(_("Your password is changed. On all other devices you are signed out."), "success")
    return redirect(url_for("account.show"), 303)


def _own_id() -> int:
    return cast(int, caller().administrator_id)


def _page(errors: list[tuple[str, str]], form: NameForm | None = None) -> str:
    who = caller()
    return render_template(
        "account/account.html",
        errors=errors,
        form=form or NameForm(data={"name": current_user.name}),
        email=current_user.email,
        every_board=who.every_board,
        places=[(board, in_order(boards.permissions_of(who, board))) for board in boards.list_boards(who)],
        shortest=SHORTEST_PASSWORD,
    )

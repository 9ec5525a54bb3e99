"""Administrators' sign-in by Flask-Security-Too, throttled; and the one-time links that make or restore an account."""

from typing import Any

from flask import Blueprint, Flask, abort, redirect, render_template, request, url_for
from flask_login import user_logged_out  # type: ignore[import-untyped]
from flask_security import (
    LoginForm,
    RoleMixin,
    Security,
    SQLAlchemyUserDatastore,
    UserMixin,
    current_user,
    hash_password,
    login_user,
    verify_password,
)
from werkzeug.wrappers import Response
from wtforms import EmailField, Form, PasswordField, StringField

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.permission import in_order
from scrqm_forms.domain.review import Caller
from scrqm_forms.services.accounts import (
    SHORTEST_PASSWORD,
    check_throttle,
    end_sessions,
    find_sign_in_link,
    forget_failures,
    join_board,
    note_failure,
    use_sign_in_link,
)
from scrqm_forms.services.context import context
from scrqm_forms.storage.accounts import caller_of
from scrqm_forms.storage.boards import list_boards_showing_markers
from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import AdministratorRow
from scrqm_forms.storage.sign_in_links import SignInLink
from scrqm_forms.web.clock import now
from scrqm_forms.web.guessing import turn_away
from scrqm_forms.web.language import _

pages = Blueprint("sign_in", __name__)


class Administrator(AdministratorRow, UserMixin):  # type: ignore[misc]
    """An administrator's row with what the sign-in library adds."""

    def get_auth_token(self) -> str:
        """None are given out."""
        return ""


class NoRole(RoleMixin):
    """The library wants a class of roles; what administrators may do is settled per board."""


class SignInForm(LoginForm):
    """Turns away guessing, by account and by address, before the password is looked at (raises TooManyFailures)."""

    remember = None

    def validate(self, **values: Any) -> bool:
        instance = context().instance
        who = {"sign-in account": (self.email.data or "").strip().lower(), "sign-in address": request.remote_addr or ""}
        for scope, value in who.items():
            check_throttle(instance, scope, value, now())
        if super().validate(**values):
            forget_failures(instance, "sign-in account", who["sign-in account"])
            return True
        for scope, value in who.items():
            note_failure(instance, scope, value, now())
        return False


def add_sign_in(app: Flask) -> None:
    app.config |= {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SALT": app.extensions["scrqm_forms"].instance.key("passwords").hex(),
        "SECURITY_PASSWORD_NORMALIZE_FORM": None,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_LOGIN_USER_TEMPLATE": "account/sign_in.html",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_REGISTERABLE": False,
        "SECURITY_RECOVERABLE": False,
        "SECURITY_CHANGEABLE": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
        "SECURITY_JOIN_USER_ROLES": False,
    }
    datastore = SQLAlchemyUserDatastore(db, Administrator, NoRole)
    security = Security(app, datastore, login_form=SignInForm)
    security.login_context_processor(lambda: {"shows_markers": bool(list_boards_showing_markers())})
    # Sessions are the only way in: the library's tokens could stand in addresses and never end.
    app.login_manager.request_loader(lambda request: None)  # type: ignore[attr-defined]
    app.before_request(_hide_unwanted)
    user_logged_out.connect(_end_sessions, app)
    app.register_blueprint(pages)


def _hide_unwanted() -> None:
    """Pages that the library adds and nothing here leads to."""
    if request.endpoint in ("security.verify", "security.static"):
        abort(404)


def _end_sessions(app: Flask, user: Any) -> None:
    """Signing out ends every session of the person, also one whose cookie was copied."""
    if user is not None and user.is_authenticated:
        end_sessions(user.id)


def knows_password(administrator: Administrator, password: str) -> bool:
    """Whether this is the account's password; guessing is turned away as at the sign-in (raises TooManyFailures)."""
    instance = context().instance
    who = {"sign-in account": administrator.email, "sign-in address": request.remote_addr or ""}
    for scope, value in who.items():
        check_throttle(instance, scope, value, now())
    if verify_password(password, administrator.password):
        return True
    for scope, value in who.items():
        note_failure(instance, scope, value, now())
    return False


def caller() -> Caller:
    """The signed-in administrator; nobody else gets further."""
    if not current_user.is_authenticated:
        abort(401)
    return caller_of(current_user)


def actor() -> Actor:
    """The signed-in administrator, now: for what is noted in the log."""
    return Actor(caller=caller(), now=now())


class WelcomeForm(Form):  # type: ignore[misc]
    name = StringField()
    email = EmailField()
    password = PasswordField()


@pages.get("/welcome/<secret>")
def welcome(secret: str) -> str:
    return _welcome_page(secret, WelcomeForm(), [])


@pages.post("/welcome/<secret>")
def accept(secret: str) -> Response | tuple[str, int]:
    link = find_sign_in_link(secret, now()) or turn_away()
    form = WelcomeForm(request.form)
    try:
        administrator_id = _join(link, form) if link.joins else _set_up(link, form)
    except Refused as error:
        field, _colon, _sentence = str(error).partition(":")
        fields = {"Name": "name", "E-mail address": "email", "Password": "password"}
        known = "password" if link.email else "email"
        return _welcome_page(secret, form, [(fields.get(field, known), str(error))]), 422
    login_user(db.session.get_one(Administrator, administrator_id))
    return redirect(url_for("boards.first_page"), 303)


def _set_up(link: SignInLink, form: WelcomeForm) -> int:
    return use_sign_in_link(
        link,
        name=form.name.data or "",
        email=form.email.data or "",
        password=form.password.data or "",
        hash_password=hash_password,
    ).id


def _join(link: SignInLink, form: WelcomeForm) -> int:
    """The link alone does not open an account there is already: whoever made it could open it too."""
    if not knows_password(db.session.get_one(Administrator, link.joins), form.password.data or ""):
        raise Refused(_("Password: this is not the password of your account. Try again."))
    return join_board(link)


def _welcome_page(secret: str, form: WelcomeForm, errors: list[tuple[str, str]]) -> str:
    link = find_sign_in_link(secret, now()) or turn_away()
    return render_template(
        "account/welcome.html",
        secret=secret,
        link=link,
        board=link.board,
        may_do=in_order(link.permissions),
        form=form,
        errors=errors,
        shortest=SHORTEST_PASSWORD,
    )

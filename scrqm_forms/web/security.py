"""Headers on every answer, cookies, tokens and sizes."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect

from scrqm_forms.domain.address import is_this_machine, name_in

csrf = CSRFProtect()

#: Bytes of one request: a page of answers may come with 16 MB urlencoded.
LARGEST_REQUEST = 17 * 1024 * 1024

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A link's secret stands in the address of its start page: it must not travel, not even into our proxy's log.
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
#: Endpoints whose answers a browser may keep: the same for everybody, with nothing of a person.
KEPT = {"static", "asset", "look.sheet", "look.logo"}


class _Cookies(SecureCookieSessionInterface):
    """Cookies travel over plain HTTP on this machine only."""

    def get_cookie_secure(self, app: Flask) -> bool:
        https = app.extensions["scrqm_forms"].instance.settings.base_url.startswith("https://")
        return https or request.is_secure or not is_loopback()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """What may be kept is the same whatever cookie was sent, and sets none."""
        if request.endpoint not in KEPT:
            super().save_session(app, session, response)


def is_loopback() -> bool:
    """Whether the browser reached the program under a name of this machine."""
    return is_this_machine(name_in(request.host))


def protect(app: Flask) -> None:
    instance = app.extensions["scrqm_forms"].instance
    app.config |= {
        "SECRET_KEY": instance.key("cookies"),
        "SESSION_COOKIE_NAME": "scrqm_forms",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        # The token is enough: browsers and proxies that leave the Referer out could otherwise never save.
        "WTF_CSRF_SSL_STRICT": False,
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "MAX_FORM_MEMORY_SIZE": LARGEST_REQUEST,
    }
    app.session_interface = _Cookies()
    csrf.init_app(app)
    app.after_request(_add_headers)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in KEPT or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response

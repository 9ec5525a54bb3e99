"""For whatever watches the program: plain text, no session, nothing of any board."""

from flask import Blueprint, Response

from scrqm_forms.services.doctor import is_database_ready

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def is_running() -> Response:
    """The process answers; the database is not asked."""
    return _plain("ok", 200)


@pages.get("/readyz")
def is_ready() -> Response:
    """The database answers, and its schema is this program's."""
    return _plain("ready", 200) if is_database_ready() else _plain("the database does not answer", 503)


def _plain(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, mimetype="text/plain")

"""A file sent as it is made, while all other requests go first."""

from collections.abc import Callable

from flask import Flask, Response, current_app, g

from scrqm_forms.services.context import context
from scrqm_forms.services.export import Exporting
from scrqm_forms.services.streaming import ExportStream
from scrqm_forms.web.sign_in import actor


def let_requests_go_first(app: Flask) -> None:
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    g.goes_first = True
    context().precedence.begin()


def _end(_error: BaseException | None = None) -> None:
    if g.pop("goes_first", False):
        context().precedence.end()


def send_export(make: Callable[[], Exporting]) -> Response:
    """The server closes the stream when the file is through, or whoever wanted it has gone."""
    _end()  # or the export would wait for the very request that wants it
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    stream = ExportStream(app, make, by=actor())
    response = Response(stream)
    response.headers["Content-Type"] = stream.exporting.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{stream.exporting.name}"'
    return response

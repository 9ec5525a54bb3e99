"""A file sent as it is made."""

from flask import Response, current_app

from scrqm_forms.services.export import Exporting
from scrqm_forms.services.streaming import ExportStream
from scrqm_forms.web.sign_in import actor


def send_export(exporting: Exporting) -> Response:
    """The server closes the stream when the file is through, or whoever wanted it has gone."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    response = Response(ExportStream(app, exporting, by=actor()))
    response.headers["Content-Type"] = exporting.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{exporting.name}"'
    return response

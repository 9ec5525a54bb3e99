"""A board's colour and logo. Participants are not signed in, so neither is anybody here.

What an address gives never changes: with another colour or logo there is another address, and the old one is gone.
"""

from flask import Blueprint, Response, abort

from scrqm_forms.storage import boards

pages = Blueprint("look", __name__)

#: A year: no answer under the same address would be another.
KEEP = "public, max-age=31536000, immutable"


@pages.get("/boards/<board_key>/look-<code>.css")
def sheet(board_key: str, code: str) -> Response:
    """`code`: the six digits of the board's present colour."""
    accent = boards.accent_of(board_key)
    if accent != f"#{code}":
        abort(404)
    return _kept(f":root {{ --accent: {accent}; }}\n", "text/css; charset=utf-8")


@pages.get("/boards/<board_key>/logo-<sha256>")
def logo(board_key: str, sha256: str) -> Response:
    found = boards.find_logo(board_key, sha256)
    if found is None:
        abort(404)
    return _kept(found.data, found.media_type)


def _kept(content: str | bytes, media_type: str) -> Response:
    return Response(content, headers={"Content-Type": media_type, "Cache-Control": KEEP})

"""Administrators: the markers that a board keeps for itself, and the versions of each."""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from scrqm_forms.domain.board_marker import CHANGES, BoardMarker
from scrqm_forms.domain.errors import NewerVersion
from scrqm_forms.domain.marker import Marker
from scrqm_forms.domain.marker_words import marker_in_words
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.services import board_markers as own
from scrqm_forms.services.context import context
from scrqm_forms.storage import board_markers
from scrqm_forms.web.comparing import name_of, told_of
from scrqm_forms.web.forms import number_in
from scrqm_forms.web.language import _
from scrqm_forms.web.marker_both import told_who
from scrqm_forms.web.marker_shown import change_of
from scrqm_forms.web.places import board_at
from scrqm_forms.web.sign_in import actor

#: Title of a set, its markers in order of number.
BySet = tuple[str, list[tuple[Marker, BoardMarker | None]]]

pages = Blueprint("board_markers", __name__, url_prefix="/boards/<board_key>/markers")


@pages.get("")
def show(board_key: str) -> str:
    board = board_at(board_key, "manage")
    markers = own.own_markers(context(), board)
    return render_template(
        "admin/board_markers.html",
        board=board,
        kept=_by_set([(each.set.key, each.marker, version) for each, version in markers if version]),
        others=_by_set([(each.set.key, each.marker, None) for each, version in markers if version is None]),
        retired=_by_set([(each.set_key, marker, each) for marker, each in own.retired_markers(context(), board)]),
    )


def _by_set(found: Sequence[tuple[str, Marker, BoardMarker | None]]) -> list[BySet]:
    """`found`: key of a set, a marker of it, its version."""
    parts = [
        (each.title, [(marker, version) for own_key, marker, version in found if own_key == key])
        for key, each in context().library().sets.items()
    ]
    return [(title, sorted(markers, key=lambda pair: pair[0].number)) for title, markers in parts if markers]


@pages.get("/<marker_id>")
def show_marker(board_key: str, marker_id: str) -> str:
    return _page(board_at(board_key, "manage"), marker_id)


def _page(board: Board, marker_id: str, seen: int | None = None) -> str:
    """`seen`: the version that somebody saw as the last, where there are others since: these are told and opened."""
    versions = board_markers.list_versions(board, marker_id)
    markers = [own.marker_of(context(), each) for each in versions]
    came = own.wording_at(context(), board, marker_id, 0)
    pairs = zip(versions, markers, [*markers[1:], came], strict=True)
    return render_template(
        "admin/board_marker.html",
        board=board,
        marker=marker_in_words(markers[0], VOCABULARIES[board.vocabulary]),
        latest=versions[0],
        errors=[] if seen is None else [(f"version-{versions[0].version}", _told_late(board, markers[0]))],
        seen=versions[0].version if seen is None else seen,
        came=came,
        versions=[(each, change_of(before, marker, board)) for each, marker, before in pairs],
        changes=CHANGES,
        name_of=name_of,
        told_of=told_of,
    )


def _told_late(board: Board, marker: Marker) -> str:
    nothing = _("Nothing was changed: see below what is new.")
    return f"{told_who(board, marker)} {nothing}"


@pages.post("/<marker_id>")
def act(board_key: str, marker_id: str) -> AnyResponse | tuple[str, int]:
    board = board_at(board_key, "manage")
    seen = number_in(request.form.get("seen", ""))
    try:
        _act(board, marker_id, seen)
    except NewerVersion:
        return _page(board, marker_id, seen), 409
    return redirect(url_for("board_markers.show_marker", board_key=board.key, marker_id=marker_id), 303)


def _act(board: Board, marker_id: str, seen: int) -> None:
    """Raises NewerVersion."""
    if request.form.get("action") == "retire":
        own.retire_marker(board, marker_id, seen, by=actor())
        flash(_("Retired. Rounds that are open keep its wording."), "success")
    elif request.form.get("action") == "restore":
        version = number_in(request.form.get("version", ""))
        own.restore_version(context(), board, marker_id, version, seen, by=actor())
        flash(_("Brought back, as a new version."), "success")


@pages.get("/<marker_id>/toml")
def download(board_key: str, marker_id: str) -> Response:
    board = board_at(board_key, "manage")
    version = request.args.get("version", 0, int) or board_markers.last_version(board, marker_id)
    found = own.find_version(board, marker_id, version)
    response = make_response(found.document)
    response.headers["Content-Type"] = "application/toml; charset=utf-8"
    response.headers["Content-Disposition"] = f"attachment; filename={marker_id}-{found.version}.toml"
    return response

"""Administrators: the markers that a board keeps for itself. What was read is shown first, and kept only then."""

import hashlib
import re
from collections.abc import Sequence

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from scrqm_forms.documents.reading import SUFFIXES, read_document_text
from scrqm_forms.domain.board_marker import CHANGES
from scrqm_forms.domain.errors import DefinitionError, ScrqmFormsError
from scrqm_forms.domain.marker import LibraryMarker
from scrqm_forms.domain.marker_text import marker_as_text, text_as_marker
from scrqm_forms.domain.marker_words import marker_in_words
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.services import board_markers as own
from scrqm_forms.services.context import context
from scrqm_forms.storage import board_markers
from scrqm_forms.web.comparing import name_of, told_of
from scrqm_forms.web.forms import number_in
from scrqm_forms.web.language import _
from scrqm_forms.web.marker_shown import Shown, change_of, marker_at, show_kept
from scrqm_forms.web.places import board_at
from scrqm_forms.web.sign_in import actor

pages = Blueprint("board_markers", __name__, url_prefix="/boards/<board_key>/markers")


@pages.get("")
def show(board_key: str) -> str:
    board = board_at(board_key, "manage")
    markers = own.own_markers(context(), board)
    return render_template(
        "admin/board_markers.html",
        board=board,
        kept=[each for each in markers if each[1]],
        others=[each for each, version in markers if version is None],
        retired=own.retired_markers(context(), board),
    )


@pages.get("/import")
def begin_import(board_key: str) -> str:
    return _import_page(board_at(board_key, "manage"), "")


@pages.post("/import")
def read_import(board_key: str) -> str | AnyResponse | tuple[str, int]:
    board = board_at(board_key, "manage")
    text = _typed()
    try:
        upload = request.files.get("file")
        if upload is not None and upload.filename:
            text = read_document_text(upload.read())
        number, set_key = _number(), request.form.get("set") or None
        read = own.read_for_board(context(), board, text, number, set_key)
    except DefinitionError as error:
        return _import_page(board, text, errors=[("text", _first_of(error.faults))]), 422
    except ScrqmFormsError as error:
        return _import_page(board, text, errors=[("text", str(error))]), 422
    if request.form.get("action") == "keep" and request.form.get("seen") == _digest(text):
        own.keep_imported(board, read.markers, by=actor())
        flash(_("%(number)s kept for this board.") % {"number": len(read.markers)}, "success")
        return redirect(url_for("board_markers.show", board_key=board.key), 303)
    return _import_page(board, text, read)


@pages.get("/<marker_id>")
def show_marker(board_key: str, marker_id: str) -> str:
    board = board_at(board_key, "manage")
    versions = board_markers.list_versions(board, marker_id)
    markers = [own.marker_of(context(), each) for each in versions]
    pairs = zip(versions, markers, [*markers[1:], None], strict=True)
    return render_template(
        "admin/board_marker.html",
        board=board,
        marker=marker_in_words(markers[0], VOCABULARIES[board.vocabulary]),
        latest=versions[0],
        versions=[(each, change_of(before, marker, board)) for each, marker, before in pairs],
        changes=CHANGES,
        name_of=name_of,
        told_of=told_of,
    )


@pages.post("/<marker_id>")
def act(board_key: str, marker_id: str) -> AnyResponse:
    board = board_at(board_key, "manage")
    if request.form.get("action") == "retire":
        own.retire_marker(board, marker_id, by=actor())
        flash(_("Retired. Rounds that are open keep its wording."), "success")
    elif request.form.get("action") == "restore":
        own.restore_version(context(), board, marker_id, number_in(request.form.get("version", "")), by=actor())
        flash(_("Brought back, as a new version."), "success")
    return redirect(url_for("board_markers.show_marker", board_key=board.key, marker_id=marker_id), 303)


@pages.get("/<marker_id>/toml")
def download(board_key: str, marker_id: str) -> Response:
    board = board_at(board_key, "manage")
    version = request.args.get("version", 0, int) or board_markers.last_version(board, marker_id)
    found = own.find_version(board, marker_id, version)
    response = make_response(found.document)
    response.headers["Content-Type"] = "application/toml; charset=utf-8"
    response.headers["Content-Disposition"] = f"attachment; filename={marker_id}-{found.version}.toml"
    return response


@pages.get("/<marker_id>/change")
def begin_change(board_key: str, marker_id: str) -> str:
    board = board_at(board_key, "manage")
    now = marker_at(board, marker_id)
    return _change_page(board, now, marker_as_text(now.marker), board_markers.last_version(board, marker_id))


@pages.post("/<marker_id>/change")
def save_change(board_key: str, marker_id: str) -> str | AnyResponse | tuple[str, int]:
    board = board_at(board_key, "manage")
    now, text = marker_at(board, marker_id), _typed()
    version = number_in(request.form.get("version", ""))
    try:
        changed, warnings = text_as_marker(text, now.marker)
        own.check_marker(changed, now.set)
        if request.form.get("action") == "keep" and request.form.get("seen") == _digest(text):
            own.change_marker(board, changed, now.set, version, by=actor())
            flash(_("Kept for this board. Rounds that are open keep the wording they have."), "success")
            return redirect(url_for("board_markers.show_marker", board_key=board.key, marker_id=marker_id), 303)
    except DefinitionError as error:
        return _change_page(board, now, text, version, errors=[("text", _first_of(error.faults))]), 422
    except ScrqmFormsError as error:
        return _change_page(board, now, text, version, errors=[("text", str(error))]), 422
    kept = own.ToKeep(marker=changed, set=now.set, warnings=warnings)
    return _change_page(board, now, text, version, shown=show_kept(board, kept, now.marker))


def _import_page(
    board: Board, text: str, read: own.Reading | None = None, errors: Sequence[tuple[str, str]] = ()
) -> str:
    now = {each.marker.id: each.marker for each, _version in own.own_markers(context(), board)}
    shown = [show_kept(board, each, now.get(each.marker.id)) for each in (read.markers if read else ())]
    sets = [Choice(code=key, label=each.title) for key, each in context().library().sets.items()]
    return render_template(
        "admin/marker_import.html",
        board=board,
        text=text,
        shown=shown,
        read=read,
        errors=errors,
        seen=_digest(text),
        sets=[Choice(code="", label=_("As the document shows")), *sets],
        accept=",".join([*SUFFIXES, ".toml"]),
        name_of=name_of,
        told_of=told_of,
    )


def _change_page(
    board: Board,
    now: LibraryMarker,
    text: str,
    version: int,
    shown: Shown | None = None,
    errors: Sequence[tuple[str, str]] = (),
) -> str:
    return render_template(
        "admin/marker_change.html",
        board=board,
        now=now,
        text=text,
        version=version,
        shown=shown,
        errors=errors,
        seen=_digest(text),
        name_of=name_of,
        told_of=told_of,
    )


def _first_of(faults: Sequence[str]) -> str:
    """One at a time, without the name of a file that nobody sees: they often are the same mistake."""
    first = re.sub(r"; expected [^;]+(?=; did you mean)", "", faults[0].partition(": ")[2])
    return (
        first
        if len(faults) == 1
        else _("%(fault)s (and %(number)s more)") % {"fault": first, "number": len(faults) - 1}
    )


def _typed() -> str:
    """The text as typed; browsers send its line ends their own way."""
    return request.form.get("text", "").replace("\r\n", "\n")


def _number() -> int | None:
    typed = request.form.get("number", "").strip()
    return number if 0 < (number := number_in(typed)) < 10_000 else None


def _digest(text: str) -> str:
    """Of the text and all that decides how it is read: what is kept is what was shown."""
    said = "\0".join([text.strip("\n"), request.form.get("number", ""), request.form.get("set", "")])
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

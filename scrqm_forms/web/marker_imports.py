"""Administrators: markers imported from a document. What was read is shown first, and kept only then."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response

from scrqm_forms.documents.reading import SUFFIXES, read_document_text
from scrqm_forms.domain.errors import DefinitionError, InvalidAnswers, NewerVersion, Refused, ScrqmFormsError
from scrqm_forms.domain.marker_joining import AS_FILE, Changes, wording_of
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.review import Board
from scrqm_forms.services import board_markers as own
from scrqm_forms.services.context import context
from scrqm_forms.storage import board_markers
from scrqm_forms.web.comparing import name_of, told_of
from scrqm_forms.web.forms import number_in
from scrqm_forms.web.language import _
from scrqm_forms.web.marker_both import carried, lay_out, told_of_keeping, unpicked
from scrqm_forms.web.marker_sent import digest_of, first_of, is_kept, number_typed, on_this_page, text_typed
from scrqm_forms.web.marker_shown import show_kept
from scrqm_forms.web.places import board_at
from scrqm_forms.web.sign_in import actor
from scrqm_forms.web.two_texts import TwoTexts, picks_typed

pages = Blueprint("marker_imports", __name__, url_prefix="/boards/<board_key>/markers/import")

Answer = str | Response | tuple[str, int]
#: Marker id -> the board's last version of it, 0 for none.
Versions = dict[str, int]


@pages.get("")
def begin_import(board_key: str) -> str:
    return _page(board_at(board_key, "manage"), "")


@pages.post("")
def read_import(board_key: str) -> Answer:
    board = board_at(board_key, "manage")
    text = text_typed()
    try:
        text = _text_sent(text)
        read = own.read_for_board(context(), board, text, number_typed(), request.form.get("set") or None)
        return _look_or_keep(board, text, read)
    except DefinitionError as error:
        return _page(board, text, errors=[("text", _told_of_file(error.faults))]), 422
    except InvalidAnswers as error:
        return _page(board, text, errors=[_placed(each) for each in error.faults.items()]), 422
    except ScrqmFormsError as error:
        return _page(board, text, errors=[("text", str(error))]), 422


def _text_sent(text: str) -> str:
    """That of the file, or the one typed; never one in the place of the other."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        if not text.strip():
            raise Refused(_("Paste a text, or choose a file."))
        return text
    if text.strip():
        raise Refused(_("There is a text in the box, and a file was chosen. Empty the box to read the file."))
    try:
        return read_document_text(upload.read())
    except ScrqmFormsError as error:
        raise InvalidAnswers({"file": str(error)}) from error


def _placed(fault: tuple[str, str]) -> tuple[str, str]:
    """At the file where none of its text could be read, or at the set; all else is mended in the text."""
    field, said = fault
    return field if field in ("file", "set") else "text", said


def _told_of_file(faults: Sequence[str]) -> str:
    """Only files of markers have such faults."""
    return _("This marker file cannot be read. %(fault)s") % {"fault": first_of(faults)}


def _look_or_keep(board: Board, text: str, read: own.Reading) -> Answer:
    picks, is_choosing = _picks_sent(text), "began" in request.form and _is_shown(text)
    if (picks or is_choosing) and _versions_sent() != _versions(board, read):
        return _choose(board, text, read)
    if is_choosing and unpicked(_lay_out_all(board, read), picks):
        return _choose(board, text, read, picks)
    markers = [kept for each in read.markers for kept in _picked(board, each, picks)]
    if picks and not markers:
        return _kept(board, markers, {})
    if not is_kept(text):
        return _page(board, text, replace(read, markers=tuple(markers)), picks=picks, versions=_versions(board, read))
    try:
        return _kept(board, markers, _versions_sent())
    except NewerVersion:
        return _choose(board, text, read)


def _kept(board: Board, markers: Sequence[own.ToKeep], versions: Versions) -> Response:
    own.keep_imported(board, markers, versions, by=actor())
    flash(_told_kept(markers), "success")
    return redirect(url_for("board_markers.show", board_key=board.key), 303)


def _told_kept(markers: Sequence[own.ToKeep]) -> str:
    if not markers:
        return _("Nothing was changed: what was kept meanwhile stays.")
    if len(markers) == 1:
        return _("“%(title)s” is kept for this board.") % {"title": markers[0].marker.title}
    return _("%(number)s markers are kept for this board.") % {"number": len(markers)}


def _choose(board: Board, text: str, read: own.Reading, picks: Mapping[str, str] | None = None) -> Answer:
    """Somebody else kept another wording of some meanwhile: those side by side, each field to be picked.

    `picks`: what was picked, where that is not all.
    """
    last, choices = _versions(board, read), _lay_out_all(board, read)
    if not choices:
        return _kept(board, read.markers, last)
    faults = [] if picks is None else unpicked(choices, picks)
    told = [("both", told_of_keeping(board, each.marker)) for each in _late(board, read)]
    page = render_template(
        "admin/marker_import_both.html",
        board=board,
        carried=carried(),
        seen=digest_of(text),
        versions=_written(last),
        began=_written(_began_sent()),
        choices=choices,
        picks=picks or {},
        errors=[*told, *faults],
    )
    return page, 422 if faults else 409


def _late(board: Board, read: own.Reading) -> list[own.ToKeep]:
    """Those that somebody else kept another version of since they were read."""
    began, last = _began_sent(), _versions(board, read)
    return [each for each in read.markers if began.get(each.marker.id, 0) != last[each.marker.id]]


def _lay_out_all(board: Board, read: own.Reading) -> list[TwoTexts]:
    began = _began_sent()
    return [texts for each in _late(board, read) for texts in _lay_out(board, each, began.get(each.marker.id, 0))]


def _lay_out(board: Board, each: own.ToKeep, version: int) -> list[TwoTexts]:
    key = each.marker.id
    now, began = own.marker_now(context(), board, key).marker, own.wording_at(context(), board, key, version)
    changes = Changes(wording_of(each.marker), wording_of(now), wording_of(began) if began else None, AS_FILE)
    return lay_out(changes, each.set, f"{key}-", f"{each.marker.number}. {each.marker.title}")


def _picked(board: Board, each: own.ToKeep, picks: Mapping[str, str]) -> list[own.ToKeep]:
    """The marker as it was chosen: as it was read, put together of two, or not at all where all is left as it is."""
    prefix = f"{each.marker.id}-"
    mine = {field.removeprefix(prefix): pick for field, pick in picks.items() if field.startswith(prefix)}
    if set(mine.values()) <= {"here"}:
        return [each]
    if set(mine.values()) == {"elsewhere"}:
        return []
    return [replace(each, marker=own.join_with_own(context(), board, each, mine))]


def _picks_sent(text: str) -> dict[str, str]:
    """Only of the text that was shown; another one is read afresh."""
    return picks_typed() if request.form.get("joins") and _is_shown(text) else {}


def _is_shown(text: str) -> bool:
    return request.form.get("seen") == digest_of(text)


def _versions(board: Board, read: own.Reading) -> Versions:
    return {each.marker.id: board_markers.last_version(board, each.marker.id) for each in read.markers}


def _written(versions: Versions) -> str:
    return " ".join(f"{key}:{version}" for key, version in versions.items())


def _versions_sent() -> Versions:
    return _read_versions("versions")


def _began_sent() -> Versions:
    """The versions that were compared with first, where others were shown beside the text since."""
    return _read_versions("began" if "began" in request.form else "versions")


def _read_versions(field: str) -> Versions:
    """What `_written` wrote."""
    pairs = [each.partition(":") for each in request.form.get(field, "").split()]
    return {key: number_in(version) for key, _colon, version in pairs}


def _page(
    board: Board,
    text: str,
    read: own.Reading | None = None,
    errors: Sequence[tuple[str, str]] = (),
    **more: Any,
) -> str:
    """`more`: the picks of what to keep and the versions that were compared with."""
    now = {each.marker.id: each.marker for each, _version in own.own_markers(context(), board)}
    markers = read.markers if read else ()
    about = read.warnings if read else ()
    asked = [*(fault for _field, fault in errors), *about, *(said for each in markers for said in each.warnings)]
    sets = [Choice(code=key, label=each.title) for key, each in own.sets_of_board(context(), board).items()]
    return render_template(
        "admin/marker_import.html",
        board=board,
        text=text,
        shown=[show_kept(board, _on_this_page(each), now.get(each.marker.id)) for each in markers],
        warnings=[on_this_page(warning) for warning in about],
        errors=[(field, on_this_page(fault)) for field, fault in errors],
        seen=digest_of(text),
        asks_number=any(on_this_page(each) != each for each in asked),
        picks=more.get("picks", {}),
        versions=_written(more.get("versions", {})),
        sets=[Choice(code="", label=_("As the document shows")), *sets],
        accept=",".join([*SUFFIXES, ".toml"]),
        name_of=name_of,
        told_of=told_of,
    )


def _on_this_page(each: own.ToKeep) -> own.ToKeep:
    return replace(each, warnings=tuple(map(on_this_page, each.warnings)))

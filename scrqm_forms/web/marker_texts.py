"""Administrators: a marker changed as one text, in the shape of a published document."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scrqm_forms.domain.errors import DefinitionError, NewerVersion, ScrqmFormsError
from scrqm_forms.domain.marker import LibraryMarker
from scrqm_forms.domain.marker_joining import AS_TEXT, Changes, find_changes, join_changes, wording_of
from scrqm_forms.domain.marker_text import marker_as_text, text_as_marker, wording_as_text
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.services import board_markers as own
from scrqm_forms.services.context import context
from scrqm_forms.storage import board_markers
from scrqm_forms.web.comparing import name_of, told_of
from scrqm_forms.web.language import _
from scrqm_forms.web.marker_both import Made, both_page, lacks_picks, made_of
from scrqm_forms.web.marker_sent import digest_of, first_of, is_kept, text_typed
from scrqm_forms.web.marker_shown import Shown, marker_at, show_kept
from scrqm_forms.web.places import board_at
from scrqm_forms.web.sign_in import actor
from scrqm_forms.web.two_texts import picks_typed

pages = Blueprint("marker_texts", __name__, url_prefix="/boards/<board_key>/markers/<marker_id>/change")

Answer = str | Response | tuple[str, int]


@pages.get("")
def begin_change(board_key: str, marker_id: str) -> str:
    board = board_at(board_key, "manage")
    now = marker_at(board, marker_id)
    return _page(board, now, marker_as_text(now.marker), board_markers.last_version(board, marker_id))


@pages.post("")
def save_change(board_key: str, marker_id: str) -> Answer:
    board = board_at(board_key, "manage")
    made, text = made_of(board, marker_id), text_typed()
    try:
        if made.is_late:
            return _choose(board, made, text)
        if made.is_joined:
            changes = _changes(made, text)
            if lacks_picks(changes, made):
                return _choose(board, made, text)
            text = wording_as_text(join_changes(changes, picks_typed()), made.now.marker)
        return _look_or_keep(board, made, text)
    except NewerVersion:
        return _choose(board, made_of(board, marker_id), text)
    except DefinitionError as error:
        return _page(board, made.now, text, made.version, errors=[("text", first_of(error.faults))]), 422
    except ScrqmFormsError as error:
        return _page(board, made.now, text, made.version, errors=[("text", str(error))]), 422


def _look_or_keep(board: Board, made: Made, text: str) -> Answer:
    now = made.now
    used = own.ids_ever_used(context(), board, now.marker.id)
    changed, warnings = text_as_marker(text, now.marker, used)
    own.check_marker(changed, now.set)
    if is_kept(text):
        own.change_marker(board, changed, now.set, made.last, by=actor())
        return _kept(board, now)
    kept = own.ToKeep(marker=changed, set=now.set, warnings=warnings)
    return _page(board, now, text, made.last, shown=show_kept(board, kept, now.marker))


def _choose(board: Board, made: Made, text: str) -> Answer:
    """Somebody else kept another wording meanwhile: both side by side, unless they say the same."""
    changes = _changes(made, text)
    if find_changes(changes):
        return both_page(
            board, made, changes, url_for(".save_change", board_key=board.key, marker_id=made.now.marker.id)
        )
    if is_kept(text) and not made.is_retired:
        return _kept(board, made.now)
    return _look_or_keep(board, made, text)


def _changes(made: Made, text: str) -> Changes:
    """Raises NotAMarker."""
    began = made.began or made.now.marker
    here, _warnings = text_as_marker(text, began)
    known = [question.id for question in began.questions]
    return Changes(wording_of(here, known), wording_of(made.now.marker), wording_of(began), AS_TEXT)


def _kept(board: Board, now: LibraryMarker) -> Response:
    flash(_("Kept for this board. Rounds that are open keep the wording they have."), "success")
    return redirect(url_for("board_markers.show_marker", board_key=board.key, marker_id=now.marker.id), 303)


def _page(
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
        seen=digest_of(text),
        picked=picks_typed().values(),
        words=VOCABULARIES[board.vocabulary],
        name_of=name_of,
        told_of=told_of,
    )

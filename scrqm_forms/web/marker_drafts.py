"""Administrators: a marker written or changed in a form, question by question, and seen as each role will see it."""

import hashlib
import re
from collections.abc import Sequence

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from scrqm_forms.domain.errors import DefinitionError, InvalidAnswers, NewerVersion, NotFound, ScrqmFormsError
from scrqm_forms.domain.marker import LibraryMarker, Marker, MarkerSet
from scrqm_forms.domain.marker_draft import (
    MOST_QUESTIONS,
    MarkerDraft,
    change_questions,
    draft_of,
    make_marker,
    tidy_roles,
    without_blanks,
)
from scrqm_forms.domain.marker_joining import IN_FORM, Changes, Wording, find_changes, join_changes, wording_of
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import Board
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.services import board_markers as own
from scrqm_forms.services.context import context
from scrqm_forms.services.reviews import roles_of
from scrqm_forms.storage import board_markers
from scrqm_forms.web.comparing import name_of, told_of
from scrqm_forms.web.language import _
from scrqm_forms.web.marker_both import Made, both_page, lacks_picks, made_of
from scrqm_forms.web.marker_form import read_draft
from scrqm_forms.web.marker_preview import preview_of, purposes_offered
from scrqm_forms.web.marker_sent import in_plain_words
from scrqm_forms.web.marker_shown import change_of, marker_at
from scrqm_forms.web.places import board_at
from scrqm_forms.web.sign_in import actor
from scrqm_forms.web.two_texts import picks_typed
from scrqm_forms.web.words import KIND

pages = Blueprint("marker_drafts", __name__, url_prefix="/boards/<board_key>/markers")


class Form(Struct, frozen=True, kw_only=True):
    """What is on the page: a new marker (`now` is None), or a change of one made from this version."""

    board: Board
    set: MarkerSet
    draft: MarkerDraft
    now: LibraryMarker | None = None
    version: int = 0


@pages.get("/new")
def begin_new(board_key: str) -> str:
    board = board_at(board_key, "manage")
    sets = own.sets_of_board(context(), board)
    chosen = sets.get(request.args.get("set", ""))
    if chosen is None:
        choices = [Choice(code=key, label=each.title) for key, each in sets.items()]
        return render_template("admin/marker_new.html", board=board, sets=choices)
    number = own.next_number(context(), board, chosen)
    source = f"{board.name} ({actor().now.year})."
    return _page(Form(board=board, set=chosen, draft=MarkerDraft(number=str(number), source=source)))


@pages.post("/new")
def save_new(board_key: str) -> str | Response | tuple[str, int]:
    board = board_at(board_key, "manage")
    chosen = own.sets_of_board(context(), board).get(request.form.get("set", ""))
    if chosen is None:
        raise NotFound("There is no such set of markers.")
    form = Form(board=board, set=chosen, draft=read_draft(request.form))
    kept = _find_kept(form) if request.form.get("action") == "keep" else None
    return _kept(board, kept) if kept else _answer(form)


def _find_kept(form: Form) -> Marker | None:
    """The very marker that was typed, where the button was pressed twice."""
    try:
        made = make_marker(without_blanks(form.draft), form.set, None, set())
        kept = marker_at(form.board, made.id).marker
    except (InvalidAnswers, NotFound):
        return None
    return kept if kept == made else None


@pages.get("/<marker_id>/edit")
def begin_edit(board_key: str, marker_id: str) -> str:
    board = board_at(board_key, "manage")
    now = marker_at(board, marker_id)
    version = board_markers.last_version(board, marker_id)
    return _page(Form(board=board, set=now.set, draft=draft_of(now.marker), now=now, version=version))


@pages.post("/<marker_id>/edit")
def save_edit(board_key: str, marker_id: str) -> str | Response | tuple[str, int]:
    board = board_at(board_key, "manage")
    made = made_of(board, marker_id)
    form = _form_of(board, made)
    if request.form.get("action", "look") not in ("look", "keep"):
        return _answer(form)
    if made.is_late:
        return _choose(form, made)
    if made.is_joined:
        changes = _changes(form, made)
        if lacks_picks(changes, made):
            return _choose(form, made)
        form = msgspec.structs.replace(form, draft=join_changes(changes, picks_typed()).draft)
    try:
        return _answer(form)
    except NewerVersion:
        made = made_of(board, marker_id)
        return _choose(_form_of(board, made), made)


@pages.get("/<marker_id>/preview")
def preview(board_key: str, marker_id: str) -> str:
    board = board_at(board_key, "manage")
    now = marker_at(board, marker_id)
    return render_template(
        "admin/marker_preview.html",
        board=board,
        now=now,
        preview=preview_of(now, board, request.args),
        roles=roles_of(now.set),
        purposes_offered=purposes_offered(),
        entry=Entry(),
    )


def _form_of(board: Board, made: Made) -> Form:
    now = made.now
    draft = msgspec.structs.replace(read_draft(request.form), number=str(now.marker.number))
    return Form(board=board, set=now.set, draft=tidy_roles(draft, now.set), now=now, version=made.version)


def _changes(form: Form, made: Made) -> Changes:
    began = wording_of(made.began) if made.began else None
    return Changes(Wording(without_blanks(form.draft)), wording_of(made.now.marker), began, IN_FORM)


def _choose(form: Form, made: Made) -> str | Response | tuple[str, int]:
    """Somebody else kept another wording meanwhile: both side by side, unless they say the same."""
    changes = _changes(form, made)
    if find_changes(changes):
        return both_page(form.board, made, changes, _address(form))
    if request.form.get("action") == "keep" and not made.is_retired:
        return _kept(form.board, made.now.marker)
    return _answer(msgspec.structs.replace(form, version=made.last))


def _address(form: Form) -> str:
    if form.now is None:
        return url_for("marker_drafts.save_new", board_key=form.board.key)
    return url_for("marker_drafts.save_edit", board_key=form.board.key, marker_id=form.now.marker.id)


def _answer(form: Form) -> str | Response | tuple[str, int]:
    action = request.form.get("action", "look")
    if action not in ("look", "keep"):
        return _page(msgspec.structs.replace(form, draft=change_questions(form.draft, action)))
    form = msgspec.structs.replace(form, draft=without_blanks(form.draft))
    try:
        marker = _make(form)
        if action == "keep" and request.form.get("seen") == _digest(form.draft):
            return _keep(form, marker)
    except NewerVersion:
        raise
    except InvalidAnswers as error:
        return _page(form, errors=list(error.faults.items())), 422
    except DefinitionError as error:
        return _page(form, errors=list(_by_field(error.faults).items())), 422
    except ScrqmFormsError as error:
        return _page(form, errors=[("title", str(error))]), 422
    return _page(form, marker)


def _make(form: Form) -> Marker:
    used = own.ids_ever_used(context(), form.board, form.now.marker.id) if form.now else set()
    marker = make_marker(form.draft, form.set, form.now.marker if form.now else None, used)
    if form.now is None:
        own.check_number(context(), form.board, marker, form.set)
    own.check_marker(marker, form.set)
    return marker


def _keep(form: Form, marker: Marker) -> Response:
    if form.now is None:
        own.write_marker(context(), form.board, marker, form.set, by=actor())
    else:
        own.change_marker(form.board, marker, form.set, form.version, by=actor())
    return _kept(form.board, marker)


def _kept(board: Board, marker: Marker) -> Response:
    flash(_("Kept for this board. Rounds that are open keep the wording they have."), "success")
    return redirect(url_for("board_markers.show_marker", board_key=board.key, marker_id=marker.id), 303)


def _page(form: Form, marker: Marker | None = None, errors: Sequence[tuple[str, str]] = ()) -> str:
    """`marker`: what was typed, where it is to be looked at before it is kept."""
    board, now = form.board, form.now
    seen = marker and LibraryMarker(marker=marker, set=form.set, origin="")
    return render_template(
        "admin/marker_form.html",
        board=board,
        form=form,
        here=_address(form),
        errors=list(errors),
        roles=roles_of(form.set),
        words=VOCABULARIES[board.vocabulary],
        stages=[Choice(code=each.key, label=each.title) for each in form.set.stages],
        kinds=[Choice(code=key, label=label) for key, label in KIND.items()],
        kind_words=KIND,
        purposes_offered=purposes_offered(),
        more=len(form.draft.questions) < MOST_QUESTIONS,
        preview=preview_of(seen, board, request.form) if seen else None,
        change=change_of(now.marker, marker, board) if now and marker else None,
        not_looking_back=_not_looking_back(now.marker, marker) if now and marker else [],
        became_adapted=bool(now and marker and now.marker.wording_status != marker.wording_status),
        seen=_digest(form.draft),
        picked=picks_typed().values(),
        entry=Entry(),
        name_of=name_of,
        told_of=told_of,
    )


def _not_looking_back(before: Marker, after: Marker) -> list[int]:
    """Numbers of the questions that were reworded for a review under way only."""
    old = {question.id: question for question in before.questions}
    pairs = [(n, old.get(each.id), each) for n, each in enumerate(after.questions, 1)]
    return [n for n, was, now in pairs if was and was.ask != now.ask and now.reflect and was.reflect == now.reflect]


_PLACE = re.compile(r"(?:question (\d+): )?(\w+)(?: \d+)?: ")


def _by_field(faults: Sequence[str]) -> dict[str, str]:
    """The first fault of each field; a definition's are named `ID: question 3: ask: found ...`."""
    found: dict[str, str] = {}
    for fault in faults:
        said = fault.partition(": ")[2]
        place = _PLACE.match(said)
        number, name = place.groups() if place else (None, "title")
        name = {"obstacle": "obstacles", "option": "options"}.get(name, name)
        found.setdefault(f"q-{number}-{name}" if number else name, in_plain_words(fault))
    return found


def _digest(draft: MarkerDraft) -> str:
    """What is kept is what was shown."""
    return hashlib.sha256(msgspec.json.encode(draft)).hexdigest()

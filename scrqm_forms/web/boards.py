"""Administrators: boards and their settings."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import BooleanField, Form, SelectField, SelectMultipleField, StringField, TextAreaField

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.wording import VOCABULARY_TITLES
from scrqm_forms.services.boards import BoardChanges, BoardFaults, change_board, create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.keeping import find_endings
from scrqm_forms.services.reviews import find_reviews
from scrqm_forms.storage import boards
from scrqm_forms.web.clock import today
from scrqm_forms.web.language import _
from scrqm_forms.web.places import board_at, may_add_boards, require_new_boards
from scrqm_forms.web.sign_in import actor, caller

pages = Blueprint("boards", __name__)
VOCABULARIES = [Choice(code=key, label=title) for key, title in VOCABULARY_TITLES.items()]

#: Reviews from which a list needs a search.
SEARCHES_FROM = 9


class BoardForm(Form):  # type: ignore[misc]
    name = StringField()
    vocabulary = SelectField(validate_choice=False)
    support = TextAreaField()
    accent = StringField()
    remove_logo = BooleanField()
    plugins = SelectMultipleField(validate_choice=False)
    shows_markers = BooleanField()
    own_words = TextAreaField()


@pages.get("/boards/")
def list_boards() -> str:
    return render_template("admin/boards.html", boards=boards.list_boards(caller()), may_add=may_add_boards())


@pages.get("/")
def first_page() -> Response:
    """Where an administrator arrives: with one board, there."""
    found = boards.list_boards(caller())
    if len(found) == 1:
        return redirect(url_for("boards.show_board", board_key=found[0].key))
    return redirect(url_for("boards.list_boards"))


@pages.get("/boards/new")
def new_board() -> str:
    require_new_boards()
    return _form_page(BoardForm(data={"vocabulary": "scr"}), None, [])


@pages.post("/boards/new")
def add_board() -> Response | tuple[str, int]:
    require_new_boards()
    form = BoardForm(request.form)
    try:
        board = create_board(
            caller(), form.name.data or "", today(), vocabulary=form.vocabulary.data or "scr", by=actor()
        )
    except Refused as error:
        return _form_page(form, None, _errors_of(error)), 422
    flash(_("The board is set up. Now begin a review."), "success")
    return redirect(url_for("boards.show_board", board_key=board.key), 303)


@pages.get("/boards/<board_key>/")
def show_board(board_key: str) -> str:
    board = board_at(board_key, "see")
    page = request.args.get("page", 1, type=int)
    found = find_reviews(caller(), board_key, request.args.get("q", ""), page)
    return render_template(
        "admin/board.html",
        board=board,
        found=found,
        searches_from=SEARCHES_FROM,
        endings=find_endings(caller(), board_key, today()),
        today=today(),
    )


@pages.get("/boards/<board_key>/settings")
def settings(board_key: str) -> str:
    board = board_at(board_key, "service")
    data: dict[str, Any] = {
        "name": board.name,
        "vocabulary": board.vocabulary,
        "support": board.support,
        "accent": board.accent,
        "plugins": list(board.plugins),
        "shows_markers": board.shows_markers,
        "own_words": "\n".join(board.own_words),
    }
    return _form_page(BoardForm(data=data), board, [])


@pages.post("/boards/<board_key>/settings")
def save_settings(board_key: str) -> Response | tuple[str, int]:
    board = board_at(board_key, "service")
    form = BoardForm(request.form)
    changes = _changes_of(form)
    try:
        change_board(caller(), board, by=actor(), **changes)
    except BoardFaults as error:
        errors = _errors_of(error)
        if changes.get("logo") and "logo" not in error.faults:
            errors.append(("logo", _("Logo: please choose the file again. Nothing was saved yet.")))
        return _form_page(form, board, errors), 422
    flash(_("Saved. Rounds that are open keep the wording they were opened with."), "success")
    return redirect(url_for("boards.show_board", board_key=board.key), 303)


def _changes_of(form: BoardForm) -> BoardChanges:
    changes = BoardChanges(
        name=form.name.data or "",
        vocabulary=form.vocabulary.data or "",
        support=form.support.data or "",
        accent=form.accent.data or "",
        plugins=form.plugins.data or [],
        shows_markers=form.shows_markers.data,
        own_words=form.own_words.data or "",
    )
    upload = request.files.get("logo")
    if upload is not None and upload.filename:
        changes["logo"] = upload.read()
    elif form.remove_logo.data:
        changes["logo"] = None
    return changes


def _errors_of(error: Refused) -> list[tuple[str, str]]:
    return list(error.faults.items()) if isinstance(error, BoardFaults) else [("name", str(error))]


def _form_page(form: BoardForm, board: Any, errors: list[tuple[str, str]]) -> str:
    given = {name for name, folder in context().plugins.marker_folders if not folder.boards}
    return render_template(
        "admin/board_form.html",
        form=form,
        board=board,
        errors=errors,
        vocabularies=VOCABULARIES,
        plugins=[Choice(code=name, label=name) for name in sorted(given | set(board.plugins if board else ()))],
    )

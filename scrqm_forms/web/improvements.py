"""Administrators: one improvement, from being written to its end."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from scrqm_forms.domain.errors import InvalidAnswers, NewerVersion, NotFound, Refused
from scrqm_forms.domain.improvement import (
    DAYS,
    FIELDS,
    LEADS_TO,
    MADE_FROM,
    STATES,
    Aim,
    Change,
    Improvement,
    Root,
    aim_of,
    fields_of,
    joins,
)
from scrqm_forms.domain.joining import find_field_differences, join_fields
from scrqm_forms.domain.keeping import improvement_kept_until
from scrqm_forms.domain.notes import Notes
from scrqm_forms.domain.questionnaire import Choice
from scrqm_forms.domain.review import Board, Review
from scrqm_forms.services.context import context
from scrqm_forms.services.helped import AskedIn, find_asked
from scrqm_forms.services.improvements import (
    change_improvement,
    check_deletable,
    delete_improvement,
    find_open_alike,
    make_improvement,
    root_in,
    root_of_marker,
)
from scrqm_forms.services.reviews import markers_of_board
from scrqm_forms.storage import improvements, reviews
from scrqm_forms.storage.notes import read_notes
from scrqm_forms.web.clock import today
from scrqm_forms.web.forms import number_in
from scrqm_forms.web.keeping import say_deleted
from scrqm_forms.web.language import _
from scrqm_forms.web.places import board_at, may, review_at, round_at
from scrqm_forms.web.sign_in import actor, caller
from scrqm_forms.web.two_texts import TwoTexts, lay_side_by_side, picks_typed
from scrqm_forms.web.words import day_or_text

pages = Blueprint("improvements", __name__, url_prefix="/boards/<board_key>/improvements")

Errors = Sequence[tuple[str, str]]
#: Field -> what it is called.
WORDS = {
    "change": _("What should be different"),
    "outcome": _("The outcome wanted"),
    "measure": _("How we will know"),
    "owner": _("Owner: a role or agency"),
    "due_on": _("Due"),
    "check_on": _("Check back on"),
    "state": _("State"),
    "because": _("Evidence, or the reason against it"),
}
#: Names of the form's fields begin with this.
_PREFIX = "aim-"


class Start(Struct, frozen=True, kw_only=True):
    """What a new improvement comes from, and what the form carries along to say so again."""

    review: Review | None
    root: Root
    carried: dict[str, str]
    #: Marker and review can be chosen: it does not come from a round's results.
    is_free: bool


@pages.get("/new")
def new(board_key: str) -> str:
    board = board_at(board_key, "manage")
    start = _start(board, request.args)
    return _new_page(board, start, {"change": _noted(board, start)})


@pages.post("/new")
def make(board_key: str) -> Response | str | tuple[str, int]:
    """Put it into the register; or only show the form, begun with a text that somebody wrote elsewhere."""
    board = board_at(board_key, "manage")
    start = _start(board, request.form)
    if "text" in request.form:
        return _new_page(board, start, {"change": request.form["text"]})
    alike = find_open_alike(context(), board, start.root.marker)
    if request.form.get("action") == "look":
        return _new_page(board, start, _typed())
    if alike and request.form.get("seen") != start.root.marker:
        error = _("On this marker there are open improvements already. Look first whether one of them is the same.")
        return _new_page(board, start, _typed(), [("exists", error)]), 422
    try:
        made = make_improvement(board, start.review, start.root, aim_of(_typed()), by=actor())
    except InvalidAnswers as error:
        return _new_page(board, start, _typed(), _placed(error)), 422
    flash(_("The improvement is in the register."), "success")
    return redirect(_address(made, **_way_back(start)), 303)


def _way_back(start: Start) -> dict[str, str]:
    """The round and step of the conversation that it was made in, for the improvement's page to lead back there."""
    _review, _slash, round_key = start.carried.get("round", "").partition("/")
    return {"round": round_key, "step": start.carried["step"]} if round_key and "step" in start.carried else {}


def _noted(board: Board, start: Start) -> str:
    """What was noted to be done, where it is made from the notes on a marker."""
    if start.root.made_from != "note" or not may("read_answers", board):
        return ""
    review_key, _slash, round_key = start.carried["round"].partition("/")
    round_ = round_at(board.key, review_key, round_key, "read_answers")
    notes, _version = read_notes(round_).get(start.root.marker, (Notes(), 0))
    return notes.will_do


def _start(board: Board, sent: Mapping[str, str]) -> Start:
    """Raises NotFound for a round or review that is not the board's, Refused for a marker that it has not."""
    names = ("round", "marker", "question", "made_from", "review", "step")
    carried = {name: sent[name] for name in names if sent.get(name)}
    marker = carried.get("marker", "")
    if "round" in carried:
        review_key, _slash, round_key = carried["round"].partition("/")
        round_ = round_at(board.key, review_key, round_key, "manage")
        questionnaire = reviews.questionnaire_of(round_)
        root = root_in(questionnaire, marker, carried.get("question", ""), carried.get("made_from", ""))
        return Start(review=round_.review, root=root, carried=carried, is_free=False)
    review = review_at(board.key, carried["review"], "manage") if "review" in carried else None
    return Start(review=review, root=root_of_marker(context(), board, marker), carried=carried, is_free=True)


def _new_page(board: Board, start: Start, typed: Mapping[str, str], errors: Errors = ()) -> str:
    markers = markers_of_board(context(), board) if start.is_free else []
    none = Choice(code="", label=_("None"))
    titles = [(each.marker.id, f"{each.marker.number}. {each.marker.title}") for each in markers]
    found = reviews.list_reviews(caller(), board.key) if start.is_free else []
    return render_template(
        "admin/improvement_form.html",
        board=board,
        start=start,
        typed={"state": "proposed", **typed},
        errors=list(errors),
        alike=find_open_alike(context(), board, start.root.marker),
        markers=[none, *(Choice(code=code, label=label) for code, label in titles)],
        reviews=[none, *(Choice(code=each.key, label=each.title) for each in found)],
        states=_states(("proposed", "agreed")),
        words=WORDS,
        state_words=STATES,
        made_from=MADE_FROM,
    )


@pages.get("/<improvement_key>")
def show(board_key: str, improvement_key: str) -> str:
    improvement = _improvement_at(board_key, improvement_key, "see")
    return render_template(
        "admin/improvement.html",
        board=improvement.board,
        improvement=improvement,
        rows=[(WORDS[field], _read(field, value)) for field, value in fields_of(improvement.aim).items() if value],
        history=[(each, _read_changes(each)) for each in reversed(improvements.list_changes(improvement))],
        made_from=MADE_FROM,
        state_words=STATES,
        kept_until=improvement_kept_until(improvement.changed_on),
        asked=_asked(improvement),
        today=today(),
        came_from=request.args if "step" in request.args else {},
    )


def _asked(improvement: Improvement) -> list[AskedIn]:
    """Where it was asked about; what was answered is for those who may read answers."""
    if not may("read_answers", improvement.board):
        return []
    return find_asked(caller(), improvement.board).get(improvement.key, [])


def _read_changes(change: Change) -> list[tuple[str, str, str]]:
    """(field, before, after) as people read them"""
    return [
        (WORDS[each.field], _read(each.field, each.before), _read(each.field, each.after)) for each in change.fields
    ]


@pages.get("/<improvement_key>/change")
def change(board_key: str, improvement_key: str) -> str:
    improvement = _improvement_at(board_key, improvement_key, "manage")
    return _change_page(improvement, fields_of(improvement.aim), improvement.version)


@pages.post("/<improvement_key>/change")
def save(board_key: str, improvement_key: str) -> Response | tuple[str, int]:
    improvement = _improvement_at(board_key, improvement_key, "manage")
    typed, version = _typed(), number_in(request.form.get("version", ""))
    if request.form.get("joins") and version == improvement.version:
        typed = join_fields(typed, fields_of(improvement.aim), picks_typed(), joins)
    try:
        change_improvement(improvement, aim_of(typed), version, by=actor())
    except InvalidAnswers as error:
        return _change_page(improvement, typed, version, _placed(error)), 422
    except NewerVersion:
        return _ask_what_to_keep(_improvement_at(board_key, improvement_key, "manage"), typed, version), 409
    flash(_("Saved."), "success")
    return redirect(_address(improvement), 303)


def _change_page(improvement: Improvement, typed: Mapping[str, str], version: int, errors: Errors = ()) -> str:
    state = improvement.aim.state
    return render_template(
        "admin/improvement_form.html",
        board=improvement.board,
        improvement=improvement,
        typed=typed,
        version=version,
        errors=list(errors),
        states=_states((state, *LEADS_TO[state])),
        words=WORDS,
    )


def _ask_what_to_keep(improvement: Improvement, typed: Mapping[str, str], made_from: int) -> str:
    """Somebody else saved meanwhile: both texts side by side, and nothing is stored before it is chosen."""
    reason = _("Somebody else changed this improvement meanwhile.")
    return render_template(
        "admin/improvement_both.html",
        board=improvement.board,
        improvement=improvement,
        carried=[(f"{_PREFIX}{field}", text) for field, text in typed.items()],
        choices=_two_texts(typed, improvement.aim),
        picks=picks_typed() if improvement.version == made_from else {},
        errors=[("both", reason)],
    )


def _two_texts(typed: Mapping[str, str], saved: Aim) -> list[TwoTexts]:
    found = find_field_differences(typed, fields_of(saved), joins)
    return [
        lay_side_by_side(each, WORDS[each.field], lambda value, field=each.field: _read(field, value))  # type: ignore[misc]
        for each in found
    ]


@pages.get("/<improvement_key>/delete")
def ask_to_delete(board_key: str, improvement_key: str) -> str:
    return _delete_page(_improvement_at(board_key, improvement_key, "manage"), [])


@pages.post("/<improvement_key>/delete")
def delete(board_key: str, improvement_key: str) -> Response | tuple[str, int]:
    improvement = _improvement_at(board_key, improvement_key, "manage")
    if request.form.get("sure") != "yes":
        error = _("Tick the box to say that you are sure: it cannot be undone.")
        return _delete_page(improvement, [("sure", error)]), 422
    wiped = delete_improvement(improvement, by=actor())
    say_deleted(_("The improvement is deleted, with its history."), wiped)
    return redirect(url_for("register.show", board_key=board_key), 303)


def _delete_page(improvement: Improvement, errors: Errors) -> str:
    refusal = ""
    try:
        check_deletable(caller(), improvement)
    except Refused as error:
        refusal = str(error)
    return render_template(
        "admin/improvement_delete.html",
        board=improvement.board,
        improvement=improvement,
        refusal=refusal,
        errors=[] if refusal else list(errors),
    )


def _improvement_at(board_key: str, improvement_key: str, need: Any) -> Improvement:
    found = improvements.get_improvement(caller(), improvement_key)
    if found.board.key != board_key:
        raise NotFound(f'There is no improvement "{improvement_key}".')
    board_at(board_key, need)
    return found


def _address(improvement: Improvement, **more: Any) -> str:
    return url_for("improvements.show", board_key=improvement.board.key, improvement_key=improvement.key, **more)


def _typed() -> dict[str, str]:
    """Field -> what was typed, exactly as sent."""
    return {field: request.form.get(_PREFIX + field, "") for field in FIELDS}


def _placed(error: InvalidAnswers) -> Errors:
    return [(_PREFIX + field, _(fault)) for field, fault in error.faults.items()]


def _states(states: Sequence[str]) -> list[Choice]:
    return [Choice(code=state, label=_(STATES[state])) for state in states]  # type: ignore[index]


def _read(field: str, value: str) -> str:
    """What is stored in a field, as people read it."""
    if field == "state":
        return _(STATES.get(value, value))  # type: ignore[call-overload]
    return day_or_text(value) if field in DAYS else value

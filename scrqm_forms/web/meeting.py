"""Administrators: the meeting view of a marker, for a projector; the notes written there; and the pack to print."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scrqm_forms.domain.errors import InvalidAnswers, NewerVersion
from scrqm_forms.domain.joining import find_field_differences, join_fields
from scrqm_forms.domain.keeping import notes_kept_until
from scrqm_forms.domain.marker import CLOSING
from scrqm_forms.domain.notes import HEADINGS, Notes, fields_of, joins, notes_of
from scrqm_forms.domain.questionnaire import Choice, Questionnaire
from scrqm_forms.domain.review import Round
from scrqm_forms.services.context import context
from scrqm_forms.services.meeting import Meeting, MeetingStep, read_meeting, read_pack
from scrqm_forms.services.notes import save_notes
from scrqm_forms.services.overview import keys_of
from scrqm_forms.services.results import why_hidden
from scrqm_forms.storage import notes as stored
from scrqm_forms.storage import reviews
from scrqm_forms.web.forms import number_in
from scrqm_forms.web.language import _
from scrqm_forms.web.places import round_address, round_at
from scrqm_forms.web.results import nothing_page
from scrqm_forms.web.sign_in import actor
from scrqm_forms.web.two_texts import lay_side_by_side, picks_typed

pages = Blueprint("meeting", __name__, url_prefix="/boards/<board_key>/reviews/<review_key>/<round_key>")

Errors = Sequence[tuple[str, str]]
#: Names of the form's fields begin with this.
_PREFIX = "notes-"


@pages.get("/meeting/<entry>")
def show(board_key: str, review_key: str, round_key: str, entry: str) -> str:
    """One thing of one marker; `step` counts from 1, and "notes" is the last."""
    round_ = round_at(board_key, review_key, round_key, "read_answers")
    hidden = why_hidden(round_)
    if hidden:
        return nothing_page(round_, hidden)
    meeting = read_meeting(round_, entry, by=actor())
    step = request.args.get("step", "1")
    number = len(meeting.steps) if step == "notes" else number_in(step)
    return _meeting_page(round_, meeting, min(max(number, 1), len(meeting.steps)), fields_of(meeting.notes))


@pages.post("/meeting/<entry>")
def save(board_key: str, review_key: str, round_key: str, entry: str) -> Response | tuple[str, int]:
    """Notes, saved over the version they were made from; then on to where the button leads."""
    round_ = round_at(board_key, review_key, round_key, "read_answers")
    onward = _onward(round_, entry)
    typed, version = _typed(), number_in(request.form.get("version", ""))
    saved, newest = stored.read_notes(round_).get(entry, (Notes(), 0))
    if request.form.get("joins") and version == newest:
        typed = join_fields(typed, fields_of(saved), picks_typed(), joins)
    notes, replaced = notes_of(typed)
    if request.form.get("go") and request.form.get("seen") == _fingerprint(notes):
        return redirect(onward, 303)
    try:
        save_notes(round_, entry, notes, version, by=actor())
    except InvalidAnswers as error:
        meeting = read_meeting(round_, entry, by=actor())
        errors = [(_PREFIX + field, fault) for field, fault in error.faults.items()]
        return _meeting_page(round_, meeting, len(meeting.steps), typed, errors, version), 422
    except NewerVersion:
        return _ask_what_to_keep(round_, entry, fields_of(notes), version), 409
    flash(_("The notes are saved."), "success")
    if replaced:
        flash(_("Some characters that cannot be stored were replaced by �."), "warning")
    return redirect(onward, 303)


def _onward(round_: Round, entry: str) -> str:
    """Where the button pressed leads once the notes are saved."""
    go = request.form.get("go", "")
    if go == "improvement":
        carried: dict[str, Any] = {"round": round_.name, "marker": entry, "made_from": "note", "step": "notes"}
        return url_for("improvements.new", board_key=round_.review.board.key, **carried)
    if go == "results":
        return round_address("results.show_entry", round_, entry=entry)
    if go == "next":
        keys = [each.code for each in _entries(reviews.questionnaire_of(round_))]
        after = keys[keys.index(entry) + 1 :] if entry in keys else []
        return round_address("meeting.show", round_, entry=after[0]) if after else round_address("meeting.pack", round_)
    return round_address("meeting.show", round_, entry=entry, step=go if go.isdigit() else "notes")


def _fingerprint(notes: Notes) -> str:
    """Tells whether a form came back as it was shown: who only pages on has nothing to save, and no conflict."""
    return sha256(msgspec.json.encode(notes)).hexdigest()


@pages.get("/pack")
def pack(board_key: str, review_key: str, round_key: str) -> str:
    """What was asked, how groups saw it, what they wrote and the notes, marker by marker: to print."""
    round_ = round_at(board_key, review_key, round_key, "read_answers")
    hidden = why_hidden(round_)
    if hidden == "deleted":
        return _kept_notes_page(round_)
    if hidden:
        return nothing_page(round_, hidden)
    found = read_pack(round_, request.args.getlist("markers"), by=actor())
    return render_template(
        "admin/pack.html",
        board=round_.review.board,
        round=round_,
        part=found.part,
        sections=found.sections,
        offered=_entries(found.part.questionnaire),
        chosen=found.chosen,
        unanswered=found.unanswered,
        has_word="word" in context().plugins.formats,
        headings=HEADINGS,
    )


def _kept_notes_page(round_: Round) -> str:
    """The answers are gone; the notes stay until a day of their own."""
    notes = {key: notes for key, (notes, _version) in stored.read_notes(round_).items()}
    return render_template(
        "admin/kept_notes.html",
        board=round_.review.board,
        round=round_,
        entries=[each for each in _entries(reviews.questionnaire_of(round_)) if each.code in notes],
        notes=notes,
        headings=HEADINGS,
        kept_until=notes_kept_until(round_.review.keep_until),
    )


def _entries(questionnaire: Questionnaire) -> list[Choice]:
    closing = [Choice(code=CLOSING, label=questionnaire.closing_title)] if questionnaire.closing else []
    return [Choice(code=each.id, label=f"{each.number}. {each.title}") for each in questionnaire.markers] + closing


def _meeting_page(
    round_: Round,
    meeting: Meeting,
    number: int,
    typed: Mapping[str, str],
    errors: Errors = (),
    version: int | None = None,
) -> str:
    part = meeting.part
    return render_template(
        "admin/meeting.html",
        board=round_.review.board,
        round=round_,
        part=part,
        step=meeting.steps[number - 1],
        number=number,
        steps=len(meeting.steps),
        is_last=part.key == keys_of(part.questionnaire)[-1],
        suggests=_suggests(meeting.steps[number - 1]),
        typed=typed,
        version=meeting.version if version is None else version,
        seen=_fingerprint(meeting.notes),
        errors=list(errors),
        headings=HEADINGS,
        kept_until=notes_kept_until(round_.review.keep_until),
    )


def _suggests(step: MeetingStep) -> bool:
    """Whether an improvement can be made from what is written here."""
    return step.kind == "reflection" and step.first.item == "change_next"


def _ask_what_to_keep(round_: Round, entry: str, typed: Mapping[str, str], made_from: int) -> str:
    """Somebody else wrote notes on this marker meanwhile: both side by side, and nothing is stored before."""
    saved, version = stored.read_notes(round_).get(entry, (Notes(), 0))
    found = find_field_differences(typed, fields_of(saved), joins)
    questionnaire = reviews.questionnaire_of(round_)
    title = next((each.label for each in _entries(questionnaire) if each.code == entry), "")
    values: dict[str, Any] = {"picks": picks_typed()} if version == made_from else {"picks": {}}
    return render_template(
        "admin/notes_both.html",
        board=round_.review.board,
        round=round_,
        entry=entry,
        title=title,
        carried=[(f"{_PREFIX}{field}", text) for field, text in typed.items()],
        version=version,
        go=request.form.get("go", ""),
        choices=[lay_side_by_side(each, _(HEADINGS[each.field])) for each in found],
        errors=[("both", _("Somebody else wrote notes on this marker meanwhile."))],
        **values,
    )


def _typed() -> dict[str, str]:
    """Field -> what was typed, exactly as sent."""
    return {field: request.form.get(_PREFIX + field, "") for field in HEADINGS}

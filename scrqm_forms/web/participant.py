"""Participants' pages: start, task list, one entry a page, check, send, receipt and copy."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import Form

from scrqm_forms.domain.errors import InvalidAnswers, NewerVersion, Refused
from scrqm_forms.domain.links import handle_of
from scrqm_forms.domain.marker import CLOSING
from scrqm_forms.domain.questionnaire import minutes_needed
from scrqm_forms.domain.response import Entry, EntryAsk, status_of
from scrqm_forms.services import responding
from scrqm_forms.services.responding import AlreadySubmitted, NotOpen, Participant
from scrqm_forms.web.clock import today
from scrqm_forms.web.forms import entry_form_class, entry_from, form_for, version_of
from scrqm_forms.web.guessing import turn_away
from scrqm_forms.web.language import _
from scrqm_forms.web.summary import Task, copy_as_text, summary_of
from scrqm_forms.web.words import STATUS

pages = Blueprint("participant", __name__)

#: Links kept in one browser's cookie; the oldest goes first.
MOST_LINKS = 20


@pages.get("/i/<secret>")
def start(secret: str) -> str | AnyResponse:
    participant = _find_link(secret)
    questionnaire = participant.questionnaire
    board = participant.round.review.board
    return render_template(
        "participant/start.html",
        participant=participant,
        questionnaire=questionnaire,
        board=board,
        minutes=minutes_needed(questionnaire, participant.audience),
        group_people=responding.count_group(participant),
        takes_answers=participant.round.takes_answers(today()),
    )


@pages.post("/i/<secret>")
def begin(secret: str) -> AnyResponse:
    participant = _find_link(secret)
    if participant.round.takes_answers(today()):
        responding.begin_response(participant, today())
    session["links"] = [*(link for link in _links() if link != secret), secret][-MOST_LINKS:]
    return redirect(url_for("participant.tasks", handle=participant.handle), 303)


def with_participant(view: Callable[..., Any]) -> Callable[..., Any]:
    """Find whose pages these are from the cookie. Without one, a post comes back with what was typed in it."""

    @wraps(view)
    def run(handle: str, **values: Any) -> Any:
        participant = _participant(handle)
        if participant is None:
            return _ask_for_link()
        return view(participant, **values)

    return run


@pages.get("/r/<handle>/")
@with_participant
def tasks(participant: Participant) -> str | AnyResponse:
    entries = responding.read_entries(participant)
    stages = [(stage, _tasks_of_stage(participant, stage.key, entries)) for stage in participant.questionnaire.stages]
    closing = _task_of(participant, CLOSING, entries) if participant.ask(CLOSING) else None
    return _page(participant, "tasks.html", stages=[each for each in stages if each[1]], closing=closing)


@pages.get("/r/<handle>/<key>")
@with_participant
def entry(participant: Participant, key: str) -> str | AnyResponse:
    ask = participant.ask(key) or abort(404)
    saved, version = responding.read_entries(participant).get(key, (Entry(), 0))
    return _entry_page(participant, ask, form_for(ask, saved, version), saved)


@pages.post("/r/<handle>/<key>")
@with_participant
def save(participant: Participant, key: str) -> AnyResponse | tuple[str, int]:
    ask = participant.ask(key) or abort(404)
    form = entry_form_class(ask)(request.form)
    action = request.form.get("action", "continue")
    typed = entry_from(ask, form, not_my_part=action == "not_my_part")
    try:
        _version, replaced = responding.save_entry(participant, key, typed, version_of(form), today())
    except InvalidAnswers as error:
        return _entry_page(participant, ask, form, typed, errors=list(error.faults.items())), 422
    except NewerVersion:
        return _show_both(participant, ask, form, typed), 409
    except (NotOpen, AlreadySubmitted) as error:
        return _entry_page(participant, ask, form, typed, errors=[("", str(error))], kept=True), 409
    if replaced:
        flash(
            _("Some characters that cannot be stored were replaced by �. Please look over what you wrote."), "warning"
        )
    return redirect(_next_address(participant, key, action), 303)


@pages.get("/r/<handle>/check")
@with_participant
def check(participant: Participant) -> str | AnyResponse:
    return _page(participant, "check.html", sections=summary_of(participant, responding.read_entries(participant)))


@pages.post("/r/<handle>/check")
@with_participant
def submit(participant: Participant) -> AnyResponse | tuple[str, int]:
    try:
        responding.submit_response(participant, today())
    except Refused as error:
        sections = summary_of(participant, responding.read_entries(participant))
        return _page(participant, "check.html", sections=sections, errors=[("", str(error))]), 409
    return redirect(url_for("participant.done", handle=participant.handle), 303)


@pages.get("/r/<handle>/done")
@with_participant
def done(participant: Participant) -> str | AnyResponse:
    if participant.response is None or not participant.response.submitted:
        return redirect(url_for("participant.tasks", handle=participant.handle))
    return _page(participant, "done.html")


@pages.post("/r/<handle>/take-back")
@with_participant
def take_back(participant: Participant) -> AnyResponse:
    try:
        responding.take_back(participant, today())
        flash(_("Your answers are with you again. Send them when you are ready."), "success")
    except Refused as error:
        flash(str(error), "error")
    return redirect(url_for("participant.tasks", handle=participant.handle), 303)


@pages.get("/r/<handle>/later")
@with_participant
def later(participant: Participant) -> str | AnyResponse:
    return _page(participant, "later.html")


@pages.post("/r/<handle>/leave")
@with_participant
def leave(participant: Participant) -> AnyResponse:
    """On a shared computer: this browser forgets the link. What was saved stays."""
    session["links"] = [link for link in _links() if link != participant.secret]
    flash(_("This browser has forgotten your link. What you saved is kept."), "success")
    return redirect(url_for("participant.left"), 303)


@pages.get("/left")
def left() -> str:
    return render_template("participant/left.html")


@pages.get("/r/<handle>/copy")
@with_participant
def copy(participant: Participant) -> str | AnyResponse:
    return _page(participant, "copy.html", sections=summary_of(participant, responding.read_entries(participant)))


@pages.get("/r/<handle>/copy.txt")
@with_participant
def copy_file(participant: Participant) -> Response:
    text = copy_as_text(participant, summary_of(participant, responding.read_entries(participant)))
    response = make_response(text)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="my-answers.txt"'
    return response


def give_back(reason: str) -> tuple[str, int]:
    """A post that could not be accepted (its token is missing or old): the page again, with what was typed."""
    values = request.view_args or {}
    participant = _participant(values.get("handle", ""))
    ask = participant.ask(values.get("key", "")) if participant else None
    if participant is None or ask is None:
        return _ask_for_link()
    form = entry_form_class(ask)(request.form)
    errors = [("", reason)]
    return _entry_page(participant, ask, form, entry_from(ask, form), errors=errors), 400


def _links() -> list[str]:
    """Secrets of the links opened in this browser, the latest last."""
    found = session.get("links", [])
    return found if isinstance(found, list) else []


def _participant(handle: str) -> Participant | None:
    secret = next((secret for secret in _links() if handle_of(secret) == handle), None)
    return responding.find_participant(secret) if secret else None


def _find_link(secret: str) -> Participant:
    """The participant of a link."""
    participant = responding.find_participant(secret) if 20 <= len(secret) <= 100 else None
    return participant or turn_away()


def _ask_for_link() -> tuple[str, int]:
    """Without a cookie nobody is known here. What was typed is shown, and goes along when Save is pressed again."""
    typed = [(name, text) for name, text in request.form.items(multi=True) if name not in ("csrf_token", "action")]
    texts = [(name, text) for name, text in typed if text.strip() and name.startswith(("comment-", "reflection-"))]
    page = render_template("participant/open_link.html", typed=typed, texts=texts)
    return page, 400 if request.method == "POST" else 403


def _page(participant: Participant, template: str, **values: Any) -> str:
    return render_template(
        f"participant/{template}",
        participant=participant,
        questionnaire=participant.questionnaire,
        board=participant.round.review.board,
        takes_answers=participant.round.takes_answers(today()),
        submitted=participant.response is not None and participant.response.submitted,
        **values,
    )


def _entry_page(participant: Participant, ask: EntryAsk, form: Form, shown: Entry, **values: Any) -> str:
    marker = participant.questionnaire.marker(ask.key)
    keys = participant.entry_keys
    place = keys.index(ask.key) + 1
    rows = {"brief": 3, "full": 4}[participant.questionnaire.length(participant.audience)]
    return _page(
        participant,
        "entry.html",
        ask=ask,
        marker=marker,
        form=form,
        shown=shown,
        place=place,
        places=len(keys),
        rows=rows,
        **values,
    )


def _show_both(participant: Participant, ask: EntryAsk, form: Form, typed: Entry) -> str:
    """Saved elsewhere meanwhile: the boxes keep what was typed here, and what was saved there stands beside."""
    saved, version = responding.read_entries(participant).get(ask.key, (Entry(), 0))
    form["version"].data = str(version)
    message = _("These answers were also saved in another window or on another device. Nothing is lost: see below.")
    elsewhere = [line for line in _texts_of(participant, ask, saved) if line not in _texts_of(participant, ask, typed)]
    if saved.not_my_part:
        elsewhere.insert(0, (_("This marker"), _("Set aside as not your part of the review")))
    return _entry_page(participant, ask, form, typed, errors=[("elsewhere", message)], elsewhere=elsewhere)


def _texts_of(participant: Participant, ask: EntryAsk, entry: Entry) -> list[tuple[str, str]]:
    shown = msgspec.structs.replace(entry, not_my_part=False)
    sections = summary_of(participant, {ask.key: (shown, 1)}, only=ask.key)
    return [(row.key, row.value) for section in sections for row in section.rows if row.value]


def _next_address(participant: Participant, key: str, action: str) -> str:
    handle = participant.handle
    if action == "later":
        return url_for("participant.later", handle=handle)
    if request.args.get("from") == "check":
        return url_for("participant.check", handle=handle) + f"#{key}"
    keys = participant.entry_keys
    following = keys[keys.index(key) + 1 :]
    if following:
        return url_for("participant.entry", handle=handle, key=following[0])
    return url_for("participant.check", handle=handle)


def _tasks_of_stage(participant: Participant, stage: str, entries: dict[str, tuple[Entry, int]]) -> list[Task]:
    markers = participant.questionnaire.markers_for(participant.audience)
    return [_task_of(participant, marker.id, entries) for marker in markers if marker.stage == stage]


def _task_of(participant: Participant, key: str, entries: dict[str, tuple[Entry, int]]) -> Task:
    ask = participant.ask(key)
    if ask is None:
        raise Refused("This is not asked of you.")
    text, kind = STATUS[status_of(ask, entries[key][0] if key in entries else None)]
    marker = participant.questionnaire.marker(key)
    local = _("Local marker") if marker and marker.wording_status == "local" else ""
    href = url_for("participant.entry", handle=participant.handle, key=key)
    return Task(href=href, title=ask.title, hint=local, status_text=text, status_kind=kind)

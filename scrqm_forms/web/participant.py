"""Participants' pages: start, task list, check, send, receipt and copy. The entries are in `entries.py`."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.marker import CLOSING
from scrqm_forms.domain.questionnaire import minutes_needed
from scrqm_forms.domain.response import Entry, status_of
from scrqm_forms.services import responding
from scrqm_forms.services.context import context
from scrqm_forms.services.responding import Participant
from scrqm_forms.services.text_checks import find_in_texts
from scrqm_forms.web.clock import today
from scrqm_forms.web.guessing import turn_away
from scrqm_forms.web.language import _
from scrqm_forms.web.summary import Section, Task, copy_as_text, marked_texts, summary_of, texts_of
from scrqm_forms.web.visit import (
    ask_for_link,
    forget_link,
    participant_page,
    remember_link,
    with_participant,
)
from scrqm_forms.web.words import STATUS

pages = Blueprint("participant", __name__)


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
    remember_link(secret)
    return redirect(url_for("participant.tasks", handle=participant.handle), 303)


@pages.get("/r/<handle>/")
@with_participant
def tasks(participant: Participant) -> str | AnyResponse:
    entries = responding.read_entries(participant)
    stages = [(stage, _tasks_of_stage(participant, stage.key, entries)) for stage in participant.questionnaire.stages]
    closing = _task_of(participant, CLOSING, entries) if participant.ask(CLOSING) else None
    every = [task for _stage, tasks in stages for task in tasks] + ([closing] if closing else [])
    return participant_page(
        participant,
        "tasks.html",
        stages=[each for each in stages if each[1]],
        closing=closing,
        answered=sum(task.is_done for task in every),
        number=len(every),
    )


@pages.get("/r/<handle>/check")
@with_participant
def check(participant: Participant) -> str | AnyResponse:
    """Once nothing can be changed or sent there is nothing to check: the answers are read on another page."""
    is_sent = participant.response is not None and participant.response.submitted
    if is_sent or not participant.round.takes_answers(today()):
        return redirect(url_for("participant.copy", handle=participant.handle))
    return _check_page(participant, [])


@pages.post("/r/<handle>/check")
@with_participant
def submit(participant: Participant) -> AnyResponse | tuple[str, int]:
    try:
        responding.submit_response(participant, today())
    except Refused as error:
        return _check_page(participant, [("", str(error))]), 409
    return redirect(url_for("participant.done", handle=participant.handle), 303)


@pages.get("/r/<handle>/done")
@with_participant
def done(participant: Participant) -> str | AnyResponse:
    if participant.response is None or not participant.response.submitted:
        return redirect(url_for("participant.tasks", handle=participant.handle))
    return participant_page(participant, "done.html")


@pages.post("/r/<handle>/take-back")
@with_participant
def take_back(participant: Participant) -> AnyResponse:
    try:
        responding.take_back(participant, today())
        flash(_("Your answers are with you again. Send them when you are ready."), "success")
    except Refused as error:
        flash(str(error), "error")
    return redirect(url_for("participant.tasks", handle=participant.handle), 303)


@pages.get("/r/<handle>/withdraw")
@with_participant
def ask_to_withdraw(participant: Participant) -> str | AnyResponse:
    if participant.response is None:
        return redirect(url_for("participant.start", secret=participant.secret))
    return participant_page(participant, "withdraw.html")


@pages.post("/r/<handle>/withdraw")
@with_participant
def withdraw(participant: Participant) -> AnyResponse | tuple[str, int]:
    try:
        responding.withdraw_response(participant, today())
    except Refused as error:
        return participant_page(participant, "withdraw.html", errors=[("", str(error))]), 409
    flash(_("Everything you wrote is deleted. You can begin again if you want to, or leave it."), "success")
    return redirect(url_for("participant.start", secret=participant.secret), 303)


@pages.get("/r/<handle>/later")
@with_participant
def later(participant: Participant) -> str | AnyResponse:
    return participant_page(participant, "later.html")


@pages.post("/r/<handle>/leave")
def leave(handle: str) -> AnyResponse | tuple[str, int]:
    """On a shared computer: this browser forgets the link, also after a withdrawal. What was saved stays."""
    if not forget_link(handle):
        return ask_for_link()
    flash(_("This browser has forgotten your link. What you saved is kept."), "success")
    return redirect(url_for("participant.left"), 303)


@pages.get("/left")
def left() -> str:
    return render_template("participant/left.html")


@pages.get("/r/<handle>/copy")
@with_participant
def copy(participant: Participant) -> str | AnyResponse:
    return participant_page(
        participant, "copy.html", sections=summary_of(participant, responding.read_entries(participant))
    )


@pages.get("/r/<handle>/copy.txt")
@with_participant
def copy_file(participant: Participant) -> Response:
    text = copy_as_text(participant, _sections(participant))
    response = make_response(text)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="my-answers.txt"'
    return response


def _find_link(secret: str) -> Participant:
    """The participant of a link."""
    participant = responding.find_participant(secret) if 20 <= len(secret) <= 100 else None
    return participant or turn_away()


def _check_page(participant: Participant, errors: list[tuple[str, str]]) -> str:
    entries = responding.read_entries(participant)
    found = find_in_texts(context(), participant.round.review.board, texts_of(participant, entries))
    return participant_page(
        participant,
        "check.html",
        sections=summary_of(participant, entries, found),
        marked=marked_texts(participant, entries, found),
        errors=errors,
    )


def _sections(participant: Participant) -> list[Section]:
    return summary_of(participant, responding.read_entries(participant))


def _tasks_of_stage(participant: Participant, stage: str, entries: dict[str, tuple[Entry, int]]) -> list[Task]:
    markers = participant.questionnaire.markers_for(participant.audience)
    return [_task_of(participant, marker.id, entries) for marker in markers if marker.stage == stage]


def _task_of(participant: Participant, key: str, entries: dict[str, tuple[Entry, int]]) -> Task:
    ask = participant.ask(key)
    if ask is None:
        raise Refused("This is not asked of you.")
    status = status_of(ask, entries[key][0] if key in entries else None)
    text, kind = STATUS[status]
    marker = participant.questionnaire.marker(key)
    local = _("Local marker") if marker and marker.wording_status == "local" else ""
    href = url_for("entries.show", handle=participant.handle, key=key)
    return Task(
        href=href,
        title=ask.title,
        hint=local,
        status_text=text,
        status_kind=kind,
        is_done=status in ("answered", "not_my_part"),
    )

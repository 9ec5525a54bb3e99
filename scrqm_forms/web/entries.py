"""Participants: one entry a page, saved by a button or while it is typed, and never lost."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from scrqm_forms.domain.errors import CannotStore, InvalidAnswers, NewerVersion
from scrqm_forms.domain.joining import join_entries
from scrqm_forms.domain.response import LONGEST_TEXT, Entry, EntryAsk, fields_of, tidy_entry
from scrqm_forms.services import responding
from scrqm_forms.services.responding import AlreadySubmitted, NotOpen, Participant
from scrqm_forms.web.clock import today
from scrqm_forms.web.forms import read_entry
from scrqm_forms.web.language import _
from scrqm_forms.web.summary import choices_between
from scrqm_forms.web.two_texts import picks_typed
from scrqm_forms.web.visit import ask_for_link, find_visitor, participant_page, with_participant

pages = Blueprint("entries", __name__)

#: What the page's own script is told: said to the person, and whether trying again can help.
Told = tuple[dict[str, Any], int]


@pages.get("/r/<handle>/<key>")
@with_participant
def show(participant: Participant, key: str) -> str:
    ask = participant.ask(key) or abort(404)
    return _entry_page(participant, ask, *_saved(participant, key))


@pages.post("/r/<handle>/<key>")
@with_participant
def save(participant: Participant, key: str) -> Response | tuple[str, int]:
    ask = participant.ask(key) or abort(404)
    action = request.form.get("action", "continue")
    typed, version = read_entry(ask, request.form, not_my_part=action == "not_my_part")
    if request.form.get("joins"):
        typed, action = _join(participant, key, typed, version), "stay"
    try:
        _version, replaced = responding.save_entry(participant, key, typed, version, today())
    except InvalidAnswers as error:
        return _entry_page(participant, ask, typed, version, errors=list(error.faults.items()), unsaved=True), 422
    except NewerVersion:
        return _ask_what_to_keep(participant, ask, typed, version), 409
    except (NotOpen, AlreadySubmitted) as error:
        return _entry_page(participant, ask, typed, version, errors=[("", str(error))], kept=True), 409
    except CannotStore as error:
        return _entry_page(participant, ask, typed, version, errors=[("", _not_stored(error))], unsaved=True), 503
    _say_saved(action, replaced)
    return redirect(_next_address(participant, key, action), 303)


@pages.post("/r/<handle>/<key>/autosave")
def autosave(handle: str, key: str) -> Told:
    """What the page's script sends while somebody types. "version" is answered only once it is stored."""
    participant = find_visitor(handle)
    if participant is None:
        return refuse_autosave()
    ask = participant.ask(key) or abort(404)
    try:
        version, _replaced = responding.save_entry(participant, key, *read_entry(ask, request.form), today())
    except InvalidAnswers as error:
        return {"said": _("Not saved. %(reason)s") % {"reason": next(iter(error.faults.values()))}}, 422
    except NewerVersion:
        said = _("Not saved: these answers were also changed in another window. Press Save to see both and choose.")
        return {"said": said, "stop": True}, 409
    except (NotOpen, AlreadySubmitted) as error:
        return {"said": _("Not saved. %(reason)s") % {"reason": error}, "stop": True}, 409
    except CannotStore as error:
        return {"said": _not_stored(error)}, 503
    return {"version": str(version)}, 200


def refuse_autosave() -> Told:
    """The token is missing or old: a new one, if the link is known here. Other sites cannot read the answer."""
    values = request.view_args or {}
    if find_visitor(values.get("handle", "")) is not None:
        return {"token": generate_csrf(), "said": _("Not saved yet.")}, 400
    said = _(
        "Not saved: this browser no longer knows your link. Open your link again in another tab, then come back here. "
        "What you typed stays on this page."
    )
    return {"said": said}, 400


def give_back(reason: str) -> tuple[str, int]:
    """A post that could not be accepted (its token is missing or old): the page again, with what was typed."""
    values = request.view_args or {}
    participant = find_visitor(values.get("handle", ""))
    ask = participant.ask(values.get("key", "")) if participant else None
    if participant is None or ask is None:
        return ask_for_link()
    typed, version = read_entry(ask, request.form)
    if request.form.get("joins"):
        return _ask_what_to_keep(participant, ask, typed, version, reason), 400
    return _entry_page(participant, ask, typed, version, errors=[("", reason)], unsaved=True), 400


def _not_stored(error: CannotStore) -> str:
    return _("Not saved. %(reason)s What you typed is still on this page.") % {"reason": error}


def _saved(participant: Participant, key: str) -> tuple[Entry, int]:
    return responding.read_entries(participant).get(key, (Entry(), 0))


def _entry_page(participant: Participant, ask: EntryAsk, shown: Entry, version: int, **values: Any) -> str:
    keys = participant.entry_keys
    return participant_page(
        participant,
        "entry.html",
        ask=ask,
        marker=participant.questionnaire.marker(ask.key),
        shown=shown,
        version=version,
        place=keys.index(ask.key) + 1,
        places=len(keys),
        rows={"brief": 3, "full": 4}[participant.questionnaire.length(participant.audience)],
        longest=LONGEST_TEXT,
        **values,
    )


def _ask_what_to_keep(participant: Participant, ask: EntryAsk, typed: Entry, made_from: int, reason: str = "") -> str:
    """Saved elsewhere meanwhile: both texts side by side, and nothing is stored before it is chosen."""
    saved, version = _saved(participant, ask.key)
    here, _replaced = tidy_entry(typed)
    reason = reason or _("These answers were also changed in another window or on another device.")
    return participant_page(
        participant,
        "both.html",
        ask=ask,
        carried=list(fields_of(typed)),
        version=version,
        choices=choices_between(participant, ask.key, here, saved),
        picks=picks_typed() if version == made_from else {},
        set_aside=saved.not_my_part,
        aside=typed.not_my_part,
        errors=[("both", reason)],
    )


def _join(participant: Participant, key: str, typed: Entry, version: int) -> Entry:
    """What was chosen of two texts, unless the other one has changed since: then both are shown again."""
    saved, newest = _saved(participant, key)
    return join_entries(tidy_entry(typed)[0], saved, picks_typed()) if version == newest else typed


def _say_saved(action: str, replaced: int) -> None:
    if action == "stay":
        flash(_("Saved. What you chose to keep is below; change it as you like."), "success")
    if replaced:
        flash(
            _("Some characters that cannot be stored were replaced by �. Please look over what you wrote."), "warning"
        )


def _next_address(participant: Participant, key: str, action: str) -> str:
    handle = participant.handle
    if action == "stay":
        return url_for("entries.show", handle=handle, key=key)
    if action in ("later", "tasks"):
        return url_for(f"participant.{action}", handle=handle)
    if request.args.get("from") == "check":
        return url_for("participant.check", handle=handle) + f"#{key}"
    keys = participant.entry_keys
    following = keys[keys.index(key) + 1 :]
    if following:
        return url_for("entries.show", handle=handle, key=following[0])
    return url_for("participant.check", handle=handle)

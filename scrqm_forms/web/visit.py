"""Whose pages these are: the links that a browser keeps in its signed cookie, and what is shown without one."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import render_template, request, session

from scrqm_forms.domain.links import handle_of
from scrqm_forms.services import responding
from scrqm_forms.services.responding import Participant
from scrqm_forms.web.clock import today

#: How the names of fields begin that people write in.
_TEXTS = ("comment-", "reflection-", "people", "support", "aim-", "notes-")

#: Links kept in one browser's cookie; the oldest goes first.
MOST_LINKS = 20


def remember_link(secret: str) -> None:
    session["links"] = [*(link for link in _links() if link != secret), secret][-MOST_LINKS:]


def forget_link(handle: str) -> bool:
    """Whether the browser knew it."""
    before = _links()
    session["links"] = [link for link in before if handle_of(link) != handle]
    return len(session["links"]) < len(before)


def find_visitor(handle: str) -> Participant | None:
    """The participant whose link this browser knows by `handle`.

    None for who has yet to press Start: opened when the round took no answers, and it takes them now.
    """
    secret = next((secret for secret in _links() if handle_of(secret) == handle), None)
    found = responding.find_participant(secret) if secret else None
    return None if found and found.response is None and found.round.takes_answers(today()) else found


def with_participant(view: Callable[..., Any]) -> Callable[..., Any]:
    """Find whose pages these are from the cookie. Without one, a post comes back with what was typed in it."""

    @wraps(view)
    def run(handle: str, **values: Any) -> Any:
        participant = find_visitor(handle)
        if participant is None:
            return ask_for_link()
        return view(participant, **values)

    return run


def ask_for_link() -> tuple[str, int]:
    """Without a cookie nobody is known here. What was typed is shown, and goes along when Save is pressed again."""
    page = render_template("participant/open_link.html", **find_typed())
    return page, 400 if request.method == "POST" else 403


def find_typed() -> dict[str, list[tuple[str, str]]]:
    """What a post brought: `typed`, (name, value) of every field; `texts`, those of them that somebody wrote."""
    typed = [(name, text) for name, text in request.form.items(multi=True) if name not in ("csrf_token", "action")]
    return {"typed": typed, "texts": [(name, text) for name, text in typed if text.strip() and name.startswith(_TEXTS)]}


def participant_page(participant: Participant, template: str, **values: Any) -> str:
    return render_template(
        f"participant/{template}",
        participant=participant,
        questionnaire=participant.questionnaire,
        board=participant.round.review.board,
        takes_answers=participant.round.takes_answers(today()),
        submitted=participant.response is not None and participant.response.submitted,
        **values,
    )


def _links() -> list[str]:
    """Secrets of the links opened in this browser, the latest last."""
    found = session.get("links", [])
    return found if isinstance(found, list) else []

"""Rounds with people in them, made by the services themselves."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Board, Person, Review, Round
from scrqm_forms.services.context import context
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.responding import begin_response, find_participant, save_entry, submit_response
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import close_round, open_round
from scrqm_forms.storage.reviews import get_round, round_by_id


def today() -> date:
    return datetime.now().astimezone().date()


def operator() -> Actor:
    return Actor(caller=OPERATOR, now=datetime.now(UTC))


def address_of(review: Review, round_: Round) -> str:
    return f"/boards/{review.board.key}/reviews/{review.key}/{round_.key}/"


def round_at(path: str) -> Round:
    review_key, round_key = path.split("/")[4:6]
    return get_round(OPERATOR, review_key, round_key)


def make_round(
    board: Board,
    name: str,
    *,
    people: int,
    mode: str = "confidential",
    state: str = "open",
    begun: int = 0,
    sent: int = 0,
    has_links: bool = True,
    began: int = 0,
    groups: tuple[tuple[str, ...], ...] = (),
) -> tuple[str, list[str]]:
    """(path, secrets of everybody's links) of a round of a new review; everybody in it is a practitioner.

    `began`: days from today; answering ends 14 days later, and answers are kept for a year.
    """
    day = today() + timedelta(days=began)
    review = create_review(OPERATOR, board, NewReview(reference=name), day)
    settings = RoundSettings(
        purpose="reflect",
        mode=mode,  # type: ignore[arg-type]
        minimum=5,
        roles=("chair", "practitioner"),
        markers=("qm01", "qm08", "qm11"),
        lengths={},
        groups=groups,
    )
    round_ = create_round(context(), review, settings, day, day + timedelta(days=14))
    invite_people(round_, [_person(n) for n in range(people)])
    if state != "draft":
        open_round(context(), round_by_id(round_.id), day)
    secrets = [link.secret for link in make_links(round_)] if has_links else []
    answer(secrets[: max(begun, sent)], sent, day)
    if state == "closed":
        close_round(round_by_id(round_.id), day)
    return address_of(review, round_), secrets


def _person(n: int) -> Person:
    """The last of six has no e-mail address."""
    email = f"pat{n}@example.org" if n != 5 else ""
    return Person(name=f"Pat {n}", email=email, role="practitioner", agency="Health" if n % 2 else "")


def answer(secrets: Sequence[str], sent: int, day: date, text: str = "Well said.") -> None:
    """Begin with all of these links, write something, and send as many as `sent`."""
    for n, secret in enumerate(secrets):
        begin_response(_found(secret), day)
        participant = _found(secret)
        for key in participant.entry_keys[: n + 1]:
            entry = Entry(judgement="partly_met", reflections={"helped": text, "hindered": text})
            save_entry(participant, key, Entry(comments={"went_well": text}) if key == "closing" else entry, 0, day)
        if n < sent:
            submit_response(_found(secret), day)


def _found(secret: str) -> Any:
    participant = find_participant(secret)
    assert participant is not None
    return participant

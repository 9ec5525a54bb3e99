"""Fill an open round with made-up responses, for trials and benchmarks; marked as synthetic for good."""

import hashlib
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.questionnaire import Questionnaire, as_document, entry_keys
from scrqm_forms.domain.response import Entry, EntryAsk, ask_of
from scrqm_forms.domain.review import Invitation, Person, Round
from scrqm_forms.services.noting import changing
from scrqm_forms.storage import invitations, responses, reviews

#: Sentences about how a review was run, put together at random; about nobody.
_SENTENCES = (
    "The timetable was clear from the start and was kept.",
    "Two requests for the same papers came in one week.",
    "We were told early what would be asked of us, and why.",
    "The draft came with too little time to read it properly.",
    "People listened, and disagreement was welcome.",
    "It was not clear to me who would decide in the end.",
    "The meeting in person made the difference.",
    "I heard nothing between the interview and the final report.",
    "The questions were put with care.",
    "There was more to read than anybody had time for.",
    "A named person to ring would have helped.",
    "The reasons for the delay were explained when it happened.",
)


def fill_round(round_: Round, number: int, seed: int, today: date) -> None:
    """Add `number` submitted responses, spread evenly over the round's roles; the same seed gives the same answers.

    Raises Refused for a round that is not open or holds real responses.
    """
    if round_.state != "open":
        raise Refused(f"The round {round_.name} is not open; open it first.")
    if not round_.synthetic and responses.has_responses(round_):
        raise Refused("This round holds real responses; made-up ones are never mixed with them.")
    questionnaire = reviews.questionnaire_of(round_)
    roles = [role.key for role in questionnaire.roles]
    chosen = [roles[n % len(roles)] for n in range(number)]
    with changing(round_):
        reviews.mark_synthetic(round_)
        before = {each.id for each in invitations.list_invitations(round_)}
        people = [
            Person(name=f"Synthetic person {len(before) + n:05}", email="", role=role, agency="Synthetic agency")
            for n, role in enumerate(chosen, 1)
        ]
        invitations.add_invitations(round_, people, state="submitted")
        ids = [responses.new_response_id() for _ in chosen]
        chance = random.Random(seed)  # noqa: S311  made-up answers, the same for the same seed
        made_up = [each for each in invitations.list_invitations(round_) if each.id not in before]
        rows = _response_rows(round_, questionnaire, list(zip(ids, chosen, strict=True)), made_up, today)
        entries = _entry_rows(questionnaire, list(zip(ids, chosen, strict=True)), chance)
        responses.add_synthetic(round_, rows, entries)


def _response_rows(
    round_: Round,
    questionnaire: Questionnaire,
    people: list[tuple[str, str]],
    made_up: list[Invitation],
    today: date,
) -> Iterator[dict[str, Any]]:
    named = questionnaire.mode == "named"
    by_role: dict[str, list[int]] = {}
    for each in made_up:
        by_role.setdefault(each.person.role, []).append(each.id)
    for response_id, role in people:
        yield {
            "id": response_id,
            "round_id": round_.id,
            "link_hash": hashlib.sha256(f"synthetic{response_id}".encode()).hexdigest(),
            "group_key": questionnaire.group_of(role).key,
            "submitted": True,
            "invitation_id": by_role[role].pop() if named else None,
            "role": role if named else None,
            "submitted_on": today if named else None,
        }


def _entry_rows(
    questionnaire: Questionnaire, people: list[tuple[str, str]], chance: random.Random
) -> Iterator[dict[str, Any]]:
    asks: dict[str, list[EntryAsk]] = {}
    for key in (role.key for role in questionnaire.roles):
        audience = questionnaire.audience(key)
        keys = entry_keys(questionnaire, audience)
        asks[key] = [ask for entry in keys if (ask := ask_of(questionnaire, entry, audience)) is not None]
    for response_id, role in people:
        for ask in asks[role]:
            entry = _made_up(ask, chance)
            yield {"response_id": response_id, "key": ask.key, "version": 1, "document": as_document(entry)}


def _made_up(ask: EntryAsk, chance: random.Random) -> Entry:
    if ask.judgements and chance.random() < 0.05:
        return Entry(not_my_part=True)
    answers, comments = {}, {}
    for question in ask.questions:
        if not question.choices:
            comments[question.id] = _text(chance)
        elif ask.rates and chance.random() < 0.95:
            answers[question.id] = chance.choice(question.choices).code
            if chance.random() < 0.3:
                comments[question.id] = _text(chance)
    return Entry(
        answers=answers,
        comments=comments,
        helped={each.id: chance.choice(ask.helped).code for each in ask.improvements},
        judgement=chance.choice(ask.judgements) if ask.judgements else "",
        obstacles=tuple(key for key in ask.obstacles if chance.random() < 0.2),
        reflections={prompt: _text(chance) for prompt in ask.prompts if chance.random() < 0.5},
    )


def _text(chance: random.Random) -> str:
    return " ".join(chance.sample(_SENTENCES, chance.choice((1, 1, 2))))

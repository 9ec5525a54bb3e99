"""Boards, rounds and people in every state that pages tell apart."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from struct import pack
from typing import Any

from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Board, Person, Review, Round
from scrqm_forms.services.boards import change_board, create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.demo import Demo
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.responding import begin_response, find_participant, save_entry, submit_response
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import close_round, open_round
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage import boards
from scrqm_forms.storage.reviews import get_round, round_by_id
from scrqm_forms.web.app import create_app

from .site import Site, open_copy, serve

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_TEXT = "\n\n".join([f"{LONG_WORD} " + "We met, and talked about what had been asked of us. " * 30] * 4)
LONG_NAME = "Ashcombe, Brindlemere and Upper Calverdale Safeguarding Children Partnership (Pan-County Arrangements)"

#: Name of a round -> what is special about it. Everybody in it is a practitioner.
ROUNDS: dict[str, dict[str, Any]] = {
    "draft": {"mode": "named", "people": 0, "state": "draft"},
    "draft_with_people": {"people": 6, "state": "draft"},
    "draft_small": {"people": 3, "state": "draft", "groups": (("chair",), ("practitioner",))},
    "draft_past": {"people": 6, "state": "draft", "began": -20},
    "nobody": {"mode": "named", "people": 0},
    "without_links": {"mode": "named", "people": 2, "has_links": False},
    "waiting": {"mode": "named", "people": 3, "begun": 2, "sent": 1},
    "open": {"people": 6, "begun": 3, "sent": 1},
    "sent": {"mode": "named", "people": 1, "sent": 1},
    "past": {"people": 6, "begun": 1, "began": -20},
    "few": {"people": 6, "sent": 2, "state": "closed"},
    "none_sent": {"mode": "named", "people": 2, "state": "closed"},
    "closed": {"people": 6, "sent": 6, "state": "closed"},
    "meanwhile": {"mode": "named", "people": 2, "has_links": False},
}


@contextmanager
def serve_standing(filled: Path, demo: Demo, folder: Path) -> Iterator[Site]:
    """The demonstration with rounds in every state, and beside it a program that nobody has used yet."""
    site = open_copy(filled, demo, folder / "instance")
    add_states(site)
    empty = create_app(folder / "empty")
    with ExitStack() as stack:
        site.url = stack.enter_context(serve(site.app))
        site.empty = Site(stack.enter_context(serve(empty)), empty)
        yield site


def add_states(site: Site) -> None:
    with site.app.app_context():
        create_board(OPERATOR, "Second Board", _today(), key="second")
        example = boards.get_board(OPERATOR, "example")
        for name, special in ROUNDS.items():
            site.rounds[name], links = _add_round(example, name, **special)
            site.links |= {f"{name} {n}": f"/i/{link}" for n, link in enumerate(links)}
        create_review(OPERATOR, example, NewReview(reference="no round"), _today())
        _add_trial(site, example)
        _add_big_board(site)


def close_meanwhile(site: Site) -> None:
    """What somebody else does to the round "meanwhile"."""
    with site.app.app_context():
        close_round(_round_at(site.rounds["meanwhile"]), _today())


def picture() -> bytes:
    """A logo: a violet field, 320 by 100 pixels, as PNG."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\x7a\x1f\x5c" * 320) * 100
    head = pack(">IIBBBBB", 320, 100, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _today() -> date:
    return datetime.now().astimezone().date()


def _round_at(path: str) -> Round:
    review_key, round_key = path.split("/")[4:6]
    return get_round(OPERATOR, review_key, round_key)


def _address(review: Review, round_: Round) -> str:
    return f"/boards/{review.board.key}/reviews/{review.key}/{round_.key}/"


def _add_round(
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
    """(path, secrets of everybody's links). `began`: days from today; answering ends 14 days later."""
    day = _today() + timedelta(days=began)
    review = create_review(OPERATOR, board, NewReview(reference=name), day)
    settings = RoundSettings(
        purpose="reflect",
        mode=mode,  # type: ignore[arg-type]
        minimum=5,
        roles=("chair", "practitioner"),
        markers=("qm01", "qm08", "qm11"),
        lengths={"practitioner": "full"},
        groups=groups,
    )
    round_ = create_round(context(), review, settings, day, day + timedelta(days=14))
    invite_people(round_, [_person(n) for n in range(people)])
    if state != "draft":
        open_round(context(), round_by_id(round_.id), day)
    secrets = [link.secret for link in make_links(round_)] if has_links else []
    _answer(secrets[: max(begun, sent)], sent, day)
    if state == "closed":
        close_round(round_by_id(round_.id), day)
    return _address(review, round_), secrets


def _person(n: int) -> Person:
    """The last of six has no e-mail address."""
    email = f"pat{n}@example.org" if n != 5 else ""
    return Person(name=f"Pat {n}", email=email, role="practitioner", agency="Health" if n % 2 else "")


def _answer(secrets: Sequence[str], sent: int, day: date, text: str = "Well said.") -> None:
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


def _add_trial(site: Site, board: Board) -> None:
    """A round of made-up responses."""
    site.rounds["trial"], links = _add_round(board, "trial", people=1, mode="named")
    fill_round(_round_at(site.rounds["trial"]), 8, 1, _today())
    site.links["trial 0"] = f"/i/{links[0]}"


def _add_big_board(site: Site) -> None:
    """A board with a long name, a look of its own, many reviews, many people and long answers."""
    board = create_board(OPERATOR, LONG_NAME, _today(), key="big", vocabulary="lcspr")
    look = {"accent": "#7a1f5c", "logo": picture(), "plugins": ["example_board"]}
    change_board(OPERATOR, board, support="Jo Lindqvist: 01632 960 001", **look)
    board = boards.get_board(OPERATOR, "big")
    for n in range(60):
        create_review(OPERATOR, board, NewReview(reference=f"2026-{n:02}"), _today())
    title = f"The review of {LONG_NAME}, {LONG_WORD}"
    review = create_review(OPERATOR, board, NewReview(reference="2026-LONG", title=title), _today())
    roles = ("chair", "panel", "lead_reviewer", "business_unit", "practitioner")
    settings = RoundSettings(
        purpose="reflect", mode="named", minimum=5, roles=roles, markers=("qm01", "qm08", "qm11", "exb01"), lengths={}
    )
    round_ = create_round(context(), review, settings, _today())
    invite_people(round_, [_big_person(n, roles[n % 5]) for n in range(60)])
    open_round(context(), round_by_id(round_.id), _today())
    secrets = [link.secret for link in make_links(round_)]
    _answer(secrets[:10], 9, _today(), LONG_TEXT)
    site.rounds["big"] = _address(review, round_)
    site.links |= {f"big {n}": f"/i/{secret}" for n, secret in enumerate(secrets)}


def _big_person(n: int, role: str) -> Person:
    name = f"Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh {n:02}" if n % 7 == 0 else f"Robin {n:02}"
    return Person(name=name, email=f"robin.{n:02}.{'long' * 8}@example.org", role=role, agency=LONG_NAME)

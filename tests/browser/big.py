"""A board with a long name, a look of its own, many reviews, many people and long answers."""

import zlib
from struct import pack

from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services.boards import change_board, create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage import boards
from scrqm_forms.storage.reviews import round_by_id

from .making import address_of, answer, today

LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
LONG_TEXT = "\n\n".join([f"{LONG_WORD} " + "We met, and talked about what had been asked of us. " * 30] * 4)
LONG_NAME = "Ashcombe, Brindlemere and Upper Calverdale Safeguarding Children Partnership (Pan-County Arrangements)"
ROLES = ("chair", "panel", "lead_reviewer", "business_unit", "practitioner")


def picture() -> bytes:
    """A logo: a violet field, 320 by 100 pixels, as PNG."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    rows = (b"\0" + b"\x7a\x1f\x5c" * 320) * 100
    head = pack(">IIBBBBB", 320, 100, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def make_big_board() -> tuple[str, list[str]]:
    """(path of its round, secrets of everybody's links); nine people have sent their answers, a tenth has begun."""
    board = create_board(OPERATOR, LONG_NAME, today(), key="big", vocabulary="lcspr")
    look = {"accent": "#7a1f5c", "logo": picture(), "plugins": ["example_board"]}
    change_board(OPERATOR, board, support="Jo Lindqvist: 01632 960 001", **look)
    board = boards.get_board(OPERATOR, "big")
    for n in range(60):
        create_review(OPERATOR, board, NewReview(reference=f"2026-{n:02}"), today())
    title = f"The review of {LONG_NAME}, {LONG_WORD}"
    review = create_review(OPERATOR, board, NewReview(reference="2026-LONG", title=title), today())
    markers = ("qm01", "qm08", "qm11", "exb01")
    settings = RoundSettings(purpose="reflect", mode="named", minimum=5, roles=ROLES, markers=markers, lengths={})
    round_ = create_round(context(), review, settings, today())
    invite_people(round_, [_person(n, ROLES[n % 5]) for n in range(60)])
    open_round(context(), round_by_id(round_.id), today())
    secrets = [link.secret for link in make_links(round_)]
    answer(secrets[:10], 9, today(), LONG_TEXT)
    return address_of(review, round_), secrets


def _person(n: int, role: str) -> Person:
    name = f"Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh {n:02}" if n % 7 == 0 else f"Robin {n:02}"
    return Person(name=name, email=f"robin.{n:02}.{'long' * 8}@example.org", role=role, agency=LONG_NAME)

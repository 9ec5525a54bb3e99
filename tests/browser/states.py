"""Boards, rounds and administrators in every state that pages tell apart."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask_security import hash_password

from scrqm_forms.domain.improvement import Aim
from scrqm_forms.domain.permission import read_permissions
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.administrators import invite_administrator
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.demo import Demo
from scrqm_forms.services.improvements import make_improvement, root_of_marker
from scrqm_forms.services.keeping import hold_round, purge_review
from scrqm_forms.services.reviews import NewReview, create_review
from scrqm_forms.services.rounds import close_round
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage import accounts, boards
from scrqm_forms.storage.database import writing
from scrqm_forms.web.app import create_app

from .big import make_big_board
from .making import make_round, operator, round_at, today
from .site import Site, open_copy, serve

#: Name of a round -> what is special about it.
ROUNDS: dict[str, dict[str, Any]] = {
    "draft": {"mode": "named", "people": 0, "state": "draft"},
    "draft_with_people": {"people": 6, "state": "draft"},
    "draft_small": {"people": 3, "state": "draft", "groups": (("chair",), ("practitioner",))},
    "draft_past": {"people": 6, "state": "draft", "began": -20},
    "nobody": {"mode": "named", "people": 0},
    "meanwhile": {"mode": "named", "people": 2, "has_links": False},
    "waiting": {"mode": "named", "people": 3, "begun": 2, "sent": 1},
    "open": {"people": 6, "begun": 3, "sent": 1},
    "sent": {"mode": "named", "people": 1, "sent": 1},
    "all_sent": {"mode": "named", "people": 1, "sent": 1},
    "withdrawn": {"mode": "named", "people": 2, "begun": 1},
    "past": {"people": 6, "begun": 1, "began": -20},
    "held": {"mode": "named", "people": 2, "begun": 2, "sent": 1},
    "few": {"people": 6, "sent": 2, "state": "closed"},
    "none_sent": {"mode": "named", "people": 2, "state": "closed"},
    "closed": {"people": 6, "sent": 6, "state": "closed"},
    "ending": {"mode": "named", "people": 1, "sent": 1, "state": "closed", "began": -350},
    "due": {"mode": "named", "people": 2, "begun": 1, "began": -400},
    "deleted": {"mode": "named", "people": 2, "sent": 2, "state": "closed", "began": -400},
    "trial": {"mode": "named", "people": 1},
}
#: Who may only set reviews up on the example board; who cannot sign in any more.
BEN, EVE = "ben@example.org", "eve@example.org"
PASSWORD = "three words here"


@contextmanager
def serve_standing(filled: Path, demo: Demo, folder: Path) -> Iterator[Site]:
    """The demonstration with rounds in every state, and beside it a program that nobody has used yet."""
    site = open_copy(filled, demo, folder / "instance")
    add_states(site)
    empty = create_app(folder / "empty", local=True)
    with ExitStack() as stack:
        site.url = stack.enter_context(serve(site.app))
        site.empty = Site(stack.enter_context(serve(empty)), empty)
        yield site


def add_states(site: Site) -> None:
    with site.app.app_context():
        create_board(OPERATOR, "Second Board", today(), key="second")
        example = boards.get_board(OPERATOR, "example")
        for name, special in ROUNDS.items():
            _add(site, name, *make_round(example, name, **special))
        create_review(OPERATOR, example, NewReview(reference="no round"), today())
        fill_round(round_at(site.rounds["trial"]), 8, 1, today())
        hold_round(round_at(site.rounds["held"]), by=operator())
        purge_review(round_at(site.rounds["deleted"]).review, today(), by=operator())
        _add(site, "big", *make_big_board())
        _add_administrators()
        _add_improvement(site)


def _add(site: Site, name: str, path: str, secrets: list[str]) -> None:
    site.rounds[name] = path
    site.links |= {f"{name} {n}": f"/i/{secret}" for n, secret in enumerate(secrets)}


def _add_administrators() -> None:
    board = boards.get_board(OPERATOR, "example")
    hashed = hash_password(PASSWORD)
    with writing():
        for email, name in ((BEN, "Ben Achebe"), (EVE, "Eve Wu")):
            row = accounts.add_administrator(name=name, email=email, password_hash=hashed, every_board=False)
            boards.add_board_administrator(board, row.id, read_permissions(["manage"]))
            accounts.change_active(row.id, email != EVE)
    now = datetime.now(UTC)
    invite_administrator(OPERATOR, board, "ida@example.org", ["manage", "read_answers", "service"], now)
    invite_administrator(OPERATOR, board, "late@example.org", ["read_answers"], now - timedelta(days=9))


def _add_improvement(site: Site) -> None:
    """Late, with a text too long to break in it, and from a confidential round."""
    review = round_at(site.rounds["closed"]).review
    aim = Aim(
        change="Ask for one page of facts from each agency before the first meeting, and for nothing else.",
        outcome="TextWithoutAnyBlank" * 6,
        owner="Late owner",
        state="agreed",
        due_on=today() - timedelta(days=9),
    )
    root = root_of_marker(context(), review.board, "qm08")
    make_improvement(review.board, review, root, aim, by=operator())


def close_meanwhile(site: Site) -> None:
    """What somebody else does to the round "meanwhile"."""
    with site.app.app_context():
        close_round(round_at(site.rounds["meanwhile"]), today())

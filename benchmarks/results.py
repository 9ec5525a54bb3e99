"""Results of 1,000 responses: the overview and a marker's page, against a bare pass over the same documents.

A bare pass reads the documents with the driver's own cursor and counts the answers it finds: no application, no page.
The pages are whole requests, with sign-in, rights, log, database and HTML. All in one thread and in turns, since
machines drift; memory is the peak of Python's own allocations while the page is made, with its text.

Measured on 2 shared cores with others at work (medians, load 5), 1,000 responses: bare pass 97 ms, overview 162 ms
(1.7x), again from the cache 16 ms (what is left is the page and some small queries); a marker's page 47 ms against
17 ms (2.75x). Peak: overview 1.2 MiB at 1,000 responses and 1.3 MiB at 5,000, so flat; a marker's page 2.0 and 8.2 MiB,
since it shows all that was written of that marker, in full; nothing of other markers is read.

Run: python benchmarks/results.py [RESPONSES] [ROUNDS]
"""

import statistics
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.review import OPERATOR, Round
from scrqm_forms.services import overview
from scrqm_forms.services.accounts import add_demo_administrator
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.reviews import NewReview, base_set, create_review, create_round, markers_of_board, roles_of
from scrqm_forms.services.rounds import close_round, open_round
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage.database import db
from scrqm_forms.storage.reviews import round_by_id
from scrqm_forms.web.app import create_app
from scrqm_forms.web.demo import add_demo_links

TODAY = date.today()  # noqa: DTZ011  the day on which the program runs
MARKER = "qm08"
ENTRIES = (
    "select r.group_key, e.key, e.document from response r join entry e on e.response_id = r.id "
    "where r.round_id = ? and r.submitted"
)


def main(number: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(f"{folder}/instance", local=True)
        with app.app_context():
            round_ = make_round(number)
        client, address = sign_in(app, round_)
        with app.app_context():
            ways = {
                "bare pass, all": lambda: bare_pass(round_, ENTRIES, (round_.id,)),
                "overview": lambda: first_view(client, f"{address}results"),
                "overview, again": lambda: fetch(client, f"{address}results"),
                f"bare pass, {MARKER}": lambda: bare_pass(round_, f"{ENTRIES} and e.key = ?", (round_.id, MARKER)),
                f"page of {MARKER}": lambda: fetch(client, f"{address}results/{MARKER}"),
            }
            times = time_in_turns(ways, rounds)
            peaks = {name: peak_of(way) for name, way in ways.items()}
            db.session.remove()
            db.engine.dispose()
    report(number, times, peaks)


def report(number: int, times: dict[str, list[float]], peaks: dict[str, float]) -> None:
    print(f"{number} responses")
    middle = {name: statistics.median(found) for name, found in times.items()}
    for name, found in times.items():
        spread = f"({min(found):.1f} to {max(found):.1f})"
        print(f"{name:18}{middle[name]:9.1f} ms   {spread:22} {peaks[name]:7.1f} MiB at most")
    print(f"overview / bare pass:       {middle['overview'] / middle['bare pass, all']:.2f}   (under 3)")
    print(f"overview from the cache:    {middle['overview, again']:.1f} ms   (under 20)")
    of_marker = middle[f"page of {MARKER}"] / middle[f"bare pass, {MARKER}"]
    print(f"marker's page / bare pass:  {of_marker:.2f}   (under 3)")


def make_round(number: int) -> Round:
    """A closed named round of all shipped markers, everybody answering in full."""
    board = create_board(OPERATOR, "Board", TODAY, key="board")
    markers = markers_of_board(context(), board)
    settings = RoundSettings(
        purpose="reflect",
        mode="named",
        minimum=5,
        roles=tuple(role.key for role in roles_of(base_set(markers))),
        markers=tuple(each.marker.id for each in markers),
        lengths={},
    )
    review = create_review(OPERATOR, board, NewReview(reference="1"), TODAY)
    round_ = create_round(context(), review, settings, TODAY, TODAY + timedelta(days=7))
    open_round(context(), round_, TODAY)
    fill_round(round_by_id(round_.id), number, 1, TODAY)
    db.session.expire_all()
    close_round(round_by_id(round_.id), TODAY)
    db.session.expire_all()
    return round_by_id(round_.id)


def sign_in(app: Flask, round_: Round) -> tuple[FlaskClient, str]:
    """A browser that may see everything, and where the round's pages are."""
    from scrqm_forms.services.demo import Demo

    with app.app_context():
        administrator = add_demo_administrator("Pat", "pat@example.org")
        demo = Demo(administrator_id=administrator, participant="", round=round_)
    path, _ = add_demo_links(app, demo)
    client = app.test_client()
    client.get(path)
    return client, f"/boards/board/reviews/{round_.review.key}/{round_.key}/"


def bare_pass(round_: Round, query: str, values: tuple[object, ...]) -> Any:
    decode = msgspec.json.Decoder().decode
    counts: Counter[tuple[str, str, str, str]] = Counter()
    connection = db.engine.raw_connection()
    try:
        for group, key, document in connection.cursor().execute(query, values):
            entry = decode(document)
            for question, code in entry.get("answers", {}).items():
                counts[group, key, question, code] += 1
            counts[group, key, "judgement", entry.get("judgement", "")] += 1
    finally:
        connection.close()
    return counts


def first_view(client: FlaskClient, address: str) -> Any:
    overview._kept.clear()
    return fetch(client, address)


def fetch(client: FlaskClient, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.status
    return response.data


def time_in_turns(ways: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of one call, `rounds` times for each way."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            times[name].append((time.perf_counter() - start) * 1000)
    return times


def peak_of(way: Callable[[], Any]) -> float:
    """MiB."""
    tracemalloc.start()
    try:
        way()
        return tracemalloc.get_traced_memory()[1] / 2**20
    finally:
        tracemalloc.stop()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 9)

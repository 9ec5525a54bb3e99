"""Results against a bare pass over the same documents, which counts what it finds: no application, no page.

The pages are whole requests, with sign-in, rights, log, database and HTML.
"""

from collections import Counter
from pathlib import Path

import msgspec
from flask import Flask
from flask.testing import FlaskClient

from benchmarks.data import TODAY, Chosen, first_round, site_with
from benchmarks.timing import OURS, Figure, compare, limit, take_turns
from scrqm_forms.services import overview
from scrqm_forms.services.accounts import add_demo_administrator
from scrqm_forms.services.demo import Demo
from scrqm_forms.services.rounds import close_round
from scrqm_forms.storage.database import db
from scrqm_forms.web.demo import add_demo_links

BARE, BARE_MARKER, AGAIN, MARKER = "bare pass", "bare pass, one marker", "again", "marker"
ENTRIES = (
    "select r.group_key, e.key, e.document from response r join entry e on e.response_id = r.id "
    "where r.round_id = 1 and r.submitted"
)


def measure(folder: Path, chosen: Chosen) -> list[Figure]:
    with site_with(folder, chosen, chosen.few) as app:
        close_round(first_round(), TODAY)  # what an open one comes to is not kept
        client, address = sign_in(app)
        ways = {
            OURS: lambda: first_view(client, address),
            BARE: lambda: bare_pass(ENTRIES),
            AGAIN: lambda: fetch(client, address),
            MARKER: lambda: fetch(client, f"{address}/{chosen.marker}"),
            BARE_MARKER: lambda: bare_pass(f"{ENTRIES} and e.key = '{chosen.marker}'"),
        }
        times = take_turns(ways, chosen.rounds)
    of = f"results of {chosen.few:,} responses"
    return [
        compare(f"Overview, {of}", times, BARE, 3),
        limit("The same from the cache", times[AGAIN], 20),
        compare(f"One marker, {of}", times, BARE_MARKER, 3, MARKER),
    ]


def sign_in(app: Flask) -> tuple[FlaskClient, str]:
    """A browser that may see everything, and where the results are."""
    administrator, round_ = add_demo_administrator("Pat", "pat@example.org"), first_round()
    _, path = add_demo_links(app, Demo(administrator_id=administrator, participant="", round=round_))
    client = app.test_client()
    return client, client.get(path).location


def bare_pass(query: str) -> Counter[tuple[str, str, str, str]]:
    decode = msgspec.json.Decoder().decode
    counts: Counter[tuple[str, str, str, str]] = Counter()
    connection = db.engine.raw_connection()
    try:
        for group, key, document in connection.cursor().execute(query):
            entry = decode(document)
            for question, code in entry.get("answers", {}).items():
                counts[group, key, question, code] += 1
            counts[group, key, "judgement", entry.get("judgement", "")] += 1
    finally:
        connection.close()
    return counts


def first_view(client: FlaskClient, address: str) -> bytes:
    overview._kept.clear()
    return fetch(client, address)


def fetch(client: FlaskClient, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, response.status
    return bytes(response.data)

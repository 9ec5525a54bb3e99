"""Saving a page over HTTP, against SQLite's own rate for the same transaction on the same disk.

A real program in a process of its own; 1 and 8 clients, who share the machine with it. The baseline is plain SQLite
(no encryption), which stores the same document in a transaction each. In turns, since machines drift.
Run: python benchmarks/saving.py [SAVES PER CLIENT]
"""

import http.client
import json
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import open_round
from scrqm_forms.storage.database import db

MARKER, CLIENTS = "qm08", 8
TEXT = "A reflection of some length, as people would write it. " * 6


def main(saves: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        links, port = set_up(Path(folder) / "instance"), free_port()
        command = [sys.executable, "-c", "from scrqm_forms.cli import main; main()", "--instance", f"{folder}/instance"]
        program = subprocess.Popen([*command, "run", "--local", "--port", str(port)], stderr=subprocess.PIPE, text=True)
        try:
            next(line for line in program.stderr or () if "SCRQM Forms is at" in line)
            clients = [Client(port, link) for link in links]
            alone, many, plain = [], [], []
            for _ in range(5):
                plain.append(plain_rate(Path(folder) / "plain.db", saves * 10))
                alone.append(measure(clients[:1], saves))
                many.append(measure(clients, saves))
        finally:
            program.terminate()
            program.wait()
    rate = statistics.median(plain)
    print(f"plain SQLite: {rate:.0f} transactions a second")
    tell("1 client", alone, rate)
    tell(f"{CLIENTS} clients", many, rate)


def tell(who: str, runs: list[tuple[float, list[float]]], plain: float) -> None:
    rate = statistics.median(rate for rate, _ in runs)
    times = sorted(seconds for _, each in runs for seconds in each)
    middle, slow = times[len(times) // 2], times[len(times) * 99 // 100]
    print(f"{who}: {rate:.0f} saves a second, {rate / plain:.2f} of plain SQLite's (at least 0.2)")
    print(
        f"  half within {middle * 1000:.1f} ms; 99 of 100 within {slow * 1000:.1f} ms: {slow / middle:.1f}x (at most 5)"
    )


def set_up(instance: Path) -> list[str]:
    """Paths of the links of a new round."""
    today = date.today()  # noqa: DTZ011  the day on which the program runs
    roles = ("lead_reviewer",)
    settings = RoundSettings(purpose="reflect", mode="named", minimum=5, roles=roles, markers=(MARKER,), lengths={})
    with make_app(instance, local=True).app_context():
        review = create_review(OPERATOR, create_board(OPERATOR, "Board", today), NewReview(reference="R"), today)
        round_ = create_round(context(), review, settings, today, today + timedelta(days=7))
        invite_people(round_, [Person(name=f"P{n}", email="", role=roles[0], agency="") for n in range(CLIENTS)])
        open_round(context(), round_, today)
        links = [f"/i/{link.secret}" for link in make_links(round_)]
        db.session.remove()
        db.engine.dispose()
    return links


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


class Client:
    """A browser that keeps its connection, and saves as the page's script does."""

    def __init__(self, port: int, link: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._cookie, self._number = "", 0
        token = find(r'name="csrf_token" value="([^"]+)"', self._send("GET", link))
        self._send("POST", link, urlencode({"csrf_token": token}))
        self._page = f"{self._location}{MARKER}"
        page = self._send("GET", self._page)
        self._token, self._version = (
            find(rf'name="{name}" value="([^"]+)"', page) for name in ("csrf_token", "version")
        )

    def save(self) -> float:
        """Seconds until it is acknowledged."""
        self._number += 1
        fields = {"reflection-helped": f"{self._number} {TEXT}", "judgement": "met"}
        body = urlencode({"csrf_token": self._token, "version": self._version, **fields})
        begun = time.perf_counter()
        answer = self._send("POST", f"{self._page}/autosave", body)
        seconds = time.perf_counter() - begun
        self._version = json.loads(answer)["version"]
        return seconds

    def _send(self, method: str, path: str, body: str = "") -> str:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        self._connection.request(method, path, body or None, {"Cookie": self._cookie, **kind})
        response = self._connection.getresponse()
        cookies = [cookie.partition(";")[0] for cookie in response.headers.get_all("Set-Cookie", [])]
        self._cookie = "; ".join(cookies) or self._cookie
        self._location = response.headers.get("Location", "")
        return response.read().decode()


def find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found is not None
    return found[1]


def measure(clients: list[Client], saves: int) -> tuple[float, list[float]]:
    """(saves a second, seconds of each)"""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        times = list(pool.map(lambda client: [client.save() for _ in range(saves)], clients))
    seconds = time.perf_counter() - begun
    return len(clients) * saves / seconds, [each for client in times for each in client]


def plain_rate(file: Path, number: int) -> float:
    """Transactions a second of the same write."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS entry (id TEXT PRIMARY KEY, version INT, document TEXT) WITHOUT ROWID"
    )
    begun = time.perf_counter()
    for n in range(number):
        document = json.dumps({"judgement": "met", "reflections": {"helped": f"{n} {TEXT}"}})
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO entry VALUES (?, 1, ?) ON CONFLICT (id) DO UPDATE SET version = version + 1, document = ?",
            (str(n % CLIENTS), document, document),
        )
        connection.execute("COMMIT")
    seconds = time.perf_counter() - begun
    connection.close()
    return number / seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)

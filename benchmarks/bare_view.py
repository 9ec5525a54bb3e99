"""A Flask view that stores what it is sent in plain SQLite, and nothing else: the nearest that Flask can come.

`python -m benchmarks.bare_view FILE` serves it as `scrqm-forms run` serves its pages, and prints the port.
"""

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, request
from waitress.server import create_server

from benchmarks.server import TEXT, Browser

_UPSERT = "INSERT INTO entry VALUES (?, 1, ?) ON CONFLICT (id) DO UPDATE SET version = version + 1, document = ?"


def connect(file: str | Path) -> sqlite3.Connection:
    """With the table there, and as safe on the disk as our own database is."""
    connection = sqlite3.connect(file, isolation_level=None)
    for statement in (
        "PRAGMA journal_mode = WAL",
        "PRAGMA synchronous = FULL",
        "CREATE TABLE IF NOT EXISTS entry (id TEXT PRIMARY KEY, version INT, document TEXT) WITHOUT ROWID",
    ):
        connection.execute(statement)
    return connection


def store(connection: sqlite3.Connection, key: str, judgement: str, text: str) -> None:
    """A transaction of its own."""
    document = json.dumps({"judgement": judgement, "reflections": {"helped": text}})
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_UPSERT, (key, document, document))
    connection.execute("COMMIT")


def main(file: str) -> None:
    app, own, one_at_a_time = Flask(__name__), threading.local(), threading.Lock()

    @app.post("/<key>")
    def save(key: str) -> dict[str, str]:
        if not hasattr(own, "connection"):
            own.connection = connect(file)
        with one_at_a_time:
            store(own.connection, key, request.form["judgement"], request.form["reflection-helped"])
        return {"version": "1"}

    server: Any = create_server(app, host="127.0.0.1", port=0, threads=8)
    print(server.effective_port, flush=True)
    server.run()


@contextmanager
def serving(file: Path) -> Iterator[int]:
    """The port on which it is served, by a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bare_view", str(file)]
    program = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert program.stdout is not None
        yield int(program.stdout.readline())
    finally:
        program.terminate()
        program.communicate()


class BareWriter:
    """Sends what a participant's page would."""

    refused = 0

    def __init__(self, port: int, number: int) -> None:
        self._browser, self._path, self._saved = Browser(port), f"/{number}", 0

    def save(self) -> float:
        """Seconds until it is acknowledged."""
        self._saved += 1
        fields = {"reflection-helped": f"Save {self._saved}. {TEXT}", "judgement": "met", "version": str(self._saved)}
        begun = time.perf_counter()
        response = self._browser.open("POST", self._path, fields)
        assert json.load(response), response.status
        return time.perf_counter() - begun


if __name__ == "__main__":
    main(*sys.argv[1:])

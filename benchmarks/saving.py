"""Saving a page over HTTP, against SQLite's own rate for the same transaction on the same disk.

A real program in a process of its own; 1 and 8 clients, who share the machine with it and save without a pause. The
baseline is plain SQLite (no encryption), which stores the same document in a transaction each. By the clock.
"""

import json
import sqlite3
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain
from pathlib import Path
from statistics import median

from benchmarks.data import Chosen, folder_of, invite, site_with
from benchmarks.server import TEXT, Writer, percentile, serving
from benchmarks.timing import Figure

CLIENTS, SAVES = 8, 100


def measure(folder: Path, chosen: Chosen) -> list[Figure]:
    with site_with(folder, chosen, chosen.few):
        secrets = invite(chosen, CLIENTS)
    plain, alone, many = [], [], []
    with serving(folder_of(folder, chosen, chosen.few)) as port:
        writers = [Writer(port, secret, chosen.marker) for secret in secrets]
        for _ in range(chosen.rounds):
            plain.append(plain_rate(folder / "plain.db", SAVES * 10))
            alone.append(save_all(writers[:1]))
            many.append(save_all(writers))
    p50, p99 = ([percentile(saves, hundredth) for _, saves in many] for hundredth in (50, 99))
    what, ratios = f"Saving, {CLIENTS} clients without a pause", tuple(a / b for a, b in zip(p99, p50, strict=True))
    return [
        _compare_rates("Saving, 1 client", [rate for rate, _ in alone], plain),
        _compare_rates(what, [rate for rate, _ in many], plain),
        Figure(what, f"p99 {median(p99):.1f} ms", f"{median(p50):.1f} ms: its own p50", ratios, 5),
    ]


def _compare_rates(what: str, ours: Sequence[float], plain: Sequence[float]) -> Figure:
    ratios = tuple(mine / theirs for mine, theirs in zip(ours, plain, strict=True))
    baseline = f"{median(plain):,.0f}/s: `sqlite3`, a transaction each"
    return Figure(what, f"{median(ours):,.0f}/s", baseline, ratios, 0.2, at_least=True)


def save_all(writers: Sequence[Writer]) -> tuple[float, list[float]]:
    """(saves a second, seconds of each)"""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(writers)) as pool:
        saves = list(chain.from_iterable(pool.map(lambda writer: [writer.save() for _ in range(SAVES)], writers)))
    assert not any(writer.refused for writer in writers)
    return len(saves) / (time.perf_counter() - begun), saves


def plain_rate(file: Path, number: int) -> float:
    """Transactions a second of the same write."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
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
        return number / (time.perf_counter() - begun)

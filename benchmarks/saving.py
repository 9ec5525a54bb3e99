"""Saving a page over HTTP, against SQLite's own rate for the same transaction on the same disk.

A real program in a process of its own; 1 and 8 clients, who share the machine with it and save without a pause. The
baseline is plain SQLite (no encryption), which stores the same document in a transaction each. By the clock. A bare
Flask view over that same transaction shows how near to it any program on Flask can come.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import chain
from pathlib import Path
from statistics import median

from benchmarks import bare_view
from benchmarks.bare_view import BareWriter
from benchmarks.data import Chosen, folder_of, invite, site_with
from benchmarks.server import TEXT, Writer, percentile, serving
from benchmarks.timing import Figure

CLIENTS, SAVES = 8, 100


def measure(folder: Path, chosen: Chosen) -> list[Figure]:
    with site_with(folder, chosen, chosen.few):
        secrets = invite(chosen, CLIENTS)
    plain, alone, many, bare = [], [], [], []
    with (
        serving(folder_of(folder, chosen, chosen.few)) as port,
        bare_view.serving(folder / "bare.db") as bare_port,
    ):
        writers = [Writer(port, secret, chosen.marker) for secret in secrets]
        bare_writers = [BareWriter(bare_port, number) for number in range(CLIENTS)]
        for _ in range(chosen.rounds):
            plain.append(plain_rate(folder / "plain.db", SAVES * 10))
            alone.append(save_all(writers[:1]))
            many.append(save_all(writers))
            bare.append(save_all(bare_writers))
    p50, p99 = ([percentile(saves, hundredth) for _, saves in many] for hundredth in (50, 99))
    what, ratios = f"Saving, {CLIENTS} clients without a pause", tuple(a / b for a, b in zip(p99, p50, strict=True))
    return [
        _compare_rates("Saving, 1 client", [rate for rate, _ in alone], plain),
        _compare_rates(what, [rate for rate, _ in many], plain, _say_limit([rate for rate, _ in bare], plain)),
        Figure(what, f"p99 {median(p99):.1f} ms", f"{median(p50):.1f} ms: its own p50", ratios, 5),
    ]


def _compare_rates(what: str, ours: Sequence[float], plain: Sequence[float], note: str = "") -> Figure:
    baseline = f"{median(plain):,.0f}/s: `sqlite3`, a transaction each"
    return Figure(what, f"{median(ours):,.0f}/s", baseline, _ratios(ours, plain), 0.2, at_least=True, note=note)


def _say_limit(bare: Sequence[float], plain: Sequence[float]) -> str:
    """How near a program on Flask can come at all; the rest is what this one does more."""
    rate, ratio = median(bare), median(_ratios(bare, plain))
    return (
        f"A bare Flask view of the same transaction, without sign-in, checks or encryption, saves {rate:,.0f}/s with "
        f"{CLIENTS} clients: {ratio:.2f} of `sqlite3`."
    )


def _ratios(ours: Sequence[float], plain: Sequence[float]) -> tuple[float, ...]:
    return tuple(mine / theirs for mine, theirs in zip(ours, plain, strict=True))


def save_all(writers: Sequence[Writer] | Sequence[BareWriter]) -> tuple[float, list[float]]:
    """(saves a second, seconds of each)"""
    begun = time.perf_counter()
    with ThreadPoolExecutor(len(writers)) as pool:
        saves = list(chain.from_iterable(pool.map(lambda writer: [writer.save() for _ in range(SAVES)], writers)))
    assert not any(writer.refused for writer in writers)
    return len(saves) / (time.perf_counter() - begun), saves


def plain_rate(file: Path, number: int) -> float:
    """Transactions a second of the same write."""
    with closing(bare_view.connect(file)) as connection:
        begun = time.perf_counter()
        for n in range(number):
            bare_view.store(connection, str(n % CLIENTS), "met", f"{n} {TEXT}")
        return number / (time.perf_counter() - begun)

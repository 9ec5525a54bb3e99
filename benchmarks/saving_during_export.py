"""Saving goes on during a long export, and a download begins at once. `python -m benchmarks.saving_during_export`

A real program in a process of its own, over HTTP. 8 people save once in 100 ms each, in turn, alone and while somebody
downloads everything as Excel. The first byte: of the first export after the program's start, which has the aim, and of
the next.
"""

import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from benchmarks.data import Chosen, first_round, folder_of, invite, site_with
from benchmarks.server import Browser, Writer, percentile, serving, sign_in
from benchmarks.timing import Figure
from scrqm_forms.services.accounts import make_sign_in_link

PEOPLE, EVERY, ALONE = 8, 0.1, 10
#: Milliseconds within which an answer seems to come at once.
AT_ONCE = 100


def measure(folder: Path, chosen: Chosen) -> list[Figure]:
    return [*measure_saving(folder, chosen), *measure_first_bytes(folder, chosen)]


def measure_saving(folder: Path, chosen: Chosen) -> list[Figure]:
    with site_with(folder, chosen, chosen.responses):
        secrets, link, path = invite(chosen, PEOPLE), make_sign_in_link(datetime.now(UTC)), export_path("excel")
    alone, during = [], []
    with serving(folder_of(folder, chosen, chosen.responses)) as port:
        writers = [Writer(port, secret, chosen.marker) for secret in secrets]
        with closing(sign_in(port, link)) as browser:
            for _ in range(chosen.rounds):
                alone.append(save_while(writers, lambda: time.sleep(ALONE)))
                during.append(save_while(writers, lambda: download(browser, path)))
        lost = sum(writer.refused + writer.has_lost() for writer in writers)
    what = f"Saving, {PEOPLE} people, during Excel of {chosen.responses:,} responses"
    p99 = tuple(percentile(saves, 99) for saves in during)
    number = f"{sum(map(len, during)):,} saves"
    return [
        Figure(f"{what}: p99", _told(during), f"{_told(alone)}: nobody exports", p99, AT_ONCE, " ms"),
        Figure(f"{what}: lost or refused", number, "", (lost,), 0),
    ]


def save_while(writers: list[Writer], way: Callable[[], None]) -> list[float]:
    ended = threading.Event()
    with ThreadPoolExecutor(len(writers)) as pool:
        begin = [number * EVERY / len(writers) for number in range(len(writers))]
        saving = [
            pool.submit(writer.save_until, ended, EVERY, after) for writer, after in zip(writers, begin, strict=True)
        ]
        try:
            way()
        finally:
            ended.set()
        return [save for each in saving for save in each.result()]


def download(browser: Browser, path: str) -> None:
    response = browser.open("GET", path)
    assert response.status == 200
    while response.read(1 << 20):
        pass


def measure_first_bytes(folder: Path, chosen: Chosen) -> list[Figure]:
    each = [(responses, key) for responses in (100, chosen.responses) for key in ("csv", "excel")]
    return [_compare_first_bytes(folder, chosen, responses, key) for responses, key in each]


def _compare_first_bytes(folder: Path, chosen: Chosen, responses: int, key: str) -> Figure:
    cold, warm = zip(*(_first_and_next(folder, chosen, responses, key) for _ in range(chosen.rounds)), strict=True)
    what = f"First byte, {key} of {responses:,} responses"
    return Figure(what, f"{median(cold):.0f} ms after start", f"{median(warm):.0f} ms: the next", cold, AT_ONCE, " ms")


def _first_and_next(folder: Path, chosen: Chosen, responses: int, key: str) -> tuple[float, float]:
    """Milliseconds."""
    with site_with(folder, chosen, responses):
        link, path = make_sign_in_link(datetime.now(UTC)), export_path(key)
    with serving(folder_of(folder, chosen, responses)) as port, closing(sign_in(port, link)) as browser:
        return first_byte(browser, path), first_byte(browser, path)


def first_byte(browser: Browser, path: str) -> float:
    """Milliseconds. Whoever has it goes away, and the program has a moment to notice."""
    begun = time.perf_counter()
    response = browser.open("GET", path)
    assert response.read(1)
    taken = time.perf_counter() - begun
    response.close()
    browser.close()
    time.sleep(0.3)
    return taken * 1000


def export_path(key: str) -> str:
    round_ = first_round()
    return f"/boards/board/reviews/{round_.review.key}/{round_.key}/export?format={key}"


def _told(runs: list[list[float]]) -> str:
    p50, p99, longest = (median(percentile(saves, hundredth) for saves in runs) for hundredth in (50, 99, 100))
    return f"p50 {p50:.0f}, p99 {p99:.0f}, longest {longest:.0f} ms"


if __name__ == "__main__":
    from benchmarks.__main__ import main

    main(["--only", "during", *sys.argv[1:]])

"""Requests go first: long work in a thread beside them waits while somebody waits for a page.

One Python program works on one thing at a time, so that a save would otherwise share its time with an export. And
each export keeps one of the server's threads until it is through: not all of them may be taken.
"""

import threading
import time
from collections.abc import Iterator
from typing import Any

#: Seconds of work after which is looked whether anybody waits, and the longest to wait for them at a time.
_WORK, _WAIT = 0.002, 0.02
#: Exports at once; `run` serves with eight threads.
MOST_EXPORTS = 4


class Precedence:
    """How many requests and exports are under way."""

    def __init__(self) -> None:
        self._exports = threading.BoundedSemaphore(MOST_EXPORTS)
        self._changed, self.under_way = threading.Condition(), 0

    def begin(self) -> None:
        with self._changed:
            self.under_way += 1

    def end(self) -> None:
        with self._changed:
            self.under_way -= 1
            self._changed.notify_all()

    def begin_export(self) -> bool:
        """False while there are as many as there may be."""
        return self._exports.acquire(blocking=False)

    def end_export(self) -> None:
        self._exports.release()

    def wait(self) -> float:
        """Until nothing is under way, or long enough; gives the seconds waited."""
        begun = time.monotonic()
        with self._changed:
            self._changed.wait_for(lambda: self.under_way == 0, _WAIT)
        return time.monotonic() - begun

    def after_requests(self, rows: Iterator[Any]) -> Iterator[Any]:
        """The same rows, read while nobody waits; for half of the time at least, however many there are."""
        look_at = time.monotonic() + _WORK
        for row in rows:
            yield row
            if time.monotonic() > look_at:
                look_at = max(_WORK, self.wait()) + time.monotonic()

"""An export sent as it is made: the format writes in a thread of its own, and its pieces are taken from there.

Whoever waits for a page goes first (`precedence.py`).
"""

import io
import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
from flask import Flask

from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.table import Table
from scrqm_forms.services.context import context
from scrqm_forms.services.export import Digesting, Exporting, GoneError, note_written, write_export
from scrqm_forms.services.precedence import MOST_EXPORTS

#: Bytes passed on at once, and how many such pieces may wait: then the format waits too, and memory stays the same.
_PIECE, _WAITING = 65_536, 8
_TOO_MANY = (
    f"{MOST_EXPORTS} files are being downloaded already, so that this one would keep people waiting who are answering. "
    "Try again when one of them is through."
)


class ExportStream:
    """The pieces of a file. Raises what `write_export` raises: at once while nothing is written, else in the midst.

    Whoever takes it must `close` it, whole or not: that ends the thread, its reading and its transaction. Raises
    Refused while too many are under way; `make` is not called then, and so nothing is noted as exported.
    """

    def __init__(self, app: Flask, make: Callable[[], Exporting], *, by: Actor | None) -> None:
        self._app, self._by = app, by
        self._pieces: queue.Queue[bytes | Digesting | BaseException] = queue.Queue(_WAITING)
        self._gone, self._precedence = threading.Event(), context().precedence
        if not self._precedence.begin_export():
            raise Refused(_TOO_MANY)
        self._is_counted = True
        try:
            self.exporting = _after_requests(make())
        except BaseException:
            self._leave()
            raise
        self._thread = threading.Thread(target=self._write, name="export", daemon=True)
        self._thread.start()
        self._first: bytes | Digesting | None = self._take()

    def __iter__(self) -> "ExportStream":
        return self

    def __next__(self) -> bytes:
        piece, self._first = self._first or self._take(), None
        if isinstance(piece, bytes):
            return piece
        self.close()
        with self._app.app_context():
            note_written(self.exporting, piece, by=self._by)
        raise StopIteration

    def close(self) -> None:
        """As often as one likes."""
        self._gone.set()
        self._thread.join()
        self._leave()

    def _leave(self) -> None:
        if self._is_counted:
            self._is_counted = False
            self._precedence.end_export()

    def _take(self) -> bytes | Digesting:
        found = self._pieces.get()
        if isinstance(found, BaseException):
            self.close()
            raise found from None  # its cause may hold an answer, and whoever serves the pages logs it
        return found

    def _write(self) -> None:
        with self._app.app_context():
            buffer = _Buffer(self._put)
            try:
                written = write_export(self.exporting, buffer)
                buffer.flush()
                self._put(written)
            except GoneError:
                return
            except BaseException as error:  # raised again where the pieces are taken
                self._fail(error)

    def _fail(self, error: BaseException) -> None:
        with suppress(GoneError):
            self._put(error)

    def _put(self, piece: bytes | Digesting | BaseException) -> None:
        """Wait until there is room. Raises GoneError once nobody takes the pieces any more."""
        while not self._gone.is_set():
            try:
                return self._pieces.put(piece, timeout=0.05)
            except queue.Full:
                continue
        raise GoneError


def _after_requests(exporting: Exporting) -> Exporting:
    after_requests = context().precedence.after_requests

    def patient(table: Table) -> Table:
        return msgspec.structs.replace(table, rows=lambda: after_requests(table.rows()))

    export = msgspec.structs.replace(exporting.export, tables=tuple(map(patient, exporting.export.tables)))
    return msgspec.structs.replace(exporting, export=export)


class _Buffer(io.RawIOBase):
    """Gathers small writes to pieces; the first goes on at once, so that the download begins."""

    def __init__(self, put: Callable[[bytes], None]) -> None:
        self._put, self._held, self._begun = put, bytearray(), False

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += data
        if len(self._held) >= _PIECE or not self._begun:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._held:
            self._begun = True
            self._put(bytes(self._held))
            self._held.clear()

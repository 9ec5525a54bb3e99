"""For the tests of plugins: one fixture, and a check for each thing that a plugin gives.

    from scrqm_forms.testing import check_export_format, plugin

    def test_format(plugin):
        for fmt in plugin.formats.values():
            check_export_format(fmt)

Each check raises AssertionError with a sentence. The shipped plugins pass them too.
"""

import io
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scrqm_forms.domain.message import Message
from scrqm_forms.domain.questionnaire import PURPOSES, freeze_marker
from scrqm_forms.domain.table import Cell, Column, Export, Table
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.hookspecs import Delivery, ExportFormat, MarkerFolder, TextCheck
from scrqm_forms.marker_library import load_library
from scrqm_forms.plugin_host import PluginHost
from scrqm_forms.services.text_checks import call_find

#: What people type: what spreadsheets act on, what ends a cell, other alphabets, half a letter, and a lot of it.
TEXTS = (
    "",
    "Plain words.",
    "=1+1",
    "+44 20 7946 0000",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "'quoted'",
    'a,b;c\td\n"e"\r\n',
    "007",
    "1/2",
    "#N/A",
    "<b>&amp;</b> ]]> -->",
    "שלום \u202eabc\u202c 👩‍👩‍👧 e\u0301",
    "half a letter: \ud83d",
    "\x00\x0b\x1f",
    "long " * 20_000,
)
_DAY = date(2026, 3, 2)
_ROWS: tuple[tuple[Cell, ...], ...] = tuple((f"R{n:05}", text, "met", n, _DAY) for n, text in enumerate(TEXTS, 1))
_COLUMNS = (
    Column(id="response", kind="code"),
    Column(id="qm08.helped", wording="What helped?"),
    Column(id="qm08.judgement", kind="code", labels={"met": "Met"}),
    Column(id="number", kind="count"),
    Column(id="submitted_on", kind="date"),
)
#: Seconds of the processor's time that a text check may take for the longest text.
LONGEST_CHECK = 1.0


def load_plugin(path: Path, settings: Mapping[str, Any] | None = None) -> PluginHost:
    """The plugin in a file or folder, alone. Raises AssertionError with all that is wrong with it."""
    name = path.name.removesuffix(".py")
    host = PluginHost({name: settings or {}})
    plugin = host.load_one(path)
    _expect(not plugin.errors, "\n".join(plugin.errors))
    _expect(not plugin.lacks, plugin.lacks)
    return host


@pytest.fixture
def plugin(request: pytest.FixtureRequest) -> PluginHost:
    """The plugin that a test stands beside: its folder, or `name.py` beside `test_name.py`."""
    folder = request.path.parent
    beside = folder / request.path.name.removeprefix("test_")
    return load_plugin(beside if beside != request.path and beside.is_file() else folder)


def check_markers(folder: MarkerFolder) -> None:
    """Every file is sound, no id is taken by a shipped marker, and each can be asked for every purpose."""
    library = load_library(Path("/nowhere"), [("this plugin", folder)])
    faults = library.plugin_faults.get("this plugin", [])
    _expect(not faults, "\n".join(faults))
    own = [library.markers[key] for key in library.plugin_of]
    _expect(bool(own), f"{folder.path}: there is no marker in this folder")
    for marker in own:
        for purpose in PURPOSES:
            for vocabulary in VOCABULARIES.values():
                freeze_marker(marker, purpose, vocabulary)


def check_export_format(fmt: ExportFormat) -> None:
    """Whatever people typed is written, forwards only, and what goes wrong with the rows is not hidden."""
    for rows in ((), _ROWS, (tuple(None for _ in _COLUMNS),)):
        tables = tuple(_table(key, rows) for key in (("answers",) if fmt.single_table else ("answers", "reflections")))
        stream = ForwardStream()
        fmt.write(_export(tables), stream)  # type: ignore[arg-type]
        _expect(not stream.closed, "write: it closed the stream; leave it open")
        _expect(bool(rows == () or stream.written), "write: it wrote nothing")
    broken = (_table("answers", _ROWS, broken=True),)
    try:
        fmt.write(_export(broken), ForwardStream())  # type: ignore[arg-type]
    except BrokenRows:
        return
    raise AssertionError("write: it went on when the rows could not be read; let the error pass, or half is missing")


def check_text_check(check: TextCheck, expected: Mapping[str, list[str]] | None = None) -> None:
    """It is quick, raises for no text, and finds in each text of `expected` these words, in order."""
    for text in TEXTS:
        start = time.process_time()
        call_find(check, text, "northshire", ("Ashdown",))
        _expect(
            time.process_time() - start < LONGEST_CHECK, f"find: more than {LONGEST_CHECK:g} seconds for a long text"
        )
    for text, words in (expected or {}).items():
        findings = call_find(check, text, "northshire", ("Ashdown",))
        found = [text[each.start : each.end] for each in sorted(findings, key=lambda each: each.start)]
        _expect(found == words, f"find: in {text!r} found {found}; expected {words}")


def check_delivery(delivery: Delivery) -> None:
    """What `pack` writes holds something for everybody with an address. `deliver` is not called: it might send."""
    if delivery.pack is None:
        return
    for messages in ([], [_message(n, text[:200]) for n, text in enumerate(TEXTS)]):
        stream = ForwardStream()
        delivery.pack(messages, stream)  # type: ignore[arg-type]
        _expect(not stream.closed, "pack: it closed the stream; leave it open")
        _expect(not messages or bool(stream.written), "pack: it wrote nothing")


class BrokenRows(Exception):
    """What a database that went away raises."""


class ForwardStream(io.RawIOBase):
    """Takes bytes, and cannot go back."""

    def __init__(self) -> None:
        self.written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.written += len(data)
        return len(data)


def _export(tables: tuple[Table, ...]) -> Export:
    return Export(about=(("review", "QXNTVBRA"), ("board", TEXTS[8])), tables=tables, options={"table": "all"})


def _table(key: str, rows: tuple[tuple[Cell, ...], ...], *, broken: bool = False) -> Table:
    def read() -> Iterator[tuple[Cell, ...]]:
        yield from rows
        if broken:
            raise BrokenRows

    return Table(key=key, title=key.capitalize(), about="For trying out.", columns=_COLUMNS, rows=read)


def _message(number: int, text: str) -> Message:
    """Names and addresses as boards type them; every third has no address."""
    name = text.encode(errors="replace").decode()
    email = "" if number % 3 == 0 else f"person{number}@example.org"
    link = f"https://reflect.example.org/i/{number}"
    return Message(
        id=f"{number:032}",
        name=name,
        email=email,
        role="chair",
        agency=name,
        subject=f"About {name}",
        body=f"Dear {name},\n\n{link}\n",
        link=link,
        board="Northshire Board",
    )


def _expect(holds: bool, sentence: str) -> None:
    if not holds:
        raise AssertionError(sentence)

"""Every hook, and the types a plugin handles. With `scrqm_forms.domain`, all that a plugin may import.

Each hook's docstring is its manual; docs/hooks.md tells the same at length, with a whole small plugin each.
Arguments are passed by name: an implementation takes those it wants. We add arguments, and never remove one.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pluggy
from msgspec import Struct

from scrqm_forms.domain.finding import Finding
from scrqm_forms.domain.message import Message
from scrqm_forms.domain.table import Column, Export, Table

__all__ = [
    "CannotSend",
    "Column",
    "Delivery",
    "Export",
    "ExportFormat",
    "Finding",
    "MarkerFolder",
    "Message",
    "Table",
    "TextCheck",
    "TryLater",
    "hookimpl",
]

PROJECT = "scrqm_forms"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class MarkerFolder(Struct, frozen=True, kw_only=True):
    """A folder with a set.toml and one TOML file per marker (docs/marker-format.md)."""

    path: Path
    #: Keys of the boards that get these markers; empty: boards whose settings name the plugin.
    boards: tuple[str, ...] = ()


class ExportFormat(Struct, frozen=True, kw_only=True):
    """A way to write an export to a file."""

    #: Used on the command line and in addresses: lower-case letters, digits and hyphens.
    key: str
    #: Shown to administrators: "Excel workbook".
    label: str
    media_type: str
    #: Ending of the file's name, with its dot.
    suffix: str
    #: `write(export, stream)` writes bytes to `stream`, which can only be written forwards.
    write: Callable[[Export, BinaryIO], None]
    #: The format holds one table a file; it is then given exactly one.
    single_table: bool = False
    #: The format finds words for codes itself; it is then given ids and codes, whatever was asked for.
    takes_codes: bool = False
    #: How cells are kept from being taken for formulas, in a sentence or two: stands in `about`.
    safety: str = ""


class TextCheck(Struct, frozen=True, kw_only=True):
    """Something to look for in free text before it is sent."""

    #: Lower-case letters, digits and hyphens.
    key: str
    #: Shown to administrators: "Telephone numbers".
    label: str
    #: `find(text)` gives a list of Finding. It is passed, by name, those of `text`, `board` (the board's key) and
    #: `words` (the list of words in the board's settings) that it names.
    find: Callable[..., list[Finding]]


class Delivery(Struct, frozen=True, kw_only=True):
    """A way in which invitations and reminders reach people: either `deliver` or `pack` is given."""

    #: Used on the command line and in forms: lower-case letters, digits and hyphens.
    key: str
    #: Shown to administrators: "E-mail".
    label: str
    #: `deliver(message)` sends one message; called from the outbox, never while somebody waits for a page.
    deliver: Callable[[Message], None] | None = None
    #: `pack(messages, stream)` writes all of them into one file, which an administrator keeps and sends.
    pack: Callable[[Sequence[Message], BinaryIO], None] | None = None
    #: Of the file that `pack` writes.
    media_type: str = ""
    suffix: str = ""


class TryLater(Exception):
    """Raised by `deliver`: this message was certainly not sent, and sending it is to be tried again later."""


class CannotSend(Exception):
    """Raised by `deliver`: this message was certainly not sent and never will be (there is no such address)."""


@hookspec
def register_markers(settings: Mapping[str, Any]) -> list[MarkerFolder]:  # type: ignore[empty-body]
    """Markers of a board's own.

    Called once at start. `settings` is the plugin's `[plugins.NAME]` table of config.toml. Return a list of
    MarkerFolder; their files are checked like any other, and a fault in one is shown on the Plugins page and costs
    that folder only. Marker ids must not be taken: a shipped marker can only be replaced from instance/markers.
    """


@hookspec
def register_export_formats(settings: Mapping[str, Any]) -> list[ExportFormat]:  # type: ignore[empty-body]
    """Formats that a round can be exported in.

    Called once at start. Return a list of ExportFormat. When somebody exports, `write(export, stream)` gets the
    tables, whose rows are read from the database as you iterate over them, and a stream for bytes. Text cells hold
    exactly what people typed: write them so that no program takes them for a formula. Raise to give up: no half
    file is left behind, and the person is told which format failed.
    """


@hookspec
def register_text_checks(settings: Mapping[str, Any]) -> list[TextCheck]:  # type: ignore[empty-body]
    """What to look for in free text before it is sent, such as telephone numbers.

    Called once at start. Return a list of TextCheck. When somebody reads their answers over, `find(text)` gets each
    text and returns a list of Finding: the place and a plain reason. What is found is marked for the writer alone; it
    never stops them, and is stored nowhere. Be quick, and mark too little rather than too much.
    """


@hookspec
def register_deliveries(settings: Mapping[str, Any]) -> list[Delivery]:  # type: ignore[empty-body]
    """Ways in which invitations and reminders reach people.

    Called once at start. Return a list of Delivery. `deliver(message)` sends one message and returns once it is
    handed over; raise TryLater if it certainly was not sent, CannotSend if it never can be. After anything else that
    is raised nobody knows, and the message is not sent again. `pack(messages, stream)` writes them all into a file.
    """

"""Write a round's tables in a format that a plugin gives."""

import hashlib
import io
import logging
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import msgspec
from flask import has_app_context
from msgspec import Struct

from scrqm_forms.domain.errors import NotOffered, Refused, place_of
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.presenting import ExportOptions, check_options, choose_tables, present_table
from scrqm_forms.domain.review import Board, Round
from scrqm_forms.domain.table import Export, Table
from scrqm_forms.hookspecs import ExportFormat
from scrqm_forms.services.context import Context, context, program_version
from scrqm_forms.services.noting import note
from scrqm_forms.services.plugin_faults import note_fault, note_working
from scrqm_forms.services.results import show_round
from scrqm_forms.services.tables import tables_of
from scrqm_forms.services.tables.about import about_table, facts_of
from scrqm_forms.services.tables.improvements import register_of
from scrqm_forms.storage.database import writing

log = logging.getLogger(__name__)

#: The table a format of a single table writes when none is named.
USUAL_TABLE = "responses"


class Exporting(Struct, frozen=True, kw_only=True):
    """What is to be written, and what the file will be."""

    of: Board | Round
    format: ExportFormat
    export: Export
    media_type: str
    #: Name of the file.
    name: str
    #: Several tables of a format that holds one a file, each a file in a zip.
    zipped: bool


def find_format(context: Context, key: str) -> ExportFormat:
    """Raises NotOffered naming the formats there are."""
    found = context.plugins.formats.get(key)
    if found is None:
        raise NotOffered(f'Format: "{key}" is not one of {", ".join(sorted(context.plugins.formats)) or "none"}.')
    return found


def make_export(
    round_: Round, fmt: ExportFormat, options: ExportOptions | None = None, *, by: Actor | None = None
) -> Exporting:
    """What `fmt` is to write. Raises NotOffered for an unknown table or option, Refused for what may not be shown."""
    options = options or ExportOptions()
    shown = show_round(round_)
    check_options(options, shown.questionnaire.mode)
    if fmt.takes_codes:
        options = msgspec.structs.replace(options, headings="ids", values="codes")
    wanted = options.tables or ((USUAL_TABLE,) if fmt.single_table else ("all",))
    facts = facts_of(shown, options, fmt.safety)
    every = (about_table(facts), *tables_of(shown, options.responses))
    tables = choose_tables(every, wanted)
    names = "all" if tables == every else ",".join(table.key for table in tables)
    with writing():
        note(by, "exported", round_, format=fmt.key, table=names)
    export = Export(
        about=facts,
        tables=tuple(present_table(table, options) for table in tables),
        options={
            "table": names,
            "responses": options.responses,
            "headings": options.headings,
            "values": options.values,
        },
        groups=tuple((group.key, group.title) for group in shown.groups),
    )
    part = f"-{tables[0].key}" if fmt.single_table and len(tables) == 1 else ""
    return _exporting(round_, fmt, export, f"{round_.review.key}-{round_.key}{part}")


def make_register_export(board: Board, fmt: ExportFormat, *, shows_helped: bool, by: Actor | None = None) -> Exporting:
    """A board's register alone. `shows_helped`: with what participants said of each improvement."""
    with writing():
        note(by, "exported", board, format=fmt.key, table="register")
    about = (("board", board.name), ("cells", fmt.safety), ("exported with", f"scrqm-forms {program_version()}"))
    tables = (present_table(register_of(board, shows_helped=shows_helped), ExportOptions()),)
    export = Export(about=about, tables=tables, options={"table": "register"})
    return _exporting(board, fmt, export, f"{board.key}-improvements")


def _exporting(of: Board | Round, fmt: ExportFormat, export: Export, name: str) -> Exporting:
    zipped = fmt.single_table and len(export.tables) > 1
    return Exporting(
        of=of,
        format=fmt,
        export=export,
        media_type="application/zip" if zipped else fmt.media_type,
        name=name + (".zip" if zipped else fmt.suffix),
        zipped=zipped,
    )


def list_tables(round_: Round) -> tuple[Table, ...]:
    """The tables there are. Raises Refused when the round may not be shown."""
    return (about_table(()), *tables_of(show_round(round_)))


class Stream(Protocol):
    def write(self, data: Any, /) -> Any: ...


class Digesting(io.RawIOBase):
    """What a format writes to: passes bytes on, and keeps their SHA-256 and number."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._sha256, self.size = stream, hashlib.sha256(), 0
        #: Why it takes no more, such as a full disk: no fault of the format.
        self.fault: OSError | None = None

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._sha256.update(data)
        self.size += len(data)
        try:
            self._stream.write(data)
        except OSError as error:
            self.fault = error
            raise
        return len(data)

    @property
    def digest(self) -> str:
        return self._sha256.hexdigest()


def write_export(exporting: Exporting, stream: Stream) -> Digesting:
    """Let the plugin write. Raises Refused, the reason in the log, when it gives up, and OSError when `stream` does."""
    fmt, target = exporting.format, Digesting(stream)
    try:
        with _closing_rows(exporting.export) as export:
            _write(export, fmt, target, zipped=exporting.zipped)
    except (Exception, SystemExit) as error:
        if target.fault:
            raise target.fault from None
        # The message may hold an answer that the format could not write; the place is what its author needs.
        log.error("export format %s failed: %s", fmt.key, place_of(error))
        if _is_known(fmt):
            note_fault(context(), HOOK, f"export format {fmt.key}", error)
        raise Refused(
            f'The export format "{fmt.key}" failed ({type(error).__name__}); nothing was written. '
            "The reason is in the log; other formats are not affected."
        ) from error
    if target.closed:
        raise Refused(f'The export format "{fmt.key}" closed the file it was given; nothing was written.')
    if _is_known(fmt):
        note_working(context(), HOOK, f"export format {fmt.key}")
    return target


HOOK = "register_export_formats"


def _is_known(fmt: ExportFormat) -> bool:
    """Not in tests of a format's author, which need no instance."""
    return has_app_context() and context().plugins.formats.get(fmt.key) is fmt


def _write(export: Export, fmt: ExportFormat, target: Any, *, zipped: bool) -> None:
    """`target`: a raw stream, which is all that a plugin needs of a binary file."""
    if not zipped:
        fmt.write(export, target)
        return
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in export.tables:
            member: Any
            # Opened by its name it carries no time, so that the same data give the same bytes.
            with archive.open(f"{table.key}{fmt.suffix}", "w") as member:
                fmt.write(msgspec.structs.replace(export, tables=(table,)), member)
                _settle_zip64(member)


def _settle_zip64(member: Any) -> None:
    """Some programs take zip64 fields for damage, so none are announced before a member. Its sizes stand after it, and
    by then it is known whether they need 64 bits. This is so because the target cannot go back: zipfile would put them
    before the member otherwise.
    """
    member._zip64 = member._file_size > zipfile.ZIP64_LIMIT


class GoneError(BaseException):
    """Nobody takes what is written any more: no fault of the format, and nothing that it should catch."""


@contextmanager
def _closing_rows(export: Export) -> Iterator[Export]:
    """The export, with whatever a format leaves half read closed at the end: each is a cursor of the database."""
    opened: list[Any] = []

    def watched(table: Table) -> Table:
        def rows() -> Iterator[Any]:
            opened.append(table.rows())
            return iter(opened[-1])

        return msgspec.structs.replace(table, rows=rows)

    try:
        yield msgspec.structs.replace(export, tables=tuple(map(watched, export.tables)))
    finally:
        for each in opened:
            if hasattr(each, "close"):
                each.close()


def export_to_file(exporting: Exporting, path: Path, *, by: Actor | None = None) -> Digesting:
    """Write beside `path` and rename: there is never half a file. Readable by its owner alone.

    A device or pipe is written to as it is, and the file that a link leads to is the one that is replaced.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                written = write_export(exporting, stream)
        else:
            written = _write_beside(exporting, path.resolve())
    except OSError as error:
        raise Refused(f"{path}: {error.strerror or error}; nothing was written.") from None
    note_written(exporting, written, by=by)
    return written


def _write_beside(exporting: Exporting, path: Path) -> Digesting:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            written = write_export(exporting, stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
        _sync_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return written


def _sync_folder(folder: Path) -> None:
    """So that the new name outlives a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def note_written(exporting: Exporting, written: Digesting, *, by: Actor | None) -> None:
    """The file left the program whole: its SHA-256 says later which file it was."""
    if by is None:
        return
    with writing():
        note(by, "export_whole", exporting.of, sha256=written.digest, bytes=written.size)

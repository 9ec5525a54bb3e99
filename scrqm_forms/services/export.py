"""Write a round's tables in a format that a plugin gives."""

import logging
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from flask import has_app_context

from scrqm_forms.domain.errors import Refused, place_of
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.review import Board, Round
from scrqm_forms.domain.table import Export
from scrqm_forms.hookspecs import ExportFormat
from scrqm_forms.services.context import Context, context, program_version
from scrqm_forms.services.noting import note
from scrqm_forms.services.plugin_faults import note_fault, note_working
from scrqm_forms.services.results import ShownRound, show_round
from scrqm_forms.services.tables import tables_of
from scrqm_forms.services.tables.improvements import register_of
from scrqm_forms.storage import reviews
from scrqm_forms.storage.database import writing

log = logging.getLogger(__name__)

#: The table a format of a single table writes when none is named.
USUAL_TABLE = "responses"


#: Seconds for a thousand responses to 18 markers, measured on two slow cores: all tables, and the largest alone.
_ALL_TABLES, _ONE_TABLE = 8, 2


def seconds_needed(responses: int, fmt: ExportFormat) -> int:
    """About how long an export takes, rounded up to 5."""
    seconds = responses / 1000 * (_ONE_TABLE if fmt.single_table else _ALL_TABLES)
    return max(5, int(-(-seconds // 5) * 5))


def find_format(context: Context, key: str) -> ExportFormat:
    """Raises Refused naming the formats there are."""
    found = context.plugins.formats.get(key)
    if found is None:
        raise Refused(f'Format: "{key}" is not one of {", ".join(sorted(context.plugins.formats)) or "none"}.')
    return found


def make_export(round_: Round, fmt: ExportFormat, table: str | None = None, *, by: Actor | None = None) -> Export:
    """What `fmt` is to write. Raises Refused when the round may not be shown, or has no such table."""
    shown = show_round(round_)
    tables = tables_of(shown)
    wanted = table or (USUAL_TABLE if fmt.single_table else None)
    if wanted is not None:
        if wanted not in {each.key for each in tables}:
            raise Refused(f'Table: "{wanted}" is not one of {", ".join(each.key for each in tables)}.')
        tables = tuple(each for each in tables if each.key == wanted)
    with writing():
        note(by, "exported", round_, format=fmt.key, table=wanted or "all")
    return Export(about=_about(shown), tables=tables, options={"table": wanted or "all"})


def make_register_export(board: Board, fmt: ExportFormat, *, shows_helped: bool, by: Actor | None = None) -> Export:
    """A board's register alone. `shows_helped`: with what participants said of each improvement."""
    with writing():
        note(by, "exported", board, format=fmt.key, table="register")
    about = (("board", board.name), ("exported with", f"scrqm-forms {program_version()}"))
    tables = (register_of(board, shows_helped=shows_helped),)
    return Export(about=about, tables=tables, options={"table": "register"})


def write_export(export: Export, fmt: ExportFormat, stream: BinaryIO) -> None:
    """Let the plugin write. Raises Refused, with the reason in the log, when it gives up."""
    try:
        fmt.write(export, stream)
    except (Exception, SystemExit) as error:
        # The message may hold an answer that the format could not write; the place is what its author needs.
        log.error("export format %s failed: %s", fmt.key, place_of(error))
        if _is_known(fmt):
            note_fault(context(), HOOK, f"export format {fmt.key}", error)
        raise Refused(
            f'The export format "{fmt.key}" failed ({type(error).__name__}); nothing was written. '
            "The reason is in the log; other formats are not affected."
        ) from error
    if _is_known(fmt):
        note_working(context(), HOOK, f"export format {fmt.key}")


HOOK = "register_export_formats"


def _is_known(fmt: ExportFormat) -> bool:
    """Not in tests of a format's author, which need no instance."""
    return has_app_context() and context().plugins.formats.get(fmt.key) is fmt


def export_to_file(export: Export, fmt: ExportFormat, path: Path) -> None:
    """Write beside `path` and rename: there is never half a file. Readable by its owner alone."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            write_export(export, fmt, stream)
            if stream.closed:
                raise Refused(f'The export format "{fmt.key}" closed the file it was given; nothing was written.')
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _about(shown: ShownRound) -> tuple[tuple[str, str], ...]:
    questionnaire = shown.questionnaire
    return (
        ("review", shown.round.review.key),
        ("reference", questionnaire.reference),
        ("board", questionnaire.board),
        ("round", shown.round.key),
        ("purpose", questionnaire.purpose),
        ("mode", questionnaire.mode),
        ("state", shown.round.state),
        ("synthetic", "yes: made-up responses for a trial" if shown.round.synthetic else "no"),
        ("groups shown", "; ".join(f"{group.key} = {group.title}" for group in shown.groups)),
        ("questionnaire_sha256", reviews.questionnaire_digest(shown.round) or ""),
        ("made with", ", ".join(f"{name} {version}".strip() for name, version in questionnaire.made_with.items())),
        ("exported with", f"scrqm-forms {program_version()}"),
        ("citation", " ".join(questionnaire.citations)),
    )

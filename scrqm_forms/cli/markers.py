"""`markers`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from scrqm_forms.cli.common import as_json, counted, print_rows, say, with_app
from scrqm_forms.cli.differences import lines_of
from scrqm_forms.domain.errors import NotFound, ScrqmFormsError
from scrqm_forms.domain.marker import LibraryMarker
from scrqm_forms.domain.marker_writer import marker_as_toml
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.marker_library import check_path
from scrqm_forms.services.comparing import compare_sides, find_side
from scrqm_forms.services.context import context
from scrqm_forms.services.markers import ImportedMarker, ReadDocument, read_document, stage_title, write_imported
from scrqm_forms.services.reviews import markers_of_board
from scrqm_forms.storage import boards

SECTIONS = ("knowledge", "equality", "guidance", "obstacles")


of_board = click.option(
    "--board", "board_key", help="The markers that this board has: its own in their places, and its plugins'."
)


@click.group()
def markers() -> None:
    """Marker definitions."""


@markers.command("list")
@of_board
@click.option("--all", "every", is_flag=True, help="Also the markers of plugins that no board has chosen.")
@as_json
@with_app
def list_(board_key: str | None, every: bool, as_json: bool) -> None:
    """List the markers in order of set and number."""
    found = _markers(board_key, every)
    for fault in context().library().faults:
        say(fault)
    rows = [_row(each) for each in found]
    if not as_json:
        keep = ("id", "number", "title", "stage", "wording_status", "questions", "origin")
        rows = [{key: row[key] for key in keep} for row in rows]
    print_rows(rows, as_json)


@markers.command("show")
@click.argument("marker_id")
@of_board
@as_json
@with_app
def show(marker_id: str, board_key: str | None, as_json: bool) -> None:
    """Print one marker: as its file would be written, or as JSON."""
    found = next((each for each in _markers(board_key, every=True) if each.marker.id == marker_id), None)
    if found is None:
        raise NotFound(f'There is no marker "{marker_id}".')
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(found.marker), ensure_ascii=False, indent=2))
    else:
        say(f"{found.origin} ({found.marker.wording_status})")
        if found.stands_in_for:
            say(f"stands in the place of {found.stands_in_for}")
        click.echo(marker_as_toml(found.marker), nl=False)


@markers.command("check")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@with_app
def check(path: Path | None) -> None:
    """Name every fault of a marker file or folder; without PATH, of all markers of this service."""
    library = context().library()
    if path:
        faults = check_path(path, library)
    else:
        faults = library.faults + [fault for faults in library.plugin_faults.values() for fault in faults]
    for fault in faults:
        click.echo(fault)
    if faults:
        say(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}.")
        raise SystemExit(1)
    say("No faults.")


@markers.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--number", type=click.IntRange(min=1), help="The marker's number, where the document does not say.")
@click.option("--set", "set_key", help="The set that it is of (scr, sar), where the document does not show it.")
@click.option("--dry-run", is_flag=True, help="Say what was read and write nothing.")
@as_json
@with_app
def import_(files: tuple[Path, ...], number: int | None, set_key: str | None, dry_run: bool, as_json: bool) -> None:
    """Import published marker documents: text, saved web pages, Word (.docx) or PDF.

    From then on a published marker stands in the adapted one's place. One file may hold several markers.
    """
    read = {file: _read_file(file, number, set_key) for file in files}
    documents = {file: found for file, found in read.items() if isinstance(found, ReadDocument)}
    imported, doubles = _once_each(documents)
    kept = {} if dry_run else {marker.path: write_imported(marker) for marker in imported}
    for file, found in read.items():
        for line in _words_on(file, found, named=len(files) > 1):
            say(line)
    for line in doubles:
        say(line)
    if as_json:
        click.echo(json.dumps(_imported_rows(documents), ensure_ascii=False, indent=2))
    for marker in imported:
        if not as_json:
            click.echo(_summary_of(marker))
        if not dry_run:
            say(f"Written to {marker.path}{_said_of_kept(kept[marker.path])}")
    if dry_run:
        say("Nothing was written (--dry-run).")
    if doubles or len(documents) < len(files) or any(document.left_out for document in documents.values()):
        raise SystemExit(1)


def _said_of_kept(kept: Path | None) -> str:
    return f"; what stood there before is kept as {kept.name}, which is not read" if kept else ""


def _read_file(file: Path, number: int | None, set_key: str | None) -> ReadDocument | str:
    """What a file holds, or why it cannot be imported."""
    try:
        return read_document(context(), file.read_bytes(), number=number, set_key=set_key)
    except ScrqmFormsError as error:
        return str(error)


def _once_each(documents: Mapping[Path, ReadDocument]) -> tuple[list[ImportedMarker], list[str]]:
    """One of each marker, and a line for each that stands in a later file too."""
    first: dict[Path, tuple[Path, ImportedMarker]] = {}
    doubles = []
    for file, document in documents.items():
        for marker in document.markers:
            before, _ = first.setdefault(marker.path, (file, marker))
            if before != file:
                doubles.append(f"{file}: not imported: {marker.marker.id} stands in {before} too.")
    return [marker for _, marker in first.values()], doubles


def _words_on(file: Path, found: ReadDocument | str, *, named: bool) -> list[str]:
    """What to say of a file: each line names the file where there are several, and the marker likewise."""
    if isinstance(found, str):
        return [f"{file}: {found}"]
    prefix = f"{file}: " if named else ""
    several = len(found.markers) > 1
    own = [
        f"{prefix}warning: {f'{each.marker.id}: ' if several else ''}{warning}"
        for each in found.markers
        for warning in each.warnings
    ]
    return [
        *own,
        *(f"{prefix}warning: {warning}" for warning in found.warnings),
        *(f"{prefix}not imported: {reason}" for reason in found.left_out),
    ]


def _summary_of(imported: ImportedMarker) -> str:
    marker = imported.marker
    counts = {name: getattr(marker, name) for name in SECTIONS}
    sections = ", ".join(f"{name} {'-' if items is None else len(items)}" for name, items in counts.items())
    return (
        f"{marker.id}: marker {marker.number}, {marker.title}: {counted(len(marker.questions), 'question')}; {sections}"
    )


@markers.command("diff")
@click.argument("before")
@click.argument("after")
@of_board
@as_json
@with_app
def diff(before: str, after: str, board_key: str | None, as_json: bool) -> None:
    """Say what differs between two markers or two sets: added, taken out, reworded, moved, word by word.

    Each is a marker (qm08), a set (scr), either as shipped (shipped:qm08), an earlier version of a board's
    (qm08@2), a marker file or a folder of them. Questions of different markers are the same by their `lineage`.
    """
    board = boards.get_board(OPERATOR, board_key) if board_key else None
    compared = compare_sides(find_side(context(), before, board), find_side(context(), after, board))
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(compared.comparison), ensure_ascii=False, indent=2))
        return
    for line in lines_of(compared.comparison):
        click.echo(line)
    if compared.comparison.is_same:
        say("No differences.")


def _markers(board_key: str | None, every: bool) -> list[LibraryMarker]:
    library = context().library()
    if board_key:
        return markers_of_board(context(), boards.get_board(OPERATOR, board_key))
    return list(library.markers.values()) if every else library.for_everyone()


def _row(each: LibraryMarker) -> dict[str, Any]:
    marker = each.marker
    return {
        "id": marker.id,
        "number": marker.number,
        "title": marker.title,
        "stage": stage_title(each.set, marker.stage),
        "set": each.set.key,
        "wording_status": marker.wording_status,
        "source": marker.source,
        "origin": each.origin,
        "questions": len(marker.questions),
    }


def _imported_rows(documents: Mapping[Path, ReadDocument]) -> dict[str, Any]:
    return {
        "markers": [_imported_row(each) for document in documents.values() for each in document.markers],
        "warnings": [warning for document in documents.values() for warning in document.warnings],
        "left_out": [reason for document in documents.values() for reason in document.left_out],
    }


def _imported_row(imported: ImportedMarker) -> dict[str, Any]:
    """`sections` names the headings that the document has, whether or not anything stands under them."""
    marker, draft = imported.marker, imported.draft
    return {
        "id": marker.id,
        "number": marker.number,
        "title": marker.title,
        "stage": stage_title(imported.set, marker.stage),
        "statement": draft.statement,
        "rationale": draft.rationale,
        "questions": [
            {"id": question.id, "ask": ask, "roles": question.roles}
            for question, ask in zip(marker.questions, draft.questions, strict=True)
        ],
        **{name: getattr(draft, name) or () for name in SECTIONS},
        "sections": [name for name in SECTIONS if getattr(draft, name) is not None],
        "set": imported.set.key,
        "warnings": imported.warnings,
    }


COMMANDS = (markers,)

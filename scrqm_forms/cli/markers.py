"""`markers`."""

import json
from pathlib import Path
from typing import Any

import click
import msgspec

from scrqm_forms.cli.common import as_json, print_rows, say, with_app
from scrqm_forms.domain.errors import NotFound, ScrqmFormsError
from scrqm_forms.domain.marker import LibraryMarker
from scrqm_forms.domain.marker_writer import marker_as_toml
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.marker_library import check_path
from scrqm_forms.services.context import context
from scrqm_forms.services.markers import ImportedMarker, read_document, stage_title, write_imported
from scrqm_forms.storage import boards


@click.group()
def markers() -> None:
    """Marker definitions."""


@markers.command("list")
@click.option("--board", "board_key", help="Also the local markers of this board.")
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
@as_json
@with_app
def show(marker_id: str, as_json: bool) -> None:
    """Print one marker: as its file would be written, or as JSON."""
    found = context().library().markers.get(marker_id)
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
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--number", type=click.IntRange(min=1), help="The marker's number, where the document does not say.")
@click.option("--dry-run", is_flag=True, help="Say what was read and write nothing.")
@as_json
@with_app
def import_(file: Path, number: int | None, dry_run: bool, as_json: bool) -> None:
    """Import a published marker document (text): from then on it stands in the adapted one's place."""
    try:
        imported = read_document(context(), file.read_bytes(), number=number)
    except ScrqmFormsError as error:
        raise ScrqmFormsError(f"{file}: {error}") from error
    if not dry_run:
        write_imported(imported)
    for warning in imported.warnings:
        say(f"warning: {warning}")
    if as_json:
        click.echo(json.dumps({"markers": [_imported_row(imported)]}, ensure_ascii=False, indent=2))
    else:
        marker = imported.marker
        sections = ", ".join(
            f"{name} {len(items or ())}"
            for name, items in (
                ("knowledge", marker.knowledge),
                ("equality", marker.equality),
                ("guidance", marker.guidance),
                ("obstacles", marker.obstacles),
            )
        )
        click.echo(
            f"{marker.id}: marker {marker.number}, {marker.title}: {len(marker.questions)} questions; {sections}"
        )
        say("Nothing was written (--dry-run)." if dry_run else f"Written to {imported.path}")


def _markers(board_key: str | None, every: bool) -> list[LibraryMarker]:
    library = context().library()
    if board_key:
        board = boards.get_board(OPERATOR, board_key)
        return library.for_board(board.key, board.plugins)
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


def _imported_row(imported: ImportedMarker) -> dict[str, Any]:
    marker, draft = imported.marker, imported.draft
    return {
        "id": marker.id,
        "number": marker.number,
        "title": marker.title,
        "stage": stage_title(imported.set, marker.stage),
        "statement": draft.statement,
        "rationale": draft.rationale,
        "questions": [
            {"id": question.id, "ask": ask} for question, ask in zip(marker.questions, draft.questions, strict=True)
        ],
        "knowledge": draft.knowledge or (),
        "equality": draft.equality or (),
        "guidance": draft.guidance or (),
        "obstacles": draft.obstacles or (),
        "warnings": imported.warnings,
    }


COMMANDS = (markers,)

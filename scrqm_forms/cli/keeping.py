"""`purge`, `person` and `log`."""

import json
from pathlib import Path
from typing import Any

import click

from scrqm_forms.cli.common import as_json, check_wiped, counted, operator, print_rows, say, today, with_app
from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.event import WHAT, Event
from scrqm_forms.domain.review import OPERATOR, Round
from scrqm_forms.services import rights
from scrqm_forms.services.keeping import KeptRound, find_due, purge_due
from scrqm_forms.services.outliving import Outlived, find_outlived
from scrqm_forms.storage import boards, events, reviews


@click.command()
@click.option("--due", is_flag=True, required=True, help="Of every review whose day is past.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted, and delete nothing.")
@as_json
@with_app
def purge(due: bool, dry_run: bool, as_json: bool) -> None:
    """Delete answers, links and people of rounds whose time is over, and what was deleted from the files.

    Rounds on hold stay. Notes and improvements have later ends of their own. What was deleted, when, and how many, is
    certified in the log.
    """
    found = find_due(OPERATOR, today())
    held = [each.round.name for each in found if each.round.on_hold]
    for name in held:
        say(f"{name} is on hold and stays.")
    if dry_run:
        _print_kept([each for each in found if not each.round.on_hold], find_outlived(OPERATOR, today()), as_json)
        say("Nothing was deleted (--dry-run).")
        return
    deleted = purge_due(today(), by=operator())
    _print_kept(deleted.rounds, deleted.outlived, as_json)
    check_wiped(deleted.wiped)


def _print_kept(found: list[KeptRound], outlived: Outlived, as_json: bool) -> None:
    rows: list[dict[str, Any]] = [
        {
            "round": each.round.name,
            "keep_until": str(each.round.review.keep_until),
            "responses": each.kept.responses,
            "entries": each.kept.entries,
            "invitations": each.kept.invitations,
        }
        for each in found
    ]
    if not (rows or outlived) and not as_json:
        say("Nothing is due.")
    for each in outlived.notes:
        say(f"{each.round.name}: notes of the conversation on {counted(each.notes, 'marker')}.")
    for board, number in outlived.improvements:
        say(f"{board.key}: {number} improvements.")
    print_rows(rows, as_json)


@click.group()
def person() -> None:
    """One person's data. REVIEW is KEY (all its rounds) or KEY/ROUND."""


@person.command("export")
@click.argument("name", metavar="REVIEW")
@click.argument("email")
@click.option("-o", "output", type=click.Path(path_type=Path, dir_okay=False), help="File; stdout if none is named.")
@with_app
def export(name: str, email: str, output: Path | None) -> None:
    """Write everything held about a person, as JSON: what they have not sent too, for the person themselves."""
    found = [rights.export_person(*each, by=operator()) for each in _find(name, email)]
    text = json.dumps([rights.as_document(each, today()) for each in found], ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
        return
    output.touch(mode=0o600)
    output.chmod(0o600)
    output.write_text(text + "\n", encoding="utf-8")
    say(f"Written to {output}")


@person.command("erase")
@click.argument("name", metavar="REVIEW")
@click.argument("email")
@click.option("--yes", "sure", is_flag=True, help="To be sure: it cannot be undone.")
@with_app
def erase(name: str, email: str, sure: bool) -> None:
    """Erase a person of named rounds with all that they wrote. It cannot be undone."""
    found = _find(name, email)
    if not sure:
        raise Refused(f"{len(found)} found. Say --yes to erase the person and all that they wrote; nothing was erased.")
    for round_, _invitation_id in found:
        rights.check_erasable(round_)
    wiped = True
    for round_, invitation_id in found:
        wiped = rights.erase_person(round_, invitation_id, by=operator())  # the last looks at all
        say(f"Erased from {round_.name}.")
    check_wiped(wiped)


def _find(name: str, email: str) -> list[tuple[Round, int]]:
    key, _, round_key = name.partition("/")
    found = rights.find_people(reviews.get_review(OPERATOR, key.upper()), email)
    found = [each for each in found if round_key in ("", each[0].key)]
    if not found:
        raise NotFound(f'"{email}" is not invited to a round "{round_key}" of the review {key}.')
    return found


@click.group()
def log() -> None:
    """Who did what."""


@log.command("show")
@click.option("--board", "board_key", metavar="KEY")
@click.option("--limit", type=click.IntRange(min=1), default=200, show_default=True)
@as_json
@with_app
def show(board_key: str | None, limit: int, as_json: bool) -> None:
    """List what was done, newest first; certificates of deletion too. Times are UTC."""
    if board_key:
        boards.get_board(OPERATOR, board_key)
    print_rows([_row(each, as_json) for each in events.list_events(OPERATOR, board_key, limit)], as_json)


def _row(event: Event, as_json: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"at": event.at.isoformat(timespec="minutes"), "who": event.who, "board": event.board}
    if as_json:
        return row | {"what": event.what, "about": event.about, "details": dict(event.details)}
    details = ", ".join(f"{key} {value}" for key, value in event.details.items())
    return row | {"what": WHAT.get(event.what, event.what), "about": event.about, "details": details}


COMMANDS = (purge, person, log)

"""`review`, `invite`, `export` and `sample`."""

import csv
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from scrqm_forms.cli.common import (
    DATE,
    as_json,
    base_address,
    check_wiped,
    counted,
    day,
    find_round,
    local_option,
    names,
    operator,
    print_rows,
    say,
    today,
    with_app,
)
from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.groups import USUAL_MINIMUM
from scrqm_forms.domain.presenting import CHOICES, ExportOptions
from scrqm_forms.domain.questionnaire import PURPOSES, Length, RoundSettings
from scrqm_forms.domain.review import OPERATOR, USUAL_KEEPING, Board, Round
from scrqm_forms.services.context import context
from scrqm_forms.services.export import export_to_file, find_format, make_export, note_written, write_export
from scrqm_forms.services.invitations import FIELDS, decode_people, invite_people, make_links, read_people, safe_cell
from scrqm_forms.services.keeping import hold_round, release_round, remove_review
from scrqm_forms.services.reviews import (
    NewReview,
    base_set,
    check_closing_date,
    check_round,
    chosen_markers,
    create_review,
    create_round,
    markers_of_board,
    roles_of,
)
from scrqm_forms.services.rounds import (
    change_groups,
    close_round,
    extend_round,
    groups_of_round,
    open_round,
    roles_of_round,
)
from scrqm_forms.services.sample import fill_round
from scrqm_forms.storage import boards, invitations, reviews


@click.group()
def review() -> None:
    """Reviews and their rounds. REVIEW is KEY or KEY/ROUND."""


def round_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What a round is asked for with."""
    options = (
        click.option("--set", "set_key", help="All markers of this set."),
        click.option("--markers", "marker_ids", help="Markers in the order asked: qm01,qm08."),
        click.option("--roles", help="Roles that take part, separated by commas; all if none is named."),
        click.option(
            "--length", type=click.Choice(["full", "brief"]), help="For everyone; else brief for practitioners."
        ),
        click.option("--mode", type=click.Choice(["named", "confidential"]), default="confidential", show_default=True),
        click.option("--minimum", type=int, default=USUAL_MINIMUM, show_default=True, help="Fewest shown together."),
        click.option("--purpose", type=click.Choice(PURPOSES), default="reflect", show_default=True),
        click.option("--closes", type=DATE, help="Last day of answering."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@review.command("create")
@click.option("--board", "board_key", required=True, metavar="KEY")
@click.option("--reference", required=True, help="A local code; never a name.")
@click.option("--title", default="")
@round_options
@click.option("--keep-until", type=DATE, help="Day until which answers are kept.")
@with_app
def create(board_key: str, reference: str, title: str, closes: datetime | None, **wanted: Any) -> None:
    """Make a review with one round; prints the review's key."""
    board = boards.get_board(OPERATOR, board_key)
    settings = _settings(board, wanted)
    new = NewReview(reference=reference, title=title, keep_until=day(wanted["keep_until"]))
    check_round(context(), board, settings)
    if closes:
        check_closing_date(closes.date(), new.keep_until or today() + USUAL_KEEPING, today())
    made = create_review(OPERATOR, board, new, today(), by=operator())
    create_round(context(), made, settings, today(), day(closes), by=operator())
    click.echo(made.key)


@review.command("add-round")
@click.argument("key", metavar="REVIEW")
@round_options
@with_app
def add_round(key: str, closes: datetime | None, **wanted: Any) -> None:
    """Add a round to a review, such as one to follow up; prints KEY/ROUND."""
    found = reviews.get_review(OPERATOR, key)
    settings = _settings(found.board, wanted)
    check_round(context(), found.board, settings)
    click.echo(create_round(context(), found, settings, today(), day(closes), by=operator()).name)


def _settings(board: Board, wanted: dict[str, Any]) -> RoundSettings:
    """Settings of the round from the options; checked before the review is made."""
    ids = names(wanted["marker_ids"])
    if bool(wanted["set_key"]) == bool(ids):
        raise click.UsageError("Name either a set (--set scr) or markers (--markers qm01,qm08).")
    if wanted["set_key"]:
        ids = tuple(m.marker.id for m in markers_of_board(context(), board) if m.set.key == wanted["set_key"])
        if not ids:
            raise Refused(f'Set: the board has no markers of a set "{wanted["set_key"]}".')
    known = [role.key for role in roles_of(base_set(chosen_markers(context(), board, ids)))]
    asked = names(wanted["roles"]) or tuple(known)
    unknown = [role for role in asked if role not in known]
    if unknown:
        raise Refused(f"Roles: {', '.join(unknown)} not known; expected {', '.join(known)}.")
    return RoundSettings(
        purpose=wanted["purpose"],
        mode=wanted["mode"],
        minimum=wanted["minimum"],
        roles=tuple(role for role in known if role in asked),
        markers=ids,
        lengths={role: wanted["length"] or _usual_length(role) for role in known},
    )


def _usual_length(role: str) -> Length:
    return "brief" if role == "practitioner" else "full"


@review.command("open")
@click.argument("name", metavar="REVIEW")
@click.option("--groups", help="Roles shown together: practitioner;chair,panel (semicolons between groups).")
@local_option
@with_app
def open_(name: str, groups: str | None) -> None:
    """Freeze the questionnaire and let people answer; prints its SHA-256."""
    before = round_ = find_round(name)
    if groups:
        change_groups(context(), round_, [names(part) for part in groups.split(";")], by=operator())
        round_ = find_round(name)
    try:
        digest = open_round(context(), round_, today(), by=operator())
    except Refused:
        if groups:
            change_groups(context(), round_, before.settings.groups, by=operator())
        raise
    shown = [group.title for group in groups_of_round(context(), find_round(name))]
    say(f"Open until {round_.closes_on}. Answers are shown as: {'; '.join(shown)}.")
    if round_.settings.mode == "confidential" and len(shown) == 1 and len(round_.settings.roles) > 1:
        say("All are shown as one group: too few people were invited before opening for any group of their own.")
    click.echo(digest)


@review.command("close")
@click.argument("name", metavar="REVIEW")
@with_app
def close(name: str) -> None:
    """End answering for good."""
    close_round(find_round(name), today(), by=operator())


@review.command("extend")
@click.argument("name", metavar="REVIEW")
@click.argument("closes", type=DATE)
@with_app
def extend(name: str, closes: datetime) -> None:
    """Move the last day of answering."""
    extend_round(find_round(name), closes.date(), today(), by=operator())


@review.command("hold")
@click.argument("name", metavar="REVIEW")
@with_app
def hold(name: str) -> None:
    """Proceedings: from now on nothing of a round can be answered, changed or deleted."""
    hold_round(find_round(name), by=operator())


@review.command("release")
@click.argument("name", metavar="REVIEW")
@with_app
def release(name: str) -> None:
    """End a round's hold."""
    release_round(find_round(name), by=operator())


@review.command("delete")
@click.argument("key", metavar="REVIEW")
@click.option("--reference", required=True, help="The review's reference, to be sure.")
@with_app
def delete(key: str, reference: str) -> None:
    """Delete a review begun by mistake, in which nobody has answered: its rounds and the people invited too."""
    check_wiped(remove_review(reviews.get_review(OPERATOR, key.upper()), reference, by=operator()))


@review.command("status")
@click.argument("name", metavar="REVIEW")
@as_json
@with_app
def status(name: str, as_json: bool) -> None:
    """Say where a round stands."""
    found = _status(find_round(name))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for key, value in found.items():
            click.echo(f"{key}: {value}")


def _status(round_: Round) -> dict[str, Any]:
    states = {"not_begun": 0, "begun": 0, "submitted": 0}
    for (_, state), number in invitations.count_states(round_).items():
        states[state] += number
    return {
        "review": round_.review.key,
        "round": round_.key,
        "state": round_.state,
        "on_hold": round_.on_hold,
        "keep_until": str(round_.review.keep_until),
        "mode": round_.settings.mode,
        "invited": sum(states.values()),
        "begun": states["begun"] + states["submitted"],
        "submitted": states["submitted"],
        "markers": len(round_.settings.markers),
        "questionnaire_sha256": reviews.questionnaire_digest(round_),
    }


@review.command("list")
@click.option("--board", "board_key", metavar="KEY")
@as_json
@with_app
def list_(board_key: str | None, as_json: bool) -> None:
    """List the reviews and their rounds, newest first."""
    rows = [
        {
            "review": found.key,
            "board": found.board.key,
            "reference": found.reference,
            "title": found.title,
            "keep_until": str(found.keep_until),
            "rounds": [f"{each.key} {each.state}" for each in reviews.list_rounds(found)],
        }
        for found in reviews.list_reviews(OPERATOR, board_key)
    ]
    print_rows(rows, as_json)


@click.command()
@click.argument("name", metavar="REVIEW")
@click.argument("people", type=click.File("rb"), metavar="PEOPLE.csv")
@click.option("--new-links", is_flag=True, help="Also new links for all who have not begun; the old ones stop working.")
@click.option("--no-links", is_flag=True, help="Only invite: send makes the links later, and sends them.")
@click.option("-o", "output", type=click.Path(path_type=Path), help="File for the links; stdout if none is named.")
@local_option
@with_app
def invite(name: str, people: Any, new_links: bool, no_links: bool, output: Path | None) -> None:
    """Invite the people in a CSV file (name,email,role,agency) and write their links.

    A link is written this once and stored nowhere. People who are in the round already keep the link they have.
    """
    round_ = find_round(name)
    context().check_links()
    listed = read_people(decode_people(people.read()), roles_of_round(context(), round_))
    added = invite_people(round_, listed, by=operator())
    if no_links:
        say(f"{added} invited, no links made.")
        return
    if output and (output.is_file() or not output.exists()):
        output.touch(mode=0o600)
        output.chmod(0o600)  # before the links are made, since no link is ever shown again
    base = base_address()
    rows = [
        (*(safe_cell(getattr(link.person, field)) for field in FIELDS), f"{base}/i/{link.secret}")
        for link in make_links(round_, again=new_links, by=operator())
    ]
    if output:
        with output.open("w", encoding="utf-8", newline="") as stream:
            _write_links(stream, rows)
    else:
        _write_links(sys.stdout, rows)
    say(f"{added} invited, {counted(len(rows), 'link')} written.")


def _write_links(stream: Any, rows: list[tuple[str, ...]]) -> None:
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow((*FIELDS, "link"))
    writer.writerows(rows)


@click.command()
@click.argument("name", metavar="REVIEW")
@click.option("--format", "format_key", required=True, help="excel, csv, csv-exact, or what a plugin gives.")
@click.option(
    "--tables",
    "--table",
    "tables",
    help="Separated by commas, or all: about, responses, answers, reflections ... Of a format that holds one table a "
    "file, several come in a zip.  [default: all; responses for a format that holds one]",
)
@click.option(
    "--responses",
    type=click.Choice(CHOICES["responses"]),
    default="submitted",
    show_default=True,
    help="all (named rounds): a row for everybody invited; what they have not submitted is never in it.",
)
@click.option(
    "--headings",
    type=click.Choice(CHOICES["headings"]),
    default="ids",
    show_default=True,
    help="wording, both: what was asked stands above the columns, and in a column of the table answers.",
)
@click.option(
    "--values",
    type=click.Choice(CHOICES["values"]),
    default="codes",
    show_default=True,
    help="both: the label in a column beside its code.",
)
@click.option(
    "-o", "output", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File; - for stdout."
)
@with_app
def export(name: str, format_key: str, tables: str | None, output: Path, **chosen: Any) -> None:
    """Write a round's tables to a file; prints its SHA-256 as sha256sum does."""
    options = ExportOptions(tables=names(tables), **chosen)
    exporting = make_export(find_round(name), find_format(context(), format_key), options, by=operator())
    if str(output) == "-":
        written = write_export(exporting, sys.stdout.buffer)
        note_written(exporting, written, by=operator())
        say(f"{written.digest}  -")
    else:
        click.echo(f"{export_to_file(exporting, output, by=operator()).digest}  {output}")


@click.command()
@click.argument("name", metavar="REVIEW")
@click.option("--responses", "number", required=True, type=click.IntRange(1, 1_000_000))
@click.option("--seed", type=int, default=1, show_default=True)
@with_app
def sample(name: str, number: int, seed: int) -> None:
    """Fill an open round with made-up responses, for trials; they are marked as such for good."""
    fill_round(find_round(name), number, seed, today())
    say(f"{number} made-up responses added.")


COMMANDS = (review, invite, export, sample)

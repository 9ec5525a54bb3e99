"""`improvements`."""

from datetime import date
from typing import Any

import click

from scrqm_forms.cli.common import as_json, print_rows, today, with_app
from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.improvement import STATES, Improvement
from scrqm_forms.domain.register import SORTS, Filter, Summary, find_improvements, year_of
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.improvements import sum_up_year
from scrqm_forms.storage import boards
from scrqm_forms.storage import improvements as stored


@click.group()
def improvements() -> None:
    """The register of a board's improvements."""


@improvements.command("list")
@click.argument("board_key", metavar="BOARD")
@click.option("--state", type=click.Choice(["open", *STATES]), default=None)
@click.option("--marker", default="", help="Marker id.")
@click.option("--owner", default="")
@click.option("--review", default="", metavar="KEY")
@click.option("--overdue", is_flag=True, help="Only those that are late.")
@click.option("--sort", type=click.Choice(list(SORTS)), default="due", show_default=True)
@as_json
@with_app
def list_(board_key: str, state: str | None, as_json: bool, **wanted: Any) -> None:
    """List improvements with their state, owner and day."""
    every = stored.list_improvements(boards.get_board(OPERATOR, board_key))
    found = find_improvements(every, Filter(state=state or "", **wanted), today())
    print_rows([_row(each, today()) for each in found], as_json)


def _row(each: Improvement, today: date) -> dict[str, Any]:
    return {
        "improvement": each.key,
        "state": each.aim.state,
        "late": "late" if each.is_overdue(today) else "",
        "marker": each.root.marker,
        "review": each.review_key,
        "owner": each.aim.owner,
        "due_on": str(each.aim.due_on or ""),
        "change": each.aim.change,
    }


@improvements.command("year")
@click.argument("board_key", metavar="BOARD")
@click.argument("year", metavar="YEAR")
@as_json
@with_app
def year(board_key: str, year: str, as_json: bool) -> None:
    """What a year brought. YEAR is 2026, or 2026-27 for April 2026 to March 2027."""
    found = year_of(year)
    if found is None:
        raise Refused(f'Year: found "{year}"; expected one such as 2026, or 2026-27.')
    summary = sum_up_year(boards.get_board(OPERATOR, board_key), found, today())
    print_rows(_rows_of(summary), as_json)


def _rows_of(summary: Summary) -> list[dict[str, Any]]:
    lists = {
        "found": summary.found,
        "done": summary.done,
        "decided_against": summary.decided_against,
        "still_open": summary.still_open,
    }
    return [
        {"in": name, "improvement": each.key, "change": each.aim.change, "because": each.aim.because}
        for name, found in lists.items()
        for each in found
    ]


COMMANDS = (improvements,)

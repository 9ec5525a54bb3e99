"""What every command shares: the prepared app, today's date, and lists as text or JSON."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import click

from scrqm_forms.domain.errors import NotFound, Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.review import OPERATOR, Round
from scrqm_forms.instance import find_instance, in_use
from scrqm_forms.services.context import context, make_app
from scrqm_forms.storage import reviews
from scrqm_forms.storage.database import db

R = TypeVar("R")

local_option = click.option("--local", is_flag=True, help="For trials: links may lead to this machine alone.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
DATE = click.DateTime(formats=["%Y-%m-%d"])


def with_app(command: Callable[..., R]) -> Callable[..., R]:
    """Prepare the instance on first use, and run the command in the app's context; `local` as the setting."""

    @click.pass_context
    @functools.wraps(command)
    def run(ctx: click.Context, *args: Any, **kwargs: Any) -> R:
        folder = find_instance(ctx.obj["instance"])
        with in_use(folder), make_app(folder, local=kwargs.pop("local", False)).app_context():
            try:
                return command(*args, **kwargs)
            finally:
                db.session.remove()
                db.engine.dispose()

    return run


def today() -> date:
    return datetime.now().astimezone().date()


def operator() -> Actor:
    """Whoever runs the command, now."""
    return Actor(caller=OPERATOR, now=datetime.now(UTC))


def day(value: datetime | None) -> date | None:
    """The day that an option of type DATE names."""
    return value.date() if value else None


def say(message: str) -> None:
    """Words for a person: to stderr, so that stdout holds data only."""
    click.echo(message, err=True)


def print_rows(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """A list as JSON, or as columns."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return
    widths = {key: max(len(_cell(row[key])) for row in rows) for key in rows[0]} if rows else {}
    for row in rows:
        click.echo("  ".join(_cell(row[key]).ljust(width) for key, width in widths.items()).rstrip())


def _cell(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def base_address() -> str:
    """What links begin with: the setting, or where `run` serves if nothing else is said."""
    base = context().instance.settings.base_url.rstrip("/")
    if not base:
        base = "http://127.0.0.1:8000"
        say(f"base_url is not set in config.toml, so links begin with {base}.")
    return base


def find_round(name: str) -> Round:
    """The round called KEY (a review with one round, or its latest) or KEY/ROUND."""
    review_key, _, round_key = name.partition("/")
    if round_key:
        return reviews.get_round(OPERATOR, review_key.upper(), round_key)
    rounds = reviews.list_rounds(reviews.get_review(OPERATOR, review_key.upper()))
    if not rounds:
        raise NotFound(f'The review "{review_key.upper()}" has no round yet.')
    return rounds[-1]


def names(value: str | None) -> tuple[str, ...]:
    """Keys separated by commas."""
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def counted(number: int, what: str) -> str:
    """1 link, 2 links"""
    return f"{number} {what}{'' if number == 1 else 's'}"


def check_wiped(wiped: bool) -> None:
    """Raises Refused, for the exit status, while traces of what was deleted may be left."""
    if not wiped:
        raise Refused(
            "What was deleted may still be in the database's files, since somebody was reading meanwhile. That is "
            "remembered, and done at the next deletion or start. Or run purge --due again when nobody reads."
        )

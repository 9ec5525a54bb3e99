"""`send`, `remind` and `outbox`."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from scrqm_forms.cli.common import (
    as_json,
    base_address,
    counted,
    find_round,
    local_option,
    operator,
    print_rows,
    say,
    with_app,
)
from scrqm_forms.domain.review import Round
from scrqm_forms.hookspecs import Delivery
from scrqm_forms.services import outbox, sending
from scrqm_forms.services.context import context
from scrqm_forms.storage import reviews
from scrqm_forms.storage.outbox import count_states
from scrqm_forms.web.letters import invitation_writer, reminder_writer

by_option = click.option("--by", "key", default="", help="smtp, eml, mail-merge, or what a plugin gives.")
file_option = click.option(
    "-o", "output", type=click.Path(path_type=Path, dir_okay=False), help="File, for ways that write one."
)


@click.command()
@click.argument("name", metavar="REVIEW")
@by_option
@file_option
@click.option("--again", is_flag=True, help="Also new links for all who have not begun; sent ways only.")
@local_option
@with_app
def send(name: str, key: str, output: Path | None, again: bool) -> None:
    """Make links for all who have none, and send them an invitation."""
    round_, delivery = find_round(name), _delivery(key, output)
    compose = invitation_writer(round_, _questionnaire(round_), _address())
    if delivery.pack is None:
        number = sending.send_invitations(
            context(), round_, delivery, compose, press=sending.new_press(), by=operator(), again=again
        )
        _say_queued(number)
        return
    with _open_for_owner(output) as stream:
        number = sending.pack_invitations(context(), round_, delivery, compose, stream, by=operator())
    say(f"{counted(number, 'invitation')} written to {output}. They hold the links, which are stored nowhere.")


@click.command()
@click.argument("name", metavar="REVIEW")
@by_option
@file_option
@click.option("--group", "groups", multiple=True, help="Only people of this group; can be given several times.")
@click.option("--dry-run", is_flag=True, help="Say who would be reminded, and remind nobody.")
@as_json
@local_option
@with_app
def remind(name: str, key: str, output: Path | None, groups: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Remind those who have a link and have not sent their answers.

    In a named round a reminder that is sent brings a new link to who has not begun; all others use the one they have.
    """
    round_ = find_round(name)
    if dry_run:
        print_rows(_plan(round_, groups), as_json)
        return
    delivery = _delivery(key, output)
    compose = reminder_writer(round_, _questionnaire(round_), _address())
    if delivery.pack is None:
        press = sending.new_press()
        _say_queued(
            sending.send_reminders(context(), round_, delivery, compose, press=press, by=operator(), groups=groups)
        )
        return
    data, number = sending.pack_reminders(context(), round_, delivery, compose, groups, by=operator())
    with _open_for_owner(output) as stream:
        stream.write(data)
    say(f"{number} reminders written to {output}.")


def _plan(round_: Round, groups: tuple[str, ...]) -> list[dict[str, Any]]:
    """A row for each person, by group."""
    rows = []
    for group in _questionnaire(round_).groups:
        if groups and group.key not in groups:
            continue
        plan = sending.plan_reminders(round_, [group.key])
        said = [(each, "new link" if sending.gets_new_link(round_, each) else "reminder") for each in plan.to]
        said += [(each, "no e-mail address") for each in plan.without_email]
        said += [(each, "no link yet") for each in plan.without_link]
        rows += [
            {"group": group.key, "name": each.person.name, "email": each.person.email, "would get": what}
            for each, what in said
        ]
    if not rows:
        sending.plan_reminders(round_, groups)  # raises for a group that is not there
    return rows


@click.group(name="outbox")
def outbox_() -> None:
    """Messages on their way."""


@outbox_.command("list")
@as_json
@with_app
def list_(as_json: bool) -> None:
    """Count the messages by way and state; who they are to stands on each round's people page."""
    rows = [{"delivery": key, "state": state, "messages": number} for (key, state), number in _counts()]
    print_rows(rows, as_json)


def _counts() -> list[tuple[tuple[str, str], int]]:
    return sorted(count_states().items())


@outbox_.command("send")
@with_app
def send_() -> None:
    """Send what is due, once: for a timer, where the program is not served by `run`."""
    done = outbox.send_due(context(), datetime.now(UTC))
    say(", ".join(f"{number} {state}" for state, number in sorted(done.items())) or "Nothing is due.")


def _delivery(key: str, output: Path | None) -> Delivery:
    delivery = outbox.find_delivery(key, [*outbox.senders(context()), *outbox.packers(context())])
    if (delivery.pack is None) != (output is None):
        raise click.UsageError(f"{key} writes a file: name it with -o." if output is None else f"{key} writes no file.")
    return delivery


def _questionnaire(round_: Round) -> Any:
    return reviews.questionnaire_of(round_)


def _address() -> Callable[[str], str]:
    context().check_links()
    base = base_address()
    return lambda secret: f"{base}/i/{secret}"


def _open_for_owner(output: Path | None) -> Any:
    """A new file, or the old one emptied, that nobody else can read: it holds links."""
    assert output is not None  # noqa: S101  _delivery has seen to it
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    if output.is_file():
        output.chmod(0o600)
    return os.fdopen(handle, "wb")


def _say_queued(number: int) -> None:
    say(f"{number} messages are in the outbox. The program that is running sends them; or: scrqm-forms outbox send")


COMMANDS = (send, remind, outbox_)

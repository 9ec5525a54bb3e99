"""`backup`, `restore`, `doctor` and `db`: for whoever looks after the program."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from scrqm_forms.cli.common import as_json, say
from scrqm_forms.instance import find_instance, in_use, open_instance
from scrqm_forms.services.backup import back_up, back_up_to_folder
from scrqm_forms.services.backup import restore as restore_backup
from scrqm_forms.services.doctor import examine_instance
from scrqm_forms.services.upgrade import Upgrade, upgrade_instance
from scrqm_forms.storage.database import known_revisions

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=FILE, required=False)
@click.option("--replace", is_flag=True, help="FILE may be there already.")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="A file here, named by the time.")
@click.option("--keep", type=click.IntRange(min=1), default=30, show_default=True, help="How many to keep in FOLDER.")
@click.pass_context
def backup(ctx: click.Context, file: Path | None, replace: bool, folder: Path | None, keep: int) -> None:
    """Copy the database to FILE, or into a folder, while people go on answering; prints the file's name.

    The copy is encrypted with the same key, and looked through before it is called good. Keep it apart from the key.
    """
    if (file is None) == (folder is None):
        raise click.UsageError("Name either a FILE or a --folder.")
    path = find_instance(ctx.obj["instance"])
    instance, now = open_instance(path), datetime.now(UTC)
    gone: list[Path] = []
    with in_use(path):
        if folder is not None:
            file, contents, gone = back_up_to_folder(instance, folder, now, keep)
        elif file is not None:
            contents = back_up(instance, file, now, replace=replace)
    say(f"A good copy: {contents.all_rows:,} rows in {len(contents.rows)} tables, all checked.")
    if gone:
        say(f"Deleted, since {keep} newer ones are there: {', '.join(old.name for old in gone)}")
    click.echo(file)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--over", is_flag=True, help="In the place of the database that is there; it is copied first.")
@click.pass_context
def restore(ctx: click.Context, file: Path, over: bool) -> None:
    """Put the backup FILE in the database's place, once it was looked through. Stop the program first."""
    instance = open_instance(find_instance(ctx.obj["instance"]))
    if instance.database_file.exists() and not over:
        say("There is a database already. To put the backup in its place, say --over; a copy of it is made first.")
        sys.exit(1)
    contents, aside = restore_backup(instance, file, datetime.now(UTC), over=over)
    if aside:
        say(f"What was there before is kept: {aside}")
    say(
        f"Restored: {contents.all_rows:,} rows in {len(contents.rows)} tables. Links made after the backup no longer "
        "work, and what was deleted after it is back: delete it again."
    )
    if contents.revision != known_revisions()[0]:
        say("It is of an earlier version. `scrqm-forms run` brings it up to this one, or: scrqm-forms db upgrade")


@click.command()
@as_json
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look the instance over, changing nothing; exit status 1 when something fails."""
    found = examine_instance(find_instance(ctx.obj["instance"]), datetime.now(UTC))
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(found), ensure_ascii=False, indent=2))
    else:
        for each in found:
            click.echo(f"{each.level:4}  {each.check}: {each.message}")
    if any(each.level == "fail" for each in found):
        sys.exit(1)


@click.group("db")
def database() -> None:
    """The database's schema."""


@database.command("upgrade")
@click.option("--dumped", is_flag=True, help="PostgreSQL: a backup was made with pg_dump.")
@click.pass_context
def upgrade(ctx: click.Context, dumped: bool) -> None:
    """Bring a database of an earlier program up to this one; a checked copy is made first."""
    done = upgrade_instance(find_instance(ctx.obj["instance"]), datetime.now(UTC), dumped=dumped)
    if done is None:
        say("There is nothing to upgrade.")
    else:
        say_upgrade(done)


def say_upgrade(done: Upgrade) -> None:
    say(f"The database was brought from schema {done.before} to {done.after}.")
    if done.copy:
        say(f"As it was before, it is kept in {done.copy}. Delete that when all is well: it holds answers too.")


COMMANDS = (backup, restore, doctor, database)

"""`board`, `plugins` and `plugin`."""

from pathlib import Path
from typing import Any, BinaryIO, cast

import click

from scrqm_forms.cli.common import as_json, operator, print_rows, say, today, with_app
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.domain.wording import VOCABULARIES
from scrqm_forms.services.beginning import KINDS, begin_plugin
from scrqm_forms.services.boards import BoardChanges, change_board, create_board
from scrqm_forms.services.context import context
from scrqm_forms.services.plugin_faults import recall_faults
from scrqm_forms.storage import boards


@click.group()
def board() -> None:
    """Boards: organisations that run reviews."""


@board.command("create")
@click.argument("name")
@click.option("--key", default="", help="Stands in addresses; made from the name if it is not given.")
@click.option("--vocabulary", type=click.Choice(list(VOCABULARIES)), default="scr", show_default=True)
@click.option("--plugins", default="", help="Plugins whose markers the board uses, separated by commas.")
@with_app
def create(name: str, key: str, vocabulary: str, plugins: str) -> None:
    """Make a board; prints its key."""
    made = create_board(OPERATOR, name, today(), key=key, vocabulary=vocabulary, by=operator())
    if plugins:
        _use_plugins(made.key, plugins)
    click.echo(made.key)


@board.command("change")
@click.argument("key")
@click.option("--name", help="As participants know the board.")
@click.option("--colour", help='Of links and buttons: a code such as "#0e5160"; "" for the usual colour.')
@click.option("--logo", type=click.File("rb"), metavar="FILE", help="PNG, JPEG or WebP, shown beside the name.")
@click.option("--no-logo", is_flag=True, help="Take the logo away.")
@click.option(
    "--show-markers/--hide-markers", default=None, help="Whether anybody may read its markers, without signing in."
)
@with_app
def change(
    key: str, name: str | None, colour: str | None, logo: BinaryIO | None, no_logo: bool, show_markers: bool | None
) -> None:
    """Change a board's name and look; what is not named stays."""
    if logo and no_logo:
        raise click.UsageError("--logo and --no-logo cannot both be.")
    picture = logo.read() if logo else None
    said = {"name": name, "accent": colour, "logo": picture, "shows_markers": show_markers}
    changes: dict[str, Any] = {field: value for field, value in said.items() if value is not None}
    if no_logo:
        changes["logo"] = None
    change_board(OPERATOR, boards.get_board(OPERATOR, key), by=operator(), **cast(BoardChanges, changes))


@board.command("plugins")
@click.argument("key")
@click.argument("names")
@with_app
def use_plugins(key: str, names: str) -> None:
    """Say which plugins' markers a board uses: NAMES separated by commas; "" for none."""
    _use_plugins(key, names)


def _use_plugins(key: str, names: str) -> None:
    found = boards.get_board(OPERATOR, key)
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if name not in context().plugins.plugins:
            say(f'Note: there is no plugin "{name}" at the moment.')
    change_board(OPERATOR, found, by=operator(), plugins=wanted)


@board.command("list")
@as_json
@with_app
def list_(as_json: bool) -> None:
    """List the boards."""
    found = boards.list_boards(OPERATOR)
    print_rows([{"key": b.key, "name": b.name, "vocabulary": b.vocabulary} for b in found], as_json)


@click.command()
@as_json
@with_app
def plugins(as_json: bool) -> None:
    """List the plugins, where they came from and how they are."""
    context().library()  # a plugin's markers are read here, and what is wrong with them noted
    recall_faults(context())
    rows = [
        {
            "name": plugin.name,
            "state": plugin.state,
            "way": plugin.way,
            "version": plugin.version,
            "path": plugin.path,
            "sha256": plugin.sha256,
            "hooks": plugin.hooks,
            "gives": plugin.gives,
            "errors": plugin.errors,
        }
        for plugin in sorted(context().plugins.plugins.values(), key=lambda plugin: plugin.name)
    ]
    print_rows(rows, as_json)


@click.group()
def plugin() -> None:
    """Plugins of your own."""


@plugin.command("new")
@click.argument("name")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What it is to give.")
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where; here, without it."
)
def new(name: str, kind: str, folder: Path) -> None:
    """Write the beginning of a plugin into a new folder NAME, with a test that passes."""
    for file in begin_plugin(name, kind, folder):
        click.echo(file)
    say(f"Try it: pytest {folder / name}. Then copy the folder to instance/plugins/ and restart the program.")


COMMANDS = (board, plugins, plugin)

"""`scrqm-forms`: as thin as the views. Data goes to stdout, words to stderr; exit 0 fine, 1 a problem, 2 usage."""

import logging
import sys

import click

from scrqm_forms.cli import administrators, boards, improvements, keeping, markers, operating, reviews, sending, serving
from scrqm_forms.domain.errors import ScrqmFormsError


@click.group()
@click.option("--instance", metavar="FOLDER", help="Folder of the database, key and settings; made if it is not there.")
@click.version_option(package_name="scrqm-forms")
@click.pass_context
def cli(ctx: click.Context, instance: str | None) -> None:
    """Reflection on how a case review was run: quality markers as questionnaires."""
    ctx.obj = {"instance": instance}
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")


_TOPICS = (boards, administrators, markers, reviews, sending, improvements, keeping, serving, operating)
for command in (command for topic in _TOPICS for command in topic.COMMANDS):
    cli.add_command(command)


def main() -> None:
    """The console script: a problem is one sentence on stderr, never a traceback."""
    try:
        cli(prog_name="scrqm-forms")
    except ScrqmFormsError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except OSError as error:
        click.echo(f"{error.filename or 'File'}: {error.strerror or error}", err=True)
        sys.exit(1)

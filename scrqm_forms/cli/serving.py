"""`run` and `demo`."""

import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from scrqm_forms.cli.common import say, today
from scrqm_forms.cli.operating import say_upgrade
from scrqm_forms.domain.address import find_link_fault
from scrqm_forms.instance import find_instance, in_use
from scrqm_forms.services.accounts import make_sign_in_link
from scrqm_forms.services.sender import start_sender
from scrqm_forms.services.upgrade import upgrade_instance
from scrqm_forms.storage.accounts import count_administrators

#: Bytes. A page of answers may come with 16 MB; the pages refuse a little less than this with a sentence.
_LARGEST_REQUEST = 20_000_000
#: Seconds that a thread may work while others wait; the usual 5 ms would pass several times for one save while an
#: export is made.
_TURN = 0.001


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--local", is_flag=True, help="On one's own machine, for oneself: links may lead to it alone.")
@click.pass_context
def run(ctx: click.Context, host: str, port: int, local: bool) -> None:
    """Serve the pages; prints the address and, while there is no administrator, a one-time link to become one.

    A database of an earlier version is brought up to this one first, after a copy of it is made.
    """
    folder = find_instance(ctx.obj["instance"])
    if done := upgrade_instance(folder, datetime.now(UTC)):
        say_upgrade(done)
    with in_use(folder):
        _run(folder, host, port, local)


def _run(folder: Path, host: str, port: int, local: bool) -> None:
    from scrqm_forms.web.app import create_app

    app = create_app(folder, local=local)
    server, address = _server(app, host, port)
    settings = app.extensions["scrqm_forms"].instance.settings
    address = settings.base_url.rstrip("/") or address
    say(f"SCRQM Forms is at {address}")
    if find_link_fault(settings.base_url, settings.local):
        say("Nobody can be sent a link yet: set base_url (docs/running.md). On your own machine, use run --local.")
    with app.app_context():
        if count_administrators() == 0:
            say("Nobody looks after it yet. Open this link to become the first administrator (it works once):")
            click.echo(f"{address}/welcome/{make_sign_in_link(datetime.now(UTC))}")
    sender = start_sender(app)
    _serve(server)
    if sender:
        sender.stop()


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def demo(port: int) -> None:
    """Show the whole job with an example board and invented people; everything is thrown away at the end."""
    from scrqm_forms.services.demo import fill_demo
    from scrqm_forms.web.app import create_app
    from scrqm_forms.web.demo import add_demo_links

    with tempfile.TemporaryDirectory(prefix="scrqm-forms-demo-") as folder:
        app = create_app(Path(folder) / "instance", local=True)
        server, address = _server(app, "127.0.0.1", port)
        with app.app_context():
            made = fill_demo(app.extensions["scrqm_forms"], today())
        administrator, results = add_demo_links(app, made)
        say("A demonstration with an example board. All people and texts are invented; nothing is kept.")
        click.echo(f"Administrator:  {address}{administrator}")
        click.echo(f"Participant:    {address}/i/{made.participant}")
        click.echo(f"Results:        {address}{results}")
        say("Press Ctrl+C to end it.")
        _serve(server)


def _server(app: Any, host: str, port: int) -> tuple[Any, str]:
    """A waitress server that is bound already, and its address."""
    from waitress.server import create_server

    server = create_server(
        app,
        host=host,
        port=port,
        threads=8,
        ident=None,
        max_request_body_size=_LARGEST_REQUEST,
        # Held in memory: what overflows goes to a temporary file, and answers must not lie about in one.
        inbuf_overflow=_LARGEST_REQUEST,
        outbuf_overflow=256_000_000,
        # With a proxy in front its headers are wanted: the pages believe as many of them as the setting says.
        clear_untrusted_proxy_headers=not app.extensions["scrqm_forms"].instance.settings.trusted_proxies,
    )
    shown = f"[{host}]" if ":" in host else host
    return server, f"http://{shown}:{server.effective_port}"


def _serve(server: Any) -> None:
    """Serve until Ctrl+C or SIGTERM; either way what the caller cleans up is cleaned up."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.setswitchinterval(_TURN)
    try:
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()


COMMANDS = (run, demo)

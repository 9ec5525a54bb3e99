"""`send`, `remind` and `outbox` on the command line, over a real mail server."""

import csv
import json
import re
import socket
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from .test_cli import Outcome, Run, make_review, run  # noqa: F401  the fixture

PEOPLE = "name,email,role,agency\nSam,sam@example.org,chair,\nIra,ira@example.org,panel,\nNo Address,,panel,\n"


class Inbox(Sink):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.sent.append((envelope.rcpt_tos[0], envelope.content.decode().replace("=\r\n", "")))
        return "250 OK"


@pytest.fixture
def inbox(instance_path: Path) -> Iterator[Inbox]:
    """A server that config.toml leads to."""
    inbox = Inbox()
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    instance_path.mkdir(exist_ok=True)
    (instance_path / "config.toml").write_text(
        'base_url = "https://reflect.example.org"\n[plugins.delivery_smtp]\nhost = "127.0.0.1"\n'
        f'port = {port}\nsecurity = "none"\nsender = "reviews@example.org"\n'
    )
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox
    controller.stop()


@pytest.fixture
def opened(run: Run, tmp_path: Path) -> str:  # noqa: F811
    """Key of a review with an open named round; nobody has a link."""
    key = make_review(run, "--mode", "named")
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE)
    run("invite", key, people, "-o", tmp_path / "ignored.csv")
    run("review", "open", key)
    return key


def test_reminders_are_counted_by_group_before_anything_is_sent(run: Run, inbox: Inbox, opened: str) -> None:  # noqa: F811
    rows = json.loads(run("remind", opened, "--dry-run", "--json").out)
    assert {(row["group"], row["name"], row["would get"]) for row in rows} == {
        ("chair", "Sam", "new link"),
        ("panel", "Ira", "new link"),
        ("panel", "No Address", "no e-mail address"),
    }
    chairs = json.loads(run("remind", opened, "--dry-run", "--group", "chair", "--json").out)
    assert [row["name"] for row in chairs] == ["Sam"]
    assert "Groups: nobody not known" in run("remind", opened, "--dry-run", "--group", "nobody", code=1).err
    assert json.loads(run("outbox", "list", "--json").out) == []
    assert inbox.sent == []


def test_reminders_wait_in_the_outbox_and_go_out_once(run: Run, inbox: Inbox, opened: str) -> None:  # noqa: F811
    assert "2 messages are in the outbox." in run("remind", opened, "--by", "smtp").err
    waiting = [{"delivery": "smtp", "state": "waiting", "messages": 2}]
    assert json.loads(run("outbox", "list", "--json").out) == waiting
    assert run("outbox", "send").err.strip() == "2 sent"
    assert run("outbox", "send").err.strip() == "Nothing is due."
    assert sorted(address for address, _text in inbox.sent) == ["ira@example.org", "sam@example.org"]
    assert all(re.search(r"https://reflect\.example\.org/i/[\w-]{43}", text) for _address, text in inbox.sent)
    assert json.loads(run("outbox", "list", "--json").out) == [waiting[0] | {"state": "sent"}]


def test_invitations_go_to_all_who_have_no_link(run: Run, inbox: Inbox, tmp_path: Path) -> None:  # noqa: F811
    key = make_review(run, "--mode", "named")
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE)
    assert run("invite", key, people, "--no-links").err.strip() == "3 invited, no links made."
    run("review", "open", key)
    assert "2 messages" in run("send", key, "--by", "smtp").err
    run("outbox", "send")
    assert sorted(address for address, _text in inbox.sent) == ["ira@example.org", "sam@example.org"]
    output = tmp_path / "invitations.csv"
    assert "1 invitation written" in run("send", key, "--by", "mail-merge", "-o", output).err
    assert output.stat().st_mode & 0o777 == 0o600
    with output.open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert row["name"] == "No Address"
    assert row["link"] in row["message"]
    assert "0 messages" in run("send", key, "--by", "smtp").err
    assert "2 messages" in run("send", key, "--by", "smtp", "--again").err


def test_reminders_are_written_into_a_file(run: Run, inbox: Inbox, opened: str, tmp_path: Path) -> None:  # noqa: F811
    assert "3 reminders written" in run("remind", opened, "--by", "eml", "-o", tmp_path / "out.zip").err
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == ["001.eml", "002.eml", "without-an-address.txt"]
    run("remind", opened, "--by", "mail-merge", "-o", tmp_path / "out.csv", "--group", "panel")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["name"] for row in csv.DictReader(stream)] == ["Ira", "No Address"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--by", "balloon"), 1, 'Delivery: "balloon" is not one of smtp, eml, mail-merge.'),
        ((), 1, 'Delivery: "" is not one of smtp, eml, mail-merge.'),
        (("--by", "eml"), 2, "eml writes a file: name it with -o."),
        (("--by", "smtp", "-o", "x"), 2, "smtp writes no file."),
    ],
)
def test_wrong_usage_is_told(
    run: Run,  # noqa: F811
    inbox: Inbox,
    opened: str,
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    found: Outcome = run("remind", opened, *arguments, code=code)
    assert said in found.err
    assert inbox.sent == []

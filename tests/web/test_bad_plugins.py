"""Every kind of bad plugin at once: the service is up, each is named with file, hook and reason, nothing else lost."""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from scrqm_forms.cli import cli
from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.review import OPERATOR, Person
from scrqm_forms.services.context import context
from scrqm_forms.services.doctor import examine_instance
from scrqm_forms.services.invitations import invite_people
from scrqm_forms.services.outbox import find_delivery, send_due, senders
from scrqm_forms.services.sending import send_invitations
from scrqm_forms.storage.database import db
from scrqm_forms.storage.reviews import questionnaire_of, round_by_id
from scrqm_forms.web.letters import invitation_writer

from .page import Page
from .page import get_page as get_page_by
from .world import World

HEAD = """from pathlib import Path
from scrqm_forms.hookspecs import Delivery, ExportFormat, Finding, MarkerFolder, TextCheck, hookimpl

def fmt(key, write=lambda export, stream: stream.write(b"sound")):
    return ExportFormat(key=key, label=key, media_type="text/plain", suffix=".txt", write=write)

@hookimpl
"""
FORMATS = HEAD + "def register_export_formats(settings):\n    "
#: Name -> (source, hook or "" where it is not loaded, what is said).
AT_START = {
    "import_error": ("from os import no_such_thing", "", "could not be loaded: ImportError"),
    "missing_dependency": ("import no_such_package", "", "could not be loaded: ModuleNotFoundError"),
    "system_exit": ("raise SystemExit('gone')", "", "could not be loaded: SystemExit: gone"),
    "syntax_error": ("def f(:", "", "could not be loaded: SyntaxError"),
    "wrong_signature": (FORMATS.replace("(settings)", "(other)") + "return []", "", "could not be loaded: Plugin"),
    "misspelt_hook": (FORMATS.replace("formats(", "format(") + "return []", "", "there is no hook called"),
    "export_csv": (FORMATS + "return [fmt('never')]", "", "not loaded: the name export_csv is taken by"),
    "duplicate_key": (
        FORMATS + "return [fmt('csv')]",
        "register_export_formats",
        "the key is taken by plugin export_csv",
    ),
    "duplicate_marker": (
        HEAD + "def register_markers():\n    return [MarkerFolder(path=Path(__file__).parent / 'scr')]",
        "register_markers",
        'id: "qm08" is taken by markers/scr/',
    ),
    "raises": (FORMATS + "raise ValueError('no tea')", "register_export_formats", "ValueError: no tea"),
    "wrong_type": (FORMATS + "return {'a': 1}", "register_export_formats", "expected a list of ExportFormat"),
}
#: What goes wrong only when it is used; `text` of a check and rows of an export hold answers.
IN_USE = {
    "half_way": (
        FORMATS + "return [fmt('half', write)]\n"
        "def write(export, stream):\n    stream.write(b'half')\n    raise OSError(next(export.tables[0].rows()))\n",
        "register_export_formats",
        "export format half: OSError",
    ),
    "bad_check": (
        HEAD + "def register_text_checks():\n    return [TextCheck(key='bad', label='Bad', find=find)]\n"
        "def find(text):\n    raise KeyError(text)\n",
        "register_text_checks",
        "text check bad: KeyError",
    ),
    "bad_delivery": (
        HEAD + "def register_deliveries():\n    return [Delivery(key='bad', label='Bad', deliver=deliver)]\n"
        "def deliver(message):\n    raise RuntimeError(message.body)\n",
        "register_deliveries",
        "delivery bad: RuntimeError",
    ),
}
EVERY = AT_START | IN_USE
SECRET = "Nobody else may read this."


def name_of(name: str) -> str:
    """The second of a name is listed with a number."""
    return "export_csv#2" if name == "export_csv" else name


@pytest.fixture
def bad(instance_path: Path) -> Path:
    folder = instance_path / "plugins"
    (folder / "scr").mkdir(parents=True)
    own = Path(__file__).parents[2] / "markers" / "scr"
    for file in ("set.toml", "08-scr-management.toml"):
        (folder / "scr" / file).write_text((own / file).read_text())
    for name, (source, _hook, _said) in EVERY.items():
        (folder / f"{name}.py").write_text(source)
    (folder / "sound.py").write_text(FORMATS + "return [fmt('sound')]")
    return folder


@pytest.mark.usefixtures("bad")
def test_all_bad_plugins_together_cost_only_themselves(
    bad: Path, world: World, ann: FlaskClient, begin: Callable[..., Page], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = world.open_round()

    # Answering, with a check that breaks: what is typed is saved and sent, the other checks are there.
    tasks = begin(asked.link)
    tasks.follow("Kettle").send({"reflection-helped": f"{SECRET} 07700 900123"})
    check = tasks.again().follow("Check and send")
    assert [mark.text for mark in check.root.find("mark")] == ["07700 900123"]
    assert check.send(button="Send my answers").heading.startswith("Your answers were sent")
    assert world.entries(asked.secrets["lead_reviewer"][0])["tea01"].reflections["helped"].startswith(SECRET)

    # Exporting: the one that breaks gives no half file, the others give theirs.
    with pytest.raises(Refused, match="failed"):  # the server then breaks off, so no browser takes it for whole
        ann.get(f"{asked.address}export?format=half").get_data()
    assert ann.get(f"{asked.address}export?format=sound").data == b"sound"
    assert b"response" in ann.get(f"{asked.address}export?format=csv").data

    # Sending: one message that breaks is not sent again.
    break_a_message(world, asked.id)

    check_all_are_named(bad, get_page_by(ann, "/plugins"))
    assert SECRET not in caplog.text
    for name, (_source, hook, said) in EVERY.items():
        lines = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
        file = str(bad / f"{name}.py")
        if name in IN_USE:  # the start was before this test's
            assert [line for line in lines if file in line and hook in line and said in line], name
    check_other_processes(bad, world)


def break_a_message(world: World, round_id: int) -> None:
    with world.app.app_context():
        round_ = round_by_id(round_id)
        invite_people(round_, [Person(name="Sam", email="sam@example.org", role="chair", agency="")])
        now = datetime.now(UTC)
        compose = invitation_writer(round_, questionnaire_of(round_), lambda secret: f"https://x/i/{secret}")
        delivery = find_delivery("bad", senders(context()))
        send_invitations(context(), round_, delivery, compose, press="1", by=Actor(caller=OPERATOR, now=now))
        assert send_due(context(), now) == {"unknown": 1}
        db.session.remove()


def check_all_are_named(bad: Path, page: Page) -> None:
    for name, (_source, hook, said) in EVERY.items():
        (section,) = page.root.find(id=name_of(name))
        for each in (str(bad / f"{name}.py"), hook, said, "Something is wrong"):
            assert each in section.text, (name, each)
        assert SECRET not in section.text
    for name in ("export_excel", "identifying_details", "sound"):
        (section,) = page.root.find(id=name)
        assert "Working" in section.text


def check_other_processes(bad: Path, world: World) -> None:
    """`scrqm-forms plugins` and `doctor` are programs of their own, and know what broke in the one that serves."""
    folder = world.app.extensions["scrqm_forms"].instance.path
    listed = CliRunner().invoke(cli, ["--instance", str(folder), "plugins", "--json"], catch_exceptions=False)
    rows = {row["name"]: row for row in json.loads(listed.stdout)}
    examined = [each.message for each in examine_instance(folder, datetime.now(UTC)) if each.check == "plugins"]
    for name, (_source, hook, said) in EVERY.items():
        row, file = rows[name_of(name)], str(bad / f"{name}.py")
        assert (row["state"], row["path"]) == ("failed", file), name
        assert len(row["sha256"]) == 64
        assert [error for error in row["errors"] if hook in error and said in error], (name, row["errors"])
        assert [line for line in examined if file in line and hook in line and said in line], name
    assert SECRET not in listed.stdout + "".join(examined)

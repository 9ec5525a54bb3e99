"""The register on the command line."""

import json
from datetime import date, timedelta
from pathlib import Path

from click.testing import CliRunner

from scrqm_forms.cli import cli
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.demo import fill_demo
from scrqm_forms.storage.database import db

TODAY = date.today()  # noqa: DTZ011  as the command line does


def fill(instance_path: Path) -> None:
    with make_app(instance_path, local=True).app_context():
        fill_demo(context(), TODAY)
        db.session.remove()
        db.engine.dispose()


def run(instance_path: Path, *arguments: str) -> list[dict[str, str]]:
    result = CliRunner().invoke(cli, ["--instance", str(instance_path), *arguments, "--json"], catch_exceptions=False)
    found: list[dict[str, str]] = json.loads(result.stdout)
    return found


def test_register_is_listed_narrowed_and_summed_up(instance_path: Path) -> None:
    fill(instance_path)
    every = run(instance_path, "improvements", "list", "example")
    assert len(every) == 6
    assert {row["state"] for row in every} == {"proposed", "agreed", "under_way", "done", "closed", "decided_against"}
    late = run(instance_path, "improvements", "list", "example", "--overdue")
    assert {row["improvement"] for row in late} == {row["improvement"] for row in every if row["late"]}
    closed = run(instance_path, "improvements", "list", "example", "--state", "closed")
    assert [row["marker"] for row in closed] == ["qm08"]
    made = str((TODAY - timedelta(days=300)).year)
    found = [row for row in run(instance_path, "improvements", "year", "example", made) if row["in"] == "found"]
    assert len(found) >= 5

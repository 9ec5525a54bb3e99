"""`plugin new`: what it writes works unedited, as a file and installed, and its own test passes."""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import hatchling.build
import pytest

from scrqm_forms.domain.errors import Refused
from scrqm_forms.plugin_host import PluginHost
from scrqm_forms.services.beginning import KINDS, begin_plugin

ROOT = Path(__file__).parents[1]
#: Kind -> what a plugin called our_thing gives.
GIVES = {
    "markers": "markers our_thing/markers",
    "export": "export format our-thing",
    "check": "text check our-thing",
    "delivery": "delivery our-thing",
}


@pytest.fixture(autouse=True)
def _forget_modules() -> Iterator[None]:
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if "our_thing" in name:
            del sys.modules[name]


def test_every_kind_passes_its_own_test_in_an_empty_folder(tmp_path: Path) -> None:
    """As typed: `scrqm-forms plugin new x --kind markers`, then `pytest`; without an instance or a network."""
    for kind in KINDS[1:]:
        begin_plugin(f"x_{kind}", kind, tmp_path)
    run(tmp_path, "-c", "from scrqm_forms.cli import cli; cli()", "plugin", "new", "x", "--kind", "markers")
    assert "5 passed" in run(tmp_path, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["x", *(f"x_{kind}" for kind in KINDS[1:])])


def run(folder: Path, *arguments: str) -> str:
    """What Python prints, with nothing but the program itself."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("kind", KINDS)
def test_beginning_works_from_a_folder(tmp_path: Path, kind: str) -> None:
    begin_plugin("our_thing", kind, tmp_path)
    host = PluginHost({})
    host.load_all(tmp_path)
    plugin = host.plugins["our_thing"]
    assert (plugin.state, plugin.way, plugin.errors, plugin.gives) == ("working", "file", [], [GIVES[kind]])


@pytest.mark.parametrize("kind", KINDS)
def test_beginning_works_installed(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    begin_plugin("our_thing", kind, tmp_path)
    site = tmp_path / "site"
    with chdir(tmp_path / "our_thing"):
        name = hatchling.build.build_wheel(str(tmp_path))
    with zipfile.ZipFile(tmp_path / name) as wheel:
        assert not [each for each in wheel.namelist() if "test_" in each or "pyproject" in each]
        wheel.extractall(site)
    monkeypatch.syspath_prepend(site)
    host = PluginHost({})
    host.load_all(tmp_path / "nowhere")
    plugin = host.plugins["our_thing"]
    assert (plugin.state, plugin.way, plugin.version) == ("working", "distribution", "1")
    assert (plugin.gives, len(plugin.sha256)) == ([GIVES[kind]], 64)


def test_two_beginnings_work_side_by_side(tmp_path: Path) -> None:
    from scrqm_forms.marker_library import load_library

    for name in ("our_thing", "our_other_thing", "qm", "example"):
        begin_plugin(name, "markers", tmp_path)
    host = PluginHost({})
    host.load_all(tmp_path)
    assert load_library(tmp_path / "nowhere", host.marker_folders).plugin_faults == {}


@pytest.mark.parametrize("name", ["Own", "1own", "own-thing", "own.thing", "../own", "", "x" * 41])
def test_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="Name: found"):
        begin_plugin(name, "markers", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    with pytest.raises(Refused, match="is there already"):
        begin_plugin("own", "markers", tmp_path)
    with pytest.raises(Refused, match="comes with the program"):
        begin_plugin("export_csv", "export", tmp_path)
    assert list((tmp_path / "own").iterdir()) == []

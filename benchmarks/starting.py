"""Starting the command line, against a bare Flask command line with the same database library; and reading markers."""

import gc
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.data import Chosen
from benchmarks.server import PROGRAM
from benchmarks.timing import Figure, compare, limit, take_turns
from scrqm_forms import marker_library
from scrqm_forms.shipped import shipped_folder

BARE = """
from flask import Flask
from flask.cli import FlaskGroup
from flask_sqlalchemy import SQLAlchemy

def create_app():
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    SQLAlchemy(app)
    return app

FlaskGroup(create_app=create_app)()
"""
HELP, BARE_HELP = "--help", "bare FlaskGroup `--help`"
LIST, BARE_ROUTES = "markers list", "bare FlaskGroup `routes`"


def measure(folder: Path, chosen: Chosen) -> list[Figure]:
    (folder / "none").mkdir()
    gc.freeze()  # what was measured before left much behind, which a program that starts does not have
    times = take_turns(
        {
            HELP: start(PROGRAM, "--help"),
            BARE_HELP: start(BARE, "--help"),
            LIST: start(PROGRAM, "--instance", f"{folder}/started", "markers", "list"),
            BARE_ROUTES: start(BARE, "routes"),
            "shipped": reading(folder / "none"),
            "many": reading(write_many(folder / "many")),
        },
        chosen.rounds,
    )
    return [
        compare("Start-up, `scrqm-forms --help`", times, BARE_HELP, 2, HELP),
        compare("Start-up, `scrqm-forms markers list`", times, BARE_ROUTES, 2, LIST),
        limit("Reading the shipped markers", times["shipped"], 20),
        limit("Reading 1,000 markers more", times["many"], 1000),
    ]


def start(code: str, *arguments: str) -> Callable[[], object]:
    """One process from nothing to its end."""
    command = [sys.executable, "-c", code, *arguments]
    return lambda: subprocess.run(command, check=True, capture_output=True)


def reading(folder: Path) -> Callable[[], None]:
    """For the first time: later only files that changed are read."""

    def read() -> None:
        marker_library._read_marker.cache_clear()
        assert marker_library.load_library(folder).faults == []

    return read


def write_many(folder: Path) -> Path:
    """56 sets of 18 markers, each with ids of its own."""
    for number in range(56):
        letters = chr(97 + number // 26) + chr(97 + number % 26)
        shutil.copytree(shipped_folder("markers") / "scr", folder / f"set{number}")
        for file in (folder / f"set{number}").iterdir():
            text = file.read_text(encoding="utf-8").replace('"qm', f'"q{letters}').replace('"scr"', f'"set{number}"')
            file.write_text(text, encoding="utf-8")
    return folder

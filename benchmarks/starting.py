"""Starting the command line, against a bare Flask command line with the same database library; and reading markers.

Whole processes, in turns, since machines drift. Run: python benchmarks/starting.py [ROUNDS]
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from scrqm_forms.marker_library import load_library

MARKERS = Path(__file__).parents[1] / "markers"
BARE = """
import click
from flask import Flask
from flask.cli import FlaskGroup
from flask_sqlalchemy import SQLAlchemy

def create_app():
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    SQLAlchemy(app)
    return app

@click.group(cls=FlaskGroup, create_app=create_app)
def cli():
    pass

cli()
"""
OURS = "from scrqm_forms.cli import main; main()"


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        instance = ["--instance", f"{folder}/instance"]
        ways = {
            "bare --help": [BARE, "--help"],
            "ours --help": [OURS, "--help"],
            "bare routes": [BARE, "routes"],
            "ours markers list": [OURS, *instance, "markers", "list"],
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        start(ways["ours markers list"])  # makes the instance
        for _ in range(rounds):
            for name, way in ways.items():
                times[name].append(start(way))
        middle = {name: statistics.median(found) for name, found in times.items()}
        for name, seconds in middle.items():
            print(f"{name:20}{seconds:7.3f} s   ({min(times[name]):.3f} to {max(times[name]):.3f})")
        print(f"--help:              {middle['ours --help'] / middle['bare --help']:.2f}   (at most 2)")
        print(f"markers list/routes: {middle['ours markers list'] / middle['bare routes']:.2f}   (at most 2)")
        (Path(folder) / "none").mkdir()
        print(f"the shipped markers: {read(Path(folder) / 'none') * 1000:.0f} ms   (at most 20)")
        print(f"1,000 markers:       {read(many(Path(folder) / 'many')):.2f} s   (at most 1)")


def start(way: list[str]) -> float:
    """Seconds of one process from nothing to its end."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", *way], check=True, capture_output=True)
    return time.perf_counter() - begun


def read(folder: Path) -> float:
    """Seconds to read and check a library for the first time: later only files that changed are read."""
    begun = time.perf_counter()
    library = load_library(folder)
    assert library.faults == []
    return time.perf_counter() - begun


def many(folder: Path) -> Path:
    """56 sets of 18 markers, each with ids of its own."""
    for n in range(56):
        shutil.copytree(MARKERS / "scr", folder / f"set{n}")
        for file in (folder / f"set{n}").iterdir():
            text = file.read_text(encoding="utf-8").replace('"qm', f'"q{_letters(n)}').replace('"scr"', f'"set{n}"')
            file.write_text(text, encoding="utf-8")
    return folder


def _letters(number: int) -> str:
    return chr(97 + number // 26) + chr(97 + number % 26)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)

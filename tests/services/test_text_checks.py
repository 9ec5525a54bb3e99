"""Checks on text: what they find, what a broken one costs, and that nobody's words get anywhere."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from scrqm_forms.domain.finding import Finding
from scrqm_forms.domain.review import Board
from scrqm_forms.services import text_checks
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.text_checks import find_in_texts
from scrqm_forms.storage.database import db

BOARD = Board(id=1, key="north", name="N", vocabulary="scr", support="", plugins=(), own_words=("Kayleigh",))
HEAD = """
import time
from scrqm_forms.hookspecs import Finding, TextCheck, hookimpl
"""
GIVES = """
@hookimpl
def register_text_checks():
    return [TextCheck(key="{key}", label="L", find=find)]
"""
FINDS = "def find(text):\n    return [Finding(start=0, end=1, reason='is first')]\n"
TEXTS = {"a": "secret one", "b": "secret two"}

#: Fault -> (find, what is said of it).
BROKEN = {
    "raises": ("def find(text):\n    raise ValueError(text)\n", "ValueError (FILE, line 5)"),
    "exits": ("def find(text):\n    raise SystemExit(text)\n", "SystemExit (FILE, line 5)"),
    "gives_none": ("def find(text):\n    pass\n", "find: expected a list of Finding, got NoneType"),
    "gives_tuples": ("def find(text):\n    return [(0, 1, text)]\n", "find: expected a list of Finding, got list"),
    "points_outside": (
        "def find(text):\n    return [Finding(start=0, end=99, reason=text)]\n",
        "find: expected 0 <= start < end <= len(text)",
    ),
    "slow": ("def find(text):\n    time.sleep(0.05)\n    return []\n", "took more than 0.01 seconds"),
}


@pytest.fixture
def write(instance_path: Path) -> Callable[[str, str], Path]:
    """Writes a plugin with one check, both of the same name."""

    def write(name: str, find: str) -> Path:
        file = instance_path / "plugins" / f"{name}.py"
        file.write_text(HEAD + find + GIVES.format(key=name.replace("_", "-")))
        return file

    return write


@pytest.fixture
def started(instance_path: Path) -> Callable[[], Flask]:
    return lambda: make_app(instance_path)


def find_all(app: Flask, texts: dict[str, str]) -> tuple[dict[str, list[Finding]], dict[str, list[str]]]:
    """(what was found, name -> errors of the plugins that failed)."""
    with app.app_context():
        found = find_in_texts(context(), BOARD, texts)
        failed = {name: each.errors for name, each in context().plugins.plugins.items() if each.errors}
        db.engine.dispose()
    return found, failed


def test_findings_of_all_checks_come_by_key(write: Callable[..., Path], started: Callable[[], Flask]) -> None:
    write("first", FINDS)
    texts = {"a": "Ring 07700 900123", "c": "Kayleigh's"}
    found, failed = find_all(started(), texts)
    said = {key: {(texts[key][each.start : each.end], each.reason) for each in found[key]} for key in found}
    assert said == {
        "a": {("R", "is first"), ("07700 900123", "looks like a telephone number")},
        "c": {("K", "is first"), ("Kayleigh", "is on the board's list of words to leave out")},
    }
    assert failed == {}


def test_check_is_passed_what_it_names(write: Callable[..., Path], started: Callable[[], Flask]) -> None:
    write(
        "named",
        "def find(words, text, more=None, *, board):\n"
        "    return [Finding(start=0, end=1, reason=f'{board} {words} {more}')]\n",
    )
    found, failed = find_all(started(), {"a": "x"})
    assert [each.reason for each in found["a"]] == ["north ('Kayleigh',) None"]
    assert failed == {}


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_check_costs_only_itself(
    fault: str,
    write: Callable[..., Path],
    started: Callable[[], Flask],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if fault == "slow":
        monkeypatch.setattr(text_checks, "LONGEST", 0.01)
    write("aa_before", FINDS)
    file = write(fault, BROKEN[fault][0])
    write("zz_after", FINDS)
    found, failed = find_all(started(), TEXTS)
    assert {key: len(each) for key, each in found.items()} == {"a": 2, "b": 2}
    said = BROKEN[fault][1].replace("FILE", str(file))
    thing = f"register_text_checks: text check {fault.replace('_', '-')}: "
    assert list(failed) == [fault]
    assert failed[fault][0].startswith(thing + said)
    (line,) = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert line == f"plugin {fault} ({file}): {failed[fault][0]}"
    assert "secret" not in caplog.text


def test_fault_is_noted_once(write: Callable[..., Path], started: Callable[[], Flask]) -> None:
    write("raises", BROKEN["raises"][0])
    app = started()
    find_all(app, TEXTS)
    _, failed = find_all(app, TEXTS)
    assert len(failed["raises"]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "find: found (); expected some of (text, board, words), and text"),
        ("board", "find: found (board); expected some of (text, board, words), and text"),
        ("text, other", "find: found (text, other); expected some of (text, board, words), and text"),
    ],
)
def test_check_with_a_wrong_signature_is_refused_at_start(
    write: Callable[..., Path], started: Callable[[], Flask], arguments: str, said: str
) -> None:
    write("wrong", f"def find({arguments}):\n    return []\n")
    found, failed = find_all(started(), TEXTS)
    assert found == {}
    assert failed == {"wrong": [f"register_text_checks: text check wrong: {said}"]}

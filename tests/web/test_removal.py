"""A board's plugin is taken away after answers exist: nothing of the round is lost or changed."""

import io
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scrqm_forms.domain.presenting import ExportOptions
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.boards import change_board
from scrqm_forms.services.context import Context, context
from scrqm_forms.services.export import make_export, write_export
from scrqm_forms.storage.boards import list_boards
from scrqm_forms.web.app import create_app

from .page import get_page as get_page_by
from .world import Asked, World

OWN = {
    "__init__.py": """
from pathlib import Path
from scrqm_forms.hookspecs import MarkerFolder, hookimpl

__version__ = "3"

@hookimpl
def register_markers():
    return [MarkerFolder(path=Path(__file__).parent / "markers")]
""",
    "markers/set.toml": 'key = "own"\ntitle = "Own"\nprefix = "own"\ncitation = "Own (2025)."\n'
    '[[stages]]\nkey = "brew"\ntitle = "Brewing"\n',
    "markers/01.toml": 'id = "own01"\nnumber = 1\ntitle = "Biscuits"\nstage = "brew"\n'
    'statement = "There are biscuits."\n'
    'rationale = "Tea alone is sad."\nsource = "Own (2025), 1."\nwording_status = "local"\n'
    '[[questions]]\nid = "enough"\nask = "Are there enough?"\nreflect = "Were there enough?"\n',
}


@pytest.fixture
def plugin(instance_path: Path) -> Path:
    folder = instance_path / "plugins" / "own"
    for name, text in OWN.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def answered(plugin: Path, world: World) -> Asked:
    world.board()
    with world.app.app_context():
        (board,) = list_boards(OPERATOR)
        change_board(OPERATOR, board, plugins=["own"])
    asked = world.open_round(markers=("tea01", "own01"))
    world.answer(asked.secrets["lead_reviewer"][0], "Plenty.")
    return asked


def exports(app: Flask, world: World, asked: Asked) -> dict[str, bytes]:
    """Every table in every format."""
    written = {}
    with app.app_context():
        known: Context = context()
        for key, fmt in known.plugins.formats.items():
            tables = (
                "responses",
                "answers",
                "reflections",
                "codebook",
                "participation",
                "notes",
                "improvements",
                "register",
            )
            for table in tables if fmt.single_table else (None,):
                stream = io.BytesIO()
                write_export(make_export(world.stored(asked), fmt, ExportOptions(tables=(table or "all",))), stream)
                written[f"{key} {table}"] = stream.getvalue()
    return written


def test_export_of_a_round_is_the_same_byte_for_byte_without_the_plugin(
    plugin: Path, world: World, answered: Asked, instance_path: Path
) -> None:
    before = exports(world.app, world, answered)
    assert any(b"own01.enough.rating" in data for data in before.values())
    shutil.rmtree(plugin)
    after = exports(create_app(instance_path), world, answered)
    assert {name for name, data in before.items() if after[name] != data} == set()
    assert before.keys() == after.keys()


@pytest.mark.parametrize("way", ["gone", "off"])
def test_results_show_the_markers_with_their_frozen_wording_and_say_what_became_of_the_plugin(
    plugin: Path, answered: Asked, instance_path: Path, ann: FlaskClient, way: str
) -> None:
    page = get_page_by(ann, f"{answered.address}results")
    assert "From: plugin own/01.toml" in page.text
    assert "plugin no longer installed" not in page.text
    cookie = ann.get_cookie("scrqm_forms")
    assert cookie is not None
    if way == "gone":
        shutil.rmtree(plugin)
    else:
        (instance_path / "config.toml").write_text('disable_plugins = ["own"]')
    client = create_app(instance_path).test_client()
    client.set_cookie("scrqm_forms", cookie.value)
    said = "plugin no longer installed" if way == "gone" else "plugin turned off now"
    for path in ("results", "results/own01", "preview"):
        page = get_page_by(client, f"{answered.address}{path}")
        assert "Biscuits" in page.text
        if path != "results":
            assert "There are biscuits." in page.text
            assert "Were there enough?" in page.text
        assert f"local marker. From: plugin own/01.toml ({said}; everything stands as it was asked)" in page.text
        assert page.text.count("From: ") == {"results": 2, "results/own01": 1, "preview": 3}[path]
        assert page.text.count(said) == 1


def test_participant_goes_on_answering_without_the_plugin(
    plugin: Path, world: World, answered: Asked, instance_path: Path
) -> None:
    shutil.rmtree(plugin)
    again = create_app(instance_path)
    again.config["NOW"] = world.app.config["NOW"]
    client = again.test_client()
    tasks = get_page_by(client, answered.link).send()
    assert "Biscuits" in tasks.text
    entry = tasks.send(button="Take my answers back to change them").follow("Biscuits")
    entry.send({"answer-enough": "no"})
    assert world.entries(answered.secrets["lead_reviewer"][0])["own01"].answers == {"enough": "no"}


@pytest.mark.usefixtures("plugin")
def test_closing_questions_carry_their_origin_as_frozen(world: World, answered: Asked, ann: FlaskClient) -> None:
    said = "Wording: local marker. From: instance/markers/tea/set.toml"
    for path in ("results/closing", "preview"):
        assert said in get_page_by(ann, f"{answered.address}{path}").text
    codebook = exports(world.app, world, answered)["csv codebook"].decode()
    assert all('"instance/markers/tea/set.toml"' in line for line in codebook.splitlines() if '"closing"' in line)

"""What plugin authors were promised: yesterday's plugins, kept as they were, go on working."""

import inspect
import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from scrqm_forms import hookspecs, plugin_host
from scrqm_forms.hookspecs import Column, Export, ExportFormat, Table
from scrqm_forms.marker_library import load_library
from scrqm_forms.plugin_host import PluginHost

YESTERDAY = Path(__file__).with_name("yesterday")

#: Hook -> arguments it has had since it was first there.
ARGUMENTS = {
    "register_markers": ["settings"],
    "register_export_formats": ["settings"],
    "register_text_checks": ["settings"],
    "register_deliveries": ["settings"],
}
#: Type -> fields that a plugin had to give, and others that it could, when it was first there.
FIELDS = {
    "MarkerFolder": (["path"], ["boards"]),
    "ExportFormat": (["key", "label", "media_type", "suffix", "write"], ["single_table"]),
    "TextCheck": (["key", "label", "find"], []),
    "Finding": (["start", "end", "reason"], []),
    "Delivery": (["key", "label"], ["deliver", "pack", "media_type", "suffix"]),
    "Export": (["about", "tables", "options"], []),
    "Table": (["key", "title", "columns", "rows"], ["about"]),
    "Column": (["id"], ["kind"]),
    "Message": (["id", "name", "email", "role", "agency", "subject", "body", "link", "board"], []),
}


@pytest.fixture
def host() -> PluginHost:
    host = PluginHost({"export_json_lines": {"label": "For us"}, "our_board": {"boards": ["anytown"]}})
    host.load_all(YESTERDAY)
    return host


def test_yesterdays_plugins_load(host: PluginHost) -> None:
    found = {name: each.errors for name, each in host.plugins.items() if each.way == "file"}
    assert found == {"export_json_lines": [], "old_csv": [], "our_board": []}


def test_yesterdays_formats_write(host: PluginHost) -> None:
    columns = (Column(id="response", kind="code"), Column(id="qm08.comment"), Column(id="on", kind="date"))
    rows: list[tuple[Any, ...]] = [("R00001", "=1+1", date(2026, 3, 2)), ("R00002", None, None)]
    table = Table(key="answers", title="Answers", columns=columns, rows=lambda: iter(rows))
    written = {}
    for key in ("json-lines", "old"):
        stream = io.BytesIO()
        host.formats[key].write(Export(about=(), tables=(table,), options={}), stream)
        written[key] = stream.getvalue().decode()
    assert host.formats["json-lines"].label == "For us"
    assert json.loads(written["json-lines"].splitlines()[0]) == {
        "response": "R00001",
        "qm08.comment": "=1+1",
        "on": "2026-03-02",
    }
    assert '"R00001","\'=1+1","2026-03-02"' in written["old"]


def test_yesterdays_markers_are_read(host: PluginHost) -> None:
    library = load_library(YESTERDAY / "nowhere", host.marker_folders)
    assert library.plugin_faults == {}
    assert library.markers["our01"].boards == ("anytown",)


def test_argument_that_is_added_to_a_hook_breaks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tomorrow's program passes `settings` and something else."""

    @hookspecs.hookspec
    def register_export_formats(settings: Mapping[str, Any], language: str) -> list[ExportFormat]:
        return []

    specs = {name: getattr(hookspecs, name) for name in plugin_host.HOOKS}
    tomorrow = SimpleNamespace(**specs | {"register_export_formats": register_export_formats})
    monkeypatch.setattr(plugin_host, "hookspecs", tomorrow)
    for name, arguments in (("neither", ""), ("one", "settings")):
        (tmp_path / f"{name}.py").write_text(
            "from scrqm_forms.hookspecs import ExportFormat, hookimpl\n"
            f"@hookimpl\ndef register_export_formats({arguments}):\n"
            f"    return [ExportFormat(key='{name}', label='x', media_type='x', suffix='.x', "
            "write=lambda export, stream: None)]\n"
        )
    host = PluginHost({})
    host.load_all(tmp_path)
    assert {"neither", "one"} <= host.formats.keys()


@pytest.mark.parametrize("hook", ARGUMENTS)
def test_no_argument_of_a_hook_is_taken_away(hook: str) -> None:
    now = inspect.signature(getattr(hookspecs, hook)).parameters
    assert [name for name in ARGUMENTS[hook] if name not in now] == []


def test_no_hook_is_taken_away_and_new_ones_are_written_down() -> None:
    assert set(plugin_host.HOOKS) == ARGUMENTS.keys()


@pytest.mark.parametrize("name", FIELDS)
def test_no_field_is_taken_away_and_new_ones_can_be_left_out(name: str) -> None:
    fields = {field.name: field.required for field in msgspec.structs.fields(getattr(hookspecs, name))}
    required, more = FIELDS[name]
    assert [each for each in (*required, *more) if each not in fields] == []
    assert [each for each, is_required in fields.items() if is_required and each not in required] == []


def test_every_type_is_written_down() -> None:
    types = {name for name in hookspecs.__all__ if isinstance(getattr(hookspecs, name), msgspec.StructMeta)}
    assert types == FIELDS.keys()

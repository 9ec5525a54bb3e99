"""The three ways in, and what a broken plugin costs: itself, or the part of it that is broken, and nothing else."""

import hashlib
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from scrqm_forms import hookspecs, plugin_host
from scrqm_forms.domain.errors import Refused
from scrqm_forms.domain.table import Export
from scrqm_forms.hookspecs import ExportFormat
from scrqm_forms.plugin_host import PluginHost
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.export import Exporting, export_to_file
from scrqm_forms.shipped import shipped_folder

SHIPPED = [path.name.removesuffix(".py") for path in sorted(shipped_folder("plugins").glob("[a-z]*"))]

HEAD = """
from pathlib import Path
from scrqm_forms.hookspecs import ExportFormat, MarkerFolder, hookimpl

def fmt(key, **other):
    given = {"label": key, "media_type": "text/plain", "suffix": ".txt", "write": lambda export, stream: None}
    return ExportFormat(key=key, **{**given, **other})
"""

FORMATS = HEAD + "@hookimpl\ndef register_export_formats():\n    "
MARKERS = HEAD + "@hookimpl\ndef register_markers():\n    "

#: Kind of fault -> (a plugin that has it, what is said of it). Every plugin stands in a file named after its fault.
BROKEN: dict[str, tuple[str, str]] = {
    "import_error": (
        "\nimport no_such_module",
        "could not be loaded: ModuleNotFoundError: No module named 'no_such_module' (FILE, line 2)",
    ),
    "raises_on_import": (
        "raise RuntimeError('not today')",
        "could not be loaded: RuntimeError: not today (FILE, line 1)",
    ),
    "system_exit": ("raise SystemExit('I leave')", "could not be loaded: SystemExit: I leave (FILE, line 1)"),
    "syntax_error": ("def f(:\n", "could not be loaded: SyntaxError: invalid syntax (syntax_error.py, line 1)"),
    "bad name": ("", 'found the name "bad name"; expected letters, digits, underscores and hyphens'),
    "message_that_raises": (
        "class Odd(Exception):\n    def __str__(self): raise KeyError\nraise Odd",
        "could not be loaded: Odd: ",
    ),
    "wrong_argument": (
        FORMATS.replace("()", "(setings)") + "return []",
        "could not be loaded: PluginValidationError: Plugin 'wrong_argument' for hook 'register_export_formats'",
    ),
    "misspelt_hook": (
        FORMATS.replace("formats(", "format(") + "return [fmt('never')]",
        "could not be loaded: there is no hook called register_export_format; "
        "the hooks are register_markers, register_export_formats",
    ),
    "misspelt_beside_a_sound_one": (
        FORMATS + "return [fmt('never')]\n@hookimpl\ndef register_marker(): return []",
        "could not be loaded: there is no hook called register_marker; ",
    ),
    "no_hook": (
        FORMATS.replace("@hookimpl", "") + "return [fmt('never')]",
        "could not be loaded: no function is marked with @hookimpl; the hooks are register_markers, ",
    ),
    "raises_in_hook": (
        FORMATS + "raise ValueError('no settings')",
        "register_export_formats: ValueError: no settings (FILE, line 10)",
    ),
    "exits_in_hook": (MARKERS + "raise SystemExit(3)", "register_markers: SystemExit: 3 (FILE, line 10)"),
    "returns_nothing": (
        FORMATS + "pass",
        "register_export_formats: expected a list of ExportFormat, got None",
    ),
    "returns_one": (
        FORMATS + "return fmt('never')",
        "register_export_formats: expected a list of ExportFormat, got ExportFormat(",
    ),
    "returns_other_things": (
        MARKERS + "return [Path(__file__)]",
        "register_markers: expected a list of MarkerFolder, got [",
    ),
    "yields": (
        FORMATS + "yield fmt('never')",
        "register_export_formats: expected a list of ExportFormat, got <generator",
    ),
    "wrapper": (
        FORMATS.replace("@hookimpl", "@hookimpl(wrapper=True)") + "return (yield)",
        "register_export_formats: expected a list of ExportFormat, got <generator",
    ),
    "key_of_wrong_type": (
        FORMATS + "return [fmt(['never'])]",
        "register_export_formats: ValidationError: Expected `str`, got `array` - at `$.key`",
    ),
    "write_missing": (
        FORMATS + "return [fmt('never', write=None)]",
        "register_export_formats: ValidationError: Expected `Callable`, got `NoneType` - at `$.write`",
    ),
    "key_in_capitals": (
        FORMATS + "return [fmt('Never')]",
        "export format Never: key: expected lower-case letters, digits and hyphens",
    ),
    "suffix_without_dot": (
        FORMATS + "return [fmt('never', suffix='txt')]",
        'export format never: suffix: found "txt"; expected the ending of a file\'s name, such as ".csv"',
    ),
    "key_taken": (
        FORMATS + "return [fmt('csv')]",
        "export format csv: the key is taken by plugin export_csv (",
    ),
    "folder_as_text": (
        MARKERS + "return [MarkerFolder(path='markers')]",
        "register_markers: ValidationError: Expected `Path`, got `str` - at `$.path`",
    ),
    "boards_as_text": (
        MARKERS + "return [MarkerFolder(path=Path(__file__).parent, boards='anytown')]",
        "register_markers: ValidationError: Expected `array`, got `str` - at `$.boards`",
    ),
    "folder_not_absolute": (
        MARKERS + "return [MarkerFolder(path=Path('.'))]",
        'markers .: there is no such folder; expected one such as Path(__file__).parent / "markers"',
    ),
    "folder_missing": (
        MARKERS + "return [MarkerFolder(path=Path(__file__).parent / 'nowhere')]",
        "/nowhere: there is no such folder; expected one such as",
    ),
}


@pytest.fixture(autouse=True)
def _forget_modules() -> Iterator[None]:
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith(("scrqm_forms_plugin_", "fake_")):
            del sys.modules[name]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An instance's folder of plugins."""
    folder = tmp_path / "plugins"
    folder.mkdir()
    return folder


def format_plugin(key: str) -> str:
    """A plugin that gives an export format."""
    return FORMATS + f"return [fmt({key!r})]\n"


def load(
    folder: Path, settings: Mapping[str, Mapping[str, Any]] | None = None, disabled: tuple[str, ...] = ()
) -> PluginHost:
    host = PluginHost(settings or {}, disabled)
    host.load_all(folder)
    return host


def formats_with(*keys: str) -> list[str]:
    """Keys of the shipped formats and of these, in order."""
    shipped = load(Path("/nowhere")).formats
    return sorted({*shipped, *keys})


def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry_points: str, **modules: str) -> Path:
    """A distribution on sys.path, as pip would have left it there."""
    site = tmp_path / "site"
    info = site / "scrqm_fake-2.5.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: scrqm-fake\nVersion: 2.5\n")
    (info / "entry_points.txt").write_text(f"[scrqm_forms]\n{entry_points}\n")
    for name, source in modules.items():
        (site / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(site)
    return site


def test_hooks_called_are_those_specified() -> None:
    specified = [name for name, value in vars(hookspecs).items() if hasattr(value, "scrqm_forms_spec")]
    assert sorted(plugin_host.HOOKS) == sorted(specified)


def test_shipped_plugins_work(tmp_path: Path) -> None:
    host = load(tmp_path / "not_there")
    assert list(host.plugins) == SHIPPED
    assert {plugin.state for plugin in host.plugins.values()} == {"working"}
    assert {plugin.way for plugin in host.plugins.values()} == {"shipped"}
    assert list(host.formats) == formats_with()
    assert {"csv", "excel", "jsonl"} <= host.formats.keys()
    assert list(host.text_checks) == sorted(host.text_checks)
    assert [name for name, _ in host.marker_folders] == ["example_board"]
    assert all(len(plugin.sha256) == 64 for plugin in host.plugins.values())


def test_file_has_its_sha256(folder: Path) -> None:
    (folder / "one.py").write_text(format_plugin("one"))
    (folder / "two").mkdir()
    (folder / "two" / "__init__.py").write_text(format_plugin("two"))
    first = load(folder).plugins
    assert first["one"].sha256 == hashlib.sha256(format_plugin("one").encode()).hexdigest()
    (folder / "two" / "data.toml").write_text("changed = true")
    again = load(folder).plugins
    assert again["one"].sha256 == first["one"].sha256
    assert again["two"].sha256 != first["two"].sha256


def test_file_is_a_plugin(folder: Path) -> None:
    (folder / "one.py").write_text('__version__ = "7"\n' + format_plugin("one"))
    host = load(folder)
    plugin = host.plugins["one"]
    assert (plugin.state, plugin.way, plugin.path) == ("working", "file", str(folder / "one.py"))
    assert (plugin.version, plugin.hooks, plugin.gives) == ("7", ["register_export_formats"], ["export format one"])
    assert list(host.formats) == formats_with("one")


def test_folder_is_a_plugin_and_reaches_its_own_parts(folder: Path) -> None:
    (folder / "two").mkdir()
    (folder / "two" / "__init__.py").write_text("from .part import register_export_formats")
    (folder / "two" / "part.py").write_text(format_plugin("two"))
    host = load(folder)
    assert (host.plugins["two"].state, host.plugins["two"].path) == ("working", str(folder / "two"))
    assert "two" in host.formats


def test_folder_of_another_app_has_parts_of_its_own(tmp_path: Path) -> None:
    for key in ("first", "second"):
        part = tmp_path / key / "two" / "part.py"
        part.parent.mkdir(parents=True)
        part.write_text(format_plugin(key))
        (part.parent / "__init__.py").write_text("from .part import register_export_formats")
    assert "first" in load(tmp_path / "first").formats
    assert "second" in load(tmp_path / "second").formats


@pytest.mark.parametrize("name", ["_part.py", ".hidden.py", "notes.txt", "folder_without_init", "__pycache__"])
def test_what_is_no_plugin_is_passed_over(folder: Path, name: str) -> None:
    if "." in name:
        (folder / name).write_text("raise RuntimeError")
    else:
        (folder / name).mkdir()
    assert list(load(folder).plugins) == SHIPPED


def test_installed_distribution_is_a_plugin(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = install(tmp_path, monkeypatch, "three = fake_three", fake_three=format_plugin("three"))
    host = load(folder)
    plugin = host.plugins["three"]
    assert (plugin.state, plugin.way, plugin.version) == ("working", "distribution", "2.5")
    assert plugin.path == str(site / "fake_three.py")
    assert "three" in host.formats


def test_entry_point_may_name_an_object(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = HEAD + (
        "class Plugin:\n"
        "    @hookimpl\n"
        "    def register_export_formats(self, settings):\n"
        "        return [fmt(settings['key'])]\n"
        "plugin = Plugin()\n"
    )
    install(tmp_path, monkeypatch, "three = fake_three:plugin", fake_three=source)
    assert "mine" in load(folder, {"three": {"key": "mine"}}).formats


def test_broken_distribution_costs_only_itself(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points = "gone = fake_gone\nnothing = fake_sound:nothing\nraises = fake_raises\nsound = fake_sound"
    sound, raises = format_plugin("sound"), "\n\nraise RuntimeError('not today')"
    site = install(tmp_path, monkeypatch, points, fake_sound=sound, fake_raises=raises)
    host = load(folder)
    assert host.plugins["gone"].path == "fake_gone"
    assert host.plugins["gone"].errors == ["could not be loaded: ModuleNotFoundError: No module named 'fake_gone'"]
    assert "has no attribute 'nothing'" in host.plugins["nothing"].errors[0]
    assert host.plugins["raises"].errors == [
        f"could not be loaded: RuntimeError: not today ({site / 'fake_raises.py'}, line 3)"
    ]
    assert {name for name, plugin in host.plugins.items() if plugin.state == "working"} == {*SHIPPED, "sound"}
    assert list(host.formats) == formats_with("sound")


@pytest.mark.parametrize(
    ("argument", "settings", "key"),
    [
        pytest.param("settings", {"one": {"key": "given"}}, "given", id="table"),
        pytest.param("settings", {"other": {"key": "given"}}, "usual", id="none"),
        pytest.param("", {"one": {"key": "given"}}, "unasked", id="not_asked_for"),
    ],
)
def test_hook_gets_its_own_settings(folder: Path, argument: str, settings: dict[str, dict[str, str]], key: str) -> None:
    body = "return [fmt(settings.get('key', 'usual'))]" if argument else "return [fmt('unasked')]"
    (folder / "one.py").write_text(FORMATS.replace("()", f"({argument})") + body)
    assert key in load(folder, settings).formats


def test_settings_for_a_plugin_that_is_not_there_are_named_in_the_log(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load(folder, {"export_exel": {}}, disabled=("export_cvs",))
    assert [record.getMessage() for record in caplog.records] == [
        "config.toml names a plugin export_cvs; there is none of that name",
        "config.toml names a plugin export_exel; there is none of that name",
    ]


def test_disabled_plugin_is_listed_and_not_run(folder: Path) -> None:
    (folder / "one.py").write_text("raise RuntimeError('was run')")
    host = load(folder, disabled=("one", "export_csv"))
    assert host.plugins["one"].state == host.plugins["export_csv"].state == "off"
    assert host.plugins["one"].errors == []
    assert list(host.formats) == [key for key in formats_with() if not key.startswith("csv")]


def test_disabled_plugin_leaves_its_key_to_others(folder: Path) -> None:
    (folder / "own.py").write_text(format_plugin("csv"))
    host = load(folder, disabled=("export_csv",))
    assert host.plugins["own"].state == "working"
    assert host.formats["csv"].media_type == "text/plain"


def test_plugins_are_turned_off_from_the_environment(instance_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRQM_FORMS_DISABLE_PLUGINS", "export_excel, example_board")
    with make_app(instance_path).app_context():
        states = {name: plugin.state for name, plugin in context().plugins.plugins.items()}
    assert {name for name, state in states.items() if state == "off"} == {"example_board", "export_excel"}


def test_only_allowed_plugins_are_loaded(instance_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "one.py").write_text("raise RuntimeError('was run')")
    host = PluginHost({}, allowed=("export_csv",))
    host.load_all(folder)
    assert {name for name, plugin in host.plugins.items() if plugin.state != "off"} == {"export_csv"}
    monkeypatch.setenv("SCRQM_FORMS_ALLOW_PLUGINS", "export_csv, example_board")
    with make_app(instance_path).app_context():
        assert list(context().plugins.formats) == ["csv", "csv-exact"]


def write_broken(folder: Path, fault: str) -> str:
    """Write the plugin that has the fault; what is to be said of it."""
    file = folder / f"{fault}.py"
    file.write_text(BROKEN[fault][0])
    return BROKEN[fault][1].replace("FILE", str(file))


def check_broken(host: PluginHost, folder: Path, fault: str, said: str, caplog: pytest.LogCaptureFixture) -> None:
    plugin = host.plugins[fault]
    (error,) = plugin.errors
    assert said in error
    assert "\n" not in error
    assert (plugin.state, plugin.path, plugin.gives) == ("failed", str(folder / f"{fault}.py"), [])
    assert f"plugin {fault} ({plugin.path}): {error}" in [
        record.getMessage() for record in caplog.records if record.levelno == logging.ERROR
    ]


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_plugin_costs_only_itself(folder: Path, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    for key in ("aa-before", "zz-after"):
        (folder / f"{key}.py").write_text(format_plugin(key))
    said = write_broken(folder, fault)
    host = load(folder)
    check_broken(host, folder, fault, said, caplog)
    assert [name for name, plugin in host.plugins.items() if plugin.state != "working"] == [fault]
    assert list(host.formats) == formats_with("aa-before", "zz-after")
    assert len(host.marker_folders) == 1


def test_all_broken_plugins_together_cost_only_themselves(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    for key in ("aa-before", "zz-after"):
        (folder / f"{key}.py").write_text(format_plugin(key))
    said = {fault: write_broken(folder, fault) for fault in BROKEN}
    host = load(folder)
    for fault in BROKEN:
        check_broken(host, folder, fault, said[fault], caplog)
    assert {name for name, plugin in host.plugins.items() if plugin.state != "working"} == set(BROKEN)
    assert list(host.formats) == formats_with("aa-before", "zz-after")
    assert len(host.marker_folders) == 1


def test_interruption_passes(folder: Path) -> None:
    (folder / "one.py").write_text("raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        load(folder)


def test_broken_format_leaves_the_others_of_its_plugin(folder: Path) -> None:
    (folder / "some.py").write_text(FORMATS + "return [fmt('one'), fmt('csv'), fmt('two'), fmt('one')]")
    host = load(folder)
    assert host.plugins["some"].gives == ["export format one", "export format two"]
    assert len(host.plugins["some"].errors) == 2
    assert list(host.formats) == formats_with("one", "two")


def test_hook_that_raises_leaves_the_other_of_its_plugin(folder: Path) -> None:
    sound = format_plugin("one")
    (folder / "some.py").write_text(sound + "\n@hookimpl\ndef register_markers():\n    raise ValueError\n")
    host = load(folder)
    assert (host.plugins["some"].state, len(host.plugins["some"].errors)) == ("failed", 1)
    assert "one" in host.formats


def test_first_one_keeps_a_name(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Shipped before the instance's before distributions; those left out are listed with the one that has the name."""
    (folder / "export_csv.py").write_text(format_plugin("never"))
    install(tmp_path, monkeypatch, "export_csv = fake_csv", fake_csv="raise RuntimeError('was run')")
    host = load(folder)
    assert list(host.formats) == formats_with()
    kept, second, third = (host.plugins[name] for name in ("export_csv", "export_csv#2", "export_csv#3"))
    assert (kept.state, kept.way, kept.errors) == ("working", "shipped", [])
    reason = f"not loaded: the name export_csv is taken by {kept.path}"
    assert (second.state, second.path, second.errors) == ("failed", str(folder / "export_csv.py"), [reason])
    assert (third.state, third.path, third.errors) == ("failed", "fake_csv", [reason])
    assert f"plugin export_csv#2 ({second.path}): {reason}" in caplog.text


def test_first_one_keeps_a_format_key_whatever_the_names(folder: Path) -> None:
    (folder / "aaa.py").write_text(format_plugin("excel"))
    host = load(folder)
    shipped = host.plugins["export_excel"]
    assert host.plugins["aaa"].errors == [
        f"register_export_formats: export format excel: the key is taken by plugin export_excel ({shipped.path})"
    ]
    assert (shipped.state, host.formats["excel"].suffix) == ("working", ".xlsx")


def test_faulty_marker_file_is_listed_with_its_plugin(instance_path: Path) -> None:
    markers = instance_path / "plugins" / "own" / "markers"
    markers.mkdir(parents=True)
    (markers.parent / "__init__.py").write_text(
        MARKERS + "return [MarkerFolder(path=Path(__file__).parent / 'markers')]"
    )
    (markers / "01.toml").write_text("id = ")
    (markers / "set.toml").write_text(
        'key = "own"\ntitle = "Own"\nprefix = "own"\ncitation = "Us."\n[[stages]]\nkey = "one"\ntitle = "One"\n'
    )
    with make_app(instance_path).app_context():
        library = context().library()
        plugin = context().plugins.plugins["own"]
    assert library.faults == []
    assert plugin.gives == ["markers own/markers"]
    assert len(plugin.errors) == 1
    assert plugin.errors[0].startswith("register_markers: plugin own/01.toml: line 1: found id =; expected valid TOML")


def test_slow_plugin_is_named_in_the_log(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(plugin_host, "SLOW", 0.2)
    (folder / "slow.py").write_text("import time\ntime.sleep(0.3)\n" + format_plugin("slow"))
    host = load(folder)
    assert host.plugins["slow"].state == "working"
    (record,) = [record for record in caplog.records if "slow.py" in record.getMessage()]
    assert re.search(r"is slow: 0\.\d seconds at start", record.getMessage())


def exporting(fmt: ExportFormat) -> Exporting:
    """An export of nothing, of no round."""
    export = Export(about=(("review", "X"),), tables=(), options={})
    nothing: Any = None
    return Exporting(of=nothing, format=fmt, export=export, media_type="", name="", zipped=False)


@pytest.mark.parametrize("ends", ["raise OSError('no more room')", "raise SystemExit(1)"])
def test_format_that_gives_up_leaves_no_file(tmp_path: Path, folder: Path, ends: str) -> None:
    (folder / "half.py").write_text(
        HEAD
        + f"def write(export, stream):\n    stream.write(b'half')\n    {ends}\n"
        + "@hookimpl\ndef register_export_formats():\n    return [fmt('half', write=write)]\n"
    )
    half = load(folder).formats["half"]
    written = tmp_path / "written"
    written.mkdir()
    (written / "before.txt").write_bytes(b"whole")
    for name in ("new.txt", "before.txt"):
        with pytest.raises(Refused) as raised:
            export_to_file(exporting(half), written / name)
        kind = "OSError" if "OSError" in ends else "SystemExit"
        assert str(raised.value) == (
            f'The export format "half" failed ({kind}); nothing was written. '
            "The reason is in the log; other formats are not affected."
        )
    assert [file.name for file in written.iterdir()] == ["before.txt"]
    assert (written / "before.txt").read_bytes() == b"whole"


def test_format_that_works_beside_one_that_gives_up(tmp_path: Path, folder: Path) -> None:
    sound: ExportFormat = load(folder).formats["excel"]
    export_to_file(exporting(sound), tmp_path / "out.xlsx")
    assert (tmp_path / "out.xlsx").stat().st_size > 0

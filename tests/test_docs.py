"""The manuals name everything there is, and what they show works. These tests grow with the program."""

import inspect
import io
import re
import shlex
from datetime import date
from pathlib import Path
from typing import Any, cast

import click
import msgspec
import pytest

from scrqm_forms import hookspecs
from scrqm_forms.cli import cli
from scrqm_forms.domain.message import Message
from scrqm_forms.domain.table import Column, Export, Table
from scrqm_forms.instance import Settings, prepare_instance
from scrqm_forms.plugin_host import SLOW, PluginHost
from scrqm_forms.services.context import Context, context, make_app
from scrqm_forms.services.outbox import WAITS
from scrqm_forms.services.text_checks import call_find

from .plugins_shipped.test_identifying_details import MEASURED

DOCS = Path(__file__).parents[1] / "docs"
HOOKS_PAGE = (DOCS / "hooks.md").read_text(encoding="utf-8")
RUNNING_PAGE = (DOCS / "running.md").read_text(encoding="utf-8")

HOOKS = [name for name, value in vars(hookspecs).items() if hasattr(value, "scrqm_forms_spec")]
CLASSES = [value for name in hookspecs.__all__ if inspect.isclass(value := getattr(hookspecs, name))]
TYPES = [value for value in CLASSES if issubclass(value, msgspec.Struct)]
#: A block of a page that begins with a comment naming a file of the instance is that whole file.
FILES = dict(re.findall(r"```\w+\n# instance/(\S+)\n(.*?)```", HOOKS_PAGE, re.DOTALL))
PLUGIN_FILES = [path for path in FILES if re.fullmatch(r"plugins/(\w+\.py|\w+/__init__\.py)", path)]
SETTINGS = {field.name: field for field in msgspec.structs.fields(Settings)}


def section(page: str, heading: str) -> str:
    """What stands under a heading, up to the next one."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
    assert found, f"there is no section {heading}"
    return found[1]


def first_cells(text: str) -> list[str]:
    """The names in the first column of a table."""
    return re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)


@pytest.mark.parametrize("hook", HOOKS)
def test_hook_has_a_docstring_and_a_section_with_its_signature(hook: str) -> None:
    function = getattr(hookspecs, hook)
    assert len(function.__doc__.split()) > 20
    arguments = ", ".join(inspect.signature(function).parameters)
    assert f"`{hook}({arguments}) -> list[" in section(HOOKS_PAGE, hook)


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_type_has_a_section_that_names_every_field(kind: type[msgspec.Struct]) -> None:
    assert first_cells(section(HOOKS_PAGE, kind.__name__)) == [field.name for field in msgspec.structs.fields(kind)]


def test_every_hook_is_shown_in_a_whole_plugin() -> None:
    shown = "\n".join(text for path, text in FILES.items() if path.endswith(".py"))
    assert [hook for hook in HOOKS if f"@hookimpl\ndef {hook}(" not in shown] == []


def test_slow_is_what_the_page_says() -> None:
    assert SLOW == 2
    assert "more than two seconds is named in the log" in HOOKS_PAGE


@pytest.fixture
def shown(instance_path: Path) -> Context:
    """A program whose instance holds every file that docs/hooks.md shows."""
    for path, text in FILES.items():
        file = instance_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    with make_app(instance_path).app_context():
        return context()


def test_plugins_shown_work(shown: Context) -> None:
    shown.library()
    own = [plugin for plugin in shown.plugins.plugins.values() if plugin.way == "file"]
    assert {plugin.name: plugin.errors for plugin in own} == {
        Path(file).parts[1].removesuffix(".py"): [] for file in PLUGIN_FILES
    }
    assert all(plugin.gives and plugin.version for plugin in own)


def test_plugins_shown_work_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As distributions on sys.path, as pip leaves them there: each works the first time."""
    site = tmp_path / "site"
    names = sorted({Path(path).parts[1].removesuffix(".py") for path in PLUGIN_FILES})
    for path, text in FILES.items():
        if path.startswith("plugins/"):
            file = site / path.removeprefix("plugins/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    info = site / "shown-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shown\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[scrqm_forms]\n" + "".join(f"{name} = {name}\n" for name in names))
    monkeypatch.syspath_prepend(site)
    host = PluginHost({})
    host.load_all(tmp_path / "nowhere")
    found = {name: each for name, each in host.plugins.items() if each.way == "distribution"}
    assert {name: each.errors for name, each in found.items()} == {name: [] for name in names}
    assert all(each.gives and len(each.sha256) == 64 for each in found.values())


def test_export_format_shown_writes_its_table(shown: Context) -> None:
    fmt = shown.plugins.formats["text"]
    assert fmt.label == "Plain text (to read aloud)"
    rows: list[tuple[Any, ...]] = [("R00001", '="no"\n“ok” 🙂', None, date(2026, 3, 2)), ("R00002", "", 3, None)]
    columns = (Column(id="response", kind="code"), Column(id="qm08.plan.comment"), Column(id="n"), Column(id="on"))
    table = Table(key="answers", title="Answers", columns=columns, rows=lambda: iter(rows))
    stream = io.BytesIO()
    fmt.write(Export(about=(), tables=(table,), options={"table": "answers"}), stream)
    assert stream.getvalue().decode() == (
        'response: R00001\nqm08.plan.comment: ="no"\n    “ok” 🙂\non: 2026-03-02\n\nresponse: R00002\nn: 3\n\n'
    )


def test_text_check_shown_finds_what_it_says(shown: Context) -> None:
    text = "J.K. was kind; e.g. J was not. Nor was A.B.C."
    found = call_find(shown.plugins.text_checks["initials"], text, "north", ())
    assert [text[each.start : each.end] for each in found] == ["J.K.", "A.B.C."]


def test_delivery_shown_writes_its_file(shown: Context) -> None:
    pack, stream = shown.plugins.deliveries["letters"].pack, io.BytesIO()
    assert pack is not None
    given = {field.name: f"<{field.name}>" for field in msgspec.structs.fields(Message)}
    pack([Message(**given), Message(**given)], stream)
    assert stream.getvalue().decode() == "<name>\n<agency>\n\n<subject>\n\n<body>\f" * 2


def test_waits_between_tries_are_what_the_page_says() -> None:
    *first, last = (str(int(wait.total_seconds() // 60)) for wait in WAITS)
    assert f"after {', '.join(first)} and {last} minutes" in HOOKS_PAGE


def test_figures_of_the_shipped_text_checks_are_those_measured() -> None:
    table = re.findall(r"^\| `([\w-]+)` \| (\d\.\d\d) \| (\d\.\d\d) \|$", HOOKS_PAGE, re.MULTILINE)
    assert {kind: (float(precision), float(recall)) for kind, precision, recall in table} == MEASURED


def test_markers_shown_are_there_for_the_board_in_the_settings_shown(shown: Context) -> None:
    library = shown.library()
    assert [each.marker.id for each in library.for_board("anytown", ()) if each.set.key == "our_board"] == ["our01"]
    assert "our01" not in [each.marker.id for each in library.for_board("elsewhere", ())]


def test_every_setting_is_in_the_table_of_settings() -> None:
    assert first_cells(section(RUNNING_PAGE, "Settings"))[: len(SETTINGS)] == list(SETTINGS)


@pytest.mark.parametrize("name", [name for name in SETTINGS if name != "plugins"])
def test_setting_is_read_from_the_variable_that_the_page_names(name: str, tmp_path: Path) -> None:
    variable = f"SCRQM_FORMS_{name.upper()}"
    assert f"| `{name}` | `{variable}`" in RUNNING_PAGE
    value, text = {str: ("x", "x"), bool: (True, "true"), int: (2, "2"), tuple[str, ...]: (("a", "b"), "a,b")}[
        SETTINGS[name].type
    ]
    settings = prepare_instance(tmp_path, {variable: text}).settings
    assert getattr(settings, name) == value


@pytest.mark.parametrize("variable", ["SCRQM_FORMS_INSTANCE", "SCRQM_FORMS_SECRET_KEY"])
def test_variable_that_is_no_setting_is_named(variable: str) -> None:
    assert f"| `{variable}` |" in section(RUNNING_PAGE, "Settings")


#: What the page on running tells to type: the words after the program's name.
TYPED = re.findall(
    r"(?:^ {4}|^|bin/|\$\(|\| )scrqm-forms (?:--instance \S+ )?([a-z][^)\n]*)", RUNNING_PAGE, re.MULTILINE
)


@pytest.mark.parametrize("typed", sorted(set(TYPED)))
def test_command_that_the_page_on_running_shows_is_there(typed: str) -> None:
    words, command = shlex.split(typed), cast(click.Command, cli)
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    options = {name for option in command.params for name in option.opts}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target, anchor in re.findall(r"\]\(((?!\w+:)[^)#\s]*)(?:#([^)\s]*))?\)", text):
        file = (page.parent / target) if target else page
        assert file.exists(), f"{page.name} names {target}"
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            slugs = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
            assert anchor in slugs, f"{page.name} names {target}#{anchor}"

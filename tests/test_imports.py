"""What pytest can check cheaply of who imports whom; `lint-imports` holds the rest (pyproject.toml)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[1] / "plugins"
FILES = sorted(PLUGINS.rglob("*.py"))
ALLOWED = ("scrqm_forms.hookspecs", "scrqm_forms.domain")


def imported(source: str) -> Iterator[str]:
    """Every module that a file imports, with the names taken from it: `from a import b` gives `a.b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def forbidden(source: str) -> list[str]:
    """Imports of this program that a plugin may not make."""
    ours = [name for name in imported(source) if name.partition(".")[0] in ("scrqm_forms", "plugins", "tests")]
    return [name for name in ours if not f"{name}.".startswith(tuple(f"{allowed}." for allowed in ALLOWED))]


def test_there_are_shipped_plugins() -> None:
    assert len(FILES) >= 3


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PLUGINS)))
def test_shipped_plugin_imports_hookspecs_and_domain_only(file: Path) -> None:
    assert forbidden(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "import scrqm_forms",
        "import scrqm_forms.services.export",
        "from scrqm_forms import services",
        "from scrqm_forms.storage import db",
        "from scrqm_forms.domains import x",
        "from plugins import export_csv",
        "def f():\n    from scrqm_forms.web.app import create_app",
    ],
)
def test_forbidden_import_is_found(line: str) -> None:
    assert len(forbidden(line)) == 1

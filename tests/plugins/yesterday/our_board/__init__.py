"""Our board's own marker."""

from pathlib import Path

from scrqm_forms.hookspecs import MarkerFolder, hookimpl

__version__ = "1"


@hookimpl
def register_markers(settings):
    boards = tuple(settings.get("boards", ()))
    return [MarkerFolder(path=Path(__file__).parent / "markers", boards=boards)]

"""An example to copy: a board adds two markers of its own.

Inert until a board's settings name it. To make your own, copy this folder to `instance/plugins/your_board/`, give
`set.toml` a key, title and prefix of your own, and the markers ids with that prefix (docs/marker-format.md).
Markers for every board of a service need no plugin: put their folder into `instance/markers/`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scrqm_forms.hookspecs import MarkerFolder, hookimpl

__version__ = "1"


@hookimpl
def register_markers(settings: Mapping[str, Any]) -> list[MarkerFolder]:
    return [MarkerFolder(path=Path(__file__).parent / "markers")]

"""One plugin as it was found, and why a part of it does not work."""

import hashlib
import traceback
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Literal

from msgspec import Struct

from scrqm_forms.domain.errors import ScrqmFormsError

#: How a plugin came in.
Way = Literal["shipped", "file", "distribution"]


class Plugin(Struct, kw_only=True):
    """One plugin as found, whether it could be loaded or not."""

    name: str
    way: Way
    #: Its file or folder; of a distribution's that could not be loaded, what its entry point says.
    path: str
    #: The Python module, or package, that its code is in.
    module: str
    version: str = ""
    #: Of its file, or of its folder's files with their names; empty where there is none.
    sha256: str = ""
    hooks: list[str] = []
    #: Keys of the export formats, text checks and deliveries and folders of markers it gives.
    gives: list[str] = []
    #: Why it, or a part of it, is not working; empty when all is well.
    errors: list[str] = []
    disabled: bool = False
    #: Why it is off although nobody turned it off: something it needs is not installed.
    lacks: str = ""

    @property
    def state(self) -> str:
        return "off" if self.disabled or self.lacks else "failed" if self.errors else "working"


#: A plugin and where to load it from.
Found = tuple[Plugin, Path | EntryPoint]


def digest_of(path: Path) -> str:
    """SHA-256 of a file; of a folder, over each file's path, a NUL, its SHA-256 in hex and a line feed, sorted."""
    if path.is_file():
        return hashlib.sha256(path.read_bytes()).hexdigest()
    files = (each for each in sorted(path.rglob("*")) if each.is_file() and "__pycache__" not in each.parts)
    lines = (f"{each.relative_to(path).as_posix()}\0{digest_of(each)}\n" for each in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest() if path.is_dir() else ""


def reason_of(error: BaseException, module: str) -> str:
    """`ValueError: no such file (/path/of/the/plugin.py, line 7)`: the place is the last in the plugin's own code."""
    kind = "" if isinstance(error, ScrqmFormsError) else f"{type(error).__name__}: "
    told = str(traceback.TracebackException.from_exception(error))  # safe, whatever the error's own str() does
    return f"{kind}{' '.join(told.split())}{_place_in(error, module)}"


def silent_reason_of(error: BaseException, module: str) -> str:
    """The same without the error's words, which may hold what somebody wrote."""
    return f"{type(error).__name__}{_place_in(error, module)}"


def _place_in(error: BaseException, module: str) -> str:
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if f"{frame.f_globals.get('__name__')}.".startswith(f"{module}."):
            place = f" ({frame.f_code.co_filename}, line {line})"
    return place

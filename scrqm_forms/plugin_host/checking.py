"""What a plugin returns is held against what was asked for; each raises ScrqmFormsError in a sentence."""

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.hookspecs import Delivery, ExportFormat, MarkerFolder, TextCheck

S = TypeVar("S", bound=Struct)

#: What `find` of a text check may ask for by name.
FIND_ARGUMENTS = ("text", "board", "words")


def check_hook_names(found: Sequence[str], hooks: Sequence[str]) -> None:
    """Pluggy itself says nothing of a function marked as a hook that is none."""
    if unknown := [name for name in found if name not in hooks]:
        raise ScrqmFormsError(f"there is no hook called {', '.join(unknown)}; the hooks are {', '.join(hooks)}")
    if not found:
        raise ScrqmFormsError(f"no function is marked with @hookimpl; the hooks are {', '.join(hooks)}")


def check_results(given: object, kind: type[S]) -> list[S]:
    if not isinstance(given, list) or not all(isinstance(each, kind) for each in given):
        raise ScrqmFormsError(f"expected a list of {kind.__name__}, got {given!r:.80}")
    return [msgspec.convert(msgspec.structs.asdict(each), kind) for each in given]


def check_folder(folder: MarkerFolder) -> None:
    if not folder.path.is_absolute() or not folder.path.is_dir():
        raise ScrqmFormsError('there is no such folder; expected one such as Path(__file__).parent / "markers"')


def check_format(fmt: ExportFormat) -> None:
    _check_key(fmt.key)
    _check_suffix(fmt.suffix)
    _check_positional("write", fmt.write, "export", "stream")


def check_text_check(check: TextCheck) -> None:
    _check_key(check.key)
    find_arguments(check.find)


def check_delivery(delivery: Delivery) -> None:
    _check_key(delivery.key)
    if (delivery.deliver is None) == (delivery.pack is None):
        raise ScrqmFormsError("expected either deliver or pack")
    if delivery.deliver is not None:
        _check_positional("deliver", delivery.deliver, "message")
    if delivery.pack is not None:
        _check_suffix(delivery.suffix)
        _check_positional("pack", delivery.pack, "messages", "stream")


def find_arguments(find: Callable[..., Any]) -> tuple[str, ...]:
    """Those of FIND_ARGUMENTS that the function takes."""
    parameters = inspect.signature(find).parameters
    wanted = tuple(name for name in FIND_ARGUMENTS if name in parameters)
    more = [
        name
        for name, each in parameters.items()
        if name not in FIND_ARGUMENTS and each.default is each.empty and each.kind not in _REST
    ]
    if more or "text" not in wanted:
        raise ScrqmFormsError(f"find: found {_shown(parameters)}; expected some of (text, board, words), and text")
    return wanted


_REST = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def _check_positional(name: str, function: Callable[..., Any], *arguments: str) -> None:
    try:
        signature = inspect.signature(function)
    except ValueError:  # written in C
        return
    try:
        signature.bind(*arguments)
    except TypeError:
        raise ScrqmFormsError(
            f"{name}: found {_shown(signature.parameters)}; expected ({', '.join(arguments)})"
        ) from None


def _shown(parameters: Any) -> str:
    return f"({', '.join(parameters)})"


def _check_key(key: str) -> None:
    if not re.fullmatch(r"[a-z0-9-]+", key):
        raise ScrqmFormsError("key: expected lower-case letters, digits and hyphens")


def _check_suffix(suffix: str) -> None:
    if not re.fullmatch(r"\.[A-Za-z0-9.]+", suffix):
        raise ScrqmFormsError(f'suffix: found "{suffix}"; expected the ending of a file\'s name, such as ".csv"')

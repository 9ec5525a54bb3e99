"""A marker with the words of a board's vocabulary filled in."""

from collections.abc import Mapping
from typing import Any

import msgspec

from scrqm_forms.domain.marker import Marker
from scrqm_forms.domain.marker_file import FILLED_IN
from scrqm_forms.domain.wording import fill_in


def marker_in_words(marker: Marker, words: Mapping[str, str] | None) -> Marker:
    """Every text with its `{name}`s filled in; as it is without `words`. Raises wording.UnknownName."""
    if words is None:
        return marker
    return msgspec.convert(_fill_in(msgspec.to_builtins(marker), words), Marker)


def _fill_in(table: dict[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    return {key: _fill_in_value(key, value, words) for key, value in table.items()}


def _fill_in_value(key: str, value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return _fill_in(value, words)
    if isinstance(value, list | tuple):
        return [_fill_in_value(key, item, words) for item in value]
    return fill_in(value, words) if isinstance(value, str) and key in FILLED_IN else value

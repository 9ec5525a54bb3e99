"""Marker -> the TOML text of its definition file, in the order and shape in which people write one."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from scrqm_forms.domain.marker import Marker

#: Long enough for a list of roles; a longer list has each item on a line of its own.
_WIDTH = 120
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
#: What TOML wants escaped, and what would be lost on the way: C1 controls, Unicode's line ends, the byte order mark.
_ESCAPED = re.compile('[\x00-\x1f"\\\\\x7f-\x9f\u2028\u2029\ufeff]')
#: A text with any of these stands in one line, escaped: controls, quotes that could close it, blanks that editors cut.
_UNSAFE = re.compile('[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|"""|"\\Z|[^\\S\n](\n|\\Z)')


def marker_as_toml(marker: Marker) -> str:
    """The definition file of `marker`: `read_marker` gives the same marker back. Fields at their default are left out.

    The same marker always gives the same text, with LF line ends and one at its end. TOML cannot hold a lone
    surrogate, which no marker that was read has; it would be written as it is.
    """
    return _table(msgspec.to_builtins(marker), "")


def _table(table: Mapping[str, Any], path: str) -> str:
    """The lines of `table`: its plain values, then, as TOML wants it, the tables in it and its lists of tables."""
    plain = [f"{_key(key)} = {_value(key, value)}\n" for key, value in table.items() if not _is_tables(value)]
    nested = [key for key in table if _is_tables(table[key])]
    nested.sort(key=lambda key: isinstance(table[key], list | tuple))
    return "".join(plain + [_tables(table[key], path + _key(key)) for key in nested])


def _is_tables(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list | tuple) and bool(value) and isinstance(value[0], dict))


def _tables(value: Any, path: str) -> str:
    if not isinstance(value, dict):
        return "".join(f"\n[[{path}]]\n{_table(table, path + '.')}" for table in value)
    only_tables = value and all(isinstance(inner, dict) for inner in value.values())
    return ("" if only_tables else f"\n[{path}]\n") + _table(value, path + ".")


def _value(key: str, value: object) -> str:
    if isinstance(value, list | tuple):
        items = [_text(item) for item in value]
        line = f"[{', '.join(items)}]"
        fits = len(f"{key} = {line}") <= _WIDTH and "\n" not in line
        return line if fits else "[\n" + "".join(f"  {item},\n" for item in items) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    """`text` as a TOML string; over several lines where it has line breaks and nothing in it could be lost there."""
    if "\n" in text and not _UNSAFE.search(text):
        return '"""\n' + text.replace("\\", "\\\\") + '"""'
    return _quoted(text)


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _SHORT.get(character) or f"\\u{ord(character):04X}"


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _quoted(key)

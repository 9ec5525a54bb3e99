"""Text of a definition file -> Marker or MarkerSet. One run names every fault in the file, each once.

A fault reads `FILE: question 3: kind: found "scal"; expected rating, text or choice`. Text that is not TOML has one.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import cache, lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec
import tomli

from scrqm_forms.domain.errors import DefinitionError
from scrqm_forms.domain.marker import CLOSING, OBSTACLES, ROLES, Marker, MarkerSet, Question, Text
from scrqm_forms.domain.wording import VOCABULARIES, UnknownName, fill_in, normalise_typed

S = TypeVar("S", bound=msgspec.Struct)
#: What one table says: field -> its value or default; None where it is at fault, or absent without a default.
Values = Mapping[str, Any]

#: Fields whose `{name}`s are filled in; every other text is shown as it is written.
FILLED_IN = frozenset(
    {
        "statement",
        "original_statement",
        "rationale",
        "knowledge",
        "equality",
        "guidance",
        "ask",
        "reflect",
        "plan",
        "follow_up",
        "text",
        "original",
    }
)
#: What a translation of a marker or question may hold.
_TRANSLATIONS: dict[type[msgspec.Struct], type[msgspec.Struct]] = {
    kind: msgspec.defstruct("Translation", [(name, Text | None, None) for name in names])
    for kind, names in (
        (Marker, ("title", "statement", "rationale")),
        (Question, ("ask", "reflect", "plan", "follow_up")),
    )
}
_PIECE = re.compile(r"\{\{|\}\}|\{[^{}]*\}|[{}]")


class _Place(NamedTuple):
    """A place in the file as messages name it, with the one list that all faults of the file go to."""

    path: str
    faults: list[str]
    #: Nothing in the file is of a wrong kind: of its texts only what they hold is left to check.
    is_sound: bool = False

    def within(self, step: str) -> "_Place":
        return _Place(f"{self.path}{step}: ", self.faults, self.is_sound)

    def add(self, fault: str) -> None:
        self.faults.append(self.path + fault)


def read_marker(text: str, name: str, marker_set: MarkerSet) -> Marker:
    """The marker that `text` (TOML) defines, checked against its set.

    `name` is the file's name for messages. Raises DefinitionError with every fault found.
    """
    return _read_file(Marker, text, name, lambda marker, place: _check_marker(marker, marker_set, place))


def read_marker_set(text: str, name: str) -> MarkerSet:
    """The set that `text` (TOML, a `set.toml`) defines. Raises DefinitionError with every fault found."""
    return _read_file(MarkerSet, text, name, _check_set)


def _read_file(kind: type[S], text: str, name: str, check: Callable[[Values, _Place], None]) -> S:
    place = _Place(f"{name}: ", [])
    table = _parse(text.removeprefix("\ufeff").replace("\r\n", "\n"), place)
    whole = _convert(table, kind)
    place = place._replace(is_sound=whole is not None)
    check(_read_table(kind, table, place), place)
    if place.faults:
        raise DefinitionError(place.faults)
    return whole or msgspec.convert(table, kind)


def _convert(table: Mapping[str, object], kind: type[S]) -> S | None:
    """All at once, which is much the quickest; what is wrong is then found piece by piece."""
    try:
        return msgspec.convert(table, kind)
    except (msgspec.ValidationError, UnicodeEncodeError):  # the second: a lone surrogate where a Literal is wanted
        return None


def _parse(text: str, place: _Place) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except (ValueError, RecursionError) as error:  # not TOML; a number of 4,300 digits; brackets nested too deep
        message = "brackets nested too deep" if isinstance(error, RecursionError) else str(error)
        place.add(_fault_of_toml(text, message))
        raise DefinitionError(place.faults) from error


def _fault_of_toml(text: str, message: str) -> str:
    """tomli's `message`, such as `Invalid value (at line 3, column 9)`, with the line where that statement begins."""
    lines, at = text.split("\n"), re.search(r"at line (\d+)", message)
    end = int(at.group(1)) if at else text.rstrip().count("\n") + 1
    reach = max(end - min(200, 2_000_000 // len(text)), 0)  # each step back reads the text again: a second at most
    start = next((n for n in range(end, reach, -1) if _is_toml("\n".join(lines[: n - 1]))), end)
    if message.startswith(("Cannot", "Duplicate")):
        message = "each key and each table stands once; only tables of a list repeat, as [[questions]] does"
    line = _clip(lines[start - 1].strip(" \t"))
    return f"line {start}: found {line}; expected valid TOML: {message.partition(': ')[0]}"


def _is_toml(text: str) -> bool:
    try:
        return tomli.loads(text) is not None
    except (ValueError, RecursionError):
        return False


def _read_table(kind: type[msgspec.Struct], table: object, place: _Place) -> Values:
    if not isinstance(table, dict):
        place.add(f"found {_shown(table)}; expected a table")
        return {}
    fields = _fields_of(kind)
    keys = _match_keys(table, list(fields), place)
    values: dict[str, Any] = {}
    for name, field in fields.items():
        if name in keys:
            values[name] = _read_field(kind, name, table[keys[name]], field.type, place)
        elif field.required:
            place.within(name).add(f"missing; expected {_unwrap(field.type)[1]}")
        else:
            values[name] = field.default
    return values


@cache
def _fields_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """Field's name -> the field: found out anew for each table it would take a third of the time."""
    return {field.name: field for field in msgspec.structs.fields(kind)}


def _match_keys(table: Mapping[str, object], fields: list[str], place: _Place) -> dict[str, str]:
    """Field -> its key in `table`. A misspelt key is named, and read as the absent field it is nearest to."""
    keys = {key: key for key in table if key in fields}
    for key in (key for key in table if key not in fields):
        near = _nearest(key, [field for field in fields if field not in keys])
        keys |= dict.fromkeys(near, key)
        place.within(_clip(key)).add(f"no such key; {_expected_one(fields, near)}")
    return keys


def _read_field(kind: type[msgspec.Struct], name: str, value: object, hint: Any, place: _Place) -> Any:
    """The value of one field, a list item by item; None where it is at fault."""
    if isinstance(value, str):
        return _read_value(name, value, hint, place.within(name))
    bare, noun = _unwrap(hint)[0], {"closing": "closing question"}.get(name, name.removesuffix("s"))
    if get_origin(bare) is tuple and isinstance(value, list):
        item, places = get_args(bare)[0], (place.within(f"{noun} {n}") for n in itertools.count(1))
        return [_read_value(name, part, item, there) for part, there in zip(value, places, strict=False)]
    if get_origin(bare) is dict and isinstance(value, dict):
        return _read_translations(_TRANSLATIONS[kind], value, place)
    return _read_value(name, value, hint, place.within(name))


def _read_translations(kind: type[msgspec.Struct], languages: Mapping[str, object], place: _Place) -> Values:
    for language, texts in languages.items():
        is_code = re.fullmatch("[a-z]{2,3}", language)
        if not is_code:
            expected = "a language code of two or three lower-case letters, as in [text.cy]"
            place.within("text").add(f"found {_shown(language)}; expected {expected}")
        if is_code or isinstance(texts, dict):
            # A marker takes translations as they come: they are looked at here alone.
            _read_table(kind, texts, place.within(f"text.{_clip(language)}")._replace(is_sound=False))
    return languages


def _read_value(name: str, value: object, hint: Any, place: _Place) -> Any:
    if place.is_sound and isinstance(value, str):
        _check_text(name, value, place)
        return value
    bare = _unwrap(hint)[0]
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return _read_table(bare, value, place)
    try:
        sound = msgspec.convert(value, hint)
    except (msgspec.ValidationError, UnicodeEncodeError):  # the second: a lone surrogate where a Literal is wanted
        place.add(f"found {_shown(value)}; expected {_unwrap(hint)[1]}")
        return None
    if isinstance(value, str):
        _check_text(name, value, place)
    return sound


def _check_text(name: str, text: str, place: _Place) -> None:
    for character in dict.fromkeys(text) if normalise_typed(text)[0] != text else ():
        if normalise_typed(character)[0] != character:
            place.add(f"found the character U+{ord(character):04X}; expected text, tabs and line breaks only")
    for piece in dict.fromkeys(_PIECE.findall(text)) if "{" in text or "}" in text else ():
        fault = _fault_of_piece(piece)
        if fault and name in FILLED_IN:
            place.add(fault)
        if not fault and name not in FILLED_IN and len(piece) > 2:
            place.add(f'found "{piece}"; expected plain words, since nothing is filled in here')


@lru_cache(maxsize=100)
def _fault_of_piece(piece: str) -> str | None:
    """What is wrong with one `{name}` or brace of a text, if anything."""
    try:
        fill_in(piece, VOCABULARIES["scr"])
    except UnknownName:
        if len(piece) == 1:
            return f'found "{piece}" alone; expected "{piece * 2}", which stands for one brace'
        names = [f"{{{name}}}" for name in VOCABULARIES["scr"]]
        return f"found {_shown(piece)}; {_expected_one(names, _nearest(piece.replace(' ', ''), names))}"
    return None


def _check_marker(marker: Values, marker_set: MarkerSet, place: _Place) -> None:
    key, prefix = marker.get("id"), marker_set.prefix
    if key == CLOSING:
        place.within("id").add(f'found "{key}"; expected another, since this is kept for the closing questions')
    elif key and (key == prefix or not key.startswith(prefix)):
        place.within("id").add(f'found "{key}"; expected "{prefix}" and then more')
    _check_rationale(marker, place)
    _check_known(marker.get("stage"), [stage.key for stage in marker_set.stages], place.within("stage"))
    if marker.get("questions") == []:
        place.within("questions").add("found none; expected at least one")
    _check_distinct("obstacle", "id", marker.get("obstacles"), place)
    _check_questions(marker.get("questions"), "question", [role.key for role in marker_set.roles or ROLES], place)


def _check_rationale(marker: Values, place: _Place) -> None:
    """Only a publication may lack one: a board's own marker says why it matters."""
    missing = marker.get("rationale") is None and marker.get("wording_status") != "published"
    if missing and not any(": rationale: " in fault for fault in place.faults):
        place.within("rationale").add("missing; expected text that is not empty")


def _check_set(marker_set: Values, place: _Place) -> None:
    if marker_set.get("stages") == []:
        place.within("stages").add("found none; expected at least one")
    _check_distinct("stage", "key", marker_set.get("stages"), place)
    given = [{}] if marker_set["roles"] is None else marker_set["roles"]
    _check_distinct("role", "key", given, place)
    _check_outline(marker_set, place)
    roles = [role.get("key") for role in given] or [role.key for role in ROLES]
    _check_questions(marker_set["closing"], "closing question", roles, place)


def _check_outline(marker_set: Values, place: _Place) -> None:
    stages = [stage.get("key") for stage in marker_set.get("stages") or ()]
    for n, entry in enumerate(marker_set["outline"] or (), 1):
        _check_known(entry.get("stage"), stages, place.within(f"outline {n}").within("stage"))
    _check_distinct("outline", "number", marker_set["outline"], place)


def _check_questions(questions: Sequence[Values] | None, noun: str, roles: Sequence[Any], place: _Place) -> None:
    """`roles` are the keys there are; with None among them they are not known, and no question is at fault."""
    for n, question in enumerate(questions or (), 1):
        _check_question(question, roles, place.within(f"{noun} {n}"))
    _check_distinct(noun, "id", questions, place)
    _check_distinct(noun, "published", questions, place)


def _check_question(question: Values, roles: Sequence[Any], place: _Place) -> None:
    if question.get("id") == OBSTACLES:
        place.within("id").add(f'found "{OBSTACLES}"; expected another, since columns of the obstacles are called so')
    own_roles, options = question.get("roles") or (), question.get("options")
    for n, role in enumerate(own_roles, 1):
        _check_known(role, roles, place.within(f"role {n}"))
    _check_distinct("role", "", [{"": role} for role in own_roles], place)
    _check_distinct("option", "id", options, place)
    if question.get("kind") == "choice" and options is not None and len(options) < 2:
        place.within("options").add(f"found {len(options)}; expected two or more in a question of kind choice")
    _check_kind(question.get("kind"), "choice", {"options": options}, place)
    ratings_only = {"conditional": question.get("conditional"), "favourable": question.get("favourable") == "no"}
    _check_kind(question.get("kind"), "rating", ratings_only, place)


def _check_kind(kind: str | None, wanted: str, keys: Values, place: _Place) -> None:
    """Refuse those of `keys` that say something in a question that is not of the kind `wanted`."""
    for key in keys:
        if keys[key] and kind not in (wanted, None):
            place.within(key).add(f"found in a question of kind {kind}; expected only in one of kind {wanted}")


def _check_known(key: str | None, known: Sequence[Any], place: _Place) -> None:
    if key is not None and None not in known and key not in known:
        place.add(f'found "{key}"; {_expected_one(known, _nearest(key, known))}')


def _check_distinct(noun: str, key: str, tables: Sequence[Values] | None, place: _Place) -> None:
    first: dict[object, int] = {}
    for n, value in enumerate([table.get(key) for table in tables or ()], 1):
        if value is not None and first.setdefault(value, n) != n:
            there = place.within(f"{noun} {n}").within(key) if key else place.within(f"{noun} {n}")
            there.add(f"found {_shown(value)}, as in {noun} {first[value]}; expected one of its own")


def _nearest(found: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(found.lower(), known, 1, 0.7)


def _expected_one(known: Iterable[str], near: list[str]) -> str:
    return f"expected {_either(dict.fromkeys(known))}" + "".join(f'; did you mean "{guess}"?' for guess in near)


@cache
def _unwrap(hint: Any) -> tuple[Any, str]:
    """`hint` without Annotated and `| None`, and in words what it wants (described in `marker`)."""
    words = "a list of tables, each under a line in double brackets"
    while get_origin(hint) in (Annotated, Union, UnionType):
        words = next((meta.description for meta in getattr(hint, "__metadata__", ())), words)
        hint = get_args(hint)[0]
    return hint, _either(get_args(hint)) if get_origin(hint) is Literal else words


def _either(keys: Iterable[str]) -> str:
    *most, last = keys
    return f"{', '.join(most)} or {last}" if most else last


def _shown(value: object) -> str:
    """What was found, short enough for a sentence."""
    if isinstance(value, str):
        return f'"{_clip(value)}"'
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    is_long = isinstance(value, int) and abs(value) > 10**20
    return "a number of more than 20 digits" if is_long else str(value).lower()


def _clip(text: str) -> str:
    """At most 60 characters of `text`, with those that cannot be seen written out (`\\n`)."""
    short = text if len(text) <= 60 else text[:57] + "..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)

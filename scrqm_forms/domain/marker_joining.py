"""A marker changed by two people at once: what differs, piece by piece, and what is kept of each.

Fields are called as in a form: `title`, `knowledge`; of a question that both have `ask-full`, `reflect-full`,
`settings-full`; `question-full` is one that only one of them has, `order` the order of those that both have.
"""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from scrqm_forms.domain.comparing import LISTS
from scrqm_forms.domain.joining import Difference, find_field_differences, join_fields
from scrqm_forms.domain.marker import Marker
from scrqm_forms.domain.marker_draft import MarkerDraft, QuestionDraft, draft_of

#: How a question is answered, as the form has it.
SETTINGS = ("kind", "roles", "options", "unfavourable", "conditional")

Items = tuple[str, ...] | None


class Way(Struct, frozen=True):
    """What of a marker can be changed in one way of changing it."""

    texts: tuple[str, ...]
    #: Of each question: ask, reflect, settings.
    parts: tuple[str, ...]
    lists: tuple[str, ...]


IN_FORM = Way(("title", "stage", "statement", "rationale", "source", "obstacles"), ("ask", "reflect", "settings"), ())
AS_TEXT = Way(("title", "statement", "rationale", "obstacles"), ("ask",), LISTS)
AS_FILE = Way(IN_FORM.texts, IN_FORM.parts, LISTS)


class Wording(Struct, frozen=True):
    """A marker as somebody would have it. A question that is new has no id."""

    draft: MarkerDraft
    #: Section whose items have no id -> its items.
    lists: dict[str, Items] = {}

    @property
    def questions(self) -> dict[str, QuestionDraft]:
        """Id, or `new-1` of a new one -> question, in order."""
        return {each.id or f"new-{n}": each for n, each in enumerate(self.draft.questions, 1)}


class Changes(Struct, frozen=True):
    """Two wordings of one marker. `began`: the one that both were made from, where that is known."""

    here: Wording
    elsewhere: Wording
    began: Wording | None
    way: Way

    @property
    def shared(self) -> list[str]:
        return [key for key in self.here.questions if key in self.elsewhere.questions]


def wording_of(marker: Marker, known: Collection[str] | None = None) -> Wording:
    """`known`: ids of questions there were; any other is a new one, whatever the reader of a text called it."""
    draft = draft_of(marker)
    questions = tuple(each if known is None or each.id in known else replace(each, id="") for each in draft.questions)
    return Wording(replace(draft, questions=questions), {name: getattr(marker, name) for name in LISTS})


def find_changes(changes: Changes) -> list[Difference]:
    here, elsewhere, began = _fields_of_all(changes)
    return find_field_differences(here, elsewhere, _joins, began)


def join_changes(changes: Changes, picks: Mapping[str, str]) -> Wording:
    """What is kept by `picks`, field -> joining.Pick; where nothing valid is picked, what loses nothing."""
    here, elsewhere, began = _fields_of_all(changes)
    kept = join_fields(here, elsewhere, picks, _joins, began)
    texts = {name: kept[name] for name in changes.way.texts}
    questions = tuple(_questions_of(changes, kept)) or (QuestionDraft(),)
    lists = {name: _items_of(changes, name, kept[name]) for name in changes.way.lists}
    return Wording(replace(changes.elsewhere.draft, **texts, questions=questions), changes.elsewhere.lists | lists)


def read_question(value: str) -> QuestionDraft:
    """What a field `question-...` or `settings-...` says; of the second only how it is answered."""
    return msgspec.json.decode(value, type=QuestionDraft)


def _joins(field: str) -> bool:
    return field in ("statement", "rationale", "obstacles", *LISTS) or field.startswith(("ask-", "reflect-"))


def _fields_of_all(changes: Changes) -> tuple[dict[str, str], dict[str, str], dict[str, str] | None]:
    shared = changes.shared
    here, elsewhere = (_fields_of(each, changes.way, shared) for each in (changes.here, changes.elsewhere))
    return here, elsewhere, _fields_of(changes.began, changes.way, shared) if changes.began else None


def _fields_of(wording: Wording, way: Way, shared: Collection[str]) -> dict[str, str]:
    questions = wording.questions
    fields = {name: _tidy(getattr(wording.draft, name)) for name in way.texts}
    fields["order"] = "\n".join(key for key in questions if key in shared)
    for key, question in questions.items():
        if key in shared:
            fields |= {f"{part}-{key}": _part_of(question, part) for part in way.parts}
        else:
            fields[f"question-{key}"] = msgspec.json.encode(question).decode()
    return fields | {name: _as_text(wording.lists.get(name)) for name in way.lists}


def _part_of(question: QuestionDraft, part: str) -> str:
    if part != "settings":
        return _tidy(getattr(question, part))
    options = _tidy(question.options) if question.kind == "choice" else ""
    said = {name: getattr(question, name) for name in SETTINGS} | {"options": options}
    return msgspec.json.encode(said | {"roles": sorted(question.roles)}).decode()


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _as_text(items: Items) -> str:
    """A blank line parts items, so none stands within one."""
    return "\n\n".join("\n".join(line for line in item.splitlines() if line.strip()) for item in items or ())


def _items_of(changes: Changes, name: str, kept: str) -> Items:
    """Those of one side where its were kept; absent and empty stay apart."""
    for side in (changes.elsewhere, changes.here):
        if kept == _as_text(side.lists.get(name)):
            return side.lists.get(name)
    return tuple(dict.fromkeys(kept.split("\n\n")))


def _questions_of(changes: Changes, kept: Mapping[str, str]) -> Sequence[QuestionDraft]:
    """Those that both have in the order chosen; each other after the one that it stood behind."""
    order = [key for key in kept["order"].splitlines() if key]
    for side in (changes.elsewhere, changes.here):
        before = ""
        for key in side.questions:
            if key not in order and kept.get(f"question-{key}"):
                order.insert(order.index(before) + 1 if before else 0, key)
            before = key if key in order else before
    return [_question_of(changes, key, kept) for key in order]


def _question_of(changes: Changes, key: str, kept: Mapping[str, str]) -> QuestionDraft:
    if key not in changes.shared:
        return read_question(kept[f"question-{key}"])
    question = changes.elsewhere.questions[key]
    texts = {part: kept[f"{part}-{key}"] for part in changes.way.parts if part != "settings"}
    if "settings" in changes.way.parts:
        sides = (changes.elsewhere.questions[key], changes.here.questions[key])
        said = next(each for each in sides if _part_of(each, "settings") == kept[f"settings-{key}"])
        question = replace(question, **{name: getattr(said, name) for name in SETTINGS})
    return replace(question, **texts)

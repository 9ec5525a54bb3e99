"""Table: what every export format receives. Rows are read lazily, in one pass, in a fixed order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Literal

import msgspec
from msgspec import Struct, field

#: text: exactly what was typed, and never a formula; code: a short key; count: a whole number; date: a day.
ColumnKind = Literal["text", "code", "count", "date"]
Cell = str | int | date | None


class Column(Struct, frozen=True, kw_only=True):
    """`id` is stable over rounds, rewording and the removal of plugins: `qm08.plan.rating`."""

    id: str
    kind: ColumnKind = "text"
    #: What was asked, or what the column holds, in words; empty where the id says it.
    wording: str = ""
    #: What the codes in it stand for: code -> label.
    labels: Mapping[str, str] = field(default_factory=dict)
    #: Id of the column whose code this one spells out in the same row; empty for all others.
    label_of: str = ""
    #: Id of the column whose key this one puts in words in the same row; left out of exports whose headings are ids.
    wording_of: str = ""
    #: What to write above it, as asked for: the id, the wording or both; empty: the id.
    heading: str = ""


class Table(Struct, frozen=True, kw_only=True):
    """`rows()` starts a new pass and gives as many cells a row as there are columns; None is an empty cell."""

    key: str
    title: str
    #: What it is for, in a sentence.
    about: str = ""
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[tuple[Cell, ...]]]

    def headings(self) -> tuple[str, ...]:
        """What to write above the columns."""
        return tuple(column.heading or column.id for column in self.columns)

    def records(self) -> Iterator[dict[str, Any]]:
        """The rows as cells by column id."""
        ids = [column.id for column in self.columns]
        return (dict(zip(ids, row, strict=True)) for row in self.rows())

    def pick(self, numbers: Sequence[int]) -> "Table":
        """The table with these of its columns, numbered from 0, in this order."""
        if list(numbers) == list(range(len(self.columns))):
            return self
        columns, pick = tuple(self.columns[number] for number in numbers), picker(numbers)
        return msgspec.structs.replace(self, columns=columns, rows=lambda: map(pick, self.rows()))


def picker(numbers: Sequence[int]) -> Callable[[Sequence[Cell]], tuple[Cell, ...]]:
    """Of a row, the cells with these numbers."""
    if len(numbers) == 1:
        return lambda row: (row[numbers[0]],)
    return itemgetter(*numbers)


class Export(Struct, frozen=True, kw_only=True):
    """What a format's `write(export, stream)` is given."""

    #: Facts about the export, in order, such as ("review", "QXNTVBRA"): never an answer or a name.
    about: tuple[tuple[str, str], ...]
    #: The tables to write; formats of a single table are given exactly one.
    tables: tuple[Table, ...]
    #: What was asked for on the command line or page.
    options: Mapping[str, str]
    #: (key, title) of the groups as shown, in order; empty for what is not of a round.
    groups: tuple[tuple[str, str], ...] = ()

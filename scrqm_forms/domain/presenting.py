"""How an export is put: which responses and tables, what stands above the columns, and codes or their labels."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

from scrqm_forms.domain.errors import NotOffered, Refused
from scrqm_forms.domain.table import Cell, Column, Table

#: submitted: those who sent their answers; all: everybody invited, the others with empty cells (named rounds only).
Responses = Literal["submitted", "all"]
Headings = Literal["ids", "wording", "both"]
#: both: the label in a column beside its code.
Values = Literal["codes", "labels", "both"]


class ExportOptions(Struct, frozen=True, kw_only=True):
    """What somebody asks for, the same on the page and on the command line."""

    responses: Responses = "submitted"
    headings: Headings = "ids"
    values: Values = "codes"
    #: Keys of tables; empty: the format's usual ones. "all" stands for every table.
    tables: tuple[str, ...] = ()


CHOICES = {"responses": get_args(Responses), "headings": get_args(Headings), "values": get_args(Values)}


def check_options(options: ExportOptions, mode: str) -> None:
    """Raises NotOffered for a choice that there is not, and Refused for unsent responses of a confidential round."""
    for name, offered in CHOICES.items():
        found = getattr(options, name)
        if found not in offered:
            raise NotOffered(f'{name.capitalize()}: "{found}" is not one of {", ".join(offered)}.')
    if options.responses == "all" and mode != "named":
        raise Refused("Responses: a confidential round has only those that were sent; nothing says who has not.")


def choose_tables(tables: tuple[Table, ...], wanted: tuple[str, ...]) -> tuple[Table, ...]:
    """Those of `tables` that are wanted, in their own order. Raises NotOffered, naming those there are."""
    keys = [table.key for table in tables]
    for key in wanted:
        if key not in (*keys, "all"):
            raise NotOffered(f'Table: "{key}" is not one of {", ".join(keys)}.')
    return tables if "all" in wanted else tuple(table for table in tables if table.key in wanted)


def present_table(table: Table, options: ExportOptions) -> Table:
    """The table with the headings and values asked for."""
    spelt_out = {column.label_of for column in table.columns if column.label_of}
    made = [
        each
        for number, column in enumerate(table.columns)
        for each in _made_of(number, column, column.id in spelt_out, options)
    ]
    picked = table.pick([number for _, number, _ in made])
    spelled = [(at, table.columns[number].labels) for at, (_, number, spells) in enumerate(made) if spells]
    columns = _told_apart([_headed(column, options.headings) for column, _, _ in made])
    return msgspec.structs.replace(picked, columns=columns, rows=_rows(picked, spelled) if spelled else picked.rows)


#: A column, the number of the one it is made of, and whether codes are to be spelt out in it.
Made = tuple[Column, int, bool]


def _made_of(number: int, column: Column, spelt_out: bool, options: ExportOptions) -> list[Made]:
    """`spelt_out`: another column has the labels of this one's codes already."""
    if column.wording_of:
        return [] if options.headings == "ids" else [(column, number, False)]
    if column.label_of:
        return [] if options.values == "codes" else [(column, number, False)]
    if options.values == "codes" or not (column.labels or spelt_out):
        return [(column, number, False)]
    if spelt_out:
        return [] if options.values == "labels" else [(column, number, False)]
    label = msgspec.structs.replace(column, kind="text")
    if options.values == "labels":
        return [(label, number, True)]
    wording = f"{_wording(column)} (label)"
    beside = msgspec.structs.replace(label, id=f"{column.id}.label", label_of=column.id, wording=wording)
    return [(column, number, False), (beside, number, True)]


def _rows(table: Table, spelled: Sequence[tuple[int, Mapping[Any, Cell]]]) -> Callable[[], Iterator[tuple[Cell, ...]]]:
    """The rows with some columns' codes spelt out: (number of the column, code -> label)."""

    def rows() -> Iterator[tuple[Cell, ...]]:
        for row in table.rows():
            cells = list(row)
            for at, labels in spelled:
                cells[at] = labels.get(cells[at], cells[at])
            yield tuple(cells)

    return rows


def _headed(column: Column, headings: Headings) -> Column:
    heading = {"ids": "", "wording": _wording(column), "both": f"{column.id}: {_wording(column)}"}[headings]
    return msgspec.structs.replace(column, heading=heading)


def _told_apart(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Headings that stand twice (two markers of one number may ask the same) have their column's id behind them."""
    times = Counter(column.heading for column in columns if column.heading)
    return tuple(
        msgspec.structs.replace(each, heading=f"{each.heading} [{each.id}]") if times[each.heading] > 1 else each
        for each in columns
    )


def _wording(column: Column) -> str:
    return column.wording or column.id.replace("_", " ").capitalize()

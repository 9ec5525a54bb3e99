"""The fastest plain ways to write a round's cells: no application, no encryption, a database with nothing else in it.

The wide table lies there as a long one, a row for each answer with its comment, and is read in one ordered pass; other
tables lie there as they are. Blanks are never written as cells, and days are texts: both are less work for these ways.
"""

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter  # type: ignore[import-untyped]

from scrqm_forms.domain.table import Table

WIDE = "responses"


class Plain:
    """The cells of some tables in an SQLite file."""

    def __init__(self, file: Path, tables: Sequence[Table]) -> None:
        self._database = sqlite3.connect(file)
        self._headings = {table.key: [column.id for column in table.columns] for table in tables}
        for table in tables:
            (self._copy_wide if table.key == WIDE else self._copy)(table)
        self._database.commit()

    def close(self) -> None:
        self._database.close()

    def rows(self, key: str) -> Iterator[Sequence[Any]]:
        """The heading and the rows of a table."""
        rows = self._wide_rows() if key == WIDE else self._database.execute(f"SELECT * FROM {key}")
        return chain((self._headings[key],), rows)

    def write_csv(self, out: Path) -> None:
        with out.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(self.rows(WIDE))

    def write_openpyxl(self, out: Path) -> None:
        book = openpyxl.Workbook(write_only=True)
        for key in self._headings:
            sheet = book.create_sheet(key)
            for row in self.rows(key):
                sheet.append(row)
        book.save(out)

    def write_xlsxwriter(self, out: Path) -> None:
        with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
            for key in self._headings:
                sheet = book.add_worksheet(key)
                for number, row in enumerate(self.rows(key)):
                    for column, cell in enumerate(row):
                        if cell is not None:
                            (sheet.write_string if cell.__class__ is str else sheet.write_number)(number, column, cell)

    def _copy(self, table: Table) -> None:
        self._insert(table.key, [f"c{n}" for n in range(len(table.columns))], map(_bare, table.rows()))

    def _copy_wide(self, table: Table) -> None:
        """`person` holds what is known of each; `answer` a row for an answer, with the comment beside it."""
        ids = [*self._headings[table.key], ""]
        first = next(n for n, name in enumerate(ids) if "." in name)
        places = [(n, ids[n + 1].endswith(".comment")) for n in range(first, len(ids) - 1) if ".comment" not in ids[n]]
        rows = list(map(_bare, table.rows()))
        self._insert("person", ["id INTEGER PRIMARY KEY", *ids[:first]], ((n, *r[:first]) for n, r in enumerate(rows)))
        cells = (
            (n, at, row[at], row[at + 1] if beside else None) for n, row in enumerate(rows) for at, beside in places
        )
        columns = ["person INTEGER", "place INTEGER", "cell", "comment", "PRIMARY KEY (person, place)"]
        self._insert("answer", columns, (cell for cell in cells if any(cell[2:])), " WITHOUT ROWID")

    def _insert(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], kind: str = "") -> None:
        self._database.execute(f"CREATE TABLE {name} ({', '.join(columns)}){kind}")
        marks = ", ".join("?" for column in columns if "(" not in column)
        self._database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)

    def _wide_rows(self) -> Iterator[Sequence[Any]]:
        blank = [None] * len(self._headings[WIDE])
        people = self._database.execute("SELECT * FROM person ORDER BY id")
        answers = self._database.execute("SELECT * FROM answer ORDER BY person, place")
        for (_, *person), (_, given) in zip(people, groupby(answers, key=itemgetter(0)), strict=True):
            row: list[Any] = blank.copy()
            row[: len(person)] = person
            for _, place, cell, comment in given:
                row[place] = cell
                if comment:
                    row[place + 1] = comment
            yield row


def _bare(row: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(None if cell == "" else cell.isoformat() if isinstance(cell, date) else cell for cell in row)

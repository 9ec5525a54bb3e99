"""The benchmarks run, name their aims, and compare like with like: the plain ways write the cells that we write."""

import csv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from benchmarks import exports, page, results
from benchmarks.data import PREFIXES, Chosen, site_with
from benchmarks.plain import WIDE
from benchmarks.timing import Figure, Spent, compare, table_of, take_turns

CHOSEN = Chosen(responses=5, rounds=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("benchmarks")


@pytest.mark.parametrize("topic", [exports, page, results], ids=lambda topic: topic.__name__)
def test_every_figure_names_its_aim_and_is_a_row_of_the_table(topic: Any, folder: Path) -> None:
    figures = topic.measure(folder, CHOSEN)
    head, _line, *rows = table_of(figures).splitlines()
    for figure, row in zip(figures, rows, strict=False):
        assert figure.aim > 0
        assert len(figure.each) == CHOSEN.rounds
        assert row.startswith(f"| {figure.what} | ")
        assert row.count("|") == head.count("|")
        assert f"| at most {figure.aim:g}" in row


@pytest.mark.parametrize("markers", PREFIXES)
def test_plain_csv_has_our_cells(markers: str, folder: Path) -> None:
    ours, plain = folder / "ours.csv", folder / "plain.csv"
    chosen, file = replace(CHOSEN, markers=markers), folder / f"{markers}.db"
    with site_with(folder, chosen, 5), closing(exports.copy_cells(file, (WIDE,))) as cells:
        exports.export_way("csv", (WIDE,), ours)()
        cells.write_csv(plain)
    assert rows_of_csv(ours) == rows_of_csv(plain)
    assert len(rows_of_csv(ours)) == 6


def test_plain_workbooks_have_our_cells(folder: Path) -> None:
    files = [folder / name for name in ("ours.xlsx", "openpyxl.xlsx", "xlsxwriter.xlsx")]
    with site_with(folder, CHOSEN, 1), closing(exports.copy_cells(folder / "sheets.db", ())) as cells:
        exports.export_way("excel", (), files[0])()
        cells.write_openpyxl(files[1])
        cells.write_xlsxwriter(files[2])
    ours, *plain = (dict(sheets_of(file)) for file in files)
    only_ours = {"about", "charts"}
    assert [{"answers", "codebook", "reflections", WIDE} <= set(book) for book in plain] == [True, True]
    assert plain == [{title: rows for title, rows in ours.items() if title not in only_ours}] * 2


def test_ways_take_turns_and_ratios_are_of_neighbours() -> None:
    called: list[str] = []
    times = take_turns({"scrqm-forms": lambda: called.append("A"), "plain": lambda: called.append("B")}, 2)
    assert "".join(called) == "ABABAB"  # a first round does not count
    assert [len(each) for each in times.values()] == [2, 2]
    found = {"scrqm-forms": [Spent(1, 1), Spent(3, 1)], "plain": [Spent(2, 1), Spent(2, 1)]}
    assert compare("Adding up", found, "plain", 1.5).each == (0.5, 1.5)


@pytest.mark.parametrize(("at_least", "reached"), [(False, False), (True, True)])
def test_an_aim_is_reached_by_the_median(at_least: bool, reached: bool) -> None:
    figure = Figure("Saving", "3", "1", (1, 3, 4), aim=2, at_least=at_least)
    assert figure.is_reached is reached


def rows_of_csv(file: Path) -> list[list[str]]:
    with file.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.reader(stream))


def sheets_of(file: Path) -> Iterator[tuple[str, list[list[Any]]]]:
    """(title, cells); days as texts, as the plain ways write them."""
    for sheet in load_workbook(file).worksheets:
        yield sheet.title, [[plain(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def plain(cell: Any) -> Any:
    return cell.date().isoformat() if isinstance(cell, datetime) else cell

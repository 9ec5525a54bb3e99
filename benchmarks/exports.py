"""Exports against the fastest plain ways to write the same cells, and what they cost in memory and to people who save.

    python benchmarks/exports.py            ratios: CSV (raw sqlite3 + csv.writer), Excel (openpyxl, XlsxWriter)
    python benchmarks/exports.py memory     peak memory at 1,000 and at 100,000 responses, a process each
    python benchmarks/exports.py saving     saving a page while everything is exported, and when the first byte comes

`--responses N` and `--times N` make it shorter or longer. Data as people would give it, made by
`scrqm-forms sample`; ways take turns, since machines drift; times are of the clock and of
the processor (a shared machine stretches both).
"""

import argparse
import csv
import itertools
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from flask import Flask

from scrqm_forms.domain.presenting import ExportOptions
from scrqm_forms.domain.questionnaire import RoundSettings
from scrqm_forms.domain.response import Entry
from scrqm_forms.domain.review import OPERATOR, Person, Round
from scrqm_forms.services import responding
from scrqm_forms.services.boards import create_board
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.export import export_to_file, find_format, make_export
from scrqm_forms.services.invitations import invite_people, make_links
from scrqm_forms.services.reviews import NewReview, create_review, create_round
from scrqm_forms.services.rounds import open_round
from scrqm_forms.services.sample import fill_round
from scrqm_forms.services.streaming import ExportStream
from scrqm_forms.storage.reviews import round_by_id

TODAY = datetime.now(UTC).date()
ROLES = ("chair", "panel", "lead_reviewer", "business_unit", "practitioner")
EXCEL = ("responses", "answers", "reflections", "codebook")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", default="ratios", choices=["ratios", "memory", "saving", "one"])
    parser.add_argument("--responses", type=int)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--instance", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--format", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if chosen.what == "ratios":
            measure_ratios(Path(folder), chosen.responses or 10_000, chosen.times)
        elif chosen.what == "memory":
            measure_memory(Path(folder), (1_000, chosen.responses or 100_000))
        elif chosen.what == "saving":
            measure_saving(Path(folder), chosen.responses or 10_000)
        else:
            export_once(chosen.instance, chosen.format, Path(folder) / "out")


def set_up(folder: Path, responses: int) -> tuple[Flask, Round]:
    """A named round of 18 markers with so many responses."""
    app = make_app(folder, local=True)
    with app.app_context():
        round_ = open_new_round("Board", responses)
    return app, round_


def open_new_round(board: str, responses: int, people: int = 0) -> Round:
    review = create_review(OPERATOR, create_board(OPERATOR, board, TODAY), NewReview(reference="1"), TODAY)
    ids = tuple(f"qm{number:02}" for number in range(1, 19))
    settings = RoundSettings(purpose="reflect", mode="named", minimum=5, roles=ROLES, markers=ids, lengths={})
    round_ = create_round(context(), review, settings, TODAY, TODAY + timedelta(days=7))
    if people:
        invite_people(round_, [Person(name=f"P{n}", email="", role="chair", agency="") for n in range(people)])
    open_round(context(), round_, TODAY)
    if responses:
        fill_round(round_by_id(round_.id), responses, 1, TODAY)
    return round_by_id(round_.id)


# Ratios


def measure_ratios(folder: Path, responses: int, times: int) -> None:
    app, round_ = set_up(folder / "instance", responses)
    with app.app_context():
        plain = copy_plain(round_, folder / "plain.db")
    out = folder / "out"
    few = max(100, responses // 10)
    small_app, small = set_up(folder / "small", few)
    with small_app.app_context():
        small_plain = copy_plain(small, folder / "small.db")
    print(f"CSV of {responses} responses, {'responses'!r} (wide)")
    compare(times, {"scrqm-forms": export_way(app, round_, "csv", out), "sqlite3 + csv.writer": csv_way(plain, out)})
    print(f"Excel of {few} responses, all of {', '.join(EXCEL)}")
    ways = {
        "scrqm-forms": export_way(small_app, small, "excel", out),
        "openpyxl write_only": openpyxl_way(small_plain, out),
        "XlsxWriter constant_memory": xlsxwriter_way(small_plain, out),
    }
    compare(times, ways)


def compare(times: int, ways: dict[str, Callable[[], None]]) -> None:
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(times):
        for name, way in ways.items():
            clock, processor = time.perf_counter(), time.process_time()
            way()
            found[name].append((time.perf_counter() - clock, time.process_time() - processor))
    first = next(iter(ways))
    for name, each in found.items():
        seconds = sorted(clock for clock, _ in each)
        processor = statistics.median(cpu for _, cpu in each)
        print(
            f"  {name:28} {seconds[0]:.2f} / {statistics.median(seconds):.2f} / {seconds[-1]:.2f} s ({processor:.2f})"
        )
        if name != first:
            ratios = sorted(ours[1] / theirs[1] for ours, theirs in zip(found[first], each, strict=True))
            print(f"    ratio {ratios[0]:.2f} / {statistics.median(ratios):.2f} / {ratios[-1]:.2f} (min, median, max)")


def export_way(app: Flask, round_: Round, key: str, out: Path) -> Callable[[], None]:
    def way() -> None:
        with app.app_context():
            options = ExportOptions(tables=EXCEL if key == "excel" else ())
            export_to_file(make_export(round_, find_format(context(), key), options), out)

    return way


def copy_plain(round_: Round, path: Path) -> sqlite3.Connection:
    """The same cells in a plain database: each table as it is, and the wide one as a long one (`cell`)."""
    plain = sqlite3.connect(path)
    plain.execute(
        "CREATE TABLE cell (response TEXT, number INTEGER, cell TEXT, PRIMARY KEY (response, number)) WITHOUT ROWID"
    )
    for table in make_export(round_, find_format(context(), "excel"), ExportOptions(tables=EXCEL)).export.tables:
        if table.key == "responses":
            for row in table.rows():
                cells = [(row[0], number, str(cell)) for number, cell in enumerate(row) if cell not in (None, "")]
                plain.executemany("INSERT INTO cell VALUES (?, ?, ?)", cells)
            heading = [(column.id,) for column in table.columns]
            plain.execute("CREATE TABLE heading (id TEXT)")
            plain.executemany("INSERT INTO heading VALUES (?)", heading)
        else:
            plain.execute(f"CREATE TABLE {table.key} ({', '.join(f'c{n}' for n in range(len(table.columns)))})")
            marks = ", ".join("?" * len(table.columns))
            plain.executemany(f"INSERT INTO {table.key} VALUES ({marks})", table.rows())
    plain.commit()
    return plain


def wide_rows(plain: sqlite3.Connection) -> Iterator[list[str]]:
    """One ordered pass over the long table."""
    heading = [name for (name,) in plain.execute("SELECT id FROM heading")]
    yield heading
    cells = plain.execute("SELECT response, number, cell FROM cell ORDER BY response, number")
    for _, group in itertools.groupby(cells, key=lambda row: row[0]):
        row = [""] * len(heading)
        for _, number, cell in group:
            row[number] = cell
        yield row


def csv_way(plain: sqlite3.Connection, out: Path) -> Callable[[], None]:
    def way() -> None:
        with out.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(wide_rows(plain))

    return way


def rows_of(plain: sqlite3.Connection, key: str) -> Iterator[Any]:
    return wide_rows(plain) if key == "responses" else plain.execute(f"SELECT * FROM {key}")


def openpyxl_way(plain: sqlite3.Connection, out: Path) -> Callable[[], None]:
    def way() -> None:
        book = openpyxl.Workbook(write_only=True)
        for key in EXCEL:
            sheet = book.create_sheet(key)
            for row in rows_of(plain, key):
                sheet.append(row)
        book.save(out)

    return way


def xlsxwriter_way(plain: sqlite3.Connection, out: Path) -> Callable[[], None]:
    def way() -> None:
        with xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False}) as book:
            for key in EXCEL:
                sheet = book.add_worksheet(key)
                for number, row in enumerate(rows_of(plain, key)):
                    for column, cell in enumerate(row):
                        if cell not in (None, ""):
                            sheet.write(number, column, cell)

    return way


# Memory


def measure_memory(folder: Path, sizes: tuple[int, ...]) -> None:
    for responses in sizes:
        instance = folder / str(responses)
        set_up(instance, responses)
        for key in ("csv", "excel"):
            command = [sys.executable, __file__, "one", "--instance", str(instance), "--format", key]
            print(
                f"{key} of {responses}: {subprocess.check_output(command, text=True).strip()} MiB at most", flush=True
            )


def export_once(instance: Path, key: str, out: Path) -> None:
    app = make_app(instance, local=True)
    with app.app_context():
        export_to_file(make_export(round_by_id(1), find_format(context(), key)), out)
    # Not `ru_maxrss`, which a process inherits from the one that started it.
    (most,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(int(most) // 1024)


# Saving


def measure_saving(folder: Path, responses: int) -> None:
    app, round_ = set_up(folder / "instance", responses)
    with app.app_context():
        other = open_new_round("Other", 0, people=1)
        (link,) = make_links(other)
        responding.begin_response(found(link.secret), TODAY)
    alone = [save(app, link.secret, n) for n in range(300)]
    ended = threading.Event()
    exporter = threading.Thread(target=export_all, args=(app, round_, ended))
    exporter.start()
    meanwhile = []
    while not ended.is_set():
        meanwhile.append(save(app, link.secret, len(meanwhile)))
    exporter.join()
    for name, seconds in (("alone", alone), ("during an export", meanwhile)):
        ordered = sorted(seconds)
        p50, p99 = statistics.median(ordered) * 1000, ordered[int(len(ordered) * 0.99)] * 1000
        longest = ordered[-1] * 1000
        print(f"saving {name}: {len(ordered)} times, p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {longest:.0f} ms")


def export_all(app: Flask, round_: Round, ended: threading.Event) -> None:
    for key in ("csv", "excel"):
        with app.app_context():
            begun = time.perf_counter()
            exporting = make_export(round_, find_format(context(), key))
            stream = ExportStream(app, exporting, by=None)
            first = time.perf_counter() - begun
        size = sum(len(piece) for piece in stream)
        print(
            f"{key}: first byte after {first * 1000:.0f} ms, {size:,} bytes after {time.perf_counter() - begun:.1f} s"
        )
    ended.set()


def found(secret: str) -> responding.Participant:
    participant = responding.find_participant(secret)
    assert participant is not None
    return participant


def save(app: Flask, secret: str, number: int, today: date = TODAY) -> float:
    """Seconds for one save of one entry."""
    with app.app_context():
        participant = found(secret)
        _, version = responding.read_entries(participant).get("qm08", (None, 0))
        begun = time.perf_counter()
        responding.save_entry(participant, "qm08", Entry(reflections={"helped": f"Text {number}"}), version, today)
        return time.perf_counter() - begun


if __name__ == "__main__":
    main()

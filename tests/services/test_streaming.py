"""An export sent as it is made: all of it, or visibly broken; and nothing left behind by whoever went away."""

import hashlib
import json
import threading
import traceback
from contextlib import suppress
from datetime import UTC, datetime

import msgspec
import pytest
from flask import current_app

from scrqm_forms.domain.errors import NotOffered, Refused
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.presenting import ExportOptions
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.services.context import context
from scrqm_forms.services.export import export_to_file, find_format, make_export
from scrqm_forms.services.precedence import MOST_EXPORTS
from scrqm_forms.services.sample import fill_round
from scrqm_forms.services.streaming import ExportStream
from scrqm_forms.storage.database import db

BY = Actor(caller=OPERATOR, now=datetime(2026, 3, 2, 12, tzinfo=UTC))


@pytest.fixture
def round_(build):
    opened = build.open(build.round(mode="named"))
    fill_round(opened, 30, 7, build.today)
    return build.again(opened)


def stream_of(round_, key="csv", write=None, by=None, options=None):
    fmt = find_format(context(), key)
    fmt = msgspec.structs.replace(fmt, write=write) if write else fmt
    return ExportStream(current_app._get_current_object(), lambda: make_export(round_, fmt, options, by=by), by=by)


def endless(export, stream):
    """More than any buffer holds, reading all the while."""
    while True:
        for row in export.tables[0].rows():
            stream.write(repr(row).encode() * 100)


def left_behind():
    """Threads of exports, and connections that are in use."""
    threads = [thread.name for thread in threading.enumerate() if thread.name == "export"]
    db.session.remove()
    return threads, db.engine.pool.checkedout()


@pytest.mark.parametrize("key", ["csv", "csv-exact", "excel"])
def test_pieces_are_the_file(build, round_, tmp_path, key):
    fmt = find_format(context(), key)
    export_to_file(make_export(round_, fmt), tmp_path / "file")
    assert b"".join(stream_of(round_, key)) == (tmp_path / "file").read_bytes()
    assert left_behind() == ([], 0)


def test_first_piece_comes_before_the_last_is_made(build, round_):
    go_on = threading.Event()

    def write(export, stream):
        stream.write(b"first")
        assert go_on.wait(10)
        stream.write(b"last")

    stream = stream_of(round_, write=write)
    assert next(stream) == b"first"
    go_on.set()
    assert list(stream) == [b"last"]


@pytest.mark.parametrize("taken", [0, 1, 5], ids=["nothing taken", "one piece", "some"])
def test_whoever_goes_away_leaves_nothing_behind(build, round_, taken):
    stream = stream_of(round_, write=endless, by=BY)
    for _ in range(taken):
        next(stream)
    stream.close()
    stream.close()
    assert left_behind() == ([], 0)
    assert [row["what"] for row in build.dump()["event"]] == ["exported"]


def test_exports_never_take_every_thread_of_the_server(build, round_):
    streams = [stream_of(round_, write=endless) for _ in range(MOST_EXPORTS)]
    with pytest.raises(Refused, match="4 files are being downloaded already"):
        stream_of(round_, by=BY)
    assert build.dump()["event"] == []
    streams[0].close()
    streams[0].close()
    assert b"".join(stream_of(round_))
    assert b"".join(stream_of(round_))
    for stream in streams:
        stream.close()
    assert left_behind() == ([], 0)


def test_export_that_is_refused_leaves_its_place_to_others(build, round_):
    missing = ExportOptions(tables=("none",))
    for _ in range(MOST_EXPORTS + 1):
        with pytest.raises(NotOffered, match='Table: "none"'):
            stream_of(round_, options=missing)
    assert b"".join(stream_of(round_))


def test_format_that_swallows_what_the_stream_raises_is_ended_all_the_same(build, round_):
    def write(export, stream):
        for _ in range(10):
            with suppress(BaseException):  # what a careless plugin does
                stream.write(b"x" * 1_000_000)

    stream = stream_of(round_, write=write)
    next(stream)
    stream.close()
    assert left_behind() == ([], 0)


def test_failure_at_once_is_said(build, round_):
    def write(export, stream):
        raise ValueError("Jo Bloggs")

    with pytest.raises(Refused, match=r'"csv" failed \(ValueError\)'):
        stream_of(round_, write=write)
    assert left_behind() == ([], 0)


def test_failure_in_the_midst_breaks_the_transfer(build, round_):
    def write(export, stream):
        for row in export.tables[0].rows():
            stream.write(repr(row).encode() * 200)
        raise OSError("Jo Bloggs")

    stream = stream_of(round_, write=write, by=BY)
    assert next(stream)
    with pytest.raises(Refused) as raised:
        list(stream)
    assert "Jo Bloggs" not in "".join(traceback.format_exception(raised.value))
    stream.close()
    assert left_behind() == ([], 0)
    assert [row["what"] for row in build.dump()["event"]] == ["exported"]


def test_sha_256_is_noted_once_all_is_sent(build, round_):
    stream = stream_of(round_, by=BY)
    data = next(stream)
    assert [row["what"] for row in build.dump()["event"]] == ["exported"]
    data += b"".join(stream)
    (event,) = [row for row in build.dump()["event"] if row["what"] == "export_whole"]
    assert json.loads(event["document"]) == {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def test_tables_of_one_export_are_of_one_moment(build):
    """The wide and the long table agree although somebody sends their answers in between."""
    round_, links = build.open_round({"mode": "named"}, chair=2)
    build.answer(links[0])
    seen = {}

    def write(export, stream):
        for table in export.tables:
            if table.key in ("responses", "answers"):
                seen[table.key] = {row[1] for row in table.rows()}
                stream.write(table.key.encode())
                assert go_on.wait(10)

    go_on = threading.Event()
    stream = stream_of(round_, "excel", write=write)
    assert next(stream) == b"responses"
    build.answer(links[1])
    go_on.set()
    list(stream)
    assert seen == {"responses": {"Name of chair 1"}, "answers": {"Name of chair 1"}}

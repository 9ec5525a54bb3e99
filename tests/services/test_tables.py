"""The tables of an export agree with each other and with what was answered."""

import errno
import hashlib
import io
import os
import resource
import signal
import struct
import threading
import zipfile
from collections import Counter
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace

import msgspec
import pytest

from scrqm_forms.domain.errors import NotOffered, Refused
from scrqm_forms.domain.places import places_of
from scrqm_forms.domain.presenting import CHOICES, ExportOptions
from scrqm_forms.domain.questionnaire import canonical_json, digest_of
from scrqm_forms.domain.response import Entry
from scrqm_forms.services.context import context
from scrqm_forms.services.export import export_to_file, find_format, make_export, write_export
from scrqm_forms.services.results import results_of, show_round
from scrqm_forms.services.rounds import change_groups
from scrqm_forms.services.sample import fill_round
from scrqm_forms.services.tables import reflections, tables_of
from scrqm_forms.storage.reviews import questionnaire_of

PERSON = {
    "named": ("response", "name", "role", "agency", "submitted_on"),
    "confidential": ("response", "group"),
}
MODES = pytest.mark.parametrize("mode", ["named", "confidential"])


@pytest.fixture(params=["named", "confidential"])
def filled(request, build):
    """A round of two groups that may be shown, with thirty made-up responses: answers, blanks, markers set aside."""
    draft = build.round(mode=request.param)
    if request.param == "confidential":
        build.invite(draft, practitioner=5, chair=5)
        change_groups(build.context, draft, [["practitioner"], ["chair", "panel", "lead_reviewer", "business_unit"]])
    round_ = build.open(draft)
    fill_round(round_, 30, 7, build.today)
    return build.close(round_)


def person_of(round_):
    return PERSON[round_.settings.mode]


# One table against another


def test_long_table_pivoted_is_the_wide_one_cell_by_cell(build, filled):
    pivot = {}
    for row in build.rows(filled, "answers"):
        key = (row["response"], row["column"])
        assert key not in pivot
        assert (row["code"] == "") != (row["text"] == "")
        pivot[key] = row["code"] or row["text"]
    wide = build.rows(filled, "responses")
    cells = {
        (row["response"], column): cell
        for row in wide
        for column, cell in row.items()
        if column not in person_of(filled) and cell != ""
    }
    assert len(wide) == 30
    assert {"not_asked", "not_my_part", "yes", "met"} <= set(cells.values())
    assert pivot == cells


def test_person_columns_of_the_long_table_are_those_of_the_wide_one(build, filled):
    wide = {row["response"]: row for row in build.rows(filled, "responses")}
    for row in build.rows(filled, "answers"):
        assert {key: row[key] for key in person_of(filled)} == {
            key: wide[row["response"]][key] for key in person_of(filled)
        }


def test_codebook_explains_every_column_of_every_table(build, filled):
    columns = [row["column"] for row in build.rows(filled, "codebook")]
    assert len(columns) == len(set(columns))
    wide = [key for key in build.rows(filled, "responses")[0] if key not in person_of(filled)]
    assert wide == [column for column in columns if column in wide]
    for table in ("answers", "reflections"):
        assert {row["column"] for row in build.rows(filled, table)} <= set(columns)
    if filled.settings.mode == "named":
        assert wide == columns


def test_codebook_offers_every_code_that_was_answered(build, filled):
    options = {row["column"]: row["options"] for row in build.rows(filled, "codebook")}
    for row in build.rows(filled, "answers"):
        if row["code"] not in ("", "not_asked", "not_my_part"):
            assert f"{row['code']} = " in options[row["column"]]


def test_reflections_hold_every_text_once(build, filled):
    texts = Counter(row["text"] for row in build.rows(filled, "reflections"))
    tallies = results_of(show_round(filled)).tallies.values()
    assert texts == Counter(text for tally in tallies for part in tally.texts.values() for text in part)
    if filled.settings.mode == "named":
        assert texts == Counter(row["text"] for row in build.rows(filled, "answers") if row["text"])


def test_participation_adds_up(build, filled):
    rows = build.rows(filled, "participation")
    assert [row["group"] for row in rows] == [group.key for group in show_round(filled).groups]
    for row in rows:
        assert row["invited"] == row["not_begun"] + row["begun"] + row["submitted"]
    wide = Counter(row.get("group") or row["role"] for row in build.rows(filled, "responses"))
    assert {row["group"]: row["submitted"] for row in rows} == wide


def test_counts_of_the_results_are_those_of_the_wide_table(build, filled):
    found, wide = results_of(show_round(filled)), build.rows(filled, "responses")
    codes = [column.id for column in _responses_table_of(filled).columns if column.kind == "code"]
    columns = [column for column in codes if column not in person_of(filled)]
    assert {"tea01.judgement", "tea01.plan.rating", "tea01.leaf.choice", "tea03.cups.rating"} <= set(columns)
    for column in columns:
        expected = Counter((row.get("group") or row["role"], row[column]) for row in wide)
        counts = found.of(column).counts
        assert {(group, code): n for group, codes in counts.items() for code, n in codes.items()} == expected, column


def _responses_table_of(round_):
    return next(table for table in tables_of(show_round(round_)) if table.key == "responses")


# Rows


@MODES
def test_columns_about_the_person_stand_first(build, mode):
    round_, links = build.open_round({"mode": mode}, chair=5)
    build.answer_all(links)
    columns = list(build.rows(build.close(round_), "responses")[0])
    assert tuple(columns[: len(PERSON[mode])]) == PERSON[mode]
    assert columns[len(PERSON[mode])] == "tea01.full.rating"


def test_named_row_says_whose_it_is_and_when_it_was_sent(build):
    round_, links = build.open_round({"mode": "named"}, panel=1)
    build.answer(links[0])
    (row,) = build.rows(round_, "responses")
    assert [row[key] for key in PERSON["named"]] == [
        "R00001",
        "Name of panel 1",
        "panel",
        "Agency panel 1",
        date(2026, 3, 2),
    ]


def test_row_holds_the_answers_of_its_person(build):
    round_, links = build.open_round({"mode": "named"}, chair=3)
    for link, code in zip(links, ("yes", "partly", "no"), strict=True):
        build.answer(link, tea01=Entry(answers={"full": code}, comments={"full": f"Said {code}."}))
    found = {
        row["name"]: (row["tea01.full.rating"], row["tea01.full.comment"]) for row in build.rows(round_, "responses")
    }
    assert found == {
        "Name of chair 1": ("yes", "Said yes."),
        "Name of chair 2": ("partly", "Said partly."),
        "Name of chair 3": ("no", "Said no."),
    }


def test_reasons_for_an_empty_answer_stay_apart(build):
    round_, links = build.open_round({"mode": "named"}, practitioner=1)
    build.answer(
        links[0], tea01=Entry(not_my_part=True, comments={"full": "unseen"}), tea03=Entry(answers={"cups": "not_known"})
    )
    (row,) = build.rows(round_, "responses")
    assert row["tea01.full.rating"] == row["tea01.judgement"] == row["tea01.obstacles.no_water"] == "not_my_part"
    assert row["tea01.full.comment"] == ""
    assert row["tea02.table.rating"] == row["tea02.judgement"] == row["tea01.plan.rating"] == "not_asked"
    assert (row["tea03.cups.rating"], row["tea03.judgement"]) == ("not_known", "")


def test_codebook_says_what_was_asked_of_whom_and_where_it_is_from(build):
    round_, _ = build.open_round(chair=1)
    rows = {row["column"]: row for row in build.rows(round_, "codebook")}
    plan = rows["tea01.plan.rating"]
    assert (plan["wording"], plan["roles"], plan["stage"]) == ("Was there a plan?", "chair, panel", "Brewing")
    assert (plan["number"], plan["marker_title"], plan["favourable"]) == (1, "Kettle", "yes")
    assert plan["options"].startswith("yes = Yes; partly = Partly; no = No")
    assert (plan["wording_status"], plan["origin"]) == ("local", "instance/markers/tea/01-kettle.toml")
    assert rows["tea01.leaf.choice"]["options"] == "black = Black; green = Green"
    assert rows["closing.went_well.text"]["marker_title"] == "The review as a whole"
    digest = digest_of(canonical_json(questionnaire_of(round_)))
    assert {row["questionnaire_sha256"] for row in rows.values()} == {digest}


def test_round_that_nobody_answered_gives_its_headings(build):
    round_, _ = build.open_round({"mode": "named"}, chair=1)
    for table in tables_of(show_round(round_)):
        assert len(table.columns) > 4
        if table.key not in ("codebook", "participation", "notes", "improvements", "register"):
            assert list(table.rows()) == []


def test_rows_can_be_read_again_and_left_half_way(build, filled):
    (table, *_) = tables_of(show_round(filled))
    begun = table.rows()
    first = next(begun)
    begun.close()
    assert [first, *list(table.rows())[1:]] == list(table.rows())


# Formats


def test_format_of_a_single_table_writes_responses_unless_another_is_named(build, filled):
    fmt = find_format(context(), "csv")
    assert [table.key for table in make_export(filled, fmt).export.tables] == ["responses"]
    assert [table.key for table in make_export(filled, fmt, ExportOptions(tables=("codebook",))).export.tables] == [
        "codebook"
    ]


def test_format_of_several_tables_writes_all_in_order(build, filled):
    fmt = find_format(context(), "excel")
    keys = [table.key for table in make_export(filled, fmt).export.tables]
    assert keys == [
        "about",
        "responses",
        "answers",
        "reflections",
        "results",
        "obstacles",
        "codebook",
        "participation",
        "notes",
        "improvements",
        "register",
    ]


@pytest.mark.parametrize(
    ("key", "table", "message"),
    [
        ("x", None, '"x" is not one of csv, csv-exact, excel'),
        ("csv", "people", '"people" is not one of about, responses, answers'),
    ],
    ids=["format", "table"],
)
def test_format_or_table_that_is_not_there_is_named(build, filled, key, table, message):
    with pytest.raises(NotOffered, match=message):
        make_export(filled, find_format(context(), key), ExportOptions(tables=(table,) if table else ()))


def test_zip_of_tables_is_plain_and_has_no_time_of_its_own(filled):
    """Some programs take zip64 fields for damage."""
    archive = zip_of(filled)
    assert len(archive.infolist()) == 11
    for member in archive.infolist():
        version, extra = struct.unpack_from("<4xH22xH", archive.fp.getvalue(), member.header_offset)
        assert (version, extra, member.extra) == (20, 0, b""), member.filename
        assert member.date_time == (1980, 1, 1, 0, 0, 0)


def test_member_too_large_for_a_plain_zip_has_sizes_of_64_bits_and_the_others_have_not(filled, monkeypatch):
    """As if 5,000 bytes were 2 GiB."""
    usual = zip_of(filled)
    whole = {name: usual.read(name) for name in usual.namelist()}
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 5_000)
    archive = zip_of(filled)
    assert {name: archive.read(name) for name in archive.namelist()} == whole
    long = {info.filename for info in archive.infolist() if _bytes_after(archive, info) == 24}
    assert long == {name for name, data in whole.items() if len(data) > 5_000}
    assert 0 < len(long) < len(whole)


def _bytes_after(archive, info):
    """Of what is said after a member of its sizes: 16, or 24 where they have 64 bits."""
    next_header = min(
        (each.header_offset for each in archive.infolist() if each.header_offset > info.header_offset),
        default=archive.start_dir,
    )
    return next_header - info.header_offset - 30 - len(info.filename) - info.compress_size


def zip_of(round_):
    """As a download: what is written cannot be changed any more."""
    written = []
    exporting = make_export(round_, find_format(context(), "csv"), ExportOptions(tables=("all",)))
    write_export(exporting, SimpleNamespace(write=written.append))
    return zipfile.ZipFile(io.BytesIO(b"".join(written)))


def test_export_says_what_it_is_of_and_names_nobody(build, filled):
    about = dict(make_export(filled, find_format(context(), "csv")).export.about)
    assert about["review"] == filled.review.key
    assert (about["mode"], about["state"], about["reference"]) == (filled.settings.mode, "closed", "R1")
    assert about["synthetic"].startswith("yes")
    assert about["questionnaire_sha256"] == digest_of(canonical_json(questionnaire_of(filled)))
    assert "Tea House (2016)." in about["citation"]


def test_exported_file_is_its_owner_s_alone_and_replaces_the_old_one(build, filled, tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text("old")
    fmt = find_format(context(), "csv")
    export_to_file(make_export(filled, fmt), path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8-sig").startswith('"response"')
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["answers.csv"]


@pytest.mark.parametrize("error", [ValueError("Jo Bloggs"), SystemExit(3)], ids=["exception", "exit"])
def test_format_that_gives_up_leaves_the_old_file_and_no_half_one(build, filled, tmp_path, error):
    def write(export, stream):
        stream.write(b"half")
        raise error

    path = tmp_path / "answers.csv"
    path.write_text("old")
    fmt = msgspec.structs.replace(find_format(context(), "csv"), write=write)
    with pytest.raises(Refused, match=f'"csv" failed \\({type(error).__name__}\\); nothing was written') as raised:
        export_to_file(make_export(filled, fmt), path)
    assert "Jo Bloggs" not in str(raised.value)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["answers.csv"]


def test_file_that_a_link_leads_to_is_replaced_and_the_link_stays(filled, tmp_path):
    link, file = tmp_path / "link.csv", tmp_path / "file.csv"
    file.write_bytes(b"old")
    link.symlink_to(file)
    written = export_to_file(make_export(filled, find_format(context(), "csv")), link)
    assert link.is_symlink()
    assert hashlib.sha256(file.read_bytes()).hexdigest() == written.digest


def test_pipe_is_written_to_and_stays_a_pipe(filled, tmp_path):
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    written = export_to_file(make_export(filled, find_format(context(), "csv")), pipe)
    reader.join(30)
    assert pipe.is_fifo()
    assert hashlib.sha256(read[0]).hexdigest() == written.digest


def test_full_disk_is_said_and_leaves_no_half_file(build, filled, tmp_path):
    """The largest file that this process may write stands for the disk."""
    path = tmp_path / "answers.xlsx"
    path.write_text("old")
    exporting = make_export(filled, find_format(context(), "excel"))
    with largest_file(20_000), pytest.raises(Refused, match=r"answers\.xlsx: File too large; nothing was written"):
        export_to_file(exporting, path)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["answers.xlsx"]


def test_full_disk_is_no_fault_of_the_format(build, filled):
    class Full:
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_export(make_export(filled, find_format(context(), "excel")), Full())
    assert build.dump()["plugin_fault"] == []


@contextmanager
def largest_file(size):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_folder_that_is_not_there_is_said(build, filled, tmp_path):
    with pytest.raises(Refused, match=r"none/answers\.csv: No such file or directory; nothing was written"):
        export_to_file(make_export(filled, find_format(context(), "csv")), tmp_path / "none" / "answers.csv")


# Options


@pytest.mark.parametrize("values", CHOICES["values"])
@pytest.mark.parametrize("headings", CHOICES["headings"])
def test_long_table_pivoted_is_the_wide_one_whatever_the_options(build, filled, headings, values):
    made = presented(filled, headings=headings, values=values)
    wide, long = rows_of(made["responses"]), rows_of(made["answers"])
    column = "label" if values == "labels" else "code"
    pivot = {(row["response"], row["column"]): row[column] or row["text"] for row in long}
    if values == "both":
        pivot |= {(row["response"], f"{row['column']}.label"): row["label"] for row in long if row["label"]}
    person = {*person_of(filled), "role.label", "group.label"}
    cells = {(row["response"], key): cell for row in wide for key, cell in row.items() if key not in person and cell}
    assert pivot == cells


@pytest.mark.parametrize("headings", ["wording", "both"])
def test_long_table_has_the_wording_where_the_wide_one_has(build, filled, headings):
    made = presented(filled, headings=headings, values="both")
    answers, shared = made["answers"], ["column", "marker", "marker_title", "item", "part", "wording", "code", "label"]
    for table in (answers, made["results"]):
        assert [column.id for column in table.columns if column.id in shared] == shared
    about = {row["column"]: (row["marker_title"], row["wording"]) for row in build.rows(filled, "codebook")}
    rows = rows_of(answers)
    assert rows
    assert all((row["marker_title"], row["wording"]) == about[row["column"]] for row in rows)


@pytest.mark.parametrize(
    ("headings", "values", "more"),
    [
        ("ids", "codes", ["code"]),
        ("ids", "labels", ["label"]),
        ("wording", "codes", ["marker_title", "wording", "code"]),
        ("wording", "labels", ["marker_title", "wording", "label"]),
        ("both", "both", ["marker_title", "wording", "code", "label"]),
    ],
)
def test_long_table_has_no_more_columns_than_were_asked_for(filled, headings, values, more):
    columns = [column.id for column in presented(filled, headings=headings, values=values)["answers"].columns]
    spelt_out = {"marker_title", "wording", "code", "label"}
    assert [key for key in columns if key in spelt_out] == more
    assert set(columns) - spelt_out - {"role.label", "group.label"} == {
        *person_of(filled),
        *("column", "marker", "item", "part", "text"),
    }


def presented(round_, **options):
    """The tables of an export with these options, by key."""
    made = make_export(round_, find_format(context(), "excel"), ExportOptions(**options))
    return {table.key: table for table in made.export.tables}


def rows_of(table):
    return [dict(zip([column.id for column in table.columns], row, strict=True)) for row in table.rows()]


def test_all_responses_add_everybody_invited_and_nothing_that_was_not_sent(build):
    round_, links = build.open_round({"mode": "named"}, chair=3)
    build.answer(links[0], "Sent.")
    build.begin(links[1])
    build.save(links[1], "tea01", Entry(judgement="met", reflections={"helped": "Not sent yet."}))
    options = ExportOptions(responses="all")
    tables = make_export(build.again(round_), find_format(context(), "excel"), options).export.tables
    rows = rows_of(next(table for table in tables if table.key == "responses"))
    assert [(row["name"], row["state"]) for row in rows] == [
        ("Name of chair 1", "submitted"),
        ("Name of chair 2", "begun"),
        ("Name of chair 3", "not_begun"),
    ]
    assert not any("Not sent yet." in repr(list(table.rows())) for table in tables)
    (begun,) = [row for row in rows if row["state"] == "begun"]
    assert {key for key, cell in begun.items() if cell} == {"name", "role", "agency", "state"}


def test_improvements_are_exported_in_words_where_answers_are(filled):
    columns = {column.id: column for column in presented(filled, values="labels")["improvements"].columns}
    assert columns["state"].labels["under_way"] == "Under way"
    assert columns["made_from"].labels["note"] == "A note of the conversation"


def test_confidential_round_has_no_row_for_who_has_not_sent(build):
    round_, links = build.open_round({"mode": "confidential"}, chair=7)
    build.answer_all(links[:6])
    closed = build.close(round_)
    with pytest.raises(Refused, match="nothing says who has not"):
        make_export(closed, find_format(context(), "csv"), ExportOptions(responses="all"))


def test_obstacles_are_counted_as_in_the_results(build, filled):
    results = results_of(show_round(filled))
    rows = build.rows(filled, "obstacles")
    assert rows
    for row in rows:
        counts = results.of(row["column"]).counts[row["group"]]
        assert (row["came_up"], row["answered"]) == (counts["met"], counts["met"] + counts[""])


def test_group_that_answered_nothing_on_a_marker_has_no_row_of_its_obstacles(build):
    round_, links = build.open_round(chair=1, panel=1)
    build.answer_all(links[:1])
    build.answer(links[1], tea01=Entry())
    rows = [row for row in build.rows(round_, "obstacles") if row["marker"] == "tea01"]
    assert {row["group"] for row in rows} == {"chair"}


def test_texts_of_a_large_round_are_the_same_and_mixed_in_parts(build, monkeypatch):
    """As if 7 were many: the parts hold all texts once, and never fewer than that number of responses."""
    draft = build.round(mode="confidential")
    build.invite(draft, practitioner=5, chair=5)
    change_groups(build.context, draft, [["practitioner"], ["chair", "panel", "lead_reviewer", "business_unit"]])
    round_ = build.open(draft)
    fill_round(round_, 40, 7, build.today)
    closed = build.close(round_)
    usual = build.rows(closed, "reflections")
    monkeypatch.setattr(reflections, "MIXED", 7)
    parted = build.rows(closed, "reflections")
    assert parted != usual
    assert Counter(map(repr, parted)) == Counter(map(repr, usual))
    shown = show_round(closed)
    places = [place for place in places_of(shown.questionnaire) if place.is_text]
    for group in shown.shown_groups:
        sizes = reflections._sizes(shown, group, places)
        assert sum(sizes) == sum(part.submitted for part in group.parts)
        assert min(sizes) >= 7
    assert any(len(reflections._sizes(shown, group, places)) > 1 for group in shown.shown_groups)

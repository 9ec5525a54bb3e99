"""The command line: data on stdout, words on stderr, exit 0 fine, 1 a problem, 2 wrong usage."""

import csv
import gc
import hashlib
import io
import json
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from openpyxl import load_workbook

from scrqm_forms import cli
from scrqm_forms.domain.event import Actor
from scrqm_forms.domain.review import OPERATOR
from scrqm_forms.instance import in_use
from scrqm_forms.services.accounts import find_sign_in_link, use_sign_in_link
from scrqm_forms.services.administrators import invite_administrator
from scrqm_forms.services.board_markers import change_marker
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.responding import begin_response, find_participant, submit_response
from scrqm_forms.services.reviews import NewReview, create_review, markers_of_board
from scrqm_forms.storage.boards import get_board
from scrqm_forms.storage.database import db, writing

TODAY = datetime.now().astimezone().date()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
ROLES = ("chair", "panel", "lead_reviewer", "business_unit", "practitioner")


class Outcome(NamedTuple):
    code: int
    out: str
    err: str
    bytes: bytes


Run = Callable[..., Outcome]
Once = Callable[[str, Callable[[], str]], str]


@pytest.fixture
def run(instance_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `scrqm-forms` over an instance of its own, as the console script would; `code` is what is expected."""

    def run(*arguments: object, code: int = 0) -> Outcome:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        monkeypatch.setattr(sys, "argv", ["scrqm-forms", "--instance", str(instance_path), *map(str, arguments)])
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            cli.main()
        written = out.buffer.getvalue()
        found = Outcome(
            ended.value.code or 0, written.decode(errors="replace"), err.buffer.getvalue().decode(), written
        )
        assert found.code == code, found
        assert "Traceback" not in found.err
        return found

    return run


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Path]]:
    return {}


@pytest.fixture
def once(kept: dict[str, tuple[str, Path]], instance_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Once:
    """`once(name, make)`: what `make` returns; the second time, the instance is laid in place as `make` had left it."""

    def do(name: str, make: Callable[[], str]) -> str:
        if name in kept:
            shutil.copytree(kept[name][1], instance_path, dirs_exist_ok=True)
        else:
            kept[name] = make(), tmp_path_factory.mktemp("kept") / "instance"
            gc.collect()  # closes the database
            shutil.copytree(instance_path, kept[name][1])
        return kept[name][0]

    return do


@pytest.fixture
def review(run: Run, once: Once) -> str:
    """Key of a review of a board called b, with a confidential round of two markers."""
    return once("review", lambda: make_review(run))


def make_review(run: Run, *more: object) -> str:
    if not json.loads(run("board", "list", "--json").out):
        run("board", "create", "Invented Board", "--key", "b")
    markers = () if "--set" in more or "--markers" in more else ("--markers", "qm08,qm11")
    return run("review", "create", "--board", "b", "--reference", "R1", *markers, *more).out.strip()


def people_file(folder: Path, **roles: int) -> Path:
    path = folder / "people.csv"
    lines = [f"Name {role} {n},{role}{n}@example.org,{role},Agency" for role, m in roles.items() for n in range(m)]
    path.write_text("\n".join(["name,email,role,agency", *lines]), encoding="utf-8")
    return path


def status(run: Run, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(run("review", "status", name, "--json").out)
    return found


# All commands


COMMANDS = [
    *(
        "run",
        "demo",
        "plugins",
        "invite",
        "export",
        "sample",
        "admin link",
        "admin list",
        "admin permissions",
        "admin disable",
        "admin enable",
        "board create",
        "board change",
        "board list",
    ),
    *("markers list", "markers show", "markers check", "markers import", "markers diff"),
    *("review create", "review add-round", "review open", "review close", "review status", "review list"),
    *("backup", "restore", "doctor", "db upgrade"),
    *("review hold", "review release", "review delete", "purge", "person export", "person erase", "log show"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_command_has_its_help_on_stdout(run, command):
    found = run(*command.split(), "--help")
    assert found.out.startswith("Usage: ")
    assert found.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["review"],
        ["board", "create"],
        ["board", "create", "B", "--vocabulary", "xyz"],
        ["board", "change"],
        ["board", "change", "b", "--logo", __file__, "--no-logo"],
        ["board", "change", "b", "--logo", "no-such-file.png"],
        ["review", "create", "--board", "b", "--reference", "R", "--set", "scr", "--mode", "open"],
        ["review", "create", "--board", "b", "--reference", "R", "--set", "scr", "--closes", "31/12/2030"],
        ["sample", "QQQQQQQQ", "--responses", "0"],
        ["export", "QQQQQQQQ", "-o", "x"],
        ["markers", "import", "/no/such/file.txt"],
        ["backup"],
        ["backup", "x.db", "--folder", "x"],
        ["backup", "--folder", "x", "--keep", "0"],
        ["restore", "/no/such/file.db"],
        ["admin", "link", "--permissions", "manage"],
        ["admin", "permissions", "ann@example.org", "--permissions", "manage"],
    ],
    ids=lambda arguments: " ".join(arguments[:3]),
)
def test_wrong_usage_is_status_2_with_words_on_stderr(run, arguments):
    found = run(*arguments, code=2)
    assert found.out == ""
    assert "Usage: " in found.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["review", "status", "QQQQQQQQ"], 'There is no review "QQQQQQQQ".'),
        (["review", "status", "QQQQQQQQ/reflect"], 'There is no review "QQQQQQQQ".'),
        (["review", "create", "--board", "b", "--reference", "R", "--set", "scr"], 'There is no board "b".'),
        (["markers", "show", "qm99"], 'There is no marker "qm99".'),
        (["markers", "list", "--board", "b"], 'There is no board "b".'),
        (["admin", "link", "--email", "ann@example.org"], 'There is no administrator "ann@example.org".'),
        (["admin", "link", "--board", "b"], 'There is no board "b".'),
        (["admin", "disable", "ann@example.org"], 'There is no administrator "ann@example.org".'),
        (["admin", "enable", "ann@example.org"], 'There is no administrator "ann@example.org".'),
        (["board", "plugins", "b", "x"], 'There is no board "b".'),
        (["board", "change", "b", "--name", "x"], 'There is no board "b".'),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, list) else "",
)
def test_what_is_not_there_is_status_1_and_one_sentence(run, arguments, message):
    assert run(*arguments, code=1)[1:3] == ("", f"{message}\n")


def test_first_command_prepares_the_instance(run, instance_path):
    run("board", "list")
    assert (instance_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert (instance_path / "scrqm-forms.db").exists()


def test_command_names_a_setting_that_there_is_none_of(run, instance_path):
    instance_path.mkdir()
    (instance_path / "config.toml").write_text('base_ulr = "x"')
    assert "base_ulr" in run("board", "list", code=1).err


# Boards, administrators, plugins


def test_board_create_prints_the_key_alone(run):
    assert run("board", "create", "St Mary's Board")[1:3] == ("st-marys-board\n", "")


def test_board_list_gives_key_name_and_vocabulary(run):
    run("board", "create", "Bwrdd Ynys Môn", "--key", "mon", "--vocabulary", "lcspr")
    assert json.loads(run("board", "list", "--json").out) == [
        {"key": "mon", "name": "Bwrdd Ynys Môn", "vocabulary": "lcspr"}
    ]
    assert run("board", "list").out == "mon  Bwrdd Ynys Môn  lcspr\n"


def test_board_create_refuses_a_key_that_is_taken(run):
    run("board", "create", "One", "--key", "b")
    assert run("board", "create", "Two", "--key", "b", code=1).err == 'Board: the key "b" is taken; choose another.\n'


def test_list_of_nothing_is_an_empty_list(run):
    assert json.loads(run("board", "list", "--json").out) == []
    assert json.loads(run("review", "list", "--json").out) == []
    assert run("board", "list").out == ""


def test_admin_link_prints_a_new_link_alone(run, instance_path):
    instance_path.mkdir()
    (instance_path / "config.toml").write_text('base_url = "https://reflect.example.org/"')
    links = {run("admin", "link").out for _ in range(2)}
    assert len(links) == 2
    assert all(re.fullmatch(r"https://reflect\.example\.org/welcome/[\w-]{43}\n", link) for link in links)


@pytest.fixture
def accept(instance_path: Path) -> Callable[..., None]:
    """`accept(link, email)`: somebody opens the link and sets up an account."""

    def set_up(link: str, email: str = "") -> None:
        secret, now = link.strip().rpartition("/")[2], datetime.now(UTC)
        with make_app(instance_path).app_context():
            found = find_sign_in_link(secret, now)
            assert found is not None
            use_sign_in_link(found, name="Bo", email=email, password="three words here", hash_password=str.upper)
            db.engine.dispose()

    return set_up


def administrators(run: Run) -> dict[str, tuple[str, dict[str, list[str]]]]:
    found = json.loads(run("admin", "list", "--json").out)
    return {row["email"]: (row["state"], row["boards"]) for row in found}


def test_administrator_is_invited_to_a_board_with_permissions_and_comes(run, accept):
    run("board", "create", "Invented Board", "--key", "b")
    link = run("admin", "link", "--board", "b", "--email", "bo@example.org", "--permissions", "service, manage").out
    assert administrators(run) == {"bo@example.org": ("invited", {"b": ["manage", "service"]})}
    accept(link)
    assert administrators(run) == {"bo@example.org": ("active", {"b": ["manage", "service"]})}
    assert run("admin", "list").out == "bo@example.org  Bo  active  b: manage, service\n"


def test_link_for_a_board_gives_everything_unless_it_says_less(run, accept):
    run("board", "create", "Invented Board", "--key", "b")
    accept(run("admin", "link", "--board", "b").out, "bo@example.org")
    accept(run("admin", "link", "--board", "b", "--permissions", "read_answers").out, "cy@example.org")
    accept(run("admin", "link").out, "di@example.org")
    assert administrators(run) == {
        "bo@example.org": ("active", {"b": ["manage", "read_answers", "service"]}),
        "cy@example.org": ("active", {"b": ["read_answers"]}),
        "di@example.org": ("active", {}),
    }
    assert "di@example.org  Bo  active  everything, on every board" in run("admin", "list").out


def test_permissions_are_changed_given_on_another_board_and_ended(run, accept):
    for key in ("b", "c"):
        run("board", "create", "Invented Board", "--key", key)
    accept(run("admin", "link", "--board", "b", "--email", "bo@example.org").out)
    change = ("admin", "permissions", "BO@example.org", "--board")
    run(*change, "c", "--permissions", "service")
    assert "nobody may look after the settings and accounts of the board b" in (
        run(*change, "b", "--permissions", "manage").err
    )
    assert administrators(run)["bo@example.org"][1] == {"b": ["manage"], "c": ["service"]}
    run(*change, "b", "--permissions", "")
    assert administrators(run)["bo@example.org"][1] == {"c": ["service"]}
    assert 'found "all"' in run(*change, "c", "--permissions", "all", code=1).err


def test_administrator_is_disabled_and_enabled(run, accept):
    run("board", "create", "Invented Board", "--key", "b")
    accept(run("admin", "link", "--board", "b", "--email", "bo@example.org").out)
    assert "nobody may look after" in run("admin", "disable", "bo@example.org").err
    assert administrators(run)["bo@example.org"][0] == "disabled"
    assert "is disabled" in run("admin", "link", "--email", "bo@example.org", code=1).err
    run("admin", "enable", "bo@example.org")
    assert administrators(run)["bo@example.org"] == ("active", {"b": ["manage", "read_answers", "service"]})


def test_list_says_which_invitations_ran_out(run, instance_path):
    run("board", "create", "Invented Board", "--key", "b")
    with make_app(instance_path).app_context():
        board, before = get_board(OPERATOR, "b"), datetime.now(UTC) - timedelta(hours=49)
        invite_administrator(OPERATOR, board, "bo@example.org", ["manage"], before)
        db.engine.dispose()
    assert administrators(run) == {"bo@example.org": ("link ran out", {"b": ["manage"]})}


def test_plugins_are_listed_with_how_they_are(run):
    found = {row["name"]: row for row in json.loads(run("plugins", "--json").out)}
    keys = ("name", "state", "way", "version", "path", "sha256", "hooks", "gives", "errors")
    assert tuple(found["export_csv"]) == keys
    csv_plugin = found["export_csv"]
    assert (csv_plugin["state"], csv_plugin["way"], csv_plugin["errors"]) == ("working", "shipped", [])
    assert csv_plugin["hooks"] == ["register_export_formats"]
    assert csv_plugin["gives"] == ["export format csv", "export format csv-exact"]
    assert "export_excel" in run("plugins").out


#: As much of a picture as is looked at: 640 by 200 pixels.
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\0\xc8"


def board_of(instance_path):
    """(name, colour, whether there is a logo, whether markers are shown) of the board called b, and its plugins."""
    with make_app(instance_path).app_context():
        found = get_board(OPERATOR, "b")
        db.engine.dispose()
    return (found.name, found.accent, bool(found.logo_sha256), found.shows_markers), found.plugins


def test_board_is_changed_by_what_is_named_alone(run, instance_path, tmp_path):
    logo = tmp_path / "logo"
    logo.write_bytes(PNG)
    run("board", "create", "B", "--key", "b", "--plugins", "example_board")
    for options, expected in [
        (["--name", "Better", "--colour", "7A1F5C"], ("Better", "#7a1f5c", False, True)),
        (["--logo", logo, "--hide-markers"], ("Better", "#7a1f5c", True, False)),
        (["--colour", ""], ("Better", "", True, False)),
        (["--no-logo", "--show-markers"], ("Better", "", False, True)),
        ([], ("Better", "", False, True)),
    ]:
        run("board", "change", "b", *options)
        assert board_of(instance_path) == (expected, ("example_board",))


def test_board_change_names_everything_that_is_wrong(run, instance_path, tmp_path):
    logo = tmp_path / "logo.png"
    logo.write_text("<svg/>")
    run("board", "create", "B", "--key", "b")
    found = run("board", "change", "b", "--name", "Better", "--colour", "#b5651d", "--logo", logo, code=1)
    lines = found.err.splitlines()
    assert [line.partition(" is ")[0] for line in lines] == ["Colour: #b5651d", "Logo: this"]
    assert board_of(instance_path)[0] == ("B", "", False, True)


def test_board_uses_a_plugin_s_markers_once_it_names_it(run):
    run("board", "create", "B", "--key", "b")
    before = json.loads(run("markers", "list", "--board", "b", "--json").out)
    assert run("board", "plugins", "b", "example_board,nonesuch").err == (
        'Note: there is no plugin "nonesuch" at the moment.\n'
    )
    after = json.loads(run("markers", "list", "--board", "b", "--json").out)
    assert len(after) > len(before) == 18
    assert {row["wording_status"] for row in after if row not in before} == {"local"}


# Markers


def test_markers_list_gives_all_18_in_order_of_number(run):
    rows = json.loads(run("markers", "list", "--json").out)
    keys = ("id", "number", "title", "stage", "set", "wording_status", "source", "origin", "questions")
    assert {tuple(row) for row in rows} == {keys}
    assert [row["number"] for row in rows] == list(range(1, 19))
    eighth = rows[7]
    assert (eighth["id"], eighth["title"], eighth["set"]) == ("qm08", "SCR management", "scr")
    assert (eighth["stage"], eighth["wording_status"]) == ("Running the review", "adapted")
    assert eighth["origin"] == "markers/scr/08-scr-management.toml"
    assert {row["stage"] for row in rows} == {"Review setup", "Running the review", "Review outputs"}
    assert all(type(row["questions"]) is int and row["questions"] > 0 for row in rows)


def test_markers_list_names_a_broken_file_and_lists_the_rest(run, instance_path):
    folder = instance_path / "markers" / "scr"
    folder.mkdir(parents=True)
    (folder / "99.toml").write_text("id = 3")
    found = run("markers", "list", "--json")
    assert len(json.loads(found.out)) == 18
    assert "instance/markers/scr/99.toml: id: found 3" in found.err


def test_markers_show_prints_a_file_that_can_be_checked(run, tmp_path):
    found = run("markers", "show", "qm08")
    assert found.err == "markers/scr/08-scr-management.toml (adapted)\n"
    (tmp_path / "scr").mkdir()
    (tmp_path / "scr" / "08.toml").write_text(found.out, encoding="utf-8")
    assert run("markers", "check", tmp_path / "scr")[1:3] == ("", "No faults.\n")
    assert json.loads(run("markers", "show", "qm08", "--json").out)["id"] == "qm08"


def test_markers_check_finds_no_fault_in_what_is_shipped(run):
    assert run("markers", "check")[1:3] == ("", "No faults.\n")


def test_markers_check_names_every_fault_on_stdout(run, tmp_path):
    (tmp_path / "scr").mkdir()
    file = tmp_path / "scr" / "x.toml"
    file.write_text(run("markers", "show", "qm08").out.replace('stage = "running"', 'stage = "gone"\ncolour = 1'))
    found = run("markers", "check", file, code=1)
    assert [line.split(": ")[1] for line in found.out.splitlines()] == ["colour", "stage"]
    assert found.err == "2 faults.\n"


@pytest.mark.parametrize("what", ["missing.toml", "."], ids=["file", "folder_without_markers"])
def test_markers_check_of_nothing_is_a_fault(run, tmp_path, what):
    (tmp_path / "empty").mkdir()
    assert "no " in run("markers", "check", tmp_path / "empty" / what, code=1).out


DOCUMENT = """Quality Marker 8: Kettle care

Quality statement: the kettle is boiled

Rationale

Cold tea disappoints.

How might you know if you are meeting this quality marker?

1. Is there a kettle?

2. Does somebody fill it?

Knowledge base

- Hot water matters.

Tackling some common obstacles

- A spare kettle helps.

This is one of a set of 18 Quality Markers which aim to support tea.
"""


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "document.txt"
    path.write_text(DOCUMENT)
    return path


def files_below(path):
    return sorted(str(each) for each in path.rglob("*") if not each.name.startswith("scrqm-forms.db"))


def test_markers_import_dry_run_says_what_was_read_and_writes_nothing(run, document, instance_path):
    run("board", "list")
    before = files_below(instance_path)
    found = json.loads(run("markers", "import", document, "--dry-run", "--json").out)
    (marker,) = found.pop("markers")
    assert (found["left_out"], list(found)) == ([], ["warnings", "left_out"])
    keys = ("id", "number", "title", "stage", "statement", "rationale", "questions")
    lists = ("knowledge", "equality", "guidance", "obstacles")
    assert tuple(marker) == (*keys, *lists, "sections", "set", "warnings")
    assert (marker["id"], marker["number"], marker["title"]) == ("qm08", 8, "Kettle care")
    assert marker["stage"] == "Running the review"
    assert marker["statement"] == "the kettle is boiled"
    assert [question["ask"] for question in marker["questions"]] == ["Is there a kettle?", "Does somebody fill it?"]
    assert {tuple(question) for question in marker["questions"]} == {("id", "ask", "roles")}
    lists = [marker[key] for key in ("knowledge", "equality", "guidance", "obstacles")]
    assert lists == [["Hot water matters."], [], [], ["A spare kettle helps."]]
    assert files_below(instance_path) == before


def test_markers_import_puts_the_published_one_in_the_place_of_the_adapted_one(run, document):
    found = run("markers", "import", document)
    assert found.out.startswith("qm08: marker 8, Kettle care: 2 questions")
    assert "Written to " in found.err
    row = json.loads(run("markers", "list", "--json").out)[7]
    assert (row["id"], row["wording_status"], row["questions"]) == ("qm08", "published", 2)
    assert row["origin"] == "instance/markers/scr/08-kettle-care.toml"
    assert "stands in the place of markers/scr/08-scr-management.toml" in run("markers", "show", "qm08").err


def test_markers_import_keeps_a_file_that_was_changed_since(run, document, instance_path):
    run("markers", "import", document)
    (path,) = (instance_path / "markers" / "scr").glob("*.toml")
    assert "kept as" not in run("markers", "import", document).err
    changed = [path.read_text(encoding="utf-8") + f"# Ours {n}.\n" for n in (1, 2)]
    for n, text in enumerate(changed, 1):
        path.write_text(text, encoding="utf-8")
        assert f"kept as {path.stem}.before-{n}" in run("markers", "import", document).err
    assert [each.read_text(encoding="utf-8") for each in sorted(path.parent.glob("*.before-*"))] == changed


def test_markers_import_refuses_a_page_that_holds_no_marker(run, tmp_path, instance_path):
    run("board", "list")
    before = files_below(instance_path)
    page = tmp_path / "page.txt"
    page.write_text("About the Quality Markers\n\n18 Quality Markers have been developed.\n")
    found = run("markers", "import", page, code=1)
    assert found.out == ""
    assert found.err.startswith(f"{page}: The document is not a marker")
    assert files_below(instance_path) == before


def test_markers_import_takes_a_marker_file_as_what_it_is(run, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(run("markers", "show", "qm08").out.replace("Is the work running", "Is it running"))
    assert "qm08" in run("markers", "import", file).out
    assert "Is it running" in run("markers", "show", "qm08").out
    assert json.loads(run("markers", "import", file, "--dry-run", "--json").out)["markers"][0]["warnings"] == []
    assert "has the number 8" in run("markers", "import", file, "--number", "9", code=1).err
    file.write_text(file.read_text().replace('id = "qm08"', 'id = "xx08"'))
    assert 'gives the marker the id "xx08"' in run("markers", "import", file, "--set", "supplement", code=1).err


def test_markers_diff_says_what_the_published_wording_changes(run, document):
    run("markers", "import", document)
    lines = run("markers", "diff", "shipped:qm08", "qm08").out.splitlines()
    assert "qm08: title: reworded: [-SCR management-]{+Kettle care+}" in lines
    assert "qm08: question 4 told_of_delays: removed: " in "\n".join(lines)
    assert "{+kettle+}?" in next(line for line in lines if line.startswith("qm08: question 1 plan: reworded"))
    found = json.loads(run("markers", "diff", "shipped:scr", "scr", "--json").out)
    assert [len(found[key]) for key in ("both", "added", "removed")] == [18, 0, 0]


def test_markers_diff_reads_a_file_wherever_it_stands(run, tmp_path):
    file = tmp_path / "old.toml"
    file.write_text(run("markers", "show", "qm08").out.replace("Is the work running", "Is it running"))
    (line,) = run("markers", "diff", file, "qm08").out.splitlines()
    assert (
        line == "qm08: question 3 on_schedule: reworded: Is [-it-]{+the work+} running smoothly and to its timetable?"
    )
    assert run("markers", "diff", "qm08", "qm08").err == "No differences.\n"


def test_markers_of_a_board_are_its_own(run, instance_path):
    run("board", "create", "Board", "--key", "b")
    with make_app(instance_path).app_context():
        board = get_board(OPERATOR, "b")
        now = next(each for each in markers_of_board(context(), board) if each.marker.id == "qm08")
        by = Actor(caller=OPERATOR, now=datetime.now(UTC))
        change_marker(board, replace(now.marker, title="Teapot"), now.set, 0, by=by)
        change_marker(board, replace(now.marker, title="Kettle care"), now.set, 1, by=by)
    titles = {row["id"]: row["title"] for row in json.loads(run("markers", "list", "--board", "b", "--json").out)}
    assert titles["qm08"] == "Kettle care"
    assert 'title = "Kettle care"' in run("markers", "show", "qm08", "--board", "b").out
    assert "Kettle care" not in run("markers", "show", "qm08").out
    assert "Kettle" in run("markers", "diff", "shipped:qm08", "qm08", "--board", "b").out
    assert run("markers", "diff", "shipped:scr", "scr", "--board", "b").out
    assert "[-Teapot-]{+Kettle care+}" in run("markers", "diff", "qm08@1", "qm08", "--board", "b").out
    assert run("markers", "diff", "qm08", "qm08").err == "No differences.\n"


def test_markers_diff_names_what_is_not_there(run):
    assert 'no marker, set, file or folder "tea"' in run("markers", "diff", "qm08", "tea", code=1).err


# Reviews


STATUS = (
    *("review", "round", "state", "on_hold", "keep_until", "mode"),
    *("invited", "begun", "submitted", "markers", "questionnaire_sha256"),
)
A_YEAR_ON = str(TODAY + timedelta(days=365))


def test_review_create_prints_the_key_alone(run, review):
    assert re.fullmatch("[B-DF-HJKMNP-TV-Z]{8}", review)
    assert tuple(status(run, review)) == STATUS
    assert status(run, review) == dict(
        zip(STATUS, (review, "reflect", "draft", False, A_YEAR_ON, "confidential", 0, 0, 0, 2, None), strict=True)
    )


@pytest.mark.parametrize("purpose", ["plan", "assure", "reflect", "follow_up"])
def test_review_is_made_with_a_round_of_each_purpose(run, purpose):
    run("board", "create", "Aims")
    options = ("--board", "aims", "--reference", "R1", "--markers", "qm08", "--purpose", purpose)
    key = run("review", "create", *options).out.strip()
    assert run("review", "add-round", key, "--set", "scr", "--purpose", purpose).out == f"{key}/{purpose}_2\n"


def test_review_create_takes_a_whole_set(run):
    assert status(run, make_review(run, "--set", "scr"))["markers"] == 18


def test_review_create_takes_markers_in_the_order_named(run, instance_path):
    key = make_review(run, "--markers", "qm11, qm08", "--mode", "named", "--roles", "practitioner,chair")
    run("review", "open", key)
    run("sample", key, "--responses", 2)
    header = run("export", key, "--format", "csv", "-o", "-").out.splitlines()[0]
    assert header.index('"qm11.') < header.index('"qm08.')
    people = run("export", key, "--format", "csv", "--table", "participation", "-o", "-").out
    assert re.findall(r'^"(\w+)"', people, re.MULTILINE) == ["chair", "practitioner"]


@pytest.mark.parametrize(
    ("length", "rated"), [((), {"chair"}), (("--length", "brief"), set())], ids=["usual", "brief_for_all"]
)
def test_review_create_asks_practitioners_the_brief_length_unless_told(run, length, rated):
    key = make_review(run, "--markers", "qm14", "--mode", "named", "--roles", "practitioner,chair", *length)
    run("review", "open", key)
    run("sample", key, "--responses", 20)
    table = run("export", key, "--format", "csv", "-o", "-").out.removeprefix("\ufeff")
    rows = csv.DictReader(io.StringIO(table))
    found = {
        row["role"] for row in rows for column, cell in row.items() if column.endswith(".rating") and cell == "yes"
    }
    assert found == rated


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--markers", "qm08", "--closes", YESTERDAY], 1, "is past"),
        (["--markers", "qm08", "--keep-until", YESTERDAY], 1, "is not in the future"),
        (["--markers", "qm08", "--keep-until", TODAY], 1, "is not in the future"),
        (["--markers", "qm08", "--closes", TODAY + timedelta(9), "--keep-until", TOMORROW], 1, "answers are kept"),
        (["--markers", "qm08", "--closes", TODAY + timedelta(400)], 1, "answers are kept"),
        (["--markers", "qm08", "--minimum", 2], 1, "2 is not from 3 to 10"),
        (["--markers", "qm08,qm99"], 1, "qm99 not found"),
        (["--markers", "qm08,qm08"], 1, "named twice"),
        (["--markers", "qm08", "--roles", "cook"], 1, "cook not known"),
        (["--markers", "qm08", "--reference", " "], 1, "Reference"),
        (["--set", "tea"], 1, 'no markers of a set "tea"'),
        (["--markers", "qm08", "--set", "scr"], 2, "either a set"),
        ([], 2, "either a set"),
        (["--markers", ","], 2, "either a set"),
    ],
    ids=[
        *("closes_in_the_past", "kept_until_the_past", "kept_until_today", "closes_after_keeping"),
        *("closes_after_the_usual_keeping", "minimum", "unknown_marker", "marker_twice", "unknown_role"),
        *("blank_reference", "unknown_set", "set_and_markers", "neither", "no_marker"),
    ],
)
def test_review_create_that_is_refused_makes_nothing(run, options, code, message):
    run("board", "create", "Invented Board", "--key", "b")
    found = run("review", "create", "--board", "b", "--reference", "R1", *options, code=code)
    assert found.out == ""
    assert message in found.err
    assert json.loads(run("review", "list", "--json").out) == []


def test_review_list_names_reviews_and_rounds(run, review):
    (row,) = json.loads(run("review", "list", "--json").out)
    assert tuple(row) == ("review", "board", "reference", "title", "keep_until", "rounds")
    assert (row["review"], row["board"], row["reference"], row["rounds"]) == (review, "b", "R1", ["reflect draft"])
    assert json.loads(run("review", "list", "--board", "other", "--json").out) == []


def test_review_open_prints_the_digest_alone_and_close_ends_it(run, review):
    digest = run("review", "open", review).out.strip()
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert (status(run, review)["state"], status(run, review)["questionnaire_sha256"]) == ("open", digest)
    run("review", "close", review)
    assert status(run, review)["state"] == "closed"


def test_round_is_named_with_or_without_its_key_and_in_any_case(run, review):
    assert status(run, f"{review.lower()}/reflect") == status(run, review)
    assert "has no round" in run("review", "status", f"{review}/plan", code=1).err


@pytest.mark.parametrize(
    "steps", [["close"], ["open", "open"], ["open", "close", "close"], ["open", "close", "open"]], ids="-".join
)
def test_step_that_a_round_is_not_ready_for_is_refused(run, review, steps):
    *before, last = steps
    for step in before:
        run("review", step, review)
    state = status(run, review)
    found = run("review", last, review, code=1)
    assert found.out == ""
    assert review in found.err
    assert status(run, review) == state


def test_review_open_shows_the_groups_asked_for(run, review, tmp_path):
    run("invite", review, people_file(tmp_path, practitioner=5, chair=3, panel=2), "-o", tmp_path / "links.csv")
    found = run("review", "open", review, "--groups", "practitioner; chair,panel,lead_reviewer,business_unit")
    assert "Answers are shown as: practitioners; chairs and board members, panel members" in found.err


def test_review_open_refuses_a_group_too_small_and_leaves_the_draft_as_it_was(run, review, tmp_path):
    run("invite", review, people_file(tmp_path, practitioner=4, chair=6), "-o", tmp_path / "links.csv")
    groups = "practitioner;chair,panel,lead_reviewer,business_unit"
    assert "practitioners has 4 people invited" in run("review", "open", review, "--groups", groups, code=1).err
    assert "chairs and board members" not in run("review", "open", review).err


def test_review_extend_moves_the_last_day(run, review):
    run("review", "open", review)
    run("review", "extend", review, TODAY + timedelta(days=60))
    assert "is past" in run("review", "extend", review, YESTERDAY, code=1).err


def test_review_without_a_round_says_so(run, review, instance_path):
    with make_app(instance_path).app_context():
        board = get_board(OPERATOR, "b")
        empty = create_review(OPERATOR, board, NewReview(reference="R2"), TODAY)
        db.session.remove()
        db.engine.dispose()
    assert run("review", "status", empty.key, code=1).err == f'The review "{empty.key}" has no round yet.\n'


def test_review_status_says_the_same_in_words(run, review):
    assert run("review", "status", review).out.splitlines()[:3] == [
        f"review: {review}",
        "round: reflect",
        "state: draft",
    ]


# Inviting


def links_in(path):
    with path.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def answer(instance_path, link):
    """Begin and submit through a link, as somebody would in a browser."""
    secret = link["link"].rpartition("/")[2]
    with make_app(instance_path).app_context():
        begin_response(find_participant(secret), TODAY)
        submit_response(find_participant(secret), TODAY)
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("order", [["invite", "open"], ["open", "invite"]], ids=["invite_first", "open_first"])
def test_links_work_whether_people_are_invited_before_opening_or_after(run, review, tmp_path, instance_path, order):
    links = tmp_path / "links.csv"
    for step in order:
        if step == "open":
            run("review", "open", review)
        else:
            found = run("invite", review, people_file(tmp_path, practitioner=2, chair=1), "-o", links)
            assert found.out == ""
            assert "3 invited, 3 links written." in found.err
    assert links.stat().st_mode & 0o777 == 0o600
    assert [tuple(row) for row in links_in(links)] == [("name", "email", "role", "agency", "link")] * 3
    answer(instance_path, links_in(links)[0])
    found = status(run, review)
    assert (found["invited"], found["begun"], found["submitted"]) == (3, 1, 1)


def test_links_go_to_stdout_where_no_file_is_named(run, review, tmp_path):
    found = run("invite", review, people_file(tmp_path, chair=1))
    (row,) = csv.DictReader(io.StringIO(found.out))
    assert (row["name"], row["role"]) == ("Name chair 0", "chair")
    assert re.search(r"/i/[\w-]{43}$", row["link"])


def test_links_begin_with_the_address_in_the_settings(run, review, tmp_path, instance_path):
    (instance_path / "config.toml").write_text('base_url = "https://reflect.example.org/"')
    (row,) = csv.DictReader(io.StringIO(run("invite", review, people_file(tmp_path, chair=1)).out))
    assert row["link"].startswith("https://reflect.example.org/i/")


def test_inviting_again_adds_the_new_and_leaves_the_links_of_the_others(run, review, tmp_path):
    run("invite", review, people_file(tmp_path, chair=1), "-o", tmp_path / "links.csv")
    found = run("invite", review, people_file(tmp_path, chair=2))
    assert [row["name"] for row in csv.DictReader(io.StringIO(found.out))] == ["Name chair 1"]
    assert status(run, review)["invited"] == 2


def test_list_with_faults_names_each_line_and_invites_nobody(run, review, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("name,email,role\nAnn,,cook\nBo,,chair\n,,chair\n")
    found = run("invite", review, people, "-o", tmp_path / "links.csv", code=1)
    assert [line.split(":")[0] for line in found.err.splitlines() if line.startswith("Line")] == ["Line 2", "Line 4"]
    assert status(run, review)["invited"] == 0
    assert not (tmp_path / "links.csv").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_list_is_read_as_spreadsheets_save_it(run, review, tmp_path, encoding):
    people = tmp_path / "people.csv"
    people.write_bytes("name,email,role\r\nZoë,,chair\r\n".encode(encoding))
    (row,) = csv.DictReader(io.StringIO(run("invite", review, people).out))
    assert (row["name"], row["role"]) == ("Zoë", "chair")


def test_lost_links_are_made_again_for_those_who_have_not_begun(run, review, tmp_path, instance_path):
    people = people_file(tmp_path, chair=2)
    old, new = tmp_path / "old.csv", tmp_path / "new.csv"
    run("invite", review, people, "-o", old)
    run("review", "open", review)
    answer(instance_path, links_in(old)[0])
    assert "0 invited, 1 link written." in run("invite", review, people, "--new-links", "-o", new).err
    assert [row["name"] for row in links_in(new)] == ["Name chair 1"]
    answer(instance_path, links_in(new)[0])
    assert status(run, review)["submitted"] == 2


def test_links_that_cannot_be_written_are_not_made(run, review, tmp_path):
    people = people_file(tmp_path, chair=1)
    assert "no" in run("invite", review, people, "-o", tmp_path / "no" / "links.csv", code=1).err
    assert "1 link written" in run("invite", review, people, "-o", tmp_path / "links.csv").err


def test_name_in_a_list_of_links_is_no_formula(run, review, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("name,email,role\n=HYPERLINK(1),,chair\n＠SUM(1),,chair\n'T Hart,,chair\n", encoding="utf-8")
    rows = csv.DictReader(io.StringIO(run("invite", review, people).out))
    assert {row["name"] for row in rows} == {"'=HYPERLINK(1)", "'＠SUM(1)", "'T Hart"}


# Exporting and samples


@pytest.fixture
def sampled(run, once):
    """A closed confidential round of twenty made-up responses."""

    def make():
        key = make_review(run)
        run("review", "open", key)
        run("sample", key, "--responses", 20, "--seed", 3)
        run("review", "close", key)
        return key

    return once("sampled", make)


def test_sample_counts_as_submitted(run, sampled):
    found = status(run, sampled)
    assert (found["invited"], found["begun"], found["submitted"]) == (20, 20, 20)


def test_sample_is_refused_on_a_draft(run, review):
    assert "open it first" in run("sample", review, "--responses", 1, code=1).err


def test_sample_is_refused_on_real_responses(run, review, tmp_path, instance_path):
    links = tmp_path / "links.csv"
    run("invite", review, people_file(tmp_path, chair=1), "-o", links)
    run("review", "open", review)
    answer(instance_path, links_in(links)[0])
    assert "real responses" in run("sample", review, "--responses", 1, code=1).err
    assert status(run, review)["submitted"] == 1


def test_invite_is_refused_on_made_up_responses(run, review, tmp_path):
    run("review", "open", review)
    run("sample", review, "--responses", 1)
    assert "made-up" in run("invite", review, people_file(tmp_path, chair=1), code=1).err


@pytest.mark.parametrize(
    "table",
    [
        None,
        "responses",
        "answers",
        "reflections",
        "results",
        "codebook",
        "participation",
    ],
)
def test_export_writes_a_csv_of_one_table(run, sampled, tmp_path, table):
    path = tmp_path / "out.csv"
    options = ["--table", table] if table else []
    found = run("export", sampled, "--format", "csv", *options, "-o", path)
    assert found.out == f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path}\n"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header[0] == {"responses": "response", "answers": "response", "participation": "group"}.get(
        table or "responses", "column"
    )
    assert {len(row) for row in rows} == {len(header)}
    if table in (None, "responses"):
        assert len(rows) == 20


def test_export_writes_the_same_to_stdout(run, sampled, tmp_path):
    run("export", sampled, "--format", "csv", "-o", tmp_path / "out.csv")
    found = run("export", sampled, "--format", "csv", "-o", "-")
    assert found.bytes == (tmp_path / "out.csv").read_bytes()
    assert found.err == f"{hashlib.sha256(found.bytes).hexdigest()}  -\n"


def test_export_writes_several_tables_of_a_format_of_one_as_a_zip(run, sampled, tmp_path):
    run("export", sampled, "--format", "csv-exact", "--tables", "all", "-o", tmp_path / "all.zip")
    run("export", sampled, "--format", "csv-exact", "--tables", "codebook", "-o", tmp_path / "codebook.csv")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = [
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
        assert archive.namelist() == [f"{name}.csv" for name in names]
        assert archive.read("codebook.csv") == (tmp_path / "codebook.csv").read_bytes()


def test_export_options_choose_headings_values_and_responses(run, sampled):
    def headings(*options):
        found = run("export", sampled, "--format", "csv-exact", *options, "-o", "-").out
        return next(csv.reader(io.StringIO(found)))

    usual, wording = headings(), headings("--headings", "wording")
    assert headings("--headings", "both")[-1] == f"{usual[-1]}: {wording[-1]}"
    assert len(headings("--values", "both")) > len(usual)
    refused = run("export", sampled, "--format", "csv", "--responses", "all", "-o", "-", code=1)
    assert "a confidential round has only those that were sent" in refused.err


def test_export_writes_a_workbook_of_all_tables(run, sampled, tmp_path):
    run("export", sampled, "--format", "excel", "-o", tmp_path / "out.xlsx")
    book = load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == [
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
        "charts",
    ]
    assert book["responses"].max_row == 21


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--format", "stone"], '"stone" is not one of csv, csv-exact, excel'),
        (["--format", "csv", "--table", "people"], '"people" is not one of about, responses, answers'),
    ],
    ids=["format", "table"],
)
def test_export_names_what_there_is(run, sampled, tmp_path, options, message):
    assert message in run("export", sampled, *options, "-o", tmp_path / "out", code=1).err
    assert not (tmp_path / "out").exists()


def test_export_of_a_confidential_round_is_refused_while_it_is_open(run, review, tmp_path):
    run("review", "open", review)
    run("sample", review, "--responses", 20)
    for path in (tmp_path / "out.csv", "-"):
        found = run("export", review, "--format", "csv", "-o", path, code=1)
        assert found.out == ""
        assert "before it is closed" in found.err
    assert not (tmp_path / "out.csv").exists()


def test_export_of_a_confidential_round_is_refused_below_the_minimum(run, review, tmp_path):
    run("review", "open", review)
    run("sample", review, "--responses", 4)
    run("review", "close", review)
    found = run("export", review, "--format", "excel", "-o", tmp_path / "out.xlsx", code=1)
    assert "fewer than 5 people" in found.err
    assert not (tmp_path / "out.xlsx").exists()


def test_export_to_a_folder_that_is_not_there_is_a_sentence(run, sampled, tmp_path):
    path = tmp_path / "no" / "out.csv"
    assert "No such file or directory" in run("export", sampled, "--format", "csv", "-o", path, code=1).err


# Looking after it


def test_backup_prints_its_file_and_can_be_put_back(run, review, tmp_path):
    found = run("backup", tmp_path / "b.db")
    assert found.out == f"{tmp_path / 'b.db'}\n"
    assert "A good copy: " in found.err
    run("board", "create", "Made after it")
    found = run("restore", tmp_path / "b.db", code=1)
    assert "say --over" in found.err
    assert len(json.loads(run("board", "list", "--json").out)) == 2
    found = run("restore", tmp_path / "b.db", "--over")
    assert "What was there before is kept: " in found.err
    assert [row["key"] for row in json.loads(run("board", "list", "--json").out)] == ["b"]


def test_backup_leaves_a_file_that_is_there_unless_told(run, review, tmp_path):
    (tmp_path / "b.db").write_text("mine")
    assert "is there already" in run("backup", tmp_path / "b.db", code=1).err
    run("backup", tmp_path / "b.db", "--replace")
    assert (tmp_path / "b.db").stat().st_size > 4096


def test_backup_to_a_folder_is_named_by_the_time(run, review, tmp_path):
    found = run("backup", "--folder", tmp_path / "copies", "--keep", 1)
    (file,) = (tmp_path / "copies").iterdir()
    assert found.out == f"{file}\n"
    assert re.fullmatch(r"scrqm-forms-\d{8}T\d{6}Z\.db", file.name)


def test_backup_of_nothing_makes_nothing(run, instance_path, tmp_path):
    assert "secret.key is missing" in run("backup", tmp_path / "b.db", code=1).err
    assert not instance_path.exists()


def test_restore_to_a_new_machine_wants_the_key_first(run, review, tmp_path, instance_path):
    run("backup", tmp_path / "b.db")
    key = (instance_path / "secret.key").read_bytes()
    shutil.rmtree(instance_path)
    assert "secret.key is missing" in run("restore", tmp_path / "b.db", code=1).err
    assert not instance_path.exists()
    instance_path.mkdir(mode=0o700)
    (instance_path / "secret.key").write_bytes(key)
    (instance_path / "secret.key").chmod(0o600)
    run("restore", tmp_path / "b.db")
    assert status(run, review)["review"] == review


def test_restore_is_refused_while_the_program_is_served(run, review, tmp_path, instance_path):
    run("backup", tmp_path / "b.db")
    with in_use(instance_path):
        run("backup", tmp_path / "while-served.db")
        assert "is in use" in run("restore", tmp_path / "b.db", "--over", code=1).err


def test_no_command_works_with_an_instance_that_is_being_restored(run, review, instance_path):
    with in_use(instance_path, alone=True):
        assert "being restored or upgraded" in run("board", "list", code=1).err


def test_doctor_fails_with_status_1_and_says_what_to_do(run, review, instance_path):
    assert run("doctor").err == ""
    (instance_path / "secret.key").chmod(0o644)
    found = run("doctor", code=1)
    assert f"fail  key: {instance_path / 'secret.key'} can be read by others" in found.out
    rows = json.loads(run("doctor", "--json", code=1).out)
    assert {tuple(row) for row in rows} == {("check", "level", "message")}
    assert [row["check"] for row in rows if row["level"] == "fail"] == ["key"]


def test_doctor_makes_nothing(run, instance_path):
    run("doctor", code=1)
    assert not instance_path.exists()


def test_db_upgrade_says_when_there_is_nothing_to_do(run, review):
    assert run("db", "upgrade").err == "There is nothing to upgrade.\n"


def test_links_of_this_machine_are_refused_without_the_option(run, review, tmp_path, monkeypatch):
    monkeypatch.delenv("SCRQM_FORMS_LOCAL")
    people = people_file(tmp_path, chair=1)
    for arguments in (["review", "open", review], ["invite", review, people]):
        found = run(*arguments, code=1)
        assert found.out == ""
        assert "Nobody else could open the links" in found.err
    assert (status(run, review)["state"], status(run, review)["invited"]) == ("draft", 0)
    run("review", "open", review, "--local")
    assert "/i/" in run("invite", review, people, "--local").out


# Keeping and deleting


@pytest.fixture
def answered(run, once, instance_path, tmp_path):
    """An open named round of two people, one of whom has answered; whether it is due is up to the test."""

    def make():
        name = make_review(run, "--mode", "named")
        run("review", "open", name)
        links = csv.DictReader(io.StringIO(run("invite", name, people_file(tmp_path, chair=2)).out))
        answer(instance_path, next(links))
        return name

    return once("answered", make)


def let_time_pass(instance_path):
    """The day until which answers are kept is past."""
    with make_app(instance_path).app_context():
        with writing():
            db.session.execute(sa.text("update review set keep_until = :day"), {"day": YESTERDAY.isoformat()})
        db.engine.dispose()


def test_purge_deletes_what_is_due_and_leaves_a_certificate(run, answered, instance_path):
    assert "Nothing is due." in run("purge", "--due").err
    let_time_pass(instance_path)
    row = {"round": f"{answered}/reflect", "keep_until": str(YESTERDAY), "responses": 1, "entries": 0, "invitations": 2}
    dry = run("purge", "--due", "--dry-run", "--json")
    assert (json.loads(dry.out), dry.err) == ([row], "Nothing was deleted (--dry-run).\n")
    assert status(run, answered)["invited"] == 2
    assert json.loads(run("purge", "--due", "--json").out) == [row]
    assert status(run, answered)["state"] == "deleted"
    assert status(run, answered)["invited"] == 0
    (certificate,) = [each for each in json.loads(run("log", "show", "--json").out) if each["what"] == "purged"]
    assert (certificate["who"], certificate["about"]) == ("command line", f"{answered}/reflect")
    assert certificate["details"]["questionnaire_sha256"] == status(run, answered)["questionnaire_sha256"]
    assert "deleted at the end of their time" in run("export", answered, "--format", "csv", "-o", "-", code=1).err


def test_purge_leaves_what_is_on_hold_and_says_so(run, answered, instance_path):
    run("review", "hold", answered)
    let_time_pass(instance_path)
    assert f"{answered}/reflect is on hold and stays." in run("purge", "--due").err
    assert status(run, answered)["invited"] == 2
    run("review", "release", answered)
    run("purge", "--due")
    assert status(run, answered)["invited"] == 0


def test_purge_has_to_be_told_what(run):
    assert "--due" in run("purge", code=2).err


def test_round_on_hold_is_not_closed(run, answered):
    run("review", "hold", answered)
    assert "is on hold" in run("review", "close", answered, code=1).err
    assert status(run, answered)["on_hold"] is True


def test_review_delete_is_for_reviews_without_answers(run, answered):
    mistake = make_review(run)
    assert 'type "R1"' in run("review", "delete", mistake, "--reference", "R2", code=1).err
    run("review", "delete", mistake, "--reference", "R1")
    assert "There is no review" in run("review", "status", mistake, code=1).err
    assert "(purge)" in run("review", "delete", answered, "--reference", "R1", code=1).err


def test_person_is_exported_for_themselves_alone(run, answered, tmp_path):
    path = tmp_path / "person.json"
    run("person", "export", answered, "CHAIR0@example.org", "-o", path)
    assert path.stat().st_mode & 0o777 == 0o600
    (found,) = json.loads(path.read_text(encoding="utf-8"))
    assert (found["person"]["name"], found["sent"]) == ("Name chair 0", True)
    assert json.loads(run("person", "export", f"{answered}/reflect", "chair0@example.org").out) == [found]
    assert "Nobody" in run("person", "export", answered, "nobody@example.org", code=1).err


def test_person_is_erased_only_for_sure(run, answered):
    assert "nothing was erased" in run("person", "erase", answered, "chair0@example.org", code=1).err
    assert status(run, answered)["submitted"] == 1
    run("person", "erase", answered, "chair0@example.org", "--yes")
    assert (status(run, answered)["invited"], status(run, answered)["submitted"]) == (1, 0)


def test_log_lists_what_was_done_newest_first(run, answered):
    rows = json.loads(run("log", "show", "--board", "b", "--json").out)
    assert [row["what"] for row in rows] == [
        *("links_made", "people_invited", "round_opened", "round_made", "review_made", "board_made")
    ]
    assert {row["who"] for row in rows} == {"command line"}
    assert "opened a round" in run("log", "show").out
    assert "There is no board" in run("log", "show", "--board", "nowhere", code=1).err

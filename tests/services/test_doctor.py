"""What the doctor finds in an instance, and what it tells to do."""

import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from scrqm_forms.services import doctor
from scrqm_forms.services.backup import back_up
from scrqm_forms.services.context import context, make_app
from scrqm_forms.services.doctor import CHECKS, examine_instance
from scrqm_forms.services.upgrade import upgrade_instance
from scrqm_forms.storage.database import db, writing

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SERVED = 'base_url = "https://reflect.example.org"\ntrusted_proxies = 1\nlocal = false\n'


@pytest.fixture
def examine(instance_path, monkeypatch):
    """`examine(check)`: the findings of one check as [(level, message)]; of an instance that is served to others."""
    monkeypatch.delenv("SCRQM_FORMS_LOCAL")
    (instance_path / "config.toml").write_text(SERVED)

    def found(check, now=NOW):
        return [(each.level, each.message) for each in examine_instance(instance_path, now) if each.check == check]

    return found


def test_instance_as_it_should_be_has_no_fault(examine, instance_path, tmp_path):
    with make_app(instance_path).app_context():
        back_up(context().instance, tmp_path / "b.db", NOW)
        db.engine.dispose()
    found = examine_instance(instance_path, NOW)
    assert [each for each in found if each.level != "ok"] == []
    names = [check.__name__.removeprefix("check_").replace("_", " ") for check in CHECKS]
    assert [each.check for each in found] == [name for name in names if name not in ("old copies", "traces")]


def test_nothing_is_changed(examine, instance_path):
    shutil.rmtree(instance_path / "markers")
    instance_path.chmod(0o755)
    before = {path: (path.stat().st_mode, path.stat().st_size) for path in instance_path.rglob("*")}
    examine("database")
    assert {path: (path.stat().st_mode, path.stat().st_size) for path in instance_path.rglob("*")} == before
    assert instance_path.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: (path / "secret.key").unlink(), "secret.key is missing"),
        (lambda path: (path / "secret.key").write_text("abc"), "expected at least 64 hexadecimal digits"),
        (lambda path: (path / "config.toml").write_text("base_ulr = 1"), "base_ulr"),
    ],
    ids=["no_key", "short_key", "settings"],
)
def test_instance_that_cannot_be_opened_is_the_only_finding(examine, instance_path, spoil, said):
    spoil(instance_path)
    (finding,) = examine_instance(instance_path, NOW)
    assert (finding.check, finding.level) == ("instance", "fail")
    assert said in finding.message


def test_folder_that_is_not_there_is_not_made(tmp_path):
    (finding,) = examine_instance(tmp_path / "nowhere", NOW)
    assert finding.level == "fail"
    assert not (tmp_path / "nowhere").exists()


def only(found):
    (one,) = found
    return one


def test_database_that_is_not_made_yet_is_no_fault_and_is_not_made(examine, instance_path):
    (instance_path / "scrqm-forms.db").unlink()
    assert only(examine("database"))[0] == "warn"
    assert not (instance_path / "scrqm-forms.db").exists()


def run_sql(instance_path, statement):
    with make_app(instance_path).app_context():
        with writing():
            db.session.execute(sa.text(statement))
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("revision", "said"), [("0001", "scrqm-forms db upgrade"), ("9999", "newer version of SCRQM Forms")]
)
def test_database_of_another_program_is_a_fault(examine, instance_path, revision, said):
    run_sql(instance_path, f"update alembic_version set version_num = '{revision}'")
    level, message = only(examine("database"))
    assert level == "fail"
    assert said in message


def test_database_of_another_key_is_a_fault(examine, instance_path):
    (instance_path / "secret.key").write_text("0123456789abcdef" * 4)
    assert "does not belong to it" in only(examine("database"))[1]


@pytest.mark.parametrize("name", ["", "scrqm-forms.db"], ids=["folder", "database"])
def test_file_that_others_can_reach_is_a_fault_and_named(examine, instance_path, name):
    path = instance_path / name
    path.chmod(0o755)
    level, message = only(examine("file modes"))
    assert level == "fail"
    assert f"chmod go-rwx {path}" in message


@pytest.mark.parametrize(
    ("text", "mode", "said"), [(None, 0o640, "chmod 600"), ("00" * 32, 0o600, "weak")], ids=["readable", "weak"]
)
def test_key_that_others_can_read_or_guess_is_a_fault(examine, instance_path, text, mode, said):
    key = instance_path / "secret.key"
    key.write_text(text or key.read_text())
    key.chmod(mode)
    level, message = only(examine("key"))
    assert level == "fail"
    assert said in message


@pytest.mark.parametrize(
    ("config", "check", "level"),
    [
        ("", "base address", "fail"),
        ("local = true", "base address", "warn"),
        ('base_url = "http://reflect.example.org"', "base address", "fail"),
        ('base_url = "http://localhost:8000"', "base address", "fail"),
        ("local = true", "local mode", "warn"),
        (f"{SERVED}".replace("false", "true"), "local mode", "fail"),
        ('base_url = "https://reflect.example.org"', "proxy", "fail"),
        ("trusted_proxies = 2", "proxy", "warn"),
    ],
)
def test_setting_that_would_keep_people_out_or_let_others_in_is_named(examine, instance_path, config, check, level):
    (instance_path / "config.toml").write_text(config)
    assert only(examine(check))[0] == level


def test_little_room_is_a_fault(examine, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE", 10**18)
    level, message = only(examine("free space"))
    assert level == "fail"
    assert "make room" in message


@pytest.mark.parametrize(("days", "level"), [(1, "ok"), (3, "warn")])
def test_last_good_backup_may_not_be_old(examine, instance_path, tmp_path, days, level):
    with make_app(instance_path).app_context():
        back_up(context().instance, tmp_path / "b.db", NOW)
        db.engine.dispose()
    found, message = only(examine("backup", NOW + timedelta(days=days)))
    assert found == level
    assert str(tmp_path / "b.db") in message


def test_instance_without_any_backup_is_warned_of(examine):
    assert only(examine("backup"))[0] == "warn"


def test_backups_beside_the_key_are_warned_of(examine, instance_path):
    with make_app(instance_path).app_context():
        back_up(context().instance, instance_path / "b.db", NOW)
        db.engine.dispose()
    assert [level for level, _ in examine("backup")] == ["ok", "warn"]


def test_note_of_the_last_backup_that_cannot_be_read_is_a_fault(examine, instance_path):
    (instance_path / "last-backup.json").write_text("?")
    assert "last-backup.json cannot be read" in only(examine("backup"))[1]


@pytest.mark.parametrize(("days", "number"), [(29, 0), (31, 1)])
def test_old_copies_of_upgrades_and_restores_are_named(examine, instance_path, days, number):
    (instance_path / "backups").mkdir(mode=0o700)
    copy = instance_path / "backups" / "before-upgrade-0001-20260101T000000Z.db"
    copy.touch()
    made = (NOW - timedelta(days=days)).timestamp()
    os.utime(copy, (made, made))
    found = examine("old copies")
    assert [level for level, _ in found] == ["warn"] * number
    assert all(copy.name in message for _, message in found)


def test_plugin_with_an_error_is_a_fault_until_it_is_switched_off(examine, instance_path):
    (instance_path / "plugins" / "broken.py").write_text("raise ValueError('no tea')")
    level, message = only(examine("plugins"))
    assert level == "fail"
    assert "broken" in message
    assert "no tea" in message
    (instance_path / "config.toml").write_text(f'{SERVED}disable_plugins = ["broken"]')
    assert only(examine("plugins"))[0] == "ok"


def test_marker_with_a_fault_is_a_fault(examine, instance_path):
    folder = instance_path / "markers" / "scr"
    folder.mkdir(parents=True)
    (folder / "x.toml").write_text("id = 3")
    assert all(level == "fail" and "instance/markers/scr/x.toml" in message for level, message in examine("markers"))
    assert examine("markers")


@pytest.mark.parametrize(("mended", "level"), [("999", "fail"), ("1.0", "ok")])
def test_version_with_a_known_fault_is_named(examine, monkeypatch, mended, level):
    monkeypatch.setattr(doctor, "FAULTS", (("sqlite", mended, "it forgets"), ("not-installed-here", mended, "x")))
    found, message = only(examine("versions"))
    assert found == level
    assert ("it forgets" in message) == (level == "fail")


def test_check_that_fails_itself_costs_no_other(examine, monkeypatch):
    def check_tea(_examined):
        raise ValueError("an answer")
        yield

    monkeypatch.setattr(doctor, "CHECKS", (check_tea, doctor.check_key))
    level, message = only(examine("tea"))
    assert level == "fail"
    assert "ValueError" in message
    assert "an answer" not in message
    assert only(examine("key"))[0] == "ok"


def test_database_is_looked_at_before_an_upgrade_and_after(examine, instance_path):
    assert upgrade_instance(instance_path, NOW) is None
    assert only(examine("database"))[0] == "ok"

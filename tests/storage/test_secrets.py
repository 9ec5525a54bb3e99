"""The instance's secret and settings."""

import shutil

import msgspec
import pytest

from scrqm_forms.domain.errors import Refused, ScrqmFormsError
from scrqm_forms.instance import Settings, find_instance, in_use, open_instance, prepare_instance

SECRET = "ab" * 32


def mode_of(path):
    return path.stat().st_mode & 0o777


def settings_of(path, text="", **environ):
    path.mkdir(exist_ok=True)
    (path / "config.toml").write_text(text, encoding="utf-8")
    return prepare_instance(path, environ).settings


# The secret


def test_secret_is_made_on_first_use_for_its_owner_alone(instance_path):
    instance = prepare_instance(instance_path, {})
    assert mode_of(instance_path / "secret.key") == 0o600
    assert mode_of(instance_path) == 0o700
    assert len(instance.secret) == 32


def test_folder_that_is_there_already_is_closed_to_others(instance_path):
    instance_path.mkdir(mode=0o755)
    prepare_instance(instance_path, {})
    assert mode_of(instance_path) == 0o700
    assert sorted(path.name for path in instance_path.iterdir()) == ["markers", "plugins", "secret.key"]


def test_secret_stays_the_same_and_is_another_for_each_instance(tmp_path):
    first, again, other = (prepare_instance(tmp_path / name, {}) for name in ("a", "a", "b"))
    assert first.secret == again.secret != other.secret


def test_secret_of_the_environment_wins_and_writes_no_file(instance_path):
    assert prepare_instance(instance_path, {"SCRQM_FORMS_SECRET_KEY": SECRET}).secret == bytes.fromhex(SECRET)
    assert not (instance_path / "secret.key").exists()


def test_missing_secret_beside_a_database_is_refused_and_none_is_made(instance_path):
    prepare_instance(instance_path, {})
    (instance_path / "scrqm-forms.db").touch()
    (instance_path / "secret.key").unlink()
    with pytest.raises(ScrqmFormsError, match=r"secret\.key is missing, and the database beside it"):
        prepare_instance(instance_path, {})
    assert not (instance_path / "secret.key").exists()


@pytest.mark.parametrize("text", ["", "ab" * 31, "xy" * 32, "a" * 63], ids=["empty", "short", "not_hex", "odd"])
def test_secret_that_is_too_weak_or_spoilt_is_refused(instance_path, text):
    prepare_instance(instance_path, {})
    (instance_path / "secret.key").write_text(text)
    with pytest.raises(ScrqmFormsError, match="expected at least 64 hexadecimal digits") as raised:
        prepare_instance(instance_path, {})
    assert not text or text not in str(raised.value)


def test_keys_are_another_for_each_purpose_and_do_not_show_the_secret(instance_path):
    instance = prepare_instance(instance_path, {"SCRQM_FORMS_SECRET_KEY": SECRET})
    keys = [instance.key(purpose) for purpose in ("cookies", "database", "throttle")]
    assert {len(key) for key in keys} == {32}
    assert len({*keys, instance.secret}) == 4


def test_key_of_the_database_never_changes(instance_path):
    """A database written by an earlier program could not be read any more."""
    instance = prepare_instance(instance_path, {"SCRQM_FORMS_SECRET_KEY": SECRET})
    assert instance.key("database").hex() == "293ad33039593c7568e84d7d49c5c103560737b0042cceb28e78539bf2cd9614"


# Settings


def test_instance_without_settings_has_the_usual_ones(instance_path):
    assert settings_of(instance_path) == Settings()


CONFIG = """
base_url = "https://reflect.example.org"
trusted_proxies = 1
database_url = "postgresql+psycopg:///forms"
disable_plugins = ["export_csv"]
[plugins.example]
colour = "red"
"""
READ = Settings(
    base_url="https://reflect.example.org",
    trusted_proxies=1,
    database_url="postgresql+psycopg:///forms",
    disable_plugins=("export_csv",),
    plugins={"example": {"colour": "red"}},
)


def test_settings_are_read_from_the_file(instance_path):
    assert settings_of(instance_path, CONFIG) == READ


@pytest.mark.parametrize(
    ("name", "value", "setting"),
    [
        ("BASE_URL", "https://other.example.org", {"base_url": "https://other.example.org"}),
        ("BASE_URL", "", {"base_url": ""}),
        ("LOCAL", "true", {"local": True}),
        ("LOCAL", "0", {"local": False}),
        ("TRUSTED_PROXIES", "2", {"trusted_proxies": 2}),
        ("DATABASE_URL", "", {"database_url": ""}),
        ("DISABLE_PLUGINS", "one, two,", {"disable_plugins": ("one", "two")}),
    ],
    ids=[
        "base_url",
        "empty_base_url",
        "local",
        "not_local",
        "trusted_proxies",
        "empty_database_url",
        "disable_plugins",
    ],
)
def test_environment_wins_over_the_file(instance_path, name, value, setting):
    found = settings_of(instance_path, CONFIG, **{f"SCRQM_FORMS_{name}": value})
    assert found == msgspec.structs.replace(READ, **setting)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('base_ulr = "x"', "base_ulr"),
        ("trusted_proxies = true", "trusted_proxies"),
        ('trusted_proxies = "1"', "trusted_proxies"),
        ('disable_plugins = "one"', "disable_plugins"),
        ("plugins = 3", "plugins"),
        ("base_url", "Expected '=' after a key"),
    ],
    ids=["unknown", "wrong_kind", "number_as_text", "text_for_list", "number_for_table", "not_toml"],
)
def test_setting_that_cannot_be_read_is_named_with_its_file(instance_path, text, named):
    with pytest.raises(ScrqmFormsError, match=rf"config\.toml: .*{named}"):
        settings_of(instance_path, text)


def test_word_in_the_environment_that_says_neither_yes_nor_no_is_named(instance_path):
    with pytest.raises(ScrqmFormsError, match="local"):
        settings_of(instance_path, SCRQM_FORMS_LOCAL="perhaps")


def test_number_of_proxies_in_the_environment_that_is_none_is_named(instance_path):
    with pytest.raises(ScrqmFormsError, match="trusted_proxies"):
        settings_of(instance_path, SCRQM_FORMS_TRUSTED_PROXIES="one")


# Opened as it is, and held


def test_instance_opened_as_it_is_is_not_changed(instance_path):
    made = prepare_instance(instance_path, {})
    instance_path.chmod(0o750)
    shutil.rmtree(instance_path / "plugins")
    assert open_instance(instance_path, {}) == made
    assert mode_of(instance_path) == 0o750
    assert not (instance_path / "plugins").exists()


@pytest.mark.parametrize("there", [True, False], ids=["empty_folder", "no_folder"])
def test_instance_without_a_key_is_not_opened_and_none_is_made(instance_path, there):
    if there:
        instance_path.mkdir()
    with pytest.raises(ScrqmFormsError, match=r"secret\.key is missing"):
        open_instance(instance_path, {})
    assert list(instance_path.rglob("*")) == []


@pytest.mark.parametrize("alone", [(True, False), (False, True), (True, True)], ids=str)
def test_who_works_alone_with_an_instance_shares_it_with_nobody(instance_path, alone):
    first, second = alone
    with in_use(instance_path, alone=first), pytest.raises(Refused), in_use(instance_path, alone=second):
        pass
    with in_use(instance_path, alone=second):
        pass


def test_several_work_with_an_instance_at_once(instance_path):
    with in_use(instance_path), in_use(instance_path):
        pass


# Which folder


def test_folder_is_the_option_or_else_that_of_the_environment(tmp_path):
    environ = {"SCRQM_FORMS_INSTANCE": str(tmp_path / "b")}
    assert find_instance(str(tmp_path / "a"), environ) == tmp_path / "a"
    assert find_instance(None, environ) == tmp_path / "b"

"""The shipped plugins pass what the plugins of others are held to; and each check finds what it is for."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from scrqm_forms.hookspecs import Delivery, ExportFormat, Finding, MarkerFolder, TextCheck
from scrqm_forms.plugin_host import PluginHost
from scrqm_forms.testing import (
    check_delivery,
    check_export_format,
    check_markers,
    check_text_check,
    load_plugin,
)

HOST = PluginHost({})
HOST.load_all(Path("/nowhere"))


@pytest.mark.parametrize("fmt", HOST.formats.values(), ids=lambda fmt: fmt.key)
def test_shipped_format_passes(fmt: ExportFormat) -> None:
    check_export_format(fmt)


@pytest.mark.parametrize("check", HOST.text_checks.values(), ids=lambda check: check.key)
def test_shipped_text_check_passes(check: TextCheck) -> None:
    check_text_check(check)


@pytest.mark.parametrize("delivery", HOST.deliveries.values(), ids=lambda delivery: delivery.key)
def test_shipped_delivery_passes(delivery: Delivery) -> None:
    check_delivery(delivery)


def test_shipped_example_is_sound_apart_from_being_there_already() -> None:
    """Its ids are not taken by shipped sets: it is a plugin like any other."""
    ((_, folder),) = HOST.marker_folders
    check_markers(folder)


def fmt(write: Any) -> ExportFormat:
    return ExportFormat(key="x", label="X", media_type="text/plain", suffix=".txt", write=write)


def write_nothing(export: Any, stream: Any) -> None:
    for table in export.tables:
        list(table.rows())


def write_and_close(export: Any, stream: Any) -> None:
    stream.write(b"x")
    stream.close()


def hide_errors(export: Any, stream: Any) -> None:
    stream.write(b"x")
    with suppress(Exception):
        write_nothing(export, stream)


def write_plainly(export: Any, stream: Any) -> None:
    for table in export.tables:
        for row in table.rows():
            stream.write(str(row[1]).encode())


def seek(export: Any, stream: Any) -> None:
    stream.write(b"x")
    stream.seek(0)


@pytest.mark.parametrize(
    ("write", "error", "said"),
    [
        (write_nothing, AssertionError, "it wrote nothing"),
        (write_and_close, AssertionError, "it closed the stream"),
        (hide_errors, AssertionError, "it went on when the rows could not be read"),
        (write_plainly, UnicodeEncodeError, "surrogates not allowed"),
        (seek, OSError, "seek"),
    ],
)
def test_faulty_format_is_found(write: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        check_export_format(fmt(write))


def check(find: Any) -> TextCheck:
    return TextCheck(key="x", label="X", find=find)


def test_faulty_text_check_is_found() -> None:
    whole = check(lambda text: [Finding(start=0, end=len(text), reason="is all")] if text else [])
    check_text_check(whole, {"all of it": ["all of it"]})
    with pytest.raises(AssertionError, match=r"found \['all of it'\]; expected \['all'\]"):
        check_text_check(whole, {"all of it": ["all"]})
    with pytest.raises(Exception, match="expected 0 <= start"):
        check_text_check(check(lambda text: [Finding(start=0, end=1, reason="is first")]))


def test_faulty_delivery_is_found() -> None:
    silent = Delivery(key="x", label="X", pack=lambda messages, stream: None, media_type="text/plain", suffix=".txt")
    with pytest.raises(AssertionError, match="it wrote nothing"):
        check_delivery(silent)
    with pytest.raises(AssertionError, match="it closed the stream"):
        check_delivery(msgspec.structs.replace(silent, pack=lambda messages, stream: stream.close()))


def test_faulty_markers_are_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"set\.toml is missing"):
        check_markers(MarkerFolder(path=tmp_path))
    (tmp_path / "set.toml").write_text(
        'key = "o"\ntitle = "O"\nprefix = "o"\ncitation = "O."\n[[stages]]\nkey = "s"\ntitle = "S"\n'
    )
    with pytest.raises(AssertionError, match="there is no marker"):
        check_markers(MarkerFolder(path=tmp_path))


def test_plugin_that_does_not_load_is_named(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("import no_such_module")
    with pytest.raises(AssertionError, match="could not be loaded: ModuleNotFoundError"):
        load_plugin(file)

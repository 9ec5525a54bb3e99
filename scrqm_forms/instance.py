"""The instance folder: settings, the master secret and the keys made from it."""

import contextlib
import hmac
import os
import secrets
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from scrqm_forms.domain.errors import Refused, ScrqmFormsError
from scrqm_forms.shipped import checkout_instance

#: The generation of keys; stored beside what is signed or encrypted once there is more than one.
KEY_ID = "1"


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`instance/config.toml`; all but `plugins` can be set as `SCRQM_FORMS_NAME` in the environment, which wins."""

    #: Address that participants reach, such as https://reflect.example.org; empty: the address being served.
    base_url: str = ""
    #: For one's own machine: links may lead to this machine alone, and starting asks for less.
    local: bool = False
    #: How many proxies stand in front and may be believed about address and scheme.
    trusted_proxies: int = 0
    #: Database address for SQLAlchemy; empty: an encrypted SQLite file in the instance folder.
    database_url: str = ""
    #: Plugins that are not loaded.
    disable_plugins: tuple[str, ...] = ()
    #: Only these are loaded, shipped ones too; empty: all.
    allow_plugins: tuple[str, ...] = ()
    #: A plugin's own settings, by its name.
    plugins: dict[str, dict[str, Any]] = {}


class Instance(Struct, frozen=True, kw_only=True):
    """One installation's folder, ready for use."""

    path: Path
    settings: Settings
    secret: bytes

    def key(self, purpose: str) -> bytes:
        """The 32-byte key for one purpose ("cookies", "database"): HKDF-Expand of RFC 5869, one block of SHA-256."""
        return hmac.digest(self.secret, f"scrqm-forms/{KEY_ID}/{purpose}".encode() + b"\x01", "sha256")

    @property
    def database_file(self) -> Path:
        return self.path / "scrqm-forms.db"

    @property
    def key_file(self) -> Path:
        return self.path / "secret.key"

    @property
    def marker_folder(self) -> Path:
        return self.path / "markers"

    @property
    def copy_folder(self) -> Path:
        """Copies made before an upgrade or a restore."""
        return self.path / "backups"


def find_instance(option: str | None, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder to use: the option, the environment, or a checkout's own. Raises when there is none."""
    named = option or environ.get("SCRQM_FORMS_INSTANCE")
    found = Path(named) if named else checkout_instance()
    if found is None:
        raise ScrqmFormsError(
            "Which folder holds the database and settings? Name it with --instance FOLDER "
            "or SCRQM_FORMS_INSTANCE; it is made if it is not there."
        )
    return found.resolve()


def prepare_instance(path: Path, environ: Mapping[str, str] = os.environ) -> Instance:
    """The instance in `path`, its folder and secret made on first use."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    for name in ("plugins", "markers"):
        (path / name).mkdir(exist_ok=True)
    return Instance(path=path, settings=_read_settings(path, environ), secret=_read_secret(path, environ))


def open_instance(path: Path, environ: Mapping[str, str] = os.environ) -> Instance:
    """The instance in `path` as it is; nothing is made or changed. Raises when there is no key."""
    if not environ.get("SCRQM_FORMS_SECRET_KEY") and not (path / "secret.key").exists():
        raise ScrqmFormsError(
            f"{path / 'secret.key'} is missing. Put the key there that belongs to the data (it is kept apart from the "
            "backups), or name it in SCRQM_FORMS_SECRET_KEY."
        )
    return Instance(path=path, settings=_read_settings(path, environ), secret=_read_secret(path, environ))


@contextmanager
def in_use(path: Path, *, alone: bool = False) -> Iterator[None]:
    """Tell other processes that this one works with the instance; `alone`: raises Refused while another one does."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        import fcntl
    except ImportError:  # Windows, where a file that is open cannot be replaced anyway
        yield
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(_in_use_sentence(path, alone)) from error
        yield
    finally:
        os.close(handle)


def _in_use_sentence(path: Path, alone: bool) -> str:
    if alone:
        return f"{path} is in use. Stop the program that serves it first; nothing was changed."
    return f"{path} is being restored or upgraded at this moment. Try again when that is done."


def _read_secret(path: Path, environ: Mapping[str, str]) -> bytes:
    if given := environ.get("SCRQM_FORMS_SECRET_KEY"):
        return _decode_secret(given, "SCRQM_FORMS_SECRET_KEY")
    file = path / "secret.key"
    if not file.exists():
        if (path / "scrqm-forms.db").exists():
            raise ScrqmFormsError(f"{file} is missing, and the database beside it cannot be read without it.")
        _write_secret(file)
    return _decode_secret(file.read_text(), str(file))


def _write_secret(file: Path) -> None:
    """Written whole beside, and then put in place, unless another process was first."""
    handle, beside = tempfile.mkstemp(prefix=".secret-", dir=file.parent)
    with os.fdopen(handle, "w") as stream:
        stream.write(secrets.token_hex(32) + "\n")
    with contextlib.suppress(FileExistsError):
        os.link(beside, file)
    os.unlink(beside)


def _decode_secret(text: str, place: str) -> bytes:
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        secret = b""
    if len(secret) < 32:
        raise ScrqmFormsError(f"{place}: expected at least 64 hexadecimal digits (32 random bytes).")
    return secret


def _read_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    file = path / "config.toml"
    try:
        values: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        values |= _settings_from(environ)
        return msgspec.convert(values, Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ScrqmFormsError(f"{file}: {error}") from error


def _settings_from(environ: Mapping[str, str]) -> dict[str, Any]:
    """Settings given as environment variables; lists are separated by commas."""
    found: dict[str, Any] = {}
    for name in ("base_url", "database_url"):
        if (value := environ.get(f"SCRQM_FORMS_{name.upper()}")) is not None:
            found[name] = value
    if value := environ.get("SCRQM_FORMS_LOCAL"):
        found["local"] = {"true": True, "1": True, "false": False, "0": False}.get(value.lower(), value)
    if value := environ.get("SCRQM_FORMS_TRUSTED_PROXIES"):
        found["trusted_proxies"] = int(value) if value.isdigit() else value
    for name in ("disable_plugins", "allow_plugins"):
        if value := environ.get(f"SCRQM_FORMS_{name.upper()}"):
            found[name] = [each.strip() for each in value.split(",") if each.strip()]
    return found

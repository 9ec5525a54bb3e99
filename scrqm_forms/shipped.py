"""Where plugins/ and markers/ are: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_folder(name: str) -> Path:
    """The shipped folder `name` ("plugins" or "markers").

    A checkout's own folder comes first: an editable install may have left an old copy inside the package.
    """
    beside = _PACKAGE.parent / name
    inside = _PACKAGE / "_shipped" / name
    is_checkout = (_PACKAGE.parent / "pyproject.toml").is_file() and beside.is_dir()
    return beside if is_checkout else inside


def checkout_instance() -> Path | None:
    """The checkout's instance/ folder; None for an installed program."""
    root = _PACKAGE.parent
    return root / "instance" if (root / "pyproject.toml").is_file() and (root / "instance").is_dir() else None

"""Which browser, and how it is started."""

import os
import shutil
from typing import Any

MISSING = "no Chromium: apt-get install chromium, or name one in CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
#: No process is started in reserve: each test with a context of its own would pay for it.
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",
)


def launch_arguments() -> dict[str, Any] | None:
    """For Playwright; None where there is no Chromium."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    return {"executable_path": found, "args": list(_FLAGS)} if found else None

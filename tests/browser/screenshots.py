"""`python -m tests.browser.screenshots [WORD ...]`: every page at three widths, into screenshots/, which git ignores.

Words choose pages: those whose names hold one of them.
"""

import logging
import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from .chromium import MISSING, launch_arguments
from .pages import FAULTS, PAGES
from .site import fill
from .states import serve_standing

WIDTHS = (360, 768, 1280)
FOLDER = Path(__file__).parents[2] / "screenshots"


def take_screenshots(words: list[str]) -> int:
    """How many pages there are pictures of."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    ways = {name: way for name, way in (PAGES | FAULTS).items() if not words or any(word in name for word in words)}
    with TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        browser = playwright.chromium.launch(**(launch_arguments() or sys.exit(MISSING)))
        page = browser.new_page()
        with serve_standing(folder / "demo", fill(folder / "demo"), folder) as site:
            for name, way in ways.items():
                page.set_viewport_size({"width": 1280, "height": 800})
                way(site, page)
                _take(page, name)
        browser.close()
    return len(ways)


def _take(page: Page, name: str) -> None:
    file = "-".join(re.findall(r"[\w.]+", name)) + ".png"
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=FOLDER / str(width) / file, full_page=True)


if __name__ == "__main__":
    number = take_screenshots(sys.argv[1:])
    print(f"{number} pages at {', '.join(map(str, WIDTHS))} pixels in {FOLDER}")  # noqa: T201

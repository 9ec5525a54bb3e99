"""The program served in a process of its own, as `scrqm-forms run --local` does, and those who talk to it over HTTP."""

import http.client
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

TEXT = "A reflection of some length, as people would write it. " * 6
PROGRAM = "from scrqm_forms.cli import main; main()"


@contextmanager
def serving(instance: Path) -> Iterator[int]:
    """The port on which it is served."""
    said = instance.with_suffix(".log")
    command = [sys.executable, "-c", PROGRAM, "--instance", str(instance), "run", "--local", "--port", "0"]
    with said.open("w") as words:
        program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=words)
    try:
        while not (port := re.search(r"SCRQM Forms is at http://127\.0\.0\.1:(\d+)", said.read_text())):
            assert program.poll() is None, said.read_text()
            time.sleep(0.02)
        yield int(port[1])
    finally:
        program.terminate()
        program.wait()


class Browser:
    """Keeps its connection and its cookies."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._cookies: dict[str, str] = {}

    def open(self, method: str, path: str, fields: dict[str, str] | None = None) -> http.client.HTTPResponse:
        """The answer, not read yet."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        self._connection.request(method, path, urlencode(fields) if fields else None, headers)
        response = self._connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return response

    def get(self, path: str) -> str:
        response = self.open("GET", path)
        assert response.status == 200, f"{path}: {response.status}"
        return response.read().decode()

    def submit(self, path: str, fields: dict[str, str]) -> str:
        """Fill in the form at `path`; where it leads."""
        response = self.open("POST", path, {"csrf_token": field("csrf_token", self.get(path)), **fields})
        response.read()
        assert response.status == 303, f"{path}: {response.status}"
        return response.headers["Location"]

    def close(self) -> None:
        self._connection.close()


def sign_in(port: int, secret: str) -> Browser:
    """Of an administrator, by a one-time link."""
    browser = Browser(port)
    somebody = {"name": "Ann", "email": f"{secret}@example.org", "password": "three words here"}
    browser.submit(f"/welcome/{secret}", somebody)
    return browser


class Writer:
    """A participant who writes on one page, which saves as its script does."""

    def __init__(self, port: int, secret: str, marker: str) -> None:
        self._browser, self._saved, self.refused = Browser(port), 0, 0
        self._page = self._browser.submit(f"/i/{secret}", {}) + marker
        page = self._browser.get(self._page)
        self._known = {name: field(name, page) for name in ("csrf_token", "version")}

    def save(self) -> float:
        """Seconds until it is acknowledged, or refused."""
        fields = {"reflection-helped": self._text(self._saved + 1), "judgement": "met"}
        begun = time.perf_counter()
        response = self._browser.open("POST", f"{self._page}/autosave", self._known | fields)
        answer = json.load(response)
        if response.status == 200:
            self._known["version"], self._saved = answer["version"], self._saved + 1
        else:
            self.refused += 1
        return time.perf_counter() - begun

    def save_until(self, ended: threading.Event, every: float, after: float) -> list[float]:
        """Once in so many seconds, with time to think in between and before the first."""
        saves: list[float] = []
        time.sleep(after)
        while not ended.is_set():
            saves.append(self.save())
            time.sleep(max(0, every - saves[-1]))
        return saves

    def has_lost(self) -> bool:
        """Whether the page shows something else than what was last acknowledged."""
        return self._text(self._saved).strip() not in self._browser.get(self._page)

    def _text(self, number: int) -> str:
        return f"Save {number}. {TEXT}"


def field(name: str, page: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found is not None, name
    return found[1]


def percentile(saves: list[float], hundredth: int) -> float:
    """Milliseconds."""
    ordered = sorted(saves)
    return ordered[min(len(ordered) * hundredth // 100, len(ordered) - 1)] * 1000

"""A real program in a process of its own, that can be killed and started again; and who saves there."""

import contextlib
import http.client
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

#: Forks the command line as often as it is told to: starting it is then a matter of its own work, not of imports.
_LAUNCHER = """
import os, signal, sys
import scrqm_forms.web.app
from scrqm_forms.cli import main
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    if os.fork() == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        print(os.getpid(), flush=True)
        sys.argv[1:] = line.split()
        os._exit(main())
"""
#: Seconds after which nothing is coming any more; far more than is ever needed.
_NEVER = 60


class Service:
    """`scrqm-forms run` over one instance, always at the same port."""

    def __init__(self, instance: Path) -> None:
        self._instance = instance
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.port: int = taken.getsockname()[1]
        pipe = subprocess.PIPE
        command = [sys.executable, "-u", "-c", _LAUNCHER]
        self._launcher = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True)
        self._said: queue.Queue[str] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._pid = 0

    def _listen(self) -> None:
        assert self._launcher.stdout
        with self._launcher.stdout as said:
            for line in said:
                self._said.put(line)

    def start(self, instance: Path | None = None) -> None:
        """Returns once the program answers; over another instance than before if one is named."""
        self._instance = instance or self._instance
        assert self._launcher.stdin
        self._launcher.stdin.write(f"--instance {self._instance} run --local --port {self.port}\n")
        self._launcher.stdin.flush()
        self._pid = int(self._hear(str.isdigit))
        self._hear(lambda line: "SCRQM Forms is at" in line)
        assert fetch(self.port, "GET", "/readyz").status == 200

    def _hear(self, wanted: Callable[[str], bool]) -> str:
        while not wanted(line := self._said.get(timeout=_NEVER).strip()):
            pass
        return line

    def kill(self) -> None:
        """As a power cut would end it: nothing is finished, nothing is said."""
        os.kill(self._pid, signal.SIGKILL)

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.kill()
        assert self._launcher.stdin
        self._launcher.stdin.close()
        self._launcher.wait(_NEVER)
        self._listener.join()


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.location = response.headers.get("Location", "")
        self.cookies = [cookie.partition(";")[0] for cookie in response.headers.get_all("Set-Cookie", [])]
        self.text = response.read().decode()


def fetch(port: int, method: str, path: str, cookie: str = "", body: str = "") -> Answer:
    """Raises OSError or http.client.HTTPException when the program goes away meanwhile."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_NEVER)
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    try:
        connection.request(method, path, body or None, {"Cookie": cookie, **kind})
        return Answer(connection.getresponse())
    finally:
        connection.close()


class Client:
    """A participant's browser: what it saves says in every field which save it is of."""

    FIELDS = ("reflection-helped", "reflection-hindered", "reflection-change_next")

    def __init__(self, service: Service, link: str, key: str, length: int) -> None:
        self._port, self._length = service.port, length
        self._cookie = ""
        self.acknowledged = self.sent = 0
        address = self._start(link)
        self.page = f"{address}{key}"

    def _start(self, link: str) -> str:
        start = self._fetch("GET", link)
        self._token = _find(r'name="csrf_token" value="([^"]+)"', start.text)
        begun = self._fetch("POST", link, urlencode({"csrf_token": self._token}))
        assert begun.status == 303, begun.text
        return begun.location

    def _fetch(self, method: str, path: str, body: str = "") -> Answer:
        answer = fetch(self._port, method, path, self._cookie, body)
        self._cookie = "; ".join(answer.cookies) or self._cookie
        return answer

    def text(self, field: str, number: int) -> str:
        return f"{field} {number:06} {'x' * self._length} {number:06}"

    def open(self) -> int:
        """Number of the save that the page shows; fails where its fields are of different saves."""
        page = self._fetch("GET", self.page).text
        self._version = _find(r'name="version" value="(\d+)"', page)
        self._token = _find(r'name="csrf_token" value="([^"]+)"', page)
        texts = [_find(rf'<textarea[^>]*name="{field}"[^>]*>\n?([^<]*)</textarea>', page) for field in self.FIELDS]
        if not any(texts):
            return 0
        number = int(texts[0].split()[1])
        assert [unescape(text) for text in texts] == [self.text(field, number) for field in self.FIELDS]
        return number

    def save(self, *, by_itself: bool = True) -> Answer:
        """The next save, by the page's script or by its button; `acknowledged` counts up if it was stored."""
        self.sent += 1
        fields = {field: self.text(field, self.sent) for field in self.FIELDS}
        body = urlencode({"csrf_token": self._token, "version": self._version, **fields})
        answer = self._fetch("POST", f"{self.page}/autosave" if by_itself else self.page, body)
        if answer.status in (200, 303):
            self.acknowledged = self.sent
        if answer.status == 200:
            self._version = _find(r'"version":\s*"(\d+)"', answer.text)
        return answer


def _find(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, f"no {pattern} in {text[:2000]}"
    return found.group(1)

"""The script of an entry's page, as the program sees it."""

import json
from typing import Any

from .page import HEADERS, Page, Values


class Script:
    """One tab with the script in it: sends what is in its form, and remembers version and token as the script does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        (form,) = page.main.find("form", id="entry")
        self.address = form["data-autosave"]
        self.sent: dict[str, Any] = page.data().to_dict(flat=False)
        self.sent.pop("action", None)

    def type(self, values: Values, status: int = 200) -> dict[str, Any]:
        """Send the form with these values, and what is told."""
        self.sent |= values
        return self.save(status)

    def save(self, status: int = 200) -> dict[str, Any]:
        answer = self.page.client.post(self.address, data=self.sent)
        assert answer.status_code == status, answer.text
        assert answer.content_type == "application/json"
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        assert answer.headers["Cache-Control"] == "no-store"
        told: dict[str, Any] = json.loads(answer.text)
        assert told.keys() <= {"version", "said", "stop", "token"}
        self.sent |= {"version": told["version"]} if status == 200 else {}
        return told

"""Every page that a person can meet, by name: "endpoint", or "endpoint: state"."""

from . import (
    account_pages,
    administrator_pages,
    improvement_pages,
    keeping_pages,
    marker_pages,
    meeting_pages,
    participant_pages,
    round_pages,
)
from .ways import Ways

_TOPICS = (
    participant_pages,
    administrator_pages,
    account_pages,
    round_pages,
    keeping_pages,
    improvement_pages,
    meeting_pages,
    marker_pages,
)
PAGES: Ways = {name: way for topic in _TOPICS for name, way in topic.PAGES.items()}
#: The same for pages that say what is wrong.
FAULTS: Ways = {name: way for topic in _TOPICS for name, way in topic.FAULTS.items()}

#: What answers GET and is no page of its own.
NO_PAGES = {
    "static": "a file",
    "asset": "a file",
    "look.sheet": "a file",
    "look.logo": "a file",
    "participant.copy_file": "a file",
    "register.export": "a file",
    "results.export": "a file",
    "board_markers.download": "a file",
    "health.is_running": "tells whatever watches the program",
    "health.is_ready": "tells whatever watches the program",
    "boards.first_page": "leads to the boards, or to the only one",
    "security.static": "is not there: test_access.py",
    "security.verify": "is not there: test_access.py",
    "demo": "leads to the demonstration's pages",
}
#: What takes a form in which nothing can be wrong.
NO_FAULTS = {
    "board_markers.act": "one button each",
    "entries.autosave": "tells the page's script",
    "administrators.change_invitation": "one button each",
    "keeping.hold": "one button",
    "keeping.release": "one button",
    "participant.begin": "one button",
    "participant.leave": "one button",
    "participant.take_back": "one button; what is wrong is told on the task list",
    "sending.links_file": "one button, and a file",
    "sending.send": "one button; what is wrong is told on the people page",
    "security.logout": "one button",
    "security.verify": "is not there: test_access.py",
}


def endpoint_of(name: str) -> str:
    return name.partition(":")[0]

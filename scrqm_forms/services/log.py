"""Who did what, read."""

from msgspec import Struct

from scrqm_forms.domain.event import Event
from scrqm_forms.domain.review import Caller
from scrqm_forms.storage import events

ON_A_PAGE = 50


class LogPage(Struct, frozen=True, kw_only=True):
    """Some of what was done, newest first."""

    events: list[Event]
    page: int
    has_older: bool


def read_log(caller: Caller, board_key: str, page: int) -> LogPage:
    page = max(page, 1)
    found = events.list_events(caller, board_key, ON_A_PAGE + 1, (page - 1) * ON_A_PAGE)
    return LogPage(events=found[:ON_A_PAGE], page=page, has_older=len(found) > ON_A_PAGE)

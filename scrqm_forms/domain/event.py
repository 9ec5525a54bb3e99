"""Who did what: what is kept of the work of those who look after the service."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from scrqm_forms.domain.review import Caller

#: What can be done, as it reads in the list. Answers, names of participants and tokens never stand in an event.
WHAT = {
    "board_made": "set up the board",
    "board_changed": "changed the board's settings",
    "marker_kept": "changed a marker of the board",
    "marker_retired": "retired a marker of the board",
    "review_made": "began a review",
    "review_changed": "changed a review's details",
    "review_deleted": "deleted a review",
    "round_made": "set up a round",
    "round_changed": "changed what a round asks",
    "round_opened": "opened a round",
    "round_extended": "moved a round's last day",
    "round_closed": "closed a round",
    "round_held": "put a round on hold",
    "round_released": "ended a round's hold",
    "people_invited": "invited people",
    "person_corrected": "corrected a person's details",
    "person_removed": "took a person out",
    "person_exported": "exported one person's data",
    "person_erased": "erased one person's data",
    "links_made": "made links",
    "invitations_sent": "sent invitations",
    "reminders_sent": "sent reminders",
    "reminders_packed": "made a file of reminders",
    "exported": "exported answers",
    "export_whole": "was given the whole of an export",
    "results_read": "read results",
    "purged": "deleted answers at the end of their time",
    "notes_written": "wrote notes of the conversation",
    "notes_purged": "deleted notes at the end of their time",
    "improvement_made": "put an improvement into the register",
    "improvement_changed": "changed an improvement",
    "improvement_deleted": "deleted an improvement",
    "improvements_purged": "deleted improvements at the end of their time",
    "administrator_invited": "invited an administrator",
    "administrator_changed": "changed an administrator's permissions",
    "administrator_disabled": "ended an administrator's access",
    "administrator_enabled": "gave an administrator access again",
    "administrator_link_made": "made a link for an administrator's new password",
}


class Actor(Struct, frozen=True, kw_only=True):
    """Who does something, and when."""

    caller: Caller
    #: Aware, in UTC.
    now: datetime


class Event(Struct, frozen=True, kw_only=True):
    at: datetime
    #: The administrator's name and address at the time, or "command line".
    who: str
    #: Key of WHAT.
    what: str
    #: The review or round, KEY or KEY/ROUND; empty for neither.
    about: str
    #: Board key; empty for what concerns the whole service.
    board: str
    #: Numbers and digests that go with it.
    details: Mapping[str, str | int]

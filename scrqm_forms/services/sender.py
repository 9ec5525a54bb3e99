"""Sends what is in the outbox while the program serves, in a thread of its own: no page ever waits for it."""

import logging
import threading
from datetime import UTC, datetime

from flask import Flask

from scrqm_forms.domain.errors import place_of
from scrqm_forms.services.context import context
from scrqm_forms.services.outbox import send_due, senders
from scrqm_forms.storage.database import db

log = logging.getLogger(__name__)

#: Seconds between looking into the outbox.
PAUSE = 10.0


def start_sender(app: Flask, pause: float = PAUSE) -> threading.Event | None:
    """Begin sending; set the event to end it. None where no plugin sends anything."""
    with app.app_context():
        if not senders(context()):
            return None
    end = threading.Event()
    threading.Thread(target=_send_until, args=(app, end, pause), name="outbox", daemon=True).start()
    return end


def _send_until(app: Flask, end: threading.Event, pause: float) -> None:
    while not end.wait(pause):
        with app.app_context():
            try:
                send_due(context(), datetime.now(UTC))
            except Exception as error:  # the database is busy or away: next time
                log.error("the outbox could not be sent: %s", place_of(error))
            finally:
                db.session.remove()

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
#: Seconds that the end of the program waits for a message that is going out.
LONGEST_END = 20.0


def start_sender(app: Flask, pause: float = PAUSE) -> "Sender | None":
    """Begin sending; None where no plugin sends anything."""
    with app.app_context():
        if not senders(context()):
            return None
    sender = Sender(app, pause)
    sender.start()
    return sender


class Sender(threading.Thread):
    def __init__(self, app: Flask, pause: float) -> None:
        super().__init__(name="outbox", daemon=True)
        self._app, self._pause, self._ending = app, pause, threading.Event()

    def run(self) -> None:
        while not self._ending.wait(self._pause):
            with self._app.app_context():
                try:
                    send_due(context(), datetime.now(UTC))
                except Exception as error:  # the database is busy or away: next time
                    log.error("the outbox could not be sent: %s", place_of(error))
                finally:
                    db.session.remove()

    def stop(self, longest: float = LONGEST_END) -> None:
        """Once what is being sent is sent, or after that many seconds: nobody then knows whether it was."""
        self._ending.set()
        self.join(longest)

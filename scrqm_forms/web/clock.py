"""What day it is, for the pages; a test sets `app.config["NOW"]`."""

from datetime import UTC, date, datetime

from flask import current_app


def now() -> datetime:
    """The present moment, aware, in UTC."""
    fixed: datetime | None = current_app.config.get("NOW")
    return fixed or datetime.now(UTC)


def today() -> date:
    """The day where the server stands: what people mean by a closing date."""
    return now().astimezone().date()

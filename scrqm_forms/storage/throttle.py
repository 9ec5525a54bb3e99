"""Failures counted per window, so that passwords and links cannot be guessed quickly. Holds no address, only a hash."""

import sqlalchemy as sa

from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import ThrottleRow


def count_failures(key: str, now: int) -> int:
    """Failures in the current window."""
    row = db.session.get(ThrottleRow, key)
    return row.failures if row is not None and row.window_ends_at > now else 0


def add_failure(key: str, now: int, seconds: int) -> None:
    """Count one more; the first opens a window of `seconds`. Windows that are over are cleared away."""
    db.session.execute(sa.delete(ThrottleRow).where(ThrottleRow.window_ends_at <= now))
    row = db.session.get(ThrottleRow, key)
    if row is None:
        db.session.add(ThrottleRow(key=key, window_ends_at=now + seconds, failures=1))
    else:
        row.failures += 1


def forget_failures(key: str) -> None:
    db.session.execute(sa.delete(ThrottleRow).where(ThrottleRow.key == key))

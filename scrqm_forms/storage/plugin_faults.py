"""What went wrong in plugins, kept for other processes and later starts."""

import sqlalchemy as sa

from scrqm_forms.storage.database import db
from scrqm_forms.storage.models import PluginFaultRow


def add_fault(plugin: str, thing: str, sha256: str, reason: str) -> None:
    """Or, where the thing failed before: this reason instead."""
    db.session.merge(PluginFaultRow(plugin=plugin, thing=thing, sha256=sha256, reason=reason))


def remove_fault(plugin: str, thing: str) -> None:
    where = (PluginFaultRow.plugin == plugin, PluginFaultRow.thing == thing)
    db.session.execute(sa.delete(PluginFaultRow).where(*where))


def list_faults() -> list[tuple[str, str, str]]:
    """(plugin, its SHA-256 then, reason), by plugin and thing."""
    columns = (PluginFaultRow.plugin, PluginFaultRow.sha256, PluginFaultRow.reason)
    query = sa.select(*columns).order_by(PluginFaultRow.plugin, PluginFaultRow.thing)
    return [(row.plugin, row.sha256, row.reason) for row in db.session.execute(query)]

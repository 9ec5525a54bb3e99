"""What goes wrong in a plugin after the start: named in the log and in the list of plugins, without anybody's words."""

import logging

import sqlalchemy as sa

from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.services.context import Context
from scrqm_forms.storage import plugin_faults
from scrqm_forms.storage.database import writing

log = logging.getLogger(__name__)


def note_fault(context: Context, hook: str, thing: str, error: BaseException) -> None:
    """Note, once, that `thing` ("export format csv") failed. An error of our own is told whole: it holds no answers."""
    plugin = context.plugins.plugins[context.plugins.owners[thing]]
    told = str(error) if isinstance(error, ScrqmFormsError) else context.plugins.reason_for(plugin.name, error)
    reason = f"{hook}: {thing}: {told}"
    if reason in plugin.errors:
        return
    context.plugins.fail(plugin.name, reason)
    try:
        with writing():
            plugin_faults.add_fault(plugin.name, thing, plugin.sha256, reason)
    except (sa.exc.SQLAlchemyError, TimeoutError):  # whoever is here wants something else
        log.warning("the fault of plugin %s could not be kept", plugin.name)


def note_working(context: Context, hook: str, thing: str) -> None:
    """What failed before has worked."""
    plugin = context.plugins.plugins[context.plugins.owners[thing]]
    mended = [error for error in plugin.errors if error.startswith(f"{hook}: {thing}: ")]
    if mended:
        plugin.errors[:] = [error for error in plugin.errors if error not in mended]
        with writing():
            plugin_faults.remove_fault(plugin.name, thing)


def recall_faults(context: Context) -> None:
    """Name what went wrong in other processes or before the start, unless the plugin has changed since."""
    for name, sha256, reason in plugin_faults.list_faults():
        plugin = context.plugins.plugins.get(name)
        if plugin and not plugin.disabled and plugin.sha256 == sha256 and reason not in plugin.errors:
            plugin.errors.append(reason)

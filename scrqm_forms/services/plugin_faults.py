"""What goes wrong in a plugin after the start: named in the log and in the list of plugins, without anybody's words."""

from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.services.context import Context


def note_fault(context: Context, hook: str, thing: str, error: BaseException) -> None:
    """Note, once, that `thing` ("export format csv") failed. An error of our own is told whole: it holds no answers."""
    name = context.plugins.owners[thing]
    told = str(error) if isinstance(error, ScrqmFormsError) else context.plugins.reason_for(name, error)
    reason = f"{hook}: {thing}: {told}"
    if reason not in context.plugins.plugins[name].errors:
        context.plugins.fail(name, reason)

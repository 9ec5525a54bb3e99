"""Administrators: the plugins of this service, and what became of those that markers came from."""

from flask import Blueprint, Flask, abort, render_template

from scrqm_forms.domain.origin import plugin_in
from scrqm_forms.services.context import context
from scrqm_forms.services.plugin_faults import recall_faults
from scrqm_forms.web.language import _
from scrqm_forms.web.sign_in import caller

pages = Blueprint("plugins", __name__)

STATE = {
    "working": (_("Working"), "done"),
    "failed": (_("Something is wrong"), "begun"),
    "off": (_("Turned off"), "aside"),
}
WAY = {
    "shipped": _("Came with the program"),
    "file": _("Put into this service’s folder"),
    "distribution": _("Installed as a package"),
}


@pages.get("/plugins")
def show() -> str:
    """Paths and every board's plugins stand here: for those who look after every board."""
    if not caller().every_board:
        abort(404)
    context().library()
    recall_faults(context())
    found = sorted(context().plugins.plugins.values(), key=lambda plugin: (not plugin.errors, plugin.name))
    return render_template("admin/plugins.html", plugins=found, states=STATE, ways=WAY)


def add_origins(app: Flask) -> None:
    app.jinja_env.globals["plugin_gone"] = plugin_gone


def plugin_gone(origin: str) -> str:
    """ "gone" or "off" for the origin of a marker whose plugin is not at work any more; else empty."""
    name = plugin_in(origin)
    if not name:
        return ""
    plugin = context().plugins.plugins.get(name)
    return "gone" if plugin is None else "off" if plugin.disabled else ""

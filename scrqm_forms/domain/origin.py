"""Where a marker came from, as it was written down: `markers/scr/08.toml`, `plugin NAME/01.toml`, `instance/...`."""

_PLUGIN, _SHIPPED = "plugin ", "markers/"


def origin_of_plugin(name: str) -> str:
    """What the origin of a plugin's markers begins with."""
    return f"{_PLUGIN}{name}"


def plugin_in(origin: str) -> str:
    """Name of the plugin that a marker came from; empty for all others."""
    return origin.removeprefix(_PLUGIN).partition("/")[0] if origin.startswith(_PLUGIN) else ""


def wording_of_set(origin: str) -> str:
    """What the wording of a set's own questions is: ours after the publication that the set cites, or a board's."""
    return "" if not origin else "adapted" if origin.startswith(_SHIPPED) else "local"

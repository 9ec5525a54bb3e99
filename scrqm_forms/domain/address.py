"""Addresses: which names mean this machine alone, and what a link may begin with."""

import ipaddress
import re
from urllib.parse import urlsplit

NOT_REACHABLE = (
    "Nobody else could open the links yet, so nothing was changed: no address is set that people can reach. Ask "
    "whoever looks after this program to set one (base_url, in docs/running.md). Only trying things out on this "
    "machine? Then use the option --local, as in: scrqm-forms run --local"
)


def name_in(host: str) -> str:
    """The name in a Host header, without its port: "localhost:8000" is localhost, "[::1]:8000" is ::1."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    name, _colon, port = host.rpartition(":")
    return (name if port.isdigit() and name else host).lower()


def is_this_machine(name: str) -> bool:
    """Whether a name leads to the machine it is used on, whichever that is."""
    if name.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def name_of(base_url: str) -> str:
    """The host's name in the setting, in lower case; empty when there is none."""
    try:
        return urlsplit(base_url).hostname or ""
    except ValueError:
        return ""


def find_address_fault(base_url: str) -> str | None:
    """What is wrong with the setting as such: no address, or one that can be read on the way; or nothing."""
    name = name_of(base_url)
    if base_url and not (name and _is_plain(base_url)):
        return f'base_url: found "{base_url}"; expected an address such as https://reflect.example.org and no more.'
    if base_url.startswith("http://") and not is_this_machine(name):
        return f'base_url: found "{base_url}"; expected https://, since plain HTTP can be read on the way.'
    return None


def _is_plain(base_url: str) -> bool:
    """Scheme, name and perhaps a port."""
    return re.fullmatch(r"https?://[^/?#@\s]+/?", base_url) is not None


def find_link_fault(base_url: str, local: bool) -> str | None:
    """Why no participant could use a link made now, as a sentence; or nothing."""
    if fault := find_address_fault(base_url):
        return fault
    return None if local or not is_this_machine(name_of(base_url) or "localhost") else NOT_REACHABLE

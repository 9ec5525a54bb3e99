"""What must be right before people other than the operator are served."""

import os
from pathlib import Path

from scrqm_forms.domain.address import find_address_fault
from scrqm_forms.domain.errors import Refused
from scrqm_forms.instance import Instance

#: 32 random bytes have about 30 different values among them; fewer than this is a key that somebody made up.
FEWEST_VALUES = 16


def check_start(instance: Instance, *, debug: bool) -> None:
    """Raises Refused naming all that is wrong; on one's own machine (the setting `local`) nothing is asked."""
    faults = [find_address_fault(instance.settings.base_url), *find_key_faults(instance)]
    if debug:
        faults.append("Flask's debug mode is on, which shows answers and code to anybody: unset FLASK_DEBUG.")
    if not instance.settings.local and any(faults):
        raise Refused("\n".join(fault for fault in faults if fault))


def find_key_faults(instance: Instance) -> list[str]:
    """Sentences about a key that others may read or guess."""
    faults = []
    if len(set(instance.secret)) < FEWEST_VALUES:
        faults.append(
            "The key is weak: it is not 32 random bytes and could be guessed. A new instance makes a good one."
        )
    if instance.key_file.exists() and is_open_to_others(instance.key_file):
        faults.append(f"{instance.key_file} can be read by others. Put it right: chmod 600 {instance.key_file}")
    return faults


def is_open_to_others(path: Path) -> bool:
    """Whether the mode lets anybody but the owner in; on Windows modes say nothing."""
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)

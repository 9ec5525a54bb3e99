"""Memory of exports, from 1,000 responses to many. `python -m benchmarks.memory`: to 100,000.

The command line's own `export` of all tables to Excel and of the responses to CSV, a process each.
"""

import subprocess
import sys
from pathlib import Path

from benchmarks.data import Chosen, first_round, folder_of, site_with
from benchmarks.timing import Figure

FEW = 1_000
#: Not `ru_maxrss`, which a process inherits from the one that started it.
EXPORT = """
import re
from pathlib import Path
from scrqm_forms.cli import main
try:
    main()
finally:
    print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def measure(folder: Path, chosen: Chosen) -> list[Figure]:
    figures = []
    for key in ("csv", "excel"):
        few, many = (peak_of(folder, chosen, responses, key) for responses in (FEW, chosen.responses))
        what = f"Memory, {key} of {chosen.responses:,} responses"
        figures += [
            Figure(what, f"{many:.0f} MiB", f"{few:.0f} MiB: of {FEW:,}", (many / few,), 1.15),
            Figure(what, f"{many:.0f} MiB", "", (many,), 120, " MiB"),
        ]
    return figures


def peak_of(folder: Path, chosen: Chosen, responses: int, key: str) -> float:
    """MiB."""
    with site_with(folder, chosen, responses):
        review = first_round().review.key
    instance = ["--instance", str(folder_of(folder, chosen, responses))]
    command = [sys.executable, "-c", EXPORT, *instance, "export", review, "--format", key, "-o", str(folder / "out")]
    return int(subprocess.check_output(command, text=True).split()[-1]) / 1024


if __name__ == "__main__":
    from benchmarks.__main__ import main

    main(["--only", "memory", "--responses", "100000", *sys.argv[1:]])

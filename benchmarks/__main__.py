"""Measure the program beside the plainest ways to do the same; print one table. Exit status 1: an aim is missed."""

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import exports, memory, page, results, saving, saving_during_export, starting
from benchmarks.data import PREFIXES, Chosen
from benchmarks.timing import Figure, table_of

TOPICS: dict[str, Callable[[Path, Chosen], list[Figure]]] = {
    "exports": exports.measure,
    "memory": memory.measure,
    "during": saving_during_export.measure,
    "page": page.measure,
    "saving": saving.measure,
    "results": results.measure,
    "starting": starting.measure,
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--responses", type=int, default=Chosen.responses)
    parser.add_argument("--rounds", type=int, default=Chosen.rounds)
    parser.add_argument("--markers", choices=PREFIXES, default=Chosen.markers)
    parser.add_argument("--only", type=_topics, default=list(TOPICS), metavar="TOPIC,...", help=", ".join(TOPICS))
    given = parser.parse_args(arguments)
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        for topic in given.only:
            print(f"{topic} ...", file=sys.stderr, flush=True)
            figures += TOPICS[topic](Path(folder), Chosen(given.responses, given.rounds, given.markers))
    print(table_of(figures))
    sys.exit(not all(figure.is_reached for figure in figures))


def _topics(text: str) -> list[str]:
    topics = text.split(",")
    if unknown := set(topics) - set(TOPICS):
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)} is not one of {', '.join(TOPICS)}")
    return topics


if __name__ == "__main__":
    main()

"""How long ways to do the same thing take, in turns, and the table that says so.

Machines drift, so ways take turns (A B A B ...) and a ratio is of two neighbours: ours / baseline of one turn. Time of
the processor (own and of child processes) is compared, since a shared machine stretches the clock's; what is asked over
HTTP goes by the clock.
"""

import resource
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple

OURS = "scrqm-forms"
COLUMNS = ("what", OURS, "baseline", "ratio: min / median / max", "aim", "reached")


class Spent(NamedTuple):
    """Seconds of one call."""

    processor: float
    clock: float


@dataclass(frozen=True)
class Figure:
    """A row of the table: something measured several times, and what it should be."""

    what: str
    ours: str
    baseline: str
    #: A ratio of each turn; or what was measured, in `unit`.
    each: tuple[float, ...]
    aim: float
    unit: str = ""
    at_least: bool = False
    #: A sentence for under the table.
    note: str = ""

    @property
    def is_reached(self) -> bool:
        """By the median."""
        return median(self.each) >= self.aim if self.at_least else median(self.each) <= self.aim

    def cells(self) -> tuple[str, ...]:
        each = " / ".join(digits(value) for value in (min(self.each), median(self.each), max(self.each)))
        aim = f"at {'least' if self.at_least else 'most'} {self.aim:g}{self.unit}"
        return self.what, self.ours, self.baseline, each + self.unit, aim, "yes" if self.is_reached else "**no**"


def take_turns(
    ways: Mapping[str, Callable[[], Any]], rounds: int, *, calls: int = 1, warm: bool = True
) -> dict[str, list[Spent]]:
    """What a call of each way took, in each round. `warm`: a first round does not count."""
    found: dict[str, list[Spent]] = {name: [] for name in ways}
    for number in range(rounds + warm):
        for name, way in ways.items():
            spent = spend(way, calls)
            if number >= warm:
                found[name].append(spent)
    return found


def spend(way: Callable[[], Any], calls: int = 1) -> Spent:
    """The mean of so many calls."""
    processor, clock = _processor(), time.perf_counter()
    for _ in range(calls):
        way()
    return Spent((_processor() - processor) / calls, (time.perf_counter() - clock) / calls)


def _processor() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def compare(what: str, times: Mapping[str, Sequence[Spent]], baseline: str, aim: float, ours: str = OURS) -> Figure:
    """Ratios of processor time."""
    pairs = zip(times[ours], times[baseline], strict=True)
    ratios = tuple(mine.processor / theirs.processor for mine, theirs in pairs)
    return Figure(what, shown(times[ours]), f"{shown(times[baseline])}: {baseline}", ratios, aim)


def limit(what: str, times: Sequence[Spent], milliseconds: float) -> Figure:
    """Processor time that has a limit of its own."""
    return Figure(what, shown(times), "", tuple(each.processor * 1000 for each in times), milliseconds, " ms")


def shown(times: Sequence[Spent]) -> str:
    processor, clock = (seconds(median(each)) for each in zip(*times, strict=True))
    return f"{processor} (clock {clock})"


def seconds(value: float) -> str:
    return f"{digits(value)} s" if value >= 1 else f"{digits(value * 1000)} ms"


def digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or not value else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table_of(figures: Sequence[Figure]) -> str:
    rows = (COLUMNS, ("---",) * len(COLUMNS), *(figure.cells() for figure in figures))
    return "\n".join(
        [*(f"| {' | '.join(row)} |" for row in rows), *(f"\n{each.note}" for each in figures if each.note)]
    )

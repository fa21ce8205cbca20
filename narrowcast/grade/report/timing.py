"""How long the cells ran, and which were stopped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from narrowcast.grade.ledger import Finished

__all__ = ["CellTime", "times_of"]

STOPPED = frozenset({"timeout", "memory", "died", "output", "skipped"})
"""Problems that are no error of the code itself."""


@dataclass(frozen=True)
class CellTime:
    """One cell over the class.

    Attributes
    ----------
    cell
        Its name, or "#" and its place; with several notebooks, "notebook/cell".
    count
        In how many submissions it ran.
    middle, longest
        Seconds: the median, and the slowest.
    slowest
        Whose that was.
    timeouts
        Who ran into the limit of time.
    stopped
        Who was stopped otherwise: memory, output, the program's end.
    errors
        In how many it ended with an error.
    """

    cell: str
    count: int
    middle: float
    longest: float
    slowest: str
    timeouts: tuple[str, ...]
    stopped: tuple[str, ...]
    errors: int


def times_of(rows: Iterable[tuple[str, Finished]]) -> list[CellTime]:
    """Return every cell that ran, the slowest by its longest run first."""
    seconds: dict[str, list[tuple[float, str]]] = defaultdict(list)
    problems: dict[str, dict[str, str]] = defaultdict(dict)
    for prefix, row in rows:
        for cell, took in row.seconds.items():
            seconds[prefix + cell].append((took, row.student))
        for cell, problem in row.problems.items():
            problems[prefix + cell][row.student] = problem
    found = [_cell(cell, seconds.get(cell, []), problems.get(cell, {})) for cell in {**seconds, **problems}]
    return sorted(found, key=lambda one: (-len(one.timeouts), -one.longest, one.cell))


def _cell(cell: str, ran: list[tuple[float, str]], problems: dict[str, str]) -> CellTime:
    longest, slowest = max(ran, default=(0.0, ""))
    return CellTime(
        cell=cell,
        count=len(ran),
        middle=median(took for took, _student in ran) if ran else 0.0,
        longest=longest,
        slowest=slowest,
        timeouts=tuple(sorted(who for who, what in problems.items() if what == "timeout")),
        stopped=tuple(sorted(who for who, what in problems.items() if what in STOPPED - {"timeout"})),
        errors=sum(what == "error" for what in problems.values()),
    )

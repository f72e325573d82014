"""How a figure is taken: medians and 95th percentiles, always beside a floor of the same run.

A figure alone says little on a shared machine; its ratio to the floor, measured a moment before and after, does.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from editor.base.clock import SystemClock


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. `value` and `floor` in `unit`; `goal` is the greatest ratio that is good enough, with
    `best_low` false the least one; `limit` is the greatest value in `unit`, where the promise is one. None promises
    nothing of its kind."""

    name: str
    value: float
    floor: float
    unit: str
    goal: float | None
    n: int
    best_low: bool = True
    note: str = ""
    limit: float | None = None

    @property
    def ratio(self) -> float:
        """How many times the floor."""
        return self.value / self.floor if self.floor else 0.0

    @property
    def is_good(self) -> bool:
        """Whether every goal that there is, is reached."""
        if self.limit is not None and self.value > self.limit:
            return False
        return self.goal is None or (self.ratio <= self.goal if self.best_low else self.ratio >= self.goal)

    def as_json(self) -> dict[str, Any]:
        """The figure for programs."""
        return {"name": self.name, "value": round(self.value, 3), "floor": round(self.floor, 3), "unit": self.unit,
                "ratio": round(self.ratio, 3), "goal": self.goal, "limit": self.limit, "reached": self.is_good,
                "n": self.n, "note": self.note}

    def line(self) -> str:
        """The figure for a person, as one row of a table."""
        goals = [f"{'≤' if self.best_low else '≥'} {self.goal:g} ×"] if self.goal is not None else []
        goals += [f"≤ {self.limit:g} {self.unit}"] if self.limit is not None else []
        mark = " " if not goals else "+" if self.is_good else "-"
        return (f"{mark} {self.name:<46} {self.value:>10.2f} {self.unit:<4} / {self.floor:>9.2f}  = {self.ratio:>6.2f} ×"
                f"   {', '.join(goals):<20} {self.note}").rstrip()


def time_each(act: Callable[[int], object], n: int) -> list[float]:
    """Milliseconds of each of `n` calls."""
    clock, taken = SystemClock(), []
    for number in range(n):
        begun = clock.monotonic()
        act(number)
        taken.append((clock.monotonic() - begun) * 1000)
    return taken


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    """What 95 of 100 stay under."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def p99(values: Sequence[float]) -> float:
    """What 99 of 100 stay under."""
    return statistics.quantiles(values, n=100, method="inclusive")[-1] if len(values) > 1 else values[0]

"""Measurements behind `redactie bench`: each file measures some promises on real parts.

Top ring: may import everything; nothing imports it but `cli`.
A new measurement is one function and one entry in this package's table; it prints numbers, tests never assert times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.bench.measuring import Figure
from editor.bench.storage import commit, first_sync, queue
from editor.bench.window import decision, start, typing

Bench = Callable[[], Sequence[Figure]]


def benches(*, small: bool) -> dict[str, Bench]:
    """Every measurement by its name; `small` is for tests: the same paths on little data."""
    return {
        "start": partial(start, runs=2 if small else 7),
        "typing": partial(typing, sizes=(10_000,) if small else (10_000, 100_000, 1_000_000),
                          keys=20 if small else 90),
        "decision": partial(decision, count=500 if small else 20_000, decisions=10 if small else 60),
        "queue": partial(queue, count=2_000 if small else 1_000_000),
        "commit": partial(commit, n=20 if small else 200),
        "sync": partial(first_sync, count=200 if small else 10_000),
    }


def run(name: str | None, *, small: bool = False) -> list[Figure]:
    """Run one measurement, or all. Raises `UserError` for a name that is none."""
    known = benches(small=small)
    if name is not None and name not in known:
        raise UserError("no_bench", Message("bench", "There is no measurement {name}; there are: {names}.",
                                            {"name": name, "names": ", ".join(known)}))
    return [figure for key, bench in known.items() if name in (None, key) for figure in bench()]

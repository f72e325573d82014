"""Measurements behind `redactie bench`: each file measures some promises on real parts.

Top ring: may import everything; nothing imports it but `cli`. Each measurement imports its parts when it runs: the
child programs of `window` live in this package too and must start as lightly as the program itself.
A new measurement is one function and one entry in this package's table; it gives numbers, tests never assert times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from editor.base.errors import UserError
from editor.base.messages import Message

if TYPE_CHECKING:
    from editor.bench.measuring import Figure

Bench = Callable[[], "Sequence[Figure]"]


def benches(*, small: bool, reactions: int | None = None) -> dict[str, Bench]:
    """Every measurement by its name; `small` is for tests: the same paths on little data. `reactions` is how many
    `scale` reads."""
    from functools import partial

    from editor.bench.scale import idle, scale
    from editor.bench.storage import commit, first_sync, queue
    from editor.bench.window import decision, start, typing

    return {
        "start": partial(start, runs=1 if small else 7, articles=20 if small else 2_000),
        "typing": partial(typing, sizes=(2_000,) if small else (10_000, 100_000, 1_000_000), keys=4 if small else 60,
                          runs=1 if small else 2),
        "decision": partial(decision, count=40 if small else 20_000, decisions=4 if small else 60),
        "queue": partial(queue, count=500 if small else 1_000_000),
        "commit": partial(commit, n=10 if small else 200),
        "sync": partial(first_sync, count=60 if small else 10_000),
        "scale": partial(scale, articles=400 if small else 10_000, reactions=reactions or (800 if small else 100_000)),
        "idle": partial(idle, seconds=1 if small else 60, articles=20 if small else 2_000),
    }


def run(name: str | None, *, small: bool = False, reactions: int | None = None) -> list[Figure]:
    """Run one measurement, or all. Raises `UserError` for a name that is none."""
    known = benches(small=small, reactions=reactions)
    if name is not None and name not in known:
        raise UserError("no_bench", Message("bench", "There is no measurement {name}; there are: {names}.",
                                            {"name": name, "names": ", ".join(known)}))
    return [figure for key, bench in known.items() if name in (None, key) for figure in bench()]

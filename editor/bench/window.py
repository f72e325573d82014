"""Figures of the window: starting, typing, deciding. Each is taken in child programs, in turn with a floor of bare Qt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from editor.base import sqlite
from editor.bench.children import PARTS, PROBES, told, where
from editor.bench.filling import WORDS, fill_articles, fill_queue, filled_profile
from editor.bench.measuring import Figure, median, p95, time_each

PLACES = ("start", "middle", "end")


def start(*, runs: int = 7, articles: int = 2_000) -> list[Figure]:
    """From the call of the program to its painted window, and to its filled list; beside a bare window's paint."""
    with filled_profile(partial(fill_articles, count=articles)) as folder:
        bytecode = folder.with_name("bytecode")
        told(PROBES, "start-bare", bytecode=bytecode)  # once unmeasured: modules are compiled, files come into memory
        told(PARTS, "start", folder, bytecode=bytecode)
        floors, founds = [], []
        for _ in range(runs):
            floors.append(told(PROBES, "start-bare", bytecode=bytecode))
            founds.append(told(PARTS, "start", folder, bytecode=bytecode))
    floor, note = _since(floors, "painted"), f"{where()}, {articles} articles"
    gap = median([found["gap"] for found in founds])
    return [Figure("start to first paint", _since(founds, "painted"), floor, "ms", 1.5, runs, note=note),
            Figure("start to filled list", _since(founds, "filled"), floor, "ms", None, runs, note=note),
            Figure("longest gap while the desk comes", gap, floor, "ms", None, runs, note=note)]


def _since(founds: Sequence[dict[str, Any]], name: str) -> float:
    return median([(found[name] - found["began"]) * 1000 for found in founds])


def typing(*, sizes: Sequence[int] = (10_000, 100_000, 1_000_000), keys: int = 60, runs: int = 2) -> list[Figure]:
    """Key to paint at the start, in the middle and at the end of a text, beside a bare editor with the same text: the
    writing surface alone, and the whole desk with preview and autosave."""
    return [figure for size in sizes for figure in _typing_at(size, keys, runs)]


def _typing_at(size: int, keys: int, runs: int) -> list[Figure]:
    bare, surface, desk = [], [], []
    with filled_profile(lambda _: None) as folder:
        for number in range(runs):
            profile = Path(folder).with_name(f"typing-{number}")
            bare.append(told(PROBES, "typing-bare", size, keys))
            surface.append(told(PROBES, "typing-surface", size, keys))
            desk.append(told(PARTS, "typing", profile, size, keys))
    named = f"{size // 1000} kB"
    figures = []
    for place in PLACES:
        floors, floor_cpu = _all(bare, place), _all(bare, f"{place}_cpu")
        for what, founds in (("surface", surface), ("desk", desk)):
            taken, cpu = _all(founds, place), _all(founds, f"{place}_cpu")
            figures.append(Figure(
                f"key, {named}, {place}, {what}, p95", p95(taken), p95(floors), "ms", 2.5, len(taken), limit=5,
                note=f"{where()}, p50 {median(taken):.2f} / {median(floors):.2f}, cpu p95 {p95(cpu):.2f} / "
                     f"{p95(floor_cpu):.2f}"))
    figures.append(Figure(f"opening {named}, desk", median([found["open"] for found in desk]),
                          median([found["open"] for found in bare]), "ms", None, runs, note=where()))
    for name, gaps, limit in (("opening", ("open_gap",), 50), ("typing in", tuple(f"{p}_gap" for p in PLACES), 50)):
        figures.append(Figure(f"longest gap, {name} {named}, desk", median([max(f[g] for g in gaps) for f in desk]),
                              median([max(f[g] for g in gaps) for f in bare]), "ms", None, runs, note=where(),
                              limit=limit))
    return figures


def _all(founds: Sequence[dict[str, Any]], name: str) -> list[float]:
    return [ms for found in founds for ms in found[name]]


def decision(*, count: int = 20_000, decisions: int = 60) -> list[Figure]:
    """A key in the queue to the next card painted, beside a bare table and label; and to durable, beside a raw row
    changed and one added in a transaction with the same pragmas."""
    with filled_profile(partial(fill_queue, count=count)) as folder:
        floors = [*told(PROBES, "decision-bare", count, decisions)["painted"]]
        raw = raw_decisions(folder.with_name("raw.db"), decisions)
        found = told(PARTS, "decision", folder, decisions)
        floors += told(PROBES, "decision-bare", count, decisions)["painted"]
        raw += raw_decisions(folder.with_name("raw.db"), decisions)
    note = f"{where()}, {count:,} reactions"
    painted, durable = found["painted"], found["durable"]
    return [Figure("decision to next card, p95", p95(painted), p95(floors), "ms", None, len(painted), limit=50,
                   note=f"{note}, p50 {median(painted):.2f} / {median(floors):.2f}, cpu p95 {p95(found['cpu']):.2f}"),
            Figure("decision, key to durable and told, p95", p95(durable), p95(raw), "ms", None, len(durable), limit=50,
                   note=f"{note}, p50 {median(durable):.2f} / {median(raw):.2f}"),
            Figure("longest gap while deciding", found["gap"], p95(floors), "ms", None, 1, limit=50, note=note)]


def raw_decisions(path: Path, n: int) -> list[float]:
    """The floor of a durable decision: a row changed and a row added, in a transaction of their own."""
    raw = sqlite.connect(path, "writer")
    try:
        raw.execute("CREATE TABLE IF NOT EXISTS reaction(id INTEGER PRIMARY KEY, state TEXT, body TEXT)")
        raw.execute("CREATE TABLE IF NOT EXISTS outbox(id INTEGER PRIMARY KEY, body TEXT)")
        raw.executemany("INSERT OR REPLACE INTO reaction VALUES(?, 'pending', ?)", [(one, WORDS) for one in range(n)])

        def decide(number: int) -> None:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("UPDATE reaction SET state = 'approved' WHERE id = ?", (number,))
            raw.execute("INSERT INTO outbox(body) VALUES(?)", (WORDS[:200],))
            raw.execute("COMMIT")
        return time_each(decide, n)
    finally:
        raw.close()

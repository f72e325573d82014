"""What protects a newsroom at a server without guarantees, taken out one at a time: the histories must notice each (W1-W7)."""

from __future__ import annotations

from typing import Any

from editor.desk import quarantine
from tests.conformance import weak_backend, weak_feed
from tests.conformance.weak_backend import WeakBackend
from tests.conformance.weak_marker import State
from tests.conformance.weak_posts import Posts
from tests.sync.mutants import Mutant, instead


def _made_blindly(real: Any) -> Any:
    def named(self: Posts, entity_id: str) -> list[State]:
        return [state for state in real(self, entity_id) if not state.is_shell]
    return named


def _looks_at_nothing(real: Any) -> Any:
    return lambda history: []


def _head_alone(real: Any) -> Any:
    return lambda self, head: head


def _nothing_is_needed(real: Any) -> Any:
    return lambda work: False


MUTANTS: tuple[Mutant, ...] = (
    Mutant("no quarantine", instead(quarantine, "is_needed", _nothing_is_needed), seed=12),
    Mutant("nobody looks whom he covered", instead(weak_backend, "covered_by", _looks_at_nothing), seed=2),
    Mutant("a shell is not found again", instead(Posts, "named", _made_blindly)),
    Mutant("one sweep proves a deletion", instead(weak_feed, "SWEEPS", lambda real: 1), seed=1),
)

# Seldom noticed by chance: tried in the long form alone. `test_quarantine.py` and `test_two_desks_on_a_weak_server.py` hold each
# of them to a story of its own.
RARE: tuple[Mutant, ...] = (
    Mutant("a start ends the quarantine", instead(quarantine, "_may_have_left", lambda real: lambda row: False)),
    Mutant("only the writer mends", instead(WeakBackend, "_mended", _head_alone)),
)

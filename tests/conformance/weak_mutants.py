"""What protects a newsroom at a server without guarantees, taken out one at a time: the histories must notice each (W1-W7)."""

from __future__ import annotations

from typing import Any

from editor.desk import quarantine
from tests.conformance import weak_backend, weak_feed, weak_posts
from tests.conformance.weak_backend import WeakBackend
from tests.conformance.weak_marker import State
from tests.conformance.weak_posts import Posts
from tests.sync.mutants import Mutant, instead


def _made_blindly(real: Any) -> Any:
    def named(self: Posts, entity_id: str) -> list[State]:
        return [state for state in real(self, entity_id) if not state.is_shell]
    return named


def _any_shell(real: Any) -> Any:
    def sweep(self: Posts) -> Any:
        for row in self._site.rows("/posts", status=weak_posts.EVERY_STATUS):
            state = weak_posts.state_of(row)
            if state is not None:
                yield state
    return sweep


def _looks_at_nothing(real: Any) -> Any:
    return lambda history: []


def _never_told_before(real: Any) -> Any:
    return lambda self, op, head: None


def _head_alone(real: Any) -> Any:
    return lambda self, head: head


def _status_of_old(real: Any) -> Any:
    return lambda base, head, covered: None


def _nothing_is_needed(real: Any) -> Any:
    return lambda work: False


MUTANTS: tuple[Mutant, ...] = (
    Mutant("no quarantine", instead(quarantine, "is_needed", _nothing_is_needed)),
    Mutant("a start ends the quarantine", instead(quarantine, "_may_have_left", lambda real: lambda row: False)),
    Mutant("nobody looks whom he covered", instead(weak_backend, "covered_by", _looks_at_nothing)),
    Mutant("only the writer mends", instead(WeakBackend, "_mended", _head_alone)),
    Mutant("a request is not known again", instead(WeakBackend, "_told_before", _never_told_before)),
    Mutant("a shell is not found again", instead(Posts, "named", _made_blindly)),
    Mutant("one sweep proves a deletion", instead(weak_feed, "SWEEPS", lambda real: 1)),
)

"""What a commit changed, so that each view can decide by itself whether it is stale."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto
from typing import Generic, TypeVar

T = TypeVar("T")


class Facet(Flag):
    """Which side of a thing changed."""

    TEXT = auto()
    STATUS = auto()
    TIME = auto()
    DECISION = auto()
    SYNC = auto()
    CONFLICT = auto()
    SETTINGS = auto()
    GONE = auto()
    ALL = TEXT | STATUS | TIME | DECISION | SYNC | CONFLICT | SETTINGS | GONE


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: its kind (`article`, `ticker`, `reaction`, …), its id, and in what."""

    kind: str
    id: str
    facets: Facet


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Everything that one commit changed."""

    changes: tuple[Change, ...] = ()

    def of(self, kind: str) -> tuple[Change, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if change.kind == kind)

    def touches(self, kind: str, facets: Facet = Facet.ALL) -> bool:
        """Whether something of `kind` changed in one of `facets`."""
        return any(change.kind == kind and change.facets & facets for change in self.changes)

    def __add__(self, other: ChangeSet) -> ChangeSet:
        return ChangeSet(self.changes + other.changes)

    def __bool__(self) -> bool:
        return bool(self.changes)


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What an operation gives back: its value, and what it changed. `refusal` is raised once the changes are durable: of
    an operation that was refused and must remember that it was."""

    value: T
    changes: ChangeSet
    refusal: Exception | None = None

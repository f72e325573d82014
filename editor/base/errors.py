"""The four families of error. Everything a person can be told is one of these; anything else is a `Bug`."""

from __future__ import annotations

from editor.base.messages import Message


class EditorError(Exception):
    """One sentence of what happened, what is safe, and what to do. `kind` is stable and machine-readable."""

    exit_code = 1

    def __init__(self, kind: str, message: Message, *, safe: Message | None = None, fix: Message | None = None) -> None:
        super().__init__(str(message))
        self.kind = kind
        self.message = message
        self.safe = safe
        self.fix = fix


class UserError(EditorError):
    """What was asked cannot be done; say so plainly. Nothing was changed."""


class Conflict(EditorError):
    """Somebody else came between: both states are kept, a person decides."""

    exit_code = 4


class Unavailable(EditorError):
    """Offline, or login needed. Nothing is lost; it goes on later."""

    exit_code = 3


class Bug(EditorError):
    """Our own fault: never expected, reported as a crash."""

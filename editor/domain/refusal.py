"""A step that the rules do not allow, with the stable code that travels to the desk."""

from __future__ import annotations

from typing import Literal

from editor.base.errors import EditorError
from editor.base.messages import Message

CONFLICT_CODES = ("stale_base", "status", "hash", "approval_stale", "embargo", "disputed", "text_changed", "late")
REJECT_CODES = ("read_only", "type", "limit", "unknown_kind", "no_such_step", "forbidden", "checklist")
Verdict = Literal["conflict", "rejected"]


class Refused(EditorError):
    """Nothing was changed. `code` is one of the wire's; `verdict` says whether a person has something to settle."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(code, message)
        self.exit_code = 4 if code in CONFLICT_CODES else 1

    @property
    def code(self) -> str:
        """The wire's code."""
        return self.kind

    @property
    def verdict(self) -> Verdict:
        """`conflict` or `rejected`."""
        return "conflict" if self.kind in CONFLICT_CODES else "rejected"


def forbidden() -> Refused:
    """The actor's roles do not give the right."""
    return Refused("forbidden", Message("refusal", "Your role does not allow this."))

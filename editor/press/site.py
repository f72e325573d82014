"""Public."""
from __future__ import annotations

from starlette.routing import Route

from editor.press.opened import Press


class Site:
    """Public pages."""

    def __init__(self, press: Press) -> None:
        self._press = press

    def routes(self) -> list[Route]:
        """Routes."""
        return []

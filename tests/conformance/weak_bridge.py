"""The weak site without sockets, and what befalls single exchanges on the way to it.

A write of an adapter is several exchanges; any of them may be lost, answered to nobody, or carried out after its
sender has gone: PHP goes on. Everything that reaches the site reaches the real fake.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

import httpx2

from editor.sync.machine import QUARANTINE_S
from tests.conformance.weak_server import WeakServer


class Mishap(Enum):
    """What happens to one exchange."""

    NONE = auto()
    LOST_REQUEST = auto()
    LOST_ANSWER = auto()
    LATE = auto()  # carried out some time within the quarantine; nobody hears the answer


@dataclass(frozen=True, slots=True)
class Late:
    """A write that is carried out when its time has come."""

    due: datetime
    carry_out: Callable[[], object]


class SiteBridge(httpx2.BaseTransport):
    """Carries requests into `site`. `coming` holds what befalls the next exchanges; `late` writes wait in `waiting`."""

    def __init__(self, site: WeakServer, waiting: list[Late]) -> None:
        self._site = site
        self._waiting = waiting
        self.coming: deque[Mishap] = deque()
        self.lateness: Callable[[], float] = lambda: QUARANTINE_S / 2

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request, one answer."""
        mishap = self.coming.popleft() if self.coming else Mishap.NONE
        method, target, body = request.method, request.url.raw_path.decode(), request.read()
        sender = request.headers.get("authorization", "")
        if mishap is Mishap.LOST_REQUEST:
            raise httpx2.ReadTimeout("lost on its way", request=request)
        if mishap is Mishap.LATE:
            if method != "GET":
                due = self._site.clock.now() + timedelta(seconds=self.lateness())
                self._waiting.append(Late(due, lambda: self._site.handle(method, target, body, sender)))
            raise httpx2.ReadTimeout("no answer in time", request=request)
        status, raw, headers = self._site.reply(method, target, body, sender)
        if mishap is Mishap.LOST_ANSWER:
            raise httpx2.ReadTimeout("its answer was lost", request=request)
        return httpx2.Response(status, headers=headers, stream=httpx2.ByteStream(raw))


def carry_out_late(waiting: list[Late], until: datetime) -> int:
    """Carry out what is due by `until`; how much it was."""
    due = [late for late in waiting if late.due <= until]
    for late in due:
        waiting.remove(late)
        late.carry_out()
    return len(due)

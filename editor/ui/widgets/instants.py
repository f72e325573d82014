"""Moments as people say them: 14:02 today, yesterday 16:12, Sun 22 Nov. One zone a newsroom, 24 hours. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from editor.base.messages import Message
from editor.domain.moments import zone_info
from editor.ui.wording import Wording

_DAYS = (Message("instants", "Mon"), Message("instants", "Tue"), Message("instants", "Wed"), Message("instants", "Thu"),
         Message("instants", "Fri"), Message("instants", "Sat"), Message("instants", "Sun"))
_MONTHS = (Message("instants", "Jan"), Message("instants", "Feb"), Message("instants", "Mar"),
           Message("instants", "Apr"), Message("instants", "May"), Message("instants", "Jun"),
           Message("instants", "Jul"), Message("instants", "Aug"), Message("instants", "Sep"),
           Message("instants", "Oct"), Message("instants", "Nov"), Message("instants", "Dec"))


class Instants:
    """Says instants in one zone and one language."""

    def __init__(self, wording: Wording, zone: str, now: Callable[[], datetime] | None = None) -> None:
        """`now` is what `recent` is seen from."""
        self._wording, self._now = wording, now
        self._zone: ZoneInfo = zone_info(zone)

    def clock(self, instant: datetime, *, seconds: bool = False) -> str:
        """The time of day alone."""
        return instant.astimezone(self._zone).strftime("%H:%M:%S" if seconds else "%H:%M")

    def recent(self, instant: datetime) -> str:
        """`near` as seen from the present, where that is known."""
        return self.clock(instant) if self._now is None else self.near(instant, self._now())

    def near(self, instant: datetime, now: datetime) -> str:
        """As short as it can be seen from `now`: the time alone today, else with its day."""
        local, today = instant.astimezone(self._zone), now.astimezone(self._zone).date()
        if local.date() == today:
            return self.clock(instant)
        if local.date() == today - timedelta(days=1):
            return self._wording.tr("instants", "yesterday {time}", time=self.clock(instant))
        if local.date() == today + timedelta(days=1):
            return self._wording.tr("instants", "tomorrow {time}", time=self.clock(instant))
        day = self._wording.tr("instants", "{weekday} {day} {month} {time}", weekday=_DAYS[local.weekday()],
                               day=local.day, month=_MONTHS[local.month - 1], time=self.clock(instant))
        return day if local.year == today.year else f"{local.year}, {day}"

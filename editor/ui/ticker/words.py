"""What is said of a line: its phase, how it stands towards the server, its days and lengths of time. No Qt in here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from editor.base.messages import Message
from editor.desk.read_models import TickerItem
from editor.domain.ticker import Phase, Priority
from editor.ui.theme.tokens import Tone
from editor.ui.wording import Wording

WEEKDAYS = (
    Message("ticker_desk", "Monday"), Message("ticker_desk", "Tuesday"), Message("ticker_desk", "Wednesday"),
    Message("ticker_desk", "Thursday"), Message("ticker_desk", "Friday"), Message("ticker_desk", "Saturday"),
    Message("ticker_desk", "Sunday"),
)
MONTHS = (
    Message("ticker_desk", "January"), Message("ticker_desk", "February"), Message("ticker_desk", "March"),
    Message("ticker_desk", "April"), Message("ticker_desk", "May"), Message("ticker_desk", "June"),
    Message("ticker_desk", "July"), Message("ticker_desk", "August"), Message("ticker_desk", "September"),
    Message("ticker_desk", "October"), Message("ticker_desk", "November"), Message("ticker_desk", "December"),
)
PHASES: Mapping[Phase, Message] = {
    Phase.DRAFT: Message("ticker_desk", "Draft"),
    Phase.READY: Message("ticker_desk", "Ready"),
    Phase.PLANNED: Message("ticker_desk", "Planned"),
    Phase.LIVE: Message("ticker_desk", "Live"),
    Phase.EXPIRED: Message("ticker_desk", "Expired"),
    Phase.NOT_SHOWN: Message("ticker_desk", "Not shown"),
    Phase.MISSED: Message("ticker_desk", "Missed"),
    Phase.WITHDRAWN: Message("ticker_desk", "Withdrawn"),
}
TONES: Mapping[Phase, Tone] = {
    Phase.DRAFT: Tone.NEUTRAL, Phase.READY: Tone.READY, Phase.PLANNED: Tone.PLANNED, Phase.LIVE: Tone.LIVE,
    Phase.EXPIRED: Tone.NEUTRAL, Phase.NOT_SHOWN: Tone.ERROR, Phase.MISSED: Tone.ERROR, Phase.WITHDRAWN: Tone.NEUTRAL,
}
PRIORITIES: Mapping[Priority, Message] = {
    Priority.NORMAL: Message("ticker_desk", "Normal"),
    Priority.IMPORTANT: Message("ticker_desk", "Important"),
    Priority.BREAKING: Message("ticker_desk", "Breaking"),
}


class Place(StrEnum):
    """How a line stands towards the server."""

    NONE = ""
    ON_SERVER = "on_server"
    LOCAL = "local"
    LATE = "late"
    LOST = "lost"  # the server had it once and was put back to an earlier state

    @property
    def is_asked(self) -> bool:
        """Whether a person has to answer before it goes up."""
        return self in (Place.LATE, Place.LOST)


def place_of(item: TickerItem, phase: Phase) -> Place:
    """Whether a line will appear without this machine (T-19); only what the server accepted counts."""
    card = next((card for card in item.conflicts if card.kind == "late"), None)
    if card is not None or phase is Phase.MISSED:
        return Place.LOST if card is not None and card.code == "forgotten" else Place.LATE
    if phase not in (Phase.PLANNED, Phase.LIVE):
        return Place.NONE
    if item.entry.accepted_at is None or item.waiting:
        return Place.LOCAL
    return Place.ON_SERVER if phase is Phase.PLANNED else Place.NONE


def place_words(place: Place) -> Message | None:
    """The words for it, None where nothing needs saying."""
    return {
        Place.ON_SERVER: Message("ticker_desk", "on the server ✓"),
        Place.LOCAL: Message("ticker_desk", "on this computer only ⚠"),
        Place.LATE: Message("ticker_desk", "comes too late – choose"),
        Place.LOST: Message("ticker_desk", "lost by the server – choose"),
    }.get(place)


def day_words(wording: Wording, day: date) -> str:
    """`dinsdag 24 november`."""
    return wording.tr("ticker_desk", "{weekday} {day} {month}", weekday=WEEKDAYS[day.weekday()], day=day.day,
                      month=MONTHS[day.month - 1])


def span_words(wording: Wording, minutes: int) -> str:
    """A length of time: minutes up to two hours, then hours and minutes."""
    if minutes < 120:
        return wording.tr("ticker_desk", "{n} min", n=minutes)
    return wording.tr("ticker_desk", "{hours} h {minutes}", hours=minutes // 60, minutes=f"{minutes % 60:02}")


def gap_words(wording: Wording, minutes: int) -> str:
    """A gap's length in full: `72 minuten`, `5 uur`."""
    if minutes < 180:
        return wording.tr("ticker_desk", "{n} minutes", n=minutes)
    return span_words(wording, minutes)


def minutes_until(at: datetime, now: datetime) -> int:
    """Whole minutes from `now` to `at`, counted as on a clock: 12:41:40 to 12:55 is fourteen."""
    minute = now.replace(second=0, microsecond=0)
    return int((at - minute).total_seconds() // 60)

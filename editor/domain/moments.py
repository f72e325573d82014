"""Times that a person chose: the instant together with what was meant on the wall (T-14, T-15, T-17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from editor.base.errors import UserError
from editor.base.messages import Message


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (`utc`) and the wall time, zone and fold it was chosen by. `fold` is None where no hour repeats."""

    utc: datetime
    wall: str
    zone: str
    fold: int | None = None

    @property
    def hhmm(self) -> str:
        """`HH:MM` on the wall it was chosen by."""
        return self.wall[11:16]


def zone_info(zone: str) -> ZoneInfo:
    """The zone of that IANA name. Raises `UserError` for a name that is none."""
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UserError("bad_zone", Message("moments", "There is no time zone {zone}.", {"zone": zone})) from error


def moment_of(instant: datetime, zone: str) -> Moment:
    """The moment on `zone`'s wall at `instant`."""
    local = instant.astimezone(zone_info(zone))
    seconds = "seconds" if local.second else "minutes"
    wall = local.replace(tzinfo=None, microsecond=0).isoformat(timespec=seconds)
    return Moment(instant, wall, zone, local.fold if _repeats(local.replace(tzinfo=None), zone) else None)


def moment_from_wall(wall: str | datetime, zone: str, fold: int | None = None) -> Moment:
    """The moment meant by `wall` (`YYYY-MM-DDTHH:MM[:SS]`) in `zone`.

    Raises `UserError` of kind `dst_gap` when the clock skips that time (never shifted silently), `dst_fold` when it
    comes twice and `fold` does not say which, `bad_time` when it is no time.
    """
    try:
        naive = (datetime.fromisoformat(wall) if isinstance(wall, str) else wall).replace(tzinfo=None, microsecond=0)
    except ValueError as error:
        raise UserError("bad_time", Message("moments", "{wall} is not a time.", {"wall": wall})) from error
    info = zone_info(zone)
    first, second = (naive.replace(tzinfo=info, fold=which).astimezone(UTC) for which in (0, 1))
    text = naive.isoformat(timespec="seconds" if naive.second else "minutes")
    if first == second:
        return Moment(first, text, zone)
    if first.astimezone(info).replace(tzinfo=None) != naive:
        raise UserError(
            "dst_gap",
            Message("moments", "{wall} does not exist: the clock goes forward that night.",
                    {"wall": text.replace("T", " ")}),
            fix=Message("moments", "Choose 01:59, or the same minutes after 03:00."),
        )
    if fold is None:
        raise UserError(
            "dst_fold",
            Message("moments", "{wall} comes twice: the clock goes back that night.", {"wall": text.replace("T", " ")}),
            fix=Message("moments", "Say which: the first (summer time, fold 0) or the second (winter time, fold 1)."),
        )
    return Moment(first if fold == 0 else second, text, zone, fold)


def _repeats(naive: datetime, zone: str) -> bool:
    info = zone_info(zone)
    first, second = (naive.replace(tzinfo=info, fold=which).astimezone(UTC) for which in (0, 1))
    return first != second and first.astimezone(info).replace(tzinfo=None) == naive

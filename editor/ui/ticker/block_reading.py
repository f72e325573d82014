"""A pasted list as it was read: what each line becomes, what is wrong, and what was passed over. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.desk.ticker import PlannedLine, moments_for
from editor.domain.newsroom import Newsroom
from editor.domain.refusal import Refused
from editor.domain.ticker import Intent, TickerEntry
from editor.domain.ticker_lines import parse_block
from editor.domain.ticker_rules import check_shape


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of the list: its number there, its text, and what it becomes or what is wrong with it."""

    number: int
    text: str
    planned: PlannedLine | None = None
    fault: Message | None = None
    passed: bool = False  # its time has passed
    skipped: bool = False  # no ticker line: left out


@dataclass(frozen=True, slots=True)
class BlockReading:
    """The whole list. It is imported all or nothing: only when no line has a fault."""

    lines: tuple[ReadLine, ...]

    @property
    def planned(self) -> tuple[PlannedLine, ...]:
        """What would be planned."""
        return tuple(line.planned for line in self.lines if line.planned is not None)

    @property
    def faults(self) -> int:
        """How many lines cannot be taken."""
        return sum(1 for line in self.lines if line.fault is not None)

    @property
    def passed(self) -> int:
        """How many lie in the past: they go in with their own time."""
        return sum(1 for line in self.lines if line.passed)

    @property
    def can_import(self) -> bool:
        """Whether Enter may take it."""
        return bool(self.planned) and not self.faults


def read_block(text: str, day: date, newsroom: Newsroom, now: datetime) -> BlockReading:
    """Read a pasted list on `day`. A line with a time that cannot be is shown with its sentence."""
    try:
        block = parse_block(text)
    except UserError as error:
        number = error.message.params.get("number", 0)
        at = number if isinstance(number, int) else 0
        rows = text.splitlines()
        return BlockReading((ReadLine(at, rows[at - 1].strip() if 0 < at <= len(rows) else "", fault=error.message),))
    found = [ReadLine(other.number, other.text, skipped=True) for other in block.others]
    late = timedelta(minutes=newsroom.ticker.late_max[0])
    for line in block.lines:
        try:
            planned = moments_for((line,), day, newsroom)[0]
            check_shape(TickerEntry("", headline=line.headline, start=planned.start, intent=Intent.PLANNED), newsroom)
        except (UserError, Refused) as error:
            found.append(ReadLine(line.number, line.headline, fault=error.message))
            continue
        found.append(ReadLine(line.number, line.headline, planned, passed=now - planned.start.utc > late))
    return BlockReading(tuple(sorted(found, key=lambda line: line.number)))

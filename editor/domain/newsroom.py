"""What a newsroom shares: one document with its address, its zone and the numbers of its rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ReasonClass(StrEnum):
    """The ground of a rejection (domain-rules C4): house rule, possibly criminal, privacy, commercial/technical."""

    HOUSE = "H"
    CRIMINAL = "S"
    PRIVACY = "P"
    COMMERCIAL = "C"

    @property
    def overrules(self) -> bool:
        """Whether a rejection on this ground stands against an approval without a dispute (C2b, C3)."""
        return self in (ReasonClass.CRIMINAL, ReasonClass.PRIVACY)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason to reject: `key` on the keyboard, stable `code`, English `label` (translated by wording)."""

    key: str
    code: str
    label: str
    ground: ReasonClass
    note_needed: bool = False
    escalates: bool = False


REASONS: tuple[Reason, ...] = (
    Reason("1", "OFFTOPIC", "Off topic", ReasonClass.HOUSE),
    Reason("2", "BELEDIGING", "Insult", ReasonClass.HOUSE),
    Reason("3", "DISCRIMINATIE", "Discrimination", ReasonClass.CRIMINAL),
    Reason("4", "GEWELD", "Violence", ReasonClass.CRIMINAL, escalates=True),
    Reason("5", "PRIVACY", "Privacy", ReasonClass.PRIVACY),
    Reason("6", "SPAM", "Spam", ReasonClass.COMMERCIAL),
    Reason("7", "DUBBEL", "Duplicate", ReasonClass.COMMERCIAL),
    Reason("8", "SCHREEUWEN", "Shouting", ReasonClass.HOUSE),
    Reason("9", "ONLEESBAAR", "Unreadable", ReasonClass.HOUSE),
    Reason("0", "OVERIG", "Other…", ReasonClass.HOUSE, note_needed=True),
    Reason("L", "LINK", "Link or source cannot be checked", ReasonClass.HOUSE),
    Reason("M", "SMAAD", "Serious accusation without ground", ReasonClass.CRIMINAL),
    Reason("T", "TROLLEN", "Trolling", ReasonClass.HOUSE),
    Reason("B", "BELEID", "About our moderation", ReasonClass.HOUSE),
    Reason("O", "ONJUIST", "Demonstrably false and harmful", ReasonClass.HOUSE),
    Reason("Q", "CITEERT", "Quotes removed text", ReasonClass.HOUSE),
    Reason("R", "RECHTEN", "Copyright", ReasonClass.HOUSE),
    Reason("K", "KWETSBAAR", "Vulnerable person", ReasonClass.PRIVACY),
)


def reason(code: str | None) -> Reason | None:
    """The reason of that code, None for one that is not known."""
    return next((item for item in REASONS if item.code == code), None)


@dataclass(frozen=True, slots=True)
class FollowLink:
    """A line like *Volg ons op …*; shown as a link once it has an address."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class TickerRules:
    """The ticker's numbers (domain-rules C6). Minutes unless the name says hours."""

    max_visible: int = 10  # T-04
    hold_min: int = 90  # T-04
    max_pins: int = 3  # T-05
    min_gap: int = 4  # T-06
    breaking_gap: int = 15  # T-06
    burst: int = 12  # T-06: starts in any hour
    max_gap_day: int = 60  # T-08
    max_gap_night: int = 180  # T-08
    quiet_from: int = 23  # hour
    quiet_to: int = 7  # hour
    soft_length: int = 60  # T-09
    hard_length: int = 90  # T-09
    ttl_hours: tuple[int, int, int] = (12, 24, 24)  # T-01 by priority; breaking decays after `decay_hours`
    decay_hours: int = 6
    late_max: tuple[int, int, int] = (15, 30, 10)  # T-21 by priority
    grace_shown: int = 2  # T-03: really seen later than this shows the real minute


@dataclass(frozen=True, slots=True)
class FieldLimits:
    """Advised lengths in graphemes; marked when passed, never cut (A19)."""

    kicker: int = 30
    headline: int = 90
    lead: int = 300


@dataclass(frozen=True, slots=True)
class Newsroom:
    """The newsroom's document as a value."""

    id: str = ""
    name: str = "Redactie"
    url: str = ""
    zone: str = "Europe/Amsterdam"
    language: str = "nl"
    follow: tuple[FollowLink, ...] = ()
    sections: tuple[str, ...] = ()
    limits: FieldLimits = field(default_factory=FieldLimits)
    ticker: TickerRules = field(default_factory=TickerRules)
    grace_s: int = 10  # S-01
    later_min: int = 60  # how long "later" lasts
    undo_hours: int = 24  # C1: restoring one's own decision
    ask_again_min: int = 60  # a publish or correct not sent within this asks "still true?"
    schedule_late_min: int = 5
    four_eyes: bool = False
    reactions_mode: str = "pre"
    checklist: tuple[str, ...] = ("headline",)  # fields that `submit` needs

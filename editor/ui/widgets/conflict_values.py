"""A field's value as a person reads it: moments as people write them, codes by their names. No Qt in here.

Values are those of the wire; what is an id there is said by its title, never by the id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from editor.base.messages import Message
from editor.base.wire import BadWire, parse_time
from editor.domain.moments import moment_of
from editor.ui.code_words import FIELDS
from editor.ui.wording import Wording

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_NAMED_BY_ID = ("article_id", "related", "media_id", "person_id")
_CODES: Mapping[str, Mapping[object, Message]] = {
    "reactions_mode": {"pre": Message("conflict", "judged before they are placed"), "open": Message("conflict", "open"),
                       "closed": Message("conflict", "closed"), "manual": Message("conflict", "by hand")},
    "intent": {"draft": Message("conflict", "draft"), "ready": Message("conflict", "ready"),
               "planned": Message("conflict", "planned"), "withdrawn": Message("conflict", "withdrawn")},
    "priority": {0: Message("conflict", "normal"), 1: Message("conflict", "important"),
                 2: Message("conflict", "breaking")},
    "language": {"nl": Message("conflict", "Dutch"), "en": Message("conflict", "English"),
                 "fr": Message("conflict", "French"), "ar": Message("conflict", "Arabic")},
}


def code_name(name: str, value: object) -> Message | None:
    """What a code of the field `name` is called; None where its values are no codes."""
    return _CODES.get(name, {}).get(value) if isinstance(value, str | int) else None


def is_free_text(name: str) -> bool:
    """Whether a person may write words of his own into a field that holds a text: no code, no moment, no id."""
    return name not in _CODES and name not in _NAMED_BY_ID and not name.endswith("_at")


def ids_in(name: str, *values: Any) -> set[str]:
    """The ids of things by whose titles these values of the field `name` are said."""
    if name not in _NAMED_BY_ID:
        return set()
    return {str(one) for value in values for one in (value if isinstance(value, list | tuple) else (value,)) if one}


@dataclass(frozen=True, slots=True)
class Values:
    """Says values. `zone` is the wall on which bare instants are read; `titles` names things by their ids; `sections`
    are the newsroom's own, without any every word may be one."""

    wording: Wording
    zone: str = "Europe/Amsterdam"
    titles: Mapping[str, str] = field(default_factory=dict)
    sections: Sequence[str] = ()

    def choices(self, name: str, *present: Any) -> tuple[str, ...]:
        """What may stand in a field that holds one of a few, with what is in it now; nothing for other fields."""
        if name != "section" or not self.sections:
            return ()
        return (*self.sections, *dict.fromkeys(one for one in present if one and one not in self.sections))

    def say(self, name: str, value: Any) -> str:
        """The value of the field `name` in words; empty when there is none."""
        known = code_name(name, value)
        if known is not None:
            return self.wording.say(known)
        match value:
            case None:
                return ""
            case bool():
                return self.wording.say(Message("conflict", "yes") if value else Message("conflict", "no"))
            case [end, minutes] if name == "end|ttl_min":
                return self.say("end", end) or self.say("ttl_min", minutes)
            case int() if name == "ttl_min":
                return self._lasting(value)
            case str():
                return self._text(name, value)
            case {"wall": str(wall)}:
                return self._moment(wall, value.get("fold"))
            case {"name": str(person)}:
                role = value.get("role")
                return f"{person} ({role})" if role else person
            case {"slot": slot}:
                until = self.say("until", value.get("until"))
                place = self.wording.tr("conflict", "place {slot}", slot=slot)
                return self.wording.tr("conflict", "{place}, until {end}", place=place, end=until) if until else place
            case dict():
                return "\n".join(f"{self._name(part)}: {said}" for part, one in value.items()
                                 if part not in _NAMED_BY_ID and (said := self.say(part, one)))
            case [*parts]:
                between = "\n" if name in _NAMED_BY_ID else ", "  # headlines have commas of their own
                return between.join(said for part in parts if (said := self.say(name, part)))
            case _:
                return str(value)

    def _text(self, name: str, value: str) -> str:
        if name in _NAMED_BY_ID and value:
            return self.titles.get(value) or self.wording.tr("conflict", "something without a title")
        if _INSTANT.fullmatch(value):
            try:
                return self.wording.wall(moment_of(parse_time(value), self.zone).wall)
            except BadWire:
                return value
        return value

    def _moment(self, wall: str, fold: object) -> str:
        said = self.wording.wall(wall)
        if fold not in (0, 1):
            return said
        which = Message("conflict", "summer time") if fold == 0 else Message("conflict", "winter time")
        return f"{said} ({self.wording.say(which)})"

    def _lasting(self, minutes: int) -> str:
        tr = self.wording.tr
        if minutes % 60 == 0:
            return tr("conflict", "one hour after the start|{n} hours after the start", n=minutes // 60)
        return tr("conflict", "one minute after the start|{n} minutes after the start", n=minutes)

    def _name(self, part: str) -> str:
        return self.wording.say(FIELDS[part]) if part in FIELDS else part

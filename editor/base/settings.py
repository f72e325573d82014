"""Every setting, declared once: the settings window, its defaults and its checks are made from this table.

A setting's scope says where it lives: *machine* and *person* in the profile's `setting` table, which is readable
before the database layer is loaded; *newsroom* is a field of the newsroom's document, which admins share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from editor.base.errors import UserError
from editor.base.messages import Message


class Scope(StrEnum):
    """Whom a setting belongs to."""

    MACHINE = "machine"
    PERSON = "person"
    NEWSROOM = "newsroom"


class Kind(StrEnum):
    """What a setting's control is."""

    CHOICE = "choice"
    SWITCH = "switch"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice and how it is called."""

    value: str
    label: Message


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `field` is the newsroom document's field, dotted, for the newsroom's own."""

    key: str
    scope: Scope
    kind: Kind
    default: str
    group: Message
    label: Message
    help: Message
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int = 0
    field: str = ""


_LOOK = Message("settings", "Appearance")
_WRITING = Message("settings", "Writing")
_TICKER = Message("settings", "Ticker")
_NEWSROOM = Message("settings", "Newsroom")
_SENDING = Message("settings", "Sending")

SETTINGS: tuple[Setting, ...] = (
    Setting("language", Scope.PERSON, Kind.CHOICE, "nl", _LOOK, Message("settings", "Language"),
            Message("settings", "The language of the program; an article has its own."),
            (Choice("nl", Message("settings", "Dutch")), Choice("en", Message("settings", "English")))),
    Setting("theme", Scope.PERSON, Kind.CHOICE, "system", _LOOK, Message("settings", "Theme"),
            Message("settings", "Follow the system, or always the same."),
            (Choice("system", Message("settings", "As the system")), Choice("light", Message("settings", "Light")),
             Choice("dark", Message("settings", "Dark")), Choice("contrast", Message("settings", "High contrast")))),
    Setting("text_size", Scope.PERSON, Kind.CHOICE, "normal", _LOOK, Message("settings", "Text size"),
            Message("settings", "The size of all text in the program."),
            (Choice("normal", Message("settings", "Normal")), Choice("large", Message("settings", "Large")),
             Choice("largest", Message("settings", "Very large")))),
    Setting("writing_font", Scope.PERSON, Kind.CHOICE, "text", _WRITING, Message("settings", "Font while writing"),
            Message("settings", "The text family, or one in which every letter is equally wide."),
            (Choice("text", Message("settings", "Text")), Choice("mono", Message("settings", "Monospaced")))),
    Setting("snap", Scope.PERSON, Kind.CHOICE, "1", _TICKER, Message("settings", "Grid of the timeline"),
            Message("settings", "Dragging a line moves it by this many minutes."),
            tuple(Choice(str(n), Message("settings", "one minute|{n} minutes", {"n": n})) for n in (1, 5, 15))),
    Setting("notify", Scope.PERSON, Kind.SWITCH, "true", _SENDING, Message("settings", "Call me"),
            Message("settings", "A notification when something needs you while the window is not in front: a conflict, a "
                                "dispute, something that was refused, a log-in.")),
    Setting("name", Scope.NEWSROOM, Kind.TEXT, "", _NEWSROOM, Message("settings", "Name of the newsroom"),
            Message("settings", "Stands at the head of the public page."), field="name"),
    Setting("zone", Scope.NEWSROOM, Kind.TEXT, "Europe/Amsterdam", _NEWSROOM, Message("settings", "Time zone"),
            Message("settings", "Every time in the program and on the page is shown in it."), field="zone"),
    Setting("grace_s", Scope.NEWSROOM, Kind.NUMBER, "10", _SENDING, Message("settings", "Seconds before sending"),
            Message("settings", "How long a publication or a decision can be stopped."), most=60, field="grace_s"),
    Setting("four_eyes", Scope.NEWSROOM, Kind.SWITCH, "false", _SENDING, Message("settings", "Four eyes"),
            Message("settings", "Nobody approves what he wrote last himself."), field="four_eyes"),
    Setting("max_visible", Scope.NEWSROOM, Kind.NUMBER, "10", _TICKER, Message("settings", "Lines on the page"),
            Message("settings", "The most lines that the public list shows."), least=3, most=40,
            field="ticker.max_visible"),
)


def setting(key: str) -> Setting:
    """The setting of that key. Raises `UserError` for one that does not exist."""
    found = next((item for item in SETTINGS if item.key == key), None)
    if found is None:
        raise UserError("no_setting", Message("settings", "There is no setting {key}.", {"key": key}))
    return found


def checked(item: Setting, value: str) -> str:
    """`value` if the setting can hold it. Raises `UserError` otherwise."""
    good = {
        Kind.CHOICE: value in {choice.value for choice in item.choices},
        Kind.SWITCH: value in ("true", "false"),
        Kind.NUMBER: value.isdigit() and item.least <= int(value) <= (item.most or 10**9),
        Kind.TEXT: len(value) <= 500,
    }[item.kind]
    if not good:
        raise UserError("bad_setting", Message("settings", "{key} cannot be {value}.",
                                               {"key": item.label, "value": value}))
    return value


def value_of(item: Setting, stored: Mapping[str, str]) -> str:
    """What holds: the stored value where it is a good one, else the default."""
    value = stored.get(item.key, item.default)
    try:
        return checked(item, value)
    except UserError:
        return item.default

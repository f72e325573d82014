"""What every verb shares: the profile it works on, how it answers, and how it says what went wrong.

With `--json` exactly one object goes to standard output; everything else goes to standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from editor.base.errors import EditorError, UserError
from editor.base.messages import Message
from editor.base.paths import profile_dir
from editor.domain.moments import Moment, moment_from_wall, moment_of
from editor.station import Workstation, open_workstation
from editor.ui.wording import Wording


@dataclass(frozen=True, slots=True)
class Answer:
    """What a verb says: one object for programs, some lines for people, and its exit code."""

    json: Mapping[str, Any]
    lines: tuple[str, ...] = ()
    code: int = 0


class Usage(UserError):
    """The command line itself is wrong."""

    exit_code = 2


@dataclass(slots=True)
class Session:
    """One call of the command line."""

    args: argparse.Namespace
    wording: Wording
    opened: list[Workstation] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The profile's folder."""
        return Path(self.args.profile).expanduser() if self.args.profile else profile_dir()

    @contextlib.contextmanager
    def changing(self) -> Iterator[Workstation]:
        """The profile, opened to change it: made if it is not there, refused while another process has it."""
        station = open_workstation(self.folder, changing=True)
        try:
            yield station
        finally:
            station.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Workstation]:
        """The profile, opened to read: also while the window has it open."""
        station = open_workstation(self.folder, changing=False)
        try:
            yield station
        finally:
            station.close()


Run = Callable[[Session], Answer]


# What argparse says, as it says it, and how we say it: it has no catalogue of its own for Dutch.
_USAGE = (
    (re.compile(r"(?:argument (?P<argument>\S+): )?invalid choice: (?P<value>.+?) \((?:choose from )(?P<choices>.+)\)"),
     Message("cli", "{argument} cannot be {value}; choose from {choices}.")),
    (re.compile(r"the following arguments are required: (?P<names>.+)"), Message("cli", "Still missing: {names}.")),
    (re.compile(r"unrecognized arguments: (?P<names>.+)"), Message("cli", "There is no {names} here.")),
    (re.compile(r"argument (?P<argument>\S+): invalid \w+ value: (?P<value>.+)"),
     Message("cli", "{argument} cannot be {value}.")),
    (re.compile(r"argument (?P<argument>\S+): expected (?:one|at least one) argument"),
     Message("cli", "{argument} needs a value.")),
)


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one sentence and never exits by itself."""

    def error(self, message: str) -> NoReturn:
        """Wrong usage."""
        said = Message("cli", "This command cannot be read: {why}", {"why": message})
        for pattern, ours in _USAGE:
            found = pattern.fullmatch(message)
            if found is not None:
                said = Message(ours.context, ours.source, {k: v or "" for k, v in found.groupdict().items()})
                break
        raise Usage("usage", said, fix=Message("cli", "Ask for help with: {command} --help", {"command": self.prog}))


def not_yet(session: Session) -> Answer:
    """A verb of a later version."""
    raise Usage("not_yet", Message("cli", "Not yet in this version: {verb}.", {"verb": session.args.verb_name}))


def say(session: Session, answer: Answer) -> int:
    """Print an answer."""
    if session.args.json:
        sys.stdout.write(json.dumps(answer.json, ensure_ascii=False) + "\n")
    else:
        for line in answer.lines:
            sys.stdout.write(line + "\n")
    sys.stdout.flush()
    return answer.code


def complain(wording: Wording, error: EditorError, *, as_json: bool) -> int:
    """Say what went wrong: what happened, what is safe, what to do."""
    parts = {"message": wording.say(error.message), "safe": wording.say(error.safe) if error.safe else "",
             "fix": wording.say(error.fix) if error.fix else ""}
    if as_json:
        sys.stdout.write(json.dumps({"error": {"kind": error.kind, **parts}}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    sys.stderr.write(" ".join(part for part in parts.values() if part) + "\n")
    return error.exit_code


def read_moment(text: str, zone: str, fold: int | None = None) -> Moment:
    """A time as people type it: ISO 8601 with an offset, or a wall time in the newsroom's zone. Raises `UserError`."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError("bad_time", Message("moments", "{wall} is not a time.", {"wall": text})) from error
    return moment_of(given, zone) if given.tzinfo is not None else moment_from_wall(given, zone, fold)


def one_id(station: Workstation, kind: str, text: str) -> str:
    """The id that `text` names: whole, or its last characters where they are unambiguous. Raises `UserError`."""
    found = station.door.read_now(lambda reader: reader.find(kind, text))
    if len(found) == 1:
        return found[0]
    if not found:
        raise UserError("not_found", Message("desk", "There is no {kind} {id}.", {"kind": kind, "id": text}))
    raise UserError("ambiguous", Message("cli", "{id} could be {n} things; type more of it.",
                                         {"id": text, "n": len(found)}))


def read_text(path: str) -> str:
    """A text from a file, or from standard input for `-`. Raises `UserError`."""
    try:
        raw = sys.stdin.buffer.read() if path == "-" else Path(path).expanduser().read_bytes()
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        raise UserError("no_file", Message("cli", "The file {path} cannot be read: {why}.",
                                           {"path": path, "why": error.strerror or "?"})) from error
    except UnicodeDecodeError as error:
        raise UserError("encoding", Message("cli", "The file {path} is not UTF-8 text.", {"path": path})) from error

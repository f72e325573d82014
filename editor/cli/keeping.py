"""`redactie backup`, `restore`, `rescue`: copies of a profile, and what is left of a damaged one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from editor.base.clock import SystemClock
from editor.base.messages import Message
from editor.cli.frame import Answer, Session
from editor.store.backup import BACKUPS, copy_database, make_backup
from editor.store.backup import restore as put_back
from editor.store.rescue import rescue as save_what_is_left


def register(nouns: Any) -> None:
    """Add the verbs."""
    copying = nouns.add_parser("backup")
    copying.add_argument("--to")
    copying.set_defaults(run=backup)
    restoring = nouns.add_parser("restore")
    restoring.add_argument("file")
    restoring.set_defaults(run=restore)
    nouns.add_parser("rescue").set_defaults(run=rescue)


def backup(session: Session) -> Answer:
    """Make a checked copy of the database."""
    with session.changing() as station:
        made = make_backup(station.profile.store.path, station.profile.folder / BACKUPS, station.clock.now())
        if session.args.to:
            target = Path(session.args.to).expanduser()
            copy_database(station.profile.store.path, target)
            made = target
        return Answer({"backup": {"path": str(made), "bytes": made.stat().st_size}}, (str(made),))


def restore(session: Session) -> Answer:
    """Put a copy in the profile's place; what was there is moved aside, never deleted."""
    aside = put_back(session.folder, Path(session.args.file).expanduser(), clock=SystemClock())
    return Answer({"restore": {"from": session.args.file, "aside": str(aside)}},
                  (str(session.folder),))


def rescue(session: Session) -> Answer:
    """Bring what can still be read of a damaged profile into a new database; the damaged one is moved aside."""
    found = save_what_is_left(session.folder, clock=SystemClock())
    said = {"articles": found.rows["article"], "lines": found.rows["ticker"], "requests": found.rows["outbox"],
            "place": str(found.aside)}
    whole = Message("cli", "Rescued whole: {articles} articles, {lines} ticker lines, {requests} requests; the damaged "
                    "file stands in {place}.", said)
    partly = Message("cli", "Rescued: {articles} articles, {lines} ticker lines, {requests} requests; something could not "
                     "be read, what the server has comes back from it, and the damaged file stands in {place}.", said)
    return Answer({"rescue": {"rows": dict(found.rows), "whole": found.is_whole, "doubtful": list(found.doubtful),
                              "aside": str(found.aside)}},
                  (session.wording.say(whole if found.is_whole else partly), *_doubts(session, found.doubtful)))


def _doubts(session: Session, headlines: tuple[str, ...]) -> tuple[str, ...]:
    told = Message("cli", "Read this one again, letters in it may be wrong: {headline}")
    return tuple(session.wording.say(Message(told.context, told.source, {"headline": one})) for one in headlines)

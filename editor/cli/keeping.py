"""`redactie backup`, `restore`: copies of a profile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from editor.base.clock import SystemClock
from editor.cli.frame import Answer, Session
from editor.store.backup import BACKUPS, copy_database, make_backup
from editor.store.backup import restore as put_back


def register(nouns: Any) -> None:
    """Add the verbs."""
    copying = nouns.add_parser("backup")
    copying.add_argument("--to")
    copying.set_defaults(run=backup)
    restoring = nouns.add_parser("restore")
    restoring.add_argument("file")
    restoring.set_defaults(run=restore)


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

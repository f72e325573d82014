"""`redactie sync --once`, `outbox …`, `doctor`: what travels, and how it stands."""

from __future__ import annotations

from typing import Any

from editor import __version__
from editor.base import sqlite
from editor.base.errors import UserError
from editor.base.messages import Message
from editor.cli.frame import Answer, Session
from editor.desk import pushing, settling
from editor.desk.ports import OutboxRow
from editor.runtime.doctor import Finding, Verdict, examine
from editor.runtime.doctor_words import CHECKS, VERDICTS

EXIT_BY_STATE = {"offline": 3, "needs_login": 3, "unconnected": 3, "attention": 4}


def register(nouns: Any) -> None:
    """Add the verbs."""
    syncing = nouns.add_parser("sync")
    syncing.add_argument("--once", action="store_true", required=True)
    syncing.set_defaults(run=sync_once)
    verbs = nouns.add_parser("outbox").add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("list")
    listing.add_argument("--all", action="store_true")
    listing.set_defaults(run=list_outbox)
    for name, run in (("retry", retry), ("discard", discard)):
        verb = verbs.add_parser(name)
        verb.add_argument("id")
        verb.set_defaults(run=run)
    nouns.add_parser("doctor").set_defaults(run=doctor)


def sync_once(session: Session) -> Answer:
    """Push, then pull, until nothing moves; ends every grace."""
    with session.changing() as station:
        runner = station.runner()
        if runner is None:
            state = {"state": "needs_login", "pushed": 0, "pulled": 0, "conflicts": 0, "pending": 0, "parked": 0}
            return Answer(state, (session.wording.tr("cli", "This profile is not connected to a server."),), 3)
        try:
            report = runner.once()
        finally:
            runner.stop()
        row = {"state": report.state, "pushed": report.pushed, "pulled": report.pulled, "pending": report.pending,
               "conflicts": report.conflicts, "parked": report.parked}
        line = session.wording.tr("cli", "{state}: {pushed} sent, {pulled} received, {pending} waiting.", **row)
        return Answer(row, (line,), EXIT_BY_STATE.get(report.state, 0))


def list_outbox(session: Session) -> Answer:
    """What waits, is under way, or is stuck."""
    with session.reading() as station:
        rows = station.door.read_now(lambda reader: reader.outbox(done=session.args.all))
        return Answer({"outbox": [_row(row) for row in rows]},
                      tuple(f"{row.op_id[-8:]}  {row.state.value:<8}  {row.verb}" for row in rows))


def retry(session: Session) -> Answer:
    """Try one now."""
    with session.changing() as station:
        op_id = _one(session, station.door.read_now(lambda reader: reader.outbox(done=False)))
        station.door.change_now(lambda work: pushing.retry_parked(work, op_id))
        return Answer({"retried": op_id}, (op_id[-8:],))


def discard(session: Session) -> Answer:
    """Give one up, undoably; its text stays among the versions."""
    with session.changing() as station:
        op_id = _one(session, station.door.read_now(lambda reader: reader.outbox(done=False)))
        station.door.change_now(lambda work: settling.give_up(work, op_id))
        return Answer({"discarded": op_id}, (op_id[-8:],))


def doctor(session: Session) -> Answer:
    """What this machine and this profile are like, and the way to the server step by step. Exit code 3 when a step of
    that way fails."""
    with session.reading() as station:
        connection = station.door.read_now(lambda reader: reader.connection())
        counts = station.door.read_now(lambda reader: reader.counts())
        found = {
            "version": __version__, "profile": str(session.folder), "sqlite": ".".join(map(str, sqlite.version())),
            "sqlite_bundled": sqlite.BUNDLED, "secrets": station.secrets.place(),
            "connection": connection.url if connection else None, "state": connection.state if connection else None,
            "unsent": counts.unsent, "conflicts": counts.conflicts, "parked": counts.parked,
            "log_intact": station.log_intact(),
        }
        patient = station.patient()
        findings = tuple(examine(patient, station.clock)) if patient is not None else ()
        lines = [f"{name}: {value}" for name, value in found.items()]
        lines += [_told(session, one) for one in findings]
        checks = [{"check": one.check.value, "verdict": one.verdict.value, "seen": session.wording.say(one.seen),
                   "fix": session.wording.say(one.todo) if one.todo else None} for one in findings]
        is_bad = any(one.verdict is Verdict.BAD for one in findings)
        return Answer({"doctor": {**found, "checks": checks}}, tuple(lines), 3 if is_bad else 0)


def _told(session: Session, finding: Finding) -> str:
    say = session.wording.say
    parts = (say(finding.seen), say(finding.todo) if finding.todo else "")
    return f"{say(CHECKS[finding.check])} ({say(VERDICTS[finding.verdict])}): {' '.join(part for part in parts if part)}"


def _one(session: Session, rows: Any) -> str:
    found = [row.op_id for row in rows if row.op_id.endswith(session.args.id)]
    if len(found) != 1:
        raise UserError("not_found", Message("desk", "There is no {kind} {id}.",
                                             {"kind": "outbox", "id": session.args.id}))
    return str(found[0])


def _row(row: OutboxRow) -> dict[str, Any]:
    return {"id": row.op_id, "entity": row.entity_id, "kind": row.kind, "verb": row.verb, "state": row.state.value,
            "action": row.command.get("action"), "attempts": row.attempts, "last_error": row.last_error,
            "created_at": row.created_at.isoformat(), "take_back": row.take_back}

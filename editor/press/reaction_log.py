"""Press's log of decisions: appended to, chained, never changed (M-02)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base.wire import canonical, digest
from editor.domain.documents import decision_document, decision_value
from editor.domain.moderation import LogRow, Ruling
from editor.domain.reaction import Decision
from editor.press.opened import Press
from editor.press.schema import ReactionLogRow


def read_log(session: Session, newsroom_id: str, reaction_id: str) -> list[LogRow]:
    """The log of one reaction, oldest first."""
    rows = session.scalars(sa.select(ReactionLogRow).where(
        ReactionLogRow.newsroom_id == newsroom_id, ReactionLogRow.reaction_id == reaction_id)
        .order_by(ReactionLogRow.n)).all()
    return [LogRow(decision_value(reaction_id, json.loads(row.decision)), row.result, row.case) for row in rows]


def append(session: Session, newsroom_id: str, n: int, decision: Decision, ruling: Ruling, now: datetime) -> None:
    """Chain a decision to the newsroom's log. The reactions' counter is locked by now, so nobody else appends."""
    last = session.scalars(sa.select(ReactionLogRow.hash).where(ReactionLogRow.newsroom_id == newsroom_id)
                           .order_by(ReactionLogRow.rid.desc()).limit(1)).first() or ""
    row = {"reaction_id": decision.reaction_id, "n": n, "decision_id": decision.id,
           "decision": canonical(decision_document(decision)).decode(), "result": ruling.result, "case": ruling.case}
    session.execute(sa.insert(ReactionLogRow).values(
        newsroom_id=newsroom_id, at=now, prev_hash=last, hash=_chained(last, row), **row))


def first_broken_link(press: Press) -> int | None:
    """The row (its `rid`) from which the chain does not hold any more, None for a whole one."""
    last = ""
    with press.database.read() as session:
        rows = session.scalars(sa.select(ReactionLogRow).where(
            ReactionLogRow.newsroom_id == press.house.newsroom_id).order_by(ReactionLogRow.rid))
        for row in rows:
            told = {name: getattr(row, name) for name in ("reaction_id", "n", "decision_id", "decision", "result", "case")}
            if row.prev_hash != last or row.hash != _chained(last, told):
                return row.rid
            last = row.hash
    return None


def _chained(last: str, row: Mapping[str, Any]) -> str:
    return digest([last, dict(row)])

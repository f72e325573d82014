"""A press with very many things in it, made straight in its database: what a large newsroom has after years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from editor.base import sqlite
from editor.base.clock import SystemClock
from editor.base.ids import new_id
from editor.base.wire import canonical, digest_bytes, to_ms
from editor.bench.filling import AT_ONCE, WORDS
from editor.domain.article import Article, Status
from editor.domain.documents import STREAM_OF, article_document, reaction_document
from editor.domain.reaction import Decision, Reaction, ReactionStatus, Verb, text_hash
from editor.press import service

DATABASE = "press.db"
DAYS = 29  # of reactions: all of them are young enough for a first reading
ON_HOLD = 20  # one reaction in so many waits for a moderator
SECTIONS = ("Stad", "Regio", "Economie", "Sport")


def fill_newsroom(folder: Path, *, articles: int, reactions: int) -> None:
    """Put that many articles and reactions into the press of this folder, each with a whole document."""
    now = SystemClock().now()
    with service.administering(database_url(folder)) as press:
        newsroom_id = press.house.newsroom_id
    raw = sqlite.connect(folder / DATABASE, "writer")
    try:
        ids = [new_id() for _ in range(articles)]
        _insert(raw, newsroom_id, "article", now, (
            (one, _article(one, number), {"state": Status.DRAFT.value}) for number, one in enumerate(ids)), articles)
        _insert(raw, newsroom_id, "reaction", now,
                (_reaction(ids, number, reactions, now) for number in range(reactions)), reactions)
    finally:
        raw.close()


def database_url(folder: Path) -> str:
    """Where that press has its database."""
    return f"sqlite:///{folder / DATABASE}"


def _insert(raw: sqlite.Connection, newsroom_id: str, kind: str, now: datetime,
            made: Iterator[tuple[str, Mapping[str, Any], dict[str, Any]]], count: int) -> None:
    stream = STREAM_OF[kind]
    found = raw.execute("SELECT head FROM feed_head WHERE newsroom_id = ? AND stream = ?", (newsroom_id, stream)).fetchone()
    head = int(found[0]) if found is not None else 0
    for first in range(0, count, AT_ONCE):
        rows = []
        for seq in range(head + first + 1, head + 1 + min(first + AT_ONCE, count)):
            identity, document, columns = next(made)
            doc = canonical(document).decode()
            rows.append({
                "newsroom_id": newsroom_id, "id": identity, "kind": kind, "stream": stream, "rev_n": 1,
                "rev": f"1-{digest_bytes(doc.encode())[:12]}", "seq": seq, "doc": doc, "deleted": 0, "why": "",
                "op_id": None, "actor": None, "replica": None, "at": to_ms(now), "tail": identity[-8:], "article_id": "",
                "number": None, "starts_at": None, "ends_at": None, **columns})
        names = list(rows[0])
        places = ", ".join(f":{name}" for name in names)
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(f"INSERT INTO entity({', '.join(names)}) VALUES({places})", rows)
        raw.execute("INSERT INTO feed_head(newsroom_id, stream, head) VALUES(?, ?, ?) "
                    "ON CONFLICT(newsroom_id, stream) DO UPDATE SET head = excluded.head",
                    (newsroom_id, stream, rows[-1]["seq"]))
        raw.execute("COMMIT")


def _article(identity: str, number: int) -> dict[str, Any]:
    body = "\n\n".join(WORDS[number * 7 % 90:] for _ in range(6))
    return article_document(Article(
        identity, headline=f"Artikel {number} over de Oosterkade", lead=WORDS[:160], body=body,
        section=SECTIONS[number % len(SECTIONS)]))


def _reaction(articles: list[str], number: int, count: int, now: datetime) -> tuple[str, dict[str, Any], dict[str, Any]]:
    identity, article_id = new_id(), articles[number * len(articles) // count]
    at = now - timedelta(days=DAYS) * (1 - number / count)
    text, name = f"Reactie {number}: {WORDS[number % 90:][:110]}", f"Lezer {number % 977}"
    hashed = text_hash(text, name, "", article_id)
    verb = None if number % ON_HOLD == 0 else Verb.REJECT if number % 11 == 0 else Verb.APPROVE
    status = {None: ReactionStatus.HOLD, Verb.REJECT: ReactionStatus.TRASH}.get(verb, ReactionStatus.APPROVED)
    decision = Decision(new_id(), identity, verb, "", at, hashed, actor_name="Noor") if verb is not None else None
    made = Reaction(identity, article_id, number + 1, name, text, hashed, at, status=status, decision=decision,
                    log_n=int(verb is not None))
    return identity, reaction_document(made), {
        "state": status.value, "article_id": article_id, "number": number + 1, "at": to_ms(at)}

"""A real press over real HTTP, in a thread of the test, with a clock that the test moves."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from editor.base.clock import Clock, FixedClock
from editor.base.ids import new_id, new_key
from editor.base.wire import MEDIA_TYPE, digest
from editor.domain.article import content_hash
from editor.domain.documents import article_value, moment_document
from editor.domain.moments import moment_from_wall
from editor.press import people
from editor.press.opened import Press
from editor.press.server import PressServer
from editor.press.service import app_of, create_newsroom, open_press

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # twelve o'clock in Amsterdam, a Tuesday
ZONE = "Europe/Amsterdam"


class Running:
    """One press that answers. `clock` is press's own."""

    def __init__(self, database_url: str, *, clock: Clock | None = None, media: Path | None = None,
                 **settings: Any) -> None:
        self.database_url = database_url
        self.media = media
        self.clock = clock or FixedClock(NOON)
        self.newsroom_id = create_newsroom(database_url, name="De Proefkrant", clock=self.clock, settings=settings)
        self._desks: list[Desk] = []
        self.start()

    @property
    def fixed(self) -> FixedClock:
        assert isinstance(self.clock, FixedClock)
        return self.clock

    def start(self, *, tick_s: float = 30.0) -> None:
        self.press: Press = open_press(self.database_url, clock=self.clock, media=self.media)
        ready = threading.Event()
        self.server = PressServer(app_of(self.press, tick_s=tick_s), hub=self.press.hub, host="127.0.0.1", port=0,
                                  on_ready=lambda _: ready.set())
        self._thread = threading.Thread(target=self.server.run, name="press")
        self._thread.start()
        assert ready.wait(20)
        self.url = self.server.url

    def stop(self) -> None:
        for desk in self._desks:
            desk.http.close()
        self.server.stop()
        self._thread.join(20)
        assert not self._thread.is_alive()

    def desk(self, name: str, *roles: str, **options: Any) -> Desk:
        made = people.add(self.press, name, roles, **options)
        desk = Desk(self, made.token, made.user.id)
        self._desks.append(desk)
        return desk

    def seat(self, other: Desk) -> Desk:
        """The same person and machine at this press, which has the other's database."""
        desk = Desk(self, other.token, other.actor_id)
        self._desks.append(desk)
        return desk

    def page(self, path: str, **options: Any) -> httpx2.Response:
        return httpx2.get(self.url + path, **options)

    def reader(self) -> Reader:
        return Reader(self.url)


class Desk:
    """A workstation as press sees it: a token, a replica, requests."""

    def __init__(self, running: Running, token: str, actor_id: str) -> None:
        self.running, self.token, self.actor_id = running, token, actor_id
        self.http = httpx2.Client(base_url=running.url, timeout=30, headers={
            "Authorization": f"Bearer {token}", "X-Replica-Id": new_id()})

    def op(self, entity_id: str, kind: str, verb: str, *, base: str | None = None, patch: Any = None, cmd: Any = None,
           op_id: str | None = None) -> dict[str, Any]:
        op = {"op_id": op_id or new_key(), "entity_id": entity_id, "kind": kind, "verb": verb, "base_rev": base,
              "schema_v": 1, "patch": patch, "cmd": cmd}
        return {**op, "body_hash": digest(op)}

    def send(self, *ops: Mapping[str, Any]) -> httpx2.Response:
        return self.http.post("/v1/sync/push", content=json.dumps({"ops": list(ops)}),
                              headers={"Content-Type": MEDIA_TYPE})

    def push(self, *args: Any, **options: Any) -> dict[str, Any]:
        answer = self.send(self.op(*args, **options))
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()["results"][0]
        return result

    # ------------------------------------------------------------------------------------------ what desks do

    def write(self, article_id: str | None = None, *, base: str | None = None, **fields: Any) -> dict[str, Any]:
        made = article_id or new_id()
        return {**self.push(made, "article", "upsert", base=base, patch=fields), "id": made}

    def step(self, article_id: str, action: str, *, op_id: str | None = None, at: str | None = None,
             **cmd: Any) -> dict[str, Any]:
        """One step, with the hash of the text as it is now unless another is given."""
        given = {"action": action, "from": None, "content_hash": self.hash_of(article_id), "revokes": [], **cmd}
        if at is not None:
            given["publish_at"] = moment(at)
        if isinstance(given.get("note"), str):
            given["note"] = {"text": given["note"], "type": ""}
        return self.push(article_id, "article", "transition", cmd=given, op_id=op_id)

    def published(self, **fields: Any) -> str:
        """An article that is public."""
        made = self.write(**{"headline": "De brug gaat open", "lead": "Vanaf maandag.", "body": "Tekst.", **fields})
        assert self.step(made["id"], "approve")["status"] == "applied"
        assert self.step(made["id"], "publish")["status"] == "applied"
        return str(made["id"])

    def line(self, headline: str, start: str, *, entry_id: str | None = None, base: str | None = None,
             on_late: str | None = None, **fields: Any) -> dict[str, Any]:
        made = entry_id or new_id()
        patch = {"headline": headline, "start": moment(start), "intent": "planned", **fields}
        return {**self.push(made, "ticker", "upsert", base=base, patch=patch, cmd={"on_late": on_late}), "id": made}

    def decide(self, reaction_id: str, action: str, *, seen_n: int | None = None, text_hash: str | None = None,
               reason: str | None = None, note: str = "", until: str | None = None,
               decision_id: str | None = None) -> dict[str, Any]:
        doc = self.doc(reaction_id)
        return self.push(reaction_id, "reaction", "moderate", cmd={
            "decision_id": decision_id or new_id(), "action": action, "reason": reason, "note": note, "until": until,
            "text_hash": text_hash or doc["text_hash"], "seen_n": doc["log_n"] if seen_n is None else seen_n})

    def entity(self, entity_id: str) -> dict[str, Any]:
        answer = self.http.get(f"/v1/entities/{entity_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def doc(self, entity_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.entity(entity_id)["doc"]
        return found

    def hash_of(self, article_id: str) -> str:
        return content_hash(article_value(article_id, self.doc(article_id)))

    def changes(self, stream: str = "content", cursor: str | None = None, **query: Any) -> dict[str, Any]:
        answer = self.http.get("/v1/sync/changes", params={"stream": stream, **({"cursor": cursor} if cursor else {}),
                                                           **query})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


class Reader:
    """Somebody at the public page, with a browser that keeps cookies."""

    def __init__(self, url: str) -> None:
        self.http = httpx2.Client(base_url=url, follow_redirects=False, timeout=30)

    def react(self, path: str, **fields: str) -> httpx2.Response:
        """Open the page and send its form."""
        page = self.http.get(path).text
        token = re.search(r'name="token" value="([^"]+)"', page)
        given = {"name": "Anna", "email": "", "text": "Mooi stuk.", "parent": "", "website": "",
                 "token": token[1] if token else "", **fields}
        return self.http.post(path.partition("?")[0] + "/reacties", data=given)

    def close(self) -> None:
        self.http.close()


def moment(wall: str) -> Any:
    """The moment of a wall time on the test's day (`HH:MM`) or of a whole one."""
    return moment_document(moment_from_wall(wall if "T" in wall else f"2026-11-24T{wall}", ZONE))

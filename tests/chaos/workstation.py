"""A workstation that is worked at without a pause, as a process of its own: `python -m tests.chaos.workstation FOLDER N`.

It types, plans, publishes and decides, and tells each act on a line of its own once it is durable: `kind token`. Tokens
count on from N. On its standard input it is told `rest`: it stops, brings everything to the server, says `clean` and
goes on after `go`. At the end of its input it ends.
"""

from __future__ import annotations

import queue
import random
import sys
import threading
from functools import partial
from pathlib import Path

from editor.desk import articles, reactions, ticker
from editor.domain.article import Action, Article, content_hash
from editor.domain.documents import article_document, article_patch
from editor.domain.moments import moment_of
from editor.domain.reaction import Verb
from editor.domain.ticker import Intent, TickerEntry
from editor.domain.workflow import Step
from editor.station import Workstation, open_workstation

PACE_S = 0.03  # between two acts; a person is slower
LOOK_S = 0.1
LONGEST = 1500  # characters; then another article is begun


class Writer:
    """Whoever sits here."""

    def __init__(self, station: Workstation, number: int) -> None:
        self._station = station
        self._door = station.door
        self._number = number
        self._dice = random.Random(number)
        self._article = ""
        runner = station.runner()
        assert runner is not None
        self._runner = runner
        runner.start()

    def act(self) -> str:
        """Do something; what it was, once it is durable."""
        self._number += 1
        token = f"w{self._number:06}"
        kind = self._dice.choice(("type", "type", "type", "line", "public", "decide"))
        if kind == "decide":
            pending = self._door.read_now(lambda reader: reader.queue("pending", limit=1))
            if pending:
                self._decide(pending[0], token)
                return f"decide {token} {pending[0]}"
            kind = "type"
        getattr(self, f"_{kind}")(token)
        if self._number % 4 == 0:
            self._runner.wake(force=True)
        return f"{kind} {token}"

    def _type(self, token: str) -> None:
        view = self._door.read_now(lambda reader: reader.article(self._article)) if self._article else None
        if view is None or len(view.article.body) > LONGEST:
            self._article = self._new(token)
            return
        fields = {**article_patch(view.article), "body": f"{view.article.body}Zin {token}.\n\n"}
        self._door.change_now(lambda work: articles.save_draft(
            work, self._article, version=view.version, started_from=article_document(view.article), fields=fields))

    def _new(self, token: str) -> str:
        made = Article("", headline=f"Stuk {token}", body=f"Zin {token}.\n\n")
        return self._door.change_now(lambda work: articles.new_article(work, made))

    def _line(self, token: str) -> None:
        start = moment_of(self._station.clock.now(), "Europe/Amsterdam")
        entry = TickerEntry("", headline=f"Regel {token}", start=start, intent=Intent.PLANNED)
        self._door.change_now(lambda work: ticker.add_entry(work, entry, on_late="as_planned"))

    def _public(self, token: str) -> None:
        article_id = self._new(token)
        view = self._door.read_now(lambda reader: reader.article(article_id))
        assert view is not None
        for action in (Action.APPROVE, Action.PUBLISH):
            step = Step(action, content_hash=content_hash(view.article))
            self._door.change_now(partial(articles.take_step, article_id=article_id, step=step))

    def _decide(self, reaction_id: str, token: str) -> None:
        view = self._door.read_now(lambda reader: reader.reaction(reaction_id))
        assert view is not None
        seen = reactions.seen_of(view.reaction)
        self._door.change_now(lambda work: reactions.decide(work, reaction_id, Verb.APPROVE, seen=seen, note=token))

    def bring_everything(self) -> None:
        """Urge the engine on until nothing waits."""
        told = threading.Event()
        self._door.bus.subscribe(lambda changes, initiator: told.set())
        while True:
            self._runner.wake(force=True)
            told.wait(LOOK_S)
            told.clear()
            counts = self._door.read_now(lambda reader: reader.counts())
            if self._runner.facts.state == "ok" and not (counts.unsent or counts.parked or counts.conflicts):
                return


def main(folder: str, number: str) -> None:
    """Work until told otherwise, or killed."""
    said: queue.SimpleQueue[str] = queue.SimpleQueue()

    def listen() -> None:
        for line in sys.stdin:
            said.put(line.strip())
        said.put("end")

    threading.Thread(target=listen, daemon=True).start()
    station = open_workstation(Path(folder), changing=True)
    writer = Writer(station, int(number))
    print("open", flush=True)
    word = ""
    while word != "end":
        if word == "rest":
            writer.bring_everything()
            print("clean", flush=True)
            word = said.get()
            continue
        print(writer.act(), flush=True)
        try:
            word = said.get(timeout=PACE_S)
        except queue.Empty:
            word = ""
    station.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Real processes, killed at random moments with SIGKILL: what was acknowledged is there exactly once, at home and on press.

The command line on a press with SQLite; `tests/chaos` kills everything else. Eight kills by default, two hundred with
`--campaign`. The seed of the dice is printed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from editor.backends.press import PressBackend
from editor.base.clock import SystemClock
from editor.base.wire import canonical
from editor.desk.read_models import ArticleFilter
from editor.domain.moments import moment_of
from editor.store.profile import open_profile

SEED = 20261124
PATIENCE_S = 120


class Processes:
    """A press and a workstation, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.profile = folder / "profile"
        self.database_url = f"sqlite:///{folder / 'press.db'}"
        self.dice = random.Random(SEED)
        self.counts: Counter[str] = Counter()
        self.acknowledged: list[str] = []
        self.number = 0
        user = self.answer("press", "user", "add", "Anna", "--role", "journalist,editor", "--database-url",
                           self.database_url)
        self.token = str(user["token"])
        (folder / "token").write_text(self.token, encoding="utf-8")
        self.port = 0
        self.start_press()
        self.answer("connect", "press", self.url, "--token-file", str(folder / "token"))
        before = SystemClock().monotonic()
        self.article_id = str(self.answer("article", "new", "--headline", "Moorden")["article"]["id"])
        self.longest_s = 1.2 * (SystemClock().monotonic() - before)  # kills fall anywhere within a command's time

    # ----------------------------------------------------------------------------------------------------- processes
    def begin(self, *words: str) -> subprocess.Popen[str]:
        """A command of the workstation."""
        return subprocess.Popen([sys.executable, "-m", "editor", "--profile", str(self.profile), *words, "--json"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ),
                                cwd=Path(__file__).parents[2])

    def answer(self, *words: str) -> dict[str, Any]:
        """A command that is left in peace."""
        with self.begin(*words) as process:
            out, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, said
        found: dict[str, Any] = json.loads(out)
        return found

    def start_press(self) -> None:
        """Press, at the same address as before."""
        self.press = self.begin("press", "serve", "--port", str(self.port), "--database-url", self.database_url)
        assert self.press.stdout is not None
        self.url = str(json.loads(self.press.stdout.readline())["url"])
        self.port = int(self.url.rsplit(":", 1)[1])

    def kill(self, process: subprocess.Popen[str]) -> None:
        """SIGKILL; nothing of it is left."""
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE_S)

    def close(self) -> None:
        """End press."""
        self.kill(self.press)

    def one_in_peace(self) -> None:
        """Something that is acknowledged, so that there is something to lose."""
        words, token = self.command(self.dice.choice(("edit", "line")))
        self.answer(*words)
        self.acknowledged.append(token)

    # ------------------------------------------------------------------------------------------------------ one kill
    def one_kill(self) -> None:
        """Begin something, kill somebody in the middle of it, and look at what was acknowledged."""
        kind = self.dice.choice(("edit", "edit", "line", "sync", "sync", "press"))
        self.counts[kind] += 1
        words, token = self.command(kind)
        process = self.begin(*words)
        try:
            out, _ = process.communicate(timeout=self.dice.uniform(0.3, 1.0) * self.longest_s)
        except subprocess.TimeoutExpired:
            self.counts["killed"] += 1
            if kind == "press":
                self.kill(self.press)
                process.communicate(timeout=PATIENCE_S)  # the workstation must come to an end by itself
                self.start_press()
            else:
                self.kill(process)
            self.look_at_home()
            return
        self.counts["too quick"] += 1
        if token and process.returncode == 0 and json.loads(out):
            self.acknowledged.append(token)
        self.look_at_home()

    def command(self, kind: str) -> tuple[list[str], str]:
        """The words of a command, and the token that it writes."""
        if kind in ("sync", "press"):
            return ["sync", "--once"], ""
        self.number += 1
        token = f"w{self.number:04}"
        if kind == "line":
            wall = moment_of(SystemClock().now(), "Europe/Amsterdam").hhmm
            return ["ticker", "add", f"{wall} Regel {token}", "--on-late", "as_planned"], token
        path = self.folder / "body.md"
        path.write_text(f"{self.at_home()[self.article_id]['body']}Zin {token}.\n\n", encoding="utf-8")
        return ["article", "edit", self.article_id, "--body-file", str(path)], token

    # --------------------------------------------------------------------------------------------------- looking at it
    def at_home(self) -> dict[str, Any]:
        """The documents of the profile, as another process reads them."""
        with open_profile(self.profile, mode="read") as profile, profile.store.read() as reader:
            found: dict[str, Any] = {}
            for item in reader.articles(ArticleFilter()):
                entity = reader.entity("article", item.id)
                assert entity is not None
                found[item.id] = entity.doc
            for entry in reader.ticker_entries():
                entity = reader.entity("ticker", entry.id)
                assert entity is not None
                found[entry.id] = entity.doc
            return found

    def look_at_home(self) -> None:
        """Everything acknowledged is there, once."""
        self._hold_against(self.at_home())

    def look_at_press(self) -> None:
        """After a sync that was left in peace everything acknowledged is on press, once."""
        report = self.answer("sync", "--once")
        assert (report["pending"], report["parked"], report["conflicts"]) == (0, 0, 0), report
        backend = PressBackend(self.url, self.token, "onlooker", SystemClock())
        documents: dict[str, Any] = {}
        try:
            cursor, more = None, True
            while more:
                page = backend.changes("content", cursor)
                documents |= {row.entity_id: row.doc for row in page.changes if row.kind in ("article", "ticker")}
                cursor, more = page.next, page.more
        finally:
            backend.close()
        self._hold_against(documents)
        home = self.at_home()
        assert {one: doc.get("body", doc.get("headline")) for one, doc in documents.items()} == {
            one: doc.get("body", doc.get("headline")) for one, doc in home.items()}

    def _hold_against(self, documents: dict[str, Any]) -> None:
        everything = canonical(list(documents.values())).decode()
        for token in self.acknowledged:
            assert everything.count(token) == 1, f"{token} stands {everything.count(token)} times"


@pytest.mark.timeout(3600)  # the long form takes its time
def test_what_was_acknowledged_survives_every_kill_exactly_once(tmp_path: Path, *, campaign: bool) -> None:
    processes = Processes(tmp_path)
    try:
        for number in range(200 if campaign else 8):
            if number % 2 == 0:
                processes.one_in_peace()
            processes.one_kill()
            if number % 8 == 7:
                processes.look_at_press()
    finally:
        processes.close()
    print(f"seed {SEED}: {dict(processes.counts)}, {len(processes.acknowledged)} acknowledged")
    assert processes.counts["killed"]
    assert processes.acknowledged

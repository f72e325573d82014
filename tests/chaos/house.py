"""Press, its database and a workstation, each in processes of its own, with a bad network between; any may be killed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from editor.base.clock import SystemClock
from editor.desk.ports import OpState
from editor.press import readers, service
from editor.store.profile import open_profile
from tests.chaos.proxy import Kind, Proxy, Trouble
from tests.chaos.seat import documents_of, on_press
from tests.fixtures.postgres import Cluster
from tests.press.processes import desk_at

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
MUCH = 2000
QUICK = (Kind.REFUSE, Kind.CUT_REQUEST, Kind.CUT_ANSWER, Kind.RESET_ANSWER, Kind.DUPLICATE, Kind.DUPLICATE_AFTER,
         Kind.REORDER, Kind.HALF_CLOSE)


class KillableCluster(Cluster):
    """A PostgreSQL whose first process may be killed."""

    def begin(self) -> None:
        """Start it on the data it has, as soon as the processes of the one before are gone."""
        clock = SystemClock()
        deadline = clock.monotonic() + PATIENCE_S
        options = f"-k {self.folder} -c listen_addresses= -c fsync=on"
        while True:
            try:
                self.run("pg_ctl", "-D", "data", "-l", "log", "-w", "-t", "60", "-o", options, "start")
            except AssertionError:
                if clock.monotonic() > deadline:
                    raise
            else:
                return

    def kill(self) -> None:
        """SIGKILL to the first process; its children end when they notice."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)


class Worked:
    """The process of a workstation, and what it told."""

    def __init__(self, profile: Path, number: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.workstation", str(profile), str(number)], cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, name="reader")
        self._reader.start()
        self.wait_for(lambda: "open" in self.lines, "the workstation did not open")

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):
                with self._news:
                    self.lines.append(line.strip())
                    self._news.notify_all()

    def wait_for(self, what: Any, why: str) -> None:
        """Wait until its lines are so."""
        with self._news:
            met = self._news.wait_for(lambda: what() or self.process.poll() is not None, PATIENCE_S)
        if not met or not what():
            self.process.kill()
            said = self.process.stderr.read() if self.process.stderr else ""
            self.kill()
            raise AssertionError(f"{why}: {self.lines[-3:]} {said}")

    def wait_for_acts(self, number: int) -> None:
        """That many more lines."""
        wanted = len(self.lines) + number
        self.wait_for(lambda: len(self.lines) >= wanted, "the workstation stands still")

    def rest(self) -> float:
        """Until everything is on the server; the seconds that it took."""
        clock = SystemClock()
        before = clock.monotonic()
        done = self.lines.count("clean")
        self.say("rest")
        self.wait_for(lambda: self.lines.count("clean") > done, "not clean in time")
        return clock.monotonic() - before

    def say(self, word: str) -> None:
        """On its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        """SIGKILL; every line that it still wrote is read."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)
        self._reader.join(PATIENCE_S)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


class House:
    """Everything that may be killed. What was told stands in `folder`, so that a later sitting goes on from there."""

    def __init__(self, folder: Path, cluster: KillableCluster) -> None:
        self.folder, self.cluster = folder, cluster
        self.profile = folder / "profile"
        self.url = cluster.url("postgres")
        self._state = folder / "told.json"
        known: dict[str, Any] = json.loads(self._state.read_text()) if self._state.exists() else {}
        self.told: dict[str, list[str]] = known.get("told", {})
        self.counts: Counter[str] = Counter(known.get("counts", {}))
        self.number: int = known.get("number", 0)
        self.slowest_s: float = known.get("slowest_s", 0.0)
        self.port: int = known.get("port", 0)
        self.worked: Worked | None = None
        if self.port:
            self.start_press()
            self.proxy = Proxy(("127.0.0.1", self.port), port=known["proxy"])
            self.token = str(known["token"])
        else:
            self._found()
        self.keep()

    def _found(self) -> None:
        made = self.answer("press", "user", "add", "Anna", "--role", "journalist,editor,moderator", "--database-url",
                           self.url)
        self.token = str(made["token"])
        (self.folder / "token").write_text(self.token, encoding="utf-8")
        self.start_press()
        self.proxy = Proxy(("127.0.0.1", self.port))
        self.answer("connect", "press", self.proxy.url, "--token-file", str(self.folder / "token"))

    def give_reactions(self, number: int) -> None:
        """Readers react to an article."""
        desk = desk_at(f"http://127.0.0.1:{self.port}", self.token)
        article_id = desk.published()
        desk.http.close()
        press = service.open_press(self.url, clock=SystemClock())
        try:
            for one in range(number):
                readers.post_reaction(press, article_id, name="Lezer", text=f"Reactie {one}")
        finally:
            press.database.close()

    def keep(self) -> None:
        """Write down what was told."""
        self._state.write_text(json.dumps({
            "told": self.told, "counts": self.counts, "number": self.number, "slowest_s": self.slowest_s,
            "port": self.port, "proxy": self.proxy.port, "token": self.token}))

    # ----------------------------------------------------------------------------------------------------- processes
    def begin(self, *words: str) -> subprocess.Popen[str]:
        """A command."""
        return subprocess.Popen([sys.executable, "-m", "editor", "--profile", str(self.profile), *words, "--json"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)

    def answer(self, *words: str) -> dict[str, Any]:
        """A command that is left in peace."""
        with self.begin(*words) as process:
            out, said = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, f"{words}: {out} {said}"
        found: dict[str, Any] = json.loads(out)
        return found

    def start_press(self) -> None:
        """Press, at the same address as before; once the processes of the one before let go of it."""
        clock = SystemClock()
        deadline = clock.monotonic() + PATIENCE_S
        while True:
            self.press = self.begin("press", "serve", "--port", str(self.port), "--workers", "2",
                                    "--database-url", self.url)
            assert self.press.stdout is not None
            said = self.press.stdout.readline()
            if '"url"' in said:
                break
            self.press.communicate()
            assert clock.monotonic() < deadline, said
        self.port = int(json.loads(said)["url"].rsplit(":", 1)[1])

    def kill_press(self) -> None:
        """SIGKILL to its first process."""
        self.press.send_signal(signal.SIGKILL)
        self.press.communicate(timeout=PATIENCE_S)

    def kill_worker(self, dice: random.Random) -> bool:
        """SIGKILL to one of press's workers; it is started anew by the first process."""
        path = Path(f"/proc/{self.press.pid}/task/{self.press.pid}/children")
        found = [int(pid) for pid in path.read_text().split()] if path.exists() else []
        workers = [pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        if workers:
            os.kill(dice.choice(workers), signal.SIGKILL)
        return bool(workers)

    def work(self) -> Worked:
        """The workstation, worked at."""
        if self.worked is None:
            self.worked = Worked(self.profile, self.number)
        return self.worked

    def leave(self) -> None:
        """SIGKILL to the workstation; what it told stands in `told`."""
        if self.worked is not None:
            self.worked.kill()
            self.note()
            self.worked = None

    def note(self) -> None:
        """Take up what the workstation told."""
        assert self.worked is not None
        for line in self.worked.lines:
            kind, *rest = line.split()
            if rest:
                self.told[rest[0]] = [kind, *rest[1:]]
                self.number = max(self.number, int(rest[0][1:]))
        self.number += self.worked.process.poll() is not None  # the one that it may have been about to tell

    def close(self) -> None:
        """End everything."""
        self.leave()
        self.proxy.close()
        self.kill_press()

    def trouble(self, dice: random.Random) -> None:
        """Half the time the network is ill as well."""
        if dice.random() < 0.5:
            self.proxy.arm(Trouble(dice.choice(QUICK), dice.randrange(800), dice.randrange(1, 4),
                                   dice.choice((b"POST", b"POST", b"GET"))))

    # --------------------------------------------------------------------------------------------------- looking at it
    def look_at_home(self) -> None:
        """Everything told is there, once; when that has become very much, at every tenth time."""
        if len(self.told) > MUCH and self.counts["tries"] % 10:
            return
        with open_profile(self.profile, mode="read") as profile, profile.store.read() as reader:
            documents = documents_of(reader)
            waiting = {str(row.command.get("decision_id")) for row in reader.outbox() if row.state is OpState.PENDING}
            assert reader.broken_link() is None
        self._hold_against(documents)
        assert len(waiting) <= len(self.told) + 1

    def look_at_press(self) -> None:
        """Everything told is on press, once; home has the same."""
        documents = on_press(f"http://127.0.0.1:{self.port}", self.token)
        self._hold_against(documents, public=True)
        decided = {rest[0] for kind, *rest in self.told.values() if kind == "decide"}
        for row in on_press(f"http://127.0.0.1:{self.port}", self.token, stream="reactions").items():
            if row[0] in decided:
                assert (row[1]["log_n"], row[1]["status"]) == (1, "approved"), row
        with open_profile(self.profile, mode="read") as profile, profile.store.read() as reader:
            home = documents_of(reader)
        assert {one: doc.get("body", doc.get("headline")) for one, doc in documents.items()} == {
            one: doc.get("body", doc.get("headline")) for one, doc in home.items()}

    def _hold_against(self, documents: Any, *, public: bool = False) -> None:
        found: Counter[str] = Counter()
        released: dict[str, int] = {}
        for doc in documents.values():
            words = re.findall(r"(?:Zin|Regel) (w\d+)", f"{doc['headline']} {doc.get('body', '')}")
            found.update(words)
            released.update(dict.fromkeys(words, len(doc.get("live") or ())))
        twice = [word for word, times in found.items() if times > 1]
        assert not twice, f"doubled: {twice}"
        for token, (kind, *_) in self.told.items():
            if kind != "decide":
                assert found[token] == 1, f"{kind} {token} is lost"
            if public and kind == "public":
                assert released[token] == 1, f"{token} was published {released[token]} times"

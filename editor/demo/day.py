"""The first complete newsroom day, without a window: from a page of text to the public page and back.

Each step says what it saw. Real processes, real HTTP, real databases; the only thing made up is the hour.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from editor.backends.public_site import PublicSite
from editor.base.clock import Clock, SystemClock
from editor.base.errors import EditorError, UserError
from editor.base.messages import Message
from editor.demo.sample import PressProcess, Sample, make_station, read_sample
from editor.desk import articles, importing, reactions, ticker
from editor.desk.importing import Imported
from editor.domain.article import Action, Article, content_hash
from editor.domain.documents import article_document, article_patch
from editor.domain.moments import moment_of
from editor.domain.publication import PublicationKind
from editor.domain.reaction import Verb
from editor.domain.ticker import Intent, TickerEntry
from editor.domain.workflow import Step
from editor.runtime.sync_runner import Report
from editor.station import Workstation, open_workstation, press_backend
from editor.sync.backend import PublishingBackend

PATIENCE_S = 30.0
CHANGED = "Deze zin is later toegevoegd, toen het stuk al live stond."
READER = ("Wim de Boer", "Goed dat dit er komt. Weet iemand al wanneer het eerste deel klaar is?")
STEP_NAMES = {
    "import": Message("demo", "page read in"), "draft": Message("demo", "draft"),
    "publish": Message("demo", "workflow"), "page": Message("demo", "public page"),
    "restart": Message("demo", "press killed"), "live edit": Message("demo", "live article changed"),
    "update": Message("demo", "change published"), "reader": Message("demo", "a reader reacts"),
    "offline approval": Message("demo", "approved offline"), "reaction public": Message("demo", "reaction public"),
    "scheduled line": Message("demo", "scheduled line"), "screens": Message("demo", "pictures"),
}


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step of the day: its code, whether it held, what was seen, and how long it took (ms)."""

    name: str
    ok: bool
    saw: Message
    ms: int


@dataclass(slots=True)
class DayRun:
    """The whole day."""

    steps: list[StepResult] = field(default_factory=list)
    screens: list[Path] = field(default_factory=list)
    url: str = ""


class NotSeen(UserError):
    """What a step looked for was not there; what was there instead."""

    def __init__(self, instead: Message) -> None:
        super().__init__("not_seen", instead)


def run_day(*, page: Path | None = None, day: date | None = None, restart_press: bool = False,
            screens: Path | None = None, told: Callable[[StepResult], None] | None = None) -> DayRun:
    """Live the whole day in a temporary folder. `restart_press` kills press (-9) after publishing."""
    sample = read_sample(page, day)
    run = DayRun()
    with tempfile.TemporaryDirectory(prefix="redactie-") as folder:
        press = PressProcess(Path(folder) / "press")
        press.found(sample)
        press.start()
        run.url = press.url
        try:
            _Day(Path(folder), sample, press, run, told).live(restart_press=restart_press, screens=screens)
        finally:
            press.stop()
    return run


class _Day:
    """One run: a desk that writes and publishes, a second one that moderates, and a reader."""

    def __init__(self, folder: Path, sample: Sample, press: PressProcess, run: DayRun,
                 told: Callable[[StepResult], None] | None) -> None:
        self._folder = folder
        self._sample = sample
        self._press = press
        self._run = run
        self._told = told
        self._clock = SystemClock()
        self._desk: Workstation | None = None
        self._site = PublicSite(press.url, self._clock)
        self._made = Imported(None, ())

    def live(self, *, restart_press: bool, screens: Path | None) -> None:
        """Every step in order; after one that fails the rest is not tried, since it builds on it."""
        steps: list[tuple[str, Callable[[], Message]]] = [
            ("import", self._import), ("draft", self._draft), ("publish", self._publish), ("page", self._page)]
        if restart_press:
            steps.append(("restart", self._restart))
        steps += [("live edit", self._edit_live), ("update", self._update), ("reader", self._reader),
                  ("offline approval", self._moderate), ("reaction public", self._public_reaction),
                  ("scheduled line", self._scheduled_line)]
        if screens is not None:
            steps.append(("screens", lambda: self._pictures(screens)))
        try:
            for name, act in steps:
                if not self._step(name, act):
                    return
        finally:
            self._site.close()
            if self._desk is not None:
                self._desk.close()

    def _step(self, name: str, act: Callable[[], Message]) -> bool:
        begun = self._clock.monotonic()
        try:
            saw, ok = act(), True
        except EditorError as error:
            saw, ok = error.message, False
        except OSError as error:
            saw, ok = Message("demo", "The system refused: {why}.", {"why": error.strerror or "?"}), False
        result = StepResult(name, ok, saw, round((self._clock.monotonic() - begun) * 1000))
        self._run.steps.append(result)
        if self._told is not None:
            self._told(result)
        return ok

    # ------------------------------------------------------------------------------------------------------ the desk
    def _import(self) -> Message:
        token = self._press.add_user("Samira", ("journalist", "editor"))
        self._desk = make_station(self._folder / "desk", self._sample, self._press, token)
        page, day = self._sample.page, self._sample.day
        self._made = self._desk.door.change_now(lambda work: importing.import_page(work, page, day))
        want(len(self._made.ticker_ids) == len(page.ticker), Message("demo", "Not every ticker line was made."))
        want(self._made.article_id is not None, Message("demo", "No article was made."))
        return Message("demo", "{n} ticker lines, 1 article, {reactions} reactions",
                       {"n": len(page.ticker), "reactions": page.reactions_stated})

    def _draft(self) -> Message:
        before = self._article()
        fields = {"note": "Eerste versie"}
        saved = self._change(before, fields)
        want(saved.version > before[1], Message("demo", "The draft was not saved."))
        report = self._sync()
        return Message("demo", "version {version}, {sent} sent, {waiting} waiting",
                       {"version": saved.version, "sent": report.pushed, "waiting": report.pending})

    def _publish(self) -> Message:
        for action in (Action.SUBMIT, Action.APPROVE, Action.PUBLISH):
            self._take(action)
        report = self._sync()
        want(report.conflicts == 0 and report.pending == 0,
             Message("demo", "{conflicts} conflicts, {waiting} waiting",
                     {"conflicts": report.conflicts, "waiting": report.pending}))
        view = self._desk_view()
        want(view == "published", seen(view))
        return Message("demo", "draft, desk, approved, published")

    def _page(self) -> Message:
        article, page = self._article()[0], self._site.article_page(self._article_path())
        want(page.headline == article.headline, seen(page.headline))
        want(page.lead == article.lead, seen(page.lead))
        expected = self._sample.page.article
        want(expected is not None and page.subheads == expected.subheads, seen(page.subheads))
        lines = [(f"{line.hour:02d}:{line.minute:02d}", line.headline) for line in self._sample.page.ticker]
        want([(line.time, line.headline) for line in page.ticker] == lines, seen(page.ticker))
        want(page.reactions_count == 0, count(page.reactions_count))
        return Message("demo", "{headline}…: {subheads} subheads, {n} lines in order, Reacties (0)",
                       {"headline": page.headline[:40], "subheads": len(page.subheads), "n": len(lines)})

    def _restart(self) -> Message:
        self._press.kill()
        self._press.start()
        want(self._press.url == self._run.url, seen(self._press.url))
        self._page()
        return Message("demo", "press was killed and answers again, with the same page")

    def _edit_live(self) -> Message:
        before = self._article()
        self._change(before, {"body": f"{before[0].body}\n\n{CHANGED}"})
        self._sync()
        text = self._site.article_page(self._article_path()).text
        want(CHANGED not in text, Message("demo", "The change went public by itself."))
        return Message("demo", "saved and sent; the page still shows the old text")

    def _update(self) -> Message:
        for action in (Action.APPROVE, Action.PUBLISH):
            self._take(action)
        self._sync()
        want(CHANGED in self._site.article_page(self._article_path()).text,
             Message("demo", "The change is not on the page."))
        return Message("demo", "the page shows the new text")

    def _scheduled_line(self) -> Message:
        desk = self._workstation()
        start = moment_of(desk.clock.now() + timedelta(seconds=2), self._zone())
        entry = TickerEntry("", headline="Deze regel verschijnt vanzelf", start=start, intent=Intent.PLANNED)
        desk.door.change_now(lambda work: ticker.add_entry(work, entry))
        self._sync()
        before = entry.headline in [line.headline for line in self._site.ticker()]
        waited = threading.Event()
        for _ in range(int(PATIENCE_S / 0.2)):
            if entry.headline in [line.headline for line in self._site.ticker()]:
                want(not before, Message("demo", "The line was there too early."))
                return Message("demo", "not there at first, there after two seconds")
            waited.wait(0.2)
        raise NotSeen(Message("demo", "The line did not appear."))

    # --------------------------------------------------------------------------------------- a reader and a moderator
    def _reader(self) -> Message:
        said = self._site.post_reaction(self._article_path(), name=READER[0], text=READER[1])
        want(said.accepted, seen(said.sentence))
        want(self._site.article_page(self._article_path()).reactions_count == 0,
             Message("demo", "The reaction was public at once."))
        return seen(said.sentence)

    def _moderate(self) -> Message:
        token = self._press.add_user("Noor", ("moderator",))
        second = make_station(self._folder / "second", self._sample, self._press, token)
        try:
            _once(second)
            queue = second.door.read_now(lambda reader: reader.queue("pending"))
            want(len(queue) == 1, Message("demo", "{n} in the queue", {"n": len(queue)}))
        finally:
            second.close()
        cut = open_workstation(self._folder / "second", changing=True, backends=no_network)
        try:
            view = cut.door.read_now(lambda reader: reader.reaction(queue[0]))
            want(view is not None and view.reaction.text == READER[1],
                 Message("demo", "Another text is in the queue."))
            assert view is not None
            known = reactions.seen_of(view.reaction)
            cut.door.change_now(lambda work: reactions.decide(work, queue[0], Verb.APPROVE, seen=known))
            report = _once(cut)
            want(report.state == "offline" and report.pending == 1,
                 Message("demo", "{state}, {waiting} waiting", {"state": report.state, "waiting": report.pending}))
        finally:
            cut.close()
        want(self._site.article_page(self._article_path()).reactions_count == 0,
             Message("demo", "It went out without a network."))
        return Message("demo", "1 in the queue, approved without a network, 1 decision waiting")

    def _public_reaction(self) -> Message:
        back = open_workstation(self._folder / "second", changing=True)
        try:
            report = _once(back)
            want(report.pending == 0, Message("demo", "{waiting} waiting", {"waiting": report.pending}))
        finally:
            back.close()
        page = self._site.article_page(self._article_path())
        want(page.reactions_count == 1 and READER[1] in page.text, count(page.reactions_count))
        return Message("demo", "the network is back: Reacties (1), with its text")

    def _pictures(self, folder: Path) -> Message:
        from editor.demo.pictures import take_pictures

        self._run.screens = take_pictures(folder)
        return Message("demo", "{n} pictures", {"n": len(self._run.screens)})

    # ------------------------------------------------------------------------------------------------------ small acts
    def _workstation(self) -> Workstation:
        assert self._desk is not None
        return self._desk

    def _article_id(self) -> str:
        assert self._made.article_id is not None
        return self._made.article_id

    def _article(self) -> tuple[Article, int]:
        view = self._workstation().door.read_now(lambda reader: reader.article(self._article_id()))
        assert view is not None
        return view.article, view.version

    def _desk_view(self) -> str:
        view = self._workstation().door.read_now(lambda reader: reader.article(self._article_id()))
        return view.wanted if view is not None else "gone"

    def _article_path(self) -> str:
        return self._site.find_article(self._article_id())

    def _change(self, before: tuple[Article, int], fields: Mapping[str, object]) -> articles.Saved:
        article, version = before
        return self._workstation().door.change_now(lambda work: articles.save_draft(
            work, article.id, version=version, started_from=article_document(article),
            fields={**article_patch(article), **fields}))

    def _take(self, action: Action) -> None:
        article, _ = self._article()
        kind = PublicationKind.UPDATE if action is Action.PUBLISH and article.live else None
        step = Step(action, content_hash=content_hash(article) if action.needs_hash else None, kind=kind)
        self._workstation().door.change_now(lambda work: articles.take_step(work, article.id, step))

    def _sync(self) -> Report:
        return _once(self._workstation())

    def _zone(self) -> str:
        return self._workstation().door.read_now(lambda reader: reader.newsroom()).zone


def want(held: bool, otherwise: Message) -> None:
    """Go on when it held; raise `NotSeen` with what was seen otherwise."""
    if not held:
        raise NotSeen(otherwise)


def seen(what: object) -> Message:
    """What was seen, in its own words."""
    return Message("demo", "seen: {what}", {"what": what})


def count(reactions_there: int) -> Message:
    """The count of reactions that the page shows."""
    return Message("demo", "seen: Reacties ({n})", {"n": reactions_there})


def _once(station: Workstation) -> Report:
    runner = station.runner()
    if runner is None:
        raise NotSeen(Message("demo", "The workstation is not connected."))
    try:
        return runner.once()
    finally:
        runner.stop()


def no_network(url: str, token: str, replica_id: str, clock: Clock) -> PublishingBackend:
    """A backend whose network is cut: the same adapter, at an address where nobody answers."""
    return press_backend("http://127.0.0.1:9", token, replica_id, clock)

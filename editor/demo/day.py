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
from editor.base.errors import EditorError
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


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step of the day: what it was, whether it held, what was seen, and how long it took (ms)."""

    name: str
    ok: bool
    saw: str
    ms: int


@dataclass(slots=True)
class DayRun:
    """The whole day."""

    steps: list[StepResult] = field(default_factory=list)
    screens: list[Path] = field(default_factory=list)
    url: str = ""


class NotSeen(Exception):
    """What a step looked for was not there."""


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
        steps: list[tuple[str, Callable[[], str]]] = [
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

    def _step(self, name: str, act: Callable[[], str]) -> bool:
        begun = self._clock.monotonic()
        try:
            saw, ok = act(), True
        except (NotSeen, EditorError, OSError) as error:
            saw, ok = str(error) or type(error).__name__, False
        result = StepResult(name, ok, saw, round((self._clock.monotonic() - begun) * 1000))
        self._run.steps.append(result)
        if self._told is not None:
            self._told(result)
        return ok

    # ------------------------------------------------------------------------------------------------------ the desk
    def _import(self) -> str:
        token = self._press.add_user("Samira", ("journalist", "editor"))
        self._desk = make_station(self._folder / "desk", self._sample, self._press, token)
        page, day = self._sample.page, self._sample.day
        self._made = self._desk.door.change_now(lambda work: importing.import_page(work, page, day))
        want(len(self._made.ticker_ids) == len(page.ticker), "not every ticker line was made")
        want(self._made.article_id is not None, "no article was made")
        return f"{len(page.ticker)} ticker entries, 1 article, {page.reactions_stated} reactions"

    def _draft(self) -> str:
        before = self._article()
        fields = {"note": "Eerste versie"}
        saved = self._change(before, fields)
        want(saved.version > before[1], "the draft was not saved")
        report = self._sync()
        return f"version {saved.version}, {report.pushed} sent, {report.pending} waiting"

    def _publish(self) -> str:
        for action in (Action.SUBMIT, Action.APPROVE, Action.PUBLISH):
            self._take(action)
        report = self._sync()
        want(report.conflicts == 0 and report.pending == 0, f"{report.conflicts} conflicts, {report.pending} waiting")
        view = self._desk_view()
        want(view == "published", f"the article is {view}")
        return "draft, desk, approved, published"

    def _page(self) -> str:
        article, page = self._article()[0], self._site.article_page(self._article_path())
        want(page.headline == article.headline, f"headline: {page.headline}")
        want(page.lead == article.lead, f"lead: {page.lead}")
        expected = self._sample.page.article
        want(expected is not None and page.subheads == expected.subheads, f"subheads: {page.subheads}")
        lines = [(f"{line.hour:02d}:{line.minute:02d}", line.headline) for line in self._sample.page.ticker]
        want([(line.time, line.headline) for line in page.ticker] == lines, f"ticker: {page.ticker}")
        want(page.reactions_count == 0, f"Reacties ({page.reactions_count})")
        return f"{page.headline[:40]}…, {len(page.subheads)} subheads, {len(lines)} lines in order, Reacties (0)"

    def _restart(self) -> str:
        self._press.kill()
        self._press.start()
        want(self._press.url == self._run.url, "press came back elsewhere")
        return f"press was killed and answers again: {self._page()}"

    def _edit_live(self) -> str:
        before = self._article()
        self._change(before, {"body": f"{before[0].body}\n\n{CHANGED}"})
        self._sync()
        text = self._site.article_page(self._article_path()).text
        want(CHANGED not in text, "the change went public by itself")
        return "saved and sent; the page still shows the old text"

    def _update(self) -> str:
        for action in (Action.APPROVE, Action.PUBLISH):
            self._take(action)
        self._sync()
        want(CHANGED in self._site.article_page(self._article_path()).text, "the change is not on the page")
        return "the page shows the new text"

    def _scheduled_line(self) -> str:
        desk = self._workstation()
        start = moment_of(desk.clock.now() + timedelta(seconds=2), self._zone())
        entry = TickerEntry("", headline="Deze regel verschijnt vanzelf", start=start, intent=Intent.PLANNED)
        desk.door.change_now(lambda work: ticker.add_entry(work, entry))
        self._sync()
        before = entry.headline in [line.headline for line in self._site.ticker()]
        waited = threading.Event()
        for _ in range(int(PATIENCE_S / 0.2)):
            if entry.headline in [line.headline for line in self._site.ticker()]:
                return "not there at first, there after two seconds" if not before else "there at once"
            waited.wait(0.2)
        raise NotSeen("the line did not appear")

    # --------------------------------------------------------------------------------------- a reader and a moderator
    def _reader(self) -> str:
        said = self._site.post_reaction(self._article_path(), name=READER[0], text=READER[1])
        want(said.accepted, said.sentence)
        want(self._site.article_page(self._article_path()).reactions_count == 0, "it was public at once")
        return said.sentence

    def _moderate(self) -> str:
        token = self._press.add_user("Noor", ("moderator",))
        second = make_station(self._folder / "second", self._sample, self._press, token)
        try:
            _once(second)
            queue = second.door.read_now(lambda reader: reader.queue("pending"))
            want(len(queue) == 1, f"{len(queue)} in the queue")
        finally:
            second.close()
        cut = open_workstation(self._folder / "second", changing=True, backends=no_network)
        try:
            view = cut.door.read_now(lambda reader: reader.reaction(queue[0]))
            want(view is not None and view.reaction.text == READER[1], "another text is in the queue")
            assert view is not None
            seen = reactions.seen_of(view.reaction)
            cut.door.change_now(lambda work: reactions.decide(work, queue[0], Verb.APPROVE, seen=seen))
            report = _once(cut)
            want(report.state == "offline" and report.pending == 1, f"{report.state}, {report.pending} waiting")
        finally:
            cut.close()
        want(self._site.article_page(self._article_path()).reactions_count == 0, "it went out without a network")
        return "1 in the queue, approved without a network, 1 decision waiting"

    def _public_reaction(self) -> str:
        back = open_workstation(self._folder / "second", changing=True)
        try:
            report = _once(back)
            want(report.pending == 0, f"{report.pending} waiting")
        finally:
            back.close()
        page = self._site.article_page(self._article_path())
        want(page.reactions_count == 1 and READER[1] in page.text, f"Reacties ({page.reactions_count})")
        return "network back: Reacties (1), with its text"

    def _pictures(self, folder: Path) -> str:
        from editor.demo.pictures import take_pictures

        self._run.screens = take_pictures(folder)
        return f"{len(self._run.screens)} pictures"

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


def want(held: bool, otherwise: str) -> None:
    """Go on when it held; raise `NotSeen` with what was seen otherwise."""
    if not held:
        raise NotSeen(otherwise)


def _once(station: Workstation) -> Report:
    runner = station.runner()
    if runner is None:
        raise NotSeen("the workstation is not connected")
    try:
        return runner.once()
    finally:
        runner.stop()


def no_network(url: str, token: str, replica_id: str, clock: Clock) -> PublishingBackend:
    """A backend whose network is cut: the same adapter, at an address where nobody answers."""
    return press_backend("http://127.0.0.1:9", token, replica_id, clock)

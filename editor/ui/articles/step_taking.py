"""Taking a step with the open article: what must be asked first, the step itself, and ten seconds to stop it.

Every step is taken after the autosave, with the hash of the text that its person saw. GUI thread; owned by the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from editor.base.clock import Clock
from editor.base.errors import EditorError, UserError
from editor.base.messages import Message
from editor.desk import articles, undo
from editor.desk.ports import OpState, UnitOfWork
from editor.domain.article import Action, Article, Status, content_hash
from editor.domain.changes import Outcome
from editor.domain.publication import Note, PublicationKind, released
from editor.domain.workflow import Step
from editor.runtime.workers import Door, Slot
from editor.ui.articles.difference import FieldDifference, difference_html, differences
from editor.ui.articles.open_article import Failed, Then
from editor.ui.articles.reading import Screen, read_screen
from editor.ui.articles.steps import Need, Offer, missing
from editor.ui.articles.strip import Question, Reply, StepStrip, Way
from editor.ui.articles.typed_moment import moment_words, read_moment
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.alarm import AlarmMaker
from editor.ui.widgets.buttons import Weight
from editor.ui.wording import Wording

CALM_MS = 700  # after a step: a key held down or pressed twice is not the next one
CORRECTIONS = (Message("articles_desk", "Correction"), Message("articles_desk", "Rectification"),
               Message("articles_desk", "Addition"))


class Host(Protocol):
    """What the steps need of the desk."""

    @property
    def shown(self) -> Screen | None:
        """The open article as it was last read."""
        ...

    @property
    def article(self) -> Article:
        """The open article as it stands on disk, which after `flush` is what stands on the screen."""
        ...

    def flush(self, then: Then, failed: Failed | None = None) -> None:
        """Save everything typed first."""
        ...

    def refuse(self, error: EditorError) -> None:
        """Say in one sentence why something was not done."""
        ...

    def go_to_field(self, name: str) -> None:
        """Put the keyboard on a field."""
        ...


class StepTaking(QObject):
    """The steps of one desk. `taken` after a step was written; `gone` when the article went to the bin."""

    taken = Signal()
    gone = Signal(str)

    def __init__(self, host: Host, strip: StepStrip, door: Door, look: Look, wording: Wording, clock: Clock,
                 make_alarm: AlarmMaker, initiator: object, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host, self._strip, self._door = host, strip, door
        self._look, self._wording, self._clock, self._initiator = look, wording, clock, initiator
        self._slot = Slot()
        self._calm = make_alarm(self, lambda: None)
        self._tick = make_alarm(self, self._count_down)
        self._until = 0.0
        self._leave = wording.tr("articles_desk", "Back")
        strip.closed.connect(lambda _: self._tick.stop())

    def stop(self) -> None:
        """Ask nothing more: the desk goes."""
        self._tick.stop()
        self._slot.generation += 1

    def take(self, offer: Offer) -> None:
        """Take a step, asking first what it needs."""
        screen = self._host.shown
        if screen is None or self._calm.is_set():
            return
        self._strip.close_strip()
        if offer.action is Action.SUBMIT and (lacking := missing(screen)):
            self._host.go_to_field(lacking[0])
            return
        {Need.NOTHING: self._take_plainly, Need.NOTE: self._ask_note, Need.REASON: self._ask_note,
         Need.CORRECTION: self._ask_correction, Need.TIME: self._ask_time, Need.LOOK: self._look_first}[offer.need](offer, screen)

    def ask_name(self) -> None:
        """*Keep version…*: under which name."""
        screen, tr = self._host.shown, self._wording.tr
        if screen is None:
            return
        article_id = screen.article.id

        def keep(reply: Reply) -> None:
            name = reply.text or tr("articles_desk", "Kept by hand")
            self._host.flush(lambda: self._do(lambda work: articles.name_version(work, article_id, name)), self._host.refuse)
        self._strip.ask(Question(tr("articles_desk", "Keep this version"), [Way(tr("articles_desk", "Keep"), "⏎", keep, Weight.PRIMARY)],
                                 self._leave, field=tr("articles_desk", "Its name, such as: sent to the lawyer")))

    def restore(self, revision_id: int, fields: tuple[str, ...]) -> None:
        """Bring an earlier text back, whole or some fields. The present one is kept as a version."""
        if (screen := self._host.shown) is not None:
            article_id = screen.article.id
            self._host.flush(lambda: self._do(lambda work: articles.restore_version(work, article_id, revision_id, only=fields)),
                             self._host.refuse)

    def ask_bin(self) -> None:
        """*Bin…*: once more, in place."""
        screen, tr = self._host.shown, self._wording.tr
        if screen is None:
            return
        article_id = screen.article.id

        def throw(_: Reply) -> None:
            self._host.flush(lambda: self._door.change(lambda work: articles.delete(work, article_id),
                                                       lambda _: self.gone.emit(article_id), self._host.refuse,
                                                       initiator=self._initiator), self._host.refuse)
        self._strip.ask(Question(tr("articles_desk", "To the bin?"), [Way(tr("articles_desk", "To the bin"), "⏎", throw, Weight.DANGER)],
                                 self._leave, sentence=tr("articles_desk", "It can be put back from there."), tone=Tone.READY))

    def put_back(self, article_id: str, then: Callable[[], None]) -> None:
        """Take an article out of the bin."""
        self._door.change(lambda work: articles.restore(work, article_id), lambda _: then(), self._host.refuse,
                          initiator=self._initiator)

    def undo(self) -> None:
        """Take back the last thing done with articles."""
        self._do(lambda work: undo.undo_latest(work, "article"))

    # ------------------------------------------------------------------------------------------- what is asked

    def _take_plainly(self, offer: Offer, screen: Screen) -> None:
        self._step(Step(offer.action), screen)

    def _ask_note(self, offer: Offer, screen: Screen) -> None:
        tr = self._wording.tr
        words = self._wording.say(offer.words).rstrip("…")
        line = tr("articles_desk", "Why? Readers do not see this") if offer.need is Need.REASON else tr("articles_desk", "A note for the writer")

        def go(reply: Reply) -> None:
            if not reply.text:
                self._strip.say_failed(tr("articles_desk", "Write a few words first."))
                return
            self._strip.close_strip()
            self._step(Step(offer.action, note=Note(reply.text)), screen)
        weight = Weight.DANGER if offer.action is Action.WITHDRAW else Weight.PRIMARY
        sentence = tr("articles_desk", "The page goes off the site at once, and says that it was withdrawn.") if (
            offer.action is Action.WITHDRAW) else ""
        self._strip.ask(Question(words, [Way(words, "⏎", go, weight, stays=True)], self._leave, sentence=sentence, field=line,
                                 tone=Tone.ERROR if offer.action is Action.WITHDRAW else Tone.ACCENT))

    def _ask_correction(self, offer: Offer, screen: Screen) -> None:
        tr = self._wording.tr
        public = Wording(screen.newsroom.language)  # readers see the kind and the words

        def go(reply: Reply) -> None:
            if not reply.text:
                self._strip.say_failed(tr("articles_desk", "Write a few words first."))
                return
            self._strip.close_strip()
            self._step(Step(offer.action, note=Note(reply.text, reply.kind)), screen, stoppable=True)
        self._strip.ask(Question(tr("articles_desk", "Correct"), [Way(tr("articles_desk", "Publish the correction"), "⏎", go, Weight.PRIMARY, stays=True)],
                                 self._leave, sentence=tr("articles_desk", "This note stays on the page."),
                                 field=tr("articles_desk", "What was wrong, and what is right"),
                                 kinds=[public.say(kind) for kind in CORRECTIONS], kinds_name=tr("articles_desk", "Kind of correction")))

    def _ask_time(self, offer: Offer, screen: Screen) -> None:
        tr = self._wording.tr
        words = self._wording.say(offer.words).rstrip("…")

        def go(reply: Reply, fold: int | None = None) -> None:
            try:
                moment = read_moment(reply.text, screen.newsroom.zone, self._clock.now(), fold)
            except UserError as error:
                folds = [Way(tr("articles_desk", "The first (summer time)"), "1", lambda reply: go(reply, 0), stays=True),
                         Way(tr("articles_desk", "The second (winter time)"), "2", lambda reply: go(reply, 1), stays=True)]
                if error.kind == "dst_fold":
                    self._strip.say_failed(self._wording.say(error.message), folds)
                else:
                    self._strip.say_failed(self._sentence(error))
                return
            self._strip.close_strip()
            kind = PublicationKind.UPDATE if screen.wanted.is_public else None
            self._step(Step(offer.action, publish_at=moment, kind=kind), screen, stoppable=True)
        present = screen.article.publish if screen.wanted is Status.SCHEDULED else screen.article.embargo_at
        self._strip.ask(Question(words, [Way(tr("articles_desk", "Schedule"), "⏎", go, Weight.PRIMARY, stays=True)], self._leave,
                                 field=tr("articles_desk", "18:00 or 24-11-2026 18:00"), text=moment_words(present), tone=Tone.PLANNED))

    def _look_first(self, offer: Offer, screen: Screen) -> None:
        """Save, read again, and show what changes on the site; the step is about exactly that text."""
        article_id, now = screen.article.id, self._clock.now()

        def compare(fresh: Screen | None) -> None:
            if fresh is None:
                return
            live = fresh.view.live
            self._door.compute(lambda: differences(live, fresh.article, self._wording, titles=fresh.titles) if live is not None else (),
                               lambda found: self._show_change(offer, fresh, found), slot=self._slot)
        self._host.flush(lambda: self._door.read(lambda reader: read_screen(reader, article_id, now), compare,
                                                 self._host.refuse, slot=self._slot), self._host.refuse)

    def _show_change(self, offer: Offer, screen: Screen, found: Sequence[FieldDifference]) -> None:
        tr, article = self._wording.tr, screen.article
        was_public = bool(released(article.live, screen.now))

        def go(kind: PublicationKind | None) -> Callable[[Reply], None]:
            return lambda _: self._step(Step(offer.action, kind=kind, content_hash=screen.hash), screen, stoppable=True)
        ways = [Way(tr("articles_desk", "Publish"), "⏎", go(PublicationKind.UPDATE if was_public else None), Weight.PRIMARY)]
        if screen.wanted.is_public:
            ways.append(Way(tr("articles_desk", "Small fix"), "M", go(PublicationKind.MINOR)))
        if not screen.wanted.is_public:
            sentence = tr("articles_desk", "“{headline}” becomes a page of its own, and can be found from there on.", headline=article.headline)
        elif screen.view.live is None:
            sentence = tr("articles_desk", "The text that readers see now is not known on this computer; this one takes its place.")
        else:
            sentence = tr("articles_desk", "A small fix leaves the time of the last update as it is.")
        self._strip.ask(Question(tr("articles_desk", "This changes on the site"), ways, self._leave, sentence=sentence,
                                 shown=difference_html(found, self._look, self._wording)))

    # ------------------------------------------------------------------------------------------------ the step

    def _step(self, step: Step, seen: Screen, *, stoppable: bool = False) -> None:
        """Save, then take the step as of the status and the text that its person saw."""
        article_id = seen.article.id

        def go() -> None:
            screen = self._host.shown
            if screen is None or screen.article.id != article_id:
                return
            told = replace(step, seen_from=None if step.action.is_take_back else seen.wanted)
            if step.action.needs_hash and step.content_hash is None:
                told = replace(told, content_hash=content_hash(self._host.article))
            self._calm.start(CALM_MS)
            self._door.change(lambda work: articles.take_step(work, article_id, told),
                              lambda status: self._on_taken(step.action, article_id, seen, stoppable=stoppable),
                              self._host.refuse, initiator=self._initiator)
        self._host.flush(go, self._host.refuse)

    def _on_taken(self, action: Action, article_id: str, seen: Screen, *, stoppable: bool) -> None:
        self.taken.emit()
        grace = seen.newsroom.grace_s
        if not stoppable or grace <= 0:
            return
        tr = self._wording.tr
        self._until = self._clock.monotonic() + grace
        self._strip.ask(Question(self._left(), [Way(tr("articles_desk", "Stop"), "Esc", lambda _: self._stop(article_id, action))],
                                 tr("articles_desk", "Let it go"), tone=Tone.READY), take_focus=False)
        self._tick.start(1000)

    def _count_down(self) -> None:
        if self._clock.monotonic() >= self._until:
            self._strip.close_strip()
            return
        self._strip.say_head(self._left())
        self._tick.start(1000)

    def _left(self) -> str:
        left = max(1, round(self._until - self._clock.monotonic()))
        return self._wording.tr("articles_desk", "Sent in one second|Sent in {n} seconds", n=left)

    def _stop(self, article_id: str, action: Action) -> None:
        """Take back this very step, never another thing done meanwhile."""
        def operation(work: UnitOfWork) -> Outcome[undo.Undone]:
            waiting = [one for one in work.outbox.lane(article_id, OpState.PENDING)
                       if one.verb == "transition" and one.command.get("action") == action.value]
            if not waiting:
                raise UserError("too_late", Message("articles_desk", "It has gone out already; withdraw it if it must not stay."))
            row = work.undos.latest("article")
            if row is None or row.entity_id != article_id or row.data.get("action") != action.value:
                raise UserError("came_between", Message("articles_desk", "Something else was done since; the step stands."))
            return undo.undo_latest(work, "article")
        self._do(operation)

    def _do(self, operation: Callable[[UnitOfWork], Outcome[Any]]) -> None:
        self._door.change(operation, lambda _: self.taken.emit(), self._host.refuse, initiator=self._initiator)

    def _sentence(self, error: EditorError) -> str:
        parts = [error.message, *(part for part in (error.safe, error.fix) if part is not None)]
        return " ".join(self._wording.say(part) for part in parts)

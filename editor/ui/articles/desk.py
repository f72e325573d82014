"""The articles desk: library, writing, preview and steps over one profile; read through the door, told by the bus.

GUI thread. Nothing here stands in the way of a key: what is typed settles in `writing`, is saved by `open_article`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from editor.base.clock import Clock
from editor.base.errors import EditorError
from editor.desk import articles, settling
from editor.desk.ports import Standing
from editor.domain.article import Article
from editor.domain.changes import ChangeSet
from editor.domain.newsroom import Newsroom
from editor.runtime.workers import Door, Slot
from editor.text.counting import reading_minutes
from editor.ui.actions import Keymap
from editor.ui.articles.commands import ArticleCommands
from editor.ui.articles.desk_parts import DeskParts, parts_at_once
from editor.ui.articles.facts import ArticleFacts, Counting
from editor.ui.articles.library_reading import LibraryReading
from editor.ui.articles.open_article import Failed, OpenArticle, Then
from editor.ui.articles.page_preview import PagePreview
from editor.ui.articles.panel import PREVIEW, PROPERTIES, VERSIONS
from editor.ui.articles.reading import Screen, read_screen, read_versions
from editor.ui.articles.step_bar import NextStep
from editor.ui.articles.step_taking import StepTaking
from editor.ui.articles.steps import FIELD_NAMES, Offer, may_delete, missing, next_step, notice, other_steps
from editor.ui.articles.writing import Writing
from editor.ui.theme.look import Look
from editor.ui.widgets.alarm import AlarmMaker, QtAlarm
from editor.ui.widgets.conflict_values import Values
from editor.ui.widgets.instants import Instants
from editor.ui.wording import Wording

SCREEN_MS, COUNT_MS = 120, 300


class ArticlesDesk(QWidget):
    """`facts` carries an `ArticleFacts` for the status bar; `opened` tells which article is open, to be remembered."""

    facts = Signal(object)
    opened = Signal(str)
    left = Signal(str, int)  # which article one goes away from, and where its cursor stood (code points)
    name = "articles"
    icon = "pen"

    def __init__(self, door: Door, wording: Wording, look: Look, keymap: Keymap, clock: Clock,
                 alarm: AlarmMaker = QtAlarm, parent: QWidget | None = None, *, parts: DeskParts | None = None,
                 look_in_browser: Callable[[str], None] | None = None) -> None:
        """`parts` were made before, or are made at once. `look_in_browser` opens the server's own page of an article's
        working text, where the server offers that."""
        super().__init__(parent)
        self._door, self._wording, self._look, self._clock = door, wording, look, clock
        self.look_in_browser = look_in_browser
        self._open_slot, self._screen_slot, self._count_slot, self._versions_slot = Slot(), Slot(), Slot(), Slot()
        self._has_begun = self._is_making = False
        self._zone = Newsroom().zone
        self._counting = Counting()
        self._words, self._body = 0, ""
        self._stuck = ""
        self._screen: Screen | None = None
        parts = parts or parts_at_once(door, wording, look, keymap, clock, alarm)
        self.panel, self.properties, self.versions = parts.panel, parts.properties, parts.versions
        self.writing = Writing(self.panel.head, self.panel.surface, self.properties, alarm, self)
        self._open = OpenArticle(door, lambda: self.writing.is_typing, clock, initiator=self, make_alarm=alarm, parent=self)
        self.writing.bind(self._open)
        self._preview = PagePreview(self.panel.preview, door, wording, alarm, self)
        self.steps = StepTaking(self, self.panel.strip, door, look, wording, clock, alarm, self, self)
        self.reading = LibraryReading(self.panel.library, door, wording, clock, alarm, lambda: self._open.id, self)
        self._screen_alarm, self._count_alarm = alarm(self, self.read_open), alarm(self, self._count)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.panel)
        self._commands = ArticleCommands(self, wording, keymap, self)
        self._commands.bind()
        self._connect()
        self._leave_bus = door.bus.subscribe(self._on_changes)
        self.reading.read()

    # ---------------------------------------------------------------------------------------------- a desk's face

    def title(self, wording: Wording) -> str:
        """The desk's name for people."""
        return wording.tr("articles", "Articles")

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """Every action that the desk takes, by its name in the table."""
        return self._commands.all()

    def arrive(self) -> None:
        """It was opened: the keyboard goes to the text."""
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell_facts()

    def settle(self) -> None:
        """Another desk opens, or the window closes: what is typed is handed to the writer."""
        self.writing.settle()
        self._open.hand_over()
        if self._open.id:
            self.left.emit(self._open.id, self.panel.surface.cursor_point())

    def first_focus(self) -> QWidget:
        """Where the keyboard goes when the desk is shown."""
        library = self.panel.library
        return self.panel.surface if self.panel.is_open else library.cards if library.cards.is_filled else library.search

    def flush(self, then: Then, failed: Failed | None = None) -> None:
        """Call `then` once everything typed is on disk; `failed` when it cannot be written."""
        self.writing.flush(then, failed)

    def close_desk(self) -> None:
        """Keep what is typed, and listen no longer."""
        self.settle()
        for slot in (self._open_slot, self._screen_slot, self._count_slot, self._versions_slot):
            slot.generation += 1
        for waiting in (self._screen_alarm, self._count_alarm, self.reading, self._preview, self.versions, self.steps):
            waiting.stop()
        self._leave_bus()
        self._open.close()

    def undo(self) -> None:
        """Take back the last step, change or deletion; text has an undo of its own."""
        self.steps.undo()

    @property
    def shown(self) -> Screen | None:
        """The open article as it was last read."""
        return self._screen

    @property
    def article(self) -> Article:
        """The open article as it stands on disk; after `flush` that is what stands on the screen."""
        return self._open.article

    def steps_offered(self) -> tuple[Offer, ...]:
        """The steps of the menu, as the open article stands."""
        return other_steps(self._screen) if self._screen is not None else ()

    # ------------------------------------------------------------------------------------------ the open article

    def open_item(self, article_id: str, *, focus: bool = True, field: str = "body") -> None:
        """Save what is open, then open another article with its cursor where it was left."""
        self._has_begun = True
        if article_id == self._open.id:
            if focus:
                self.go_to_field(field)
            return
        now = self._clock.now()

        def show(screen: Screen | None) -> None:
            # Somebody may have typed on while it was read: that goes first.
            self.flush(lambda: self._load(screen, focus=focus, field=field), self.refuse)
        self.flush(lambda: self._door.read(lambda reader: read_screen(reader, article_id, now), show, self.refuse,
                                           slot=self._open_slot), self.refuse)

    def open_beside(self, step: int) -> None:
        """Open the article above (-1) or below (1) in the library."""
        ids = self.reading.ids
        at = ids.index(self._open.id) + step if self._open.id in ids else 0
        if 0 <= at < len(ids):
            self.open_item(ids[at])

    def new(self) -> None:
        """Begin an article, in the section that the library shows."""
        if self._is_making:  # the key is held down
            return
        self._is_making = True
        fresh = Article("", section=self.panel.library.filter.section, language=self.reading.newsroom.language)

        def made(article_id: str) -> None:
            self._is_making = False
            self.open_item(article_id, field="headline")

        def failed(error: EditorError) -> None:
            self._is_making = False
            self.refuse(error)
        self.flush(lambda: self._door.change(lambda work: articles.new_article(work, fresh), made, failed, initiator=self), failed)

    def read_open(self) -> None:
        """Read the open article again: its status, its times, and what came in."""
        self._screen_alarm.stop()
        article_id, now = self._open.id, self._clock.now()
        if article_id:
            self._door.read(lambda reader: read_screen(reader, article_id, now), self._on_screen, self.refuse, slot=self._screen_slot)

    def go_to_field(self, name: str) -> None:
        """Put the keyboard on a field of the open article."""
        if name == "body":
            self.panel.surface.setFocus(Qt.FocusReason.OtherFocusReason)
        elif name in self.panel.head.fields:
            self.panel.head.fields[name].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.panel.tabs.choose(PROPERTIES)
            self.properties.focus_field(name)

    def refuse(self, error: EditorError) -> None:
        """Say in one sentence why something was not done."""
        parts = [error.message, *(part for part in (error.safe, error.fix) if part is not None)]
        said = " ".join(self._wording.say(part) for part in parts)
        if self.panel.is_open:
            self.panel.steps.say_refused(said)
            self.read_open()
        else:
            self.panel.nothing.say(self._wording.tr("articles", "No article is open"), said)

    def _load(self, screen: Screen | None, *, focus: bool, field: str) -> None:
        if screen is None or screen.view.deleted:
            self._show_gone(screen)
            return
        self.writing.remember_place()
        self.panel.strip.close_strip()
        self.panel.finder.leave()
        self.panel.steps.say_refused("")
        self._open.open(screen.view)
        self.writing.show(screen)
        self.panel.show_open(is_open=True)
        self.panel.library.show_open(screen.article.id)
        self._show_screen(screen)
        self._show_texts({name: getattr(screen.article, name) for name in ("kicker", "headline", "lead", "body")}, is_other=True)
        if focus:
            self.go_to_field(field)
        self.opened.emit(screen.article.id)

    def _on_screen(self, screen: Screen | None) -> None:
        if screen is None or screen.view.deleted:
            self._show_gone(screen)
        elif screen.article.id == self._open.id:
            self._open.take(screen.view)
            self._show_screen(screen)

    def _show_screen(self, screen: Screen) -> None:
        self._screen, self._zone = screen, screen.newsroom.zone
        lacking = missing(screen)
        step, said = next_step(screen), notice(screen)
        say, panel = self._wording.say, self.panel
        panel.steps.show_step(NextStep(
            say(step.words) if step else "", [(name, say(FIELD_NAMES[name])) for name in lacking if name in FIELD_NAMES],
            self._wording.tr("articles_desk", "Still needed for ‘ready’:") if lacking else "",
            say(said) if said else "", has_more=bool(other_steps(screen)) or may_delete(screen)))
        panel.conflicts.show_cards(screen.view.conflicts, screen.people, Values(self._wording, self._zone, screen.titles,
                                    screen.newsroom.sections), Instants(self._wording, self._zone), screen.now)
        self.properties.load(screen)
        self._preview.show_around(screen.lines, screen.reactions)
        self.versions.show_now(screen.article, screen.titles)
        if panel.tabs.current == VERSIONS:
            self._read_versions()
        self._tell_facts()

    def _show_gone(self, screen: Screen | None) -> None:
        """The article is in the bin, or is no more; what was typed is on disk."""
        self._open.close()
        self._screen = None
        self.panel.show_open(is_open=False)
        self.panel.library.show_open("")
        tr = self._wording.tr
        if screen is not None:
            article_id = screen.article.id
            self.panel.nothing.say(tr("articles_desk", "This article is in the bin"), screen.article.headline,
                                   tr("articles_desk", "Put back"),
                                   lambda: self.steps.put_back(article_id, lambda: self.open_item(article_id)))
        self._tell_facts()

    def _show_written(self) -> None:
        """What stands on the screen settled: preview and size follow."""
        self._show_texts(self.writing.texts())

    def _show_texts(self, texts: Mapping[str, str], *, is_other: bool = False) -> None:
        body = texts["body"]
        self._preview.show_text(texts["kicker"], texts["headline"], texts["lead"], body, is_other=is_other)
        self._body = body
        self._count_alarm.start(COUNT_MS if is_other else 0)  # not while another text is being put on the screen

    def _count(self) -> None:
        body = self._body
        self._door.compute(lambda: self._counting.words(body), self._on_counted, slot=self._count_slot)

    def _on_counted(self, words: int) -> None:
        self._words = words
        self._tell_facts()

    def _read_versions(self) -> None:
        article_id, now = self._open.id, self._clock.now()
        if article_id:
            self._door.read(lambda reader: read_versions(reader, article_id, now),
                            lambda found: self.versions.show_versions(found, self._open.article, Instants(self._wording, self._zone)),
                            self.refuse, slot=self._versions_slot)

    def _tell_facts(self) -> None:
        screen = self._screen
        if screen is None:
            self.facts.emit(ArticleFacts())
            return
        view, out = screen.view, screen.on_page
        stuck = self._stuck
        if not stuck and view.standing is Standing.PARKED:
            stuck = self._wording.tr("articles", "not accepted by the server")
        elif not stuck and view.standing is Standing.CONFLICT:
            stuck = self._wording.tr("articles", "two versions of one passage")
        self.facts.emit(ArticleFacts(view.saved_at, view.sent_at, out.release_at if out else None, screen.differs, stuck,
                                     self._words, reading_minutes(self._words), screen.planned_at, screen.withdrawn_at))

    # ------------------------------------------------------------------------------------------------- what is told

    def _connect(self) -> None:
        library, panel = self.panel.library, self.panel
        self.reading.begun.connect(self._on_begun)
        library.opened.connect(self.open_item)
        library.new_wanted.connect(self.new)
        panel.tab_chosen.connect(self._on_tab)
        panel.steps.field_wanted.connect(self.go_to_field)
        panel.steps.version_wanted.connect(self.steps.ask_name)
        panel.conflicts.settled.connect(self._settle_card)
        panel.strip.closed.connect(lambda had_keyboard: self.go_to_field("body") if had_keyboard else None)
        for part in (panel.finder.closed, panel.conflicts.left):
            part.connect(lambda: self.go_to_field("body"))
        self.versions.restore_wanted.connect(self.steps.restore)
        self.versions.keep_wanted.connect(self.steps.ask_name)
        self.writing.changed.connect(self._show_written)
        self.steps.taken.connect(self._on_taken)
        self.steps.gone.connect(lambda _: self.read_open())
        self._open.saved.connect(self._on_saved)
        self._open.failed.connect(self._on_save_failed)
        self._open.missed.connect(self.read_open)

    def _on_begun(self, newest: str) -> None:
        """The first start of the desk: the newest article is open, unless another was asked for."""
        if newest and not self._has_begun:
            self.open_item(newest, focus=False)
        self._has_begun = True

    def _on_tab(self, number: int) -> None:
        if number == PREVIEW:
            self._preview.now()
        elif number == VERSIONS:
            self._read_versions()

    def _on_saved(self) -> None:
        if self._stuck:
            self._stuck = ""
            self.panel.steps.say_refused("")
        if not self._screen_alarm.is_set():
            self._screen_alarm.start(SCREEN_MS)

    def _on_save_failed(self, error: EditorError) -> None:
        self._stuck = self._wording.tr("articles_desk", "not saved")
        self.refuse(error)
        self._tell_facts()

    def _on_taken(self) -> None:
        self.panel.steps.say_refused("")
        self.read_open()
        self.reading.read()

    def _settle_card(self, card_id: str, choice: str, text: str) -> None:
        def failed(error: EditorError) -> None:
            self.panel.conflicts.say_failed(card_id, self._wording.say(error.message))
        self.flush(lambda: self._door.change(lambda work: settling.settle(work, card_id, choice, text=text),
                                             lambda _: self.read_open(), failed, initiator=self), failed)

    def _on_changes(self, changes: ChangeSet, initiator: object) -> None:
        if any(changes.of(kind) for kind in ("article", "newsroom", "person")):
            self.reading.soon(own=initiator is self)
        about_open = any(change.id == self._open.id for change in changes.of("article"))
        if (about_open or any(changes.of(kind) for kind in ("newsroom", "ticker", "reaction"))) and not self._screen_alarm.is_set():
            self._screen_alarm.start(SCREEN_MS)

    # ------------------------------------------------------------------------------------------------ Qt's calls

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.panel.strip.isVisible():
            self.panel.strip.press_escape()  # from wherever one is writing
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if (window := self.window()) is not self:
            window.removeEventFilter(self)
            window.installEventFilter(self)
            self.panel.show_focus_mode(on=window.isFullScreen())
        self._preview.now()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # F11 is the window's: it fills the screen and hides its own parts; the desk then shows the text alone.
        if event.type() == QEvent.Type.WindowStateChange and watched is self.window():
            self.panel.show_focus_mode(on=self.window().isFullScreen())
        return super().eventFilter(watched, event)

"""The ticker's desk: the day, the open line, the quick line; read through the door, told by the bus. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from editor.base.clock import Clock
from editor.base.errors import EditorError
from editor.desk.read_models import TickerItem
from editor.domain.changes import ChangeSet
from editor.domain.moments import moment_of, zone_info
from editor.domain.newsroom import Newsroom
from editor.domain.ticker import Intent, Phase
from editor.runtime.workers import Door, Slot
from editor.ui.actions import Keymap
from editor.ui.theme.look import Look
from editor.ui.ticker.acts import TickerActs
from editor.ui.ticker.block_panel import BlockPanel
from editor.ui.ticker.commands import TickerCommands
from editor.ui.ticker.day_bar import DayBar
from editor.ui.ticker.entry_panel import EntryPanel
from editor.ui.ticker.quick_line import QuickLine
from editor.ui.ticker.reading import DayView, read_breaking, read_day
from editor.ui.ticker.row_painter import RowPainter
from editor.ui.ticker.rows import clock_words, day_rows
from editor.ui.ticker.timeline import DayModel, Timeline
from editor.ui.ticker.words import Place, day_words, place_of
from editor.ui.widgets.alarm import AlarmMaker, QtAlarm
from editor.ui.widgets.in_place_question import InPlaceQuestion
from editor.ui.widgets.list_state import ListState
from editor.ui.wording import Wording

PANEL_WIDTH, PANEL_LEAST, STAGE_MS = 440, 360, 400


class TickerDesk(QWidget):
    """One day of the ticker. `facts` says what the status bar shows at its left; `article_wanted` asks for an article."""

    facts = Signal(str)
    article_wanted = Signal(str)
    name = "ticker"
    icon = "ticker"

    def __init__(self, door: Door, wording: Wording, look: Look, keymap: Keymap, clock: Clock,
                 alarm: AlarmMaker = QtAlarm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._wording, self._look, self._clock = door, wording, look, clock
        self._zone = Newsroom().zone
        self._day_slot, self._breaking_slot = Slot(), Slot()
        self._breaking_day: date | None = None
        self._wanted = ""
        self._opened = ""
        self._was_shown = False
        self.view: DayView | None = None
        self.day = self._today()
        self.acts = TickerActs(door, self, self)
        self.acts.made.connect(self._on_made)
        self.acts.refused.connect(self.refuse)
        self._stage_alarm = alarm(self, self._stage)
        self._minute_alarm = alarm(self, self._on_minute)
        self._build(keymap)
        self._commands = TickerCommands(self, door, wording, keymap, self, open_article=self.article_wanted.emit)
        self._commands.bind()
        self._connect()
        self._leave_bus = door.bus.subscribe(self._on_changes)
        self.read()
        self._on_minute()

    def title(self, wording: Wording) -> str:
        """The desk's name for people."""
        return wording.tr("ticker_desk", "Ticker")

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """Every action that the desk takes, by its name in the table."""
        return {**self._commands.in_list(), **self._commands.everywhere()}

    def arrive(self) -> None:
        """It was opened: the keyboard goes to the timeline."""
        self.timeline.setFocus(Qt.FocusReason.OtherFocusReason)

    def settle(self) -> None:
        """Another desk opens, or the window closes: what is being typed is kept."""
        self.flush()

    def first_focus(self) -> QWidget:
        """Where the keyboard goes when the desk is shown."""
        return self.timeline

    def now(self) -> datetime:
        """The present instant."""
        return self._clock.now()

    @property
    def item(self) -> TickerItem | None:
        """The open line."""
        return None if self.view is None else self.view.item(self.timeline.current_key)

    def go_to(self, day: date, entry_id: str = "") -> None:
        """Show another day, with `entry_id` open when it is there."""
        self.flush()
        self.day, self._wanted = day, entry_id
        self.read()

    def go_to_now(self) -> None:
        """Show today with the red line in view."""
        if self.day != self._today():
            self.go_to(self._today())
        self.timeline.show_now()

    def read(self) -> None:
        """Read the day again."""
        day, now = self.day, self.now()
        if self.view is None or self.view.day != day:
            self._state.say(self._wording.tr("ticker_desk", "Reading the day…"))
            self._pages.setCurrentWidget(self._state)
        self._door.read(lambda reader: read_day(reader, day, now), self._show, self._on_failed, slot=self._day_slot)
        if self._breaking_day != day:
            self._breaking_day = day
            self._door.read(lambda reader: read_breaking(reader, day), lambda n: self.bar.show_breaking(*n),
                            lambda _: None, slot=self._breaking_slot)

    def refuse(self, error: EditorError) -> None:
        """Say in one sentence why something was not done."""
        self.panel.refuse(self._wording.explain(error))

    def flush(self) -> None:
        """Keep what is being typed, now."""
        if self._stage_alarm.is_set():
            self._stage_alarm.stop()
            self._stage()

    def undo(self) -> None:
        """Take back the last thing done on the ticker."""
        self.acts.undo()

    def close_desk(self) -> None:
        """Keep what is typed, and listen no longer."""
        self.flush()
        self._minute_alarm.stop()
        self._leave_bus()
        self.acts.leave()
        for slot in (self._day_slot, self._breaking_slot):
            slot.generation += 1  # what is still being read is for nobody

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.timeline.show_now()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.bar.close_search()
            self.timeline.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and watched is self.panel.fields.headline:
            self.flush()
        return super().eventFilter(watched, event)

    def _today(self) -> date:
        return self.now().astimezone(zone_info(self._zone)).date()

    def _build(self, keymap: Keymap) -> None:
        look, wording, px = self._look, self._wording, self._look.px
        self.bar = DayBar(look, wording, keymap, self)
        self.timeline = Timeline(DayModel(wording, px, self), self._on_key, self)
        self.timeline.setItemDelegate(RowPainter(look, wording, lambda: (self.now(), self._zone), keymap.shown,
                                                 self.timeline))
        self._state = ListState(look, self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.timeline)
        self._pages.addWidget(self._state)
        self.block = BlockPanel(look, wording, self)
        self.question = InPlaceQuestion(look, wording.tr("ticker_desk", "Back"), self)
        self.quick = QuickLine(look, lambda: keymap.shown("ticker.new"), self)
        self.quick.setAccessibleName(wording.tr("ticker_desk", "New line: a time and a headline"))
        self.panel = EntryPanel(look, wording, keymap, self.now, self)
        self.panel.setMinimumWidth(px(PANEL_LEAST))
        self.panel.setMaximumWidth(px(PANEL_WIDTH))
        foot = QVBoxLayout()
        foot.setContentsMargins(px(20), px(12), px(20), px(12))
        foot.setSpacing(px(8))
        foot.addWidget(self.question)
        foot.addWidget(self.quick)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self.bar)
        left.addWidget(self._rule("rule"))
        left.addWidget(self._pages, 1)
        left.addWidget(self._rule("rule"))
        left.addWidget(self.block, 1)
        left.addLayout(foot)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(left, 2)
        whole.addWidget(self._rule("rule-down"))
        whole.addWidget(self.panel, 1)

    def _rule(self, kind: str) -> QFrame:
        rule = QFrame(self)
        rule.setProperty("kind", kind)
        return rule

    def _connect(self) -> None:
        self.bar.day_wanted.connect(lambda days: self.go_to(self.day + timedelta(days=days)))
        self.bar.now_wanted.connect(self.go_to_now)
        self.timeline.chosen.connect(self._on_chosen)
        self.timeline.opened.connect(self._commands.open)
        self.panel.fields.headline_typed.connect(lambda: self._stage_alarm.start(STAGE_MS))
        self.panel.fields.headline.installEventFilter(self)
        self._look.changed.connect(self.timeline.doItemsLayout)

    def _show(self, view: DayView) -> None:
        first = self.view is None or self.view.day != view.day
        self.view, self._zone = view, view.newsroom.zone
        self._show_rows()
        self.timeline.setAccessibleName(self._wording.tr("ticker_desk", "Timeline of {day}",
                                                         day=day_words(self._wording, view.day)))
        if self._wanted and self.timeline.select(self._wanted):
            self._wanted = ""
        elif first:
            self._choose_first(view)
            self.timeline.show_now()
        self._show_item()
        free = moment_of(view.free_from(max(self.now(), self._day_begin())), self._zone)
        self.quick.setPlaceholderText(self._wording.tr(
            "ticker_desk", "{time} Type a headline and press Enter, or paste a whole list…", time=clock_words(free)))
        if view.items or view.day == self._today():
            self._pages.setCurrentWidget(self.timeline)
        else:
            self._state.say(self._wording.tr("ticker_desk", "Nothing on {day} yet", day=day_words(self._wording, view.day)),
                            self._wording.tr("ticker_desk", "Type a headline below and press Enter to plan the first line."),
                            self._wording.tr("ticker_desk", "New line"), self._commands.new)
            self._pages.setCurrentWidget(self._state)

    def _choose_first(self, view: DayView) -> None:
        """Open the line that comes next; on another day, or with none to come, the nearest to now."""
        timed = sorted((item.entry.start.utc, item.entry.id) for item in view.items if item.entry.start is not None
                       and item.entry.intent is not Intent.WITHDRAWN)
        ahead = [one for at, one in timed if at > view.now]
        nearest = ahead[0] if ahead else timed[-1][1] if timed else ""
        self.timeline.select(nearest, scroll=False)

    def _show_rows(self) -> None:
        assert self.view is not None
        now = self.now()
        self.timeline.show_rows(day_rows(self.view, now))
        self.bar.show_day(self.view, now)
        self.facts.emit(self._fact(self.view, now))

    def _show_item(self) -> None:
        assert self.view is not None
        key = self.timeline.current_key
        self.panel.show_day(self.view, self.item, opened=self._opened != f"{self.view.day} {key}")
        self._opened = f"{self.view.day} {key}"

    def _fact(self, view: DayView, now: datetime) -> str:
        places = [place_of(item, phase) for item in view.items
                  if (phase := view.phase_of(item.entry, now)) in (Phase.PLANNED, Phase.MISSED)]
        tr = self._wording.tr
        waiting, local = places.count(Place.ON_SERVER), places.count(Place.LOCAL)
        said = []
        if waiting:
            said.append(tr("ticker_desk", "One line stands ready on the server: it appears even if this computer is off|"
                                          "{n} lines stand ready on the server: they appear even if this computer is off",
                           n=waiting))
        if local:
            said.append(tr("ticker_desk", "one line on this computer only|{n} lines on this computer only", n=local))
        return " · ".join(said)

    def _day_begin(self) -> datetime:
        return datetime.combine(self.day, datetime.min.time(), zone_info(self._zone))

    def _on_failed(self, error: EditorError) -> None:
        self._state.say(self._wording.tr("ticker_desk", "The day could not be read"), self._wording.say(error.message),
                        self._wording.tr("ticker_desk", "Try again"), self.read)
        self._pages.setCurrentWidget(self._state)

    def _on_key(self, event: QKeyEvent) -> bool:
        return self._commands.take(event)

    def _on_chosen(self) -> None:
        self.flush()
        if self.view is not None:
            self._show_item()

    def _on_made(self, entry_id: str) -> None:
        self._wanted = entry_id
        if self.view is not None and self.view.item(entry_id) is not None and self.timeline.select(entry_id):
            self._wanted = ""

    def _on_changes(self, changes: ChangeSet, initiator: object) -> None:
        if any(changes.of(kind) for kind in ("ticker", "newsroom", "article")):
            if changes.of("ticker") and initiator is not self:
                self._breaking_day = None
            self.read()

    def _on_minute(self) -> None:
        if self.view is not None:
            self._show_rows()
        now = self.now()
        self._minute_alarm.start(60_000 - (now.second * 1000 + now.microsecond // 1000) + 20)

    def _stage(self) -> None:
        item = self.view.item(self._opened.partition(" ")[2]) if self.view is not None else None
        if item is not None and self.panel.typed != (item.staged if item.staged is not None else item.entry.headline):
            self.acts.stage(item.entry.id, self.panel.typed)

"""What each key of the ticker's desk does (domain-rules C7). GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from editor.base.errors import EditorError
from editor.desk.read_models import TickerItem
from editor.domain.moments import moment_of
from editor.domain.ticker import Phase, Pin, Priority
from editor.runtime.workers import Door
from editor.ui.actions import Keymap
from editor.ui.theme.tokens import Tone
from editor.ui.ticker.entry_panel import late_answers
from editor.ui.ticker.host import TickerHost
from editor.ui.ticker.reading import pin_until
from editor.ui.ticker.rows import RowKind
from editor.ui.ticker.typing_commands import TickerTyping
from editor.ui.ticker.words import place_of
from editor.ui.widgets.buttons import Weight
from editor.ui.widgets.in_place_question import Choice
from editor.ui.wording import Wording

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TickerCommands(QObject):
    """The commands of one desk."""

    def __init__(self, desk: TickerHost, door: Door, wording: Wording, keymap: Keymap, parent: QWidget, *,
                 open_article: Callable[[str], object]) -> None:
        """`parent` is the widget in which the keys hold: the desk's own."""
        super().__init__(parent)
        self._desk, self._wording, self._keymap, self._widget = desk, wording, keymap, parent
        self._open_article = open_article
        self._typing = TickerTyping(desk, door, wording, self)
        self._typing.connect_fields()

    def in_list(self) -> Mapping[str, Callable[[], object]]:
        """What letters do: in the timeline alone (C7)."""
        desk, on_item = self._desk, self._on_item
        return {
            "ticker.new": self.new, "ticker.from_article": self._typing.ask_article, "ticker.go_to": self._typing.ask_time,
            "ticker.breaking": on_item(self._toggle_breaking), "ticker.pin": on_item(self._pin),
            "ticker.edit": on_item(lambda _: self._edit()), "ticker.free": self.next_free, "ticker.now": desk.go_to_now,
            "ticker.publish": on_item(self._publish), "ticker.withdraw": on_item(self._withdraw),
            "ticker.gap_before": lambda: desk.timeline.step(-1, RowKind.GAP),
            "ticker.gap_after": lambda: desk.timeline.step(1, RowKind.GAP), "ticker.warnings": desk.timeline.step_to_warning,
            "ticker.search": desk.bar.open_search, "ticker.preview": desk.panel.preview.slider.setFocus,
            "ticker.article": on_item(lambda item: self._open_article(item.entry.article_id)),
            "ticker.earlier": self._mover(minutes=-1), "ticker.later": self._mover(minutes=1),
            "ticker.much_earlier": self._mover(minutes=-15), "ticker.much_later": self._mover(minutes=15),
            "ticker.day_earlier": self._mover(days=-1), "ticker.day_later": self._mover(days=1)}

    def everywhere(self) -> Mapping[str, Callable[[], object]]:
        """What also acts while one types at the desk."""
        desk, on_item = self._desk, self._on_item
        return {
            "ticker.plan": self.update, "ticker.save": on_item(lambda item: desk.acts.keep(item, desk.panel.typed)),
            "ticker.copy": on_item(self._duplicate), "ticker.empty": self._clear, "ticker.undo": desk.undo}

    def bind(self) -> None:
        """Give the keys and the widgets their commands."""
        desk, on_item = self._desk, self._on_item
        self._keymap.bind(desk.timeline, self.in_list())
        self._keymap.bind(self._widget, self.everywhere())
        desk.question.closed.connect(desk.timeline.setFocus)
        panel, fields = desk.panel, desk.panel.fields
        panel.update_wanted.connect(self.update)
        panel.withdraw_wanted.connect(on_item(self._withdraw))
        panel.move_wanted.connect(self._move_to)
        panel.late_answered.connect(self._answer_late)
        fields.priority_given.connect(lambda n: on_item(lambda item: desk.acts.weigh(item.entry.id, Priority(n)))())
        fields.slot_given.connect(lambda slot: on_item(lambda item: self._pin_to(item, slot))())

    def take(self, event: QKeyEvent) -> bool:
        """Keys of the timeline that are no action of the table: moving, opening, and the answers to a late line."""
        timeline, key = self._desk.timeline, event.key()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if key in (Qt.Key.Key_Down, Qt.Key.Key_J):
            timeline.step(1, RowKind.LINE, RowKind.GAP)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_K):
            timeline.step(-1, RowKind.LINE, RowKind.GAP)
        elif key in ENTER and timeline.current_key:
            self.open(timeline.current_key)
        else:
            return self._answer_late_by(event.text())
        return True

    def open(self, key: str) -> None:
        """Enter: edit the line, or plan in the gap."""
        if self._desk.item is not None:
            self._edit()
        elif key:
            self.next_free()

    def new(self) -> None:
        """To the quick line."""
        self._desk.quick.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def update(self) -> None:
        """Ctrl+Enter: plan the line, or bring its new text to readers."""
        item = self._desk.item
        if item is not None:
            self._desk.acts.update(item, self._desk.panel.typed)
            self._desk.timeline.setFocus()

    def next_free(self) -> None:
        """`V`: the line to the next free moment; on a gap, a new line in its middle."""
        desk, view = self._desk, self._desk.view
        if view is None:
            return
        gap = next((row.gap for row in desk.timeline.rows if row.gap and row.key == desk.timeline.current_key), None)
        if gap is not None:
            wish = max(desk.now(), gap.start + timedelta(minutes=gap.minutes // 2))
            at = moment_of(view.free_from(wish), view.newsroom.zone)
            self.new()
            desk.quick.setText(f"{at.hhmm} ")
        elif (item := desk.item) is not None:
            start = item.entry.start
            wish = max(desk.now(), start.utc) if start is not None else desk.now()
            free = view.free_from(wish, but=item.entry.id, priority=item.entry.priority)
            if start is not None and free == start.utc:
                desk.panel.refuse(self._wording.tr("ticker_desk", "{time} is free already.", time=start.hhmm), Tone.ACCENT)
            else:
                self._move_to(free)

    def _on_item(self, act: Callable[[TickerItem], object]) -> Callable[[], None]:
        def run() -> None:
            self._desk.flush()
            if self._desk.item is not None:
                act(self._desk.item)
        return run

    def _edit(self) -> None:
        field = self._desk.panel.fields.headline
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    def _mover(self, *, minutes: int = 0, days: int = 0) -> Callable[[], None]:
        def move(item: TickerItem) -> None:
            def refused(error: EditorError) -> None:
                start = item.entry.start
                if error.kind not in ("dst_gap", "dst_fold") or start is None:
                    self._desk.refuse(error)
                    return
                wall = datetime.fromisoformat(start.wall) + timedelta(days=days)
                self._typing.read_wall(f"{wall:%d-%m-%Y %H:%M}", lambda at: self._desk.acts.start_at(item.entry.id, at),
                               self._desk.refuse)
            self._desk.acts.move(item.entry.id, refused, minutes=minutes, days=days)
        return self._on_item(move)

    def _move_to(self, at: datetime) -> None:
        view = self._desk.view
        if view is not None and self._desk.item is not None:
            self._desk.acts.start_at(self._desk.item.entry.id, moment_of(at, view.newsroom.zone))

    def _toggle_breaking(self, item: TickerItem) -> None:
        normal = item.entry.priority is Priority.BREAKING
        self._desk.acts.weigh(item.entry.id, Priority.NORMAL if normal else Priority.BREAKING)

    def _pin(self, item: TickerItem) -> None:
        view = self._desk.view
        assert view is not None
        taken = {entry.pin.slot for entry in view.entries if entry.pin is not None and entry.pin.until > self._desk.now()}
        free = next((slot for slot in range(1, view.newsroom.ticker.max_pins + 1) if slot not in taken), 1)
        self._pin_to(item, 0 if item.entry.pin is not None else free)

    def _pin_to(self, item: TickerItem, slot: int) -> None:
        view = self._desk.view
        assert view is not None
        until = pin_until(item.entry, view.newsroom.ticker, self._desk.now())
        self._desk.acts.pin(item.entry.id, Pin(slot, until) if slot else None)

    def _publish(self, item: TickerItem) -> None:
        tr = self._wording.tr
        self._desk.question.ask(
            tr("ticker_desk", "Put “{headline}” on the ticker now?", headline=item.entry.headline),
            [Choice("⏎", tr("ticker_desk", "Publish now"), lambda _: self._desk.acts.publish_now(item.entry.id),
                    Weight.PRIMARY)])

    def _withdraw(self, item: TickerItem) -> None:
        self._desk.acts.withdraw(item.entry.id)

    def _duplicate(self, item: TickerItem) -> None:
        view = self._desk.view
        assert view is not None
        wish = max(self._desk.now(), item.entry.start.utc) if item.entry.start is not None else self._desk.now()
        self._desk.acts.duplicate(item.entry, moment_of(view.free_from(wish), view.newsroom.zone))

    def _clear(self) -> None:
        view, now, tr = self._desk.view, self._desk.now(), self._wording.tr
        if view is None:
            return
        phases = {entry.id: view.phase_of(entry, now) for entry in view.entries}
        live = sum(1 for phase in phases.values() if phase is Phase.LIVE)
        planned = tuple(one for one, phase in phases.items() if phase is Phase.PLANNED)
        choices = [Choice("1", tr("ticker_desk", "Clear what is live"), lambda _: self._desk.acts.clear(()), Weight.DANGER)]
        if planned:
            choices.append(Choice("2", tr("ticker_desk", "One planned line too|{n} planned lines too", n=len(planned)),
                                  lambda _: self._desk.acts.clear(planned)))
        self._desk.question.ask(tr("ticker_desk", "Take the one live line off the ticker?|"
                                                  "Take all {n} live lines off the ticker?", n=live),
                                choices, tone=Tone.ERROR)

    def _answer_late_by(self, key: str) -> bool:
        item, view = self._desk.item, self._desk.view
        if item is None or view is None or not key:
            return False
        if not place_of(item, view.phase_of(item.entry, self._desk.now())).is_asked:
            return False
        answer = next((answer for answer in late_answers(item) if answer.key == key), None)
        if answer is not None:
            self._answer_late(answer.choice)
        return answer is not None

    def _answer_late(self, choice: str) -> None:
        if self._desk.item is not None:
            self._desk.acts.answer_late(self._desk.item, choice)

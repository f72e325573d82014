"""A card for one thing that a person must settle: versions side by side, passage by passage, or one sentence.

A choice between versions is shown as it will stand before it is taken. It knows no desk: whoever shows it hears
`settled` and calls `desk.settling.settle`. Never modal; GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from editor.base.messages import Message
from editor.desk.conflicts import BOTH, MINE, TEXT, THEIRS
from editor.desk.ports import ConflictRow
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.conflict_block import ConflictBlock
from editor.ui.widgets.conflict_preview import ConflictPreview
from editor.ui.widgets.conflict_result import Pick, answer, preview
from editor.ui.widgets.conflict_values import Values
from editor.ui.widgets.conflict_words import VERSIONS, Answer, is_editable, words_of
from editor.ui.widgets.flow_layout import FlowLayout
from editor.ui.wording import Wording

# Every passage at once: one key, the same in both languages.
ALL = (("M", MINE, Message("conflict", "All mine")), ("S", THEIRS, Message("conflict", "All the server’s")),
       ("B", BOTH, Message("conflict", "All both")))
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ConflictCard(QFrame):
    """One card. Its keys work while it, or anything in it but a field, has the focus."""

    settled = Signal(str, str)  # the choice of `desk.settling.settle`, and the whole text when it is "text"
    opened = Signal()  # the person wants to see the thing itself
    grew = Signal()  # it needs more or less room

    def __init__(self, row: ConflictRow, look: Look, wording: Wording, *, title: str = "", who: str = "",
                 when: str = "", can_open: bool = False, values: Values | None = None,
                 parent: QWidget | None = None) -> None:
        """`title` is the thing's headline, `who` the colleague's name, `when` the moment in words; all may be empty.
        `values` says values that are no texts."""
        super().__init__(parent)
        self.row = row
        self._look = look
        self._wording = wording
        self._values = values or Values(wording)
        self._words = words_of(row)
        self._blocks: list[ConflictBlock] = []
        self._at = 0
        self._is_given = False
        head = wording.say(self._words.head)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)  # more than its hint: words wrap
        self.setAccessibleName(wording.tr("conflict", "Conflict: {head}", head=head))
        self.setAccessibleDescription(wording.say(self._words.sentence))
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(*(look.px(side) for side in (19, 14, 16, 14)))
        self._box.setSpacing(look.px(8))
        self._build_head(head, title, who, when)
        self._add_label(wording.say(self._words.sentence), "")
        self._build_blocks()
        self._error = self._add_label("", "error")
        self._error.hide()
        self._preview = ConflictPreview(look, wording)
        self._preview.taken.connect(self._take)
        self._preview.left.connect(self._choose_again)
        self._box.addWidget(self._preview)
        self._answers = self._build_answers(can_open=can_open)

    # -------------------------------------------------------------------------------------------------------- public
    @property
    def has_choice(self) -> bool:
        """Whether everything is chosen and can be taken."""
        return bool(self._blocks) and all(block.pick is not None for block in self._blocks)

    def press(self, key: str) -> bool:
        """Do what the key `1`, `2`, `3`, `E`, or one for all passages stands for; whether this card has it."""
        if self._is_given or any(block.is_editing for block in self._blocks):
            return False
        if len(self._blocks) > 1 and (choice := next((one for k, one, _ in ALL if k == key.upper()), None)):
            self._choose_all(choice)
            return True
        found = next((one for one in self._words.answers if one.key == key.upper()), None)
        if found is None:
            return False
        if self._blocks:
            self._choose(self._current(), found)
        else:
            self._give(found.choice, "")
        return True

    def say_failed(self, sentence: str) -> None:
        """The answer could not be carried out: say why, and let the person choose again."""
        self._error.setText(sentence)
        self._error.show()
        self._enable(on=True)
        self.grew.emit()

    # ---------------------------------------------------------------------------------------------------------- Qt's
    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        editing = next((block for block in self._blocks if block.is_editing), None)
        if editing is not None:
            if event.key() == Qt.Key.Key_Escape:
                self._leave_editor(editing)
                return
            if event.key() in ENTER and (editing.is_choice or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
                self._enter_own(editing)
                return
        elif event.key() in ENTER and self.has_choice and not self._is_given:
            self._take()
            return
        elif event.key() == Qt.Key.Key_Escape and any(block.pick is not None for block in self._blocks):
            self._choose_again()
            return
        elif plain and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and len(self._blocks) > 1:
            self._go(self._blocks.index(self._current()) + (1 if event.key() == Qt.Key.Key_Down else -1))
            return
        elif plain and self.press(event.text()):
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        focused = self.hasFocus()
        if focused:
            area.adjust(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(self._look.colour("accent" if focused else "line"), 2 if focused else 1))
        painter.setBrush(self._look.colour("surface"))
        painter.drawRoundedRect(area, self._look.px(8), self._look.px(8))
        bar = QRectF(0, self._look.px(12), self._look.px(3), self.height() - 2 * self._look.px(12))
        painter.fillRect(bar, self._look.colour("error" if self.row.blocking else "ready"))

    # ------------------------------------------------------------------------------------------------------ building
    def _build_head(self, head: str, title: str, who: str, when: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(self._look.px(8))
        self._icon = QLabel()
        self._icon.setAccessibleName(self.accessibleName())
        self._draw_icon()
        self._look.changed.connect(self._draw_icon)
        words = QLabel(head)
        words.setProperty("kind", "strong")
        words.setWordWrap(True)
        row.addWidget(self._icon)
        row.addWidget(words, 1)
        by = self._wording.tr("conflict", "{when} · {who}", who=who, when=when) if who and when else who or when
        if by:
            label = QLabel(by)
            label.setProperty("kind", "secondary")
            row.addWidget(label)
        self._box.addLayout(row)
        if title:
            self._add_label(title, "secondary")

    def _draw_icon(self) -> None:
        side = self._look.px(18)
        role = "error" if self.row.blocking else "ready"
        self._icon.setPixmap(self._look.icons.pixmap("conflict", self._look.colour(role), side, self.devicePixelRatioF()))

    def _add_label(self, text: str, kind: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("kind", kind)
        label.setWordWrap(True)
        self._box.addWidget(label)
        return label

    def _versions(self) -> list[tuple[str, str, str]]:
        row, say = self.row, self._values.say
        if row.regions:
            return [(str(r["base"]), str(r["mine"]), str(r["theirs"])) for r in row.regions]
        return [(say(row.field, row.base), say(row.field, row.mine), say(row.field, row.theirs))] \
            if row.kind in VERSIONS else []

    def _build_blocks(self) -> None:
        versions = self._versions()
        for number, texts in enumerate(versions, start=1):
            if number > 1:
                rule = QFrame()
                rule.setProperty("kind", "rule")
                self._box.addWidget(rule)
            block = ConflictBlock(self._look, self._wording, texts, self._words.answers, number=number,
                                  count=len(versions), editable=is_editable(self.row),
                                  choices=self._values.choices(self.row.field, self.row.mine, self.row.theirs))
            block.chosen.connect(lambda one, at=block: self._choose(at, one))
            block.entered.connect(lambda at=block: self._enter_own(at))
            self._blocks.append(block)
            self._box.addWidget(block)

    def _build_answers(self, *, can_open: bool) -> QWidget:
        """The answers that are about the whole card."""
        holder = QWidget()
        row = FlowLayout(holder, self._look.px(8))
        row.setContentsMargins(0, self._look.px(4), 0, 0)
        if not self._blocks:
            for one in self._words.answers:
                button = Button(self._look, self._wording.say(one.words), key=one.key)
                button.clicked.connect(lambda _=False, chosen=one: self._give(chosen.choice, ""))
                row.addWidget(button)
        elif len(self._blocks) > 1:
            for key, choice, words in ALL:
                button = Button(self._look, self._wording.say(words), key=key, low=True)
                button.clicked.connect(lambda _=False, chosen=choice: self._choose_all(chosen))
                row.addWidget(button)
        if can_open:
            button = Button(self._look, self._wording.tr("conflict", "Open"), weight=Weight.QUIET, icon="external")
            button.clicked.connect(self.opened)
            if len(self._blocks) == 1:
                self._blocks[0].add_button(button)
            else:
                row.addWidget(button)
        self._box.addWidget(holder)
        holder.setVisible(row.count() > 0)
        return holder

    # ------------------------------------------------------------------------------------------------------ choosing
    def _current(self) -> ConflictBlock:
        """The passage that a key is about: the one with the focus, else the first not chosen, else the last chosen."""
        widget = QApplication.focusWidget()
        for block in self._blocks:
            if widget is not None and (block is widget or block.isAncestorOf(widget)):
                return block
        return next((block for block in self._blocks if block.pick is None), self._blocks[self._at])

    def _go(self, number: int) -> None:
        if 0 <= number < len(self._blocks):
            self._blocks[number].setFocus(Qt.FocusReason.TabFocusReason)
            self.grew.emit()

    def _choose(self, block: ConflictBlock, found: Answer) -> None:
        if found.choice == TEXT:
            block.edit()
            self.grew.emit()
            return
        self._pick(block, found.choice)

    def _choose_all(self, choice: str) -> None:
        for block in self._blocks:
            block.choose(choice)
        self._show_result()

    def _enter_own(self, block: ConflictBlock) -> None:
        block.leave_editor()
        self._pick(block, block.own_words())

    def _pick(self, block: ConflictBlock, pick: Pick) -> None:
        block.choose(pick)
        self._at = self._blocks.index(block)
        following = [*self._blocks[self._at + 1:], *self._blocks[:self._at]]
        if (waiting := next((one for one in following if one.pick is None), None)) is not None:
            waiting.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_result()

    def _show_result(self) -> None:
        self._error.hide()
        if self.has_choice:
            self._preview.show_runs(preview(self.row, self._picks(), self._values.say))
            self._preview.take.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._preview.hide()
        self.grew.emit()

    def _picks(self) -> list[Pick]:
        return [block.pick for block in self._blocks if block.pick is not None]

    def _choose_again(self) -> None:
        for block in self._blocks:
            block.choose(None)
        self._preview.hide()
        (self._blocks[0] if len(self._blocks) > 1 else self).setFocus(Qt.FocusReason.OtherFocusReason)
        self.grew.emit()

    def _leave_editor(self, block: ConflictBlock) -> None:
        block.leave_editor()
        (block if len(self._blocks) > 1 else self).setFocus(Qt.FocusReason.OtherFocusReason)
        self.grew.emit()

    def _take(self) -> None:
        self._give(*answer(self.row, self._picks()))

    def _give(self, choice: str, text: str) -> None:
        # Once is enough: a second answer to the same card would be refused.
        self._error.hide()
        self._enable(on=False)
        self.settled.emit(choice, text)

    def _enable(self, *, on: bool) -> None:
        widget = QApplication.focusWidget()
        had = widget is not None and self.isAncestorOf(widget)
        for part in (*self._blocks, self._preview, self._answers):
            part.setEnabled(on)
        self._is_given = not on
        if had and not on:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

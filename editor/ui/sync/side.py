"""The Sync desk's left column: its three lists with their numbers, and the facts of the connection. GUI thread."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from editor.runtime.sync_runner import SyncFacts
from editor.ui.sync.facts_words import next_try_words, reading_words, skew_words, state_tone, state_words, why_words
from editor.ui.sync.reading import SyncView, rights_of
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button
from editor.ui.widgets.far_line import FarLine
from editor.ui.widgets.instants import Instants
from editor.ui.widgets.painting import Mark
from editor.ui.widgets.part_button import PartButton
from editor.ui.widgets.pills import Pill
from editor.ui.wording import Wording

WIDEST, NARROWEST, SHARE = 260, 222, 0.24  # design pixels; of the desk's width


class Part(Enum):
    """What the desk can show."""

    OUTBOX = 0
    CONFLICTS = 1
    ATTEMPTS = 2
    DOCTOR = 3


class Side(QWidget):
    """Chooses a list; says how the connection stands."""

    chosen = Signal(Part)
    turned = Signal()  # stop the first reading, or go on with it

    def __init__(self, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._wording = wording
        self._box = QVBoxLayout(self._page())
        self._box.setContentsMargins(look.px(12), look.px(14), look.px(12), look.px(14))
        self._box.setSpacing(look.px(4))
        tr = wording.tr
        names = {Part.OUTBOX: tr("sync_desk", "To be sent"), Part.CONFLICTS: tr("sync_desk", "Conflicts"),
                 Part.ATTEMPTS: tr("sync_desk", "Attempts"), Part.DOCTOR: tr("doctor", "Connection check")}
        group = QButtonGroup(self)
        self._parts: dict[Part, PartButton] = {}
        for part, name in names.items():
            button = PartButton(look, name, self)
            button.clicked.connect(lambda _=False, one=part: self.chosen.emit(one))
            group.addButton(button)
            self._parts[part] = button
            self._box.addWidget(button)
        self._parts[Part.OUTBOX].setChecked(True)
        self._build_facts()

    def fit(self, width: int) -> None:
        """Take a part of a desk of `width` pixels: what there is to do has the rest."""
        px = self._look.px
        self.setFixedWidth(max(px(NARROWEST), min(px(WIDEST), round(width * SHARE))))

    def choose(self, part: Part) -> None:
        """Mark a list as the one that is shown."""
        self._parts[part].setChecked(True)

    def focus(self) -> None:
        """Put the keyboard on the chosen list's name."""
        next(button for button in self._parts.values() if button.isChecked()).setFocus()

    def show_view(self, view: SyncView) -> None:
        """Show the numbers, and who is connected to what."""
        stuck = any(item.is_stuck for item in view.outbox)
        self._parts[Part.OUTBOX].show_count(len(view.outbox), alarming=stuck)
        self._parts[Part.CONFLICTS].show_count(len(view.cards), alarming=True)
        bound, actor, say = view.connection, view.actor, self._wording.say
        address = bound.url.removeprefix("https://").removeprefix("http://") if bound else ""
        self._put("server", address.replace(".", ".\u200b").replace("/", "/\u200b"))  # a long one may break there
        self._put("person", (actor.name or bound.account) if bound and actor else "")
        self._put("rights", ", ".join(map(say, rights_of(actor))) if bound and actor else "")

    def show_facts(self, facts: SyncFacts, instants: Instants, now: datetime) -> None:
        """Show how sync stands."""
        say = self._wording.say
        self._pill.show_mark(Mark(say(state_words(facts)), state_tone(facts), "dot"))
        why, skew = why_words(facts), skew_words(facts)
        self._say(self._why, say(why) if why else "")
        self._show_reading(facts)
        self._say(self._skew, say(skew) if skew else "")
        self._put("last", instants.near(facts.last_ok, now) if facts.last_ok else "")
        self._put("next", next_try_words(facts, instants, now))

    # ------------------------------------------------------------------------------------------------------ building
    def _page(self) -> QWidget:
        """What everything stands on; it scrolls where the window is low or the text large."""
        page, scroll, whole = QWidget(), QScrollArea(self), QVBoxLayout(self)
        page.setProperty("ground", "bg")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        return page

    def _build_facts(self) -> None:
        look, tr = self._look, self._wording.tr
        self._box.addSpacing(look.px(18))
        head = QLabel(tr("sync_desk", "Connection"))
        head.setProperty("kind", "label")
        head.setContentsMargins(look.px(10), 0, 0, 0)
        self._box.addWidget(head)
        self._pill = Pill(look, Mark(""))
        holder = QVBoxLayout()
        holder.setContentsMargins(look.px(10), look.px(4), look.px(6), 0)
        holder.setSpacing(look.px(8))
        holder.addWidget(self._pill)
        self._why, self._skew = self._wrapped("secondary"), self._wrapped("error")
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.px(10))
        grid.setVerticalSpacing(look.px(6))
        grid.setColumnStretch(1, 1)
        self._facts: dict[str, tuple[QLabel, QLabel]] = {}
        for place, (key, name) in enumerate((("server", tr("sync_desk", "Server")), ("person", tr("sync_desk", "Person")),
                          ("rights", tr("sync_desk", "May")), ("last", tr("sync_desk", "Last time")),
                          ("next", tr("sync_desk", "Next attempt")))):
            label, value = QLabel(name), QLabel()
            label.setProperty("kind", "secondary")
            value.setWordWrap(True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(name)
            for column, part in enumerate((label, value)):
                grid.addWidget(part, place, column, Qt.AlignmentFlag.AlignTop if column == 0 else Qt.AlignmentFlag(0))
            self._facts[key] = label, value
            self._put(key, "")
        for shown in (self._why, *self._build_reading(), self._skew):
            shown.hide()
            holder.addWidget(shown)
        holder.addLayout(grid)
        self._box.addLayout(holder)
        self._box.addStretch(1)

    @staticmethod
    def _wrapped(kind: str) -> QLabel:
        words = QLabel()
        words.setProperty("kind", kind)
        words.setWordWrap(True)
        return words

    def _build_reading(self) -> tuple[QWidget, QWidget]:
        """How far a first reading is, and the button that stops it or goes on."""
        self._far = FarLine(self._look, self._wording.tr("sync_desk", "Fetching what is there"))
        self._turn = Button(self._look, "", low=True)
        self._turn.clicked.connect(self.turned)
        return self._far, self._turn

    def _show_reading(self, facts: SyncFacts) -> None:
        turn = reading_words(facts)
        self._far.setVisible(bool(facts.rows_total))
        self._far.show_far(facts.rows_done, facts.rows_total)
        self._turn.say(self._wording.say(turn) if turn else "")
        self._turn.setVisible(turn is not None)

    def _put(self, key: str, text: str) -> None:
        label, value = self._facts[key]
        value.setText(text)
        for part in (label, value):
            part.setVisible(bool(text))

    @staticmethod
    def _say(label: QLabel, text: str) -> None:
        label.setText(text)
        label.setVisible(bool(text))

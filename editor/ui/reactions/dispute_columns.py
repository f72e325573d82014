"""A conflict over one reaction in three columns: what you saw, what it is now, what you decided (S-10). GUI thread."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from editor.desk.ports import ConflictRow
from editor.desk.read_models import ReactionView
from editor.domain.reaction import Decision, QueueState, ReactionStatus
from editor.ui.reactions.words import decision_words
from editor.ui.theme.look import Look
from editor.ui.widgets.conflict_words import words_of
from editor.ui.widgets.instants import Instants
from editor.ui.wording import Wording


class DisputeColumns(QWidget):
    """Hidden unless the reaction is disputed. The answers are the decision bar's: 1, 2, 3."""

    def __init__(self, look: Look, wording: Wording, instants: Instants, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording, self.instants = wording, instants
        self.card: ConflictRow | None = None
        self._head = QLabel(self)
        self._head.setProperty("kind", "error")
        self._head.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(look.px(10))
        self._columns: list[QLabel] = []
        tr = wording.tr
        for name in (tr("reactions_desk", "What you saw"), tr("reactions_desk", "What it is now"),
                     tr("reactions_desk", "What you decided")):
            frame = QFrame(self)
            frame.setProperty("kind", "card")
            frame.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label, value = QLabel(name, frame), QLabel(frame)
            label.setProperty("kind", "label")
            value.setWordWrap(True)
            inside = QVBoxLayout(frame)
            inside.setContentsMargins(look.px(12), look.px(8), look.px(12), look.px(10))
            inside.addWidget(label)
            inside.addWidget(value)
            inside.addStretch(1)
            row.addWidget(frame, 1)
            value.setAccessibleName(name)
            self._columns.append(value)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addWidget(self._head)
        column.addLayout(row)

    @property
    def words(self) -> tuple[str, ...]:
        """What the three columns say."""
        return tuple(value.text() for value in self._columns)

    def show_view(self, view: ReactionView, my_id: str) -> None:
        """Show the dispute of `view`, or nothing."""
        self.card = next((card for card in view.conflicts if card.kind == "dispute"), None)
        self.setVisible(view.state is QueueState.CONFLICT)
        if view.state is not QueueState.CONFLICT:
            return
        if self.card is not None:
            said = words_of(self.card)
            self._head.setText(f"{self._wording.say(said.head)}. {self._wording.say(said.sentence)}")
        mine = [one for one in view.decisions if one.actor_id == my_id]
        saw, now, decided = self._columns
        saw.setText(self._saw(view, mine[-1] if mine else None))
        now.setText(self._now(view, my_id))
        decided.setText(self._decided(mine[-1]) if mine else self._wording.tr(
            "reactions_desk", "You have not decided on it"))

    def _saw(self, view: ReactionView, mine: Decision | None) -> str:
        tr = self._wording.tr
        if mine is None:
            return "–"
        same = mine.text_hash == view.reaction.text_hash
        text = tr("reactions_desk", "this text") if same else tr("reactions_desk", "an earlier text")
        if not mine.seen_n:
            return f"{text}\n{tr('reactions_desk', 'nobody had decided yet')}"
        return f"{text}\n{tr('reactions_desk', 'one decision before yours|{n} decisions before yours', n=mine.seen_n)}"

    def _now(self, view: ReactionView, my_id: str) -> str:
        tr, reaction = self._wording.tr, view.reaction
        hidden = reaction.status is not ReactionStatus.APPROVED
        lines = [tr("reactions_desk", "hidden") if hidden else tr("reactions_desk", "visible")]
        theirs = next((one for one in reversed(view.decisions) if one.actor_id != my_id), None) or reaction.decision
        if theirs is not None:
            lines.append(self._decided(theirs))
        elif reaction.escalation is not None:
            lines.append(reaction.escalation.note)
        return "\n".join(lines)

    def _decided(self, decision: Decision) -> str:
        parts = [decision_words(self._wording, decision), decision.actor_name, self.instants.recent(decision.at)]
        said = " · ".join(part for part in parts if part)
        return f"{said}\n{decision.note}" if decision.note else said

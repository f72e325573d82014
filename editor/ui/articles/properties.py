"""What an article carries beside its text: section, tags, bylines, address, embargo, other titles, reactions, note.

Every field is saved as it is typed, by the same way as the text. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.domain.article import REACTION_MODES, Article, Byline
from editor.domain.field_codecs import ARTICLE
from editor.ui.articles import edits
from editor.ui.articles.difference import as_words
from editor.ui.articles.reading import Screen
from editor.ui.articles.settling import Settling
from editor.ui.articles.typed_moment import moment_words, read_moment
from editor.ui.theme.look import Look
from editor.ui.widgets.alarm import AlarmMaker
from editor.ui.widgets.buttons import Button
from editor.ui.widgets.choice_box import ChoiceBox
from editor.ui.widgets.flow_layout import FlowLayout
from editor.ui.wording import Wording

LINES = ("tags", "bylines", "headline_short", "headline_search", "headline_social", "slug", "embargo_at")
MODES = {
    "pre": Message("articles_desk", "Read before they are shown"),
    "open": Message("articles_desk", "Shown at once"),
    "closed": Message("articles_desk", "Closed"),
    "manual": Message("articles_desk", "All by hand"),
}
TITLES = {
    "section": Message("articles_desk", "Section"),
    "tags": Message("articles_desk", "Tags, with commas between them"),
    "bylines": Message("articles_desk", "Byline, names with commas between them"),
    "headline_short": Message("articles_desk", "Short headline, for the ticker and phones"),
    "headline_search": Message("articles_desk", "Title for search engines"),
    "headline_social": Message("articles_desk", "Title for social media"),
    "slug": Message("articles_desk", "Address; empty makes it from the headline"),
    "embargo_at": Message("articles_desk", "Embargo until"),
    "reactions_mode": Message("articles_desk", "Reactions"),
    "note": Message("articles_desk", "Note for colleagues, never published"),
}


class Properties(QScrollArea):
    """The fields. `edited` carries what was typed, in wire form, by the same pace as the text."""

    edited = Signal(object)  # Mapping[str, Any]

    def __init__(self, look: Look, wording: Wording, make_alarm: AlarmMaker, now: Callable[[], datetime],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording, self._now = look, wording, now
        self._zone = ""
        self._article = Article("")
        self._touched: set[str] = set()
        self._settling = Settling(make_alarm, self)
        self._settling.settled.connect(self._tell)
        self.section, self.mode, self.note = ChoiceBox(look, self), ChoiceBox(look, self), QPlainTextEdit(self)
        self.lines: Mapping[str, QLineEdit] = {name: QLineEdit(self) for name in LINES}
        self._error, self._moved = QLabel(self), QLabel(self)
        self._folds = QWidget(self)
        self._build()
        self._connect()

    @property
    def is_waiting(self) -> bool:
        """Whether something typed has not been told of."""
        return self._settling.is_waiting

    def settle_now(self) -> None:
        """Tell of what was typed at once."""
        self._settling.now()

    def load(self, screen: Screen) -> None:
        """Show another article's fields, or this one's as they were read again; what is being typed stays."""
        article = screen.article
        is_other = article.id != self._article.id
        if is_other:
            self._settling.drop()
            self._touched.clear()
            self._say_error("")
        self._article, self._zone = article, screen.newsroom.zone
        self._offer_sections(screen.newsroom.sections, article.section)
        for name, line in self.lines.items():
            if name not in self._touched:
                words = moment_words(article.embargo_at) if name == "embargo_at" else as_words(getattr(article, name))
                if line.text() != words:
                    line.setText(words)
        if "reactions_mode" not in self._touched:
            self.mode.setCurrentIndex(REACTION_MODES.index(article.reactions_mode))
        if "note" not in self._touched and _raw(self.note) != article.note:
            with QSignalBlocker(self.note):
                edits.merge(self.note.document(), article.note)
        if is_other:
            self.note.document().clearUndoRedoStacks()
        self._moved.setVisible(screen.on_page is not None)

    def focus_field(self, name: str) -> bool:
        """Put the keyboard on a field; False when it is none of these."""
        field = {"section": self.section, "reactions_mode": self.mode, "note": self.note, **self.lines}.get(name)
        if field is None:
            return False
        self.ensureWidgetVisible(field)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.settle_now()
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox):
            event.ignore()  # the wheel scrolls the panel; it never changes a field under the pointer
            return True
        return super().eventFilter(watched, event)

    # ------------------------------------------------------------------------------------------------ private

    def _build(self) -> None:
        px = self._look.px
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(px(18), px(14), px(18), px(18))
        column.setSpacing(px(5))
        self.mode.addItems([self._wording.say(MODES[name]) for name in REACTION_MODES])
        self.note.setProperty("field", "true")
        self.note.setTabChangesFocus(True)
        self.note.setMinimumHeight(px(84))
        fields: list[tuple[str, QWidget]] = [("section", self.section), *((name, self.lines[name]) for name in LINES),
                                             ("reactions_mode", self.mode), ("note", self.note)]
        for number, (name, field) in enumerate(fields):
            if number:
                column.addSpacing(px(7))
            title = QLabel(self._wording.say(TITLES[name]))
            title.setProperty("kind", "label")
            title.setBuddy(field)
            title.setWordWrap(True)
            field.setAccessibleName(title.text())
            column.addWidget(title)
            column.addWidget(field)
            for below in {"slug": (self._moved,), "embargo_at": (self._error, self._folds)}.get(name, ()):
                column.addWidget(below)
        self.lines["embargo_at"].setPlaceholderText(self._wording.tr("articles_desk", "no embargo"))
        self._moved.setText(self._wording.tr("articles_desk", "The page is public: its old address will lead to the new one."))
        self._moved.setProperty("kind", "secondary")
        self._error.setProperty("kind", "error")
        for label in (self._moved, self._error):
            label.setWordWrap(True)
            label.hide()
        self._build_folds()
        column.addStretch(1)
        self.setWidget(page)

    def _build_folds(self) -> None:
        """The question which of two equal times is meant, in the night that the clock goes back."""
        self._folds.hide()
        flow = FlowLayout(self._folds, self._look.px(8))
        flow.setContentsMargins(0, 0, 0, 0)
        for fold, words in ((0, self._wording.tr("articles_desk", "The first (summer time)")),
                            (1, self._wording.tr("articles_desk", "The second (winter time)"))):
            button = Button(self._look, words, low=True, parent=self._folds)
            button.clicked.connect(lambda _=False, fold=fold: self._choose_fold(fold))
            flow.addWidget(button)

    def _connect(self) -> None:
        for name, line in self.lines.items():
            line.textEdited.connect(lambda _, name=name: self._touch(name))
            line.installEventFilter(self)
        self.note.textChanged.connect(lambda: self._touch("note"))
        self.note.installEventFilter(self)
        self.section.activated.connect(lambda _: self._touch("section"))
        self.section.editTextChanged.connect(lambda _: self._touch("section") if self.section.hasFocus() else None)
        self.mode.activated.connect(lambda _: self._touch("reactions_mode"))
        for box in (self.section, self.mode):
            box.installEventFilter(self)
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _offer_sections(self, sections: Sequence[str], present: str) -> None:
        """The newsroom's sections; where it has none, any words may be written."""
        offered = ["", *sections, *([present] if present and present not in sections else [])]
        if [self.section.itemData(n) for n in range(self.section.count())] != offered or self.section.isEditable() == bool(sections):
            self.section.clear()
            for name in offered:
                none = self._wording.tr("articles_desk", "No section") if sections else ""
                self.section.addItem(name or none, name)
            self.section.setEditable(not sections)
        if "section" not in self._touched:
            self.section.setCurrentIndex(offered.index(present))

    def _touch(self, name: str) -> None:
        self._touched.add(name)
        self._settling.touch()

    def _tell(self) -> None:
        fields = {}
        for name in sorted(self._touched):
            try:
                fields[name] = self._wire(name)
            except UserError as error:
                asks = error.kind == "dst_fold"  # the two buttons are the way out
                parts = [error.message, *([error.fix] if error.fix and not asks else [])]
                self._say_error(" ".join(self._wording.say(part) for part in parts), folds=asks)
                continue
            if name == "embargo_at":
                self._say_error("")
        self._touched -= set(fields)
        if fields:
            self.edited.emit(fields)

    def _wire(self, name: str, fold: int | None = None) -> Any:
        """A field as it travels. Raises `UserError` for an embargo that is no time."""
        if name == "section":
            return self.section.currentText().strip() if self.section.isEditable() else self.section.currentData()
        if name == "reactions_mode":
            return REACTION_MODES[self.mode.currentIndex()]
        if name == "note":
            return _raw(self.note)
        text = self.lines[name].text().strip()
        if name == "embargo_at":
            return ARTICLE[name].write(read_moment(text, self._zone, self._now(), fold) if text else None)
        if name == "tags":
            return list(dict.fromkeys(_parts(text)))
        if name == "bylines":
            known = {as_words(one): one for one in self._article.bylines}
            return ARTICLE[name].write([known.get(part, Byline(part)) for part in _parts(text)])
        return text

    def _choose_fold(self, fold: int) -> None:
        self._touched.discard("embargo_at")
        self._say_error("")
        self.edited.emit({"embargo_at": self._wire("embargo_at", fold)})

    def _say_error(self, sentence: str, *, folds: bool = False) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        self._folds.setVisible(folds)
        line = self.lines["embargo_at"]
        line.setProperty("invalid", "true" if sentence else "false")
        line.style().unpolish(line)
        line.style().polish(line)
        line.setAccessibleDescription(sentence)


def _raw(field: QPlainTextEdit) -> str:
    return edits.raw_text(field.document())


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]

"""What each key of the articles desk does, and its menu of steps. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from editor.ui.actions import Keymap
from editor.ui.articles.panel import PREVIEW, PROPERTIES, VERSIONS, ArticlesPanel
from editor.ui.articles.step_taking import Host, StepTaking
from editor.ui.articles.steps import Offer, may_delete, next_step
from editor.ui.wording import Wording

Command = Callable[[], object]


class CommandHost(Host, Protocol):
    """What the commands need of the desk."""

    panel: ArticlesPanel
    steps: StepTaking
    look_in_browser: Callable[[str], None] | None

    def steps_offered(self) -> tuple[Offer, ...]:
        """The steps of the menu, as the open article stands."""
        ...

    def new(self) -> None:
        """Begin an article."""
        ...

    def open_beside(self, step: int) -> None:
        """Open the article above (-1) or below (1) in the library."""
        ...


class ArticleCommands(QObject):
    """The commands of one desk."""

    def __init__(self, desk: CommandHost, wording: Wording, keymap: Keymap, parent: QWidget) -> None:
        """`parent` is the widget in which the keys hold: the desk's own."""
        super().__init__(parent)
        self._desk, self._wording, self._keymap, self._widget = desk, wording, keymap, parent

    def all(self) -> Mapping[str, Command]:
        """Every action that can be taken now, by its name in the table."""
        return {**self._at_desk(), **(self._with_article() if self._desk.panel.is_open else {})}

    def bind(self) -> None:
        """Give the keys and the buttons their commands."""
        desk = self._desk
        self._keymap.bind(self._widget, {**self._at_desk(), **self._with_article(text=False)})
        self._keymap.bind(desk.panel.surface, self._in_text())
        desk.panel.steps.step_wanted.connect(self.step)
        desk.panel.steps.steps_wanted.connect(self.open_steps)

    def step(self) -> None:
        """Take the next step."""
        screen = self._desk.shown
        if screen is not None and (offer := next_step(screen)) is not None:
            self._desk.panel.steps.say_refused("")
            self._desk.steps.take(offer)

    def open_steps(self) -> None:
        """The other steps that are allowed, and the bin."""
        desk, screen = self._desk, self._desk.shown
        if screen is None:
            return
        menu = QMenu(self._widget)
        menu.aboutToHide.connect(menu.deleteLater)
        for offer in desk.steps_offered():
            act = QAction(self._wording.say(offer.words), menu)
            act.triggered.connect(lambda _=False, offer=offer: desk.steps.take(offer))
            menu.addAction(act)
        if may_delete(screen):
            menu.addSeparator()
            bin_it = QAction(self._wording.tr("articles_desk", "To the bin…"), menu)
            bin_it.triggered.connect(desk.steps.ask_bin)
            menu.addAction(bin_it)
        if desk.look_in_browser is not None:
            menu.addSeparator()
            look = QAction(self._wording.tr("actions", "Look at it in a browser"), menu)
            look.triggered.connect(self._look)
            menu.addAction(look)
        under = desk.panel.steps.more
        size = menu.sizeHint()
        menu.popup(under.mapToGlobal(QPoint(under.width() - size.width(), -size.height() - 2)))
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def _at_desk(self) -> Mapping[str, Command]:
        desk = self._desk
        return {"article.new": desk.new, "article.search": lambda: desk.panel.library.search.setFocus(Qt.FocusReason.ShortcutFocusReason),
                "article.previous": lambda: desk.open_beside(-1), "article.next": lambda: desk.open_beside(1)}

    def _with_article(self, *, text: bool = True) -> Mapping[str, Command]:
        desk = self._desk
        found: dict[str, Command] = {
            "article.step": self.step, "article.steps": self.open_steps, "article.version": desk.steps.ask_name,
            "article.tab1": lambda: desk.panel.tabs.choose(PREVIEW), "article.tab2": lambda: desk.panel.tabs.choose(PROPERTIES),
            "article.tab4": lambda: desk.panel.tabs.choose(VERSIONS), "article.find": self._find,
            "article.typewriter": self._toggle_typewriter}
        if desk.look_in_browser is not None:
            found["article.browser"] = self._look
        return {**found, **self._in_text()} if text else found

    def _in_text(self) -> Mapping[str, Command]:
        surface = self._desk.panel.surface
        return {"text.bold": surface.toggle_bold, "text.italic": surface.toggle_italic, "text.link": surface.make_link,
                "text.heading": surface.toggle_heading}

    def _find(self) -> None:
        if self._desk.panel.is_open:
            self._desk.panel.finder.open()

    def _toggle_typewriter(self) -> None:
        surface = self._desk.panel.surface
        surface.is_typewriter = not surface.is_typewriter
        surface.show_caret()

    def _look(self) -> None:
        """Show the server's own page of the working text, once that is saved."""
        look, screen = self._desk.look_in_browser, self._desk.shown
        if look is not None and screen is not None:
            article_id = screen.article.id
            self._desk.flush(lambda: look(article_id), self._desk.refuse)

"""The first start carried out: the page covers the window until a way to begin was chosen. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QMainWindow, QWidget

from editor.base.errors import EditorError
from editor.ui.sync.first_run import Check, FirstRunPage, Found
from editor.ui.theme.look import Look
from editor.ui.wording import Wording

HOME_HOSTS = ("localhost", "127.", "[::1]")
NO_ANSWER = ("no_server", "no_answer", "offline", "unreachable")


class Beginning:
    """Covers `window` with the page. `connect` is given address, token, and what to call at success and at failure."""

    def __init__(self, window: QMainWindow, look: Look, wording: Wording, *, begun: Callable[[], None],
                 use_sample: Callable[[Callable[[EditorError], None]], None] | None,
                 connect: Callable[[str, str, Callable[[], None], Callable[[EditorError], None]], None]) -> None:
        self._window, self._wording = window, wording
        self._begun, self._connect = begun, connect
        self._under: QWidget | None = None
        self.page = FirstRunPage(look, wording)
        self.page.later_chosen.connect(self._on_later)
        self.page.connect_asked.connect(self._on_connect)
        if use_sample is None:
            self.page.sample.setEnabled(False)
        else:
            self.page.sample_chosen.connect(lambda: use_sample(self._on_failed))

    def show(self, *, server_only: bool = False) -> None:
        """Cover the window; `server_only` goes straight to address and token."""
        self._under = self._window.takeCentralWidget()
        self._window.setCentralWidget(self.page)
        if server_only:
            self.page.server.click()
        else:
            self.page.first_focus()

    def leave(self) -> None:
        """Give the window back; the page is gone then."""
        if self._under is None:
            return
        under, self._under = self._under, None
        self._window.takeCentralWidget()
        self.page.hide()
        self.page.deleteLater()
        self._window.setCentralWidget(under)
        under.show()

    def _on_later(self) -> None:
        self.leave()
        self._begun()

    def _on_connect(self, address: str, token: str) -> None:
        tr = self._wording.tr
        self.page.show_checks([Check(tr("application", "Asking the server…"), Found.RUNNING)])
        self._connect(whole_address(address), token, self._on_later, self._on_failed)

    def _on_failed(self, error: EditorError) -> None:
        tr = self._wording.tr
        if error.kind in NO_ANSWER:
            checks = [Check(tr("application", "The server does not answer"), Found.BAD)]
        else:
            checks = [Check(tr("application", "The server answers"), Found.GOOD)]
        if error.kind == "bad_token":
            checks.append(Check(tr("application", "The server does not know the token"), Found.BAD))
        self.page.show_checks(checks)
        self.page.say_failed(self._wording.explain(error))


def whole_address(typed: str) -> str:
    """The address with its scheme: https, and http only for this computer itself."""
    if "://" in typed:
        return typed.rstrip("/")
    scheme = "http" if typed.startswith(HOME_HOSTS) else "https"
    return f"{scheme}://{typed}".rstrip("/")

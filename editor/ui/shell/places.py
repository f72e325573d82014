"""Where the window stood: kept as text by whoever keeps settings, and used only on a screen that still exists."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QByteArray, QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter

SEEN = 80  # pixels of the window that must lie on a screen
FRAME = 40  # pixels that the desktop's title bar and edges may take: Qt knows them only once the window stands


class Memory(Protocol):
    """Keeps short texts from one start to the next."""

    def recall(self, name: str) -> str:
        """What was kept under a name, or ""."""
        ...

    def keep(self, name: str, value: str) -> None:
        """Keep it. Never waits for the disk."""
        ...


def keep_window(window: QMainWindow, memory: Memory) -> None:
    """Keep where the window stands."""
    memory.keep("window", window.saveGeometry().toBase64().toStdString())


def recall_window(window: QMainWindow, memory: Memory, width: int, height: int) -> None:
    """Put the window where it stood, or at a size that fits the screen."""
    kept = memory.recall("window")
    if kept and window.restoreGeometry(QByteArray.fromBase64(kept.encode())) and _is_seen(window):
        return
    screen = QGuiApplication.primaryScreen().availableGeometry()
    window.resize(min(width, screen.width() - 2), min(height, screen.height() - FRAME))
    window.move(screen.center() - window.rect().center() - QPoint(0, FRAME // 2 - 2))


def keep_splitter(name: str, splitter: QSplitter, memory: Memory) -> None:
    """Keep a desk's division."""
    memory.keep(f"splitter.{name}", ",".join(str(size) for size in splitter.sizes()))


def recall_splitter(name: str, splitter: QSplitter, memory: Memory) -> None:
    """Divide a desk as it was, where that still has as many parts."""
    sizes = [int(part) for part in memory.recall(f"splitter.{name}").split(",") if part.isdigit()]
    if len(sizes) == splitter.count() and max(sizes) > 0:
        splitter.setSizes(sizes)


def _is_seen(window: QMainWindow) -> bool:
    frame = window.geometry()
    for screen in QGuiApplication.screens():
        common = screen.availableGeometry().intersected(frame)
        if common.width() >= SEEN and common.height() >= SEEN:
            return True
    return False

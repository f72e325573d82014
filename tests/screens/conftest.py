"""Screens as pictures: drawn without a screen, checked for what they mean, and kept when asked for.

`python3 packaging/dev.py test tests/screens --screens=FOLDER` writes every picture there, to be looked at.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from editor.ui.theme.fonts import load_fonts
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import load_theme
from editor.ui.wording import Wording


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("redactie").addoption("--screens", default="", help="a folder for the pictures of tests/screens")


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    load_fonts()
    qapp.setCursorFlashTime(0)
    return qapp


@pytest.fixture(params=["light", "dark", "contrast"])
def look(dressed: QApplication, request: pytest.FixtureRequest):
    made = Look(load_theme(request.param))
    made.dress(dressed)
    yield made
    made.changed.disconnect()


@pytest.fixture(params=["nl", "en"])
def words(request: pytest.FixtureRequest) -> Wording:
    return Wording(request.param)


@pytest.fixture
def drawn(request: pytest.FixtureRequest, dressed: QApplication) -> Callable[[QWidget, str, QSize], QImage]:
    """Draws a widget at a size and keeps the picture if `--screens` says where."""
    folder = request.config.getoption("--screens", default="")

    def draw(widget: QWidget, name: str, size: QSize) -> QImage:
        widget.resize(size)
        widget.show()
        for _ in range(3):
            QApplication.processEvents()
        image = widget.grab().toImage()
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            image.save(str(Path(folder) / f"{name}.png"))
        return image

    return draw

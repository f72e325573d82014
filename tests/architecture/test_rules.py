"""The tree keeps the rules of `rules.py`, and each rule sees what it is there to see."""

from collections.abc import Iterable

import pytest

from tests.architecture import rules
from tests.architecture.source import Fault, Module, Rule, modules

EDITOR = modules("editor")
FROZEN = {name for module in EDITOR for name in rules.frozen_classes(module)}

# (rule, module) → the reason why this place may break it. Every line is read in review.
EXCEPTIONS: dict[tuple[str, str], str] = {}


def module_level_instances(module: Module) -> Iterable[Fault]:
    return rules.module_level_instances(module, FROZEN)


RULES: dict[str, Rule] = {
    "event_loops": rules.event_loops,
    "files_in_pure_layers": rules.files_in_pure_layers,
    "clocks_as_defaults": rules.clocks_as_defaults,
    "thread_classes": rules.thread_classes,
    "module_level_instances": module_level_instances,
    "text_from_outside": rules.text_from_outside,
    "colours": rules.colours,
    "unfinished": rules.unfinished,
    "drawers": rules.drawers,
    "introductions": rules.introductions,
}


@pytest.mark.parametrize("name", RULES)
def test_the_tree_keeps(name: str) -> None:
    faults = [
        str(fault)
        for module in EDITOR
        if (name, module.name) not in EXCEPTIONS
        for fault in RULES[name](module)
    ]  # fmt: skip
    assert not faults, "\n".join(faults)


def test_no_test_waits_for_a_time_or_mocks_our_code():
    faults = [str(fault) for module in modules("tests") for fault in rules.waits_in_tests(module)]
    assert not faults, "\n".join(faults)


def test_every_exception_is_still_needed():
    names = {module.name: module for module in EDITOR}
    for (rule, module), reason in EXCEPTIONS.items():
        assert reason
        assert list(RULES[rule](names[module])), f"{module} no longer breaks {rule}: take the exception out"


BAD: list[tuple[str, str, str]] = [
    ("event_loops", "editor.runtime.bus", "app.processEvents()"),
    ("event_loops", "editor.ui.articles.panel", "dialog.exec()"),
    ("event_loops", "editor.ui.ticker.panel", "menu.exec_(position)"),
    ("files_in_pure_layers", "editor.domain.article", "open('list.txt')"),
    ("files_in_pure_layers", "editor.language.spelling", "io.open('list.txt')"),
    ("files_in_pure_layers", "editor.triage.wordlists", "path.read_text(encoding='utf-8')"),
    ("files_in_pure_layers", "editor.exchange.docx", "path.write_bytes(data)"),
    ("files_in_pure_layers", "editor.sync.machine", "print('sent')"),
    ("clocks_as_defaults", "editor.desk.articles", "def save(at=datetime.now(UTC)): ..."),
    ("clocks_as_defaults", "editor.desk.articles", "def save(*, clock=SystemClock()): ..."),
    ("clocks_as_defaults", "editor.runtime.timers", "class Timer:\n    def __init__(self, now=time.monotonic): ..."),
    ("clocks_as_defaults", "editor.domain.article", "class Step:\n    at: datetime = field(default_factory=SystemClock)"),
    ("thread_classes", "editor.ui.bridge", "class Worker(QThread): ..."),
    ("thread_classes", "editor.ui.bridge", "class Job(QtCore.QRunnable): ..."),
    ("thread_classes", "editor.runtime.workers", "class Writer(threading.Thread): ..."),
    ("module_level_instances", "editor.ui.application", "app = QApplication([])"),
    ("module_level_instances", "editor.runtime.bus", "BUS: Bus = Bus()"),
    ("module_level_instances", "editor.desk.articles", "LOCKS = (threading.Lock(),)"),
    ("module_level_instances", "editor.exchange", "FORMATS = {}"),
    ("module_level_instances", "editor.exchange", "FORMATS = defaultdict(list)"),
    ("module_level_instances", "editor.base.clock", "if True:\n    CLOCK = SystemClock()"),
    ("module_level_instances", "editor.base.settings", "def load():\n    global settings"),
    ("module_level_instances", "editor.store.engine", "@cache\ndef engine() -> Engine: ..."),
    ("text_from_outside", "editor.ui.articles.panel", "self.surface.setPlainText(text)"),
    ("text_from_outside", "editor.ui.articles.surface", "class S:\n    def settle(self): self.setPlainText(text)"),
    ("colours", "editor.ui.articles.panel", "label.setStyleSheet('color: #c00')"),
    ("colours", "editor.ui.articles.panel", "ACCENT = '#3366cc'"),
    ("colours", "editor.ui.ticker.delegate", "painter.setPen(QColor(51, 102, 204))"),
    ("colours", "editor.ui.ticker.delegate", "painter.setPen(QColor('red'))"),
    ("colours", "editor.ui.ticker.delegate", "painter.setPen(Qt.GlobalColor.red)"),
    ("colours", "editor.ui.widgets.badge", "badge.setStyleSheet('background: rgba(0, 0, 0, 0.5)')"),
    ("unfinished", "editor.backends.press", "raise NotImplementedError"),
    ("unfinished", "editor.backends.press", "raise NotImplementedError('later')"),
    ("drawers", "editor.ui.utils", "pass"),
    ("drawers", "editor.helpers.text", "pass"),
    ("introductions", "editor.ui", "from editor import base"),
]

GOOD: list[tuple[str, str, str]] = [
    ("event_loops", "editor.ui.application", "application.exec()"),
    ("event_loops", "editor.ui.widgets.dialogs", "dialog.exec()"),
    ("event_loops", "editor.ui.articles.panel", "dialog.open()"),
    ("files_in_pure_layers", "editor.store.backup", "path.write_bytes(data)"),
    ("files_in_pure_layers", "editor.exchange.docx", "archive.open('word/document.xml')"),
    ("clocks_as_defaults", "editor.domain.ticker", "def day(start=time.min, clock=None): ..."),
    ("thread_classes", "editor.runtime.workers", "class Writer: ..."),
    ("module_level_instances", "editor.base.clock", "PATTERN = re.compile('x')\nNAMES = frozenset({'a'})\nLOG = getLogger()"),
    ("module_level_instances", "editor.triage.links", "RULE = Rule('R-06', Message('triage', 'Links'), judge=judge)"),
    ("module_level_instances", "editor.ui.actions", "make = lambda: QAction()"),
    ("module_level_instances", "editor.press.schema", "BIG = BigInteger()"),
    ("module_level_instances", "editor.store.outbox", "@cache\ndef waiting() -> Select[Any]: ..."),
    ("colours", "editor.ui.articles.panel", "pixmap.fill(Qt.GlobalColor.transparent)"),
    ("text_from_outside", "editor.ui.articles.surface", "class S:\n    def load(self, text): self.setPlainText(text)"),
    ("text_from_outside", "editor.ui.articles.edits", "surface.setPlainText(text)"),
    ("colours", "editor.ui.theme.palette", "ACCENT = '#3366cc'"),
    ("colours", "editor.ui.articles.panel", "'''Issue #123 and a colour #aabbcc in a docstring.'''\nx = QColor(other)"),
    ("unfinished", "editor.backends.press", "raise Unavailable('offline')"),
    ("drawers", "editor.ui.commonplace", "pass"),
    ("introductions", "editor.ui", "'''The window.'''"),
]


@pytest.mark.parametrize(("name", "module", "code"), BAD)
def test_a_rule_sees(name: str, module: str, code: str) -> None:
    assert list(RULES[name](Module(module, code)))


@pytest.mark.parametrize(("name", "module", "code"), GOOD)
def test_a_rule_lets_pass(name: str, module: str, code: str) -> None:
    known = FROZEN | {"Rule", "Message"}
    faults = rules.module_level_instances(Module(module, code), known) if name == "module_level_instances" else RULES[name](
        Module(module, code)
    )  # fmt: skip
    assert not list(faults)


@pytest.mark.parametrize(
    "code",
    [
        "def test_it(qtbot): qtbot.wait(100)",
        "def test_it(qtbot): QTest.qWait(100)",
        "from unittest import mock",
        "from unittest.mock import patch",
    ],
)
def test_a_sleeping_or_mocking_test_is_seen(code: str) -> None:
    assert list(rules.waits_in_tests(Module("tests.gui.test_it", code)))


def test_every_rule_bites():
    assert {name for name, _, _ in BAD} == set(RULES)

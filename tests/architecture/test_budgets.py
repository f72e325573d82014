"""Sizes: a module fits in one reading, a function on one screen, the main window knows little."""

import ast
from collections.abc import Iterable

from tests.architecture.source import Fault, Module, modules

MODULE_LINES = 400
FUNCTION_LINES = 40
MAIN_WINDOW = "editor.ui.shell.window"
MAIN_WINDOW_LINES = 250

# module or module.function → the reason why it is longer. A short list; every line is read in review.
EXCEPTIONS: dict[str, str] = {}


def budget(module: Module) -> int:
    """Return how many lines the module may have; a migration tells its whole step."""
    return MAIN_WINDOW_LINES if module.name == MAIN_WINDOW else MODULE_LINES


def too_long(module: Module) -> Iterable[Fault]:
    """Yield the module and those of its functions that are over their budget."""
    lines = module.text.count("\n")
    if lines > budget(module) and module.name not in EXCEPTIONS:
        yield Fault(module.name, 1, f"{lines} lines, of {budget(module)}: split it where two things meet")
    if ".migrations." in module.name:  # one function a step, as long as its tables
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES and f"{module.name}.{node.name}" not in EXCEPTIONS:
                yield Fault(module.name, node.lineno, f"{node.name} has {length} lines, of {FUNCTION_LINES}")


def test_modules_and_functions_keep_to_their_budgets():
    faults = [str(fault) for module in modules("editor", "packaging") for fault in too_long(module)]
    assert not faults, "\n".join(faults)


def test_every_exception_is_still_needed():
    names = {module.name: module for module in modules("editor")}
    for place, reason in EXCEPTIONS.items():
        assert reason
        assert place in names or place.rpartition(".")[0] in names, f"{place} is gone: take the exception out"


def test_a_long_module_is_seen():
    assert list(too_long(Module("editor.desk.articles", "x = 1\n" * (MODULE_LINES + 1))))
    assert not list(too_long(Module("editor.desk.articles", "x = 1\n" * MODULE_LINES)))


def test_a_long_main_window_is_seen():
    assert list(too_long(Module(MAIN_WINDOW, "x = 1\n" * (MAIN_WINDOW_LINES + 1))))


def test_a_long_function_is_seen():
    body = "    x = 1\n"
    assert list(too_long(Module("editor.desk.articles", "class A:\n  def f():\n" + body * FUNCTION_LINES)))
    assert not list(too_long(Module("editor.desk.articles", "def f():\n" + body * (FUNCTION_LINES - 1))))

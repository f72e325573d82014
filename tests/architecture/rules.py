"""The house's rules that import-linter and ruff cannot see: each reads one parsed module and yields its faults."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import Fault, Module, calls, last_name, method_calls

PURE = ("editor.domain", "editor.text", "editor.language", "editor.triage", "editor.exchange", "editor.sync")
FILE_METHODS = ("read_text", "read_bytes", "write_text", "write_bytes", "iterdir", "rglob", "unlink", "mkdir", "rmdir")
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "SystemClock"}
PROBES = "editor.ui.probes"  # the bench's child programs: each is an application of its own
PICTURES = "editor.ui.pictures"  # likewise, without a screen
DRAWERS = {"util", "utils", "common", "helper", "helpers", "misc", "manager", "managers"}

# Classes of which a module may hold an instance, because nothing about it can change.
CONSTANTS = {
    "MappingProxyType", "Decimal", "Fraction", "ZoneInfo", "TypeVar", "ParamSpec", "TypeVarTuple", "NewType", "Struct",
    "Path", "PurePosixPath", "NamedTuple", "Enum", "IntEnum", "StrEnum", "TypeAliasType",
}  # fmt: skip
# What a cached function without arguments may return: a constant that is made when it is first needed.
LAZY_CONSTANTS = {
    "frozenset", "tuple", "str", "bytes", "int", "Pattern", "Mapping", "Table",
    "Select", "Insert", "Update", "Delete", "TextClause", "Label",
}  # fmt: skip
EMPTY_REGISTRIES = {"dict", "list", "set", "defaultdict", "deque", "OrderedDict", "Counter", "WeakKeyDictionary"}


def event_loops(module: Module) -> Iterator[Fault]:
    """One event loop: `processEvents` nowhere, `exec` on the application and in the one module that asks questions."""
    for call in method_calls(module.tree, "processEvents"):
        yield Fault(module.name, call.lineno, "processEvents runs other people's code in the middle of this function")
    if module.within("editor.ui") and module.name not in {"editor.ui.application", "editor.ui.widgets.dialogs", PROBES, PICTURES}:
        for call in method_calls(module.tree, "exec", "exec_"):
            yield Fault(module.name, call.lineno, "a nested event loop: use open() or popup(), or widgets/dialogs.py")


def files_in_pure_layers(module: Module) -> Iterator[Fault]:
    """No file is opened where values are made; who calls brings the bytes."""
    if not module.within(*PURE):
        return
    reason = "no files in the layers without I/O: take the text or the bytes as an argument"
    for call in calls(module.tree):
        match call.func:
            case ast.Name(id="open" | "input" | "print") | ast.Attribute(value=ast.Name(id="io" | "codecs"), attr="open"):
                yield Fault(module.name, call.lineno, reason)
            case ast.Attribute(attr=name) if name in FILE_METHODS:
                yield Fault(module.name, call.lineno, reason)


def clocks_as_defaults(module: Module) -> Iterator[Fault]:
    """A clock that is a default is a clock nobody passes: tests and the sample would run on the wall's."""
    for node in ast.walk(module.tree):
        defaults: list[ast.expr | None] = []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            defaults = [*node.args.defaults, *node.args.kw_defaults]
        elif isinstance(node, ast.ClassDef):
            defaults = [child.value for child in node.body if isinstance(child, ast.AnnAssign | ast.Assign)]
        for default in filter(None, defaults):
            inside = (part for part in ast.walk(default) if isinstance(part, ast.Name | ast.Attribute))
            if any(last_name(part) in CLOCKS for part in inside if not _is_only_a_qualifier(part, default)):
                yield Fault(module.name, default.lineno, "a clock as a default argument: have it passed")


def _is_only_a_qualifier(part: ast.expr, whole: ast.expr) -> bool:
    """Tell `time` in `time.min` from a clock: a name of which an attribute is taken says nothing by itself."""
    return any(isinstance(node, ast.Attribute) and node.value is part for node in ast.walk(whole))


def thread_classes(module: Module) -> Iterator[Fault]:
    """Work is a function given to one of runtime's threads, not a thread of its own kind."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                if last_name(base) in {"QThread", "QRunnable", "Thread"}:
                    yield Fault(module.name, node.lineno, f"a subclass of {last_name(base)}: hand runtime a function")


def frozen_classes(module: Module) -> set[str]:
    """Return the names of the module's classes whose instances cannot change: frozen dataclasses, tuples, enums."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef):
            bases = {last_name(base) for base in node.bases}
            frozen = any("frozen=True" in ast.unparse(decorator) for decorator in node.decorator_list)
            if frozen or bases & {"NamedTuple", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}:
                found.add(node.name)
    return found


def module_level_instances(module: Module, frozen: set[str]) -> Iterator[Fault]:
    """A module holds constants, functions and classes: what can change is made by the composition root and passed."""
    # Column types and metadata are declarations, as the row classes beside them are.
    declares_tables = module.name.endswith(".schema") or ".migrations." in module.name
    for statement in _module_level(module.tree.body):
        value = statement.value if isinstance(statement, ast.Assign | ast.AnnAssign) else None
        if value is None:
            continue
        if _is_empty_container(value):
            yield Fault(module.name, statement.lineno, "an empty container at module level is a registry to be filled")
        for call in _calls_at_import(value):
            name = last_name(call.func)
            if name[:1].isupper() and name not in frozen | CONSTANTS and not declares_tables:
                yield Fault(module.name, statement.lineno, f"an instance of {name} at module level: make it in app.py")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Global):
            yield Fault(module.name, node.lineno, "a global that changes: make it in app.py and pass it")
        if isinstance(node, ast.FunctionDef) and _is_cached_without_arguments(node):
            yield Fault(module.name, node.lineno, "a cached function without arguments is a singleton")


def _is_empty_container(value: ast.expr) -> bool:
    if isinstance(value, ast.Dict | ast.List):
        return not (value.keys if isinstance(value, ast.Dict) else value.elts)
    name = last_name(value.func) if isinstance(value, ast.Call) else ""
    return name == "defaultdict" or (name in EMPTY_REGISTRIES and isinstance(value, ast.Call) and not value.args)


def _module_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        if isinstance(statement, ast.If | ast.Try | ast.With):
            yield from _module_level(statement.body)
            yield from _module_level(getattr(statement, "orelse", []))


def _calls_at_import(value: ast.expr) -> Iterator[ast.Call]:
    if isinstance(value, ast.Lambda):
        return
    if isinstance(value, ast.Call):
        yield value
    for child in ast.iter_child_nodes(value):
        if isinstance(child, ast.expr | ast.keyword):
            yield from _calls_at_import(child.value if isinstance(child, ast.keyword) else child)


def _is_cached_without_arguments(node: ast.FunctionDef) -> bool:
    arguments = node.args
    takes = arguments.args or arguments.posonlyargs or arguments.kwonlyargs or arguments.vararg or arguments.kwarg
    if takes or (node.returns is not None and last_name(node.returns) in LAZY_CONSTANTS):
        return False
    return any(last_name(decorator) in {"cache", "lru_cache"} for decorator in node.decorator_list)


def text_from_outside(module: Module) -> Iterator[Fault]:
    """`setPlainText` throws away undo, cursor and marks: an open document is changed by the edits module alone.

    A `load` of the writing surface or of a head field shows another article, whose undo begins anew.
    """
    if not module.within("editor.ui") or module.within("editor.ui.articles.edits") or module.name == PROBES:
        return
    loading: set[ast.Call] = set()
    if module.name in {"editor.ui.articles.surface", "editor.ui.widgets.head_field"}:
        functions = (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef) and node.name == "load")
        loading = {call for function in functions for call in calls(function)}
    for call in method_calls(module.tree, "setPlainText"):
        if call not in loading:
            yield Fault(module.name, call.lineno, "setPlainText on a document: go through ui/articles/edits.py")


def colours(module: Module) -> Iterator[Fault]:
    """Colours come from the theme by role, or one of the two themes is wrong."""
    if not module.within("editor.ui") or module.within("editor.ui.theme"):
        return
    reason = "a colour outside ui/theme: ask the theme for a role"
    docstrings = _docstrings(module.tree)
    for node in ast.walk(module.tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in docstrings and re.search(
                r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b|\brgba?\(", text
            ):
                yield Fault(module.name, node.lineno, reason)
            case ast.Call(func=function, args=[ast.Constant(), *_]) if last_name(function) in {"QColor", "fromRgb"}:
                yield Fault(module.name, node.lineno, reason)
            case ast.Attribute(value=ast.Attribute(attr="GlobalColor"), attr=name) if name != "transparent":
                yield Fault(module.name, node.lineno, reason)


def _docstrings(tree: ast.Module) -> set[int]:
    """Return the identities of expressions that only stand there: docstrings."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def unfinished(module: Module) -> Iterator[Fault]:
    """What is not there yet is not there."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Raise) and node.exc is not None and last_name(node.exc) == "NotImplementedError":
            yield Fault(module.name, node.lineno, "a stub: build it or leave it out")


def drawers(module: Module) -> Iterator[Fault]:
    """A module's name says what is in it."""
    for part in module.name.split("."):
        if part in DRAWERS:
            yield Fault(module.name, 1, f"a drawer called {part}")


def introductions(module: Module) -> Iterator[Fault]:
    """Every module and package introduces itself."""
    if not ast.get_docstring(module.tree):
        yield Fault(module.name, 1, "no docstring")


def waits_in_tests(module: Module) -> Iterator[Fault]:
    """A test waits for what it wants to see, never for a time, and hands fakes in instead of patching our code."""
    for call in method_calls(module.tree, "wait"):
        if isinstance(call.func, ast.Attribute) and last_name(call.func.value) == "qtbot":
            yield Fault(module.name, call.lineno, "a fixed wait: use waitUntil or waitSignal")
    for call in method_calls(module.tree, "qWait", "qSleep"):
        yield Fault(module.name, call.lineno, "a fixed wait: use waitUntil or waitSignal")
    for node in ast.walk(module.tree):
        match node:
            case ast.ImportFrom(module="unittest", names=names) if any(name.name == "mock" for name in names):
                yield Fault(module.name, node.lineno, "a mock: if our own code needs one, a seam is missing")
            case ast.ImportFrom(module="unittest.mock"):
                yield Fault(module.name, node.lineno, "a mock: if our own code needs one, a seam is missing")

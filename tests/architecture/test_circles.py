"""No two modules of the window read each other, not even for a type's name: what one needs of the other is a protocol."""

import ast
from collections.abc import Iterator

from tests.architecture.source import Module, modules


def imported(module: Module) -> Iterator[str]:
    """Every module that this one names at its top, also under `TYPE_CHECKING`."""
    for node in module.tree.body:
        inside = node.body if isinstance(node, ast.If) else [node]
        for one in inside:
            if isinstance(one, ast.ImportFrom) and one.module:
                yield one.module
                yield from (f"{one.module}.{name.name}" for name in one.names)


def circles(found: list[Module]) -> list[tuple[str, str]]:
    """Pairs of modules that read each other."""
    reads = {module.name: set(imported(module)) for module in found}
    return sorted((one, other) for one, names in reads.items() for other in names
                  if other in reads and one < other and one in reads[other])


def test_no_two_modules_of_the_window_read_each_other():
    assert not circles(modules("editor/ui"))


def test_a_circle_is_seen_also_where_only_a_type_is_named():
    desk = Module("editor.ui.ticker.desk", "from editor.ui.ticker.commands import Commands")
    commands = Module("editor.ui.ticker.commands", "if TYPE_CHECKING:\n    from editor.ui.ticker.desk import Desk")
    assert circles([desk, commands]) == [("editor.ui.ticker.commands", "editor.ui.ticker.desk")]

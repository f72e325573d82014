"""Collects every sentence for people from the source: literals of `Message("context", "source")` and `tr(…)`."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.architecture.source import Module, last_name


@dataclass(frozen=True)
class Sentence:
    """One English source, in its catalogue, and where it stands."""

    context: str
    source: str
    place: str


def sentences(module: Module) -> Iterator[Sentence]:
    """Yield the module's sentences; a context may be a constant of the module."""
    constants = {
        target.id: node.value.value
        for node in module.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or last_name(node.func) not in {"Message", "tr"}:
            continue
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        context = node.args[0] if node.args else named.get("context")
        source = node.args[1] if len(node.args) > 1 else named.get("source")
        place = f"{module.name}:{node.lineno}"
        for text in _literals(source, constants):
            for catalogue in _literals(context, constants):
                yield Sentence(catalogue, text, place)


def _literals(node: ast.expr | None, constants: dict[str, str]) -> list[str]:
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.Name(id=name) if name in constants:
            return [constants[name]]
        case ast.IfExp(body=one, orelse=other):
            return _literals(one, constants) + _literals(other, constants)
        case _:
            return []


def built_sentences(module: Module) -> Iterator[str]:
    """Yield places where a sentence is put together in the code, which no translator can follow."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and last_name(node.func) in {"Message", "tr"}:
            for argument in [*node.args[:2], *(word.value for word in node.keywords if word.arg == "source")]:
                if isinstance(argument, ast.JoinedStr | ast.BinOp):
                    yield f"{module.name}:{node.lineno}"


def disagreement(source: str, translation: str) -> str | None:
    """Say what a translation has that its source has not, or the other way round."""
    if _places(source) != _places(translation):
        return f"places {sorted(_places(source))} against {sorted(_places(translation))}"
    forms = source.count("|"), translation.count("|")
    if "{n}" in source and forms[0] != forms[1]:
        return f"{forms[0] + 1} forms against {forms[1] + 1}"
    return None if translation.strip() else "nothing in it"


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))

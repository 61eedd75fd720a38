"""Which refusals a route can give, read from the code it leads to, against those it declares.

Follows calls from a handler through the functions of its own package: names are resolved as the
code would resolve them; a method of an unknown object is taken to be any method of that name in
the package's domain. What a refusal is constructed for is counted as raised. A value read back
from a row was checked when it was written: constructing it in storage or queries refuses nothing.
"""

import ast
import importlib
import inspect
import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from fastapi.routing import APIRoute

from kit.errors import DomainError

from .source import nodes, tree

Refusals = set[type[DomainError]]


class Reach:
    """Everything that can be reached from a function without leaving its package."""

    def __init__(self, *roots: ModuleType) -> None:
        self._packages = tuple(f"{root.__name__}." for root in roots)
        self._methods: dict[str, list[FunctionType]] = defaultdict(list)
        self._found: dict[FunctionType, frozenset[FunctionType | type[DomainError]]] = {}
        for root in roots:
            for cls in _classes(root, f"{root.__name__}.domain"):
                for name, method in vars(cls).items():
                    if plain := _plain(method):
                        self._methods[name].append(plain)

    def refusals(self, start: FunctionType) -> Refusals:
        """Every DomainError that `start` or what it calls may raise."""
        found: Refusals = set()
        waiting, seen = [start], set()
        while waiting:
            function = waiting.pop()
            if function.__code__ in seen:
                continue
            seen.add(function.__code__)
            if function not in self._found:
                self._found[function] = frozenset(self._named(function))
            for thing in self._found[function]:
                if isinstance(thing, FunctionType):
                    waiting.append(thing)
                else:
                    found.add(thing)
        return found

    def _named(self, function: FunctionType) -> Iterator[FunctionType | type[DomainError]]:
        for node in _body(function):
            if isinstance(node, ast.Call):
                thing = _resolved(node.func, function)
                if not (inspect.isclass(thing) and _reads_rows(function)):
                    yield from self._known(thing, node.func)
            elif isinstance(node, ast.Raise) and node.exc is not None:
                yield from self._known(_resolved(node.exc, function), node.exc)

    def _known(self, thing: Any, node: ast.expr) -> Iterator[FunctionType | type[DomainError]]:
        if inspect.isclass(thing) and issubclass(thing, DomainError):
            yield thing
        elif inspect.isclass(thing) and self._ours(thing):
            made = (vars(thing).get(name) for name in ("__init__", "__post_init__"))
            yield from (plain for each in made if (plain := _plain(each)))
        elif plain := _plain(thing):
            if self._ours(plain):
                yield plain
        elif thing is None and isinstance(node, ast.Attribute):
            yield from self._methods.get(node.attr, [])

    def _ours(self, thing: Any) -> bool:
        return f"{thing.__module__}.".startswith(self._packages)


def _reads_rows(function: FunctionType) -> bool:
    return bool({"storage", "queries"} & set(function.__module__.split(".")))


def _plain(thing: Any) -> FunctionType | None:
    """The function behind a method, a property, or a decorated function."""
    thing = getattr(thing, "fget", getattr(thing, "__func__", thing))
    thing = inspect.unwrap(thing) if callable(thing) else thing
    return thing if isinstance(thing, FunctionType) else None


def _body(function: FunctionType) -> Iterator[ast.AST]:
    """Everything a function says, its decorators included; nothing if nobody wrote it."""
    code = function.__code__
    file = Path(code.co_filename)
    for found in _begun(file).get(code.co_firstlineno, ()) if file.is_file() else ():
        yield from nodes(found)


@cache
def _begun(file: Path) -> Mapping[int, Sequence[ast.AST]]:
    """The functions of a file by the line where their code begins: that of a first decorator."""
    found = defaultdict(list)
    for node in nodes(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found[min(each.lineno for each in (node, *node.decorator_list))].append(node)
        elif isinstance(node, ast.Lambda):
            found[node.lineno].append(node)
    return found


def _resolved(node: ast.expr, function: FunctionType) -> Any:
    """What a name or an attribute of a module means inside a function; None if unknown."""
    if isinstance(node, ast.Call):
        return _resolved(node.func, function)
    if isinstance(node, ast.Name):
        return function.__globals__.get(node.id)
    if isinstance(node, ast.Attribute):
        owner = _resolved(node.value, function)
        known = inspect.ismodule(owner) or inspect.isclass(owner)
        return getattr(owner, node.attr, None) if known else None
    return None


def _classes(root: ModuleType, prefix: str) -> Iterator[type]:
    if not hasattr(root, "__path__"):
        yield from (each for each in vars(root).values() if inspect.isclass(each))
        return
    for each in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
        if each.name.startswith(prefix):
            module = importlib.import_module(each.name)
            yield from (cls for cls in vars(module).values() if inspect.isclass(cls))


def declared(route: APIRoute) -> set[str]:
    """Codes of the refusals that the OpenAPI of a route shows."""
    contents = (each.get("content", {}) for each in route.responses.values())
    return {
        code
        for content in contents
        for media in content.values()
        for code in media.get("examples", {})
    }


def undeclared(route: APIRoute, reach: Reach, known: Callable[[str], bool]) -> list[str]:
    """Codes a route can give and does not declare; `known` ones are declared for every route."""
    codes = {each.code for each in reach.refusals(route.endpoint) if hasattr(each, "code")}
    return sorted(code for code in codes - declared(route) if not known(code))

"""Mutants of a module: one small change of its code each, made in its syntax tree.

Changed are comparisons, arithmetic, numbers, truth values, conditions, the ends of min and max, and
entries of literals. Words, messages, annotations, decorators and docstrings are left alone: no rule
speaks of them, and the explanations have tests that pin them.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_COMPARED: Final[dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_COUNTED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
}
_SWAPPED: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SPOKEN: Final = frozenset({"Violation", "NoRate", "Phrase", "Rule", "_rule", "Words", "of"})
Change = tuple[str, Callable[[], None], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed module; `line` and `what` say where and how."""

    line: int
    what: str
    source: str


def mutants_of(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its code."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for node in _spoken_of(tree):
        for what, make, undo in _changes(node):
            make()
            changed = ast.unparse(tree)
            undo()
            if changed not in seen:
                seen.add(changed)
                yield Mutant(node.lineno, what, changed)


def _spoken_of(node: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Yield the nodes whose change a rule could forbid."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_silent(child):
                if isinstance(child, (ast.expr, ast.stmt)):
                    yield child
                yield from _spoken_of(child)


def _is_silent(node: ast.AST) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr)):
        return True
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    called = node.func if isinstance(node, ast.Call) else None
    name = getattr(called, "id", None) or getattr(called, "attr", None)
    return name in _SPOKEN


def _put(owner: object, name: str, new: object) -> tuple[Callable[[], None], Callable[[], None]]:
    old = getattr(owner, name)
    return (lambda: setattr(owner, name, new)), (lambda: setattr(owner, name, old))


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare():
            yield from _compared(node)
        case ast.BinOp() if type(node.op) in _COUNTED:
            new = _COUNTED[type(node.op)]
            yield f"{_name(node.op)} -> {new.__name__}", *_put(node, "op", new())
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield f"{_name(node.op)} -> {_name(other)}", *_put(node, "op", other)
        case ast.IfExp() | ast.If() | ast.While():
            negated = ast.UnaryOp(ast.Not(), node.test)
            yield "condition turned", *_put(node, "test", negated)
        case _:
            yield from _values(node)


def _values(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Constant(value=bool()):
            yield f"{node.value} -> {not node.value}", *_put(node, "value", not node.value)
        case ast.Constant(value=int()):
            yield f"{node.value} -> {node.value + 1}", *_put(node, "value", node.value + 1)
        case ast.Call(func=ast.Name(id=name)) if name in _SWAPPED:
            yield f"{name} -> {_SWAPPED[name]}", *_put(node.func, "id", _SWAPPED[name])
        case ast.GeneratorExp(generators=[loop]) | ast.ListComp(generators=[loop]) if loop.ifs:
            yield "filter left out", *_put(loop, "ifs", [])
        case ast.Tuple() | ast.List() | ast.Set() if len(node.elts) > 1:
            yield "last entry left out", *_put(node, "elts", node.elts[:-1])


def _compared(node: ast.Compare) -> Iterator[Change]:
    for index, op in enumerate(node.ops):
        for new in _COMPARED.get(type(op), ()):
            ops = [*node.ops[:index], new(), *node.ops[index + 1 :]]
            yield f"{_name(op)} -> {new.__name__}", *_put(node, "ops", ops)


def _name(node: ast.AST) -> str:
    return type(node).__name__

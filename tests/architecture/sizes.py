"""How big things are: lines of a package, lengths of its functions, its direct dependencies."""

import ast
import re
import statistics
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from .code_rules import body_lines
from .source import Module, functions, nodes

LINES = {
    "kit": 4300,
    "kit/testing": 500,
    "programmes": 18000,
    "training": 18000,
    "participants": 18000,
}
DEPENDENCIES = 8
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
P90 = 25
MEDIAN = 8


def too_many_lines(package: str, found: Sequence[Module]) -> list[str]:
    """Compare a package with its budget of code: what is explained or spaced out costs nothing."""
    lines = sum(code_lines(module) for module in found)
    limit = LINES[package]
    return [f"{package}: {lines} of {limit} lines of code"] if lines > limit else []


def part(package: str, found: Sequence[Module]) -> list[Module]:
    """Return the modules that a budget is for: test support has one of its own."""
    apart = [name for name in LINES if name.startswith(f"{package}/")]
    return [module for module in found if module.within(package) and not module.within(*apart)]


def code_lines(module: Module) -> int:
    """Count the lines that hold code: neither blank, nor comment, nor docstring."""
    stripped = (line.strip() for line in module.text.splitlines())
    lines = {n for n, line in enumerate(stripped, 1) if line and not line.startswith("#")}
    for node in nodes(module.tree):  # what looks blank or like a comment inside a text is neither
        if isinstance(node, ast.JoinedStr) or _is_text(node):
            lines |= set(range(node.lineno, (node.end_lineno or 0) + 1))
    for node in nodes(module.tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            docstring = node.body[0]
            lines -= set(range(docstring.lineno, (docstring.end_lineno or 0) + 1))
    return len(lines)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def long_in_general(package: str, found: Sequence[Module]) -> list[str]:
    """Refuse a package whose functions are mostly long, though none alone passes the limit."""
    lengths = sorted(body_lines(each) for module in found for each in functions(module.tree))
    if len(lengths) < 2:
        return []
    says = []
    if (p90 := statistics.quantiles(lengths, n=10, method="inclusive")[-1]) > P90:
        says.append(f"{package}: one function in ten is longer than {p90} lines")
    if (median := statistics.median(lengths)) > MEDIAN:
        says.append(f"{package}: the median function has {median} lines")
    return says


def too_many_dependencies(pyproject: Path) -> list[str]:
    """Count what a package asks for by name; what those bring with them is theirs."""
    declared = dependencies(tomllib.loads(pyproject.read_text(encoding="utf-8")))
    return [f"{pyproject}: {sorted(declared)}"] if len(declared) > DEPENDENCIES else []


def dependencies(project: Mapping[str, Mapping[str, list[str]]]) -> set[str]:
    """Names of direct dependencies without versions and extras."""
    return {re.split(r"[\[<>=!~; ]", line)[0] for line in project["project"]["dependencies"]}

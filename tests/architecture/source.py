"""What the rules look at: the Python modules of every package, and all text of the repository."""

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import FastAPI

from kit.service import Service

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("programmes", "training", "participants")
SOURCES = {
    **{name: ROOT / "services" / name / "src" / name for name in SERVICES},
    "gateway": ROOT / "gateway" / "src" / "gateway",
    "kit": ROOT / "shared" / "kit" / "src" / "kit",
    "contracts": ROOT / "shared" / "contracts" / "src" / "contracts",
    "local": ROOT / "deploy" / "local" / "src" / "local",
}
GENERATED = {".venv", ".git", ".local", ".bench", ".secrets", ".hypothesis", "__pycache__"}


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file. `path` starts with the import package: `training/commands/seats.py`."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def parse(cls, path: str, text: str) -> "Module":
        return cls(path, text, ast.parse(text, filename=path))

    @property
    def package(self) -> str:
        return self.path.split("/", 1)[0]

    def within(self, *folders: str) -> bool:
        """Say whether the file lies in `kit/db` or, for `*/commands`, in that of any package."""
        wild = f"*/{self.path.split('/', 1)[1]}"
        return any(path.startswith(f"{f}/") for f in folders for path in (self.path, wild))


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule is broken."""

    path: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.says}"


Findings = Iterator[Finding]


@cache
def modules(package: str | None = None) -> tuple[Module, ...]:
    """Every module of one package, or of all: source only, not tests."""
    if package is None:
        return tuple(module for name in SOURCES for module in modules(name))
    top = SOURCES[package]
    return tuple(
        Module(f"{package}/{file.relative_to(top).as_posix()}", file.read_text("utf-8"), tree(file))
        for file in sorted(top.rglob("*.py"))
    )


@cache
def tree(file: Path) -> ast.Module:
    """What a file says, parsed once for all rules."""
    return ast.parse(file.read_text("utf-8"), filename=str(file))


@cache
def application(name: str) -> FastAPI:
    """The web application of a service, made once for all rules."""
    main = importlib.import_module(f"{name}.main")
    return next(each for each in vars(main).values() if isinstance(each, Service)).app()


@cache
def files() -> tuple[Path, ...]:
    """Every file somebody wrote: not what tools generate and git ignores."""
    return tuple(_written(ROOT))


def _written(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name in GENERATED or entry.name.endswith(("_cache", ".egg-info")):
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _written(entry)
        elif entry.is_file():
            yield entry


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Everything in a tree but whether names are read or written; all rules share the walk."""
    found = [tree]
    for node in found:
        for name in node._fields:
            child = getattr(node, name, None)
            if isinstance(child, list):
                found += [each for each in child if isinstance(each, ast.AST)]
            elif isinstance(child, ast.AST) and not isinstance(child, ast.expr_context):
                found.append(child)
    return tuple(found)


@cache
def functions(tree: ast.AST) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef, ...]:
    """Every function in a tree, whatever it is part of."""
    wanted = ast.FunctionDef | ast.AsyncFunctionDef
    return tuple(node for node in nodes(tree) if isinstance(node, wanted))


@cache
def calls(tree: ast.AST) -> tuple[ast.Call, ...]:
    """Every call in a tree."""
    return tuple(node for node in nodes(tree) if isinstance(node, ast.Call))


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute chain; what is not a plain name becomes `?`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def body(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """The statements of a function without its docstring."""
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return node.body[1:] if isinstance(first.value.value, str) else node.body
    return node.body

"""What the rules look at: the Python modules of every package, and all text of the repository."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
        Module.parse(f"{package}/{file.relative_to(top).as_posix()}", file.read_text("utf-8"))
        for file in sorted(top.rglob("*.py"))
    )


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
    """Everything in a tree; every rule looks at the same walk."""
    return tuple(ast.walk(tree))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in nodes(tree) if isinstance(node, ast.Call))


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

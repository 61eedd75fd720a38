"""How big things are: lines of a package, lengths of its functions, its direct dependencies."""

import re
import statistics
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from .code_rules import body_lines
from .source import Module, functions

LINES = {"kit": 2500, "programmes": 5000, "training": 5000, "participants": 5000}
DEPENDENCIES = 8
P90 = 25
MEDIAN = 8


def too_many_lines(package: str, found: Sequence[Module]) -> list[str]:
    """Compare a package with its budget, blank lines and comments included."""
    lines = sum(len(module.text.splitlines()) for module in found)
    limit = LINES[package]
    return [f"{package}: {lines} of {limit} lines"] if lines > limit else []


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

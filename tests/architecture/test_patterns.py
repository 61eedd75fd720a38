"""A pattern that tries a long text anew from each of its characters stops a process for minutes."""

import ast
import re
from collections.abc import Iterator
from time import process_time

import pytest

from .source import SOURCES, Module, modules, nodes

_SHORT, _LONG = 250, 2_000
_STEEPEST = 3 * _LONG / _SHORT  # a text eight times as long may take 24 times as long
_TOO_QUICK_TO_TELL_S = 0.001
_PIECES = ("a", "A", "1", " ", ".", "-", "a@", "1.", "=", "a=1;", "%41", '"a",', "\u0105")
_SEARCHING = re.compile(r"\.(search|finditer|findall|split|subn?)\(")
_ANCHORED = {"match", "fullmatch"}


def patterns(module: Module) -> Iterator[tuple[int, re.Pattern[str], bool]]:
    """Yield line and pattern of each that is written out, and whether it is only ever matched."""
    searched = set(_searched(module.text))
    for node in nodes(module.tree):
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call() as call):
                yield from _written(call, anchored=name.startswith("_") and name not in searched)
            case ast.Call(func=ast.Attribute(attr=way)) if way != "compile":
                yield from _written(node, anchored=way in _ANCHORED)


def _searched(text: str) -> Iterator[str]:
    """Yield the names by which something is looked for anywhere in a text."""
    for found in _SEARCHING.finditer(text):
        yield re.split(r"\W", text[: found.start()][-40:])[-1]


def _written(call: ast.Call, *, anchored: bool) -> Iterator[tuple[int, re.Pattern[str], bool]]:
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="re")),
            args=[ast.Constant(value=str() as written), *_],
        ):
            yield call.lineno, re.compile(written), anchored


def goes_back(pattern: re.Pattern[str], *, anchored: bool = False) -> bool:
    """Tell whether a text of one kind takes far longer than its length accounts for."""
    return any(_is_steep(pattern, piece, anchored=anchored) for piece in _PIECES)


def _is_steep(pattern: re.Pattern[str], piece: str, *, anchored: bool) -> bool:
    longer = _seconds(pattern, piece * (_LONG // len(piece)), anchored=anchored)
    if longer < _TOO_QUICK_TO_TELL_S:
        return False
    return longer > _STEEPEST * _seconds(pattern, piece * (_SHORT // len(piece)), anchored=anchored)


def _seconds(pattern: re.Pattern[str], text: str, *, anchored: bool) -> float:
    """Return the least time of the processor that looking through a text took, of three."""
    took = []
    for _ in range(3):
        begun = process_time()
        if anchored:
            pattern.fullmatch(text + "!")
        else:
            list(pattern.finditer(text))
        took.append(process_time() - begun)
    return min(took)


@pytest.mark.parametrize("slow", [r"[^\s@]+@[^\s@.]+\.[^\s@]+", r"[^;]*;", r"[a-z]+?="])
def test_pattern_when_it_goes_back_over_a_long_text_is_found(slow):
    assert goes_back(re.compile(slow))


def test_patterns_when_a_text_is_long_then_look_through_it_once():
    slow = [
        f"{module.path}:{line} {pattern.pattern}"
        for package in SOURCES
        for module in modules(package)
        for line, pattern, anchored in patterns(module)
        if goes_back(pattern, anchored=anchored)
    ]
    assert slow == []

"""Rules about facts: a consumer handles what some owner publishes, and owners name it alike."""

import inspect
import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import get_type_hints

from kit.facts import Fact

_TYPE = re.compile(r"(?P<owner>[a-z]+)\.[a-z]+(_[a-z]+)*\.v[1-9]\d*")


def told(facts: ModuleType) -> dict[str, type[Fact]]:
    """Facts an owner publishes, by type."""
    return {thing.type: thing for thing in _classes(facts)}


def _classes(module: ModuleType) -> Iterator[type[Fact]]:
    for thing in vars(module).values():
        if (
            inspect.isclass(thing)
            and issubclass(thing, Fact)
            and thing.__module__ == module.__name__
        ):
            yield thing


def misnamed(facts: ModuleType, owner: str) -> list[str]:
    """Fact types that do not start with their owner or carry no version, and types used twice."""
    found = [each.type for each in _classes(facts)]
    wrong = [each for each in found if not (m := _TYPE.fullmatch(each)) or m["owner"] != owner]
    return wrong + [each for each in set(found) if found.count(each) > 1]


def handled(consumers: ModuleType) -> Iterator[tuple[str, type]]:
    """Functions of a consumer module that take a `fact`, with the class they say they take."""
    for name, function in inspect.getmembers(consumers, inspect.isfunction):
        if (
            function.__module__ == consumers.__name__
            and "fact" in inspect.signature(function).parameters
        ):
            yield name, get_type_hints(function).get("fact", object)


def unheard(consumers: ModuleType, published: Mapping[str, type[Fact]]) -> list[str]:
    """Handlers of something that no contract publishes."""
    return [
        f"{consumers.__name__}.{name} takes {cls.__name__}"
        for name, cls in handled(consumers)
        if not issubclass(cls, Fact) or published.get(getattr(cls, "type", "")) is not cls
    ]

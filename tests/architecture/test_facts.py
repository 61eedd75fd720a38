"""Consumers handle facts that exist in contracts; owners name their facts alike."""

import importlib
import pkgutil
from types import ModuleType
from typing import ClassVar

import pytest

from kit.facts import Fact

from . import fact_rules
from .source import SERVICES


class Published(Fact):
    type: ClassVar[str] = "training.seat_confirmed.v1"
    entity: ClassVar[str] = "nomination"


class Invented(Fact):
    type: ClassVar[str] = "training.seatConfirmed"
    entity: ClassVar[str] = "nomination"


def _module(*things: object) -> ModuleType:
    module = ModuleType(__name__)
    for number, thing in enumerate(things):
        setattr(module, f"thing_{number}", thing)
    return module


async def on_published(unit: object, fact: Published) -> None: ...


async def on_invented(unit: object, fact: Invented) -> None: ...


def _facts(owner: str) -> ModuleType:
    return importlib.import_module(f"contracts.{owner}.facts")


def _consumers(service: str) -> list[ModuleType]:
    package = importlib.import_module(f"{service}.consumers")
    names = [each.name for each in pkgutil.iter_modules(package.__path__)]
    return [importlib.import_module(f"{service}.consumers.{name}") for name in names]


def test_handler_when_its_fact_is_not_published_is_found():
    module = _module(on_published, on_invented)
    published = fact_rules.told(_module(Published))
    assert fact_rules.unheard(module, published) == [f"{__name__}.thing_1 takes Invented"]


def test_fact_when_misnamed_is_found():
    assert fact_rules.misnamed(_module(Published, Invented), "training") == [
        "training.seatConfirmed"
    ]
    assert fact_rules.misnamed(_module(Published), "participants") == [Published.type]


@pytest.mark.parametrize("owner", SERVICES)
def test_facts_of_an_owner_when_published_are_named_alike(owner):
    assert fact_rules.told(_facts(owner))
    assert fact_rules.misnamed(_facts(owner), owner) == []


@pytest.mark.parametrize("service", SERVICES)
def test_consumers_of_a_service_when_walked_handle_published_facts(service):
    others = [owner for owner in SERVICES if owner != service]
    published = {
        name: cls for owner in others for name, cls in fact_rules.told(_facts(owner)).items()
    }
    assert [
        each for module in _consumers(service) for each in fact_rules.unheard(module, published)
    ] == []


@pytest.mark.parametrize("service", ["programmes", "participants"])
def test_follower_when_walked_handles_something(service):
    assert [name for module in _consumers(service) for name, _ in fact_rules.handled(module)]

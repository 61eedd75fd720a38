"""Events that training tells of are counted once each, as they stand."""

from uuid import UUID, uuid4

import pytest

from contracts.training.facts import EventChanged
from kit.facts import Envelope
from programmes.consumers.training import on_event_changed
from programmes.queries import counted

EVENT = UUID("01980000-0000-7000-8000-00000000000e")


def changed(status, event_id=EVENT, kind="training", *, synthetic=False):
    return EventChanged(
        event_id=event_id,
        reference="REF",
        programme_code="P-1",
        kind=kind,
        title="A training",
        status=status,
        starts_on=None,
        ends_on=None,
        capacity=None,
        taken=0,
        reason=None,
        synthetic=synthetic,
    )


async def heard(unit, fact, sequence):
    meta = Envelope(
        id=uuid4(),
        source="urn:entente:training",
        type=fact.type,
        subject=fact.event_id,
        time=unit.clock.now(),
        sequence=sequence,
        position=sequence,
        cause="test",
    )
    await on_event_changed(unit, fact, meta)


async def held(unit, figure="trainings_held"):
    found = await counted.measures(unit, "P-1")
    return found[figure].value if figure in found else None


async def test_event_when_held_then_is_counted_once_and_older_news_changes_nothing(unit):
    assert await held(unit) is None
    await heard(unit, changed("confirmed"), 1)
    assert await held(unit) == 0
    await heard(unit, changed("completed"), 3)
    await heard(unit, changed("confirmed"), 2)
    await heard(unit, changed("reported"), 4)
    assert await held(unit) == 1


async def test_event_when_synthetic_then_is_never_counted(unit):
    await heard(unit, changed("completed", synthetic=True), 1)
    assert await held(unit) is None


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
async def test_event_when_it_does_not_take_place_then_is_not_counted(unit, status):
    await heard(unit, changed(status), 1)
    await heard(unit, changed("completed", uuid4(), "workshop"), 1)
    assert (await held(unit), await held(unit, "workshops_held")) == (0, 1)

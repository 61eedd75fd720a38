"""Keeping what was reached counted: whenever who was at an event changes, in that transaction."""

from typing import Final
from uuid import UUID

from kit.db.unit import Tx, Unit
from training.domain.reach import NOBODY, shown_of, smallest_shown
from training.domain.training_event import HELD, TrainingEvent
from training.storage import reach, training_events

_AT_ONCE: Final = 100


async def count_reach(tx: Tx, event: TrainingEvent) -> None:
    """Count an event, which is locked and stored, as it is now; nobody before it was held."""
    if event.status not in HELD:
        return
    persons, by_country = await reach.people_at(tx, event.id)
    smallest = smallest_shown(event.plan.topic)
    shown = shown_of(persons, by_country, smallest=smallest) if persons else NOBODY
    await reach.count(tx, event.id, shown, left_out=persons > 0 and not shown.total)


async def merge_people(unit: Unit, participant_id: UUID, into: UUID) -> None:
    """Count two participants as the one person that they turned out to be."""
    async with unit.begin() as tx:
        for event_id in await reach.same_person(tx, participant_id, into):
            await count_reach(tx, await training_events.lock_known(tx, event_id))


async def part_people(unit: Unit, participant_id: UUID) -> None:
    """Count a participant as a person of their own again."""
    async with unit.begin() as tx:
        for event_id in await reach.own_person(tx, participant_id):
            await count_reach(tx, await training_events.lock_known(tx, event_id))


async def count_missing(unit: Unit) -> int:
    """Count events that were held before there were counters; return how many."""
    counted = 0
    while True:
        async with unit.begin() as tx:
            missing = await reach.not_counted(tx, most=_AT_ONCE)
            for event_id in missing:
                await count_reach(tx, await training_events.lock_known(tx, event_id))
        counted += len(missing)
        if len(missing) < _AT_ONCE:
            return counted

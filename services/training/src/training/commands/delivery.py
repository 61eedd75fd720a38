"""Telling of events with what they delivered: who took part, and how long experts worked."""

from dataclasses import replace
from uuid import UUID

from kit.db.unit import Tx
from training.commands.reaching import count_reach
from training.commands.telling import event_changed
from training.domain.delivery import NOTHING, Delivery
from training.domain.expert import counted_days
from training.domain.nomination import PRESENT
from training.domain.training_event import HELD, TrainingEvent
from training.storage import evidence, experts, nominations, training_events


async def delivered(tx: Tx, event: TrainingEvent) -> Delivery:
    """Return what an event delivered as far as it is on record; nothing until it was held."""
    if event.status not in HELD:
        return NOTHING
    outcomes = await nominations.outcomes_of(tx, event.id)
    if outcomes:
        participants: int | None = sum(outcomes.get(status, 0) for status in PRESENT)
    else:
        participants = await evidence.reported_participants(tx, event.id)
    return Delivery(participants, counted_days(await experts.standing_of(tx, event.id)))


async def recount(tx: Tx, event: TrainingEvent) -> TrainingEvent:
    """Store and tell what a locked event delivered where that has changed."""
    await count_reach(tx, event)
    found = await delivered(tx, event)
    if found == event.delivered:
        return event
    saved = await training_events.save(tx, replace(event, delivered=found))
    tx.tell(event_changed(saved), about=saved)
    return saved


async def recount_locked(tx: Tx, event_id: UUID) -> None:
    """Lock an event and do the same; of an event that was locked before, its newest version."""
    await recount(tx, await training_events.lock_known(tx, event_id))

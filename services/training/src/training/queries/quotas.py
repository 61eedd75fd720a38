"""Reading the quotas of an event."""

from uuid import UUID

from sqlalchemy import select

from kit.auth import Caller
from kit.db.unit import Unit
from training.domain.quota import Dimension, Quota
from training.domain.training_event import TrainingEvent
from training.queries.events import event
from training.storage.tables_seats import seat_quota as t


async def quotas_of(unit: Unit, event_id: UUID, *, by: Caller) -> tuple[TrainingEvent, list[Quota]]:
    """Return an event and its quotas, or raise NoSuchEvent."""
    found = await event(unit, event_id, by=by)
    statement = (
        select(t.c.dimension, t.c.key, t.c.seats, t.c.taken)
        .where(t.c.event_id == event_id)
        .order_by(t.c.dimension, t.c.key)
    )
    async with unit.read() as read:
        rows = await read.rows(statement)
    return found, [
        Quota(Dimension(dimension), key, seats, taken) for dimension, key, seats, taken in rows
    ]

"""Planning the sessions of an event."""

from uuid import UUID

from kit.auth import Caller
from kit.db.unit import Unit
from kit.ids import uuid7
from training.commands.telling import event_changed
from training.domain.session import Session, SessionPlan, must_take_sessions
from training.storage import sessions, training_events


async def add_session(unit: Unit, event_id: UUID, plan: SessionPlan, *, by: Caller) -> Session:
    """Plan a session within the days of its event.

    Refused: NoSuchEvent, EventOver, SessionOutsideEvent, SessionNumberTaken.
    """
    async with unit.begin() as tx:
        event = await training_events.lock(tx, event_id, by=by)
        must_take_sessions(event)
        plan.must_lie_in(event.plan)
        session = Session(uuid7(tx.now), 1, event.id, plan)
        await sessions.add(tx, session)
        changed = await training_events.save(tx, event)
        tx.tell(event_changed(changed), about=changed)
        return tx.result(session)

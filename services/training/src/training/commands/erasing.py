"""Somebody was erased: nobody awaits them any more, and nobody nominates them again."""

from uuid import UUID

from kit.db.unit import Tx, Unit
from training.commands import experts
from training.commands.seating import pass_seat_on, seating_of
from training.commands.telling import nomination_changed, seat_released
from training.domain.nomination import PERSON_ERASED
from training.domain.training_event import TrainingEvent
from training.storage import erased, nominations, training_events


async def forget_person(unit: Unit, participant_id: UUID) -> None:
    """Keep the id of whoever was erased, and end what is ahead of them; their seats move on.

    Whoever nominates them right now is waited for, and what they did is ended too. That lock is
    taken before those of events, by everybody. A second time changes nothing.
    """
    async with unit.begin() as tx:
        await erased.note(tx, participant_id)
        for event_id in await erased.events_ahead(tx, participant_id):
            event = await training_events.lock_known(tx, event_id)
            await _leave(tx, event, participant_id)
            await experts.lose_person(tx, event, participant_id)
        await experts.lose_person_for_actions(tx, participant_id)
        tx.result(None)


async def _leave(tx: Tx, event: TrainingEvent, participant_id: UUID) -> None:
    for each in await nominations.standing_of(tx, event.id, [participant_id]):
        if not each.is_awaited(event.status):
            continue
        ended = await nominations.save(tx, each.withdraw(PERSON_ERASED))
        if each.seated:
            tx.tell(seat_released(ended, reason=PERSON_ERASED), about=ended)
            await pass_seat_on(tx, await seating_of(tx, event), each)
        else:
            tx.tell(nomination_changed(ended), about=ended)

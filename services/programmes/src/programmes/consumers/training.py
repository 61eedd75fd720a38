"""What the training service tells, as far as indicators are computed from it."""

from contracts.training.facts import EventChanged
from kit.db.unit import Unit
from kit.facts import Envelope
from programmes.commands.counted import count_record
from programmes.domain.counted import held_event


async def on_event_changed(unit: Unit, fact: EventChanged, meta: Envelope) -> None:
    """Count the event if it was held, and not if it is not or no longer."""
    await count_record(
        unit,
        held_event(
            fact.event_id,
            fact.programme_code,
            kind=fact.kind,
            status=fact.status,
            sequence=meta.sequence,
            synthetic=fact.synthetic,
        ),
    )

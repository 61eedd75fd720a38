"""What the participants service tells, as far as it changes who was reached or awaited."""

from contracts.participants.facts import PersonErased, PersonMerged, PersonMergeUndone
from kit.db.unit import Unit
from kit.facts import Envelope
from training.commands import erasing, reaching


async def on_person_erased(unit: Unit, fact: PersonErased, _meta: Envelope) -> None:
    """Await whoever was erased nowhere any more; what they took part in stays counted."""
    await erasing.forget_person(unit, fact.person_id)


async def on_person_merged(unit: Unit, fact: PersonMerged, _meta: Envelope) -> None:
    """Count two participants as one person; their nominations stay as they were made."""
    await reaching.merge_people(unit, fact.person_id, fact.into)


async def on_person_merge_undone(unit: Unit, fact: PersonMergeUndone, _meta: Envelope) -> None:
    """Count a participant as a person of their own again."""
    await reaching.part_people(unit, fact.person_id)

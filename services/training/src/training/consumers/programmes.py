"""What the programmes service tells, as far as training events hang on it."""

from contracts.programmes.facts import ProgrammeChanged
from kit.db.unit import Unit
from kit.facts import Envelope
from training.commands import programmes
from training.domain.programme import Programme


async def on_programme_changed(unit: Unit, fact: ProgrammeChanged, meta: Envelope) -> None:
    """Keep the local copy; whoever takes part in the programme may see its events."""
    taking_part = {f"org:{code}" for code in fact.organisations}
    countries = {f"country:{code}" for code in fact.countries}
    copy = Programme(
        code=fact.programme_code,
        title=fact.title,
        status=fact.status,
        marks=frozenset(taking_part | countries),
        sequence=meta.sequence,
        earliest=fact.earliest_start,
        latest=fact.latest_end,
    )
    await programmes.copy_programme(unit, copy)

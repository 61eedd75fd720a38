"""What records of training add to the figures of a programme."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from programmes.domain.source import CountBasis

_HELD: Final = frozenset({"completed", "reported"})


@dataclass(frozen=True, slots=True)
class CountedRecord:
    """One record of training and what it adds to one figure: 0 as long as it is not held."""

    record_id: UUID
    programme_code: str
    figure: str
    value: int
    basis: CountBasis
    sequence: int
    synthetic: bool


def held_event(
    event_id: UUID, programme: str, *, kind: str, status: str, sequence: int, synthetic: bool
) -> CountedRecord:
    """Return what an event adds to the number of events of its kind that were held."""
    held = int(status in _HELD)
    figure = f"{kind}s_held"
    return CountedRecord(event_id, programme, figure, held, CountBasis.EVENTS, sequence, synthetic)

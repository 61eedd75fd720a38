"""What readers of the training service's API may rely on; unknown fields are ignored."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(_Read):
    """A training event; `taken` of `capacity` seats are given away."""

    id: UUID
    reference: str
    programme_code: str
    kind: str
    title: str
    status: str
    capacity: int | None
    taken: int
    synthetic: bool


class Nomination(_Read):
    """A nomination; `rank` is the place on the waiting list while it waits."""

    id: UUID
    event_id: UUID
    participant_id: UUID
    organisation: str
    status: str
    rank: int | None
    synthetic: bool


class Published(_Read):
    """A figure as a source prints it, with what it counts."""

    figure: str
    value: int
    qualifier: str
    basis: str


class Computed(_Read):
    """A figure as the individual records add up."""

    figure: str
    value: int
    basis: str
    synthetic: bool


class ProgrammeTotals(_Read):
    """What the training of one programme adds up to."""

    programme_code: str
    published: Sequence[Published]
    computed: Sequence[Computed]


Decision = Literal["endorsement", "acceptance", "confirmation"]
"""The steps of a nomination that take no further input."""

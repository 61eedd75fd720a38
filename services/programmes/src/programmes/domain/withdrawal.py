"""Taking back what was recorded of a programme by mistake; what stood there stays readable."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class WithdrawnPart(StrEnum):
    """The lists of a programme from which a row can be taken back."""

    PARTNER = "partner"
    COUNTRY = "country"
    BUDGET_FIGURE = "budget_figure"
    RELATION = "relation"
    MILESTONE = "milestone"


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A row that was taken back: the words it was known by, and what was recorded."""

    id: UUID
    key: tuple[str, ...]
    recorded: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What was taken back, why, by whom and when; never changed."""

    id: UUID
    version: int
    audience: frozenset[str]
    part: WithdrawnPart
    what: Withdrawn
    reason: str
    by: str
    at: datetime

    @property
    def part_id(self) -> UUID:
        """The id that the row had."""
        return self.what.id

    @property
    def recorded(self) -> Mapping[str, object]:
        """What the row said."""
        return self.what.recorded

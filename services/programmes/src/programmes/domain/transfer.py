"""Money moved between the lines of the budget in effect."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.money import Money


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money moved from the line `giver` to the line `taker`, why, and by whom; never changed."""

    id: UUID
    version: int
    audience: frozenset[str]
    giver: str
    taker: str
    money: Money
    reason: str
    by: str
    at: datetime

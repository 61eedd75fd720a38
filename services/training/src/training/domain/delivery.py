"""What an event delivered to its programme, known once it has been held."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Delivery:
    """How many took part, wholly or in part, and how many days experts worked; None if unknown.

    Where no individual is on record, `participants` is the head count that was reported.
    """

    participants: int | None
    expert_days: Decimal | None


NOTHING: Final = Delivery(None, None)

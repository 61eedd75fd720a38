"""Published figures: a count that says what it counts, and the place in a source that says so."""

from dataclasses import dataclass
from enum import StrEnum

from training.domain.errors import CountInconsistent


class Qualifier(StrEnum):
    """How the source words a number."""

    EXACT = "exact"
    OVER = "over"
    ABOUT = "about"


class Basis(StrEnum):
    """What was counted; `unknown` when the source does not say (INV-31)."""

    PERSONS = "persons"
    ATTENDANCES = "attendances"
    UNITS = "units"
    INSTITUTIONS = "institutions"
    EVENTS = "events"
    PLACES = "places"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its wording and its basis."""

    value: int
    qualifier: Qualifier
    basis: Basis

    def __post_init__(self) -> None:
        """Refuse a negative count."""
        if self.value < 0:
            raise CountInconsistent("a count is never negative")

    def exceeds(self, other: "Count | None") -> bool:
        """Whether it is surely more than `other`: both exact, and larger."""
        exact = Qualifier.EXACT
        if other is None or self.qualifier is not exact or other.qualifier is not exact:
            return False
        return self.value > other.value


@dataclass(frozen=True, slots=True)
class Source:
    """Where it is written: a document of the register, the place in it, and its words."""

    document: str
    locator: str
    quote: str | None

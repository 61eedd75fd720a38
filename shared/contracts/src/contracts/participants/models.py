"""What readers of the participants service's API may rely on; unknown fields are ignored."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Money(_Read):
    """An amount with its currency."""

    amount: Decimal
    currency: str


class Person(_Read):
    """A person under a pseudonym."""

    id: UUID
    public_ref: str
    role: str
    organisation: str
    country: str
    synthetic: bool


class Reason(_Read):
    """Why a trip waits or ended."""

    code: str
    text: str


class Trip(_Read):
    """A trip and where it stands; `etag` is quoted by the next step."""

    id: UUID
    etag: str
    person_id: UUID
    nomination_id: UUID | None
    programme_code: str
    organisation: str
    first_day: date | None
    last_day: date | None
    state: str
    reason: Reason | None
    ruleset: str | None
    revision: int
    estimate: Money | None
    synthetic: bool


class Words(_Read):
    """One sentence in Polish and in English."""

    pl: str
    en: str


class Line(_Read):
    """One amount of a per diem and why it is due."""

    kind: str
    number: int
    amount: Money
    text: Words


class PerDiem(_Read):
    """An explained per diem; one total for each currency."""

    ruleset: str
    version: str
    lines: Sequence[Line]
    totals: Sequence[Money]
    assumptions: Sequence[Words]


class TripCounts(_Read):
    """How many trips are in each state."""

    by_state: Mapping[str, int]


class PerDiemTotal(_Read):
    """What trips cost in one currency, and how much of that has money."""

    currency: str
    estimated: Decimal
    funded: Decimal
    certified: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    trips: int


class ProgrammeTotals(_Read):
    """What the trips of a programme add up to."""

    programme_code: str
    trips: TripCounts
    per_diem: Sequence[PerDiemTotal]
    synthetic: bool

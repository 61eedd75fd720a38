"""Forgetting who a person is: grounds, holds, the certificate, and how long what is kept."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from participants.domain.errors import ErasureBlocked


class ErasureGround(StrEnum):
    """Why a person is erased."""

    SUBJECT_REQUEST = "subject_request"
    RETENTION = "retention"
    RECORDED_BY_MISTAKE = "recorded_by_mistake"


class HoldGround(StrEnum):
    """Why a person must not be erased for now."""

    LITIGATION = "litigation"
    AUDIT = "audit"
    INVESTIGATION = "investigation"


class Kept(StrEnum):
    """Why a person cannot be erased for now; each says what to do first."""

    LEGAL_HOLD = "legal_hold"
    CLAIM_OPEN = "claim_open"
    SETTLEMENT_OPEN = "settlement_open"
    ADVANCE_OPEN = "advance_open"
    TRIP_AHEAD = "trip_ahead"

    def refusal(self) -> ErasureBlocked:
        """Return the refusal for this reason."""
        return ErasureBlocked(_FIRST[self], reason=self.value)


_FIRST: Final = {
    Kept.LEGAL_HOLD: "a legal hold keeps the person on record: lift it first",
    Kept.CLAIM_OPEN: "a claim is not decided and paid: finish it first, or withdraw the draft",
    Kept.SETTLEMENT_OPEN: "a settlement is not paid: pay it first",
    Kept.ADVANCE_OPEN: "an advance is not accounted for: refuse, settle or return it first",
    Kept.TRIP_AHEAD: "a trip is not over: release its seat or cancel it, then erase",
}


@dataclass(frozen=True, slots=True)
class StoreCount:
    """What an erasure did in one store: rows removed, rows emptied, rows kept without a name."""

    store: str
    removed: int = 0
    emptied: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A store that is no table of this service, and why nothing of the person is left there."""

    store: str
    because: str


ELSEWHERE: Final = (
    Elsewhere(
        "training database",
        "it knows the id of the pseudonym alone, and keeps it so that nobody is nominated under it",
    ),
    Elsewhere("programmes database", "it knows ids of trips, claims and the pseudonym alone"),
    Elsewhere("feeds and changes", "facts carry ids, codes, days and amounts"),
    Elsewhere("process logs", "no value of a request or a record is written there"),
    Elsewhere("exports", "written when they are fetched, stored nowhere"),
    Elsewhere("payment files", "written when they are fetched, stored nowhere"),
    Elsewhere(
        "backups",
        "what was sealed opens until the wrapping key of their day is destroyed, at most 60 days",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """That a person was erased, with every store. `digest` is the SHA-256 of `stores` as JSON."""

    id: UUID
    person_id: UUID
    public_ref: str
    ground: ErasureGround
    by: str
    at: datetime
    stores: tuple[StoreCount, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class Erased:
    """A line of the journal of erasures, which is kept apart from backups: ids, no names."""

    person_id: UUID
    ground: ErasureGround
    at: datetime


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long a category is kept, from when, and what happens then."""

    category: str
    period: str
    begins: str
    then: str


IDENTITY_YEARS: Final = 5
UNUSED_YEARS: Final = 1
SCHEDULE: Final = (
    RetentionRule("identity", "P5Y", "the day after the last trip ended", "erased with its key"),
    RetentionRule("identity_without_trip", "P1Y", "the day it was recorded", "erased with its key"),
    RetentionRule("travel_and_accounts", "P10Y", "the payment", "kept under the pseudonym"),
    RetentionRule("access_log", "P5Y", "the look", "removed by the operator"),
    RetentionRule("change_log", "P90D", "the change", "removed by the operator"),
    RetentionRule("repeated_requests", "P30D", "the request", "removed by the service"),
)


def due_on(recorded_on: date, last_trip_ended: date | None) -> date:
    """Return the first day on which a person's identity is no longer to be kept."""
    if last_trip_ended is None:
        return years_after(recorded_on, UNUSED_YEARS) + timedelta(days=1)
    return years_after(last_trip_ended, IDENTITY_YEARS) + timedelta(days=1)


def years_after(day: date, years: int) -> date:
    """Return the same day of another year; 29 February becomes 28 in a year without it."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A person whose identity is due, and the hold that keeps it nevertheless."""

    person_id: UUID
    public_ref: str
    due_on: date
    hold: HoldGround | None

"""A trip of one person and the states it waits in; only legal moves can be made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from kit.days import HOME_ZONE
from kit.errors import StaleVersion, Violation
from kit.money import Money
from participants.domain.errors import TripCannotMove, TripEndsBeforeItStarts
from participants.domain.exchange import Exchange
from participants.domain.person import audience_of


class TripState(StrEnum):
    """Where a trip stands. Every waiting state is one an officer can see and act on."""

    OPENED = "opened"
    NEEDS_FACTS = "needs_facts"
    NEEDS_RULESET = "needs_ruleset"
    NEEDS_RATE = "needs_rate"
    OVERLAPPING = "overlapping"
    ESTIMATED = "estimated"
    FUNDED = "funded"
    NEEDS_FUNDS = "needs_funds"
    CLAIMED = "claimed"
    RETURNED = "returned"
    VERIFIED = "verified"
    SETTLED = "settled"
    CANCELLED = "cancelled"


NO_BUDGET_HOLDS: Final = Decimal(10) ** 12
"""Amounts in any currency are below it: programmes could not take them."""
NO_SHOW: Final = "no_show"
PERSON_ERASED: Final = "person_erased"
CLAIMABLE: Final = frozenset({TripState.FUNDED, TripState.RETURNED})
HELD: Final = frozenset({TripState.CLAIMED, TripState.VERIFIED, TripState.SETTLED})
WITH_FUNDS: Final = CLAIMABLE | HELD
WAITING: Final = frozenset(
    {
        TripState.NEEDS_FACTS,
        TripState.NEEDS_RULESET,
        TripState.NEEDS_RATE,
        TripState.OVERLAPPING,
    }
)
_TO_ESTIMATE: Final = WAITING | {TripState.ESTIMATED, TripState.CANCELLED}
_TO_WAIT: Final = WAITING - {TripState.OVERLAPPING}
_MOVES: Final[dict[TripState, frozenset[TripState]]] = {
    TripState.OPENED: _TO_ESTIMATE,
    TripState.NEEDS_FACTS: _TO_ESTIMATE,
    TripState.NEEDS_RULESET: _TO_ESTIMATE,
    TripState.NEEDS_RATE: _TO_ESTIMATE,
    TripState.OVERLAPPING: _TO_ESTIMATE,
    TripState.ESTIMATED: _TO_WAIT
    | {TripState.ESTIMATED, TripState.FUNDED, TripState.NEEDS_FUNDS, TripState.CANCELLED},
    TripState.FUNDED: _TO_WAIT | {TripState.ESTIMATED, TripState.CLAIMED, TripState.CANCELLED},
    TripState.NEEDS_FUNDS: _TO_WAIT | {TripState.ESTIMATED, TripState.CANCELLED},
    TripState.CLAIMED: frozenset({TripState.VERIFIED, TripState.RETURNED}),
    TripState.RETURNED: _TO_WAIT | {TripState.ESTIMATED, TripState.CLAIMED, TripState.CANCELLED},
    TripState.VERIFIED: frozenset({TripState.SETTLED, TripState.CLAIMED}),
    TripState.SETTLED: frozenset({TripState.CLAIMED}),
    TripState.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a trip waits or ended: a stable code and a sentence for the officer."""

    code: str
    text: str


class CancelReason(StrEnum):
    """Why an officer cancels a trip: a closed list, so that no personal data can be written."""

    NO_LONGER_TRAVELS = "no_longer_travels"
    EVENT_CANCELLED = "event_cancelled"
    DUPLICATE = "duplicate"
    OTHER = "other"

    def reason(self) -> Reason:
        """Return the reason as the trip keeps it."""
        return Reason(self.value, _CANCELLED[self])


_CANCELLED: Final = {
    CancelReason.NO_LONGER_TRAVELS: "The person does not travel.",
    CancelReason.EVENT_CANCELLED: "The event does not take place.",
    CancelReason.DUPLICATE: "The trip was recorded twice.",
    CancelReason.OTHER: "The trip does not take place.",
}


_RELEASED: Final = {
    "withdrawn": Reason("seat_withdrawn", "The sending organisation withdrew the nomination."),
    "rejected": Reason("seat_rejected", "The host took the seat back."),
    "replaced": Reason("seat_replaced", "Another nomination has this seat now, with its own trip."),
    "event_cancelled": Reason("event_cancelled", "The event does not take place."),
    "event_postponed": Reason(
        "event_postponed",
        "The event was put off. A new trip opens when the seat is confirmed for its new days.",
    ),
    PERSON_ERASED: Reason(PERSON_ERASED, "The person was erased; nobody travels."),
}


def released(reason: str) -> Reason:
    """Return why a trip ends whose seat the training service released, in its words."""
    return _RELEASED.get(reason, Reason("seat_released", reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """Where and when a trip goes, as far as it is known.

    `first_day` and `last_day` are civil days where they fell; the instants carry their zone.
    """

    country: str | None
    city: str | None
    first_day: date | None
    last_day: date | None
    departs_at: datetime | None
    returns_at: datetime | None

    def __post_init__(self) -> None:
        """Refuse a journey that ends before it starts."""
        during = self.during
        if during is not None and during[0] >= during[1]:
            at = "/last_day" if self.returns_at is None else "/returns_at"
            wrong = Violation(at, "trip_ends_before_it_starts", "must be after the departure")
            raise TripEndsBeforeItStarts("the return is not after the departure", errors=[wrong])

    @property
    def during(self) -> tuple[datetime, datetime] | None:
        """The time taken, first instant included, last excluded; whole days where no hours are.

        Whole days are those of Europe/Warsaw, where the operator of Entente is.
        """
        if self.first_day is None or self.last_day is None:
            return None
        begin = self.departs_at or _midnight(self.first_day)
        end = self.returns_at or _midnight(self.last_day + timedelta(days=1))
        return begin, end


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), HOME_ZONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """One person's trip. `organisation` and `country` are the sender's.

    `revision` counts the per-diem calculations; `estimate` is the total of the latest one, in one
    currency; `totals` are its totals by currency, which `exchange` converts where there are
    several. `travel_facts` is canonical JSON of what a clerk recorded of the journey,
    `attendance` what training told of it.
    `available` is what the budget line could still give when it refused.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    person_id: UUID
    nomination_id: UUID | None
    event_id: UUID | None
    programme_code: str
    organisation: str
    country: str
    journey: Journey
    budget_line_code: str | None
    synthetic: bool
    state: TripState = TripState.OPENED
    reason: Reason | None = None
    ruleset: str | None = None
    revision: int = 0
    estimate: Money | None = None
    available: Money | None = None
    totals: tuple[Money, ...] = ()
    exchange: Exchange | None = None
    travel_facts: str | None = None
    attendance: str | None = None

    @property
    def is_domestic(self) -> bool:
        """Whether the traveller stays in the country of the organisation that sends them."""
        return self.journey.country == self.country

    def is_ahead(self, today: date) -> bool:
        """Whether it is not over: its last day is `today` or later, or not known yet.

        A cancelled trip is not ahead; one whose days are not known is over once it is claimed.
        """
        if self.state is TripState.CANCELLED:
            return False
        last_day = self.journey.last_day
        return self.state not in HELD if last_day is None else last_day >= today

    def must_be_at(self, version: int) -> None:
        """Raise StaleVersion unless this is the version the caller decided on."""
        if self.version != version:
            raise StaleVersion("the trip has changed since you read it")

    def awaits_funds_of(self, revision: int) -> bool:
        """Whether word about the funds of this revision still matters."""
        return self.state is TripState.ESTIMATED and self.revision == revision

    def estimated(
        self,
        amount: Money,
        *,
        ruleset: str,
        budget_line_code: str | None,
        totals: Sequence[Money] = (),
    ) -> Self:
        """Return the trip with a new calculation, whose funds are asked for in one currency."""
        return replace(
            self._moved(TripState.ESTIMATED),
            reason=None,
            ruleset=ruleset,
            revision=self.revision + 1,
            estimate=amount,
            totals=tuple(totals) or (amount,),
            available=None,
            budget_line_code=budget_line_code,
        )

    def waiting(self, state: TripState, reason: Reason, totals: Sequence[Money] = ()) -> Self:
        """Return the trip waiting for a ruleset, a rate, facts, or the end of another trip.

        `totals` are known where only a rate between their currencies is missing.
        """
        return replace(self._moved(state), reason=reason, totals=tuple(totals))

    def told(self, journey: Journey, travel_facts: str) -> Self:
        """Return the trip with what a clerk recorded of it; its next estimate counts that."""
        return replace(self, journey=journey, travel_facts=travel_facts)

    def funded(self) -> Self:
        """Return the trip with the funds of its latest calculation committed."""
        return replace(self._moved(TripState.FUNDED), reason=None, available=None)

    def without_funds(self, reason: Reason, available: Money | None) -> Self:
        """Return the trip whose budget line could not give the amount."""
        return replace(self._moved(TripState.NEEDS_FUNDS), reason=reason, available=available)

    def cancelled(self, reason: Reason) -> Self:
        """Return the trip that will not take place; it stays on record."""
        return replace(self._moved(TripState.CANCELLED), reason=reason, available=None)

    def attended(self, outcome: str | None) -> Self:
        """Return the trip with what training says of the traveller's attendance."""
        return replace(self, attendance=outcome, version=self.version + 1)

    def after_travel(self, state: TripState) -> Self:
        """Return the trip whose costs are claimed, returned, verified or settled.

        What a claim has been made for can no longer be cancelled: money is decided about.
        """
        return self._moved(state)

    def _moved(self, state: TripState) -> Self:
        if state not in _MOVES[self.state]:
            raise TripCannotMove(
                f"a trip that is {self.state} cannot become {state}", state=str(self.state)
            )
        return replace(self, state=state, version=self.version + 1)


def must_be_open(trip: Trip) -> None:
    """Raise TripCannotMove where nothing more can be said of a trip: it is claimed or cancelled."""
    if trip.state in HELD or trip.state is TripState.CANCELLED:
        raise TripCannotMove(
            f"a trip that is {trip.state} is computed no more", state=str(trip.state)
        )


def opened(
    trip_id: UUID,
    *,
    person_id: UUID,
    programme_code: str,
    organisation: str,
    country: str,
    journey: Journey,
    nomination_id: UUID | None = None,
    event_id: UUID | None = None,
    budget_line_code: str | None = None,
    synthetic: bool = False,
) -> Trip:
    """Return a new trip; staff and the sending organisation see it."""
    return Trip(
        id=trip_id,
        version=1,
        audience=audience_of(organisation),
        person_id=person_id,
        nomination_id=nomination_id,
        event_id=event_id,
        programme_code=programme_code,
        organisation=organisation,
        country=country,
        journey=journey,
        budget_line_code=budget_line_code,
        synthetic=synthetic,
    )

"""A claim: what a traveller asks for after a trip, and what the check makes of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from kit.errors import StaleVersion, Violation
from kit.money import minor_digits
from participants.domain.errors import ClaimCannotMove, ClaimInvalid, FourEyes
from participants.domain.trip import Trip, TripState

_NOTHING: Final = Decimal("0.00")


class ClaimState(StrEnum):
    """Where a claim stands."""

    SUBMITTED = "submitted"
    UNDER_CHECK = "under_check"
    CERTIFIED = "certified"
    PART_CERTIFIED = "part_certified"
    REJECTED = "rejected"
    PAID = "paid"


SETTLEABLE: Final = frozenset({ClaimState.CERTIFIED, ClaimState.PART_CERTIFIED})
_DECIDED: Final = SETTLEABLE | {ClaimState.REJECTED}
_MOVES: Final[dict[ClaimState, frozenset[ClaimState]]] = {
    ClaimState.SUBMITTED: frozenset({ClaimState.UNDER_CHECK}),
    ClaimState.UNDER_CHECK: _DECIDED,
    ClaimState.CERTIFIED: frozenset({ClaimState.PAID}),
    ClaimState.PART_CERTIFIED: frozenset({ClaimState.PAID}),
    ClaimState.REJECTED: frozenset(),
    ClaimState.PAID: frozenset(),
}


class ItemKind(StrEnum):
    """What an amount is for."""

    SUBSISTENCE = "subsistence"
    LODGING = "lodging"
    LOCAL_TRANSPORT = "local_transport"
    TRANSFER = "transfer"
    TRAVEL = "travel"
    OTHER = "other"


class ReasonCode(StrEnum):
    """Why an amount is not certified: deducted for good, or parked until something is known."""

    NOT_DOCUMENTED = "not_documented"
    NOT_ELIGIBLE = "not_eligible"
    OVER_LIMIT = "over_limit"
    PROVIDED_FREE = "provided_free"
    ARITHMETIC = "arithmetic"
    AWAITS_DOCUMENT = "awaits_document"


class OverrideReason(StrEnum):
    """Why one person did what takes two; a closed list, so that no personal data is written."""

    ONLY_OFFICER_AVAILABLE = "only_officer_available"
    URGENT_PAYMENT = "urgent_payment"
    COURT_ORDER = "court_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimItem:
    """One amount; `certified + deducted + parked` is what was declared, once it is checked."""

    number: int
    day: date
    kind: ItemKind
    declared: Decimal
    certified: Decimal | None = None
    deducted: Decimal | None = None
    parked: Decimal | None = None
    reason: ReasonCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the check makes of one item."""

    number: int
    certified: Decimal
    deducted: Decimal = _NOTHING
    parked: Decimal = _NOTHING
    reason: ReasonCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is asked for a trip. `declared_by` and `checked_by` are subjects of tokens."""

    id: UUID
    version: int
    audience: frozenset[str]
    trip_id: UUID
    person_id: UUID
    programme_code: str
    budget_line_code: str | None
    revision: int
    currency: str
    declared_by: str
    synthetic: bool
    state: ClaimState = ClaimState.SUBMITTED
    checked_by: str | None = None
    override: OverrideReason | None = None
    items: tuple[ClaimItem, ...] = field(default=())

    @property
    def declared(self) -> Decimal:
        """The sum of what is asked."""
        return sum((item.declared for item in self.items), _NOTHING)

    @property
    def certified(self) -> Decimal | None:
        """The sum of what the check found right; None before."""
        return self._checked([item.certified for item in self.items])

    @property
    def deducted(self) -> Decimal | None:
        """The sum of what will not be paid; None before the check."""
        return self._checked([item.deducted for item in self.items])

    @property
    def parked(self) -> Decimal | None:
        """The sum of what waits for something; None before the check."""
        return self._checked([item.parked for item in self.items])

    @property
    def days(self) -> tuple[date, date] | None:
        """The days with an allowance, the last excluded; None where none is asked."""
        days = [item.day for item in self.items if item.kind is ItemKind.SUBSISTENCE]
        return (min(days), max(days) + timedelta(days=1)) if days else None

    def must_be_at(self, version: int) -> None:
        """Raise StaleVersion unless this is the version the caller decided on."""
        if self.version != version:
            raise StaleVersion("the claim has changed since you read it")

    def under_check(self, by: str, override: OverrideReason | None) -> Self:
        """Return the claim with somebody checking it who did not declare it."""
        must_differ(by, {self.declared_by}, override)
        return replace(self._next(ClaimState.UNDER_CHECK), checked_by=by, override=override)

    def decided(self, decisions: Sequence[Decision], by: str) -> Self:
        """Return the checked claim; only who took it to check decides."""
        if by != self.checked_by:
            raise FourEyes("somebody else is checking this claim")
        found = list(_faults(self, decisions))
        if found:
            raise ClaimInvalid("the decision does not add up", errors=found)
        made = {decision.number: decision for decision in decisions}
        items = tuple(_with(item, made[item.number]) for item in self.items)
        checked = replace(self, items=items)
        return replace(checked._next(_outcome(checked)), items=items)  # noqa: SLF001 (its own)

    def paid_off(self) -> Self:
        """Return the claim that is paid."""
        return self._next(ClaimState.PAID)

    def _checked(self, amounts: Sequence[Decimal | None]) -> Decimal | None:
        known = [amount for amount in amounts if amount is not None]
        return sum(known, _NOTHING) if len(known) == len(amounts) else None

    def _next(self, state: ClaimState) -> Self:
        if state not in _MOVES[self.state]:
            raise ClaimCannotMove(
                f"a claim that is {self.state} cannot become {state}", state=str(self.state)
            )
        return replace(self, state=state, version=self.version + 1)


def must_differ(subject: str, others: set[str], override: OverrideReason | None) -> None:
    """Raise FourEyes if one person does what takes two, unless there is a documented reason."""
    if subject in others and override is None:
        raise FourEyes("you took an earlier step of this claim yourself")


def declared(
    claim_id: UUID,
    trip: Trip,
    items: Sequence[ClaimItem],
    *,
    currency: str,
    revision: int,
    by: str,
    today: date,
) -> Claim:
    """Return a new claim for a trip that is over.

    Refused: ClaimInvalid, with every violation; a claim on a trip that does not take place.
    """
    _must_have_taken_place(trip, today)
    found = list(_item_faults(trip, items, currency))
    if found:
        raise ClaimInvalid("the claim cannot be accepted", errors=found)
    return Claim(
        id=claim_id,
        version=1,
        audience=trip.audience,
        trip_id=trip.id,
        person_id=trip.person_id,
        programme_code=trip.programme_code,
        budget_line_code=trip.budget_line_code,
        revision=revision,
        currency=currency,
        declared_by=by,
        synthetic=trip.synthetic,
        items=tuple(items),
    )


def _must_have_taken_place(trip: Trip, today: date) -> None:
    if trip.state is TripState.CANCELLED:
        reason = "" if trip.reason is None else trip.reason.code
        raise ClaimCannotMove("the trip was cancelled", state=str(trip.state), reason=reason)
    last = trip.journey.last_day
    if trip.estimate is None or last is None:
        raise ClaimCannotMove("the trip has no per diem yet", state=str(trip.state))
    if today < last:
        raise ClaimCannotMove("the trip is not over yet", state=str(trip.state))


def _item_faults(trip: Trip, items: Sequence[ClaimItem], currency: str) -> Iterator[Violation]:
    seen: set[date] = set()
    first, last = trip.journey.first_day, trip.journey.last_day
    for index, item in enumerate(items):
        at = f"/items/{index}"
        yield from _amount_faults(f"{at}/amount", item.declared, currency)
        if first is None or last is None or not first <= item.day <= last:
            yield Violation(f"{at}/day", "day_outside_trip", "must be a day of the trip")
        if item.kind is ItemKind.SUBSISTENCE:
            if item.day in seen:
                yield Violation(f"{at}/day", "day_twice", "the day has an allowance already")
            seen.add(item.day)


def _amount_faults(at: str, amount: Decimal, currency: str) -> Iterator[Violation]:
    if amount <= 0:
        yield Violation(at, "amount_not_positive", "must be more than zero")
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > minor_digits(currency):
        yield Violation(at, "money_scale", f"has too many decimals for {currency}")


def _faults(claim: Claim, decisions: Sequence[Decision]) -> Iterator[Violation]:
    items = {item.number: item for item in claim.items}
    numbers = [decision.number for decision in decisions]
    if sorted(numbers) != sorted(items):
        yield Violation("/items", "items_incomplete", "must decide each item once")
    for index, decision in enumerate(decisions):
        item = items.get(decision.number)
        if item is not None:
            yield from _decision_faults(f"/items/{index}", item, decision)


def _decision_faults(at: str, item: ClaimItem, decision: Decision) -> Iterator[Violation]:
    taken = decision.deducted + decision.parked
    if min(decision.certified, decision.deducted, decision.parked) < 0:
        yield Violation(at, "amount_negative", "no amount can be negative")
    if decision.certified > item.declared:
        yield Violation(f"{at}/certified", "certified_above_declared", "is more than was declared")
    elif decision.certified + taken != item.declared:
        yield Violation(at, "item_sum", "the three amounts must add up to what was declared")
    if taken and decision.reason is None:
        yield Violation(f"{at}/reason", "reason_missing", "what is not certified needs a reason")


def _with(item: ClaimItem, decision: Decision) -> ClaimItem:
    return replace(
        item,
        certified=decision.certified,
        deducted=decision.deducted,
        parked=decision.parked,
        reason=decision.reason,
    )


def _outcome(claim: Claim) -> ClaimState:
    if claim.certified == claim.declared:
        return ClaimState.CERTIFIED
    return ClaimState.PART_CERTIFIED if claim.certified or claim.parked else ClaimState.REJECTED

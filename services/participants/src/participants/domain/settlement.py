"""Paying: advances, what a certified claim comes to, and the files that pay it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from kit.errors import InvalidInput, StaleVersion, Violation
from kit.money import Money, half_up
from participants.domain.claim import SETTLEABLE, Claim, ClaimState, OverrideReason, must_differ
from participants.domain.errors import PaymentCannotMove
from participants.domain.trip import Trip, TripState

_NOTHING: Final = Decimal(0)
ACCOUNTED_WITHIN: Final = {"PL_DOMESTIC": 14, "PL_FOREIGN": 14}
"""Days after the return in which a ruleset has a traveller account for an advance."""


class AdvanceState(StrEnum):
    """Where an advance stands; `partly_cleared` waits for the rest to be returned."""

    ASKED = "asked"
    APPROVED = "approved"
    PAID = "paid"
    PARTLY_CLEARED = "partly_cleared"
    CLEARED = "cleared"
    REFUSED = "refused"


class SettlementState(StrEnum):
    """Where a settlement stands; one is withdrawn where its claim was reopened."""

    SETTLED = "settled"
    IN_FILE = "in_file"
    PAID = "paid"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Money given before a trip. `due_on` is the last day on which to account for it, if known.

    `returned_on` is the day on which the traveller gave back what was not spent of it.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    trip_id: UUID
    person_id: UUID
    amount: Money
    asked_by: str
    state: AdvanceState = AdvanceState.ASKED
    cleared: Decimal = _NOTHING
    approved_by: str | None = None
    paid_on: date | None = None
    returned_on: date | None = None
    due_on: date | None = None

    @property
    def open(self) -> Decimal:
        """What is not accounted for yet of money that was paid out."""
        if self.state not in {AdvanceState.PAID, AdvanceState.PARTLY_CLEARED}:
            return _NOTHING
        return self.amount.amount - self.cleared

    def must_be_at(self, version: int) -> None:
        """Raise StaleVersion unless this is the version the caller decided on."""
        if self.version != version:
            raise StaleVersion("the advance has changed since you read it")

    def approved(self, by: str) -> Self:
        """Return the advance that somebody else than who asked has approved."""
        must_differ(by, {self.asked_by}, None)
        return replace(self._step(AdvanceState.ASKED, AdvanceState.APPROVED), approved_by=by)

    def paid_out(self, by: str, on: date) -> Self:
        """Return the advance that was paid out by somebody else than who approved it."""
        must_differ(by, {self.asked_by, self.approved_by or ""}, None)
        return replace(self._step(AdvanceState.APPROVED, AdvanceState.PAID), paid_on=on)

    def refused(self) -> Self:
        """Return the advance that is not given; another one can be asked for then."""
        asked = AdvanceState.ASKED
        before = asked if self.state is asked else AdvanceState.APPROVED
        return self._step(before, AdvanceState.REFUSED)

    def returned(self, on: date) -> Self:
        """Return the advance that was given back whole; none of it is counted in a settlement.

        What a settlement counts too much of is returned with that one. Refused:
        PaymentCannotMove, InvalidInput for a day before it was paid.
        """
        if self.state is not AdvanceState.PAID:
            text = f"an advance that is {self.state} is not given back by itself"
            raise PaymentCannotMove(text, state=str(self.state))
        if self.paid_on is not None and on < self.paid_on:
            text = f"must not be before {self.paid_on}, when it was paid"
            wrong = Violation("/paid_on", "before_payment", text)
            raise InvalidInput("an advance is returned after it was paid", errors=[wrong])
        return self.accounted(self.amount.amount, returned_on=on)

    def accounted(self, amount: Decimal, *, returned_on: date | None = None) -> Self:
        """Return the advance with more of it accounted for, or given back on a day."""
        cleared = self.cleared + amount
        done = cleared == self.amount.amount
        state = AdvanceState.CLEARED if done else AdvanceState.PARTLY_CLEARED
        counted = replace(self, cleared=cleared, returned_on=returned_on or self.returned_on)
        return replace(counted, state=state, version=self.version + 1)

    def given_back(self, amount: Decimal) -> Self:
        """Return the advance with less of it accounted for: its settlement was withdrawn."""
        cleared = self.cleared - amount
        state = AdvanceState.PARTLY_CLEARED if cleared else AdvanceState.PAID
        return replace(self, cleared=cleared, state=state, version=self.version + 1)

    def overdue(self, today: date) -> bool:
        """Whether it should have been accounted for by now and is not."""
        return bool(self.open) and self.due_on is not None and today > self.due_on

    def _step(self, before: AdvanceState, after: AdvanceState) -> Self:
        if self.state is not before:
            raise PaymentCannotMove(
                f"an advance that is {self.state} cannot become {after}", state=str(self.state)
            )
        return replace(self, state=after, version=self.version + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a claim comes to. `certified + to_return = advanced + payable`."""

    id: UUID
    version: int
    audience: frozenset[str]
    claim_id: UUID
    trip_id: UUID
    person_id: UUID
    programme_code: str
    budget_line_code: str | None
    payer: str
    currency: str
    certified: Decimal
    advanced: Decimal
    payable: Decimal
    to_return: Decimal
    authorised_by: str
    override: OverrideReason | None = None
    state: SettlementState = SettlementState.SETTLED
    payment_file_id: UUID | None = None
    paid_on: date | None = None
    in_cash: bool = False

    def must_be_at(self, version: int) -> None:
        """Raise StaleVersion unless this is the version the caller decided on."""
        if self.version != version:
            raise StaleVersion("the settlement has changed since you read it")

    def in_file(self, file_id: UUID) -> Self:
        """Return the settlement that a payment file pays."""
        return replace(
            self,
            state=SettlementState.IN_FILE,
            payment_file_id=file_id,
            version=self.version + 1,
        )

    def not_carried_out(self) -> Self:
        """Return the settlement that its file did not pay; another way or file can pay it."""
        if self.state is not SettlementState.IN_FILE:
            raise PaymentCannotMove(
                f"a settlement that is {self.state} is not in a file to be paid",
                state=str(self.state),
            )
        out = replace(self, state=SettlementState.SETTLED, payment_file_id=None)
        return replace(out, version=self.version + 1)

    def withdrawn(self) -> Self:
        """Return the settlement whose claim is decided again; not once a bank may have paid it."""
        if self.state is not SettlementState.SETTLED:
            raise PaymentCannotMove(
                f"a settlement that is {self.state} cannot be withdrawn", state=str(self.state)
            )
        return replace(self, state=SettlementState.WITHDRAWN, version=self.version + 1)

    def paid(self, on: date, *, in_cash: bool = False) -> Self:
        """Return the settlement that is paid: by its file, or in cash while it is in none.

        Where nothing is payable, what was advanced too much is returned on that day.
        """
        in_file = self.state is SettlementState.IN_FILE
        ready = not in_file if in_cash else in_file or not self.payable
        ended = self.state in {SettlementState.PAID, SettlementState.WITHDRAWN}
        if ended or not ready:
            means = "in cash" if in_cash else "by a file"
            raise PaymentCannotMove(
                f"a settlement that is {self.state} cannot become paid {means}",
                state=str(self.state),
            )
        changed = replace(self, state=SettlementState.PAID, paid_on=on, in_cash=in_cash)
        return replace(changed, version=self.version + 1)


def settled(
    settlement_id: UUID,
    claim: Claim,
    advance: Advance | None,
    *,
    payer: str,
    by: str,
    override: OverrideReason | None,
    former: ClaimState | None = None,
) -> Settlement:
    """Return what a certified claim comes to, authorised by somebody with no part in it.

    `former` is the state of the claim that this one resolves: that is paid first, so that an
    advance is counted once. Refused: FourEyes, PaymentCannotMove.
    """
    if claim.resolves is not None and former is not ClaimState.PAID:
        raise PaymentCannotMove("the claim it resolves is not paid yet", state=str(former))
    if claim.state not in SETTLEABLE or claim.certified is None:
        raise PaymentCannotMove("the claim is not certified", state=str(claim.state))
    must_differ(by, {claim.declared_by, claim.checked_by or ""}, override)
    advanced = _NOTHING if advance is None else advance.open
    if advance is not None and advanced and advance.amount.currency != claim.currency:
        raise PaymentCannotMove("the advance has another currency", state=str(advance.state))
    return Settlement(
        id=settlement_id,
        version=1,
        audience=claim.audience,
        claim_id=claim.id,
        trip_id=claim.trip_id,
        person_id=claim.person_id,
        programme_code=claim.programme_code,
        budget_line_code=claim.budget_line_code,
        payer=payer,
        currency=claim.currency,
        certified=claim.certified,
        advanced=half_up(advanced, claim.currency),
        payable=half_up(max(claim.certified - advanced, _NOTHING), claim.currency),
        to_return=half_up(max(advanced - claim.certified, _NOTHING), claim.currency),
        authorised_by=by,
        override=override,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFile:
    """Settlements of one payer and currency that are paid together. The payer is no person.

    `payments` and `total` are those of what is in it: less once a bank did not carry some out.
    """

    id: UUID
    version: int
    audience: frozenset[str]
    payer: str
    payer_name: str
    payer_iban: str
    payer_bic: str | None
    currency: str
    payments: int
    total: Decimal
    executes_on: date
    made_by: str
    made_at: datetime
    paid_on: date | None = None

    def paid(self, on: date) -> Self:
        """Return the file that the bank carried out."""
        self.must_have_payments()
        if self.paid_on is not None:
            raise PaymentCannotMove("the file is paid already", state=SettlementState.PAID.value)
        return replace(self, paid_on=on, version=self.version + 1)

    def without(self, gone: Sequence[Settlement]) -> Self:
        """Return the file with less in it: what a bank did not carry out. Some must be."""
        if not gone:
            paid = SettlementState.PAID.value
            raise PaymentCannotMove("nothing in the file waits to be paid", state=paid)
        total = self.total - sum((each.payable for each in gone), _NOTHING)
        fewer = replace(self, payments=self.payments - len(gone), total=total)
        return replace(fewer, version=self.version + 1)

    def must_have_payments(self) -> None:
        """Raise PaymentCannotMove where a bank carried out nothing of the file."""
        if not self.payments:
            text = "nothing is left in the file"
            raise PaymentCannotMove(text, state=SettlementState.SETTLED.value)

    def must_be_at(self, version: int) -> None:
        """Raise StaleVersion unless this is the version the caller decided on."""
        if self.version != version:
            raise StaleVersion("the payment file has changed since you read it")


def due_on(ruleset: str | None, last_day: date | None) -> date | None:
    """Return the day by which a traveller accounts for an advance, None where no rule says so.

    Poland: 14 days after the end of the trip (Dz.U. 2013 poz. 167 s.5(1)).
    """
    days = ACCOUNTED_WITHIN.get(ruleset or "")
    return None if days is None or last_day is None else last_day + timedelta(days=days)


def asked_advance(advance_id: UUID, trip: Trip, amount: Money, by: str) -> Advance:
    """Return money asked for before a trip: at most its committed estimate, in its currency.

    Refused: PaymentCannotMove, InvalidInput.
    """
    limit = trip.estimate
    if trip.state is not TripState.FUNDED or limit is None:
        raise PaymentCannotMove("the trip has no money that waits for it", state=str(trip.state))
    if not amount.amount:
        wrong = Violation("/amount/amount", "amount_not_positive", "must be more than zero")
        raise InvalidInput("an advance of nothing", errors=[wrong])
    if limit.currency != amount.currency or amount.amount > limit.amount:
        raise PaymentCannotMove("more than the estimate of the trip", state=str(trip.state))
    return Advance(
        id=advance_id,
        version=1,
        audience=trip.audience,
        trip_id=trip.id,
        person_id=trip.person_id,
        amount=amount,
        asked_by=by,
        cleared=half_up(_NOTHING, amount.currency),
        due_on=due_on(trip.ruleset, trip.journey.last_day),
    )


def must_be_wanted(trip: Trip) -> None:
    """Raise PaymentCannotMove where an advance would be paid for nothing, or beside what is due."""
    if trip.state in {TripState.CANCELLED, TripState.SETTLED}:
        raise PaymentCannotMove(f"the trip is {trip.state}", state=str(trip.state))


def must_follow(on: date, returned: date | None) -> None:
    """Raise InvalidInput where a trip is said to have been paid off before it ended."""
    if returned is not None and on < returned:
        wrong = Violation(
            "/paid_on", "before_return", f"must not be before {returned}, when the trip ended"
        )
        raise InvalidInput("a trip is paid off after it ended", errors=[wrong])


def must_follow_file(on: date, made_on: date | None) -> None:
    """Raise InvalidInput where a file is said to have paid before it was made."""
    if made_on is not None and on < made_on:
        text = f"must not be before {made_on}, when the payment file was made"
        wrong = Violation("/paid_on", "before_file", text)
        raise InvalidInput("a file pays after it was made", errors=[wrong])


def must_have_been(on: date, today: date) -> None:
    """Raise InvalidInput where money is said to have moved on a day that is still to come."""
    if on > today:
        wrong = Violation("/paid_on", "in_future", "must not be after today")
        raise InvalidInput("money cannot have moved yet", errors=[wrong])

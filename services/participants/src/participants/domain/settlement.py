"""Paying: advances, what a certified claim comes to, and the files that pay it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from kit.errors import StaleVersion
from kit.money import Money
from participants.domain.claim import SETTLEABLE, Claim, OverrideReason, must_differ
from participants.domain.errors import PaymentCannotMove

_NOTHING: Final = Decimal("0.00")


class AdvanceState(StrEnum):
    """Where an advance stands; `partly_cleared` waits for the rest to be returned."""

    ASKED = "asked"
    APPROVED = "approved"
    PAID = "paid"
    PARTLY_CLEARED = "partly_cleared"
    CLEARED = "cleared"
    REFUSED = "refused"


class SettlementState(StrEnum):
    """Where a settlement stands."""

    SETTLED = "settled"
    IN_FILE = "in_file"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Money given before a trip."""

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

    def accounted(self, amount: Decimal) -> Self:
        """Return the advance with more of it accounted for."""
        cleared = self.cleared + amount
        done = cleared == self.amount.amount
        state = AdvanceState.CLEARED if done else AdvanceState.PARTLY_CLEARED
        return replace(self, cleared=cleared, state=state, version=self.version + 1)

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

    def paid(self, on: date) -> Self:
        """Return the settlement that is paid; what a file has to pay was in one before."""
        ready = self.state is SettlementState.IN_FILE
        if self.state is SettlementState.PAID or (self.payable > 0 and not ready):
            raise PaymentCannotMove(
                f"a settlement that is {self.state} cannot become paid", state=str(self.state)
            )
        return replace(self, state=SettlementState.PAID, paid_on=on, version=self.version + 1)


def settled(
    settlement_id: UUID,
    claim: Claim,
    advance: Advance | None,
    *,
    payer: str,
    by: str,
    override: OverrideReason | None,
) -> Settlement:
    """Return what a certified claim comes to, authorised by somebody with no part in it.

    Refused: FourEyes, PaymentCannotMove.
    """
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
        advanced=advanced,
        payable=max(claim.certified - advanced, _NOTHING),
        to_return=max(advanced - claim.certified, _NOTHING),
        authorised_by=by,
        override=override,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFile:
    """Settlements of one payer and currency that are paid together. The payer is no person."""

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

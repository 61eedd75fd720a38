"""What the participants service tells, as far as it asks for money, spends it or gives it back."""

from decimal import Decimal

from contracts.participants.facts import (
    ClaimCertified,
    ClaimReopened,
    PerDiemEstimated,
    SettlementPaid,
    TripCancelled,
)
from contracts.participants.facts import Money as ToldMoney
from kit.db.unit import Unit
from kit.facts import Envelope
from kit.money import Money
from programmes.commands import budget_lines, claims
from programmes.domain.budget_line import COMMITMENT_AUDIENCE, FundsRequest
from programmes.domain.claim import Claim, Payment


async def on_per_diem_estimated(unit: Unit, fact: PerDiemEstimated, _meta: Envelope) -> None:
    """Set the estimate aside on its budget line, or tell why that cannot be."""
    await budget_lines.commit_funds(
        unit,
        FundsRequest(
            trip_id=fact.trip_id,
            revision=fact.revision,
            programme=fact.programme_code,
            line=fact.budget_line_code,
            money=_money(fact.amount),
        ),
    )


async def on_trip_cancelled(unit: Unit, fact: TripCancelled, _meta: Envelope) -> None:
    """Free what the trip held."""
    await budget_lines.release_funds(unit, fact.trip_id)


async def on_claim_certified(unit: Unit, fact: ClaimCertified, _meta: Envelope) -> None:
    """Commit what was certified in place of the estimate, or tell that it waits."""
    parked = Decimal(0) if fact.parked is None else _money(fact.parked).amount
    certified = Claim(
        id=fact.claim_id,
        version=1,
        audience=COMMITMENT_AUDIENCE,
        trip_id=fact.trip_id,
        programme=fact.programme_code,
        line=fact.budget_line_code,
        revision=fact.revision,
        certified=_money(fact.amount),
        parked=parked,
        resolves=fact.resolves,
    )
    await claims.certify_claim(unit, certified)


async def on_claim_reopened(unit: Unit, fact: ClaimReopened, _meta: Envelope) -> None:
    """Book nothing for a claim whose certification was taken back, until it is certified again."""
    await claims.reopen_claim(unit, fact.claim_id, fact.trip_id)


async def on_settlement_paid(unit: Unit, fact: SettlementPaid, _meta: Envelope) -> None:
    """Spend what was paid, and free what the trip no longer needs."""
    money = _money(fact.amount)
    paid = Claim(
        id=fact.claim_id,
        version=1,
        audience=COMMITMENT_AUDIENCE,
        trip_id=fact.trip_id,
        programme=fact.programme_code,
        line=fact.budget_line_code,
        revision=1,
        certified=money,
        payment=Payment(fact.settlement_id, money.amount, fact.paid_on),
    )
    await claims.pay_claim(unit, paid)


def _money(told: ToldMoney) -> Money:
    return Money.rounded(told.amount, told.currency)

"""What the participants service tells, as far as it asks for money or gives it back."""

from contracts.participants.facts import PerDiemEstimated, TripCancelled
from kit.db.unit import Unit
from kit.facts import Envelope
from kit.money import Money
from programmes.commands import budget_lines
from programmes.domain.budget_line import FundsRequest


async def on_per_diem_estimated(unit: Unit, fact: PerDiemEstimated, _meta: Envelope) -> None:
    """Set the estimate aside on its budget line, or tell why that cannot be."""
    await budget_lines.commit_funds(
        unit,
        FundsRequest(
            trip_id=fact.trip_id,
            revision=fact.revision,
            programme=fact.programme_code,
            line=fact.budget_line_code,
            money=Money.rounded(fact.amount.amount, fact.amount.currency),
        ),
    )


async def on_trip_cancelled(unit: Unit, fact: TripCancelled, _meta: Envelope) -> None:
    """Free what the trip held."""
    await budget_lines.release_funds(unit, fact.trip_id)

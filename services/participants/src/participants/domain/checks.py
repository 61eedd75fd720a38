"""What is wrong with the facts of a trip whatever the ruleset: every violation, with its field."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from kit.errors import Violation
from kit.money import half_up
from participants.domain.per_diem import CostKind, LodgingKind, TripFacts

LONGEST: Final = timedelta(days=366)
_FOUR_DECIMALS: Final = Decimal("0.0001")


def general_violations(facts: TripFacts, currency: str) -> list[Violation]:
    """List all violations that any ruleset refuses; pointers are those of a simulation."""
    return [
        *_times(facts),
        *_meals(facts),
        *_nights(facts),
        *cost_violations(facts),
        *_amounts(facts, currency),
    ]


def _times(facts: TripFacts) -> Iterator[Violation]:
    if facts.returns_at <= facts.departs_at:
        yield Violation(
            "/returns_at", "trip_ends_before_it_starts", "The return must be after the departure."
        )
    elif facts.returns_at - facts.departs_at > LONGEST:
        yield Violation("/returns_at", "trip_too_long", "A trip takes 366 days at most.")


def _meals(facts: TripFacts) -> Iterator[Violation]:
    seen = set()
    for index, day in enumerate(facts.meals):
        if not facts.first_day <= day.on <= facts.last_day:
            message = "Meals can only be provided on a day of the trip."
            yield Violation(f"/meals/{index}/on", "day_not_travelled", message)
        if day.on in seen or len(set(day.provided)) < len(day.provided):
            message = "Each meal of a day is named once."
            yield Violation(f"/meals/{index}", "meal_repeated", message)
        seen.add(day.on)


def _nights(facts: TripFacts) -> Iterator[Violation]:
    seen = set()
    before = facts.first_day - timedelta(days=1)
    for index, night in enumerate(facts.nights):
        if not before <= night.on <= facts.last_day:
            message = "The night must lie inside the trip."
            yield Violation(f"/nights/{index}/on", "night_not_travelled", message)
        if night.on in seen:
            yield Violation(f"/nights/{index}/on", "night_repeated", "Each night is named once.")
        if (night.bill is None) is (night.kind is LodgingKind.BILL):
            message = "A bill has an amount, and nothing else has one."
            yield Violation(f"/nights/{index}/bill", "bill_missing_or_unexpected", message)
        seen.add(night.on)


def _amounts(facts: TripFacts, currency: str) -> Iterator[Violation]:
    for index, night in enumerate(facts.nights):
        if night.bill is not None:
            yield from amount_violations(f"/nights/{index}/bill", night.bill, currency)
    yield from amount_violations("/local_transport_costs", facts.local_transport_costs, currency)
    yield from price_violations(facts, currency)


def price_violations(facts: TripFacts, currency: str) -> Iterator[Violation]:
    """Yield what is wrong with prices; the rate for a kilometre has four decimals in the acts."""
    for index, cost in enumerate(facts.costs):
        pointer = f"/costs/{index}/amount"
        short = cost.kind is CostKind.MILEAGE and not cost.amount % _FOUR_DECIMALS
        for found in amount_violations(pointer, cost.amount, cost.currency or currency):
            if not short or found.code != "money_scale":
                yield found


def cost_violations(facts: TripFacts) -> Iterator[Violation]:
    """Yield the costs with kilometres that are none, and mileage without them."""
    for index, cost in enumerate(facts.costs):
        if (cost.kilometres is None) is (cost.kind is CostKind.MILEAGE):
            message = "Mileage has kilometres, and nothing else has any."
            yield Violation(f"/costs/{index}/kilometres", "kilometres_missing_or_extra", message)


def amount_violations(pointer: str, amount: Decimal | None, currency: str) -> Iterator[Violation]:
    """Yield what is wrong with an amount: below zero, or finer than the minor unit."""
    if amount is None:
        return
    if amount < 0:
        yield Violation(pointer, "amount_negative", "The amount must not be negative.")
    if half_up(amount, currency) != amount:
        message = f"The amount has too many decimals for {currency}."
        yield Violation(pointer, "money_scale", message)

"""Calculations as canonical JSON: what went in, what came out, the same bytes every time."""

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from kit.money import Money
from participants.domain.per_diem import (
    Cost,
    CostKind,
    Counting,
    DayMeals,
    LocalTransport,
    LodgingKind,
    Meal,
    Night,
    NoDiet,
    Pin,
    Result,
    TripFacts,
)
from participants.domain.rates import Rate
from participants.domain.rulesets import ruleset_of


def canonical(value: object) -> str:
    """Return one JSON text for one value: sorted members, no spaces, text as it is."""
    return json.dumps(
        value,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
        default=_plain,
    )


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return f"{value:f}"
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case datetime() | date():
            return value.isoformat()
        case _ if is_dataclass(value):
            return {field.name: getattr(value, field.name) for field in fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")


def result_text(result: Result) -> str:
    """Return the explained result as canonical JSON."""
    return canonical(result)


def snapshot_text(
    code: str, version: str, facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]
) -> str:
    """Return everything a calculation was made from as canonical JSON."""
    return canonical(
        {
            "ruleset": code,
            "version": version,
            "facts": facts,
            "pin": pin,
            "rates": rates,
        }
    )


def rerun(snapshot: str) -> str:
    """Compute a stored snapshot again and return the canonical result."""
    stored = json.loads(snapshot)
    ruleset = ruleset_of(stored["ruleset"])
    rates = tuple(_rate(row) for row in stored["rates"])
    return result_text(ruleset.compute(_facts(stored["facts"]), _pin(stored["pin"]), rates))


def _rate(row: dict[str, Any]) -> Rate:
    limit = row["lodging_limit"]
    numbers = {
        "allowance": Decimal(row["allowance"]),
        "lodging_limit": None if limit is None else Decimal(limit),
        "valid_from": date.fromisoformat(row["valid_from"]),
    }
    return Rate(**(row | numbers))


def _pin(row: dict[str, Any]) -> Pin:
    concluded = row["contract_concluded_on"]
    return Pin(
        counting=Counting(row["counting"]),
        contract_concluded_on=None if concluded is None else date.fromisoformat(concluded),
        rate_list=row["rate_list"],
    )


def _facts(row: dict[str, Any]) -> TripFacts:
    parsed = {
        "departs_at": datetime.fromisoformat(row["departs_at"]),
        "returns_at": datetime.fromisoformat(row["returns_at"]),
        "first_day": date.fromisoformat(row["first_day"]),
        "last_day": date.fromisoformat(row["last_day"]),
        "meals": tuple(_meals(item) for item in row["meals"]),
        "nights": tuple(_night(item) for item in row["nights"]),
        "costs": tuple(_cost(item) for item in row["costs"]),
        "local_transport": LocalTransport(row["local_transport"]),
        "local_transport_costs": _amount(row["local_transport_costs"]),
        "no_diet": None if row["no_diet"] is None else NoDiet(row["no_diet"]),
        "assumed": tuple(row["assumed"]),
    }
    return TripFacts(**(row | parsed))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _meals(row: dict[str, Any]) -> DayMeals:
    return DayMeals(date.fromisoformat(row["on"]), tuple(Meal(meal) for meal in row["provided"]))


def _night(row: dict[str, Any]) -> Night:
    on, kind = date.fromisoformat(row["on"]), LodgingKind(row["kind"])
    return Night(on, kind, _amount(row["bill"]), row["consent"])


def _cost(row: dict[str, Any]) -> Cost:
    return Cost(CostKind(row["kind"]), Decimal(row["amount"]), row["kilometres"])


def money_of(amount: Decimal | None, currency: str | None) -> Money | None:
    """Return stored columns as money, or None where there is none."""
    return None if amount is None or currency is None else Money(amount, currency)

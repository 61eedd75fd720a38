"""Small makers of trip facts for the tests of the rules."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from participants.domain.choices import Pin
from participants.domain.explained import Result
from participants.domain.per_diem import Ruleset, TripFacts
from participants.domain.pl_domestic import PL_DOMESTIC
from participants.domain.rates import Completeness, Rate, RateBook, RateSet, RateSetStatus

WARSAW = ZoneInfo("Europe/Warsaw")
DIETS = {date(2013, 3, 1): "30.00", date(2022, 7, 28): "38.00", date(2023, 1, 1): "45.00"}


def rate_set(scheme: str, code: str, begins: date | None, **fields) -> RateSet:
    defaults = {
        "title": code,
        "legal_reference": code,
        "status": RateSetStatus.PUBLISHED,
        "completeness": Completeness.COMPLETE,
        "source": "test",
        "note": "",
    }
    return RateSet(scheme=scheme, code=code, effective_from=begins, **(defaults | fields))


def rate(code: str, country: str, amount: str, begins: date, **fields) -> Rate:
    defaults = {
        "place": None,
        "currency": "PLN" if country == "PL" and code.startswith("PL") else "EUR",
        "lodging_limit": None,
        "source": "test",
        "confidence": "test",
    }
    return Rate(
        rate_set=code,
        country=country,
        allowance=Decimal(amount),
        valid_from=begins,
        **(defaults | fields),
    )


def domestic_book() -> RateBook:
    return RateBook(
        tuple(rate_set("PL_DOMESTIC", f"PL-DOM-{day.year}", day) for day in DIETS),
        tuple(rate(f"PL-DOM-{day.year}", "PL", diet, day) for day, diet in DIETS.items()),
    )


def trip(begin: str | datetime, end: str | datetime, **fields) -> TripFacts:
    departs, returns = _instant(begin), _instant(end)
    return TripFacts(
        **(
            {
                "country": "PL",
                "departs_at": departs,
                "returns_at": returns,
                "first_day": departs.date(),
                "last_day": returns.date(),
            }
            | fields
        )
    )


def lasting(minutes: int, begin: str = "2026-03-02T08:00", **fields) -> TripFacts:
    departs = datetime.fromisoformat(begin).replace(tzinfo=WARSAW)
    returns = (departs.astimezone(ZoneInfo("UTC")) + timedelta(minutes=minutes)).astimezone(WARSAW)
    return trip(departs, returns, **fields)


def _instant(value: str | datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    parsed = datetime.fromisoformat(value)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=WARSAW)


def run(
    facts: TripFacts,
    *,
    ruleset: Ruleset = PL_DOMESTIC,
    book: RateBook | None = None,
    pin: Pin | None = None,
) -> Result:
    """Check, choose rates and compute, as every caller of a ruleset does."""
    assert ruleset.violations(facts) == []
    chosen = pin or Pin()
    rates = ruleset.select(book or domestic_book(), facts, chosen)
    return ruleset.compute(facts, chosen, rates)


def paid(result: Result, kind: str) -> Decimal:
    return sum((line.amount.amount for line in result.lines if line.kind == kind), Decimal(0))


def of_kind(result: Result, kind: str, country: str | None = None) -> list[str]:
    """Return what the lines of a kind pay, such as "49.00 EUR", in one country if it is given."""
    return [
        f"{line.amount.amount} {line.amount.currency}"
        for line in result.lines
        if line.kind == kind and country in {None, line.country}
    ]


def told(ruleset: Ruleset, facts: TripFacts) -> list[tuple[str, str]]:
    """Return the field and the code of everything that is wrong with the facts."""
    return [(each.pointer, each.code) for each in ruleset.violations(facts)]

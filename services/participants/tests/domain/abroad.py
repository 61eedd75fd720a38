"""Small makers of foreign trips for the tests of the rules."""

from datetime import date, datetime
from decimal import Decimal

from domain.trips import WARSAW, domestic_book, rate, rate_set, trip

from participants.domain.abroad import Abroad, Border, Stay, Way
from participants.domain.choices import Pin
from participants.domain.pl_foreign import PL_FOREIGN
from participants.domain.rates import RateBook

OLD, NEW = date(2013, 3, 1), date(2022, 11, 29)
ROWS = {
    OLD: {"DE": ("EUR", 49, 150), "CH": ("CHF", 88, 200), "*": ("EUR", 41, 140)},
    NEW: {
        "DE": ("EUR", 49, 170),
        "FR": ("EUR", 55, 200),
        "CZ": ("EUR", 41, 150),
        "CH": ("CHF", 88, 220),
        "MD": ("EUR", 45, 94),
        "JP": ("JPY", 7532, 22000),
        "XT": ("EUR", 50, 100),
        "*": ("EUR", 41, 140),
    },
}
CITIES = {"other": 200, "New York": 350, "Washington DC": 300}


def foreign_book() -> RateBook:
    """Return the annexes in short, with the domestic diets for the legs."""
    sets, rows = list(domestic_book().sets), list(domestic_book().rates)
    for day, countries in ROWS.items():
        code = f"PL-FOR-{day.year}"
        sets.append(rate_set("PL_FOREIGN", code, day))
        for country, (currency, diet, limit) in countries.items():
            fields = {"currency": currency, "lodging_limit": Decimal(limit)}
            rows.append(rate(code, country, f"{diet}.00", day, confidence="official", **fields))
        for city, limit in CITIES.items():
            fields = {"currency": "USD", "lodging_limit": Decimal(limit), "place": city}
            rows.append(rate(code, "US", "59.00", day, confidence="single source", **fields))
    return RateBook(tuple(sets), tuple(rows))


def instant(written: str) -> datetime:
    parsed = datetime.fromisoformat(written)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=WARSAW)


def abroad(out: str, back: str, *, way=Way.LAND, stays=(), **fields) -> Abroad:
    return Abroad(
        leaves=Border(instant(out), way), enters=Border(instant(back), way), stays=stays, **fields
    )


def going(out: str, back: str, *, country="DE", begin=None, end=None, **fields):
    """Return a trip that is abroad from `out` to `back`, with legs in Poland if given."""
    names = ("stays", "no_transport", "legs_local_transport", "hospital", "food_money", "way")
    of_abroad = {name: fields.pop(name) for name in names if name in fields}
    part = abroad(out, back, **of_abroad)
    return trip(begin or out, end or back, country=country, abroad=part, **fields)


def stay(country: str, since: str | None = None, **fields) -> Stay:
    return Stay(country, since=None if since is None else instant(since), **fields)


def settled(facts, pin: Pin | None = None):
    assert PL_FOREIGN.violations(facts) == []
    chosen = pin or Pin()
    rates = PL_FOREIGN.select(foreign_book(), facts, chosen)
    return PL_FOREIGN.compute(facts, chosen, rates)


def codes(facts) -> list[tuple[str, str]]:
    """Return what is wrong with the facts: each field and the code."""
    return [(v.pointer, v.code) for v in PL_FOREIGN.violations(facts)]


def totals(result) -> dict[str, str]:
    return {total.currency: str(total.amount) for total in result.totals}


def diets(facts, pin: Pin | None = None) -> dict[str, Decimal]:
    """Return what the diets abroad come to, by currency."""
    found: dict[str, Decimal] = {}
    for line in settled(facts, pin).lines:
        if line.kind == "subsistence":
            code = line.amount.currency
            found[code] = found.get(code, Decimal(0)) + line.amount.amount
    return found

"""What calculations were made from as canonical JSON, and how they are run again.

A snapshot names the version of its ruleset: it is run again by that version, never by a newer one.
"""

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from typing import Any, Final

from kit.money import Money
from participants.domain.choices import Pin
from participants.domain.decoding import decoded
from participants.domain.per_diem import TripFacts
from participants.domain.rates import Rate, RateSet
from participants.domain.result_text import result_text
from participants.domain.rulesets import edition_of

NEWEST: Final = 2

_SINCE_2: Final[dict[type, frozenset[str]]] = {
    Rate: frozenset({"parts"}),
    RateSet: frozenset({"corrects"}),
}


def canonical(value: object, form: int = NEWEST) -> str:
    """Return one JSON text for one value: sorted members, no spaces, text as it is.

    `form` 1 leaves out the members that came later, so that what was stored stays as it was.
    """
    return json.dumps(
        value,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
        default=_PLAIN[form],
    )


@cache
def _members(kind: type, form: int) -> tuple[str, ...]:
    later = _SINCE_2.get(kind, frozenset()) if form == 1 else frozenset()
    return tuple(field.name for field in fields(kind) if field.name not in later)


def _plain(value: object, form: int) -> object:
    match value:
        case Decimal():
            return f"{value:f}"
        case Fraction():
            return f"{value.numerator}/{value.denominator}"
        case datetime() | date():
            return value.isoformat()
        case _ if hasattr(value, "__dataclass_fields__"):
            kind: Any = type(value)
            return {name: getattr(value, name) for name in _members(kind, form)}
        case _:
            raise TypeError(f"{type(value).__name__} has no canonical form")


_PLAIN: Final[dict[int, Callable[[object], object]]] = {
    form: partial(_plain, form=form) for form in (1, NEWEST)
}


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
    """Compute a stored snapshot again, by the version it names, and return the canonical result.

    Refused: NoSuchRuleset if that version is not known.
    """
    stored: dict[str, Any] = json.loads(snapshot)
    edition = edition_of(stored["ruleset"], stored["version"])
    facts, pin = decoded(TripFacts, stored["facts"]), decoded(Pin, stored["pin"])
    rates = tuple(decoded(Rate, row) for row in stored["rates"])
    result = edition.compute(facts, pin, rates)
    return result_text(result, edition.form)


def money_of(amount: Decimal | None, currency: str | None) -> Money | None:
    """Return stored columns as money, or None where there is none."""
    return None if amount is None or currency is None else Money(amount, currency)

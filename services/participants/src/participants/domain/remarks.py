"""What stands beside a result: the choices that applied and what a clerk should know of rates."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Final

from participants.domain.choices import Choice, Pin
from participants.domain.per_diem import Result, TripFacts, Words
from participants.domain.rates import Rate

_WELL_ATTESTED: Final = ("two or more", "two independent", "three independent", "official")
_ALWAYS: Final = ("counting", "exchange_rule")

Compute = Callable[[TripFacts, Pin, tuple[Rate, ...]], Result]


def is_weak(rate: Rate) -> bool:
    """Tell whether a rate rests on a single or secondary source."""
    return not rate.confidence.startswith(_WELL_ATTESTED)


@lru_cache(maxsize=1024)
def applied(pin: Pin, names: tuple[str, ...]) -> tuple[Choice, ...]:
    """Return the named choices of a programme, and those that every calculation rests on."""
    values = ((name, getattr(pin, name)) for name in (*_ALWAYS, *names))
    return tuple(Choice(name, None if value is None else str(value)) for name, value in values)


@lru_cache(maxsize=4096)
def _weak(rate: Rate) -> Words:
    where = rate.country if rate.place is None else f"{rate.country}, {rate.place}"
    return Words(
        f"Stawka {where} z wykazu {rate.rate_set} ma słabe potwierdzenie źródłowe "
        f"({rate.confidence}): sprawdź ją przed podpisaniem.",
        f"The rate for {where} in {rate.rate_set} is weakly attested ({rate.confidence}): "
        "check it before you sign.",
    )


def with_remarks(compute: Compute, version: str, *names: str) -> Compute:
    """Return the edition `version` of a computation: it also tells its choices and weak rates."""

    def computed(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
        result = compute(facts, pin, rates)
        weak = tuple(_weak(rate) for rate in rates if is_weak(rate))
        return replace(
            result,
            version=version,
            choices=applied(pin, names),
            remarks=(*result.remarks, *weak),
        )

    return computed

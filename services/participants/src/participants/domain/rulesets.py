"""The rulesets Entente can compute, and the one way to run any of them."""

from dataclasses import replace
from typing import Final

from kit.errors import Violation
from participants.domain import (
    distance_bands,
    eu_experts,
    eu_external,
    pl_domestic,
    pl_foreign,
    us_gsa,
)
from participants.domain.choices import Pin
from participants.domain.errors import NoSuchRuleset, TripFactsRefused
from participants.domain.explained import Result
from participants.domain.per_diem import Ruleset, TripFacts
from participants.domain.rates import NoRate, Rate, RateBook
from participants.domain.remarks import Compute, with_remarks

_CURRENT: Final = (
    pl_domestic.PL_DOMESTIC,
    pl_foreign.PL_FOREIGN,
    eu_external.EU_EXTERNAL,
    eu_experts.TAIEX,
    eu_experts.TWINNING,
    distance_bands.ERASMUS_DISTANCE,
    distance_bands.EU_UNIT_COSTS,
    us_gsa.US_GSA,
)


def _edition(ruleset: Ruleset, version: str, compute: Compute, form: int) -> Ruleset:
    return replace(ruleset, version=version, compute=compute, form=form)


def _as_second(ruleset: Ruleset, version: str) -> Ruleset:
    """Return the edition before the newest words: it computed alike and named itself otherwise."""

    def computed(facts: TripFacts, pin: Pin, rates: tuple[Rate, ...]) -> Result:
        return replace(ruleset.compute(facts, pin, rates), version=version)

    return _edition(ruleset, version, computed, form=2)


_GSA_BEFORE_PLACES: Final = _edition(
    us_gsa.US_GSA, us_gsa.SECOND, with_remarks(us_gsa.compute, us_gsa.SECOND), form=3
)
# Calculations made by an edition are run again by it: these are never changed, only added to.
_EARLIER: Final = (
    _edition(pl_domestic.PL_DOMESTIC, pl_domestic.FIRST, pl_domestic.compute, form=1),
    _edition(eu_external.EU_EXTERNAL, eu_external.FIRST, eu_external.compute, form=1),
    _as_second(pl_domestic.PL_DOMESTIC, pl_domestic.SECOND),
    _as_second(pl_foreign.PL_FOREIGN_SECOND, pl_foreign.FIRST),
    pl_foreign.PL_FOREIGN_SECOND,
    _as_second(eu_external.EU_EXTERNAL, eu_external.SECOND),
    _as_second(eu_experts.TAIEX, eu_experts.TAIEX_FIRST),
    _as_second(eu_experts.TWINNING, eu_experts.TWINNING_FIRST),
    _as_second(distance_bands.ERASMUS_DISTANCE, distance_bands.FIRST),
    _as_second(distance_bands.EU_UNIT_COSTS, distance_bands.FIRST),
    _as_second(_GSA_BEFORE_PLACES, us_gsa.FIRST),
    _GSA_BEFORE_PLACES,
    eu_external.EU_EXTERNAL_THIRD,
    eu_experts.TAIEX_BEFORE,
    eu_experts.TWINNING_BEFORE,
    us_gsa.US_GSA_THIRD,
    distance_bands.ERASMUS_BEFORE,
    distance_bands.UNIT_COSTS_BEFORE,
)
RULESETS: Final = {ruleset.code: ruleset for ruleset in _CURRENT}
SCHEMES: Final = frozenset(scheme for each in _CURRENT for scheme in each.schemes)
EDITIONS: Final = {(each.code, each.version): each for each in (*_EARLIER, *_CURRENT)}


def ruleset_of(code: str) -> Ruleset:
    """Return the current edition of a ruleset by its code, or raise NoSuchRuleset."""
    try:
        return RULESETS[code]
    except KeyError:
        raise NoSuchRuleset(f"the known rulesets are {', '.join(sorted(RULESETS))}") from None


def edition_of(code: str, version: str) -> Ruleset:
    """Return the edition of a ruleset that a stored calculation names, or raise NoSuchRuleset."""
    try:
        return EDITIONS[code, version]
    except KeyError:
        raise NoSuchRuleset("no edition of the rules has this version") from None


def checked(
    ruleset: Ruleset, facts: TripFacts, pin: Pin, book: RateBook, found: list[Violation]
) -> tuple[Rate, ...]:
    """Return the rates that apply, or raise TripFactsRefused with every violation.

    `found` are violations seen before, at the door: they are told together with these.
    """
    violations = [*found, *ruleset.violations(facts)]
    rates: tuple[Rate, ...] = ()
    try:
        rates = ruleset.select(book, facts, pin)
    except NoRate as error:
        if error.pointer not in {violation.pointer for violation in violations}:
            violations.append(Violation(error.pointer, error.code, error.reason))
    if not violations:
        violations.extend(ruleset.scale(facts, pin, rates))
    if violations:
        raise TripFactsRefused("the trip cannot be computed", errors=violations)
    return rates

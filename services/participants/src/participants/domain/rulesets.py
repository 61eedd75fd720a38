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
from participants.domain.per_diem import Ruleset, TripFacts
from participants.domain.rates import NoRate, Rate, RateBook

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
# Calculations made by an edition are run again by it: these are never changed, only added to.
_EARLIER: Final = (
    replace(
        pl_domestic.PL_DOMESTIC,
        version=pl_domestic.FIRST,
        compute=pl_domestic.compute,
        form=1,
    ),
    replace(
        eu_external.EU_EXTERNAL,
        version=eu_external.FIRST,
        compute=eu_external.compute,
        form=1,
    ),
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
    if violations:
        raise TripFactsRefused("the trip cannot be computed", errors=violations)
    return rates

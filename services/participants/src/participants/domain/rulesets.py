"""The rulesets Entente can compute, and the one way to run any of them."""

from typing import Final

from kit.errors import Violation
from participants.domain.errors import NoSuchRuleset, TripFactsRefused
from participants.domain.eu_external import EU_EXTERNAL
from participants.domain.per_diem import Pin, Ruleset, TripFacts
from participants.domain.pl_domestic import PL_DOMESTIC
from participants.domain.rates import NoRate, Rate, RateBook

RULESETS: Final = {ruleset.code: ruleset for ruleset in (PL_DOMESTIC, EU_EXTERNAL)}


def ruleset_of(code: str) -> Ruleset:
    """Return a ruleset by its code, or raise NoSuchRuleset."""
    try:
        return RULESETS[code]
    except KeyError:
        raise NoSuchRuleset(f"the known rulesets are {', '.join(sorted(RULESETS))}") from None


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
        pointer = "/contract" if error.code in _OF_CONTRACT else "/country"
        if pointer not in {violation.pointer for violation in violations}:
            violations.append(Violation(pointer, error.code, error.reason))
    if violations:
        raise TripFactsRefused("the trip cannot be computed", errors=violations)
    return rates


_OF_CONTRACT: Final = {"unknown_list", "no_contract_date", "no_list"}

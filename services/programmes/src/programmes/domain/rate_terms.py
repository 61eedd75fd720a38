"""What a contract says of exchange rates, and what became of a conversion."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit.errors import DomainError, Kind
from programmes.domain.exchange_rates import Conversion, RateRule, RateTerms, RateTermsIncomplete
from programmes.domain.source import Source


class NoRateRule(DomainError):
    """No rule is assumed: there is no single one in use."""

    kind = Kind.CONFLICT
    code = "programmes.no_rate_rule"
    title = "The contract's rule for exchange rates is not on record"
    advice = "Record the rule of the contract with PUT exchange-rule first."


class RateChanged(DomainError):
    """A rate on record changes by a correction alone; nothing of the file was stored."""

    kind = Kind.CONFLICT
    code = "programmes.rate_changed"
    title = "Another value is on record for this day"
    advice = "Check the file and its `month`; if it is right, send it with `correction` saying why."


class NoSuchConversion(DomainError):
    """The programme has no such conversion."""

    kind = Kind.NOT_FOUND
    code = "programmes.no_such_conversion"
    title = "There is no such conversion"
    advice = "List the conversions of the programme."


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """The rule a contract sets, the rate it agrees if that is the rule, and where it says so."""

    terms: RateTerms
    source: Source | None = None

    def __post_init__(self) -> None:
        """Refuse a fixed rate without the rate, and a rate that no rule asks for."""
        if (self.terms.rule is RateRule.FIXED) != (self.terms.fixed is not None):
            raise RateTermsIncomplete("`fixed` belongs to the rule `fixed`", needs="fixed")


@dataclass(frozen=True, slots=True)
class RecordedConversion:
    """A conversion on record: it keeps copies of the rates it used and never changes."""

    id: UUID
    version: int
    audience: frozenset[str]
    programme: str
    conversion: Conversion
    cost_on: date
    by: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Why rates on record were wrong, and who puts them right."""

    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did: how many rates were new, put right, and on record already."""

    publisher: str
    imported: int
    corrected: int
    known: int
    first_day: date
    last_day: date

"""Exchange rates: which one a contract means, and conversions that say how they were made.

There is no single rule; the contract sets one of six (RULES 6.1 and 9.8). A conversion carries
the rates it used, their days and their source, and never changes afterwards.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum
from typing import Final, assert_never

from kit.errors import DomainError, Kind
from kit.money import Money
from programmes.domain.financing import must_fit

EUR: Final = "EUR"
PLN: Final = "PLN"
_LOOK_BACK: Final = timedelta(days=7)  # longer than any run of days without a table
_AVERAGE_STEP: Final = Decimal("0.000001")
_DIGITS: Final = 40
_MONTHS: Final = 12


class RateMissing(DomainError):
    """The rate that the contract means is not imported, or was never published."""

    kind = Kind.CONFLICT
    code = "programmes.rate_missing"
    title = "The exchange rate is not known"
    advice = "Import the rates of the days named, then ask again."


class RateInvalid(DomainError):
    """A rate is a number above zero between two different currencies, for days in order."""

    kind = Kind.INVALID
    code = "programmes.rate_invalid"
    title = "This is no exchange rate"
    advice = "Give two currencies, a number above zero, and days in order."


class RateTermsIncomplete(DomainError):
    """The rule of the contract needs something that was not given."""

    kind = Kind.INVALID
    code = "programmes.rate_terms_incomplete"
    title = "The rule needs more than was given"
    advice = "Give what `needs` names."


class Publisher(StrEnum):
    """Who publishes a rate; `contract` is the rate agreed in the contract itself."""

    INFOREURO = "inforeuro"
    ECB = "ecb"
    NBP = "nbp"
    CONTRACT = "contract"


class RateRule(StrEnum):
    """How a contract chooses the rate."""

    ECB_DAILY = "ecb_daily"
    INFOREURO_MONTH_OF_COST = "inforeuro_month_of_cost"
    INFOREURO_MONTH_OF_SUBMISSION = "inforeuro_month_of_submission"
    INFOREURO_AVERAGE_OF_PERIOD = "inforeuro_average_of_period"
    NBP_DAY_BEFORE = "nbp_day_before"
    FIXED = "fixed"


_PIVOT: Final = {Publisher.INFOREURO: EUR, Publisher.ECB: EUR, Publisher.NBP: PLN}


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `base` costs `value` units of `quote`, from one day to another.

    `reference` is the number of the table or the name of the file it was published in.
    """

    publisher: Publisher
    base: str
    quote: str
    value: Decimal
    valid_from: date
    valid_to: date
    reference: str

    def __post_init__(self) -> None:
        """Refuse zero, infinity, a currency in itself and days in the wrong order."""
        if not self.value.is_finite() or self.value <= 0:
            raise RateInvalid(f"{self.value} is no rate")
        if self.base == self.quote or self.valid_to < self.valid_from:
            raise RateInvalid(f"{self.base} in {self.quote} from {self.valid_from}")


@dataclass(frozen=True, slots=True)
class RateTerms:
    """What a contract says of exchange rates; `fixed` is the rate agreed, for that rule alone."""

    rule: RateRule
    fixed: Rate | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """The days that rules look at: of the cost or payment, of submission, of the period."""

    cost_on: date
    submitted_on: date | None = None
    period: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    """An amount in another currency, with the rule and the rates that led there, in order.

    Rates are copies: what is published or corrected later changes nothing here.
    """

    source: Money
    result: Money
    rule: RateRule
    rates: tuple[Rate, ...]


class RateBook:
    """Published rates by publisher and pair of currencies, in order of their days."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        self._rates: dict[tuple[Publisher, str, str], list[Rate]] = {}
        for rate in sorted(rates, key=lambda each: each.valid_from):
            self._rates.setdefault((rate.publisher, rate.base, rate.quote), []).append(rate)

    def last_until(self, publisher: Publisher, pair: tuple[str, str], on: date) -> Rate | None:
        """Return the rate of the pair, either way round, that began last on or before a day."""
        for base, quote in (pair, pair[::-1]):
            known = self._rates.get((publisher, base, quote), [])
            at = bisect_right(known, on, key=lambda each: each.valid_from)
            if at:
                return known[at - 1]
        return None


def convert(
    money: Money, into: str, terms: RateTerms, occasion: Occasion, book: RateBook
) -> Conversion:
    """Return `money` in another currency by the rule of the contract, rounded half up once.

    Raises RateMissing if a rate is not in the book, RateTermsIncomplete if the rule needs a day
    or a rate that was not given, AmountTooLarge if the result is that. In its own currency an
    amount stays what it is, without a rate.
    """
    if money.currency == into:
        return Conversion(money, money, terms.rule, ())
    rates = _rates_for((money.currency, into), terms, occasion, book)
    with localcontext() as context:
        context.prec = _DIGITS
        amount, currency = money.amount, money.currency
        for rate in rates:
            amount, currency = _through(rate, amount, currency)
        return Conversion(money, must_fit(Money.rounded(amount, into)), terms.rule, rates)


def _through(rate: Rate, amount: Decimal, currency: str) -> tuple[Decimal, str]:
    if currency == rate.base:
        return amount * rate.value, rate.quote
    return amount / rate.value, rate.base


def _rates_for(
    pair: tuple[str, str], terms: RateTerms, occasion: Occasion, book: RateBook
) -> tuple[Rate, ...]:
    match terms.rule:
        case RateRule.FIXED:
            return (_fixed(pair, terms, occasion.cost_on),)
        case RateRule.ECB_DAILY:
            return _daily(Publisher.ECB, pair, occasion.cost_on, book)
        case RateRule.NBP_DAY_BEFORE:
            return _daily(Publisher.NBP, pair, occasion.cost_on - timedelta(days=1), book)
        case RateRule.INFOREURO_MONTH_OF_COST:
            return _monthly(pair, occasion.cost_on, book)
        case RateRule.INFOREURO_MONTH_OF_SUBMISSION:
            if occasion.submitted_on is None:
                raise RateTermsIncomplete("no day of submission", needs="submitted_on")
            return _monthly(pair, occasion.submitted_on, book)
        case RateRule.INFOREURO_AVERAGE_OF_PERIOD:
            return _average(pair, occasion.period, book)
        case _:
            assert_never(terms.rule)


def _fixed(pair: tuple[str, str], terms: RateTerms, on: date) -> Rate:
    if terms.fixed is None:
        raise RateTermsIncomplete("the contract agrees no rate", needs="fixed")
    if {terms.fixed.base, terms.fixed.quote} != set(pair):
        raise RateMissing(f"the contract agrees no rate of {pair[0]} in {pair[1]}")
    if not terms.fixed.valid_from <= on <= terms.fixed.valid_to:
        raise RateMissing(f"the contract agrees no rate for {on}")
    return terms.fixed


def _daily(
    publisher: Publisher, pair: tuple[str, str], on: date, book: RateBook
) -> tuple[Rate, ...]:
    """Return the rates of the last table on or before a day; a week without one is a gap."""
    found = []
    for leg in _legs(publisher, pair):
        rate = book.last_until(publisher, leg, on)
        if rate is None or on - rate.valid_from > _LOOK_BACK:
            raise _missing(publisher, leg, on.isoformat())
        found.append(rate)
    return tuple(found)


def _monthly(pair: tuple[str, str], on: date, book: RateBook) -> tuple[Rate, ...]:
    return tuple(_of_month(leg, on, book) for leg in _legs(Publisher.INFOREURO, pair))


def _of_month(leg: tuple[str, str], on: date, book: RateBook) -> Rate:
    rate = book.last_until(Publisher.INFOREURO, leg, on)
    if rate is None or rate.valid_to < on:
        raise _missing(Publisher.INFOREURO, leg, on.strftime("%Y-%m"))
    return rate


def _average(
    pair: tuple[str, str], period: tuple[date, date] | None, book: RateBook
) -> tuple[Rate, ...]:
    """Return the mean of the monthly rates of every month the period touches, six decimals."""
    if period is None or period[1] < period[0]:
        raise RateTermsIncomplete("no period, or one that ends before it begins", needs="period")
    months = list(_months(*period))
    return tuple(
        _mean([_of_month(leg, month, book) for month in months])
        for leg in _legs(Publisher.INFOREURO, pair)
    )


def _months(first: date, last: date) -> Iterable[date]:
    for number in range(first.year * _MONTHS + first.month - 1, last.year * _MONTHS + last.month):
        yield date(number // _MONTHS, number % _MONTHS + 1, 1)


def _mean(rates: list[Rate]) -> Rate:
    adds = sum((rate.value for rate in rates), Decimal(0))
    mean = (adds / len(rates)).quantize(_AVERAGE_STEP, ROUND_HALF_UP)
    first, last = rates[0], rates[-1]
    span = f"{first.valid_from:%Y-%m} to {last.valid_from:%Y-%m}"
    return Rate(
        first.publisher,
        first.base,
        first.quote,
        mean,
        first.valid_from,
        last.valid_to,
        f"mean of {len(rates)} monthly rates, {span}",
    )


def _legs(publisher: Publisher, pair: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the pairs to convert through: publishers quote in one currency only."""
    pivot = _PIVOT[publisher]
    if pivot in pair:
        return (pair,)
    return (pair[0], pivot), (pivot, pair[1])


def _missing(publisher: Publisher, pair: tuple[str, str], when: str) -> RateMissing:
    return RateMissing(
        f"{publisher} has no rate of {pair[0]} in {pair[1]} for {when}",
        publisher=publisher,
        currencies=list(pair),
        on=when,
    )


@dataclass(frozen=True, slots=True)
class ConvertedTotal:
    """Amounts of several currencies as one total, with every conversion that led there."""

    total: Money
    conversions: tuple[Conversion, ...]


def converted_total(
    amounts: Iterable[Money], into: str, terms: RateTerms, occasion: Occasion, book: RateBook
) -> ConvertedTotal:
    """Add amounts across currencies, which only explicit rates allow (INV-16)."""
    done = tuple(convert(each, into, terms, occasion, book) for each in amounts)
    return ConvertedTotal(sum((each.result for each in done), Money.zero(into)), done)

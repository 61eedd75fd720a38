"""Which rate a contract means, and conversions that carry their proof. The rates are synthetic."""

from dataclasses import FrozenInstanceError
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import Money, half_up
from programmes.domain.exchange_rates import (
    Occasion,
    Publisher,
    Rate,
    RateBook,
    RateInvalid,
    RateMissing,
    RateRule,
    RateTerms,
    RateTermsIncomplete,
    convert,
    converted_total,
)
from programmes.domain.financing import AmountTooLarge

FRIDAY = date(2026, 1, 9)
MONDAY = date(2026, 1, 12)
TUESDAY = date(2026, 1, 13)


def ecb(code, value, on):
    return Rate(Publisher.ECB, "EUR", code, Decimal(value), on, on, f"eurofxref {on}")


def nbp(code, value, on):
    return Rate(Publisher.NBP, code, "PLN", Decimal(value), on, on, f"A/{on}")


def inforeuro(code, value, first, last):
    days = date.fromisoformat(first), date.fromisoformat(last)
    return Rate(Publisher.INFOREURO, "EUR", code, Decimal(value), *days, f"monthly {first}")


BOOK = RateBook(
    [
        ecb("PLN", "4.25", FRIDAY),
        ecb("PLN", "4.30", TUESDAY),
        ecb("USD", "1.25", FRIDAY),
        nbp("EUR", "4.20", FRIDAY),
        nbp("EUR", "4.40", MONDAY),
        nbp("USD", "3.50", MONDAY),
        inforeuro("PLN", "4.1", "2026-01-01", "2026-01-31"),
        inforeuro("PLN", "4.2", "2026-02-01", "2026-02-28"),
        inforeuro("PLN", "4.4", "2026-03-01", "2026-03-31"),
    ]
)


def pln(amount):
    return Money(Decimal(amount), "PLN")


def eur(amount):
    return Money(Decimal(amount), "EUR")


def made(money, into, rule, cost_on=MONDAY, **days):
    return convert(money, into, RateTerms(rule), Occasion(cost_on, **days), BOOK)


def test_ecb_daily_when_the_day_has_no_table_then_the_last_before():
    found = made(pln("425.00"), "EUR", RateRule.ECB_DAILY)
    assert found.result == eur("100.00")
    assert [(rate.publisher, rate.valid_from, rate.value) for rate in found.rates] == [
        (Publisher.ECB, FRIDAY, Decimal("4.25"))
    ]


def test_ecb_daily_when_neither_currency_is_the_euro_then_both_rates_are_carried():
    found = made(Money(Decimal("125.00"), "USD"), "PLN", RateRule.ECB_DAILY)
    assert found.result == pln("425.00")
    assert [rate.quote for rate in found.rates] == ["USD", "PLN"]


def test_ecb_daily_when_the_last_table_is_more_than_a_week_old_then_missing():
    assert made(pln("1"), "EUR", RateRule.ECB_DAILY, date(2026, 1, 20)).rates
    with pytest.raises(RateMissing) as refused:
        made(pln("1"), "EUR", RateRule.ECB_DAILY, date(2026, 1, 21))
    assert refused.value.facts == {
        "publisher": "ecb",
        "currencies": ["PLN", "EUR"],
        "on": "2026-01-21",
    }


@pytest.mark.parametrize(("on", "value"), [(MONDAY, "4.20"), (TUESDAY, "4.40")])
def test_nbp_when_asked_then_the_last_table_before_the_day(on, value):
    assert made(eur("10.00"), "PLN", RateRule.NBP_DAY_BEFORE, on).rates[0].value == Decimal(value)


def test_nbp_when_neither_currency_is_the_zloty_then_through_it():
    found = made(Money(Decimal("440.00"), "USD"), "EUR", RateRule.NBP_DAY_BEFORE, TUESDAY)
    assert found.result == eur("350.00")


def test_inforeuro_when_of_the_cost_then_its_month():
    found = made(pln("41.00"), "EUR", RateRule.INFOREURO_MONTH_OF_COST, date(2026, 1, 31))
    assert found.result == eur("10.00")


def test_inforeuro_when_of_the_submission_then_that_month():
    rule = RateRule.INFOREURO_MONTH_OF_SUBMISSION
    found = made(pln("42.00"), "EUR", rule, submitted_on=date(2026, 2, 1))
    assert found.result == eur("10.00")


def test_inforeuro_when_averaged_then_every_month_touched_counts_once():
    period = (date(2026, 1, 31), date(2026, 3, 1))
    found = made(eur("100.00"), "PLN", RateRule.INFOREURO_AVERAGE_OF_PERIOD, period=period)
    assert found.rates[0].value == Decimal("4.233333")
    assert found.rates[0].reference == "mean of 3 monthly rates, 2026-01 to 2026-03"
    assert found.result == pln("423.33")


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (RateRule.INFOREURO_MONTH_OF_COST, {"cost_on": date(2026, 4, 1)}),
        (RateRule.INFOREURO_MONTH_OF_COST, {"cost_on": date(2025, 12, 31)}),
        (
            RateRule.INFOREURO_AVERAGE_OF_PERIOD,
            {"cost_on": MONDAY, "period": (date(2026, 3, 1), date(2026, 4, 1))},
        ),
        (RateRule.NBP_DAY_BEFORE, {"cost_on": FRIDAY}),
    ],
)
def test_rate_when_not_in_the_book_then_missing_never_another(rule, days):
    with pytest.raises(RateMissing):
        made(pln("1.00"), "EUR", rule, **days)


@pytest.mark.parametrize(
    ("rule", "needs"),
    [
        (RateRule.INFOREURO_MONTH_OF_SUBMISSION, "submitted_on"),
        (RateRule.INFOREURO_AVERAGE_OF_PERIOD, "period"),
        (RateRule.FIXED, "fixed"),
    ],
)
def test_rule_when_something_is_not_given_then_says_what(rule, needs):
    with pytest.raises(RateTermsIncomplete) as refused:
        made(pln("1.00"), "EUR", rule)
    assert refused.value.facts == {"needs": needs}


def test_fixed_when_agreed_then_that_rate_for_its_currencies_alone():
    agreed = Rate(Publisher.CONTRACT, "EUR", "PLN", Decimal(4), MONDAY, MONDAY, "contract, art. 7")
    terms = RateTerms(RateRule.FIXED, agreed)
    found = convert(pln("10.00"), "EUR", terms, Occasion(MONDAY), BOOK)
    assert (found.result, found.rates) == (eur("2.50"), (agreed,))
    with pytest.raises(RateMissing):
        convert(Money(Decimal(1), "USD"), "EUR", terms, Occasion(MONDAY), BOOK)
    with pytest.raises(RateMissing):
        convert(pln("10.00"), "EUR", terms, Occasion(TUESDAY), BOOK)
    with pytest.raises(AmountTooLarge):
        convert(eur("999999999999.99"), "PLN", terms, Occasion(MONDAY), BOOK)


def test_amount_when_in_its_own_currency_then_unchanged_without_a_rate():
    assert made(eur("1.00"), "EUR", RateRule.FIXED).rates == ()


def test_conversion_when_made_then_never_changes():
    found = made(pln("1.00"), "EUR", RateRule.ECB_DAILY)
    with pytest.raises(FrozenInstanceError):
        found.result = eur("2.00")


@given(cents=st.integers(-(10**11), 10**11))
def test_conversion_when_done_again_from_what_it_carries_then_the_same(cents):
    source = Money(Decimal(cents).scaleb(-2), "PLN")
    found = made(source, "EUR", RateRule.ECB_DAILY)
    assert found.result.amount == half_up(source.amount / found.rates[0].value, "EUR")
    assert made(source, "EUR", RateRule.ECB_DAILY) == found


def test_total_when_of_two_currencies_then_carries_every_conversion():
    terms, occasion = RateTerms(RateRule.ECB_DAILY), Occasion(MONDAY)
    found = converted_total([eur("1.00"), pln("4.25")], "EUR", terms, occasion, BOOK)
    assert found.total == eur("2.00")
    assert [each.source for each in found.conversions] == [eur("1.00"), pln("4.25")]


@pytest.mark.parametrize(
    ("base", "value", "last"), [("EUR", "0", FRIDAY), ("PLN", "1", FRIDAY), ("EUR", "1", date.min)]
)
def test_rate_when_it_is_none_then_refused(base, value, last):
    with pytest.raises(RateInvalid):
        Rate(Publisher.ECB, base, "PLN", Decimal(value), FRIDAY, last, "x")

"""Money: one rounding rule, parts that add up, currencies that never mix."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import CurrenciesDiffer, Money, MoneyScale, allocate, half_up

amounts = st.decimals(-(10**9), 10**9, places=2, allow_nan=False)
weights = st.lists(st.decimals(0, 1000, places=3), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [("0.125", "0.13"), ("1.005", "1.01"), ("-0.125", "-0.13"), ("16.333333", "16.33")],
)
def test_halves_are_rounded_away_from_zero(amount: str, rounded: str) -> None:
    assert half_up(Decimal(amount), "PLN") == Decimal(rounded)


@pytest.mark.parametrize("amount", ["1.001", "NaN", "Infinity"])
def test_what_no_account_can_hold_is_refused(amount: str) -> None:
    with pytest.raises(MoneyScale):
        Money(Decimal(amount), "EUR")


def test_currencies_are_never_added() -> None:
    with pytest.raises(CurrenciesDiffer):
        Money.zero("EUR") + Money.zero("PLN")


def test_yen_has_no_decimals() -> None:
    assert Money.rounded(Decimal("10.5"), "JPY").amount == Decimal(11)


@given(total=amounts, weights=weights)
def test_parts_always_add_to_the_total(total: Decimal, weights: list[Decimal]) -> None:
    money = Money(total, "EUR")
    parts = allocate(money, weights)
    assert sum((part.amount for part in parts), Decimal(0)) == total


@given(total=amounts, weights=weights)
def test_no_part_is_a_whole_cent_off_its_share(total: Decimal, weights: list[Decimal]) -> None:
    whole = sum(weights, Decimal(0))
    for part, weight in zip(allocate(Money(total, "EUR"), weights), weights, strict=True):
        assert abs(part.amount - total * weight / whole) < Decimal("0.01")


def test_golden_three_partners_at_85_percent() -> None:
    total = Money(Decimal("85000.00"), "EUR")
    parts = allocate(total, [Decimal(x) for x in ("33333.33", "33333.33", "33333.34")])
    assert [str(part.amount) for part in parts] == ["28333.33", "28333.33", "28333.34"]

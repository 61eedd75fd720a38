"""Cost models and flat rates: the order, the bases, and totals that are sums."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import CurrenciesDiffer, Money
from programmes.domain.costing import (
    CostInvalid,
    CostLine,
    CostModel,
    FlatRateInvalid,
    FlatRateOn,
    LineCodeTwice,
    priced,
)
from programmes.domain.financing import AmountNegative, total_of


def eur(amount):
    return Money(Decimal(amount), "EUR")


def real(category, price, quantity="1", code=None):
    return CostLine(
        code or category,
        category,
        CostModel.REAL,
        unit="piece",
        quantity=Decimal(quantity),
        unit_price=eur(price),
    )


def flat(category, percent, of, code=None):
    return CostLine(
        code or f"{category}-flat",
        category,
        CostModel.FLAT_RATE,
        percent=Decimal(percent),
        percent_of=of,
    )


def amounts(*lines):
    return {each.line.code: str(each.amount.amount) for each in priced(lines, "EUR")}


def test_line_when_real_or_unit_cost_then_quantity_times_price_half_up():
    assert amounts(real("staff", "33.33", "1.5")) == {"staff": "50.00"}


def test_line_when_lump_sum_then_its_amount():
    line = CostLine("prep", "preparation", CostModel.LUMP_SUM, amount=eur("17500.00"))
    assert amounts(line) == {"prep": "17500.00"}


def test_flat_rates_when_all_four_cannot_be_then_the_three_in_their_order():
    lines = (
        flat("office", "15", FlatRateOn.DIRECT),
        flat("travel", "5", FlatRateOn.STAFF),
        flat("staff", "20", FlatRateOn.DIRECT),
        real("equipment", "1000.00"),
        real("external", "500.00"),
    )
    assert amounts(*lines) == {
        "equipment": "1000.00",
        "external": "500.00",
        "staff-flat": "300.00",
        "travel-flat": "15.00",
        "office-flat": "272.25",
    }


def test_flat_rates_when_computed_then_name_what_they_are_a_share_of():
    lines = (
        real("staff", "100.00"),
        real("travel", "60.00"),
        flat("other", "40", FlatRateOn.STAFF),
    )
    other = priced(lines, "EUR")[2]
    assert (other.amount, other.base) == (eur("40.00"), eur("100.00"))


def test_office_when_a_real_cost_then_it_is_not_direct():
    lines = (real("office", "999.00"), real("external", "100.00"))
    assert amounts(*lines, flat("staff", "20", FlatRateOn.DIRECT))["staff-flat"] == "20.00"


def test_flat_rate_when_it_ends_on_half_a_cent_then_up_not_down():
    lines = (real("staff", "0.10"), flat("office", "15", FlatRateOn.STAFF))
    assert amounts(*lines)["office-flat"] == "0.02"


@given(
    prices=st.lists(st.integers(0, 10**9), min_size=1, max_size=6),
    percents=st.tuples(*[st.integers(0, 100)] * 3),
)
def test_budget_when_priced_then_the_total_is_the_sum_and_the_order_of_lines_is_no_matter(
    prices, percents
):
    lines = [
        real("equipment", Decimal(price).scaleb(-2), code=f"E{at}")
        for at, price in enumerate(prices)
    ]
    lines += [
        flat("staff", percents[0], FlatRateOn.DIRECT),
        flat("travel", percents[1], FlatRateOn.STAFF),
        flat("office", percents[2], FlatRateOn.DIRECT),
    ]
    assert amounts(*lines) == amounts(*reversed(lines))
    found = priced(lines, "EUR")
    assert [each.line for each in found] == lines
    office = found[-1]
    assert office.base == total_of([each.amount for each in found[:-1]], "EUR")


@pytest.mark.parametrize(
    "lines",
    [
        (flat("staff", "20", FlatRateOn.STAFF),),
        (flat("travel", "5", FlatRateOn.DIRECT),),
        (flat("equipment", "5", FlatRateOn.DIRECT),),
        (flat("travel", "5", FlatRateOn.STAFF), real("travel", "10.00")),
        (flat("travel", "5", FlatRateOn.STAFF), flat("travel", "6", FlatRateOn.STAFF, "again")),
        (flat("staff", "20", FlatRateOn.DIRECT), flat("other", "40", FlatRateOn.STAFF)),
    ],
)
def test_flat_rate_when_on_itself_or_paid_twice_then_refused(lines):
    with pytest.raises(FlatRateInvalid):
        priced(lines, "EUR")


@pytest.mark.parametrize(
    "fields",
    [
        {"model": CostModel.REAL},
        {"model": CostModel.LUMP_SUM, "quantity": Decimal(1)},
        {"model": CostModel.LUMP_SUM, "amount": eur(1), "percent": Decimal(1)},
        {"model": CostModel.FLAT_RATE, "percent": Decimal(1)},
        {
            "model": CostModel.FLAT_RATE,
            "percent": Decimal("NaN"),
            "percent_of": FlatRateOn.STAFF,
        },
        {"model": CostModel.REAL, "quantity": Decimal(-1), "unit_price": eur(1)},
    ],
)
def test_line_when_it_does_not_fit_its_model_then_refused(fields):
    with pytest.raises(CostInvalid):
        CostLine("L1", "staff", **fields)


def test_line_when_negative_foreign_or_named_twice_then_refused():
    with pytest.raises(AmountNegative):
        CostLine("L1", "staff", CostModel.LUMP_SUM, amount=eur(-1))
    with pytest.raises(CurrenciesDiffer):
        priced([real("staff", "1")], "PLN")
    with pytest.raises(LineCodeTwice):
        priced([real("staff", "1"), real("travel", "1", code="staff")], "EUR")

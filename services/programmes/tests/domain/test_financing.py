"""Funding sources and splits: the golden numbers, and parts that always equal totals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import CurrenciesDiffer, Money, half_up
from programmes.domain.financing import (
    AmountNegative,
    CofinancingSum,
    FundingKind,
    FundingSource,
    FundingSourceDuplicate,
    check_sources,
    financed,
    mismatches,
    shares,
    spread,
    total_of,
)

cents = st.integers(0, 10**12).map(lambda units: Money(Decimal(units).scaleb(-2), "EUR"))
rates = st.lists(st.integers(1, 10_000), min_size=1, max_size=6).map(
    lambda units: [Decimal(unit) for unit in units]
)


def eur(amount):
    return Money(Decimal(amount), "EUR")


def funder(name, rate=None, amount=None, kind=FundingKind.GRANT):
    rate = None if rate is None else Decimal(rate)
    return FundingSource(name, kind, rate=rate, amount=amount)


def grant_and_own(rate):
    return (
        funder("NFM", rate),
        funder("PL-MOI", Decimal(100) - Decimal(rate), kind=FundingKind.OWN_PUBLIC),
    )


@st.composite
def whole(draw):
    """Sources with 2-decimal rates that add up to 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 10_000), max_size=5)))
    steps = [later - earlier for earlier, later in zip([0, *cuts], [*cuts, 10_000], strict=True)]
    kinds = draw(st.lists(st.sampled_from(FundingKind), min_size=6, max_size=6))
    return tuple(
        funder(f"F{at}", Decimal(step) / 100, kind=kinds[at]) for at, step in enumerate(steps)
    )


def test_golden_grant_of_85_percent():
    grant, own = shares(eur("464044.84"), grant_and_own("85"))
    assert (grant, own) == (eur("394438.11"), eur("69606.73"))


def test_golden_amount_as_printed_does_not_give_the_published_grant():
    assert half_up(Decimal("464044.084") * Decimal("0.85"), "EUR") == Decimal("394437.47")
    stated = (
        funder("NFM", "85", eur("394438.11")),
        funder("PL-MOI", "15", eur("69605.97"), FundingKind.OWN_PUBLIC),
    )
    assert [each.funder for each in mismatches(stated, eur("464044.08"))] == ["NFM", "PL-MOI"]


def test_golden_three_partners_at_85_percent():
    parts = [eur("33333.33"), eur("33333.33"), eur("33333.34")]
    grants, own = financed(parts, grant_and_own("85"), "EUR")
    assert grants == (eur("28333.33"), eur("28333.33"), eur("28333.34"))
    assert total_of(grants, "EUR") == eur("85000.00")
    assert total_of(own, "EUR") == eur("15000.00")


def test_own_part_when_listed_first_then_the_cent_still_goes_to_the_grant():
    grant, own = grant_and_own("50")
    assert shares(eur("0.01"), (own, grant)) == (eur("0.00"), eur("0.01"))


@given(total=cents, units=st.integers(0, 10_000))
def test_grant_when_there_are_two_sources_then_half_up_of_the_total(total, units):
    rate = Decimal(units) / 100
    grant, own = shares(total, grant_and_own(rate))
    assert grant.amount == half_up(total.amount * rate / 100, "EUR")
    assert grant + own == total


@given(total=cents, sources=whole())
def test_shares_when_split_then_add_up_to_the_total(total, sources):
    parts = shares(total, sources)
    assert total_of(parts, "EUR") == total
    assert all(part.amount >= 0 for part in parts)


@given(parts=st.lists(cents, min_size=1, max_size=8), sources=whole())
def test_table_when_financed_then_rows_and_columns_add_up(parts, sources):
    table = financed(parts, sources, "EUR")
    assert [total_of(row, "EUR") for row in table] == list(shares(total_of(parts, "EUR"), sources))
    assert [total_of(column, "EUR") for column in zip(*table, strict=True)] == parts
    assert all(cell.amount >= 0 for row in table for cell in row)


@given(total=cents, parts=st.lists(cents, min_size=1, max_size=8))
def test_spread_when_there_is_something_to_spread_over_then_adds_up(total, parts):
    if any(part.amount for part in parts):
        assert total_of(spread(total, parts), "EUR") == total


def test_spread_when_over_nothing_then_refused_unless_nothing():
    assert spread(eur(0), [eur(0)]) == (eur("0.00"),)
    with pytest.raises(CofinancingSum):
        spread(eur(1), [eur(0)])


@pytest.mark.parametrize("given_rates", [["85", "14.99"], ["85", "15.01"], ["110", "-10"], ["NaN"]])
def test_rates_when_they_do_not_add_up_to_100_then_refused(given_rates):
    with pytest.raises(CofinancingSum):
        check_sources([funder(f"F{at}", rate) for at, rate in enumerate(given_rates)], None)


def test_rates_when_one_is_missing_then_refused():
    with pytest.raises(CofinancingSum):
        check_sources([funder("A", "100"), funder("B")], None)


def test_amounts_when_one_cent_off_then_refused_with_the_sum():
    stated = [funder("A", amount=eur("85.00")), funder("B", amount=eur("14.99"))]
    with pytest.raises(CofinancingSum) as refused:
        check_sources(stated, eur("100.00"))
    assert refused.value.facts == {"sum": "99.99"}


def test_amounts_when_one_is_missing_or_negative_or_foreign_then_refused():
    with pytest.raises(CofinancingSum):
        check_sources([funder("A", amount=eur(1)), funder("B")], eur(1))
    with pytest.raises(AmountNegative):
        check_sources([funder("A", amount=eur(-1)), funder("B", amount=eur(2))], eur(1))
    with pytest.raises(CurrenciesDiffer):
        check_sources([funder("A", amount=Money(Decimal(1), "PLN"))], eur(1))


def test_sources_when_nothing_is_stated_then_legal_but_no_share_can_be_told():
    check_sources([funder("NFM")], None)
    with pytest.raises(CofinancingSum):
        shares(eur(1), [funder("NFM")])


def test_shares_when_amounts_are_agreed_then_those():
    stated = [funder("A", "50", eur("50.01")), funder("B", "50", eur("49.99"))]
    assert shares(eur("100.00"), stated) == (eur("50.01"), eur("49.99"))


def test_funder_when_named_twice_then_refused():
    with pytest.raises(FundingSourceDuplicate):
        check_sources([funder("A", "50"), funder("A", "50")], None)


def test_parts_when_negative_or_of_two_currencies_then_refused():
    with pytest.raises(AmountNegative):
        financed([eur(-1)], grant_and_own("85"), "EUR")
    with pytest.raises(CurrenciesDiffer):
        financed([eur(1), Money(Decimal(1), "PLN")], grant_and_own("85"), "EUR")

"""Budget versions with four eyes, and transfers that never change the total."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import DomainError
from kit.money import CurrenciesDiffer, Money
from programmes.domain.budget import (
    Allotment,
    AllottedLine,
    AmendmentRequired,
    BudgetStatus,
    BudgetSum,
    BudgetVersion,
    EffectiveTooEarly,
    FourEyes,
    TransferToItself,
    effective,
)
from programmes.domain.costing import CostLine, CostModel
from programmes.domain.errors import BudgetExceeded, NoSuchBudgetLine
from programmes.domain.financing import AmountNegative, CofinancingSum, FundingKind, FundingSource
from programmes.domain.moves import IllegalMove

DAY = date(2026, 1, 1)


def eur(amount):
    return Money(Decimal(amount), "EUR")


def draft(number=1, total="100.00", rates=("85", "15")):
    return BudgetVersion(
        id=UUID(int=number),
        version=1,
        audience=frozenset({"staff"}),
        programme="SYNTHETIC",
        number=number,
        status=BudgetStatus.DRAFT,
        total=eur(total),
        lines=(CostLine("L1", "travel", CostModel.LUMP_SUM, amount=eur("100.00")),),
        sources=tuple(
            FundingSource(f"F{at}", FundingKind.GRANT, rate=Decimal(rate))
            for at, rate in enumerate(rates)
        ),
        drafted_by="officer-1",
    )


def test_budget_when_approved_by_another_then_in_effect_from_its_day():
    approved = draft().approved("officer-2", DAY, replaces=None)
    assert (approved.status, approved.version) == (BudgetStatus.APPROVED, 2)
    assert effective([approved], date(2025, 12, 31)) is None
    assert effective([approved], DAY) == approved


def test_budget_when_approved_by_its_author_then_refused():
    with pytest.raises(FourEyes):
        draft().approved("officer-1", DAY, replaces=None)


def test_budget_when_it_does_not_add_up_then_not_approved():
    with pytest.raises(BudgetSum) as refused:
        draft(total="100.01").approved("officer-2", DAY, replaces=None)
    assert refused.value.facts == {"sum": "100.00"}
    with pytest.raises(CofinancingSum):
        draft(rates=("85", "14")).approved("officer-2", DAY, replaces=None)


def test_budget_when_approved_already_then_refused():
    approved = draft().approved("officer-2", DAY, replaces=None)
    with pytest.raises(IllegalMove):
        approved.approved("officer-3", DAY, replaces=None)


def test_budget_when_revised_then_the_former_counts_until_the_day_and_never_beside_it():
    first = draft().approved("officer-2", DAY, replaces=None)
    second = draft(2).approved("officer-2", date(2026, 6, 1), replaces=first)
    versions = [first.superseded(), second, draft(3)]
    assert effective(versions, date(2026, 5, 31)).number == 1
    assert effective(versions, date(2026, 6, 1)).number == 2


def test_budget_when_it_would_take_effect_before_the_former_then_refused():
    first = draft().approved("officer-2", DAY, replaces=None)
    with pytest.raises(EffectiveTooEarly):
        draft(2).approved("officer-2", date(2025, 12, 31), replaces=first)


def lines(*rows):
    return Allotment(
        "EUR",
        tuple(
            AllottedLine(code, heading, Decimal(amount), Decimal(amount))
            for code, heading, amount in rows
        ),
    )


TWO_HEADINGS = lines(
    ("T1", "travel", "1000.00"), ("T2", "travel", "1000.00"), ("E1", "equipment", "400.00")
)


def test_transfer_when_exactly_a_quarter_of_the_heading_then_made():
    after = TWO_HEADINGS.transfer("T1", "E1", eur("100.00"))
    assert [str(line.amount) for line in after.lines] == ["900.00", "1000.00", "500.00"]


def test_transfer_when_a_cent_above_a_quarter_then_needs_an_amendment():
    with pytest.raises(AmendmentRequired) as refused:
        TWO_HEADINGS.transfer("T1", "E1", eur("100.01"))
    assert refused.value.facts == {
        "heading": "equipment",
        "limit": "25.00",
        "available": {"amount": "100.00", "currency": "EUR"},
    }


def test_transfer_when_made_in_slices_then_the_limit_counts_them_together():
    after = TWO_HEADINGS.transfer("T1", "E1", eur("60.00"))
    with pytest.raises(AmendmentRequired):
        after.transfer("T2", "E1", eur("40.01"))


def test_transfer_when_it_goes_back_then_there_is_room_again():
    after = TWO_HEADINGS.transfer("T1", "E1", eur("100.00")).transfer("E1", "T1", eur("200.00"))
    assert after.shifted("equipment") == Decimal("-100.00")


def test_transfer_when_inside_a_heading_then_no_limit():
    after = TWO_HEADINGS.transfer("T1", "T2", eur("1000.00"))
    assert (after.line("T1").amount, after.shifted("travel")) == (0, 0)


def test_transfer_when_the_contract_has_another_limit_then_that():
    assert TWO_HEADINGS.transfer("T1", "E1", eur("160.00"), limit=Decimal(40))
    with pytest.raises(AmendmentRequired):
        TWO_HEADINGS.transfer("T1", "E1", eur("50.00"), limit=Decimal(10))


def test_transfer_when_the_heading_leaves_a_fraction_of_a_cent_then_rounded_down():
    odd = lines(("T1", "travel", "1000.00"), ("E1", "equipment", "0.33"))
    with pytest.raises(AmendmentRequired) as refused:
        odd.transfer("T1", "E1", eur("0.09"))
    assert refused.value.facts["available"] == {"amount": "0.08", "currency": "EUR"}


def test_transfer_when_the_money_is_bound_then_refused_with_what_is_free():
    bound = replace(TWO_HEADINGS.lines[0], bound=Decimal("950.00"))
    allotment = replace(TWO_HEADINGS, lines=(bound, *TWO_HEADINGS.lines[1:]))
    with pytest.raises(BudgetExceeded) as refused:
        allotment.transfer("T1", "T2", eur("50.01"))
    assert refused.value.facts["available"] == {"amount": "50.00", "currency": "EUR"}


@pytest.mark.parametrize(
    ("giver", "taker", "money", "refusal"),
    [
        ("T1", "T1", eur(1), TransferToItself),
        ("T1", "T2", eur(0), TransferToItself),
        ("T1", "T2", eur(-1), AmountNegative),
        ("T1", "T2", Money(Decimal(1), "PLN"), CurrenciesDiffer),
        ("T1", "T9", eur(1), NoSuchBudgetLine),
    ],
)
def test_transfer_when_it_makes_no_sense_then_refused(giver, taker, money, refusal):
    with pytest.raises(refusal):
        TWO_HEADINGS.transfer(giver, taker, money)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["T1", "T2", "E1"]),
            st.sampled_from(["T1", "T2", "E1"]),
            st.integers(1, 60_000),
        ),
        max_size=12,
    )
)
def test_transfers_when_any_are_tried_then_the_total_stays_and_no_limit_is_passed(tried):
    allotment = TWO_HEADINGS
    for giver, taker, cents in tried:
        try:
            allotment = allotment.transfer(giver, taker, eur(Decimal(cents).scaleb(-2)))
        except DomainError:
            continue
    assert sum(line.amount for line in allotment.lines) == Decimal("2400.00")
    assert all(line.amount >= line.bound for line in allotment.lines)
    assert abs(allotment.shifted("travel")) <= Decimal("500.00")
    assert abs(allotment.shifted("equipment")) <= Decimal("100.00")

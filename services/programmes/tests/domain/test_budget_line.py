import uuid
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.money import CurrenciesDiffer, Money
from programmes.domain.budget_line import BudgetLine, LineState
from programmes.domain.errors import BudgetExceeded, BudgetLineClosed


def line(amount="100.00", committed="0.00", state=LineState.OPEN):
    return BudgetLine(
        id=uuid.uuid4(),
        version=1,
        audience=frozenset(),
        programme="P-1",
        code="PER-DIEM",
        title="Per diems",
        category="per_diem",
        amount=Decimal(amount),
        committed=Decimal(committed),
        currency="EUR",
        state=state,
        synthetic=True,
    )


def euro(amount):
    return Money(Decimal(amount), "EUR")


@given(st.lists(st.integers(0, 5000), max_size=40))
def test_line_when_asked_in_any_order_then_never_commits_more_than_it_has(asked):
    present = line()
    for cents in asked:
        money = euro(Decimal(cents) / 100)
        if money.amount > present.available:
            with pytest.raises(BudgetExceeded) as refused:
                present.commit(money)
            left = refused.value.facts["available"]
            assert left == {"amount": str(present.available), "currency": "EUR"}
        else:
            present = present.commit(money)
        assert 0 <= present.committed <= present.amount


@given(st.integers(0, 10000))
def test_line_when_money_is_released_then_is_as_before(cents):
    money = euro(Decimal(cents) / 100)
    assert line().commit(money).release(money).available == Decimal("100.00")


def test_line_when_closed_or_in_another_currency_then_refuses():
    with pytest.raises(BudgetLineClosed):
        line(state=LineState.CLOSED).commit(euro("1"))
    with pytest.raises(BudgetLineClosed):
        line(state=LineState.CLOSED).raised(euro("1"))
    for act in (line().commit, line().raised, line().release):
        with pytest.raises(CurrenciesDiffer):
            act(Money(Decimal(1), "PLN"))


def test_line_when_raised_then_has_more_available():
    assert line(committed="90.00").raised(euro("5")).available == Decimal("15.00")

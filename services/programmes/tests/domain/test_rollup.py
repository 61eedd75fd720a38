"""Roll-ups: every row once, currencies apart, absorption and forecast."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.domain.ledger import Totals
from programmes.domain.rollup import CurrencyTotal, Kinship, MoneyRow, forecast, roll_up

CHILDREN = (Kinship("PPTI", "PPTI-1"), Kinship("PPTI", "PPTI-5"))


def row(number, programme, amount, spent="0", currency="EUR"):
    spent = Totals(spent=Decimal(spent))
    return MoneyRow(UUID(int=number), programme, currency, Decimal(amount), spent)


def amounts(found):
    return {each.currency: each.amount for each in found.per_currency}


def test_child_when_inside_the_parent_then_its_budget_counts_once_and_its_spending_too():
    rows = [row(1, "PPTI", "3600000.00", "100.00"), row(2, "PPTI-5", "200000.00", "50.00")]
    found = roll_up("PPTI", CHILDREN, rows)
    assert amounts(found) == {"EUR": Decimal("3600000.00")}
    assert found.per_currency[0].totals.spent == Decimal("150.00")
    assert found.inside == (UUID(int=2),)
    assert set(found.per_currency[0].rows) == {UUID(int=1), UUID(int=2)}


def test_child_when_additional_then_its_budget_is_added():
    kin = (Kinship("PPTI", "PPTI-5", additional=True),)
    found = roll_up("PPTI", kin, [row(1, "PPTI", "100"), row(2, "PPTI-5", "20")])
    assert (amounts(found), found.inside) == ({"EUR": Decimal(120)}, ())


def test_child_when_the_parent_has_no_budget_then_counted():
    found = roll_up("PPTI", CHILDREN, [row(1, "PPTI-1", "10"), row(2, "PPTI-5", "20")])
    assert amounts(found) == {"EUR": Decimal(30)}


def test_child_when_the_parent_has_another_currency_then_shown_beside_it():
    rows = [row(1, "PPTI", "100"), row(2, "PPTI-5", "20", currency="PLN")]
    assert amounts(roll_up("PPTI", CHILDREN, rows)) == {"EUR": 100, "PLN": 20}


def test_grandchild_when_only_the_grandparent_has_a_budget_then_inside_it():
    kin = (Kinship("A", "B"), Kinship("B", "C"))
    found = roll_up("A", kin, [row(1, "A", "100"), row(3, "C", "30")])
    assert (amounts(found), found.inside) == ({"EUR": 100}, (UUID(int=3),))


def test_grandchild_when_its_parent_is_additional_then_inside_the_parent_only():
    kin = (Kinship("A", "B", additional=True), Kinship("B", "C"))
    rows = [row(1, "A", "100"), row(2, "B", "50"), row(3, "C", "30")]
    assert amounts(roll_up("A", kin, rows)) == {"EUR": 150}


def test_child_when_of_two_parents_or_named_twice_then_once():
    kin = (Kinship("A", "B"), Kinship("A", "C"), Kinship("B", "D"), Kinship("C", "D"))
    rows = [row(4, "D", "7", "3"), row(4, "D", "7", "3")]
    found = roll_up("A", kin, rows)
    assert amounts(found) == {"EUR": 7}
    assert found.per_currency[0].totals.spent == 3
    assert found.programmes == ("A", "B", "C", "D")


def test_relations_when_they_go_in_a_circle_then_every_row_still_once():
    kin = (Kinship("A", "B"), Kinship("B", "A"))
    found = roll_up("A", kin, [row(1, "A", "10"), row(2, "B", "5")])
    assert amounts(found) == {"EUR": 10}


def test_strangers_when_not_below_then_not_counted():
    found = roll_up("PPTI-5", CHILDREN, [row(1, "PPTI", "100"), row(2, "PPTI-5", "20")])
    assert (amounts(found), found.inside) == ({"EUR": 20}, ())


@given(
    kin=st.lists(
        st.builds(Kinship, st.sampled_from("ABCDE"), st.sampled_from("ABCDE"), st.booleans()),
        max_size=8,
    ),
    rows=st.lists(
        st.tuples(
            st.integers(0, 9),
            st.sampled_from("ABCDE"),
            st.sampled_from(["EUR", "PLN"]),
            st.integers(0, 1000),
            st.integers(0, 1000),
        ),
        max_size=12,
        unique_by=lambda each: each[0],
    ),
)
def test_roll_up_when_anything_then_spending_is_the_sum_and_budget_never_more_than_it(kin, rows):
    made = [row(at, who, amount, spent, currency) for at, who, currency, amount, spent in rows]
    found = roll_up("A", kin, made)
    for total in found.per_currency:
        own = [r for r in made if r.programme in found.programmes and r.currency == total.currency]
        assert total.totals.spent == sum(r.totals.spent for r in own)
        assert total.amount == sum(r.amount for r in own if r.id not in found.inside)
        assert sorted(total.rows) == sorted(r.id for r in own)


def total(amount, committed, spent):
    return CurrencyTotal(
        "EUR",
        Decimal(amount),
        Totals(committed=Decimal(committed), spent=Decimal(spent)),
        (),
    )


def test_absorption_when_there_is_a_budget_then_spent_of_it_with_six_decimals():
    assert total("300", "0", "100").absorption == Decimal("0.333333")
    assert total("0", "0", "0").absorption is None


@pytest.mark.parametrize(
    ("spent", "committed", "on", "expected", "over", "basis"),
    [
        ("100.00", "0", date(2026, 1, 25), "400.00", "100.00", "linear, 25 of 100 days"),
        ("100.00", "350", date(2026, 1, 25), "450.00", "150.00", "spent and committed, 25 of 100"),
        ("0", "0", date(2026, 1, 1), "0.00", "0", "linear, 1 of 100 days"),
        ("250.00", "0", date(2027, 1, 1), "250.00", "0", "linear, 100 of 100 days"),
    ],
)
def test_forecast_when_the_dates_are_known_then_linear_but_not_below_what_is_promised(
    spent, committed, on, expected, over, basis
):
    found = forecast(total("300", committed, spent), date(2026, 1, 1), date(2026, 4, 10), on)
    assert (found.expected.amount, found.over.amount) == (Decimal(expected), Decimal(over))
    assert found.basis.startswith(basis)


@pytest.mark.parametrize(
    ("start", "end", "on"),
    [
        (None, date(2026, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), None, date(2026, 1, 1)),
        (date(2026, 1, 2), date(2026, 1, 1), date(2026, 1, 3)),
        (date(2026, 1, 2), date(2026, 1, 9), date(2026, 1, 1)),
    ],
)
def test_forecast_when_the_dates_do_not_allow_it_then_none(start, end, on):
    assert forecast(total("1", "0", "1"), start, end, on) is None

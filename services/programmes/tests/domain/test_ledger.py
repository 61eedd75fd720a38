"""The ledger: legal entries, totals that are sums, and no order that binds too much."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.errors import DomainError
from kit.money import CurrenciesDiffer, Money
from programmes.domain.errors import BudgetExceeded
from programmes.domain.ledger import (
    AmountNotPositive,
    EntryKind,
    LedgerExceeded,
    LedgerLine,
    OutsideProgramme,
    Subject,
    Totals,
    must_be_within,
    totals,
)

TRIP = Subject("participants", UUID(int=1))
LINE = LedgerLine("PD", "EUR", Decimal("1000.00"))


def eur(amount):
    return Money(Decimal(amount), "EUR")


class Book:
    """A line with its entries, as a command would keep them."""

    def __init__(self, line=LINE):
        self.line = line
        self.entries = []

    def stands(self, subject):
        return totals(each for each in self.entries if each.subject == subject)

    def post(self, kind, subject, money):
        if kind is EntryKind.RESERVED:
            entry = self.line.reserve(subject, money)
        else:
            verb = {
                EntryKind.COMMITTED: self.line.commit,
                EntryKind.SPENT: self.line.spend,
                EntryKind.RELEASED: self.line.release,
                EntryKind.SPENDING_REVERSED: self.line.reverse,
            }[kind]
            entry = verb(subject, self.stands(subject), money)
        self.entries.append(entry)
        self.line = self.line.after(entry)
        return entry


def test_money_when_it_goes_the_whole_way_then_it_is_in_one_place_at_a_time():
    book = Book()
    places = []
    for kind, amount in [
        (EntryKind.RESERVED, "300.00"),
        (EntryKind.COMMITTED, "250.00"),
        (EntryKind.SPENT, "200.00"),
        (EntryKind.RELEASED, "100.00"),
    ]:
        book.post(kind, TRIP, eur(amount))
        found = book.line.totals
        places.append((found.reserved, found.committed, found.spent, book.line.remaining))
    assert places == [
        (300, 0, 0, 700),
        (50, 250, 0, 700),
        (50, 50, 200, 700),
        (0, 0, 200, 800),
    ]


def test_commitment_when_above_the_reservation_then_the_rest_is_taken_from_what_is_free():
    book = Book()
    book.post(EntryKind.RESERVED, TRIP, eur("100.00"))
    book.post(EntryKind.COMMITTED, TRIP, eur("150.00"))
    assert book.line.totals == Totals(Decimal(0), Decimal(150), Decimal(0))


def test_release_when_no_amount_is_named_then_all_that_is_open():
    book = Book()
    book.post(EntryKind.RESERVED, TRIP, eur("100.00"))
    entry = book.line.release(TRIP, book.stands(TRIP))
    assert (entry.money, entry.change) == (eur("100.00"), Totals(reserved=Decimal(-100)))


def test_spending_when_reversed_then_committed_again():
    book = Book()
    book.post(EntryKind.COMMITTED, TRIP, eur("100.00"))
    book.post(EntryKind.SPENT, TRIP, eur("100.00"))
    book.post(EntryKind.SPENDING_REVERSED, TRIP, eur("40.00"))
    assert book.line.totals == Totals(Decimal(0), Decimal(40), Decimal(60))


@pytest.mark.parametrize("verb", ["reserve", "commit"])
def test_money_when_the_line_has_too_little_then_refused_with_what_is_left(verb):
    arguments = (TRIP,) if verb == "reserve" else (TRIP, Totals())
    with pytest.raises(BudgetExceeded) as refused:
        getattr(LINE, verb)(*arguments, eur("1000.01"))
    assert refused.value.facts["available"] == {"amount": "1000.00", "currency": "EUR"}


def test_money_when_within_the_tolerance_then_bound():
    line = LedgerLine("PD", "EUR", Decimal(1000), tolerance=Decimal(10))
    assert line.after(line.reserve(TRIP, eur("1010.00"))).remaining == Decimal(-10)
    with pytest.raises(BudgetExceeded):
        line.reserve(TRIP, eur("1010.01"))


@pytest.mark.parametrize("verb", ["spend", "release", "reverse"])
def test_money_when_it_does_not_stand_there_then_not_taken(verb):
    with pytest.raises(LedgerExceeded):
        getattr(LINE, verb)(TRIP, Totals(), eur("0.01"))


def test_release_when_nothing_is_open_then_refused():
    with pytest.raises(AmountNotPositive):
        LINE.release(TRIP, Totals(spent=Decimal(5)))


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_entry_when_the_amount_is_not_positive_then_refused(amount):
    with pytest.raises(AmountNotPositive):
        LINE.reserve(TRIP, eur(amount))


def test_entry_when_in_another_currency_then_refused():
    with pytest.raises(CurrenciesDiffer):
        LINE.commit(TRIP, Totals(), Money(Decimal(1), "PLN"))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([each for each in EntryKind if each is not EntryKind.ALLOTTED]),
            st.sampled_from([Subject("participants", UUID(int=at)) for at in range(3)]),
            st.integers(0, 60_000),
        ),
        max_size=40,
    )
)
def test_entries_when_tried_in_any_order_then_never_too_much_and_totals_are_sums(tried):
    book = Book()
    for kind, subject, cents in tried:
        before = (book.line, len(book.entries))
        try:
            book.post(kind, subject, eur(Decimal(cents).scaleb(-2)))
        except DomainError:
            assert (book.line, len(book.entries)) == before
        assert book.line.remaining >= 0
        assert book.line.totals == totals(book.entries)
        for each in (subject, TRIP):
            stands = book.stands(each)
            assert min(stands.reserved, stands.committed, stands.spent) >= 0


def test_day_when_outside_then_the_bounds_told_are_those_that_count():
    today, programme = date(2026, 3, 2), (date(2026, 1, 1), date(2028, 12, 31))
    with pytest.raises(OutsideProgramme, match="not between 2026-01-01 and 2026-03-02"):
        must_be_within(date(2026, 12, 1), programme, today)
    with pytest.raises(OutsideProgramme, match="unknown and 2014-12-31"):
        must_be_within(date(2015, 1, 1), (None, date(2014, 12, 31)), today)

"""Edges at which a rule turns over: zero, equal, draft, partial."""

from datetime import date
from decimal import Decimal

import pytest
from domain.trips import lasting, rate, rate_set, trip

from participants.domain.eu_external import EU_EXTERNAL
from participants.domain.per_diem import LodgingKind, Night
from participants.domain.pl_domestic import PL_DOMESTIC
from participants.domain.rates import (
    Completeness,
    RateBook,
    RateSetStatus,
    in_force,
    named,
    rate_of,
)

DAY = date(2026, 3, 2)


@pytest.mark.parametrize("status", [RateSetStatus.DRAFT, RateSetStatus.SUPERSEDED])
def test_set_when_not_published_then_is_neither_in_force_nor_named(status):
    sets = [rate_set("X", "X-1", DAY, status=status)]
    assert in_force(sets, DAY) is None
    assert named(sets, "X-1") is None


@pytest.mark.parametrize("held", Completeness)
def test_general_rate_when_the_list_is_not_complete_then_stands_for_nothing(held):
    edition = rate_set("X", "X-1", DAY, completeness=held)
    book = RateBook((edition,), (rate("X-1", "*", "205", DAY),))
    found = rate_of(book, edition, "MD", None, DAY)
    assert (found is not None) is (held is Completeness.COMPLETE)


def test_trip_when_it_returns_as_it_departs_then_refused():
    found = PL_DOMESTIC.violations(trip("2026-03-02T08:00", "2026-03-02T08:00"))
    assert [(v.pointer, v.code) for v in found] == [("/returns_at", "trip_ends_before_it_starts")]


def test_bill_when_zero_then_accepted():
    nights = (Night(DAY, LodgingKind.BILL, Decimal(0)),)
    assert PL_DOMESTIC.violations(lasting(24 * 60, nights=nights)) == []


def test_nights_when_as_many_as_the_trip_has_room_for_then_accepted():
    facts = trip("2026-03-02T08:00", "2026-03-04T08:00", nights_away=2)
    assert EU_EXTERNAL.violations(facts) == []


def test_trip_when_longer_than_a_year_then_refused():
    assert PL_DOMESTIC.violations(lasting(366 * 24 * 60)) == []
    found = PL_DOMESTIC.violations(lasting(366 * 24 * 60 + 1))
    assert [v.code for v in found] == ["trip_too_long"]

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_training import event, nomination

from training.domain.errors import EventFull
from training.domain.errors_seats import QuotaBelowTaken, QuotaFull, QuotasInvalid
from training.domain.quota import Dimension, Quota, Seating

MD, GE = Quota(Dimension.COUNTRY, "MD", 2), Quota(Dimension.COUNTRY, "GE", 1)


def seating(*quotas, capacity=4):
    return Seating(event(capacity=capacity), quotas)


def test_seat_when_the_quota_is_exhausted_is_refused_though_seats_are_free():
    half = seating(MD, GE).with_seat(nomination()).with_seat(nomination())
    with pytest.raises(QuotaFull) as refused:
        half.with_seat(nomination())
    assert refused.value.facts == {"dimension": "country", "key": "MD"}
    assert half.without_seat(nomination()).refusal(nomination()) is None


def test_seat_when_the_key_has_no_quota_is_one_that_quotas_leave_over():
    other = nomination(country="UA")
    one = seating(MD, GE).with_seat(other)
    assert isinstance(one.refusal(other), QuotaFull)
    assert one.refusal(nomination(country="GE")) is None


def test_seat_when_all_are_taken_is_refused_as_full():
    full = seating(capacity=1).with_seat(nomination())
    assert isinstance(full.refusal(nomination()), EventFull)


def test_quotas_when_they_cannot_be_are_refused():
    with pytest.raises(QuotasInvalid):
        seating().divided([MD, replace(GE, seats=3)], [])
    with pytest.raises(QuotasInvalid):
        seating().divided([MD, replace(MD, seats=1)], [])
    with pytest.raises(QuotaBelowTaken) as refused:
        seating().divided([MD], [nomination()] * 3)
    assert refused.value.facts == {"key": "MD", "taken": 3}


@given(st.lists(st.sampled_from(["MD", "GE", "UA"]), max_size=30))
def test_seats_when_given_in_any_order_never_exceed_capacity_or_quota(countries):
    now = seating(MD, GE)
    for country in countries:
        nominee = nomination(country=country)
        if now.refusal(nominee) is None:
            now = now.with_seat(nominee)
    assert now.event.taken <= 4
    assert all(quota.taken <= quota.seats for quota in now.quotas)
    assert now.event.taken - sum(quota.taken for quota in now.quotas) <= 1

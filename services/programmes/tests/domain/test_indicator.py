"""Indicators: review, locked periods, reported beside computed, one number about victims."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programmes.domain.fuzzy_date import FuzzyDate
from programmes.domain.indicator import (
    VALUE_MOVES,
    Indicator,
    IndicatorValue,
    Measure,
    NoSuchPeriod,
    NoSuchValue,
    Period,
    PeriodLocked,
    ValueInvalid,
    ValueNotApproved,
    ValueState,
    VictimDataForbidden,
    shown_parts,
)
from programmes.domain.moves import IllegalMove
from programmes.domain.source import CountBasis, CountQualifier


def measure(value, basis=CountBasis.PERSONS):
    return Measure(Decimal(value), CountQualifier.EXACT, basis)


OFFICERS = Indicator(
    id=UUID(int=1),
    version=1,
    audience=frozenset({"staff"}),
    programme="NO-COMP",
    code="participants",
    title="Border Guard officers trained",
    unit="officers",
    basis=CountBasis.UNKNOWN,
    periods=(Period("all", FuzzyDate.unknown(), FuzzyDate.unknown()),),
)
FIRST = UUID(int=11)


def value(number="495", basis=CountBasis.UNKNOWN, value_id=FIRST, **fields):
    return IndicatorValue(value_id, "all", measure(number, basis), **fields)


def approved(indicator, value_id=FIRST):
    return indicator.with_value_moved(value_id, ValueState.PENDING).with_value_moved(
        value_id, ValueState.APPROVED
    )


def test_value_when_not_approved_then_counts_nothing():
    drafted = OFFICERS.reported(value(state=ValueState.APPROVED))
    assert drafted.approved_measure("all") is None
    assert drafted.with_value_moved(FIRST, ValueState.PENDING).approved_measure("all") is None


def test_value_when_approved_then_counts_and_locks_its_period():
    done = approved(OFFICERS.reported(value()))
    assert done.approved_measure("all") == measure("495", CountBasis.UNKNOWN)
    assert done.periods[0].locked
    with pytest.raises(PeriodLocked):
        done.reported(value(value_id=UUID(int=12)))


def test_approved_value_when_reopened_then_counts_no_more_and_another_can_be_approved():
    with pytest.raises(ValueNotApproved):
        OFFICERS.reported(value()).with_value_reopened(FIRST, "counted twice")
    done = approved(OFFICERS.reported(value()))
    opened = done.with_value_reopened(FIRST, "counted twice")
    assert (opened.approved_measure("all"), opened.periods[0].locked) == (None, False)
    assert opened.value(FIRST).reason == "counted twice"
    second = UUID(int=12)
    right = approved(opened.reported(value("459", value_id=second)), second)
    assert right.approved_measure("all") == measure("459", CountBasis.UNKNOWN)
    assert right.value(FIRST).state is ValueState.RETURNED


def test_value_when_another_is_approved_first_then_its_period_is_closed_to_it():
    second = UUID(int=12)
    both = OFFICERS.reported(value()).reported(value(value_id=second))
    both = approved(both.with_value_moved(second, ValueState.PENDING))
    with pytest.raises(PeriodLocked):
        both.with_value_moved(second, ValueState.APPROVED)


def test_value_when_returned_then_goes_back_to_pending_only():
    returned = (
        OFFICERS.reported(value())
        .with_value_moved(FIRST, ValueState.PENDING)
        .with_value_moved(FIRST, ValueState.RETURNED)
    )
    with pytest.raises(IllegalMove):
        returned.with_value_moved(FIRST, ValueState.APPROVED)
    assert approved(returned).approved_measure("all")


@given(st.lists(st.sampled_from(ValueState), max_size=6))
def test_value_when_moved_at_will_then_only_along_the_machine(wanted):
    indicator = OFFICERS.reported(value())
    for state in wanted:
        present = indicator.value(FIRST).state
        if state in VALUE_MOVES.legal[present]:
            indicator = indicator.with_value_moved(FIRST, state)
        else:
            with pytest.raises(IllegalMove):
                indicator.with_value_moved(FIRST, state)
    locked = indicator.period("all").locked
    assert locked == (indicator.value(FIRST).state is ValueState.APPROVED)


@pytest.mark.parametrize(
    ("reported", "computed", "same"),
    [
        (CountBasis.UNKNOWN, CountBasis.ATTENDANCES, False),
        (CountBasis.UNKNOWN, CountBasis.UNKNOWN, False),
        (CountBasis.PERSONS, CountBasis.ATTENDANCES, False),
        (CountBasis.PERSONS, CountBasis.PERSONS, True),
    ],
)
def test_reported_when_compared_then_the_difference_says_whether_both_count_the_same(
    reported, computed, same
):
    done = approved(OFFICERS.reported(value(basis=reported)))
    found = done.compared("all", measure("89", computed))
    assert (found.difference, found.same_basis) == (Decimal(-406), same)


def test_reported_when_there_is_nothing_to_compare_then_no_difference():
    assert OFFICERS.compared("all", measure("1")).difference is None
    assert approved(OFFICERS.reported(value())).compared("all", None).difference is None


def test_victims_when_assisted_then_one_number_without_parts():
    victims = replace(OFFICERS, code="vots-assisted", aggregate_only=True)
    assert approved(victims.reported(value("13"))).approved_measure("all").value == 13
    with pytest.raises(VictimDataForbidden):
        victims.reported(value("13", parts=(("UA", Decimal(13)),)))


@pytest.mark.parametrize(
    "parts",
    [
        (("MD", Decimal(400)), ("UA", Decimal(96))),
        (("MD", Decimal(-1)),),
        (("MD", Decimal(1)), ("MD", Decimal(2))),
    ],
)
def test_parts_when_they_do_not_make_the_whole_then_refused(parts):
    with pytest.raises(ValueInvalid):
        OFFICERS.reported(value(parts=parts))


@pytest.mark.parametrize("number", ["-1", "NaN", "Infinity"])
def test_measure_when_no_number_then_refused(number):
    with pytest.raises(ValueInvalid):
        measure(number)


def test_period_or_value_when_unknown_then_not_found():
    with pytest.raises(NoSuchPeriod):
        OFFICERS.period("2016")
    with pytest.raises(NoSuchValue):
        OFFICERS.with_value_moved(FIRST, ValueState.PENDING)


def parts_of(*numbers):
    return tuple((name, Decimal(number)) for name, number in zip("ABCD", numbers, strict=False))


@pytest.mark.parametrize(
    ("numbers", "whole", "shown"),
    [
        ((10, 20, 30), 60, [10, 20, 30]),
        ((3, 20, 30), 53, [None, None, 30]),
        ((3, 2, 30), 35, [None, None, 30]),
        ((3, 20, 30), 99, [None, 20, 30]),
    ],
)
def test_parts_when_shown_then_small_ones_are_hidden_and_cannot_be_computed(numbers, whole, shown):
    found = shown_parts(value(str(whole), parts=parts_of(*numbers)), 5)
    assert [number for _, number in found] == shown

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_training import AFTERWARDS, SOURCE, event, plan

from training.domain.attendance import DayPresence, outcome
from training.domain.errors import (
    AttendanceInvalid,
    AttendanceRefused,
    CountInconsistent,
    EventNotYet,
    EventOver,
    MandatoryMinutesUnknown,
    SubjectRequired,
)
from training.domain.event_kind import LABELS, EventKind
from training.domain.event_series import SeriesPlan
from training.domain.figures import Basis, Count, Qualifier
from training.domain.headcount import Headcount, must_be_countable
from training.domain.nomination import NominationStatus
from training.domain.totals import ComputedFigure, ProgrammeTotals, PublishedFigure, figure_name
from training.domain.training_event import EventStatus

FIRST, SECOND, LAST = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)


def count(value, basis=Basis.PERSONS, qualifier=Qualifier.EXACT):
    return Count(value, qualifier, basis)


def headcount(participants, units=None, **subject):
    about = {"event_id": None, "series_id": None, **subject}
    return Headcount("R-1", **about, participants=participants, participants_of=None,
                     units=units, units_of=None, source=SOURCE)  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "ends"),
    [
        ([480], NominationStatus.ATTENDED),
        ([300, 180], NominationStatus.ATTENDED),
        ([479], NominationStatus.PARTIALLY_ATTENDED),
        ([1], NominationStatus.PARTIALLY_ATTENDED),
        ([0, 0], NominationStatus.NO_SHOW),
        ([], NominationStatus.NO_SHOW),
    ],
)
def test_outcome_when_80_percent_of_600_minutes_are_reached_is_attended(minutes, ends):
    days = [DayPresence(day, each) for day, each in zip((FIRST, SECOND), minutes, strict=False)]
    assert outcome(days, plan(mandatory_minutes=600), now=AFTERWARDS) is ends


@given(st.integers(1, 5000), st.integers(0, 1440))
def test_outcome_when_more_minutes_are_added_never_gets_worse(mandatory, minutes):
    order = [
        NominationStatus.NO_SHOW,
        NominationStatus.PARTIALLY_ATTENDED,
        NominationStatus.ATTENDED,
    ]
    held, days = plan(mandatory_minutes=mandatory), [DayPresence(FIRST, minutes)]
    less = outcome(days, held, now=AFTERWARDS)
    more = outcome([*days, DayPresence(SECOND, 60)], held, now=AFTERWARDS)
    assert order.index(more) >= order.index(less)


@pytest.mark.parametrize(
    "days",
    [
        [DayPresence(date(2026, 5, 7), 60)],
        [DayPresence(FIRST, 60), DayPresence(FIRST, 60)],
        [DayPresence(FIRST, 1441)],
        [DayPresence(FIRST, -1)],
    ],
)
def test_days_when_they_cannot_be_are_refused(days):
    with pytest.raises(AttendanceInvalid):
        outcome(days, plan(), now=AFTERWARDS)


def test_outcome_when_the_event_is_not_over_is_not_known():
    with pytest.raises(EventNotYet) as refused:
        outcome([DayPresence(FIRST, 480)], plan(), now=AFTERWARDS - timedelta(days=1))
    assert refused.value.facts == {"possible_from": "2026-05-06", "zone": "Europe/Warsaw"}
    late = [DayPresence(LAST, 21 * 60 + 6)]
    with pytest.raises(AttendanceRefused) as beyond:
        outcome(late, plan(), now=AFTERWARDS)
    assert beyond.value.facts == {"reason": "not_yet"}
    assert outcome(late, plan(), now=AFTERWARDS + timedelta(minutes=1))


@pytest.mark.parametrize("status", EventStatus)
def test_headcount_when_the_event_is_ahead_or_called_off_is_refused(status):
    about = event(status)
    if status is EventStatus.CANCELLED:
        with pytest.raises(EventOver):
            must_be_countable(about, AFTERWARDS)
        return
    must_be_countable(about, AFTERWARDS)
    with pytest.raises(EventNotYet):
        must_be_countable(about, AFTERWARDS - timedelta(days=1))


def test_outcome_when_no_minutes_are_mandatory_is_refused():
    with pytest.raises(MandatoryMinutesUnknown):
        outcome([], plan(mandatory_minutes=None), now=AFTERWARDS)


def test_series_when_held_in_more_places_than_events_is_refused():
    def series(held, places):
        return SeriesPlan("S-1", "NO-COMP", EventKind.TRAINING, "Trainings",
                          held_count=held, distinct_places=places)  # fmt: skip

    assert series(count(22, Basis.EVENTS), count(21, Basis.PLACES))
    assert series(None, count(21, Basis.PLACES))
    assert series(count(20, Basis.EVENTS, Qualifier.OVER), count(21, Basis.PLACES))
    with pytest.raises(CountInconsistent):
        series(count(20, Basis.EVENTS), count(21, Basis.PLACES))


def test_headcount_when_units_exceed_participants_is_refused():
    series_id = uuid4()
    assert headcount(count(495, Basis.UNKNOWN), count(89, Basis.UNITS), series_id=series_id)
    with pytest.raises(CountInconsistent):
        headcount(count(88), count(89, Basis.UNITS), series_id=series_id)
    with pytest.raises(CountInconsistent):
        headcount(count(88), count(8, Basis.PERSONS), series_id=series_id)


def test_headcount_when_about_nothing_or_two_things_is_refused():
    for subject in ({}, {"event_id": "e", "series_id": "s"}):
        with pytest.raises(SubjectRequired):
            headcount(count(1), **subject)


def test_count_when_negative_is_refused():
    with pytest.raises(CountInconsistent):
        count(-1)


def test_figures_when_known_both_ways_are_compared_with_their_bases():
    figure = figure_name(EventKind.TRAINING, "participants")
    published = PublishedFigure(figure, count(495, Basis.UNKNOWN), "officers", SOURCE)
    computed = ComputedFigure(figure, 493, Basis.PERSONS, synthetic=True)
    other = ComputedFigure("training_units", 89, Basis.UNITS, synthetic=True)
    [compared] = ProgrammeTotals("NO-COMP", (published,), (computed, other)).compared
    assert (compared.published, compared.computed, compared.difference) == (495, 493, -2)
    assert (compared.basis_published, compared.basis_computed) == (Basis.UNKNOWN, Basis.PERSONS)
    assert ProgrammeTotals("NO-COMP", (published, published), (computed,)).compared == []


def test_kinds_when_listed_all_have_two_names():
    assert set(LABELS) == set(EventKind)

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from make_training import FORWARD, event, plan

from training.domain import fuzzy_date
from training.domain.errors import (
    EventFull,
    EventNotProven,
    EventNotReady,
    EventNotYet,
    EventStepNotAllowed,
    NominationsClosed,
    NoSeatsOffered,
    PlanInvalid,
    ReasonRequired,
)
from training.domain.fuzzy_date import FuzzyDate, Precision
from training.domain.training_event import (
    DECIDING,
    NOWHERE,
    STEPS,
    EventStatus,
    Place,
    PlacePrecision,
    Travel,
)

IN_MAY = FuzzyDate(date(2026, 5, 1), date(2026, 5, 31), Precision.MONTH)
LEAVES_EARLY = Travel(
    datetime(2026, 5, 3, 19, 59, tzinfo=UTC), datetime(2026, 5, 6, 18, 0, tzinfo=UTC)
)
LEAVES_LAST_YEAR = replace(LEAVES_EARLY, departs_at=datetime(2025, 5, 3, 20, 0, tzinfo=UTC))
RESUMED = (EventStatus.ANNOUNCED, EventStatus.NOMINATIONS_OPEN, EventStatus.NOMINATIONS_CLOSED)
FORWARD_EDGES = {
    *itertools.pairwise((EventStatus.DRAFT, *FORWARD)),
    *((EventStatus.POSTPONED, status) for status in RESUMED),
    (EventStatus.NOMINATIONS_CLOSED, EventStatus.NOMINATIONS_OPEN),
}
BEFORE_START = set(EventStatus) - {
    EventStatus.IN_PROGRESS,
    EventStatus.COMPLETED,
    EventStatus.REPORTED,
    EventStatus.CANCELLED,
}
PAIRS = list(itertools.product(EventStatus, EventStatus))


@pytest.mark.parametrize(("start", "to"), PAIRS)
def test_step_of_an_event_when_in_the_machine_is_taken_and_else_refused(start, to):
    before = event(start)
    if (start, to) in FORWARD_EDGES:
        assert before.move(to, proven=True).status is to
        return
    with pytest.raises(EventStepNotAllowed) as refused:
        before.move(to, proven=True)
    assert refused.value.facts["allowed"] == sorted(s.value for s in STEPS[start])


@pytest.mark.parametrize("start", EventStatus)
def test_cancelling_when_the_event_has_begun_is_refused(start):
    before = event(start, taken=1)
    if start in BEFORE_START:
        cancelled = before.cancel("no quorum")
        assert (cancelled.status, cancelled.taken) == (EventStatus.CANCELLED, 0)
        assert cancelled.reason == "no quorum"
        return
    with pytest.raises(EventStepNotAllowed):
        before.cancel("no quorum")


@pytest.mark.parametrize("start", EventStatus)
def test_postponing_when_the_event_has_begun_is_refused(start):
    if start in BEFORE_START:
        put_off = event(start, taken=1).postpone("no visas", fuzzy_date.UNKNOWN)
        assert (put_off.status, put_off.taken, put_off.reason) == (
            EventStatus.POSTPONED, 1, "no visas",
        )  # fmt: skip
        assert (put_off.plan.dates, put_off.plan.travel) == (fuzzy_date.UNKNOWN, None)
        resumed = put_off.move(EventStatus.ANNOUNCED)
        assert (resumed.status, resumed.postponed_from) == (EventStatus.ANNOUNCED, None)
        return
    with pytest.raises(EventStepNotAllowed):
        event(start).postpone("no visas", None)


def test_postponing_when_over_goes_back_no_further_than_it_had_come():
    put_off = event(EventStatus.NOMINATIONS_OPEN).postpone("no visas", None)
    assert put_off.plan.dates == plan().dates
    assert put_off.move(EventStatus.NOMINATIONS_OPEN).status is EventStatus.NOMINATIONS_OPEN
    with pytest.raises(EventStepNotAllowed) as refused:
        put_off.move(EventStatus.NOMINATIONS_CLOSED)
    assert refused.value.facts["allowed"] == [
        "announced", "cancelled", "nominations_open", "postponed",
    ]  # fmt: skip
    again = put_off.postpone("no visas still", fuzzy_date.UNKNOWN)
    assert (again.reason, again.plan.dates) == ("no visas still", fuzzy_date.UNKNOWN)
    assert again.move(EventStatus.NOMINATIONS_OPEN).status is EventStatus.NOMINATIONS_OPEN
    with pytest.raises(EventStepNotAllowed):
        again.move(EventStatus.NOMINATIONS_CLOSED)
    with pytest.raises(ReasonRequired):
        event().postpone(None, None)


def test_cancelling_when_no_reason_is_given_is_refused():
    with pytest.raises(ReasonRequired):
        event().cancel(None)


def test_opening_when_no_capacity_is_stated_is_refused():
    with pytest.raises(EventNotReady) as refused:
        event(EventStatus.ANNOUNCED, capacity=None).move(EventStatus.NOMINATIONS_OPEN)
    assert refused.value.facts["missing"] == ["capacity"]


def test_confirming_when_host_place_and_days_are_unknown_names_all_three():
    vague = event(
        EventStatus.NOMINATIONS_CLOSED, host=None, place=NOWHERE, dates=fuzzy_date.UNKNOWN
    )
    with pytest.raises(EventNotReady) as refused:
        vague.move(EventStatus.CONFIRMED)
    assert refused.value.facts["missing"] == ["host", "place", "dates"]


@pytest.mark.parametrize(
    ("status", "changes", "day"),
    [
        (EventStatus.IN_PROGRESS, {}, date(2026, 5, 4)),
        (EventStatus.IN_PROGRESS, {"travel": None}, date(2026, 5, 4)),
        (EventStatus.IN_PROGRESS, {"travel": LEAVES_EARLY}, date(2026, 5, 3)),
        (EventStatus.IN_PROGRESS, {"travel": LEAVES_LAST_YEAR}, date(2026, 4, 27)),
        (EventStatus.IN_PROGRESS, {"dates": fuzzy_date.UNKNOWN}, None),
        (EventStatus.COMPLETED, {}, date(2026, 5, 6)),
        (EventStatus.COMPLETED, {"dates": IN_MAY}, date(2026, 5, 1)),
        (EventStatus.REPORTED, {}, date(2026, 5, 6)),
        (EventStatus.CONFIRMED, {}, None),
        (EventStatus.ANNOUNCED, {"dates": IN_MAY}, None),
    ],
)
def test_step_when_its_day_has_not_come_in_the_zone_of_the_event_is_refused(status, changes, day):
    known = plan(zone="Asia/Tbilisi", **changes)
    assert known.due(status) == day
    if day is None:
        known.must_be_due(status, datetime(1999, 1, 1, tzinfo=UTC))
        return
    midnight = datetime.combine(day, time(), ZoneInfo("Asia/Tbilisi"))
    known.must_be_due(status, midnight.astimezone(UTC))
    with pytest.raises(EventNotYet) as refused:
        known.must_be_due(status, (midnight - timedelta(seconds=1)).astimezone(UTC))
    assert refused.value.facts == {"possible_from": str(day), "zone": "Asia/Tbilisi"}
    assert str(day) in refused.value.detail


def test_reporting_when_nothing_proves_the_event_is_refused():
    with pytest.raises(EventNotProven):
        event(EventStatus.COMPLETED).move(EventStatus.REPORTED)


def test_seat_when_the_last_is_taken_is_refused_and_freed_again():
    full = event(taken=1).take_seat()
    assert full.taken == 2
    with pytest.raises(EventFull) as refused:
        full.take_seat()
    assert refused.value.facts == {"capacity": 2, "taken": 2}
    assert full.free_seat().take_seat().taken == 2


def test_seat_when_no_capacity_is_stated_is_not_offered():
    with pytest.raises(NoSeatsOffered):
        event(capacity=None).take_seat()


@pytest.mark.parametrize("status", EventStatus)
def test_deciding_when_the_event_is_in_another_state_is_refused(status):
    if status in DECIDING:
        event(status).must_be(DECIDING)
        return
    with pytest.raises(NominationsClosed) as refused:
        event(status).must_be(DECIDING)
    assert refused.value.facts == {"event_status": status.value}


@pytest.mark.parametrize(
    "place",
    [
        (None, "PL", "National Stadium", PlacePrecision.VENUE),
        (None, "PL", None, PlacePrecision.CITY),
        (None, None, None, PlacePrecision.COUNTRY),
    ],
)
def test_place_when_less_is_known_than_it_promises_is_refused(place):
    with pytest.raises(PlanInvalid):
        Place(*place)


def test_travel_when_it_returns_before_it_leaves_is_refused():
    travel = plan().travel
    with pytest.raises(PlanInvalid):
        Travel(travel.returns_at, travel.departs_at)


@pytest.mark.parametrize("status", EventStatus)
def test_publishing_when_no_source_is_cited_is_refused(status):
    with pytest.raises(PlanInvalid):
        plan().must_be_published_as(status)

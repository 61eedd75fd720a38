from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_training import event, nomination, plan

from training.domain.attendance import outcome_of
from training.domain.errors import (
    AttendanceRefused,
    EventOver,
    SessionInvalid,
    SessionOutsideEvent,
)
from training.domain.nomination import NominationStatus
from training.domain.presence import (
    CLOCK_TOLERANCE,
    REFUSALS,
    Claim,
    Presence,
    PresenceSource,
    Refusal,
    Stay,
    attended_minutes,
    counted,
    measured,
)
from training.domain.roll import Roll
from training.domain.session import Session, SessionPlan, mandatory_minutes, must_take_sessions
from training.domain.training_event import EventStatus

NINE = datetime(2026, 5, 4, 7, 0, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)
SOON = NOON + CLOCK_TOLERANCE + timedelta(seconds=1)


def session(number=1, *, starts_at=NINE, ends_at=NOON, minutes=None, mandatory=True):
    made = SessionPlan(number, "Morning", starts_at, ends_at, minutes, mandatory)
    return Session(uuid4(), 1, uuid4(), made)


def record(session, minutes, *, number=1, corrects=None, nominee=None):
    return Presence(number, nominee or uuid4(), session.id, f"nonce-{number}", Stay(), minutes,
                    PresenceSource.LIST, None, corrects, None, NINE, "test")  # fmt: skip


def claim(stay=None, *, number=1, nonce="nonce-00000001"):
    return Claim(number, nonce, PresenceSource.SCAN, stay or Stay())


def reason(error):
    return Refusal(error.value.facts["reason"])


@pytest.mark.parametrize(
    ("stay", "minutes"),
    [
        (Stay(), 180),
        (Stay(minutes=0), 0),
        (Stay(minutes=180), 180),
        (Stay(NINE, NOON), 180),
        (Stay(NINE - timedelta(hours=2), NOON + timedelta(hours=2)), 180),
        (Stay(NINE + timedelta(minutes=10), NOON), 170),
        (Stay(NINE, NINE), 0),
        (Stay(NINE), 0),
    ],
)
def test_stay_when_measured_counts_what_lies_in_the_session(stay, minutes):
    assert measured(stay, session()) == minutes


@pytest.mark.parametrize(
    ("stay", "why"),
    [
        (Stay(minutes=181), Refusal.TOO_MANY_MINUTES),
        (Stay(NINE, NOON, 60), Refusal.MINUTES_AND_TIMES),
        (Stay(None, NOON, 60), Refusal.MINUTES_AND_TIMES),
        (Stay(NOON + timedelta(seconds=1)), Refusal.OUTSIDE_SESSION),
        (Stay(NINE - timedelta(days=1, seconds=1)), Refusal.OUTSIDE_SESSION),
        (Stay(NINE - timedelta(days=2), NOON), Refusal.OUTSIDE_SESSION),
        (Stay(NOON, NINE), Refusal.LEFT_BEFORE_COMING),
        (Stay(NOON + timedelta(minutes=1), NOON + timedelta(hours=1)), Refusal.OUTSIDE_SESSION),
    ],
)
def test_stay_when_it_cannot_be_is_refused(stay, why):
    with pytest.raises(AttendanceRefused) as refused:
        measured(stay, session())
    assert reason(refused) is why


def test_stay_when_longer_than_a_day_is_of_no_session_without_times():
    untimed = session(starts_at=None, ends_at=None, minutes=90)
    assert measured(Stay(NINE, NINE + timedelta(days=1)), untimed) == 90
    with pytest.raises(AttendanceRefused) as refused:
        measured(Stay(NINE, NINE + timedelta(days=1, seconds=1)), untimed)
    assert reason(refused) is Refusal.OUTSIDE_SESSION


def test_stay_when_the_session_has_no_minutes_is_refused():
    with pytest.raises(AttendanceRefused) as refused:
        measured(Stay(), session(starts_at=None, ends_at=None))
    assert reason(refused) is Refusal.NO_MINUTES


@pytest.mark.parametrize(
    ("stay", "starts_at"),
    [
        (Stay(SOON), NINE),
        (Stay(NINE, SOON), NINE),
        (Stay(None, SOON), NINE),
        (Stay(), NINE + timedelta(minutes=6)),
        (Stay(minutes=120), NINE + timedelta(minutes=66)),
        (Stay(minutes=0), SOON),
    ],
)
def test_stay_when_it_has_not_passed_is_refused(stay, starts_at):
    planned = session(starts_at=starts_at, ends_at=starts_at + timedelta(hours=4), minutes=180)
    untimed = session(starts_at=None, ends_at=None, minutes=180)
    for held, begins_at in ((planned, NINE), (untimed, starts_at)):
        with pytest.raises(AttendanceRefused) as refused:
            counted(stay, held, begins_at, now=NOON)
        assert reason(refused) is Refusal.NOT_YET
        counted(stay, held, begins_at, now=SOON)
    counted(stay, untimed, None, now=SOON)


@given(st.integers(-600, 600), st.integers(0, 1200))
def test_minutes_when_measured_never_exceed_stay_or_session(offset, length):
    came_at = NINE + timedelta(minutes=offset)
    try:
        minutes = measured(Stay(came_at, came_at + timedelta(minutes=length)), session())
    except AttendanceRefused:
        minutes = 0
    assert 0 <= minutes <= min(length, 180)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "minutes"),
    [(NINE, None, None), (NOON, NINE, None), (NINE, NOON, 181), (NINE, NINE, None),
     (NINE, NINE + timedelta(hours=25), None)],
)  # fmt: skip
def test_session_when_it_contradicts_itself_is_refused(starts_at, ends_at, minutes):
    with pytest.raises(SessionInvalid):
        SessionPlan(1, "Morning", starts_at, ends_at, minutes)


def test_session_when_not_on_a_day_of_the_event_in_its_zone_is_refused():
    late = datetime(2026, 5, 6, 21, 59, tzinfo=UTC)
    SessionPlan(1, "Evening", late - timedelta(hours=1), late).must_lie_in(plan())
    with pytest.raises(SessionOutsideEvent):
        SessionPlan(1, "Night", late, late + timedelta(minutes=2)).must_lie_in(plan())
    must_take_sessions(event(EventStatus.IN_PROGRESS))
    with pytest.raises(EventOver):
        must_take_sessions(event(EventStatus.COMPLETED))


def test_minutes_when_sessions_are_mandatory_replace_those_of_the_plan():
    both = [session(), session(2, minutes=60, mandatory=False)]
    assert mandatory_minutes(both, plan()) == 180
    assert mandatory_minutes([], plan()) == 600


def test_minutes_when_corrected_count_once_and_never_more_than_the_session():
    one, other = session(), session(2, mandatory=False)
    records = [
        record(one, 180),
        record(one, 100, number=2, corrects=1),
        record(one, 100, number=3),
        record(other, 180, number=4),
    ]
    sessions = {each.id: each for each in (one, other)}
    assert attended_minutes(records, sessions) == 180
    assert attended_minutes(records[:2], sessions) == 100


@pytest.mark.parametrize(
    ("percent", "minutes", "ends"),
    [
        (80, 144, NominationStatus.ATTENDED),
        (80, 143, NominationStatus.PARTIALLY_ATTENDED),
        (100, 179, NominationStatus.PARTIALLY_ATTENDED),
        (50, 90, NominationStatus.ATTENDED),
        (50, 0, NominationStatus.NO_SHOW),
    ],
)
def test_outcome_when_the_event_has_its_own_rule_follows_it(percent, minutes, ends):
    assert outcome_of(minutes, mandatory=180, plan=plan(attended_percent=percent)) is ends


def test_claim_when_judged_is_recorded_known_or_refused():
    confirmed = nomination(NominationStatus.CONFIRMED)
    endorsed = nomination(NominationStatus.ENDORSED)
    other = nomination(NominationStatus.CONFIRMED)
    people = [confirmed, endorsed, other]
    roll = Roll.of([session()], people, [], plan=plan(), now=NOON)
    scan = claim(Stay(NINE))
    entry = roll.judge(confirmed.participant_id, scan)
    assert (entry.minutes, entry.nomination) == (0, confirmed)
    assert roll.judge(confirmed.participant_id, scan) is None
    for who, what, why in (
        (other.participant_id, scan, Refusal.NONCE_REUSED),
        (uuid4(), claim(), Refusal.NOT_NOMINATED),
        (endorsed.participant_id, claim(), Refusal.NOT_SEATED),
        (confirmed.participant_id, claim(number=2), Refusal.UNKNOWN_SESSION),
        (confirmed.participant_id, claim(nonce="nonce-00000002"), Refusal.OVERLAPPING_STAY),
        (other.participant_id, claim(Stay(None, NOON), nonce="n" * 8), Refusal.NOT_THERE),
        (other.participant_id, claim(Stay(SOON), nonce="m" * 8), Refusal.NOT_YET),
    ):
        with pytest.raises(AttendanceRefused) as refused:
            roll.judge(who, what)
        assert reason(refused) is why


def test_reasons_when_listed_all_have_names():
    assert set(REFUSALS) == set(Refusal)

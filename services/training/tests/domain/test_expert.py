"""Assignments of experts: about one thing, of somebody, on days that can be."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from make_training import event

from training.domain.errors import EventOver
from training.domain.errors_experts import (
    AssignmentInvalid,
    AssignmentOutsideEvent,
    AssignmentStepNotAllowed,
)
from training.domain.expert import (
    Assignment,
    AssignmentPlan,
    AssignmentStatus,
    ExpertRole,
    Terms,
    counted_days,
    must_take_experts,
)
from training.domain.fuzzy_date import UNKNOWN
from training.domain.training_event import EventStatus

FIRST, LAST = date(2026, 5, 4), date(2026, 5, 6)
S = AssignmentStatus


def assignment(status=S.ASSIGNED, *, role=ExpertRole.SPEAKER, **terms):
    plan = AssignmentPlan("EXPERT-1", role, Terms(**terms), uuid4(), participant_id=uuid4())
    return Assignment(uuid4(), 1, frozenset({"staff"}), "EAP-PCP", plan, status, synthetic=False)


@pytest.mark.parametrize(
    "terms",
    [
        {"first_on": FIRST},
        {"first_on": LAST, "last_on": FIRST},
        {"days": Decimal("0.3")},
        {"days": Decimal(0)},
        {"days": Decimal("1.5"), "first_on": FIRST, "last_on": FIRST},
    ],
)
def test_terms_when_they_contradict_themselves_then_are_refused(terms):
    with pytest.raises(AssignmentInvalid):
        Terms(**terms)


@pytest.mark.parametrize(
    "subject",
    [
        {"participant_id": uuid4()},
        {"event_id": uuid4(), "series_id": uuid4(), "organisation": "COE"},
        {"event_id": uuid4()},
        {"series_id": uuid4(), "participant_id": uuid4()},
        {"series_id": uuid4(), "organisation": "COE", "terms": Terms(None, FIRST, LAST)},
        {"action_code": "MD-3", "organisation": "COE"},
        {"programme_code": "EAP-PCP", "organisation": "COE"},
        {"programme_code": "EAP-PCP", "action_code": "MD-3"},
        {"programme_code": "EAP-PCP", "event_id": uuid4(), "organisation": "COE"},
        {"programme_code": "P", "action_code": "MD-3", "event_id": uuid4(), "organisation": "COE"},
    ],
)
def test_assignment_when_it_is_of_nobody_or_about_nothing_then_is_refused(subject):
    with pytest.raises(AssignmentInvalid):
        AssignmentPlan("EXPERT-1", ExpertRole.SPEAKER, **subject)


def test_terms_when_compared_with_the_event_then_lie_within_it():
    held = event()
    Terms(Decimal("2.5"), FIRST, LAST).must_fit(held)
    Terms(Decimal(3)).must_fit(held)
    Terms(Decimal(30)).must_fit(event(dates=UNKNOWN))
    with pytest.raises(AssignmentOutsideEvent):
        Terms(None, FIRST, date(2026, 5, 7)).must_fit(held)
    with pytest.raises(AssignmentInvalid):
        Terms(Decimal("3.5")).must_fit(held)
    with pytest.raises(AssignmentOutsideEvent):
        Terms(None, FIRST, LAST).must_fit(event(dates=UNKNOWN))


def test_assignment_when_over_then_takes_no_further_step():
    standing = assignment()
    assert standing.leave("ill").status is S.WITHDRAWN
    assert standing.lose_with_event("no quorum").status is S.EVENT_CANCELLED
    assert standing.put_off().status is S.ASSIGNED
    for status in (S.WITHDRAWN, S.EVENT_CANCELLED):
        over = assignment(status)
        for step in (
            lambda over=over: over.leave("ill"),
            lambda over=over: over.changed(Terms()),
        ):
            with pytest.raises(AssignmentStepNotAllowed) as refused:
                step()
            assert refused.value.facts == {"status": status.value}


def test_assignment_when_it_names_a_person_then_is_seen_by_whom_it_concerns():
    wide = frozenset({"staff", "org:MD-MIA", "country:MD"})
    plan = AssignmentPlan(
        "EXPERT-1", ExpertRole.SPEAKER, Terms(payer="FR-MOI"), uuid4(), organisation="COE"
    )
    assert plan.audience(wide, "PL-MOI") == wide
    person = AssignmentPlan(
        "EXPERT-1",
        ExpertRole.SPEAKER,
        Terms(payer="FR-MOI"),
        uuid4(),
        participant_id=uuid4(),
        organisation="COE",
    )
    assert person.audience(wide, "PL-MOI") == {"staff", "org:COE", "org:FR-MOI", "org:PL-MOI"}


def test_days_when_counted_then_are_those_stated_of_experts_who_came():
    assert counted_days([]) is None
    assert counted_days([assignment()]) is None
    found = [
        assignment(days=Decimal("1.5")),
        assignment(days=Decimal(2)),
        assignment(),
        assignment(days=Decimal(3), role=ExpertRole.INTERPRETER),
        assignment(S.WITHDRAWN, days=Decimal(3)),
    ]
    assert counted_days(found) == Decimal("3.5")


@pytest.mark.parametrize("status", EventStatus)
def test_event_when_reported_or_cancelled_then_takes_no_experts(status):
    if status in {EventStatus.REPORTED, EventStatus.CANCELLED}:
        with pytest.raises(EventOver):
            must_take_experts(event(status))
    else:
        must_take_experts(event(status))
